"""One person as they stood on another day, by what was known at some instant: all of it worked out from the facts."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import end_of_day
from training.domain.language import _
from training.models import Absence, Attempt, Employment, Exemption, JobTitle, Site
from training.services import fact_queries, facts, progress, records, standings
from training.services.accounts import Viewer
from training.services.imported_passes import imported_with
from training.services.progress import OnTheWay
from training.services.reach import visible_person
from training.services.records import RecordLine
from training.services.staff import AsOf
from training.services.timeline_passes import Entry
from training.services.timelines import days_in_words, person_file


@dataclass(frozen=True, slots=True)
class Stated:
    """A job, leave or an exemption as it stood on record: what, on which days, and why."""

    title: str
    days: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PastPerson:
    """One person as at a day: jobs, leave and exemptions begun by then, the record, and what had happened."""

    person_id: uuid.UUID
    name: str
    as_of: AsOf
    jobs: tuple[Stated, ...]
    leave: tuple[Stated, ...]
    exemptions: tuple[Stated, ...]
    record: tuple[RecordLine, ...]
    entries: tuple[Entry, ...]


def person_as_of(
    database: Database, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, as_of: AsOf
) -> PastPerson:
    """Return one person as at a day, and as known at an instant where one is asked for.

    Raises:
        NotFound: when the viewer may not see them.
    """
    file = person_file(database, viewer=viewer, person_id=person_id, catalog=catalog, today=as_of.today)
    with database.read(viewer.organisation_id) as session:
        person = visible_person(session, viewer=viewer, person_id=person_id)
        return PastPerson(
            person_id=person.id,
            name=person.name,
            as_of=as_of,
            jobs=tuple(read_jobs(session, person_id=person_id, as_of=as_of)),
            leave=tuple(read_leave(session, person_id=person_id, as_of=as_of)),
            exemptions=tuple(read_exemptions(session, person_id=person_id, catalog=catalog, as_of=as_of)),
            record=read_record(session, viewer=viewer, person_id=person_id, catalog=catalog, as_of=as_of),
            entries=tuple(one for one in file.entries if had_happened(one, as_of, time_zone=viewer.time_zone)),
        )


def had_happened(entry: Entry, as_of: AsOf, *, time_zone: str) -> bool:
    """Say whether something had happened by the end of the day, and was known by the instant asked for."""
    known = as_of.known_at is None or (entry.recorded_at or entry.at) <= as_of.known_at
    return known and entry.at <= end_of_day(as_of.day, time_zone)


def read_record(
    session: Session, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, as_of: AsOf
) -> tuple[RecordLine, ...]:
    """Return the record as at a day: a line for each item that was needed, passed or tried by then.

    Whoever manages some of the sites where somebody works judges by the jobs there, as in every list and figure.
    """
    house = facts.read_house(session, known_at=as_of.known_at)
    record = facts.read_records(session, person_ids=[person_id], known_at=as_of.known_at)[person_id]
    managed = {str(site_id) for site_id in viewer.site_ids}
    sites = None if viewer.manages_all or record.sites_on(as_of.day) <= managed else managed
    judged = standings.lines_of({person_id: record}, house=house, today=as_of.day, sites=sites)
    lines = progress.strictest_lines(tuple(judged), day=as_of.day)
    rows = records.read_passes(session, person_id=person_id, until=as_of.day, known_at=as_of.known_at)
    given = standings.what_passes_gave(record, lines, house=house, day=as_of.day)
    earned = records.earned_with(session, rows, given=given)
    imported = imported_with(record, given=given, until=as_of.day)
    until = end_of_day(as_of.day, viewer.time_zone)
    tries = read_tries(session, person_id=person_id, until=until, known_at=as_of.known_at)
    known = OnTheWay(lines=lines, drafts={}, passes={}, roles=())
    return tuple(
        RecordLine(
            shown=progress.show_slug(slug, catalog=catalog, known=known, today=as_of.day),
            earned=earned.get(slug, ())[::-1],
            imported=imported.get(slug, ())[::-1],
            tries=tries[slug][0] if slug in tries else 0,
            refreshers=tries[slug][1] if slug in tries else 0,
        )
        for slug in sorted(lines.keys() | tries.keys() | imported.keys())
    )


def read_tries(
    session: Session, *, person_id: uuid.UUID, until: datetime, known_at: datetime | None
) -> dict[str, tuple[int, int]]:
    """Return how often each item had been tried, and how many of these tries were refreshers."""
    query = select(Attempt.item, func.count(), func.count(Attempt.question_ids)).group_by(Attempt.item)
    query = query.where(Attempt.person_id == person_id, Attempt.completed_at <= until)
    rows = session.execute(query.where(Attempt.recorded_at <= known_at) if known_at else query)
    return {item: (total, some) for item, total, some in rows}


def read_jobs(session: Session, *, person_id: uuid.UUID, as_of: AsOf) -> Iterator[Stated]:
    """Yield the jobs begun by the day, latest first."""
    rows = session.execute(
        select(Employment.starts_on, Employment.ends_on, JobTitle.name, Site.name)
        .join(JobTitle, JobTitle.id == Employment.job_title_id)
        .join(Site, Site.id == Employment.site_id)
        .where(*begun(Employment, person_id=person_id, as_of=as_of))
        .order_by(Employment.starts_on.desc())
    )
    for starts_on, ends_on, title, site in rows:
        yield Stated(f"{title}, {site}", days_in_words(starts_on, ends_on))


def read_leave(session: Session, *, person_id: uuid.UUID, as_of: AsOf) -> Iterator[Stated]:
    """Yield the leave begun by the day, latest first."""
    rows = session.execute(
        select(Absence.starts_on, Absence.ends_on, Site.name)
        .outerjoin(Site, Site.id == Absence.site_id)
        .where(*begun(Absence, person_id=person_id, as_of=as_of))
        .order_by(Absence.starts_on.desc())
    )
    for starts_on, ends_on, site in rows:
        title = _("Leave from the jobs at %(site)s", site=site) if site else _("Leave from every job")
        yield Stated(title, days_in_words(starts_on, ends_on))


def read_exemptions(session: Session, *, person_id: uuid.UUID, catalog: Catalog, as_of: AsOf) -> Iterator[Stated]:
    """Yield the exemptions begun by the day, latest first."""
    rows: Sequence[Row] = session.execute(
        select(Exemption.item, Exemption.starts_on, Exemption.ends_on, Exemption.who, Exemption.why)
        .where(*begun(Exemption, person_id=person_id, as_of=as_of))
        .order_by(Exemption.starts_on.desc())
    ).all()
    for row in rows:
        note = _("Decided by %(who)s: %(why)s.", who=row.who, why=row.why.removesuffix("."))
        yield Stated(catalog.title(row.item), days_in_words(row.starts_on, row.ends_on), note)


def begun(
    table: type[Employment | Absence | Exemption], *, person_id: uuid.UUID, as_of: AsOf
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of what was known of a person and had begun by the day."""
    return table.person_id == person_id, fact_queries.known(table, as_of.known_at), table.starts_on <= as_of.day
