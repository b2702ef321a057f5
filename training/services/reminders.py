"""Reminders and weekly digests: what a day's run would send, and the sending of it, once to each person."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import chain
from sys import intern

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain import language
from training.domain.mail import Batch, Message, Outcome
from training.domain.push import PHONE, PushBatch, content_of
from training.domain.reminder import Message as Due
from training.domain.reminder_digest import Digest
from training.domain.reminder_run import Approval, Flood, flood
from training.models import MessageRow, RunApproval
from training.services import everybody, file_messages, letters, messages, push_devices, runs
from training.services.digest_reading import count_people, digest_name, managers_due, read_digest, wants_digest
from training.services.letters import Post
from training.services.messages import Claim, Kind, Parcel
from training.services.reminder_reading import (
    Employer,
    Manager,
    Part,
    read_employer,
    read_managers,
    read_part,
    read_parts,
    written_since,
)
from training.speeches import speech_of

# So many messages are tried again in one run; the next one goes on.
MOST_AGAIN = 500
# The messages of so many people are written after one look at them.
AT_ONCE = 500


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
            planned = plan_of(session, employer=employer, day=on or employer.day(now), now=now, push_key=push_key)
        if planned.reminders or planned.unreachable or planned.digests:
            found.append(planned)
    return found


def plan_of(session: Session, *, employer: Employer, day: date, now: datetime, push_key: str) -> Plan:
    """Return what is sent to everybody of one organisation; of each no more is kept than is said."""
    quiet = employer.may_send_at(now) if employer.is_quiet(now) and day == employer.day(now) else None
    reminders: list[tuple[str, tuple[str, ...]]] = []
    unreachable: list[str] = []
    for part in read_parts(session, day=day, now=now, push_key=push_key):
        found = part.outbox()
        reminders += [(part.people[due.person].name, items_of(due)) for due in found.messages]
        unreachable += [part.people[due.person].name for due in found.unreachable]
    return Plan(
        organisation=employer.slug,
        day=day,
        is_on=employer.reminders_on,
        quiet_until=quiet,
        reminders=tuple(reminders),
        unreachable=tuple(unreachable),
        digests=tuple(manager.who.name for manager in managers_due(session, employer=employer, day=day, now=now)),
        flood=flood_of(session, people=len(reminders), day=day),
    )


def items_of(due: Due) -> tuple[str, ...]:
    """Return the items that a message speaks of, the name of each kept but once for all people."""
    return tuple(intern(step.item) for step in due.steps)


def flood_of(session: Session, *, people: int, day: date) -> Flood | None:
    """Return why a run to so many people stops and asks, or None."""
    agreed = session.execute(select(RunApproval.day, RunApproval.people).where(RunApproval.day == day))
    written = written_since(day).with_only_columns(func.count(MessageRow.person_id.distinct()))
    return flood(
        people,
        on_file=count_people(session, site_ids=None, day=day),
        day=day,
        approvals=[Approval(*row) for row in agreed],
        sent_today=session.scalar(written) or 0,
    )


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
        """Send what nobody has been told yet, or stop and ask where that would be a flood.

        Everybody is counted first, and kept by id alone; what each is told is read shortly before it is sent.
        """
        organisation_id, now = self.employer.organisation_id, self.clock()
        day = self.employer.day(now)
        with self.database.read(organisation_id) as session:
            parts = read_parts(session, day=day, now=now, push_key=self.post.push_key)
            people = [due.person for part in parts for due in part.outbox().messages]
            stopped = flood_of(session, people=len(people), day=day)
            managers = managers_due(session, employer=self.employer, day=day, now=now)
        if stopped is not None:
            runs.record_stop(self.database, organisation_id, stopped=stopped, now=self.clock())
        for parcel in chain(self._reminders([] if stopped else people, day), self._digests(managers, day)):
            if self.employer.is_quiet(self.clock()) or self.employer.day(self.clock()) != day:
                return
            yield from self._send(parcel)
        push_devices.forget_unused(self.database, organisation_id, day=day)
        runs.mark_done(self.database, organisation_id, day=day)

    def _reminders(self, people: Sequence[uuid.UUID], day: date) -> Iterator[Parcel]:
        for start in range(0, len(people), AT_ONCE):
            part = self._read(people[start : start + AT_ONCE], day)
            found = {due.person: due for due in part.outbox().messages}
            for person_id in people[start : start + AT_ONCE]:
                if person_id in found:
                    yield self._reminder(part, found[person_id])

    def _digests(self, managers: Sequence[Manager], day: date) -> Iterator[Parcel]:
        """Yield the digests of some managers; those of the same sites are told the same."""
        known: dict[frozenset[uuid.UUID] | None, Digest | None] = {}
        for manager in managers:
            if manager.site_ids not in known:
                known[manager.site_ids] = self._read_digest(manager, day)
            found = known[manager.site_ids]
            if found is not None:
                yield self._digest(manager, found)

    def send_again(self) -> Iterator[Told]:
        """Try again what surely did not arrive, as it is today; what has nothing left to say is dropped."""
        organisation_id, now = self.employer.organisation_id, self.clock()
        with self.database.read(organisation_id) as session:
            rows = messages.read_again(session, now=now, most=MOST_AGAIN)
        if not rows:
            return
        told = [row for row in rows if row.kind == Kind.REMINDER]
        day = self.employer.day(now)
        part = self._read([row.person_id for row in told], day, again=[row.id for row in told])
        for row in rows:
            parcel = self._parcel_again(row, part)
            if parcel is None:
                messages.drop(self.database, organisation_id, message_id=row.id, now=now)
            else:
                yield from self._send(parcel)

    def tell_of_files(self) -> Iterator[Told]:
        """Tell those who wait for a file that it is ready."""
        known = {"employer": self.employer, "post": self.post, "now": self.clock()}
        for parcel in file_messages.parcels(self.database, **known):
            if self.employer.is_quiet(self.clock()):
                return
            yield from self._send(parcel)

    def _parcel_again(self, row: MessageRow, part: Part) -> Parcel | None:
        if row.kind.startswith(Kind.FILE):
            known = {"employer": self.employer, "post": self.post, "now": self.clock()}
            return file_messages.parcel_again(self.database, row, **known)
        if row.kind == Kind.DIGEST:
            return self._digest_again(row, part.day)
        due = part.message(row.person_id)
        return self._reminder(part, due, row=row) if due is not None and due.way is not None else None

    def _digest_again(self, row: MessageRow, day: date) -> Parcel | None:
        with self.database.read(self.employer.organisation_id) as session:
            managers = read_managers(session, day=day)
        for manager in managers:
            if manager.who.person_id == row.person_id and digest_name(manager, day) == row.key:
                found = self._read_digest(manager, day) if wants_digest(manager) else None
                return self._digest(manager, found, row=row) if found is not None else None
        return None

    def _read(self, people: Sequence[uuid.UUID], day: date, *, again: Sequence[uuid.UUID] = ()) -> Part:
        known = {"day": day, "now": self.clock(), "push_key": self.post.push_key}
        with self.database.read(self.employer.organisation_id) as session:
            return read_part(session, person_ids=people, again=again, **known)

    def _read_digest(self, manager: Manager, day: date) -> Digest | None:
        with self.database.read(self.employer.organisation_id) as session:
            return read_digest(session, site_ids=manager.site_ids, day=day)

    def _reminder(self, part: Part, due: Due, *, row: MessageRow | None = None) -> Parcel:
        who = part.people[due.person]
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
        return Parcel(claim, write, phones, len(due.steps), who.language)

    def _digest(self, manager: Manager, found: Digest, *, row: MessageRow | None = None) -> Parcel:
        key = digest_name(manager, found.day)

        def write(key: str, _now: datetime) -> Message:
            known = {"employer": self.employer, "manager": manager, "digest": found, "members": list(found.named)}
            return letters.write_digest(self.post, **known, key=key)

        claim = Claim(
            person_id=manager.who.person_id,
            kind=Kind.DIGEST,
            day=found.day,
            key=key,
            address=manager.who.way or "",
            id=row.id if row else None,
        )
        return Parcel(claim, write, language=manager.who.language)

    def _send(self, parcel: Parcel) -> Iterator[Told]:
        """Claim, send and record one message; nothing happens where another run has it."""
        organisation_id = self.employer.organisation_id
        # Written first: what cannot be written must not stand as sent.
        with language.spoken(speech_of(parcel.language)):
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
