"""Reports with a row for each unit: site, role, job title or requirement, and the overview, which holds the first."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Select, bindparam, select

from training.domain.compliance import APART, PERSON_MODULES
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS, SEVERAL_HEADS
from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.domain.report import Column, Kind, Report, Row, Table
from training.domain.roles import Role
from training.models import WHOLE_ID, TitleRole
from training.services.employments import covers
from training.services.figures import Figure, add_up, item_figures, read_counts, site_figures
from training.services.listings import Listed
from training.services.report_questions import Asked
from training.services.rosters import Roster
from training.services.staff import Worker
from training.services.unit_counts import UnitCounts

FIGURES = (
    Column(N_("Percent"), Kind.PERCENT),
    Column(N_("Compliant"), Kind.NUMBER),
    Column(N_("Counted"), Kind.NUMBER),
    Column(N_("Up to date"), Kind.NUMBER),
    Column(N_("Expiring soon"), Kind.NUMBER),
    Column(N_("Expired"), Kind.NUMBER),
    Column(N_("Overdue"), Kind.NUMBER),
    *(Column(status.label, Kind.NUMBER) for status in APART),
    Column(N_("On file"), Kind.NUMBER),
    Column(N_("Denominator")),
)
HEADS = (
    Column(N_("People"), Kind.NUMBER),
    Column(N_("Counted people"), Kind.NUMBER),
    Column(N_("Compliant people"), Kind.NUMBER),
)


def figure_cells(figure: Figure) -> tuple[object, ...]:
    """Return what a figure says, in the order of the columns."""
    tally = figure.tally
    return (
        tally.percent,
        tally.compliant,
        tally.counted,
        tally.up_to_date,
        tally.expiring_soon,
        tally.expired,
        tally.overdue,
        *tally.apart.values(),
        tally.on_file,
        figure.denominator,
    )


def overview(asked: Asked) -> Report:
    """Return the figures of everything together, by training and by site."""
    roster = asked.roster(Listed())
    counts = counts_of(roster)
    head = asked.head(roster, title=_("All figures"), notes=head_notes(counts), tally=counts.tally())
    return Report("overview", head, (overview_table(counts),))


def overview_table(counts: UnitCounts) -> Table:
    """Return the figures of everything together, by training and by site."""
    training, site = _("Training"), _("Site")
    figures = [(_("Everything"), Figure(_("All training"), counts.tally(), PERSON_MODULES), None)]
    figures += [(training, one, ("item", one.item)) for one in item_figures(counts)]
    figures += [(site, one, ("site", str(one.site_id))) for one in site_figures(counts)]
    rows = [Row((of, one.name, *figure_cells(one)), leads_to) for of, one, leads_to in figures]
    return Table(
        "summary",
        _("Summary"),
        (Column(N_("Group")), Column("Name", translated_as=N_("Name of the group")), *FIGURES),
        rows,
    )


def head_notes(counts: UnitCounts) -> tuple[str, ...]:
    """Say how many people there are, and how many of those counted comply in everything."""
    several, compliant = counts.heads(SEVERAL_HEADS), counts.heads(COMPLIANT_HEADS)
    notes = [
        _("%(heads)s people are on file.", heads=number_words(counts.heads())),
        _(
            "%(compliant)s of %(counted)s people counted are compliant in everything.",
            compliant=number_words(compliant),
            counted=number_words(counts.heads(COUNTED_HEADS)),
        ),
    ]
    if several:
        words = N_("Those who work at several sites (%(several)s) are counted once in the whole, and at each site.")
        notes.append(_(words, several=number_words(several)))
    return tuple(notes)


def counts_of(roster: Roster) -> UnitCounts:
    """Return what is counted of the people asked for, over the items asked for: together, and at each of the sites."""
    if roster.is_unasked:
        return read_counts(roster)
    sites = tuple(site for site in roster.sites if site[0] in roster.site_ids)
    return UnitCounts(unit=WHOLE_ID, sites=sites, titles=roster.items, counted=add_up(roster))


def by_site(asked: Asked) -> Report:
    """Return a row for each site, as it judges by the jobs there."""
    roster = asked.roster(Listed())
    counts = counts_of(roster)
    note = _("A site judges by the jobs at that site, so the sites need not add up to the whole.")
    head = asked.head(roster, title=_("By site"), notes=(*head_notes(counts), note), tally=counts.tally())
    measures = (COUNTED_HEADS, COMPLIANT_HEADS)
    rows = [
        Row(
            (
                one.name,
                counts.heads(unit=one.site_id),
                *(counts.heads(measure, unit=one.site_id) for measure in measures),
                *figure_cells(one),
            ),
            ("site", str(one.site_id)),
        )
        for one in site_figures(counts)
    ]
    table = Table("sites", _("By site"), (Column(N_("Site")), *HEADS, *FIGURES), asked.rows(rows))
    return Report("site-summary", head, (table,))


def by_requirement(asked: Asked) -> Report:
    """Return a row for each item that is required, with the requirements that ask for it."""
    roster = asked.roster(Listed())
    head = asked.head(roster, title=_("By requirement"))
    return Report("requirement-summary", head, (requirement_table(roster, counts_of(roster)),))


def requirement_table(roster: Roster, counts: UnitCounts) -> Table:
    """Return a row for each item that is required."""
    columns = (Column(N_("Training")), Column(N_("Required by")), *FIGURES)
    rows = [
        Row((one.name, required_by(roster, one.item), *figure_cells(one)), ("item", one.item))
        for one in item_figures(counts)
    ]
    return Table("requirements", _("By requirement"), columns, rows)


def required_by(roster: Roster, item: str) -> str:
    """Name the requirements that ask for an item on the day."""
    in_force = ((each.name, each.on(roster.as_of.day)) for each in roster.house.requirements.values())
    return "; ".join(name for name, version in in_force if version is not None and item in version.items)


def titles_here(worker: Worker, roster: Roster) -> set[uuid.UUID]:
    """Return the titles of somebody's jobs at the sites by which they are judged."""
    return {title_id for site_id, title_id in worker.posts if site_id in roster.site_ids}


@lru_cache
def roles_query(*, is_known_at: bool) -> Select:
    """Return the query of the roles that each job title has on a `day`, as known at an instant or now."""
    known_at = bindparam("known_at") if is_known_at else None
    on_day = covers(TitleRole, bindparam("day"), known_at=known_at)
    return select(TitleRole.job_title_id, TitleRole.role).where(*on_day)


def roles_by_title(roster: Roster) -> Mapping[uuid.UUID, set[Role]]:
    """Return the roles that each job title has on the day."""
    found: dict[uuid.UUID, set[Role]] = defaultdict(set)
    asked = {"day": roster.as_of.day, "known_at": roster.as_of.known_at}
    for title_id, role in roster.session.execute(roles_query(is_known_at=asked["known_at"] is not None), asked):
        found[title_id].add(Role(role))
    return found
