"""The manager's first page: are we compliant, who is red, what falls due, and how it went; for any day."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.catalog.library import Catalog
from training.db import Database
from training.domain.compliance import PERSON_MODULES, Tally, tally_counts
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS, EVERY_ITEM, SEVERAL_HEADS
from training.domain.due_soon import due_within
from training.domain.language import N_, _
from training.domain.roles import Role
from training.models import WHOLE_ID
from training.services import counters, overview_counts, trends
from training.services.accounts import Viewer
from training.services.figures import Figure, by_title, item_figures, site_figures
from training.services.overview_counts import Counted, Group
from training.services.report_questions import covers_words
from training.services.rosters import Roster, open_roster
from training.services.staff import AsOf
from training.services.trends import TrendPoint, Trends
from training.services.unit_counts import UnitCounts, not_yet_moved

# So many sites, roles or job titles stand on a page; of sites those that comply least come first.
A_PAGE = 25
WHOLE = N_("The whole organisation")


class By(StrEnum):
    """What the figures below are by, known by its slug in addresses."""

    TRAINING = "training"
    SITE = "site"
    ROLE = "role"
    JOB_TITLE = "job-title"
    HEAT_MAP = "heat-map"

    @property
    def label(self) -> str:
        """What it is called."""
        return _(LABELS[self])


LABELS = {
    By.TRAINING: N_("Training"),
    By.SITE: N_("Site"),
    By.ROLE: N_("Role"),
    By.JOB_TITLE: N_("Job title"),
    By.HEAT_MAP: N_("Site and training"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of figures, and the filter that leads to its people."""

    figure: Figure
    leads_to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How each site complies with each item: the items with their titles, and each site with tallies in that order."""

    items: tuple[tuple[str, str], ...]
    sites: tuple[tuple[uuid.UUID, str, tuple[Tally, ...]], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of everybody whom somebody manages on a day; `due` has how much falls due within so many days.

    Long tables come page by page, `number` of `last`. The trend comes with the first of the tables alone, and for
    today alone.
    """

    as_of: AsOf
    organisation_name: str
    scope: str
    whole: Figure
    heads: int
    fully_compliant: int
    counted_heads: int
    at_several_sites: int
    due: Mapping[int, int]
    by: By
    lines: tuple[Line, ...]
    number: int
    last: int
    heat_map: HeatMap | None
    trends: Trends | None


@dataclass(frozen=True, slots=True)
class TrendPage:
    """The trend of one unit over one item or all, with what else can be chosen."""

    trends: Trends
    sites: tuple[tuple[uuid.UUID, str], ...]
    items: tuple[tuple[str, str], ...]
    site_id: uuid.UUID | None
    item: str
    may_see_whole: bool


def overview(
    database: Database, *, viewer: Viewer, catalog: Catalog, as_of: AsOf, by: By = By.TRAINING, number: int = 1
) -> Overview:
    """Return the figures of everybody whom the viewer manages, each with its denominator reconciled.

    A page that is not there is the nearest that is.
    """
    with database.read(viewer.organisation_id) as session:
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=as_of)
        group = Group(by) if by in set(Group) else None
        counted = overview_counts.count_everybody(roster, group=group, with_sites=by in {By.SITE, By.HEAT_MAP})
        counts = counted.units
        lines = tuple(lines_by(roster, counted, by=by))
        last = 1 if by is By.TRAINING else max(1, -(-len(lines) // A_PAGE))
        number = min(max(number, 1), last)
        shown = lines if by is By.TRAINING else lines[(number - 1) * A_PAGE : number * A_PAGE]
        return Overview(
            as_of=as_of,
            organisation_name=viewer.organisation_name,
            scope=covers_words(roster),
            whole=Figure(_("All training"), counts.tally(), PERSON_MODULES),
            heads=counts.heads(),
            fully_compliant=counts.heads(COMPLIANT_HEADS),
            counted_heads=counts.heads(COUNTED_HEADS),
            at_several_sites=counts.heads(SEVERAL_HEADS),
            due=due_within(counted.due),
            by=by,
            lines=shown,
            number=number,
            last=last,
            heat_map=heat_map_of(roster, counts, shown) if by is By.HEAT_MAP else None,
            trends=trends_of(roster, counts) if as_of.is_present and by is By.TRAINING else None,
        )


def trend_page(
    database: Database, *, viewer: Viewer, catalog: Catalog, today: date, site_id: uuid.UUID | None, item: str
) -> TrendPage:
    """Return the trend of the whole or of a site; what the viewer cannot mean is taken for all they may see."""
    with database.read(viewer.organisation_id) as session:
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=AsOf.present(today))
        site_id = site_id if site_id in dict(roster.sites) else None
        item = item if item in roster.titles else EVERY_ITEM
        return TrendPage(
            trends=trends_of(roster, site_id=site_id, item=item),
            sites=roster.sites,
            items=tuple(by_title(roster.titles)),
            site_id=site_id,
            item=item,
            may_see_whole=viewer.manages_all,
        )


def present_counts(roster: Roster, units: Collection[uuid.UUID]) -> UnitCounts:
    """Return what the counters hold of some units at present."""
    counted = counters.read(roster.session, units=units)
    counted.update(not_yet_moved(roster.session, as_of=roster.as_of))
    return UnitCounts(unit=WHOLE_ID, sites=roster.sites, titles=roster.titles, counted=counted)


def trends_of(
    roster: Roster, counts: UnitCounts | None = None, *, site_id: uuid.UUID | None = None, item: str = EVERY_ITEM
) -> Trends:
    """Return the trend of the whole, or for whoever may not see that, one of each of their first sites; up to today."""
    whole = ((WHOLE_ID, _(WHOLE)),) if roster.viewer.manages_all else roster.sites[:A_PAGE]
    units = whole if site_id is None else ((site_id, dict(roster.sites)[site_id]),)
    counts = counts or present_counts(roster, [unit for unit, _ in units])
    present = {
        unit: TrendPoint(roster.as_of.day, counts.tally(item=item, unit=unit), counts.heads(unit=unit))
        for unit, _ in units
    }
    return trends.read_trends(
        roster.session, units=units, titles=roster.titles, today=roster.as_of.today, item=item, present=present
    )


def lines_by(roster: Roster, counted: Counted, *, by: By) -> Iterator[Line]:
    """Yield the rows of figures asked for; of sites those that comply least come first."""
    match by:
        case By.TRAINING:
            yield from (Line(one, {"item": one.item}) for one in item_figures(counted.units))
        case By.SITE | By.HEAT_MAP:
            figures = sorted(site_figures(counted.units), key=least_first)
            yield from (Line(one, {"site": str(one.site_id)}) for one in figures)
        case By.ROLE | By.JOB_TITLE:
            yield from group_lines(roster, counted, group=Group(by))


def least_first(figure: Figure) -> tuple[bool, object, str]:
    """Return what puts figures in order: those with nobody counted last, then by per cent, then by name."""
    percent = figure.tally.percent
    return percent is None, percent, figure.name


def group_lines(roster: Roster, counted: Counted, *, group: Group) -> Iterator[Line]:
    """Yield a row for each role or job title that anybody on file has, by name."""
    names = {role.value: role.label for role in Role} | overview_counts.group_names(roster, group)
    for key in sorted(counted.groups, key=lambda key: (names[key], key)):
        tally = tally_counts(counted.groups[key].lines)
        yield Line(Figure(names[key], tally, PERSON_MODULES), {group.value: key})


def heat_map_of(roster: Roster, counts: UnitCounts, shown: tuple[Line, ...]) -> HeatMap:
    """Return how each of some sites complies with each item."""
    items = tuple(by_title(counts.titles))
    if roster.is_stored and len(roster.sites) > 1:
        found = counters.read(roster.session, units=[line.figure.site_id for line in shown])
        counts.counted.update({key: number for key, number in found.items() if key[1] != EVERY_ITEM})
    rows = []
    for site in (line.figure for line in shown):
        # Where there is but one site to see, its counts were asked for as the unit.
        unit = counts.unit if len(roster.sites) == 1 else site.site_id
        rows.append((site.site_id, site.name, tuple(counts.tally(item=item, unit=unit) for item, _ in items)))
    return HeatMap(items=items, sites=tuple(rows))
