"""Runs of reminders as managers decide on them: settings, a run that stopped and asks, and what was not delivered."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.language import _
from training.domain.refusal import Refusal
from training.domain.reminder_run import Flood, limit_of
from training.domain.reminder_words import flood_question
from training.models import Employment, MessageRow, Organisation, Person, RunApproval, StoppedRun
from training.services import audit
from training.services.accounts import Viewer
from training.services.messages import UNKNOWN, State
from training.services.organisations import NotFound, refuse_unless_all
from training.services.reach import visible_person

SHOWN_FOR = timedelta(days=30)
NOT_DELIVERED = (State.REFUSED, State.GIVEN_UP, State.UNKNOWN)
AGREED = select(RunApproval.id).where(RunApproval.day == StoppedRun.day, RunApproval.people >= StoppedRun.people)
WAITING = select(StoppedRun.people).where(StoppedRun.day == bindparam("day"), ~AGREED.correlate(StoppedRun).exists())
FAILED = (
    select(func.count())
    .select_from(MessageRow)
    .join(Person, (Person.organisation_id == MessageRow.organisation_id) & (Person.id == MessageRow.person_id))
    .where(
        MessageRow.status.in_(NOT_DELIVERED),
        MessageRow.recorded_at >= bindparam("since"),
        # Once somebody has another address, what the old one refused is of no use to anybody.
        (MessageRow.status != State.REFUSED) | (MessageRow.address == Person.email),
    )
)
OF_SITES = MessageRow.person_id.in_(
    select(Employment.person_id).where(
        Employment.site_id.in_(bindparam("site_ids", expanding=True)), Employment.withdrawn_at.is_(None)
    )
)
NEWS = select(WAITING.scalar_subquery(), FAILED.scalar_subquery())
NEWS_OF_SITES = select(WAITING.scalar_subquery(), FAILED.where(OF_SITES).scalar_subquery())


class WeekdayRefused(Refusal):
    """The digest cannot go out on a day that is none of the week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """When an organisation's messages go out, if at all."""

    reminders_on: bool
    quiet_from: time
    quiet_until: time
    digest_weekday: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run of today that waits for a manager: how many people it would message, and the question."""

    day: date
    people: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that did not arrive, or may not have: to whom, why, and when it is tried again."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    kind: str
    day: date
    state: State
    why: str
    next_try_at: datetime | None

    @property
    def may_try_again(self) -> bool:
        """Whether a manager may have it tried again; what may have arrived is not sent twice."""
        return self.state in {State.REFUSED, State.GIVEN_UP}


@dataclass(frozen=True, slots=True)
class MessagesNews:
    """How many people a run that waits would message, none where none waits, and how many messages failed."""

    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """What a manager sees of messages."""

    settings: Settings
    stopped: Stopped | None
    undelivered: tuple[Undelivered, ...]

    @property
    def failed(self) -> int:
        """How many messages are not even to be tried again."""
        return sum(each.state is not State.LATER for each in self.undelivered)


def record_stop(database: Database, organisation_id: int, *, stopped: Flood, now: datetime) -> None:
    """Keep that a day's run stopped and asks; a later one of the day takes its place."""
    with database.write(organisation_id) as session:
        row = session.get(StoppedRun, (organisation_id, stopped.day))
        if row is None:
            row = StoppedRun(organisation_id=organisation_id, day=stopped.day)
            session.add(row)
        row.people, row.on_file, row.words = stopped.people, stopped.on_file, flood_question(stopped)
        row.recorded_at = now


def mark_done(database: Database, organisation_id: int, *, day: date) -> None:
    """Keep that everybody was looked through on a day."""
    with database.write(organisation_id) as session:
        session.get_one(Organisation, organisation_id).reminded_on = day


def approve_run(database: Database, *, viewer: Viewer, people: int, today: date, now: datetime) -> None:
    """Agree that today's run messages so many people; it goes out at the next turn.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
        NotFound: when no run of this size waits today.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id) as session:
        stopped = read_stopped(session, viewer=viewer, today=today)
        if stopped is None or stopped.people != people:
            raise NotFound(_("No run of this size waits for approval today."))
        session.add(
            RunApproval(
                organisation_id=viewer.organisation_id,
                day=today,
                people=people,
                approved_by=viewer.person_id,
                recorded_at=now,
            )
        )
        session.get_one(Organisation, viewer.organisation_id).reminded_on = None
        detail = {"day": today, "people": people}
        audit.record(session, viewer=viewer, act=Act.REMINDERS_APPROVED, now=now, detail=detail)


def read_stopped(session: Session, *, viewer: Viewer, today: date) -> Stopped | None:
    """Return today's run that waits, or None where there is none or it was agreed to as it is."""
    row = session.get(StoppedRun, (viewer.organisation_id, today))
    if row is None:
        return None
    agreed = session.scalar(select(func.max(RunApproval.people)).where(RunApproval.day == today))
    if agreed is not None and agreed >= row.people:
        return None
    return Stopped(row.day, row.people, question_of(row, agreed=agreed))


def question_of(row: StoppedRun, *, agreed: int | None) -> str:
    """Return what a run asks in the language that is spoken; what is kept was said in English."""
    limit = limit_of(row.people, row.on_file)
    if limit is None:
        return row.words
    return flood_question(Flood(day=row.day, people=row.people, on_file=row.on_file, limit=limit, agreed=agreed))


def messages_page(database: Database, *, viewer: Viewer, today: date, now: datetime) -> MessagesPage:
    """Return what a manager sees of messages to their people."""
    with database.read(viewer.organisation_id) as session:
        row = session.get_one(Organisation, viewer.organisation_id)
        settings = Settings(**{name: getattr(row, name) for name in Settings.__dataclass_fields__})
        stopped = read_stopped(session, viewer=viewer, today=today)
        return MessagesPage(settings, stopped, tuple(read_undelivered(session, viewer=viewer, now=now)))


def are_messages_on(database: Database, *, viewer: Viewer) -> bool:
    """Say whether the viewer's organisation has its messages sent, those on files among them."""
    with database.read(viewer.organisation_id) as session:
        return session.get_one(Organisation, viewer.organisation_id).reminders_on


def messages_news(database: Database, *, viewer: Viewer, today: date, now: datetime) -> MessagesNews:
    """Return what waits for a manager, in as few words as their first page has."""
    known = {"day": today, "since": now - SHOWN_FOR, "site_ids": list(viewer.site_ids)}
    with database.read(viewer.organisation_id) as session:
        waiting, failed = session.execute(NEWS if viewer.manages_all else NEWS_OF_SITES, known).one()
    return MessagesNews(waiting or 0, failed)


def read_undelivered(session: Session, *, viewer: Viewer, now: datetime) -> list[Undelivered]:
    """Return what was not delivered to the viewer's people lately, the latest first."""
    query = (
        select(MessageRow, Person.name)
        .join(Person, (Person.organisation_id == MessageRow.organisation_id) & (Person.id == MessageRow.person_id))
        .where(
            MessageRow.status.in_([*NOT_DELIVERED, State.LATER]),
            MessageRow.recorded_at >= now - SHOWN_FOR,
            # Once somebody has another address, what the old one refused is of no use to anybody.
            (MessageRow.status != State.REFUSED) | (MessageRow.address == Person.email),
        )
        .order_by(MessageRow.day.desc(), Person.name, MessageRow.id)
    )
    if not viewer.manages_all:
        theirs = select(Employment.person_id).where(
            Employment.site_id.in_(viewer.site_ids), Employment.withdrawn_at.is_(None)
        )
        query = query.where(MessageRow.person_id.in_(theirs))
    return [undelivered_of(row, name) for row, name in session.execute(query)]


def undelivered_of(row: MessageRow, name: str) -> Undelivered:
    """Return a row as a manager sees it."""
    return Undelivered(
        id=row.id,
        person_id=row.person_id,
        name=name,
        kind=row.kind,
        day=row.day,
        state=State(row.status),
        why=why_in_words(row.why),
        next_try_at=row.next_try_at,
    )


def why_in_words(kept: str) -> str:
    """Return a reason in the language that is spoken; it was kept in English, some with a second sentence behind it."""
    parts = (kept.removesuffix(UNKNOWN).strip(), UNKNOWN) if kept.endswith(UNKNOWN) else (kept,)
    return " ".join(_(part) for part in parts if part)


def try_again(database: Database, *, viewer: Viewer, message_id: uuid.UUID, now: datetime) -> None:
    """Let a message that was refused or given up be tried anew, from the first wait.

    Raises:
        NotFound: when there is no such message to the viewer's people.
    """
    with database.write(viewer.organisation_id) as session:
        row = session.get(MessageRow, (viewer.organisation_id, message_id))
        if row is None or row.status not in {State.REFUSED, State.GIVEN_UP}:
            raise NotFound(_("There is no such message to try again."))
        visible_person(session, viewer=viewer, person_id=row.person_id)
        same = (MessageRow.person_id == row.person_id, MessageRow.kind == row.kind)
        failed = (*same, MessageRow.status.in_([State.REFUSED, State.GIVEN_UP]))
        # The latest one goes again and stands for all: it says what is due on the day of the try.
        row = session.scalars(select(MessageRow).where(*failed).order_by(MessageRow.day.desc())).first()
        session.execute(update(MessageRow).where(*failed).values(status=State.DROPPED, next_try_at=None))
        row.status, row.tries, row.next_try_at = State.LATER, 0, now
        detail = {"message_id": row.id, "kind": row.kind, "day": row.day}
        audit.record(session, viewer=viewer, act=Act.MESSAGE_AGAIN, subject_id=row.person_id, now=now, detail=detail)


def change_settings(database: Database, *, viewer: Viewer, settings: Settings, now: datetime) -> None:
    """Change when messages go out.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
        WeekdayRefused: when the day of the digest is none.
    """
    refuse_unless_all(viewer)
    if settings.digest_weekday not in range(1, 8):
        raise WeekdayRefused(_("Choose a day of the week."))
    with database.write(viewer.organisation_id) as session:
        row = session.get_one(Organisation, viewer.organisation_id)
        detail = {}
        for name in Settings.__dataclass_fields__:
            before, after = getattr(row, name), getattr(settings, name)
            if before != after:
                detail |= {f"{name}_before": in_words(before), name: in_words(after)}
            setattr(row, name, after)
        row.reminded_on = None
        audit.record(session, viewer=viewer, act=Act.MESSAGES_CHANGED, now=now, detail=detail)


def in_words(setting: bool | int | time) -> bool | int | str:
    """Return a setting as the audit log keeps it."""
    return f"{setting:%H:%M}" if isinstance(setting, time) else setting
