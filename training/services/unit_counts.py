"""How many stand how in each unit that a viewer manages, of which every figure is made."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from training.domain.compliance import Tally
from training.domain.counting import COUNTED_APART, EVERY_ITEM, HEADS, Moves, tally_of
from training.domain.due_soon import SOON
from training.services import counters, standings
from training.services.staff import AsOf

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
        here = {measure: self.counted[unit, item, measure] for measure in COUNTED_APART.values()}
        lines = self.heads(unit=unit) * (1 if item else len(self.titles))
        return tally_of(here, lines=lines)

    def due(self, *, day: date) -> Counter[int]:
        """Return how much falls due in so many days; what the day has moved may speak of other days too."""
        found: Counter[int] = Counter()
        for (unit, _, measure), number in self.counted.items():
            left = (measure - day).days if unit == self.unit and isinstance(measure, date) else -1
            if 0 <= left <= SOON[-1]:
                found[left] += number
        return found


def count_unit(
    session: Session,
    *,
    unit: uuid.UUID,
    sites: tuple[tuple[uuid.UUID, str], ...],
    titles: Mapping[str, str],
    as_of: AsOf,
    with_sites: bool = True,
    with_due: bool = False,
) -> UnitCounts:
    """Return what is counted at present of a unit by item, and of these sites, as the counters hold it ready.

    There may be thousands of sites: whoever wants the unit alone does without. What falls due comes if it is asked for.
    """
    counted = counters.read(session, units=[unit], with_sites=with_sites)
    if with_due:
        last = as_of.day + timedelta(days=SOON[-1])
        counted.update(counters.read_due(session, unit=unit, first=as_of.day, last=last))
    counted.update(not_yet_moved(session, as_of=as_of))
    return UnitCounts(unit=unit, sites=sites, titles=titles, counted=counted)


def not_yet_moved(session: Session, *, as_of: AsOf) -> Moves:
    """Return what the day has changed and no run has stored yet, so that no figure is ever a day old."""
    moves: Moves = Counter()
    due = standings.people_due(session, day=as_of.day)
    for start in range(0, len(due), BATCH):
        people = due[start : start + BATCH]
        moves.update(standings.work_out_people(session, person_ids=people, today=as_of.day).counted())
        moves.subtract(counters.stored(session, person_ids=people))
    return moves
