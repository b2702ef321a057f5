"""How many stood how at each month's end: the days of a trend, and what one person adds to each."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from training.domain.counting import Moves, count_person
from training.domain.days import ONE_DAY
from training.domain.need import Facts
from training.domain.person_record import House, PersonRecord, as_on, facts_for
from training.domain.requirement import Requirement, Version
from training.domain.standing import Standing, status_on, strictest, turns_of, work_out_dates
from training.domain.status import Status

MONTHS = 24
# The unit that is the organisation itself; every other is a site.
WHOLE = None


@dataclass(frozen=True, slots=True)
class Course:
    """What the rules know of one person and one requirement, which serves for every day."""

    facts: Facts
    versions: Sequence[Version]

    def standings(self, days: Iterable[date]) -> Iterator[Standing]:
        """Yield the standing on each of some days in order; it is worked out anew where a fact begins or has ended."""
        turns, place, standing = sorted(turns_of(self.facts)), -1, Standing()
        for day in days:
            turned = bisect_right(turns, day)
            if turned != place:
                place, standing = turned, work_out_dates(as_on(self.facts, self.versions, day), as_at=day)
            yield standing


def month_ends(today: date, *, months: int = MONTHS) -> tuple[date, ...]:
    """Return the last days of the latest months that are over, in order."""
    days = []
    day = today.replace(day=1) - ONE_DAY
    for _ in range(months):
        days.append(day)
        day = day.replace(day=1) - ONE_DAY
    return tuple(reversed(days))


def moves_by_day(records: Iterable[PersonRecord], *, house: House, days: Sequence[date]) -> dict[date, Moves]:
    """Return what some people add up to on each of some days in order, by unit, item and measure."""
    moves: dict[date, Moves] = defaultdict(Counter)
    asked = requirements_by_item(house)
    for record in records:
        for day, statuses in units_by_day(record, house=house, asked=asked, days=days):
            for key, number in count_person(statuses).items():
                moves[day][key] += number
    return moves


def requirements_by_item(house: House) -> dict[str, list[Requirement]]:
    """Return every item that was ever required, with the requirements that asked for it."""
    asked: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in house.requirements.values():
        for item in requirement.items:
            asked[item].append(requirement)
    return asked


def units_by_day(
    record: PersonRecord, *, house: House, asked: Mapping[str, Sequence[Requirement]], days: Sequence[date]
) -> Iterator[tuple[date, dict[str | None, dict[str, Status]]]]:
    """Yield each day on which somebody is on file, with their status by unit and item."""
    sites = {day: at for day in days if (at := record.sites_on(day))}
    known = {"house": house, "asked": asked}
    whole = statuses_by_day(record, days=list(sites), **known)
    several: dict[str, list[date]] = defaultdict(list)
    for day, at in sites.items():
        for site in at if len(at) > 1 else ():
            several[site].append(day)
    apart = {site: statuses_by_day(record, days=some, sites={site}, **known) for site, some in several.items()}
    for day, at in sites.items():
        at_sites = {site: apart[site][day] if len(at) > 1 else whole[day] for site in at}
        yield day, {WHOLE: whole[day], **at_sites}


def statuses_by_day(
    record: PersonRecord,
    *,
    house: House,
    asked: Mapping[str, Sequence[Requirement]],
    days: Sequence[date],
    sites: Collection[str] | None = None,
) -> dict[date, dict[str, Status]]:
    """Return the status of one person by item on each of some days in order; without one they never needed the item.

    Of several requirements on an item the strictest speaks, as it does everywhere.
    """
    found: dict[date, dict[str, Status]] = {day: {} for day in days}
    for item, requirements in asked.items() if days else ():
        courses = courses_of(record, item, requirements, house=house, day=days[-1], sites=sites)
        lines = [each.standings(days) for each in courses]
        for day, *standings in zip(days, *lines, strict=True) if lines else ():
            standing = standings[0] if len(standings) == 1 else strictest(standings, day=day)
            found[day][item] = status_on(standing, day)
    return found


def courses_of(
    record: PersonRecord,
    item: str,
    requirements: Sequence[Requirement],
    *,
    house: House,
    day: date,
    sites: Collection[str] | None,
) -> list[Course]:
    """Return the courses of one person and item: those of the requirements that ever meant them, or else of a pass."""
    courses = [
        Course(facts_for(record, each, item, house=house, as_at=day, sites=sites), each.versions_of(item))
        for each in requirements
    ]
    meant = [each for each in courses if each.facts.needed()]
    return meant or [each for each in courses if each.facts.periods][:1]
