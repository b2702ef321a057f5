"""How `training report` writes: the operator asks, of a whole organisation, and the answer goes to a file."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from training import clock
from training.catalog.library import load_catalog
from training.config import Config
from training.db import Database
from training.domain.audit import Actor
from training.domain.days import DayUnreadable, day_in, end_of_day, read_day
from training.domain.report import Report
from training.exports.formats import FORMATS
from training.services import organisations, report_person
from training.services.accounts import Viewer
from training.services.audit import Source
from training.services.listings import PeopleFilter
from training.services.organisations import NotFound
from training.services.report_kinds import note_export, open_report
from training.services.report_questions import Question
from training.services.staff import AsOf

OPERATOR = "the operator of the service"
NOBODY = uuid.UUID(int=0)


def operator(database: Database, *, slug: str) -> Viewer:
    """Return the operator, who sees the whole of an organisation and is nobody in it."""
    found = organisations.find_organisation(database, slug)
    return Viewer(
        organisation_id=found.id,
        organisation_name=found.name,
        organisation_slug=found.slug,
        time_zone=found.time_zone,
        account_id=NOBODY,
        person_id=NOBODY,
        name=OPERATOR,
        manages_all=True,
        reads_only=True,
    )


def read_instant(text: str, *, time_zone: str) -> datetime:
    """Return the instant that somebody typed: in ISO form, in the organisation's time zone unless it says another.

    A day means its end.

    Raises:
        DayUnreadable: with an example.
    """
    with suppress(DayUnreadable):
        return end_of_day(read_day(text), time_zone)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise DayUnreadable("Write the instant like this: 2027-01-13, or 2027-01-13T09:30.") from error
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)


def as_of(viewer: Viewer, *, as_at: str, known_at: str, today: date) -> AsOf:
    """Return the day and the instant of knowledge asked for; without any, the present."""
    known = read_instant(known_at, time_zone=viewer.time_zone) if known_at else None
    return AsOf(read_day(as_at) if as_at else today, today=today, known_at=known)


def site_named(database: Database, *, viewer: Viewer, site: str) -> uuid.UUID:
    """Return the id of a site by its name.

    Raises:
        NotFound: naming those there are.
    """
    sites = {each.name: each.id for each in organisations.list_sites(database, viewer=viewer)}
    if site not in sites:
        raise NotFound(f"There is no site {site!r}. There are: {', '.join(sorted(sites))}.")
    return sites[site]


def write(
    database: Database, *, config: Config, viewer: Viewer, name: str, question: Question, form: str, output: Path
) -> None:
    """Write a report to a file, which is there whole or not at all."""
    catalog = load_catalog(config.content_dir)
    part = output.with_name(output.name + ".part")
    opened = open_report(database, viewer=viewer, catalog=catalog, name=name, question=question, now=clock.now())
    try:
        with opened as report, part.open("wb") as file:
            file.writelines(FORMATS[form].encode(report))
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    operator = Source(kind=Actor.OPERATOR, organisation_id=viewer.organisation_id)
    note_export(database, by=operator, name=name, question=question, form=form, now=clock.now())
    click.echo(f"{output}: {words(report)}")


def words(report: Report) -> str:
    """Say what was written."""
    head = report.head
    return " ".join(
        (f"{head.title}, {head.shows_words}.", *([f"{head.percent}."] if head.percent else []), head.denominator)
    )


def question_asked(
    database: Database, *, viewer: Viewer, as_at: str, known_at: str, site: str, person: str, span: Sequence[str]
) -> Question:
    """Return what the options ask."""
    today = day_in(clock.now(), viewer.time_zone)
    since, until = (read_day(day) if day else None for day in span)
    return Question(
        as_of=as_of(viewer, as_at=as_at, known_at=known_at, today=today),
        wanted=PeopleFilter(site_id=site_named(database, viewer=viewer, site=site) if site else None),
        since=since,
        until=until,
        person_id=report_person.find_person(database, viewer=viewer, staff_number=person) if person else None,
    )
