"""What managers ask: figures by site and requirement, who has which status, and one person's whole story."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from math import ceil

from training.catalog.library import Catalog
from training.db import Database
from training.domain.compliance import PEOPLE, PERSON_MODULES, Tally, denominator_sentence, percent_words, tally
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS, SEVERAL_HEADS
from training.domain.days import Span
from training.domain.status import Status
from training.services import facts, past_records, records, timelines
from training.services import people as people_service
from training.services.accounts import Viewer
from training.services.people import Contact
from training.services.staff import AsOf, PersonLine, Worker, off_file, read_staff
from training.services.timelines import PersonFile
from training.services.unit_counts import UnitCounts, read_counts

PEOPLE_A_PAGE = 100

NOT_YOURS = "a site that is none of yours"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of figures: whose, over which item, and the tally."""

    name: str
    tally: Tally
    unit: tuple[str, str]
    site_id: uuid.UUID | None = None
    item: str = ""

    @property
    def percent(self) -> str:
        """The percentage in words."""
        return percent_words(self.tally)

    @property
    def denominator(self) -> str:
        """The sentence that reconciles heads on file with those counted."""
        return denominator_sentence(self.tally, unit=self.unit)


@dataclass(frozen=True, slots=True)
class Overview:
    """The manager's first page: everything together, by site and by item."""

    as_of: AsOf
    organisation_name: str
    scope: str
    whole: Figure
    heads: int
    fully_compliant: int
    counted_heads: int
    at_several_sites: int
    by_item: tuple[Figure, ...]
    by_site: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a manager asked to see; nothing asked shows everything."""

    status: Status | None = None
    site_id: uuid.UUID | None = None
    item: str = ""
    search: str = ""

    def fits(self, line: PersonLine) -> bool:
        """Say whether a line is asked for."""
        return (
            (self.status is None or self.status is line.status)
            and (self.site_id is None or self.site_id in line.worker.site_ids)
            and (not self.item or self.item == line.item)
            and (not self.search or self.finds(line.worker))
        )

    def finds(self, worker: Worker) -> bool:
        """Say whether somebody on file has the name or the staff number looked for."""
        asked = self.search.casefold()
        return asked in worker.name.casefold() or asked == worker.staff_number.casefold()

    def fits_off_file(self, *, name: str) -> bool:
        """Say whether somebody who is not on file, and so has no status anywhere, is asked for."""
        return not (self.status or self.site_id or self.item) and self.search.casefold() in name.casefold()


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Some of the people asked for, each with their lines: first those on file, then the others."""

    number: int
    last: int
    most: int
    people: tuple[tuple[Worker, tuple[PersonLine, ...]], ...]
    off_file: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The people asked for with the figure that reconciles them; `off_file` are no part of any."""

    as_of: AsOf
    organisation_name: str
    wanted: PeopleFilter
    lines: tuple[PersonLine, ...]
    figure: Figure
    sites: tuple[tuple[uuid.UUID, str], ...]
    items: tuple[tuple[str, str], ...]
    off_file: tuple[tuple[uuid.UUID, str], ...]

    @property
    def asked_words(self) -> str:
        """What was asked for, in words."""
        wanted = self.wanted
        parts = [
            wanted.status.label if wanted.status else "",
            dict(self.sites).get(wanted.site_id, NOT_YOURS) if wanted.site_id else "",
            dict(self.items).get(wanted.item, ""),
            f"name or staff number with “{wanted.search}”" if wanted.search else "",
        ]
        return "; ".join(part for part in parts if part) or "Everybody, all training"

    def page(self, number: int) -> PeoplePage:
        """Return one page of them, a hundred people to each; a number that no page has gives the nearest."""
        on_file = [(worker, tuple(some)) for worker, some in groupby(self.lines, key=lambda line: line.worker)]
        last = max(1, ceil((len(on_file) + len(self.off_file)) / PEOPLE_A_PAGE))
        number = min(max(number, 1), last)
        before = (number - 1) * PEOPLE_A_PAGE
        people = tuple(on_file[before : before + PEOPLE_A_PAGE])
        others = max(before - len(on_file), 0)
        return PeoplePage(
            number=number,
            last=last,
            most=PEOPLE_A_PAGE,
            people=people,
            off_file=self.off_file[others : others + PEOPLE_A_PAGE - len(people)],
        )


@dataclass(frozen=True, slots=True)
class Try:
    """A finished attempt as a manager sees it: when and whether it passed, never the answers."""

    title: str
    at: datetime
    passed: bool
    is_refresher: bool = False


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One person's story: who they are, where they stand, what they did, latest first, and what is recorded of them."""

    as_at: date
    contact: Contact
    record: tuple[records.RecordLine, ...]
    tries: tuple[Try, ...]
    file: PersonFile


def overview(database: Database, *, viewer: Viewer, catalog: Catalog, as_of: AsOf) -> Overview:
    """Return the figures of everybody whom the viewer manages, each with its denominator reconciled."""
    with database.read(viewer.organisation_id) as session:
        counts = read_counts(session, viewer=viewer, catalog=catalog, as_of=as_of)
    return Overview(
        as_of=as_of,
        organisation_name=viewer.organisation_name,
        scope="the whole organisation" if viewer.manages_all else ", ".join(name for _, name in counts.sites),
        whole=Figure("All training", counts.tally(), PERSON_MODULES),
        heads=counts.heads(),
        fully_compliant=counts.heads(COMPLIANT_HEADS),
        counted_heads=counts.heads(COUNTED_HEADS),
        at_several_sites=counts.heads(SEVERAL_HEADS),
        by_item=tuple(item_figures(counts)),
        by_site=tuple(site_figures(counts)),
    )


def site_figures(counts: UnitCounts) -> Iterator[Figure]:
    """Yield one figure for each site, by name."""
    for site_id, name in counts.sites:
        yield Figure(name, counts.tally(unit=site_id), PERSON_MODULES, site_id=site_id)


def item_figures(counts: UnitCounts) -> Iterator[Figure]:
    """Yield one figure for each item, by title, where there is anybody to speak of."""
    for item, title in by_title(counts.titles) if counts.heads() else ():
        yield Figure(title, counts.tally(item=item), PEOPLE, item=item)


def by_title(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return items with their titles, in the order of these."""
    return sorted(titles.items(), key=lambda each: (each[1], each[0]))


def people(database: Database, *, viewer: Viewer, wanted: PeopleFilter, catalog: Catalog, as_of: AsOf) -> PeopleReport:
    """Return the lines asked for, of people whom the viewer manages; with a site, as that site judges."""
    with database.read(viewer.organisation_id) as session:
        staff = read_staff(session, viewer=viewer, catalog=catalog, as_of=as_of, site_id=wanted.site_id)
        others = off_file(session, viewer=viewer, as_of=as_of)
    fitting = tuple(line for line in staff.lines(wanted.site_id) if wanted.fits(line))
    return PeopleReport(
        as_of=as_of,
        organisation_name=viewer.organisation_name,
        wanted=wanted,
        lines=fitting,
        figure=Figure("These people", tally(line.status for line in fitting), PERSON_MODULES),
        sites=staff.sites,
        items=tuple(by_title(staff.titles)),
        off_file=tuple(one for one in others if wanted.fits_off_file(name=one[1])),
    )


def person(database: Database, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, today: date) -> PersonReport:
    """Return one person's story.

    Raises:
        NotFound: when the viewer may not see them.
    """
    with database.read(viewer.organisation_id) as session:
        contact = people_service.find_contact(session, viewer=viewer, person_id=person_id)
        house, done = facts.read_house(session), records.read_tries(session, person_id=person_id)
        known = {"catalog": catalog, "today": today, "house": house}
        if works_elsewhere(contact, viewer=viewer, day=today):
            as_of = AsOf.present(today)
            record = past_records.read_record(session, viewer=viewer, person_id=person_id, catalog=catalog, as_of=as_of)
        else:
            record = records.record_lines(session, person_id=person_id, tries=done, **known)
        return PersonReport(
            as_at=today,
            contact=contact,
            record=record,
            tries=tuple(Try(catalog.title(row.item), row.completed_at, row.passed, row.is_refresher) for row in done),
            file=timelines.read_file(session, viewer=viewer, contact=contact, done=done, **known),
        )


def works_elsewhere(contact: Contact, *, viewer: Viewer, day: date) -> bool:
    """Say whether somebody works on a day at a site too that the viewer does not manage."""
    present = {job.site_id for job in contact.jobs if day in Span(job.starts_on, job.ends_on)}
    return not viewer.manages_all and not present <= viewer.site_ids
