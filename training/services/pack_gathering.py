"""One look at everybody a pack is about: how they stand, what falls due, and which passes count on the day."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from training.domain.counting import Moves, count_person
from training.domain.days import end_of_day
from training.domain.module import Module
from training.domain.pack import MOST_CERTIFICATES
from training.domain.scenario import Scenario
from training.domain.status import Status
from training.models import WHOLE_ID, Attempt, Completion, Reminder, Revocation
from training.services import standings
from training.services.certificates import CertificateRow, signoff_words
from training.services.listings import days_left
from training.services.progress import strictest_lines
from training.services.records import Earned, earned_with
from training.services.report_questions import SOON
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster
from training.services.staff import PersonLine, Staff, Worker
from training.services.versions import read_versions

LATE = frozenset({Status.EXPIRED, Status.OVERDUE})
REMINDED = timedelta(days=90)
# Told how many people have been looked at.
Told = Callable[[int], None]
# A pass, and the content that was passed.
Pass = tuple[Earned, Module | Scenario]


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds on the day: until when, and the certificate of the pass that shows it, where it has one."""

    worker: Worker
    title: str
    version: str
    passed_on: date | None
    until: date | None
    certificate: CertificateRow | None = None


@dataclass(slots=True)
class Gathered:
    """What everybody comes to; `held` is None where there are more passes than anybody prints certificates of."""

    counted: Moves = field(default_factory=Counter)
    people: int = 0
    late_people: int = 0
    late_lines: int = 0
    due_within: Counter[int] = field(default_factory=Counter)
    reminders: int = 0
    erased: int = 0
    certificates: int = 0
    held: list[Held] | None = field(default_factory=list)

    def keep(self, held: Sequence[Held]) -> None:
        """Keep what one person holds, unless there is too much of it."""
        self.certificates += sum(one.certificate is not None for one in held)
        if self.certificates > MOST_CERTIFICATES:
            self.held = None
        elif self.held is not None:
            self.held.extend(held)


def gather(roster: Roster, *, told: Told) -> Gathered:
    """Look at everybody once, some hundred at a time."""
    found = Gathered()
    for staff in batches(roster):
        add_figures(found, roster, staff)
        for held in held_by_each(roster, staff):
            found.keep(held)
        ids = list(staff.workers)
        found.reminders += roster.session.scalar(reminders_query(roster, ids)) or 0
        found.people += len(ids)
        told(found.people)
    return found


def every_held(roster: Roster) -> Iterator[Held]:
    """Yield what everybody holds on the day, some hundred people at a time."""
    for staff in batches(roster):
        for held in held_by_each(roster, staff):
            yield from held


def batches(roster: Roster) -> Iterator[Staff]:
    """Yield everybody with all from which their lines follow, some hundred at a time."""
    people = roster.people(Shape.of(roster))
    while some := list(islice(people, BATCH)):
        yield roster.staff(some, by_site=True)


def add_figures(found: Gathered, roster: Roster, staff: Staff) -> None:
    """Add how some people stand, together and by each site."""
    statuses = {person_id: units_of(worker) for person_id, worker in staff.workers.items()}
    for worker, lines in staff.lines(judged_by=roster.site_ids):
        statuses[worker.person_id][WHOLE_ID] = {line.item: line.status for line in lines}
        late = sum(line.status in LATE for line in lines)
        found.late_lines += late
        found.late_people += late > 0
        found.erased += not worker.name.strip()
        found.due_within.update(days for line in lines for days in SOON if days_left(line, within=days) is not None)
    for site_id in roster.site_ids:
        for worker, lines in staff.lines(judged_by=frozenset({site_id})):
            statuses[worker.person_id][site_id] = {line.item: line.status for line in lines}
    for each in statuses.values():
        found.counted.update(count_person(each))


def units_of(worker: Worker) -> dict[uuid.UUID, dict[str, Status]]:
    """Return every unit that somebody is on file in, with nothing counted there yet."""
    return {unit: {} for unit in (WHOLE_ID, *worker.site_ids)}


def reminders_query(roster: Roster, ids: Sequence[uuid.UUID]) -> Select:
    """Return the query of how many reminders of training some people were sent in the time up to the day."""
    day, zone = roster.as_of.day, roster.viewer.time_zone
    last = end_of_day(day, zone)
    if roster.as_of.known_at is not None:
        last = min(last, roster.as_of.known_at)
    when = (Reminder.recorded_at > end_of_day(day - REMINDED, zone)) & (Reminder.recorded_at <= last)
    return select(func.count()).select_from(Reminder).where(Reminder.person_id.in_(ids), when)


def held_by_each(roster: Roster, staff: Staff) -> Iterator[list[Held]]:
    """Yield for each person what they hold on the day, in as many queries however many they are."""
    passes = read_passes(roster.session, staff, known_at=roster.as_of.known_at)
    contents = read_versions(roster.session, {row.content_hash for rows in passes.values() for row, *_ in rows})
    for worker, lines in staff.lines(judged_by=roster.site_ids):
        in_date = [line for line in lines if line.standing is not None and line.standing.in_date_on(line.day)]
        if in_date:
            rows = passes.get(worker.person_id, ())
            hashes = {row.code: row.content_hash for row, *_ in rows}
            counting = [(one, contents[hashes[one.code]]) for one in earned_of(roster, staff, worker, rows)]
            yield list(held_of(roster, worker, in_date, passes=counting))


def read_passes(session: Session, staff: Staff, *, known_at: datetime | None) -> Mapping[uuid.UUID, list[Row]]:
    """Return the passes of some people up to the day, in order, as a record reads them."""
    revoked = Revocation.completion_id == Completion.id
    if known_at is not None:
        revoked &= Revocation.recorded_at <= known_at
    query = (
        select(Completion, Attempt.role, Attempt.question_ids.is_not(None), Revocation)
        .join(Attempt, Attempt.id == Completion.attempt_id)
        .outerjoin(Revocation, revoked)
        .where(Completion.person_id.in_(staff.workers))
        .order_by(Completion.passed_on, Completion.recorded_at, Completion.id)
    )
    if known_at is not None:
        query = query.where(Completion.recorded_at <= known_at)
    found: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0].person_id].append(row)
    return found


def earned_of(roster: Roster, staff: Staff, worker: Worker, rows: Sequence[Row]) -> Iterator[Earned]:
    """Yield one person's passes that count on the day, by the posts at the sites of the pack, by item and in order."""
    if not rows:
        return
    lines = strictest_lines(staff.lines_at(worker.person_id, site_ids=roster.site_ids), day=staff.day)
    record = staff.records[worker.person_id]
    sites = None if worker.site_ids <= roster.site_ids else {str(site_id) for site_id in roster.site_ids}
    given = standings.what_passes_gave(record, lines, house=staff.house, day=staff.day, sites=sites)
    found = earned_with(roster.session, rows, given=given)
    yield from (one for item in sorted(found) for one in found[item] if counts_on(one, staff.day))


def held_of(
    roster: Roster,
    worker: Worker,
    in_date: Sequence[PersonLine],
    *,
    passes: Sequence[Pass],
) -> Iterator[Held]:
    """Yield every pass that counts on the day, and then what is in date without a pass of it made here.

    A pass of training that was replaced counts for what replaced it. Whoever has no name any more has no certificate.
    """
    items, shown = {line.item for line in in_date}, set()
    for one, content in passes:
        if one.item in items or one.item not in roster.titles:
            shown.add(one.item)
            row = certificate_row(roster, worker, one, content) if worker.name.strip() else None
            yield Held(worker, one.title, one.version, one.passed_on, one.until, row)
    for line in in_date:
        if line.item not in shown:
            standing = line.standing
            yield Held(worker, line.title, "", standing.last_passed_on, standing.valid_until)


def counts_on(one: Earned, day: date) -> bool:
    """Say whether a pass made by a day has not run out on it."""
    if one.is_revoked or not one.is_required or one.passed_on > day:
        return False
    return one.until is None or one.until >= day


def certificate_row(roster: Roster, worker: Worker, one: Earned, content: Module | Scenario) -> CertificateRow:
    """Return what the certificate of a pass says."""
    return CertificateRow(
        holder_name=worker.name,
        organisation_name=roster.viewer.organisation_name,
        earned=one,
        minutes=content.minutes,
        outcomes=content.outcomes,
        signoff_words=signoff_words(content),
    )
