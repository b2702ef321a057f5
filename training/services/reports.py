"""What managers ask: figures by site and requirement, who has which status, and one person's whole story."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from training.catalog.library import Catalog
from training.db import Database
from training.domain.compliance import PEOPLE, PERSON_MODULES, Tally, denominator_sentence, percent_words, tally
from training.domain.status import Status
from training.models import Attempt
from training.services import people as people_service
from training.services import records
from training.services.accounts import Viewer
from training.services.people import Contact
from training.services.staff import AsOf, PersonLine, Staff, off_file, read_staff


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
        asked = self.search.casefold()
        return (
            self.status in {None, line.status}
            and (self.site_id is None or self.site_id in line.worker.site_ids)
            and self.item in {"", line.item}
            and (asked in line.worker.name.casefold() or asked == line.worker.staff_number.casefold())
        )


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The people asked for with the figure that reconciles them."""

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
            dict(self.sites).get(wanted.site_id, "") if wanted.site_id else "",
            dict(self.items).get(wanted.item, ""),
            f"name or staff number with “{wanted.search}”" if wanted.search else "",
        ]
        return "; ".join(part for part in parts if part) or "Everybody, all training"


@dataclass(frozen=True, slots=True)
class Try:
    """A finished attempt as a manager sees it: when and whether it passed, never the answers."""

    title: str
    at: datetime
    passed: bool
    is_refresher: bool = False


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One person's story: who they are, where they stand, and what they have done, latest first."""

    as_at: date
    contact: Contact
    record: tuple[records.RecordLine, ...]
    tries: tuple[Try, ...]


def overview(database: Database, *, viewer: Viewer, catalog: Catalog, as_of: AsOf) -> Overview:
    """Return the figures of everybody whom the viewer manages, each with its denominator reconciled."""
    with database.read(viewer.organisation_id) as session:
        staff = read_staff(session, viewer=viewer, catalog=catalog, as_of=as_of)
    compliant, counted = compliant_heads(staff.lines)
    return Overview(
        as_of=as_of,
        organisation_name=viewer.organisation_name,
        scope="the whole organisation" if viewer.manages_all else ", ".join(name for _, name in staff.sites),
        whole=Figure("All training", tally(line.status for line in staff.lines), PERSON_MODULES),
        heads=len(staff.workers),
        fully_compliant=compliant,
        counted_heads=counted,
        at_several_sites=sum(len(worker.site_ids) > 1 for worker in staff.workers.values()),
        by_item=tuple(item_figures(staff.lines)),
        by_site=tuple(site_figures(staff)),
    )


def site_figures(staff: Staff) -> Iterator[Figure]:
    """Yield one figure for each site, by name."""
    for site_id, name in staff.sites:
        statuses = (line.status for line in staff.by_site[site_id])
        yield Figure(name, tally(statuses), PERSON_MODULES, site_id=site_id)


def compliant_heads(lines: Sequence[PersonLine]) -> tuple[int, int]:
    """Return how many people are compliant with all that is counted of them, and how many are counted at all."""
    worst: dict[uuid.UUID, bool] = {}
    for line in lines:
        if line.status.counted:
            worst[line.worker.person_id] = worst.get(line.worker.person_id, True) and line.status.compliant
    return sum(worst.values()), len(worst)


def item_figures(lines: Sequence[PersonLine]) -> Iterator[Figure]:
    """Yield one figure for each item, by title."""
    by_item: dict[tuple[str, str], list[Status]] = defaultdict(list)
    for line in lines:
        by_item[line.title, line.item].append(line.status)
    for (title, item), statuses in sorted(by_item.items()):
        yield Figure(title, tally(statuses), PEOPLE, item=item)


def people(database: Database, *, viewer: Viewer, wanted: PeopleFilter, catalog: Catalog, as_of: AsOf) -> PeopleReport:
    """Return the lines asked for, of people whom the viewer manages; with a site, as that site judges."""
    with database.read(viewer.organisation_id) as session:
        staff = read_staff(session, viewer=viewer, catalog=catalog, as_of=as_of)
        others = off_file(session, viewer=viewer, workers=staff.workers)
    lines = staff.lines if wanted.site_id is None else staff.by_site.get(wanted.site_id, ())
    fitting = tuple(line for line in lines if wanted.fits(line))
    return PeopleReport(
        as_of=as_of,
        organisation_name=viewer.organisation_name,
        wanted=wanted,
        lines=fitting,
        figure=Figure("These people", tally(line.status for line in fitting), PERSON_MODULES),
        sites=staff.sites,
        items=tuple((figure.item, figure.name) for figure in item_figures(staff.lines)),
        off_file=tuple(one for one in others if wanted.search.casefold() in one[1].casefold()),
    )


def person(database: Database, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, today: date) -> PersonReport:
    """Return one person's story.

    Raises:
        NotFound: when the viewer may not see them.
    """
    with database.read(viewer.organisation_id) as session:
        contact = people_service.find_contact(session, viewer=viewer, person_id=person_id)
        record = records.record_lines(session, person_id=person_id, catalog=catalog, today=today)
        tries = session.execute(
            select(
                Attempt.item,
                Attempt.completed_at,
                Attempt.passed,
                Attempt.question_ids.is_not(None).label("is_refresher"),
            )
            .where(Attempt.person_id == person_id)
            .order_by(Attempt.completed_at.desc())
        ).all()
    return PersonReport(
        as_at=today,
        contact=contact,
        record=record,
        tries=tuple(
            Try(catalog.title(row.item), row.completed_at, row.passed, bool(row.is_refresher)) for row in tries
        ),
    )
