"""How many stand how in each unit that a viewer manages, of which every figure is made."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.compliance import Tally
from training.domain.counting import EVERY_ITEM, HEADS, Moves, count_person, tally_of
from training.domain.status import Status
from training.models import WHOLE_ID
from training.services import counters, facts, standings
from training.services.accounts import Viewer
from training.services.staff import AsOf, Staff, managed_sites, read_staff

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What is counted in a unit by item, and in each of its sites over all items; `titles` has every item required."""

    unit: uuid.UUID
    sites: tuple[tuple[uuid.UUID, str], ...]
    titles: Mapping[str, str]
    counted: Moves

    def heads(self, measure: str = HEADS, *, unit: uuid.UUID | None = None) -> int:
        """Return how many people of a unit are counted so."""
        return self.counted[unit or self.unit, EVERY_ITEM, measure]

    def tally(self, *, item: str = EVERY_ITEM, unit: uuid.UUID | None = None) -> Tally:
        """Return how many of a unit stand how with one item, or with all of them together."""
        unit = unit or self.unit
        here = {measure: self.counted[unit, item, measure] for measure in counters.MEASURES}
        lines = self.heads(unit=unit) * (1 if item else len(self.titles))
        return tally_of(here, lines=lines)


def read_counts(session: Session, *, viewer: Viewer, catalog: Catalog, as_of: AsOf) -> UnitCounts:
    """Return what is counted of everybody whom the viewer manages, in as many queries however many they are.

    The counters hold the present of the whole and of each site ready. Another day is worked out from the facts, and so
    is what several sites come to together, where somebody may work at two of them.
    """
    sites = managed_sites(session, viewer=viewer)
    unit = WHOLE_ID if viewer.manages_all else next(iter(dict(sites)), WHOLE_ID)
    if not as_of.is_present or (not viewer.manages_all and len(sites) != 1):
        return of_staff(read_staff(session, viewer=viewer, catalog=catalog, as_of=as_of))
    house = facts.read_house(session)
    counted = counters.read(session, unit=unit)
    counted.update(not_yet_moved(session, as_of=as_of))
    return UnitCounts(
        unit=unit,
        sites=sites,
        titles={item: catalog.title(item) for each in house.requirements.values() for item in each.items},
        counted=counted,
    )


def not_yet_moved(session: Session, *, as_of: AsOf) -> Moves:
    """Return what the day has changed and no run has stored yet, so that no figure is ever a day old."""
    moves: Moves = Counter()
    due = standings.people_due(session, day=as_of.day)
    for start in range(0, len(due), BATCH):
        people = due[start : start + BATCH]
        moves.update(standings.work_out_people(session, person_ids=people, today=as_of.day).counted())
        moves.subtract(counters.stored(session, person_ids=people))
    return moves


def of_staff(staff: Staff) -> UnitCounts:
    """Return the counts that everybody's lines come to."""
    statuses: dict[uuid.UUID, dict[uuid.UUID, dict[str, Status]]] = {
        person_id: {unit: {} for unit in (WHOLE_ID, *worker.site_ids)} for person_id, worker in staff.workers.items()
    }
    for unit, site_id in ((WHOLE_ID, None), *((site_id, site_id) for site_id, _ in staff.sites)):
        for line in staff.lines(site_id):
            statuses[line.worker.person_id][unit][line.item] = line.status
    counted: Moves = Counter()
    for by_unit in statuses.values():
        counted.update(count_person(by_unit))
    return UnitCounts(unit=WHOLE_ID, sites=staff.sites, titles=staff.titles, counted=counted)
