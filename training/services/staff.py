"""Who is on file on a day, and one line for each of them and each item: what every report is made of."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.person_record import House, PersonRecord
from training.domain.standing import Standing, notes_on, reason_on, status_on
from training.domain.status import Status
from training.models import Employment, JobTitle, Person, Site
from training.services import facts, standings
from training.services.accounts import Viewer
from training.services.employments import covers
from training.services.progress import strictest_line
from training.services.standing_rows import Line

NEVER_NEEDED = "Not needed by the present role, and never passed."


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
    """Somebody on file on the day of a report: who, at which of the sites asked about, and with which titles."""

    person_id: uuid.UUID
    name: str
    staff_number: str
    sites: tuple[tuple[uuid.UUID, str], ...]
    titles: tuple[str, ...]

    @property
    def site_ids(self) -> frozenset[uuid.UUID]:
        """The sites they work at."""
        return frozenset(site_id for site_id, _ in self.sites)


@dataclass(frozen=True, slots=True)
class PersonLine:
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
        return reason_on(self.standing, self.day) if self.standing else NEVER_NEEDED

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is so."""
        return notes_on(self.standing, self.day) if self.standing else ()


def read_staff(
    session: Session, *, viewer: Viewer, catalog: Catalog, as_of: AsOf, site_id: uuid.UUID | None = None
) -> "Staff":
    """Return everybody whom the viewer manages, or those of them at one site, in as many queries however many.

    The present day is read from the standings, every other is worked out from the facts.
    """
    sites = managed_sites(session, viewer=viewer)
    asked = frozenset(dict(sites)) if site_id is None else frozenset(dict(sites)) & {site_id}
    here = covers(Employment, as_of.day, known_at=as_of.known_at)
    among = select(Employment.person_id).where(Employment.site_id.in_(asked), *here)
    everywhere = viewer.manages_all and site_id is None
    workers = workers_on(session, day=as_of.day, known_at=as_of.known_at, among=None if everywhere else among)
    house = facts.read_house(session, known_at=as_of.known_at)
    # Only those with posts at several sites need judging anew for one of them.
    several = [person_id for person_id, worker in workers.items() if len(worker.site_ids) > 1]
    worked_out = several if as_of.is_present else list(workers)
    people = facts.read_records(session, person_ids=worked_out, known_at=as_of.known_at)
    if as_of.is_present:
        lines = standings.read_lines(session, today=as_of.day, person_ids=None if everywhere else among)
    else:
        lines = tuple(standings.lines_of(people, house=house, today=as_of.day))
    return Staff(
        workers=workers,
        sites=sites,
        stored=by_person(lines),
        records=people,
        house=house,
        titles={item: catalog.title(item) for each in house.requirements.values() for item in each.items},
        day=as_of.day,
    )


def managed_sites(session: Session, *, viewer: Viewer) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return the sites that the viewer manages, by name."""
    query = select(Site.id, Site.name).order_by(Site.name)
    if not viewer.manages_all:
        query = query.where(Site.id.in_(viewer.site_ids))
    return tuple((row.id, row.name) for row in session.execute(query))


def workers_on(
    session: Session, *, day: date, known_at: datetime | None = None, among: Select | None = None
) -> dict[uuid.UUID, Worker]:
    """Return everybody on file on a day, or those among some people, by name."""
    query = (
        select(Person, Site, JobTitle.name)
        .join(Employment, Employment.person_id == Person.id)
        .join(Site, Site.id == Employment.site_id)
        .join(JobTitle, JobTitle.id == Employment.job_title_id)
        .where(*covers(Employment, day, known_at=known_at))
        .order_by(Person.name, Person.id, Site.name)
    )
    if among is not None:
        query = query.where(Person.id.in_(among))
    jobs: dict[uuid.UUID, list[tuple[Person, Site, str]]] = defaultdict(list)
    for person, site, title in session.execute(query):
        jobs[person.id].append((person, site, title))
    return {person_id: worker_of(some) for person_id, some in jobs.items()}


def off_file(session: Session, *, viewer: Viewer, as_of: AsOf) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return the id and name of those known here and not on file: leavers, future starters, people in no job."""
    here = select(Employment.person_id).where(*covers(Employment, as_of.day, known_at=as_of.known_at))
    query = select(Person.id, Person.name).where(Person.id.not_in(here)).order_by(Person.name)
    if not viewer.manages_all:
        jobs = select(Employment.person_id).where(
            Employment.site_id.in_(viewer.site_ids), Employment.withdrawn_at.is_(None)
        )
        query = query.where(Person.id.in_(jobs))
    return tuple((row.id, row.name) for row in session.execute(query))


def worker_of(jobs: Sequence[tuple[Person, Site, str]]) -> Worker:
    """Return a person with all their present jobs."""
    person = jobs[0][0]
    return Worker(
        person_id=person.id,
        name=person.name,
        staff_number=person.staff_number or "",
        sites=tuple(dict.fromkeys((site.id, site.name) for _, site, _ in jobs)),
        titles=tuple(dict.fromkeys(title for _, _, title in jobs)),
    )


def by_person(lines: Collection[Line]) -> dict[uuid.UUID, list[Line]]:
    """Return lines by person."""
    found: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.person_id].append(line)
    return found


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody whom a viewer manages on a day, with all from which their lines follow.

    A site judges by the posts at that site, a site manager's figures by the posts at the sites managed. The
    organisation counts each person once, by the strictest line.
    """

    workers: Mapping[uuid.UUID, Worker]
    sites: tuple[tuple[uuid.UUID, str], ...]
    titles: Mapping[str, str]
    stored: Mapping[uuid.UUID, Sequence[Line]]
    records: Mapping[uuid.UUID, PersonRecord]
    house: House
    day: date

    def lines(self, site_id: uuid.UUID | None = None) -> Iterator[PersonLine]:
        """Yield a line for each person and item that anybody must hold, judged together or by one of the sites."""
        managed = frozenset(dict(self.sites))
        site_ids = managed if site_id is None else managed & {site_id}
        for person_id, worker in self.workers.items():
            if not worker.site_ids & site_ids:
                continue
            held = self.lines_at(person_id, site_ids=site_ids)
            for item in self.titles:
                yield self.line(worker, item=item, held=[line for line in held if line.item == item])

    def lines_at(self, person_id: uuid.UUID, *, site_ids: frozenset[uuid.UUID]) -> Sequence[Line]:
        """Return a person's lines by their posts at these sites."""
        if self.workers[person_id].site_ids <= site_ids:
            return self.stored.get(person_id, ())
        record = {person_id: self.records[person_id]}
        sites = {str(site_id) for site_id in site_ids}
        return tuple(standings.lines_of(record, house=self.house, today=self.day, sites=sites))

    def line(self, worker: Worker, *, item: str, held: Sequence[Line]) -> PersonLine:
        """Return the strictest line of one person on one item; somebody without any never needed it."""
        standing = strictest_line(held, day=self.day).standing if held else None
        return PersonLine(
            worker=worker,
            item=item,
            title=self.titles[item],
            status=status_on(standing, self.day) if standing else Status.NOT_NEEDED,
            standing=standing,
            day=self.day,
        )
