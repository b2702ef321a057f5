"""What a run of reminders reads of one organisation: its settings, whom it could write to, and what was said before."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain import reminder_run
from training.domain.days import day_in
from training.domain.permission import PermissionKind
from training.domain.push import PHONE, Phone
from training.domain.reminder import Key, Recipient, Step, Topic, due_day, step_due
from training.domain.reminder_digest import Member
from training.models import Employment, MessageRow, Organisation, Permission, Person, Reminder, RunApproval, Unsubscribe
from training.services import everybody, messages, push_devices, quiet_steps, standings
from training.services.employments import covers
from training.services.messages import Kind, State
from training.services.progress import strictest_lines
from training.services.staff import by_person
from training.services.standing_rows import Line

BATCH = 2_000


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
    site_ids: frozenset[uuid.UUID]
    has_left: bool
    phones: tuple[Phone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """Somebody who gets a digest, of some sites or, where that is None, of the whole organisation."""

    who: Addressee
    site_ids: frozenset[uuid.UUID] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Everybody of an organisation on a day, the strictest lines of whoever has a due day, and what they were sent."""

    employer: Employer
    day: date
    people: Mapping[uuid.UUID, Addressee]
    lines: Mapping[uuid.UUID, Mapping[str, Line]]
    said: Mapping[uuid.UUID, frozenset[Key]]
    written_today: frozenset[uuid.UUID]
    busy: frozenset[uuid.UUID]
    managers: tuple[Manager, ...]
    digests: frozenset[str]
    approvals: tuple[reminder_run.Approval, ...]

    @property
    def on_file(self) -> int:
        """How many people have a job there on the day."""
        return sum(bool(person.site_ids) for person in self.people.values())

    def steps(self, person_id: uuid.UUID) -> tuple[Step, ...]:
        """Return the steps that a person is due, one an item."""
        due = (
            step_due(line.standing, item=item, today=self.day) for item, line in self.lines.get(person_id, {}).items()
        )
        return tuple(step for step in due if step is not None)

    def recipient(self, person_id: uuid.UUID) -> Recipient:
        """Return a person as the rules ask for them."""
        person = self.people[person_id]
        return Recipient(
            person=person_id,
            steps=self.steps(person_id),
            way=PHONE if person.phones else person.way,
            sent=self.said.get(person_id, frozenset()),
            last_sent_on=self.day if person_id in self.written_today else None,
            muted=person.muted,
        )

    def members(self, manager: Manager) -> list[Member]:
        """Return a manager's people with their lines."""
        return [
            Member(
                person=person.person_id,
                name=person.name,
                lines=tuple(line.standing for line in self.lines.get(person.person_id, {}).values()),
                bounced=person.bounced,
            )
            for person in self.people.values()
            if (person.site_ids if manager.site_ids is None else person.site_ids & manager.site_ids)
        ]


def read_employer(session: Session, organisation_id: int) -> Employer:
    """Return an organisation's settings."""
    row = session.get_one(Organisation, organisation_id)
    kept = {name: getattr(row, name) for name in Employer.__dataclass_fields__ if name != "organisation_id"}
    return Employer(organisation_id=organisation_id, **kept)


def read_today(
    session: Session,
    *,
    employer: Employer,
    day: date,
    now: datetime,
    again: Collection[uuid.UUID] = (),
    push_key: str = "",
) -> Today:
    """Return everybody on a day; what the messages in `again` spoke of counts as not said yet."""
    people = read_people(session, day=day, push_key=push_key)
    written = select(MessageRow.person_id).where(
        MessageRow.kind == Kind.REMINDER, MessageRow.day >= day, MessageRow.status != State.DROPPED
    )
    approvals = select(RunApproval.day, RunApproval.people).where(RunApproval.day == day)
    recent = select(MessageRow.key).where(
        MessageRow.kind == Kind.DIGEST, MessageRow.recorded_at >= now - timedelta(days=14)
    )
    lines = read_chased(session, day=day)
    return Today(
        employer=employer,
        day=day,
        people=people,
        lines=lines,
        said=read_said(session, again=again, since=earliest_due(lines, day=day)),
        written_today=frozenset(session.scalars(written.where(MessageRow.id.not_in(again)))),
        busy=messages.read_busy(session, now=now),
        managers=read_managers(session, people=people),
        digests=frozenset(session.scalars(recent)),
        approvals=tuple(reminder_run.Approval(*row) for row in session.execute(approvals)),
    )


def read_chased(session: Session, *, day: date) -> dict[uuid.UUID, dict[str, Line]]:
    """Return the strictest lines that have a due day, of everybody who has any, some people at a time.

    All the others give no step and are in no group of a digest; most lines are such.
    """
    found: dict[uuid.UUID, dict[str, Line]] = {}
    for people in everybody.in_batches(session, size=BATCH):
        for person_id, lines in by_person(standings.read_lines(session, today=day, person_ids=people)).items():
            strictest = strictest_lines(lines, day=day)
            chased = {item: line for item, line in strictest.items() if due_day(line.standing, today=day) is not None}
            if chased:
                found[person_id] = chased
    return found


def earliest_due(lines: Mapping[uuid.UUID, Mapping[str, Line]], *, day: date) -> date:
    """Return the first day that anything chased was due by, which may be years ago, or the day itself."""
    due = (due_day(line.standing, today=day) for theirs in lines.values() for line in theirs.values())
    return min((due_on for due_on in due if due_on is not None), default=day)


def read_said(session: Session, *, again: Collection[uuid.UUID], since: date) -> dict[uuid.UUID, frozenset[Key]]:
    """Return the steps towards a day or later that each person was sent, but for those of some messages.

    A step that an import made due at once counts as sent.
    """
    said: dict[uuid.UUID, set[Key]] = defaultdict(set)
    for person_id, keys in quiet_steps.read_quiet(session, since=since).items():
        said[person_id].update(keys)
    query = select(Reminder.person_id, Reminder.item, Reminder.due_on, Reminder.step)
    for person_id, *key in session.execute(query.where(Reminder.due_on >= since, Reminder.message_id.not_in(again))):
        said[person_id].add(tuple(key))
    return {person_id: frozenset(keys) for person_id, keys in said.items()}


def read_people(session: Session, *, day: date, push_key: str = "") -> dict[uuid.UUID, Addressee]:
    """Return everybody known here, with the phones that take messages under a key of ours."""
    phones = push_devices.read_phones(session, push_key=push_key)
    bounced = messages.read_bounced(session)
    muted: dict[uuid.UUID, set[Topic]] = defaultdict(set)
    for row in session.execute(select(Unsubscribe.person_id, Unsubscribe.topic)):
        muted[row.person_id].add(Topic(row.topic))
    sites: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in session.execute(select(Employment.person_id, Employment.site_id).where(*covers(Employment, day))):
        sites[row.person_id].add(row.site_id)
    ever = set(session.scalars(select(Employment.person_id).where(Employment.withdrawn_at.is_(None)).distinct()))
    found = session.execute(select(Person.id, Person.name, Person.email).order_by(Person.name, Person.id))
    return {
        row.id: Addressee(
            person_id=row.id,
            name=row.name,
            way=None if (row.id, row.email) in bounced else row.email,
            bounced=(row.id, row.email) in bounced,
            muted=frozenset(muted.get(row.id, ())),
            site_ids=frozenset(sites.get(row.id, ())),
            has_left=row.id in ever and row.id not in sites,
            phones=phones.get(row.id, ()),
        )
        for row in found
    }


def read_managers(session: Session, *, people: Mapping[uuid.UUID, Addressee]) -> tuple[Manager, ...]:
    """Return who manages what; whoever has left gets no names of people any more."""
    managed: dict[uuid.UUID, set[uuid.UUID | None]] = defaultdict(set)
    theirs = select(Permission.person_id, Permission.site_id).where(Permission.kind == PermissionKind.MANAGER)
    for row in session.execute(theirs):
        managed[row.person_id].add(row.site_id)
    return tuple(
        Manager(who=people[person_id], site_ids=None if None in sites else frozenset(site for site in sites if site))
        for person_id, sites in managed.items()
        if not people[person_id].has_left
    )
