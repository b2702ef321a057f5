"""Messages from claim to outcome: a row first, one commit each, so that nothing is sent twice and nobody is lost."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.language import N_, Language
from training.domain.mail import Message, Outcome, Result
from training.domain.push import Phone
from training.domain.reminder import Key
from training.models import MessageRow, Reminder

# For so long a message may wait for its answer; whoever sent it has died since, and nobody knows whether it went out.
LEASE = timedelta(minutes=15)
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
# Once a message was given up, its person is left in peace for so long before a new one is begun.
REST = timedelta(hours=24)
UNKNOWN = N_("The answer was lost: it may have arrived, so it is not sent again.")
STOPPED = N_("The service stopped while it was being sent: it may have arrived, so it is not sent again.")


class AlreadyClaimed(Exception):
    """The message cannot be claimed because another run has it."""


class State(StrEnum):
    """What has become of a message."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    GIVEN_UP = "given-up"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Kind(StrEnum):
    """Whom a message is for: a learner, or a manager; on files and what has ended, how the kind of each begins."""

    REMINDER = "reminder"
    DIGEST = "digest"
    FILE = "report-"
    ENDED = "report-end-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message about to be sent; `id` is that of an earlier try, if there was one, and `steps` what it speaks of."""

    person_id: uuid.UUID
    kind: str
    day: date
    key: str
    address: str
    steps: tuple[Key, ...] = ()
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to be claimed, how its letter is written, and in which language.

    Where there are phones it goes to them in its place, and says there how many items are due.
    """

    claim: Claim
    write: Callable[[str, datetime], Message]
    phones: tuple[Phone, ...] = ()
    due: int = 0
    language: Language = Language.ENGLISH


def claim(database: Database, organisation_id: int, *, wanted: Claim, now: datetime) -> uuid.UUID | None:
    """Claim a message in one commit and return its id, or None where another run has it."""
    try:
        with database.write(organisation_id, if_taken=AlreadyClaimed()) as session:
            again = wanted.id is not None
            message_id = take_again(session, wanted, now=now) if again else begin(session, wanted, now=now)
            for item, due_on, step in wanted.steps:
                key = {"item": item, "due_on": due_on, "step": str(step), "person_id": wanted.person_id}
                about = {"organisation_id": session.info["scope"], "message_id": message_id, "recorded_at": now}
                session.add(Reminder(**key, **about))
    except AlreadyClaimed:
        return None
    return message_id


def begin(session: Session, wanted: Claim, *, now: datetime) -> uuid.UUID:
    """Add the row of a message that was never tried."""
    row = MessageRow(
        organisation_id=session.info["scope"],
        person_id=wanted.person_id,
        kind=wanted.kind,
        day=wanted.day,
        key=wanted.key,
        address=wanted.address,
        status=State.WAITING,
        tries=1,
        next_try_at=now + LEASE,
        why="",
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def take_again(session: Session, wanted: Claim, *, now: datetime) -> uuid.UUID:
    """Take a message that is to be tried again, as it is on the day of the new try."""
    taken = session.execute(
        update(MessageRow)
        .where(MessageRow.id == wanted.id, MessageRow.status == State.LATER, MessageRow.next_try_at <= now)
        .values(
            status=State.WAITING,
            tries=MessageRow.tries + 1,
            next_try_at=now + LEASE,
            day=wanted.day,
            address=wanted.address,
        )
    )
    if taken.rowcount != 1 or wanted.id is None:
        raise AlreadyClaimed
    free_steps(session, message_id=wanted.id)
    return wanted.id


def free_steps(session: Session, *, message_id: uuid.UUID) -> None:
    """Forget what a message spoke of, as it reached nobody: the next one may say it."""
    session.execute(delete(Reminder).where(Reminder.message_id == message_id))


def record(database: Database, organisation_id: int, *, message_id: uuid.UUID, outcome: Outcome, now: datetime) -> None:
    """Keep what became of a message.

    One that may have arrived is never sent again. One that surely did not is tried later, and given up after the
    last wait; its steps are then free for a new message, as are those of one refused for good.
    """
    with database.write(organisation_id) as session:
        row = session.get_one(MessageRow, (organisation_id, message_id))
        row.status, row.next_try_at, row.why = what_follows(outcome, tries=row.tries, now=now)
        row.sent_at = now if row.status == State.SENT else None
        if row.status in {State.REFUSED, State.GIVEN_UP}:
            free_steps(session, message_id=message_id)


def what_follows(outcome: Outcome, *, tries: int, now: datetime) -> tuple[State, datetime | None, str]:
    """Return the state of a message after an answer, when it is next to be looked at, and why."""
    if outcome.result is Result.SENT:
        return State.SENT, None, ""
    if outcome.result is Result.REFUSED:
        return State.REFUSED, None, outcome.why
    if outcome.may_have_arrived:
        return State.UNKNOWN, None, f"{outcome.why} {UNKNOWN}".strip()
    if tries > len(BACK_OFF):
        return State.GIVEN_UP, now + REST, outcome.why
    wait = max(BACK_OFF[tries - 1], min(outcome.wait or timedelta(), BACK_OFF[-1]))
    return State.LATER, now + wait, outcome.why


def drop(database: Database, organisation_id: int, *, message_id: uuid.UUID, now: datetime) -> None:
    """Let go of a message that has nothing to say any more."""
    with database.write(organisation_id) as session:
        row = session.get_one(MessageRow, (organisation_id, message_id))
        if row.status == State.LATER and row.next_try_at is not None and row.next_try_at <= now:
            row.status, row.next_try_at, row.why = State.DROPPED, None, N_("Nothing was left to say.")
            free_steps(session, message_id=message_id)


def note_silent(database: Database, organisation_id: int, *, now: datetime) -> None:
    """Record as unknown what a run that died had claimed."""
    silent = (MessageRow.status == State.WAITING, MessageRow.next_try_at <= now)
    with database.read(organisation_id) as session:
        if session.scalars(select(MessageRow.id).where(*silent)).first() is None:
            return
    with database.write(organisation_id) as session:
        unknown = {"status": State.UNKNOWN, "next_try_at": None, "why": STOPPED}
        session.execute(update(MessageRow).where(*silent).values(**unknown))


def read_again(session: Session, *, now: datetime, most: int) -> list[MessageRow]:
    """Return the messages whose next try has come, the longest waiting first."""
    due = select(MessageRow).where(MessageRow.status == State.LATER, MessageRow.next_try_at <= now)
    return list(session.scalars(due.order_by(MessageRow.next_try_at, MessageRow.id).limit(most)))


def read_bounced(session: Session, *, person_ids: Collection[uuid.UUID]) -> Collection[tuple[uuid.UUID, str]]:
    """Return who of some people has an address that was refused for good."""
    refused = select(MessageRow.person_id, MessageRow.address).where(MessageRow.status == State.REFUSED)
    theirs = refused.where(MessageRow.person_id.in_(person_ids)).distinct()
    return {(row.person_id, row.address) for row in session.execute(theirs)}


def read_busy(session: Session, *, person_ids: Collection[uuid.UUID], now: datetime) -> frozenset[uuid.UUID]:
    """Return the people whose last reminder is still on its way, or was given up a short while ago."""
    on_its_way = MessageRow.status.in_([State.WAITING, State.LATER])
    resting = (MessageRow.status == State.GIVEN_UP) & (MessageRow.next_try_at > now)
    theirs = (MessageRow.person_id.in_(person_ids), MessageRow.kind == Kind.REMINDER)
    return frozenset(session.scalars(select(MessageRow.person_id).where(*theirs, on_its_way | resting)))
