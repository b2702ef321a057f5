"""What a run of reminders reads of one organisation: its settings, whom it could write to, and what was said before."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from training.domain import reminder_run
from training.domain.days import day_in
from training.domain.language import Language, spoken
from training.domain.looks import read_looks
from training.domain.permission import PermissionKind
from training.domain.push import PHONE, Phone
from training.domain.reminder import CHASED, Key, Message, Outbox, Recipient, Topic, due_day, message_for, step_due
from training.domain.reminder import messages as messages_of
from training.domain.status import Status
from training.models import (
    WHOLE_ID,
    Account,
    Employment,
    MessageRow,
    Organisation,
    Permission,
    Person,
    Reminder,
    Requirement,
    StandingRow,
    Unsubscribe,
)
from training.services import everybody, messages, push_devices, quiet_steps, standings
from training.services.employments import covers
from training.services.messages import Kind, State
from training.services.progress import strictest_lines
from training.services.staff import STORED, by_person, stored_line
from training.services.standing_rows import Line
from training.services.status_queries import has_turned, stands
from training.speeches import speech_of

BATCH = 2_000
# The strictest lines that are chased, by person and item.
Chased = Mapping[uuid.UUID, Mapping[str, Line]]
OTHER = aliased(StandingRow)
OF_SEVERAL = (
    select(OTHER.person_id)
    .where(
        OTHER.person_id == StandingRow.person_id,
        OTHER.item == StandingRow.item,
        OTHER.site_id == WHOLE_ID,
        OTHER.requirement_id != StandingRow.requirement_id,
    )
    .correlate(StandingRow)
    .exists()
)
ASKED_BY = StandingRow.requirement_id == Requirement.id
# Of the lines of some people on a day, those that may be chased; and the people whose lines say nothing of that day.
MAY_BE_CHASED = (
    STORED.add_columns(Requirement.name)
    .join(Requirement, ASKED_BY)
    .where(or_(stands(CHASED), and_(stands({Status.UP_TO_DATE}), OF_SEVERAL)))
    .order_by(StandingRow.person_id)
)
TURNED = (
    select(StandingRow.person_id)
    .where(
        StandingRow.site_id == WHOLE_ID,
        StandingRow.person_id.in_(bindparam("person_ids", expanding=True)),
        has_turned(),
    )
    .order_by(StandingRow.person_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """An organisation as reminders know it."""

    organisation_id: int
    slug: str
    name: str
    time_zone: str
    reminders_on: bool
    quiet_from: time
    quiet_until: time
    digest_weekday: int
    reminded_on: date | None

    def day(self, now: datetime) -> date:
        """Return the calendar day there."""
        return day_in(now, self.time_zone)

    def may_send_at(self, now: datetime) -> datetime:
        """Return the first instant from now on that is outside quiet hours."""
        local = now.astimezone(ZoneInfo(self.time_zone))
        return reminder_run.may_send_at(local, quiet_from=self.quiet_from, quiet_until=self.quiet_until)

    def is_quiet(self, now: datetime) -> bool:
        """Say whether nothing is sent now."""
        return self.may_send_at(now) > now


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who could be written to; `way` is None without an address, or where it was refused.

    Reminders go to their `phones` where they have any.
    """

    person_id: uuid.UUID
    name: str
    way: str | None
    bounced: bool
    muted: frozenset[Topic]
    has_left: bool
    phones: tuple[Phone, ...] = ()
    language: Language = Language.ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """Somebody who gets a digest, of some sites or, where that is None, of the whole organisation."""

    who: Addressee
    site_ids: frozenset[uuid.UUID] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some people on a day of whom something is chased: their strictest lines, and what they were sent."""

    day: date
    people: Mapping[uuid.UUID, Addressee]
    lines: Chased
    said: Mapping[uuid.UUID, frozenset[Key]]
    written_today: frozenset[uuid.UUID]
    busy: frozenset[uuid.UUID]

    def recipient(self, person_id: uuid.UUID) -> Recipient:
        """Return a person as the rules ask for them."""
        person = self.people[person_id]
        with spoken(speech_of(person.language)):
            due = [step_due(line.standing, item=item, today=self.day) for item, line in self.lines[person_id].items()]
        return Recipient(
            person=person_id,
            steps=tuple(step for step in due if step is not None),
            way=PHONE if person.phones else person.way,
            sent=self.said.get(person_id, frozenset()),
            last_sent_on=self.day if person_id in self.written_today else None,
            muted=person.muted,
        )

    def message(self, person_id: uuid.UUID) -> Message | None:
        """Return what a person is told, None where there is nothing."""
        return message_for(self.recipient(person_id), today=self.day) if person_id in self.lines else None

    def outbox(self) -> Outbox:
        """Return the reminders of the day; whoever has one on its way gets no second."""
        people = [person_id for person_id in self.lines if person_id not in self.busy]
        return messages_of((self.recipient(person_id) for person_id in people), today=self.day)


def read_employer(session: Session, organisation_id: int) -> Employer:
    """Return an organisation's settings."""
    row = session.get_one(Organisation, organisation_id)
    kept = {name: getattr(row, name) for name in Employer.__dataclass_fields__ if name != "organisation_id"}
    return Employer(organisation_id=organisation_id, **kept)


def read_parts(session: Session, *, day: date, now: datetime, push_key: str = "") -> Iterator[Part]:
    """Yield everybody of whom something is chased on a day, some people at a time."""
    for people in everybody.in_batches(session, size=BATCH):
        yield read_part(session, person_ids=people, day=day, now=now, push_key=push_key)


def read_part(
    session: Session,
    *,
    person_ids: Collection[uuid.UUID],
    day: date,
    now: datetime,
    push_key: str = "",
    again: Collection[uuid.UUID] = (),
) -> Part:
    """Return those of some people of whom something is chased; what the messages in `again` spoke of is not said."""
    lines = read_chased(session, person_ids=person_ids, day=day)
    chased = list(lines)
    written = written_since(day).where(MessageRow.person_id.in_(chased), MessageRow.id.not_in(again))
    return Part(
        day=day,
        people=read_people(session, person_ids=chased, day=day, push_key=push_key),
        lines=lines,
        said=read_said(session, person_ids=chased, again=again, since=earliest_due(lines, day=day)),
        written_today=frozenset(session.scalars(written)),
        busy=messages.read_busy(session, person_ids=chased, now=now),
    )


def read_chased(session: Session, *, person_ids: Collection[uuid.UUID], day: date) -> Chased:
    """Return the strictest lines that have a due day, of those of some people who have any.

    All the others give no step and are in no group of a digest; most lines are such, and are not fetched. One that is
    up to date is, where several requirements ask its person for the item: it may be the strictest of them.
    """
    asked = {"person_ids": list(person_ids), "day": day}
    stale = set(session.scalars(TURNED, asked))
    rows = session.execute(MAY_BE_CHASED, asked)
    lines = [stored_line(row, row.name) for row in rows if row[0] not in stale]
    if stale:
        lines += standings.work_out_lines(session, person_ids=stale, today=day)
    found: dict[uuid.UUID, dict[str, Line]] = {}
    for person_id, theirs in by_person(lines).items():
        strictest = strictest_lines(theirs, day=day)
        chased = {item: line for item, line in strictest.items() if due_day(line.standing, today=day) is not None}
        if chased:
            found[person_id] = chased
    return found


def written_since(day: date) -> Select[tuple[uuid.UUID]]:
    """Return the query of who was sent a reminder on a day or later."""
    return select(MessageRow.person_id).where(
        MessageRow.kind == Kind.REMINDER, MessageRow.day >= day, MessageRow.status != State.DROPPED
    )


def earliest_due(lines: Chased, *, day: date) -> date:
    """Return the first day that anything chased was due by, which may be years ago, or the day itself."""
    due = (due_day(line.standing, today=day) for theirs in lines.values() for line in theirs.values())
    return min((due_on for due_on in due if due_on is not None), default=day)


def read_said(
    session: Session, *, person_ids: Collection[uuid.UUID], again: Collection[uuid.UUID], since: date
) -> dict[uuid.UUID, frozenset[Key]]:
    """Return the steps towards a day or later that each of some people was sent, but for those of some messages.

    A step that an import made due at once counts as sent.
    """
    said: dict[uuid.UUID, set[Key]] = defaultdict(set)
    for person_id, keys in quiet_steps.read_quiet(session, person_ids=person_ids, since=since).items():
        said[person_id].update(keys)
    query = select(Reminder.person_id, Reminder.item, Reminder.due_on, Reminder.step)
    query = query.where(Reminder.person_id.in_(person_ids), Reminder.due_on >= since)
    for person_id, *key in session.execute(query.where(Reminder.message_id.not_in(again))):
        said[person_id].add(tuple(key))
    return {person_id: frozenset(keys) for person_id, keys in said.items()}


def read_people(
    session: Session, *, person_ids: Collection[uuid.UUID], day: date, push_key: str = ""
) -> dict[uuid.UUID, Addressee]:
    """Return some people, with the phones that take messages under a key of ours."""
    phones = push_devices.read_phones(session, person_ids=person_ids, push_key=push_key)
    bounced = messages.read_bounced(session, person_ids=person_ids)
    muted: dict[uuid.UUID, set[Topic]] = defaultdict(set)
    turned_off = select(Unsubscribe.person_id, Unsubscribe.topic).where(Unsubscribe.person_id.in_(person_ids))
    for row in session.execute(turned_off):
        muted[row.person_id].add(Topic(row.topic))
    jobs = select(Employment.person_id).where(Employment.person_id.in_(person_ids))
    here = {row.person_id for row in session.execute(jobs.where(*covers(Employment, day)))}
    ever = {row.person_id for row in session.execute(jobs.where(Employment.withdrawn_at.is_(None)))}
    known = select(Person.id, Person.name, Person.email, Account.looks).outerjoin(
        Account, Account.id == Person.account_id
    )
    found = session.execute(known.where(Person.id.in_(person_ids)))
    return {
        row.id: Addressee(
            person_id=row.id,
            name=row.name,
            way=None if (row.id, row.email) in bounced else row.email,
            bounced=(row.id, row.email) in bounced,
            muted=frozenset(muted.get(row.id, ())),
            has_left=row.id in ever and row.id not in here,
            phones=phones.get(row.id, ()),
            language=read_looks(row.looks or "").language,
        )
        for row in found
    }


def read_managers(session: Session, *, day: date) -> tuple[Manager, ...]:
    """Return who manages what; whoever has left gets no names of people any more."""
    managed: dict[uuid.UUID, set[uuid.UUID | None]] = defaultdict(set)
    theirs = select(Permission.person_id, Permission.site_id).where(Permission.kind == PermissionKind.MANAGER)
    for row in session.execute(theirs):
        managed[row.person_id].add(row.site_id)
    people = read_people(session, person_ids=list(managed), day=day)
    return tuple(
        Manager(who=people[person_id], site_ids=None if None in sites else frozenset(site for site in sites if site))
        for person_id, sites in managed.items()
        if not people[person_id].has_left
    )
