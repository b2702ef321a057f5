"""Reminders and weekly digests: what a day's run would send, and the sending of it, once to each person."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from training.db import Database
from training.domain.mail import Batch, Message, Outcome
from training.domain.push import PHONE, PushBatch, content_of
from training.domain.reminder import Message as Due
from training.domain.reminder import Outbox, Topic, message_for
from training.domain.reminder import messages as messages_of
from training.domain.reminder_digest import digest, digest_due, digest_key
from training.domain.reminder_run import Flood, flood
from training.models import MessageRow
from training.services import everybody, file_messages, letters, messages, push_devices, runs
from training.services.letters import Post
from training.services.messages import Claim, Kind, Parcel
from training.services.reminder_reading import Employer, Manager, Today, read_employer, read_today

# So many messages are tried again in one run; the next one goes on.
MOST_AGAIN = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of one organisation would send on a day: whom it tells of what, and whom it cannot reach."""

    organisation: str
    day: date
    is_on: bool
    quiet_until: datetime | None
    reminders: tuple[tuple[str, tuple[str, ...]], ...]
    unreachable: tuple[str, ...]
    digests: tuple[str, ...]
    flood: Flood | None


@dataclass(frozen=True, slots=True)
class Told:
    """One message that a run tried to send, and what became of it."""

    organisation: str
    kind: str
    outcome: Outcome


def plan(database: Database, *, now: datetime, on: date | None = None, push_key: str = "") -> list[Plan]:
    """Return what a run would send, for each organisation where there is anything; nothing is written or sent.

    `push_key` is the key of ours that phones take messages under, if any.
    """
    found = []
    for organisation_id, _, _ in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            employer = read_employer(session, organisation_id)
            day = on or employer.day(now)
            today = read_today(session, employer=employer, day=day, now=now, push_key=push_key)
        planned = plan_of(today, now=now)
        if planned.reminders or planned.unreachable or planned.digests:
            found.append(planned)
    return found


def plan_of(today: Today, *, now: datetime) -> Plan:
    """Return what is sent to everybody of one organisation."""
    employer, found = today.employer, outbox(today)
    quiet = employer.may_send_at(now) if employer.is_quiet(now) and today.day == employer.day(now) else None
    return Plan(
        organisation=employer.slug,
        day=today.day,
        is_on=employer.reminders_on,
        quiet_until=quiet,
        reminders=tuple((name_of(today, due), tuple(step.item for step in due.steps)) for due in found.messages),
        unreachable=tuple(name_of(today, due) for due in found.unreachable),
        digests=tuple(manager.who.name for manager in managers_due(today)),
        flood=flood_of(today, found),
    )


def name_of(today: Today, due: Due) -> str:
    """Return whom a message is for."""
    return today.people[due.person].name


def outbox(today: Today) -> Outbox:
    """Return the reminders of a day; whoever has one on its way gets no second."""
    people = [person_id for person_id in today.lines if person_id not in today.busy]
    return messages_of((today.recipient(person_id) for person_id in people), today=today.day)


def flood_of(today: Today, found: Outbox) -> Flood | None:
    """Return why a run stops and asks, or None."""
    return flood(
        len(found.messages),
        on_file=today.on_file,
        day=today.day,
        approvals=today.approvals,
        sent_today=len(today.written_today),
    )


def managers_due(today: Today) -> list[Manager]:
    """Return the managers whose digest of the week has not been sent."""
    return [manager for manager in today.managers if is_digest_due(today, manager)]


def is_digest_due(today: Today, manager: Manager) -> bool:
    """Say whether a manager has people and wants a digest, and has none of this week."""
    week = digest_key(today.day)
    sent = {week} if digest_name(manager, today.day) in today.digests else set()
    due = digest_due(today.day, sent=sent, weekday=today.employer.digest_weekday)
    return due and wants_digest(manager) and bool(today.members(manager))


def wants_digest(manager: Manager) -> bool:
    """Say whether a manager can be reached and has not turned digests off."""
    return manager.who.way is not None and Topic.DIGESTS not in manager.who.muted


def digest_name(manager: Manager, day: date) -> str:
    """Return what makes a digest the same one all week."""
    return f"digest-{manager.who.person_id}-{digest_key(day)}"


def send_due(
    database: Database, *, post: Post, clock: Callable[[], datetime], once_a_day: bool = False
) -> Iterator[Told]:
    """Send what is due everywhere outside quiet hours, yielding each message that was tried.

    Each is claimed in a commit of its own, sent outside any transaction, and its outcome recorded. With `once_a_day`
    nobody is looked through again on a day on which all were, and only what is to be tried again is.
    """
    for organisation_id, _, _ in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            employer = read_employer(session, organisation_id)
        messages.note_silent(database, organisation_id, now=clock())
        if not employer.reminders_on or employer.is_quiet(clock()):
            continue
        with post.mailer.batch() as batch, post.push.batch() if post.push else nullcontext() as push:
            run = Run(database, employer, post, batch, push, clock)
            yield from run.send_again()
            yield from run.tell_of_files()
            if not (once_a_day and employer.reminded_on == employer.day(clock())):
                yield from run.send_new()


@dataclass(frozen=True, slots=True)
class Run:
    """One run through one organisation."""

    database: Database
    employer: Employer
    post: Post
    batch: Batch
    push: PushBatch | None
    clock: Callable[[], datetime]

    def send_new(self) -> Iterator[Told]:
        """Send what nobody has been told yet, or stop and ask where that would be a flood."""
        today = self._read()
        found = outbox(today)
        stopped = flood_of(today, found)
        if stopped is not None:
            runs.record_stop(self.database, self.employer.organisation_id, stopped=stopped, now=self.clock())
        parcels = [] if stopped else [self._reminder(today, due) for due in found.messages]
        parcels += [self._digest(today, manager) for manager in managers_due(today)]
        for parcel in parcels:
            if self.employer.is_quiet(self.clock()) or self.employer.day(self.clock()) != today.day:
                return
            yield from self._send(parcel)
        left = frozenset(person.person_id for person in today.people.values() if person.has_left)
        push_devices.forget_unused(self.database, self.employer.organisation_id, left=left)
        runs.mark_done(self.database, self.employer.organisation_id, day=today.day)

    def send_again(self) -> Iterator[Told]:
        """Try again what surely did not arrive, as it is today; what has nothing left to say is dropped."""
        organisation_id, now = self.employer.organisation_id, self.clock()
        with self.database.read(organisation_id) as session:
            rows = messages.read_again(session, now=now, most=MOST_AGAIN)
        if not rows:
            return
        others = [row.id for row in rows if not row.kind.startswith(Kind.FILE)]
        today = self._read(again=others) if others else None
        for row in rows:
            parcel = self._parcel_again(today, row) if today and row.id in others else self._file_again(row)
            if parcel is None:
                messages.drop(self.database, organisation_id, message_id=row.id, now=now)
            else:
                yield from self._send(parcel)

    def _read(self, *, again: list[uuid.UUID] | None = None) -> Today:
        now = self.clock()
        known = {"employer": self.employer, "day": self.employer.day(now), "push_key": self.post.push_key}
        with self.database.read(self.employer.organisation_id) as session:
            return read_today(session, now=now, again=again or (), **known)

    def tell_of_files(self) -> Iterator[Told]:
        """Tell those who wait for a file that it is ready."""
        known = {"employer": self.employer, "post": self.post, "now": self.clock()}
        for parcel in file_messages.parcels(self.database, **known):
            if self.employer.is_quiet(self.clock()):
                return
            yield from self._send(parcel)

    def _file_again(self, row: MessageRow) -> Parcel | None:
        known = {"employer": self.employer, "post": self.post, "now": self.clock()}
        return file_messages.parcel_again(self.database, row, **known)

    def _parcel_again(self, today: Today, row: MessageRow) -> Parcel | None:
        if row.kind == Kind.REMINDER:
            due = message_for(today.recipient(row.person_id), today=today.day)
            return self._reminder(today, due, row=row) if due is not None and due.way is not None else None
        for manager in today.managers:
            if manager.who.person_id == row.person_id and digest_name(manager, today.day) == row.key:
                wanted = wants_digest(manager) and today.members(manager)
                return self._digest(today, manager, row=row) if wanted else None
        return None

    def _reminder(self, today: Today, due: Due, *, row: MessageRow | None = None) -> Parcel:
        who = today.people[due.person]
        # What phones did not take at once goes to the address, where there is one.
        phones = who.phones if row is None or who.way is None else ()

        def write(key: str, now: datetime) -> Message:
            return letters.write_reminder(self.post, employer=self.employer, who=who, due=due, key=key, now=now)

        claim = Claim(
            person_id=due.person,
            kind=Kind.REMINDER,
            day=due.day,
            key=row.key if row else f"reminder-{due.person}-{due.day}",
            address=PHONE if phones else who.way or "",
            steps=due.keys,
            id=row.id if row else None,
        )
        return Parcel(claim, write, phones, len(due.steps))

    def _digest(self, today: Today, manager: Manager, *, row: MessageRow | None = None) -> Parcel:
        members = today.members(manager)
        found = digest(members, today=today.day)
        key = digest_name(manager, today.day)

        def write(key: str, _now: datetime) -> Message:
            return letters.write_digest(
                self.post, employer=self.employer, manager=manager, digest=found, members=members, key=key
            )

        claim = Claim(
            person_id=manager.who.person_id,
            kind=Kind.DIGEST,
            day=today.day,
            key=key,
            address=manager.who.way or "",
            id=row.id if row else None,
        )
        return Parcel(claim, write)

    def _send(self, parcel: Parcel) -> Iterator[Told]:
        """Claim, send and record one message; nothing happens where another run has it."""
        organisation_id = self.employer.organisation_id
        # Written first: what cannot be written must not stand as sent.
        deliver = self._written(parcel)
        message_id = messages.claim(self.database, organisation_id, wanted=parcel.claim, now=self.clock())
        if message_id is None:
            return
        outcome = deliver()
        messages.record(self.database, organisation_id, message_id=message_id, outcome=outcome, now=self.clock())
        yield Told(self.employer.slug, parcel.claim.kind, outcome)

    def _written(self, parcel: Parcel) -> Callable[[], Outcome]:
        """Write a message and return how it is sent: to all phones of its person, or as a letter."""
        if parcel.phones and self.push is not None:
            to = {"batch": self.push, "phones": parcel.phones, "content": content_of(parcel.due)}
            return partial(push_devices.deliver, self.database, self.employer.organisation_id, **to)
        return partial(self.batch.send, parcel.write(parcel.claim.key, self.clock()))
