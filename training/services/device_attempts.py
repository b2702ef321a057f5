"""Attempts that a device made with no network: taken in exactly once, each by itself, with a receipt for each."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain import scoring
from training.domain.audit import Act
from training.domain.days import day_in, format_day
from training.domain.device_time import timed
from training.domain.device_work import Carried
from training.domain.language import _
from training.domain.module import Module
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered
from training.models import Attempt, Draft
from training.services import audit, deliveries, drafts, learning, standings
from training.services.accounts import Viewer
from training.services.learning import AttemptBelongsToAnother
from training.services.marking import AnswersMissing, Offline, Sent, read_answers
from training.services.organisations import NotFound
from training.services.reach import manageable_person
from training.services.versions import VersionUnknown, read_version

UNFIT = (VersionUnknown, NotFound, AnswerUnknown, ChoiceNotOffered, AttemptBelongsToAnother)


class State(StrEnum):
    """What became of an attempt that was sent: on the record, kept half-done, or of no use here."""

    RECORDED = "recorded"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the server has of an attempt now; `holds` is what it keeps of one that is not finished.

    `attempt_id_to_use` is another attempt's where the item was half-done already.
    """

    attempt_id: uuid.UUID
    state: State
    words: str
    attempt_id_to_use: uuid.UUID
    item: str = ""
    holds: Mapping[str, Any] = field(default_factory=dict)
    passed: bool | None = None
    percent: int | None = None
    code: str | None = None
    time_replaced: bool = False


@dataclass(frozen=True, slots=True)
class CarriedIn:
    """Whose work a file held, what became of each attempt, and which of them were on the record before."""

    name: str
    receipts: tuple[Receipt, ...]
    known: frozenset[uuid.UUID] = frozenset()


def receive(
    database: Database,
    *,
    viewer: Viewer,
    carried: Sequence[Carried],
    now: datetime,
    carried_by: uuid.UUID | None = None,
) -> list[Receipt]:
    """Take attempts in, each in a commit of its own, and return a receipt for each; sent again it is the same one.

    `carried_by` is who brought them as a file.
    """
    return [receive_one(database, viewer=viewer, carried=one, now=now, carried_by=carried_by) for one in carried]


def carry_in(
    database: Database, *, viewer: Viewer, person_id: uuid.UUID, carried: Sequence[Carried], now: datetime
) -> CarriedIn:
    """Take in what somebody's device saved as a file, which a manager of theirs brings.

    Raises:
        NotFound: when the manager does not see the person.
        NotAllowed: when the person has left the manager's sites, or the viewer may only look.
    """
    with database.write(viewer.organisation_id) as session:
        today = day_in(now, viewer.time_zone)
        person = manageable_person(session, viewer=viewer, person_id=person_id, today=today)
        learner = replace(viewer, person_id=person_id, name=person.name, manages_all=False, site_ids=frozenset())
        ids = [one.attempt_id for one in carried]
        detail = {"attempts": [str(each) for each in ids]}
        theirs = select(Attempt.id).where(Attempt.person_id == person_id, Attempt.id.in_(ids))
        known = frozenset(session.scalars(theirs))
        audit.record(session, viewer=viewer, act=Act.WORK_CARRIED_IN, subject_id=person_id, now=now, detail=detail)
    receipts = receive(database, viewer=learner, carried=carried, now=now, carried_by=viewer.person_id)
    return CarriedIn(learner.name, tuple(receipts), known)


def receive_one(
    database: Database, *, viewer: Viewer, carried: Carried, now: datetime, carried_by: uuid.UUID | None
) -> Receipt:
    """Take one attempt in; what is of no use here is refused in words, and leaves the others alone."""
    try:
        with database.write(viewer.organisation_id) as session:
            standings.wait_for_turn(session, person_ids=[viewer.person_id])
            if carried.finished_at is None:
                return keep_half_done(session, viewer=viewer, carried=carried, now=now)
            try:
                return take_finished(session, viewer=viewer, carried=carried, now=now, carried_by=carried_by)
            except AnswersMissing as missing:
                return keep_half_done(session, viewer=viewer, carried=carried, now=now, words=str(missing))
    except UNFIT as refusal:
        return refused(carried, " ".join([str(refusal), _("It stays on the device.")]))


def refused(carried: Carried, words: str) -> Receipt:
    """Return the receipt of an attempt that nothing was taken of."""
    return Receipt(
        attempt_id=carried.attempt_id,
        state=State.REFUSED,
        words=words,
        attempt_id_to_use=carried.attempt_id,
        item=carried.ticket.item,
    )


def take_finished(
    session: Session, *, viewer: Viewer, carried: Carried, now: datetime, carried_by: uuid.UUID | None
) -> Receipt:
    """Mark and record an attempt that was finished, and keep what the device told of it."""
    ticket = carried.ticket
    times = timed(
        started_at=carried.started_at, finished_at=carried.finished_at, since=ticket.given_at, received_at=now
    )
    sent = Sent(
        attempt_id=carried.attempt_id,
        item=ticket.item,
        content_hash=ticket.content_hash,
        role=ticket.role,
        answers=carried.answers,
        started_at=times.started_at,
        offline=Offline(
            question_ids=ticket.question_ids, offered_at=carried.finished_at, completed_at=times.completed_at
        ),
    )
    attempt = learning.record(session, viewer=viewer, sent=sent, now=now)
    is_first = attempt.answers == read_answers(carried.answers)
    deliveries.keep(session, viewer=viewer, carried=carried, is_first=is_first, now=now, carried_by=carried_by)
    return receipt_of(session, attempt, viewer=viewer, is_first=is_first)


def receipt_of(session: Session, attempt: Attempt, *, viewer: Viewer, is_first: bool = True) -> Receipt:
    """Return the receipt of an attempt on the record, the same however often it is asked for."""
    found = learning.receipt_of(session, attempt)
    replaced = attempt.offered_at is not None and attempt.offered_at != attempt.completed_at
    return Receipt(
        attempt_id=attempt.id,
        state=State.RECORDED,
        words=recorded_words(attempt, time_zone=viewer.time_zone, replaced=replaced, is_first=is_first),
        attempt_id_to_use=attempt.id,
        item=attempt.item,
        holds=attempt.answers,
        passed=found.passed,
        percent=found.percent,
        code=found.code,
        time_replaced=replaced,
    )


def recorded_words(attempt: Attempt, *, time_zone: str, replaced: bool, is_first: bool) -> str:
    """Say what was recorded, when it counts from, and where other answers had come before."""
    day = format_day(day_in(attempt.completed_at, time_zone))
    passed, failed = _("Passed on %(day)s.", day=day), _("Not passed yet. It was done on %(day)s.", day=day)
    words = [passed if attempt.passed else failed]
    if replaced:
        words.append(_("The device's clock did not fit, so the time when it was received counts."))
    if not is_first:
        words.append(_("Other answers had been recorded for it before; the first ones count."))
    return " ".join(words)


def keep_half_done(session: Session, *, viewer: Viewer, carried: Carried, now: datetime, words: str = "") -> Receipt:
    """Keep what is answered of an attempt; what the server has already stays as it is."""
    done = session.get(Attempt, (viewer.organisation_id, carried.attempt_id))
    if done is not None and done.person_id == viewer.person_id:
        return receipt_of(session, done, viewer=viewer, is_first=done.answers == read_answers(carried.answers))
    item = read_version(session, carried.ticket.content_hash)
    draft = draft_for(session, viewer=viewer, carried=carried, item=item, now=now)
    if draft is None:
        words = _("This is half-done in another version already. Finish either of them; nothing is lost.")
        return refused(carried, words)
    draft.answers = merged(item, draft, carried)
    draft.touched_at = now
    return Receipt(
        attempt_id=carried.attempt_id,
        state=State.KEPT,
        words=words or _("What is answered is kept, to go on with at any time."),
        attempt_id_to_use=draft.attempt_id,
        item=draft.item,
        holds=draft.answers,
    )


def draft_for(
    session: Session, *, viewer: Viewer, carried: Carried, item: Module | Scenario, now: datetime
) -> Draft | None:
    """Return the draft that takes what a device has half-done; None where another version is half-done here.

    Raises:
        AttemptBelongsToAnother: when somebody else has used the id.
    """
    ticket = carried.ticket
    rows = (session.get(table, (viewer.organisation_id, carried.attempt_id)) for table in (Attempt, Draft))
    if any((row.person_id, row.item) != (viewer.person_id, item.slug) for row in rows if row):
        raise AttemptBelongsToAnother(_("This attempt is somebody else's, or at something else. Nothing was changed."))
    draft = drafts.find_draft(session, viewer=viewer, slug=item.slug)
    if draft is not None:
        return draft if (draft.content_hash, draft.role) == (ticket.content_hash, ticket.role) else None
    draft = drafts.new_draft(item, viewer=viewer, attempt_id=carried.attempt_id, role=ticket.role, now=now)
    draft.question_ids = None if ticket.why is None else list(ticket.question_ids)
    draft.why = None if ticket.why is None else dict(ticket.why)
    session.add(draft)
    return draft


def merged(item: Module | Scenario, draft: Draft, carried: Carried) -> dict[str, Any]:
    """Return what is answered here and on the device: the first answer to a question stays, and the longer way.

    Raises:
        AnswerUnknown, ChoiceNotOffered: when the answers do not fit the item.
    """
    given = read_answers(carried.answers)
    if isinstance(item, Scenario):
        here, there = draft.answers["choices"], given.get("choices", [])
        scoring.walk(item, there)
        return {"choices": there if there[: len(here)] == here else here}
    for name, keys in given.items():
        scoring.mark_question(scoring.find_question(item, role=Role(draft.role), question_id=name), tuple(keys))
    return {**{name: keys for name, keys in given.items() if keys}, **draft.answers}
