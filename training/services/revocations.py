"""Revocations: a pass that never counted, who said so and why; nothing is deleted and nothing is taken back."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in, format_day
from training.models import Completion, Person, Revocation
from training.services import audit, effects, standings
from training.services.accounts import Viewer
from training.services.effects import Effect
from training.services.employments import bring_up_to_date
from training.services.exemptions import read_why
from training.services.organisations import NotFound, refuse_unless_all


class AlreadyRevoked(Exception):
    """The pass cannot be revoked because it has been."""


def revoke(
    database: Database, *, viewer: Viewer, person_id: uuid.UUID, attempt_id: uuid.UUID, why: str, now: datetime
) -> None:
    """Record that a pass of a person's never counted; later passes are worked out again without it.

    Raises:
        NotAllowed: when the viewer does not manage the whole organisation.
        NotFound: when the person has no such pass.
        WordsRefused: when no reason is given, or it is too long.
        AlreadyRevoked: saying by whom and when; nothing is written twice.
    """
    refuse_unless_all(viewer)
    reason = read_why(why)
    quicker = AlreadyRevoked("Somebody has just revoked this pass.")
    with database.write(viewer.organisation_id, if_taken=quicker) as session:
        standings.wait_for_turn(session, person_ids=[person_id])
        completion = find_pass(session, person_id=person_id, attempt_id=attempt_id)
        refuse_revoked(session, completion, time_zone=viewer.time_zone)
        session.add(
            Revocation(
                organisation_id=viewer.organisation_id,
                completion_id=completion.id,
                revoked_by=viewer.person_id,
                why=reason,
                recorded_at=now,
            )
        )
        session.flush()
        bring_up_to_date(session, viewer=viewer, person_id=person_id, now=now)
        detail = {"item": completion.item, "passed_on": completion.passed_on, "completion_id": completion.id}
        audit.record(session, viewer=viewer, act=Act.PASS_REVOKED, subject_id=person_id, now=now, detail=detail)


def preview_revocation(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    attempt_id: uuid.UUID,
    catalog: Catalog,
    now: datetime,
) -> Effect:
    """Return what revoking a pass would do today: statuses, dates, and later passes worked out again.

    Raises:
        NotAllowed, NotFound, AlreadyRevoked: as `revoke` does.
    """

    def act(rehearsal: Database) -> None:
        revoke(rehearsal, viewer=viewer, person_id=person_id, attempt_id=attempt_id, why="A rehearsal", now=now)

    today: date = day_in(now, viewer.time_zone)
    return effects.preview(database, viewer=viewer, person_id=person_id, act=act, catalog=catalog, today=today)


def find_pass(session: Session, *, person_id: uuid.UUID, attempt_id: uuid.UUID) -> Completion:
    """Return a person's pass by the attempt that gave it."""
    completion = session.scalars(
        select(Completion).where(Completion.attempt_id == attempt_id, Completion.person_id == person_id)
    ).one_or_none()
    if completion is None:
        raise NotFound("There is no such pass.")
    return completion


def refuse_revoked(session: Session, completion: Completion, *, time_zone: str) -> None:
    """Refuse a pass that has been revoked, saying by whom and when."""
    row = session.get(Revocation, (completion.organisation_id, completion.id))
    if row is not None:
        who = session.get_one(Person, (completion.organisation_id, row.revoked_by)).name
        day = format_day(day_in(row.recorded_at, time_zone))
        raise AlreadyRevoked(f"This pass was revoked on {day} by {who}. Nothing was changed.")
