"""What the overview counts beside units: what falls due by when, and how people in each role or job title stand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from sqlalchemy import select

from training.domain.counting import COUNTED_APART, HEADS, Moves, Titles, count_person
from training.domain.due_soon import SOON
from training.domain.status import Status
from training.models import WHOLE_ID, JobTitle
from training.services import counters
from training.services.figures import units_of
from training.services.listings import days_left
from training.services.report_summaries import roles_by_title, titles_here
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster
from training.services.staff import PersonLine, Worker
from training.services.unit_counts import UnitCounts, count_unit

# The groups that somebody is in, by id or slug.
GroupsOf = Callable[[Worker], Iterable[str]]
STATUS_OF = {field: status for status, field in COUNTED_APART.items()}


class Group(StrEnum):
    """What people are put together by, known by its slug in addresses."""

    ROLE = "role"
    JOB_TITLE = "job-title"


@dataclass(slots=True)
class GroupCount:
    """How many people a group has, and how many of their lines have each status."""

    heads: int = 0
    lines: Counter[Status] = field(default_factory=Counter)


@dataclass(slots=True)
class Counted:
    """What is counted of everybody whom a viewer manages."""

    units: UnitCounts
    due: Counter[int]
    groups: dict[str, GroupCount]


def count_everybody(roster: Roster, *, group: Group | None = None, with_sites: bool = True) -> Counted:
    """Return what is counted of everybody, in as many queries however many they are.

    The database adds up the present; another day, and what several sites come to together, go from person to person.
    """
    if not roster.is_stored:
        return walk(roster, group=group)
    units = read_units(roster, with_sites=with_sites)
    return Counted(units, units.due(day=roster.as_of.day), read_groups(roster, group, units) if group else {})


def read_units(roster: Roster, *, with_sites: bool) -> UnitCounts:
    """Return what the counters hold of the unit by item, of its sites over all items, and what falls due."""
    unit = WHOLE_ID if roster.is_everywhere else next(iter(roster.site_ids))
    known = {"sites": roster.sites, "titles": roster.titles, "as_of": roster.as_of}
    return count_unit(roster.session, unit=unit, with_sites=with_sites, with_due=True, **known)


def read_groups(roster: Roster, group: Group, units: UnitCounts) -> dict[str, GroupCount]:
    """Return how people in each group of a unit stand, from the counters of those who have just some job titles."""
    groups: dict[str, GroupCount] = defaultdict(GroupCount)
    groups_of_titles = lru_cache(titles_to_groups(roster, group))
    counted = counters.read_titles(roster.session, unit=units.unit)
    counted.update({key: number for key, number in units.counted.items() if isinstance(key[1], tuple)})
    for (unit, titles, measure), number in counted.items():
        for each in groups_of_titles(titles) if unit == units.unit else ():
            if measure == HEADS:
                groups[each].heads += number
            elif measure in STATUS_OF:
                groups[each].lines[STATUS_OF[measure]] += number
    for each in groups.values():
        # Whoever never needed an item has no row of it, or one that says so.
        each.lines[Status.NOT_NEEDED] = each.heads * len(roster.items) - each.lines.total()
    return {key: each for key, each in groups.items() if each.heads}


def titles_to_groups(roster: Roster, group: Group) -> Callable[[Titles], frozenset[str]]:
    """Return which groups whoever has just some job titles is in."""
    if group is Group.JOB_TITLE:
        return frozenset
    roles = {str(title_id): some for title_id, some in roles_by_title(roster).items()}
    return lambda titles: frozenset(role.value for title in titles for role in roles.get(title, ()))


def membership(roster: Roster, group: Group | None) -> GroupsOf:
    """Return which groups somebody is in by their jobs at the sites by which they are judged."""
    if group is None:
        return lambda _worker: ()
    groups_of_titles = titles_to_groups(roster, group)
    return lambda worker: groups_of_titles(tuple(str(title_id) for title_id in titles_here(worker, roster)))


def add_lines(
    worker: Worker,
    lines: Iterable[PersonLine],
    *,
    due: Counter[int],
    groups: dict[str, GroupCount],
    groups_of: GroupsOf,
) -> None:
    """Add the lines of one person to what falls due and to their groups."""
    statuses: Counter[Status] = Counter()
    for line in lines:
        statuses[line.status] += 1
        left = days_left(line, within=SOON[-1])
        if left is not None:
            due[left] += 1
    for each in groups_of(worker):
        groups[each].heads += 1
        groups[each].lines.update(statuses)


def walk(roster: Roster, *, group: Group | None) -> Counted:
    """Return the same from person to person, in one go."""
    counted: Moves = Counter()
    due: Counter[int] = Counter()
    groups: dict[str, GroupCount] = defaultdict(GroupCount)
    groups_of = membership(roster, group)
    units = ((WHOLE_ID, roster.site_ids), *((site_id, frozenset({site_id})) for site_id in roster.site_ids))
    people = roster.people(Shape.of(roster))
    while some := list(islice(people, BATCH)):
        staff = roster.staff(some, by_site=True)
        statuses = {person_id: units_of(worker) for person_id, worker in staff.workers.items()}
        for unit, judged_by in units:
            for worker, lines in staff.lines(judged_by=judged_by):
                statuses[worker.person_id][unit] = {line.item: line.status for line in lines}
                if unit == WHOLE_ID:
                    add_lines(worker, lines, due=due, groups=groups, groups_of=groups_of)
        for each in statuses.values():
            counted.update(count_person(each))
    return Counted(UnitCounts(unit=WHOLE_ID, sites=roster.sites, titles=roster.titles, counted=counted), due, groups)


def group_names(roster: Roster, group: Group) -> dict[str, str]:
    """Return what each group is called."""
    if group is Group.ROLE:
        return {}
    return {str(row.id): row.name for row in roster.session.execute(select(JobTitle.id, JobTitle.name))}
