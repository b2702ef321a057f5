"""Who is on file on a day, and one line for each of them and each item: what every report is made of."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.column_types import known_uuid
from training.domain.days import Span
from training.domain.language import N_, _
from training.domain.need import Exemption
from training.domain.person_record import House, PersonRecord
from training.domain.reason import notes_for, reason_for
from training.domain.standing import Standing, status_on
from training.domain.status import Status
from training.models import WHOLE_ID, Employment, JobTitle, Site, StandingRow
from training.services import facts, standings
from training.services.accounts import Viewer
from training.services.employments import covers
from training.services.progress import strictest_line
from training.services.standing_rows import NO_REQUIREMENT, PLAIN, SPANS, Line

PERSON = attrgetter("person_id")
NEVER_NEEDED = N_("Not needed by the present role, and never passed.")


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a report speaks of, asked on `today`, from the facts known at an instant; None for all known now."""

    day: date
    today: date
    known_at: datetime | None = None

    @classmethod
    def present(cls, today: date) -> "AsOf":
        """Return today as it is known now."""
        return cls(today, today=today)

    @property
    def is_present(self) -> bool:
        """Whether it is the present day as it is known now, which the standings hold ready."""
        return self.day == self.today and self.known_at is None

    @property
    def is_forecast(self) -> bool:
        """Whether the day is still to come."""
        return self.day > self.today


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on file on the day of a report: who, at which sites and with which titles, and each post of both."""

    person_id: uuid.UUID
    name: str
    staff_number: str
    sites: tuple[tuple[uuid.UUID, str], ...]
    job_titles: tuple[tuple[uuid.UUID, str], ...]
    posts: frozenset[tuple[uuid.UUID, uuid.UUID]] = frozenset()

    @property
    def site_ids(self) -> frozenset[uuid.UUID]:
        """The sites they work at."""
        return frozenset(site_id for site_id, _ in self.sites)

    @property
    def titles(self) -> tuple[str, ...]:
        """Their job titles in words."""
        return tuple(name for _, name in self.job_titles)


class PersonLine(NamedTuple):
    """One person and one item as at a day: the status, its reason and notes; without a standing it was never needed."""

    worker: Worker
    item: str
    title: str
    status: Status
    standing: Standing | None
    day: date

    @property
    def reason(self) -> str:
        """Why the status is what it is."""
        return reason_for(self.standing, self.status) if self.standing else _(NEVER_NEEDED)

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is so."""
        return notes_for(self.standing, self.status, day=self.day) if self.standing else ()

    @property
    def due_on(self) -> date | None:
        """The last day in date, or where it is due for the first time or again, the last day for that."""
        if self.standing is None:
            return None
        return self.standing.valid_until if self.standing.in_date_on(self.day) else self.standing.due_until


# What is stored of people's lines: just what a report says, as a whole row takes half as long again to read.
DATES = tuple(name for name in PLAIN if name != "next_change_on")
STORED = select(
    StandingRow.person_id,
    StandingRow.item,
    StandingRow.next_change_on,
    StandingRow.requirement_id,
    *(getattr(StandingRow, name) for name in (*SPANS, "exempt_who", "exempt_why", *DATES)),
).where(StandingRow.site_id == WHOLE_ID, StandingRow.person_id.in_(bindparam("person_ids", expanding=True)))
END = len(STORED.selected_columns)
SITES = select(Site.id, Site.name).order_by(Site.name)
SOME_SITES = SITES.where(Site.id.in_(bindparam("site_ids", expanding=True)))

# Somebody on file: id, name, staff number.
Known = tuple[uuid.UUID, str, str | None]


def read_staff(
    session: Session,
    people: Sequence[Known],
    *,
    as_of: AsOf,
    house: House,
    titles: Mapping[str, str],
    judged_by: Collection[frozenset[uuid.UUID]],
) -> "Staff":
    """Return some people on file with all from which their lines follow, in as many queries however many they are.

    The present day is read from the standings, every other is worked out from the facts. `judged_by` are the sets of
    sites by whose posts their lines will be asked for.
    """
    ids = [person_id for person_id, *_ in people]
    workers = workers_of(people, read_jobs(session, person_ids=ids, as_of=as_of))
    kept, stale = iter(()), set(ids)
    if as_of.is_present:
        kept, stale = read_stored(session, person_ids=ids, house=house, day=as_of.day)
    apart = {each for each, worker in workers.items() if any(not worker.site_ids <= sites for sites in judged_by)}
    worked_out = stale | apart
    records = facts.read_records(session, person_ids=worked_out, known_at=as_of.known_at) if worked_out else {}
    anew = standings.lines_of({each: records[each] for each in stale}, house=house, today=as_of.day)
    lines = by_person(chain(kept, anew))
    return Staff(workers=workers, stored=lines, records=records, house=house, titles=titles, day=as_of.day)


def read_stored(
    session: Session, *, person_ids: Sequence[uuid.UUID], house: House, day: date
) -> tuple[Iterator[Line], set[uuid.UUID]]:
    """Return the stored lines of people, and those people for whom a day of change has come, without theirs."""
    rows = session.execute(STORED, {"person_ids": person_ids}).all()
    stale = {row[0] for row in rows if row[2] is not None and row[2] <= day}
    names = {known_uuid(key): requirement.name for key, requirement in house.requirements.items()}
    kept = [row for row in rows if row[0] not in stale] if stale else rows
    return (stored_line(row, names[row[3]]) for row in kept), stale


def stored_line(row: Row, requirement: str) -> Line:
    """Return a row of STORED as a line of a requirement; a million are read so, hence by place."""
    on_from, on_until, away_from, away_until, let_from, let_until, who, why = row[4:12]
    on_file = span(on_from, on_until) if on_from else None
    on_leave = span(away_from, away_until) if away_from else None
    exemption = Exemption(span(let_from, let_until), who, why) if let_from else None
    standing = Standing(requirement, on_file, *row[12:END], on_leave, exemption, row[2])
    return Line(row[0], NO_REQUIREMENT, row[1], standing)


# All lines of one person have the same days on file and on leave.
span = lru_cache(maxsize=100)(Span)


def managed_sites(session: Session, *, viewer: Viewer) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return the sites that the viewer manages, by name."""
    if viewer.manages_all:
        return tuple(map(tuple, session.execute(SITES)))
    return tuple(map(tuple, session.execute(SOME_SITES, {"site_ids": list(viewer.site_ids)})))


def titles_asked(house: House, catalog: Catalog) -> dict[str, str]:
    """Return every item that was ever required, with its title."""
    return {item: catalog.title(item) for each in house.requirements.values() for item in each.items}


Job = tuple[tuple[uuid.UUID, str], tuple[uuid.UUID, str]]


def read_jobs(session: Session, *, person_ids: Sequence[uuid.UUID], as_of: AsOf) -> dict[uuid.UUID, list[Job]]:
    """Return the jobs of some people on a day, as site and job title, by the name of the site."""
    asked = {"person_ids": person_ids, "day": as_of.day, "known_at": as_of.known_at}
    jobs: dict[uuid.UUID, list[Job]] = defaultdict(list)
    for person_id, site_id, site, title_id, title in session.execute(
        jobs_query(has_known_at=as_of.known_at is not None), asked
    ):
        jobs[person_id].append(((site_id, site), (title_id, title)))
    return jobs


@lru_cache
def jobs_query(*, has_known_at: bool) -> Select:
    """Return the query of the jobs of `person_ids` on a `day`, as known at an instant or now."""
    known_at = bindparam("known_at") if has_known_at else None
    return (
        select(Employment.person_id, Site.id, Site.name, JobTitle.id, JobTitle.name)
        .join(Site, Site.id == Employment.site_id)
        .join(JobTitle, JobTitle.id == Employment.job_title_id)
        .where(
            Employment.person_id.in_(bindparam("person_ids", expanding=True)),
            *covers(Employment, bindparam("day"), known_at=known_at),
        )
        .order_by(Site.name, Employment.starts_on, Employment.id)
    )


def workers_of(people: Sequence[Known], jobs: Mapping[uuid.UUID, Sequence[Job]]) -> dict[uuid.UUID, Worker]:
    """Return people with all their present jobs, in the order given."""
    return {
        person_id: Worker(
            person_id=person_id,
            name=name,
            staff_number=staff_number or "",
            sites=tuple(dict.fromkeys(site for site, _ in jobs[person_id])),
            job_titles=tuple(dict.fromkeys(title for _, title in jobs[person_id])),
            posts=frozenset((site[0], title[0]) for site, title in jobs[person_id]),
        )
        for person_id, name, staff_number in people
    }


def by_person(lines: Iterable[Line]) -> dict[uuid.UUID, list[Line]]:
    """Return lines by person."""
    found: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for person_id, theirs in groupby(lines, key=PERSON):
        found[person_id] += theirs
    return found


@dataclass(frozen=True, slots=True)
class Staff:
    """Some people on file on a day, with all from which their lines follow.

    A site judges by the posts at that site, a site manager's figures by the posts at the sites managed. The
    organisation counts each person once, by the strictest line.
    """

    workers: Mapping[uuid.UUID, Worker]
    titles: Mapping[str, str]
    stored: Mapping[uuid.UUID, Sequence[Line]]
    records: Mapping[uuid.UUID, PersonRecord]
    house: House
    day: date

    def lines(self, *, judged_by: frozenset[uuid.UUID]) -> Iterator[tuple[Worker, list[PersonLine]]]:
        """Yield everybody who works at one of some sites, with a line for each item, judged by the posts there."""
        for person_id, worker in self.workers.items():
            if worker.site_ids & judged_by:
                yield worker, self.lines_of(worker, self.lines_at(person_id, site_ids=judged_by))

    def lines_at(self, person_id: uuid.UUID, *, site_ids: frozenset[uuid.UUID]) -> Sequence[Line]:
        """Return a person's lines by their posts at these sites."""
        if self.workers[person_id].site_ids <= site_ids:
            return self.stored.get(person_id, ())
        record = {person_id: self.records[person_id]}
        sites = {str(site_id) for site_id in site_ids}
        return tuple(standings.lines_of(record, house=self.house, today=self.day, sites=sites))

    def lines_of(self, worker: Worker, held: Sequence[Line]) -> list[PersonLine]:
        """Return the strictest line of one person on each item; without any they never needed it."""
        by_item: dict[str, list[Line]] = defaultdict(list)
        for line in held:
            by_item[line.item].append(line)
        return [self.line(worker, item=item, held=by_item.get(item)) for item in self.titles]

    def line(self, worker: Worker, *, item: str, held: Sequence[Line] | None) -> PersonLine:
        """Return the strictest line of one person on one item."""
        title = self.titles[item]
        if not held:
            return PersonLine(worker, item, title, Status.NOT_NEEDED, None, self.day)
        standing = strictest_line(held, day=self.day).standing
        return PersonLine(worker, item, title, status_on(standing, self.day), standing, self.day)
