"""What the overview counts beside units: what falls due by when, and how people in each role or job title stand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from training.domain.counting import Moves, count_person
from training.domain.due_soon import SOON
from training.domain.status import Status
from training.models import WHOLE_ID, JobTitle
from training.services import counters, facts, group_queries, standings
from training.services.figures import units_of
from training.services.group_queries import Group
from training.services.report_summaries import roles_by_title, titles_here
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster, days_left
from training.services.staff import PersonLine, Staff, Worker, by_person, read_jobs, workers_of
from training.services.unit_counts import UnitCounts, count_unit, not_yet_moved

# The groups that somebody is in, by id or slug.
GroupsOf = Callable[[Worker], Iterable[str]]


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


def count_everybody(roster: Roster, *, group: Group | None = None, by_site_and_item: bool = False) -> Counted:
    """Return what is counted of everybody, in as many queries however many they are.

    The database adds up the present; another day, and what several sites come to together, go from person to person.
    """
    if not roster.is_stored:
        return walk(roster, group=group)
    units = read_units(roster, by_site_and_item=by_site_and_item)
    return Counted(units, due_of(units, day=roster.as_of.day), read_groups(roster, group) if group else {})


def read_units(roster: Roster, *, by_site_and_item: bool) -> UnitCounts:
    """Return what the counters hold of the unit and its sites, or of every unit and item, and what falls due."""
    unit = WHOLE_ID if roster.is_everywhere else next(iter(roster.site_ids))
    known = {"unit": unit, "sites": roster.sites, "titles": roster.titles}
    if by_site_and_item:
        counted = counters.read_all(roster.session)
        counted.update(not_yet_moved(roster.session, as_of=roster.as_of))
        units = UnitCounts(counted=counted, **known)
    else:
        units = count_unit(roster.session, as_of=roster.as_of, **known)
    days = {"first": roster.as_of.day, "last": roster.as_of.day + timedelta(days=SOON[-1])}
    units.counted.update(counters.read_due(roster.session, unit=unit, **days))
    return units


def due_of(units: UnitCounts, *, day: date) -> Counter[int]:
    """Return how much of a unit falls due in so many days; what the day has moved may speak of other days too."""
    found: Counter[int] = Counter()
    for (unit, _, measure), number in units.counted.items():
        left = (measure - day).days if unit == units.unit and isinstance(measure, date) else -1
        if 0 <= left <= SOON[-1]:
            found[left] += number
    return found


def read_groups(roster: Roster, group: Group) -> dict[str, GroupCount]:
    """Return how people in each group stand: the database adds them up, but for those of whom only the rules know."""
    session, asked, groups_of = roster.session, asked_of(roster), membership(roster, group)
    groups: dict[str, GroupCount] = defaultdict(GroupCount)
    for row in session.execute(group_queries.groups_query(group, everywhere=roster.is_everywhere), asked):
        if row.status is None:
            groups[str(row.of)].heads = row.number
        else:
            groups[str(row.of)].lines[Status(row.status)] = row.number
    for each in groups.values():
        # Whoever never needed an item has no row of it, or one that says so.
        each.lines[Status.NOT_NEEDED] += each.heads * len(roster.items) - each.lines.total()
    for worker, lines in lines_only_rules_know(roster, asked):
        add_lines(worker, lines, due=Counter(), groups=groups, groups_of=groups_of)
    return groups


def asked_of(roster: Roster) -> dict[str, Any]:
    """Return the values that the queries ask for."""
    required = Counter(item for each in roster.house.requirements.values() for item in each.items)
    return {
        "day": roster.as_of.day,
        "site_id": next(iter(roster.site_ids), None),
        "shared": [item for item, times in required.items() if times > 1],
    }


def lines_only_rules_know(roster: Roster, asked: Mapping[str, Any]) -> Iterator[tuple[Worker, list[PersonLine]]]:
    """Yield the people whom the queries leave out, with their lines as their facts have them."""
    session, house, day = roster.session, roster.house, roster.as_of.day
    ids = iter(sorted(session.scalars(group_queries.only_rules_know(), asked)))
    while some := list(islice(ids, BATCH)):
        jobs = read_jobs(session, person_ids=some, as_of=roster.as_of)
        records = facts.read_records(session, person_ids=some)
        staff = Staff(
            workers=workers_of([(person_id, "", None) for person_id in some], jobs),
            titles=roster.items,
            stored=by_person(tuple(standings.lines_of(records, house=house, today=day))),
            records=records,
            house=house,
            day=day,
        )
        yield from staff.lines(judged_by=roster.site_ids)


def membership(roster: Roster, group: Group | None) -> GroupsOf:
    """Return which groups somebody is in by their jobs at the sites by which they are judged."""
    if group is None:
        return lambda _worker: ()
    if group is Group.JOB_TITLE:
        return lambda worker: {str(title_id) for title_id in titles_here(worker, roster)}
    roles = roles_by_title(roster)
    return lambda worker: {role.value for title in titles_here(worker, roster) for role in roles.get(title, ())}


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
