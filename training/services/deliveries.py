"""What devices sent of attempts that they finished by themselves: each different sending kept, with its times."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain.device_work import Carried
from training.models import Attempt, Delivery, Outcome
from training.services.accounts import Viewer
from training.services.marking import read_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A sending as its learner sees it: when the device says that it was finished, and when it came.

    It `counts` unless other answers had come before it; `was_believed` says so of the device's time.
    """

    finished_at: datetime
    received_at: datetime
    counts: bool
    was_believed: bool
    was_carried: bool


def keep(
    session: Session,
    *,
    viewer: Viewer,
    carried: Carried,
    is_first: bool,
    now: datetime,
    carried_by: uuid.UUID | None,
) -> None:
    """Keep a sending with the device's times; the same answers sent again are kept once."""
    answers = read_answers(carried.answers)
    text = json.dumps(answers, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    if session.get(Delivery, (viewer.organisation_id, carried.attempt_id, digest)) is not None:
        return
    session.add(
        Delivery(
            organisation_id=viewer.organisation_id,
            attempt_id=carried.attempt_id,
            digest=digest,
            person_id=viewer.person_id,
            carried_by=carried_by,
            item=carried.ticket.item,
            answers=answers,
            outcome=Outcome.FIRST if is_first else Outcome.AFTER_OTHERS,
            ticket_given_at=carried.ticket.given_at,
            device_started_at=carried.started_at,
            device_finished_at=carried.finished_at,
            device_sent_at=carried.sent_at,
            received_at=now,
        )
    )


def of_attempt(session: Session, *, attempt: Attempt) -> tuple[Delivered, ...]:
    """Return every different sending of an attempt by a device, the first to come first."""
    query = select(Delivery.device_finished_at, Delivery.received_at, Delivery.outcome, Delivery.carried_by)
    found = session.execute(query.where(Delivery.attempt_id == attempt.id).order_by(Delivery.received_at))
    return tuple(
        Delivered(
            finished_at=row.device_finished_at,
            received_at=row.received_at,
            counts=row.outcome == Outcome.FIRST,
            was_believed=row.device_finished_at == attempt.completed_at,
            was_carried=row.carried_by is not None,
        )
        for row in found
    )
