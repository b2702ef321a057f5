"""What is on record of the people that an import names, as far as whoever imports may change it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from training.domain.days import Span
from training.domain.people_import import House, Known, KnownJob, Names, Place, loose
from training.models import Employment, JobTitle, Person, Site
from training.services.facts import AT_ONCE
from training.services.import_runs import Importer


def read_house(
    session: Session,
    *,
    viewer: Importer,
    numbers: Collection[str],
    emails: Collection[str] = (),
    today: date,
    new_sites: Collection[str] = (),
    new_titles: Collection[str] = (),
    everybody: bool = False,
) -> House:
    """Return who is on record with these staff numbers and addresses; everybody, where absence is to mean leaving.

    Sites and titles that are to be made count as there.
    """
    sites = {
        row.id: Place(row.id.hex, row.name, viewer.manages_all or row.id in viewer.site_ids)
        for row in session.execute(select(Site.id, Site.name))
    }
    titles = {row.id: Place(row.id.hex, row.name) for row in session.execute(select(JobTitle.id, JobTitle.name))}
    people = list(find_people(session, numbers=numbers, emails=emails, everybody=everybody))
    jobs = read_jobs(session, [row.id for row in people], sites=sites, titles=titles)
    once_here = [] if viewer.manages_all else read_once_here(session, viewer=viewer)
    return House(
        people=[known_of(row, jobs.get(row.id, ()), viewer=viewer, once_here=once_here, today=today) for row in people],
        titles=Names.of([*titles.values(), *to_be_made(new_titles, beside=titles.values())]),
        sites=Names.of([*sites.values(), *to_be_made(new_sites, beside=sites.values())]),
        me=viewer.person_id.hex if viewer.person_id else "",
    )


def to_be_made(names: Collection[str], *, beside: Collection[Place]) -> Iterator[Place]:
    """Yield the places that are to be made, but for those that somebody else has made meanwhile."""
    there = {place.name.casefold() for place in beside}
    return (Place("", name) for name in names if name.casefold() not in there)


def find_people(
    session: Session, *, numbers: Collection[str], emails: Collection[str], everybody: bool
) -> Iterator[Row]:
    """Yield those whom a file could mean: by staff number, also where it lost its zeros or capitals, or by address."""
    query = select(Person.id, Person.name, Person.staff_number, Person.email)
    if everybody:
        yield from session.execute(query)
        return
    alike = func.ltrim(func.lower(func.replace(Person.staff_number, " ", "")), "0")
    asked = ((alike, {loose(one) for one in numbers}), (Person.email, emails), (Person.staff_number, numbers))
    found = {}
    for column, wanted in asked:
        for some in parts(wanted):
            found |= {row.id: row for row in session.execute(query.where(column.in_(some)))}
    yield from found.values()


def parts(values: Iterable) -> Iterator[list]:
    """Yield values some at a time, as databases limit how many a statement may name."""
    every = sorted(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def read_jobs(
    session: Session,
    person_ids: Collection[uuid.UUID],
    *,
    sites: dict[uuid.UUID, Place],
    titles: dict[uuid.UUID, Place],
) -> dict[uuid.UUID, list[KnownJob]]:
    """Return the jobs that stand on record of some people, in order of their first days."""
    found: dict[uuid.UUID, list[KnownJob]] = defaultdict(list)
    columns = (Employment.id, Employment.person_id, Employment.job_title_id, Employment.site_id)
    query = select(*columns, Employment.starts_on, Employment.ends_on).where(Employment.withdrawn_at.is_(None))
    for some in parts(person_ids):
        rows = session.execute(query.where(Employment.person_id.in_(some)).order_by(Employment.starts_on))
        for job_id, person_id, title_id, site_id, starts_on, ends_on in rows:
            days = Span(starts_on, ends_on)
            found[person_id].append(KnownJob(job_id.hex, titles[title_id], sites[site_id], days))
    return found


def read_once_here(session: Session, *, viewer: Importer) -> set[uuid.UUID]:
    """Return those who ever had a job at the viewer's sites on record, also one that was taken back."""
    return set(session.scalars(select(Employment.person_id).where(Employment.site_id.in_(viewer.site_ids)).distinct()))


def known_of(
    row: Row, jobs: Sequence[KnownJob], *, viewer: Importer, once_here: Collection[uuid.UUID], today: date
) -> Known:
    """Return somebody on record, with how far they are the viewer's to change."""
    here = [job for job in jobs if job.site.yours]
    return Known(
        id=row.id.hex,
        name=row.name,
        staff_number=row.staff_number or "",
        email=row.email or "",
        jobs=tuple(jobs),
        yours=viewer.manages_all or bool(here) or (not jobs and row.id in once_here),
        wholly=not any(not job.site.yours and not job.days.ends_before(today) for job in jobs),
    )


def ids_of_numbers(session: Session, numbers: Collection[str]) -> list[uuid.UUID]:
    """Return the ids of those who have these staff numbers."""
    query = select(Person.id)
    return [found for some in parts(numbers) for found in session.scalars(query.where(Person.staff_number.in_(some)))]


def ids_at_work(session: Session, *, viewer: Importer, today: date) -> list[uuid.UUID]:
    """Return the ids of those with a job now or later, at the viewer's sites."""
    goes_on = (Employment.ends_on.is_(None)) | (Employment.ends_on >= today)
    query = select(Employment.person_id).where(Employment.withdrawn_at.is_(None), goes_on).distinct()
    return list(session.scalars(query if viewer.manages_all else query.where(Employment.site_id.in_(viewer.site_ids))))
