"""Figures of units: of everybody whom a viewer manages, of each of their sites, and over each item."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from training.domain.compliance import PEOPLE, PERSON_MODULES, Tally, denominator_sentence, percent_words
from training.domain.counting import Moves, count_person
from training.domain.status import Status
from training.models import WHOLE_ID
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster
from training.services.staff import Known, Worker
from training.services.unit_counts import UnitCounts, count_unit


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


def read_counts(roster: Roster) -> UnitCounts:
    """Return what is counted of everybody whom the viewer manages, in as many queries however many they are.

    The counters hold the present of the whole and of each site ready. Another day is worked out from the facts, and so
    is what several sites come to together, where somebody may work at two of them.
    """
    manages_all, sites = roster.viewer.manages_all, roster.sites
    unit = WHOLE_ID if manages_all else next(iter(dict(sites)), WHOLE_ID)
    if not roster.as_of.is_present or (not manages_all and len(sites) != 1):
        return UnitCounts(unit=WHOLE_ID, sites=sites, titles=roster.titles, counted=add_up(roster))
    return count_unit(roster.session, unit=unit, sites=sites, titles=roster.titles, as_of=roster.as_of)


def add_up(roster: Roster) -> Moves:
    """Return the counts that everybody's lines come to, together and by each site."""
    counted: Moves = Counter()
    people = roster.people(Shape.of(roster))
    while some := list(islice(people, BATCH)):
        for statuses in statuses_of(roster, some):
            counted.update(count_person(statuses))
    return counted


def statuses_of(roster: Roster, people: list[Known]) -> Iterator[Mapping[uuid.UUID, Mapping[str, Status]]]:
    """Yield the statuses of each of some people by unit and item."""
    staff = roster.staff(people, by_site=True)
    found: dict[uuid.UUID, dict[uuid.UUID, dict[str, Status]]] = {
        person_id: units_of(worker) for person_id, worker in staff.workers.items()
    }
    whole = ((WHOLE_ID, roster.site_ids), *((site_id, frozenset({site_id})) for site_id in roster.site_ids))
    for unit, judged_by in whole:
        for worker, lines in staff.lines(judged_by=judged_by):
            found[worker.person_id][unit] = {line.item: line.status for line in lines}
    yield from found.values()


def units_of(worker: Worker) -> dict[uuid.UUID, dict[str, Status]]:
    """Return every unit that somebody is on file in, with nothing counted there yet."""
    return {unit: {} for unit in (WHOLE_ID, *worker.site_ids)}


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
