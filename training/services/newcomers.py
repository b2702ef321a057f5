"""Where people stand of whom nothing is on record but their first jobs, as an import adds them: many at a time.

Whoever has just the same jobs stands the same, and so they do on items that the same requirements ask for. Each of
these is worked out once, by the same rules as everybody's, and written for all.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from training.db import add_rows
from training.domain.counting import Moves
from training.domain.person_record import House
from training.domain.requirement import Requirement
from training.models import WHOLE_ID, OnFileRow, StandingRow
from training.services import counters, facts, standings
from training.services.quiet_steps import Steps, keep_quiet, steps_of
from training.services.staff import by_person
from training.services.standing_rows import columns, on_file_columns
from training.services.standings import WorkedOut

T = TypeVar("T")
WHAT_A_JOB_IS = ("job_title_id", "site_id", "starts_on", "ends_on")


def stand_quietly(
    session: Session, *, organisation_id: int, jobs: Sequence[Mapping[str, Any]], today: date, now: datetime
) -> None:
    """Keep where people stand whose first jobs were just written, and keep quiet about every step that is due already.

    Nobody else can know of them before the transaction ends, so there is nothing to wait for or to compare with.
    """
    if not jobs:
        return
    house = facts.read_house(session)
    people, items = alike_by_jobs(jobs), alike_by_requirements(house)
    found = standings.work_out_people(session, person_ids=people, today=today, items=items)
    newcomers = Newcomers(house, people, items, found)
    counters.move(session, newcomers.moves(), organisation_id=organisation_id)
    of = {"organisation_id": organisation_id}
    add_rows(session, StandingRow, list(newcomers.standings(of)))
    add_rows(session, OnFileRow, list(newcomers.places(of)))
    keep_quiet(session, newcomers.steps(), organisation_id=organisation_id, now=now)


def alike_by_jobs(jobs: Iterable[Mapping[str, Any]]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return everybody who has just the same jobs, by the first of them."""
    by_person: dict[uuid.UUID, Counter[tuple]] = defaultdict(Counter)
    for job in jobs:
        by_person[job["person_id"]][tuple(job[name] for name in WHAT_A_JOB_IS)] += 1
    return alike((person_id, frozenset(some.items())) for person_id, some in by_person.items())


def alike_by_requirements(house: House) -> dict[str, list[str]]:
    """Return the items that are asked for alike, by the first of them: by requirements that differ in name alone."""
    items = dict.fromkeys(item for requirement in house.requirements.values() for item in requirement.items)
    return alike((item, tuple(marks_of(item, house))) for item in items)


def marks_of(item: str, house: House) -> Iterator[Hashable]:
    """Yield all on which depends what an item asks of somebody who has passed nothing yet."""
    for requirement in asking_for(item, house):
        yield tuple(replace(version, items=()) for version in requirement.versions_of(item))
    yield frozenset(replace(change, item="") for change in house.changes if change.item == item)


def asking_for(item: str, house: House) -> list[Requirement]:
    """Return the requirements that ask for an item, always in the same order."""
    return [requirement for requirement in house.requirements.values() if item in requirement.items]


def alike(found: Iterable[tuple[T, Hashable]]) -> dict[T, list[T]]:
    """Return things that have the same marks, by the first of them."""
    first: dict[Hashable, T] = {}
    together: dict[T, list[T]] = defaultdict(list)
    for each, marks in found:
        together[first.setdefault(marks, each)].append(each)
    return together


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Where one of each kind of people stands on one of each kind of item, and who and what is like these."""

    house: House
    people: Mapping[uuid.UUID, Sequence[uuid.UUID]]
    items: Mapping[str, Sequence[str]]
    found: WorkedOut

    def standings(self, of: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Yield the rows of everybody's standings, `of` their organisation."""
        asking = {
            item: [uuid.UUID(each.id) for each in asking_for(item, self.house)]
            for some in self.items.values()
            for item in some
        }
        for line in self.found.lines:
            row, at = of | columns(line, day=self.found.day), asking[line.item].index(line.requirement_id)
            for item in self.items[line.item]:
                row = row | {"item": item, "requirement_id": asking[item][at]}
                yield from (row | {"person_id": person_id} for person_id in self.people[line.person_id])

    def places(self, of: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Yield the rows of everybody's days on file, `of` their organisation."""
        for place in self.found.places:
            row = of | on_file_columns(place, day=self.found.day)
            yield from (row | {"person_id": person_id} for person_id in self.people[place.person_id])

    def moves(self) -> Moves:
        """Return what everybody adds to the counters: what some add of whom each is like so many, so many times."""
        moves: Moves = Counter()
        for number in {len(some) for some in self.people.values()}:
            places = tuple(place for place in self.found.places if len(self.people[place.person_id]) == number)
            lines = [line for line in self.found.lines if len(self.people[line.person_id]) == number]
            every = tuple(line._replace(item=item) for line in lines for item in self.items[line.item])
            one = WorkedOut(places, every, self.found.day).counted()
            moves.update({key: count * number for key, count in one.items()})
        return moves

    def steps(self) -> Steps:
        """Return the steps that are due for everybody."""
        lines = by_person([line for line in self.found.lines if line.site_id == WHOLE_ID])
        steps = {}
        for first, some in lines.items():
            due = steps_of(some, today=self.found.day)
            every = frozenset((each, due_on, step) for item, due_on, step in due for each in self.items[item])
            steps |= dict.fromkeys(self.people[first], every)
        return steps
