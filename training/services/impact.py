"""What a decision would change, worked out from the facts without writing: who, from what to what, and from when."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain.person_record import House, PersonRecord
from training.domain.standing import Standing, status_on, strictest
from training.domain.status import Status
from training.models import Person
from training.services import facts, standings

AHEAD = timedelta(days=365)
SHOWN = 200
BATCH = 500
LATE = frozenset({Status.EXPIRED, Status.OVERDUE})
Shift = tuple[Status, Status]
Lines = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class PersonShift:
    """Somebody whose status changes, with the items that go from one status to another."""

    person_id: uuid.UUID
    name: str
    shifts: tuple[tuple[Shift, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What happens to people on the day a decision begins, and in the year after it.

    `changing` lists 200 people at most, `people_changing` counts them all. `totals` counts people and items by the
    status before and after. `messages` counts people to whom something begins, or opens, because of the decision.
    """

    day: date
    people: int
    people_changing: int
    changing: tuple[PersonShift, ...]
    totals: tuple[tuple[Shift, int], ...]
    newly_late: int
    first_late_on: date | None
    messages: int

    def numbers(self) -> dict[str, Any]:
        """Return the figures alone, as they are kept with the decision."""
        return {
            "day": self.day.isoformat(),
            "people": self.people,
            "people_changing": self.people_changing,
            "newly_late": self.newly_late,
            "first_late_on": self.first_late_on.isoformat() if self.first_late_on else None,
            "messages": self.messages,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two ways to decide, and where they may differ: these items, from a day on.

    `message_days` are those on which what differs would first be told.
    """

    before: House
    after: House
    items: Collection[str]
    day: date
    message_days: Sequence[date]


@dataclass(slots=True)
class Sum:
    """What adds up from person to person."""

    people: int = 0
    changing: int = 0
    shown: list[PersonShift] = field(default_factory=list)
    totals: Counter[Shift] = field(default_factory=Counter)
    late_on: list[date] = field(default_factory=list)
    messages: int = 0


def work_out_impact(session: Session, *, asked: Comparison, titles: Mapping[str, str]) -> Impact:
    """Return what would change for everybody in scope; people are looked at in order of name."""
    found = Sum()
    people = session.execute(select(Person.id, Person.name).order_by(Person.name, Person.id)).all()
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        records = facts.read_records(session, person_ids=[person_id for person_id, _ in batch])
        for person_id, name in batch:
            if person_id in records:
                add_person(found, asked, PersonSeen(person_id, name, records[person_id]), titles=titles)
    return Impact(
        day=asked.day,
        people=found.people,
        people_changing=found.changing,
        changing=tuple(found.shown),
        totals=tuple(sorted(found.totals.items(), key=lambda each: (-each[1], each[0]))),
        newly_late=len(found.late_on),
        first_late_on=min(found.late_on, default=None),
        messages=found.messages,
    )


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody with what is on record of them."""

    person_id: uuid.UUID
    name: str
    record: PersonRecord

    def lines_on(self, day: date, *, house: House, items: Collection[str]) -> tuple[Lines, date | None]:
        """Return the strictest line of each item on a day, and the next day on which any line would change."""
        by_item: dict[str, list[Standing]] = defaultdict(list)
        lines = list(standings.lines_of({self.person_id: self.record}, house=house, today=day, items=items))
        for line in lines:
            by_item[line.item].append(line.standing)
        turns = [line.standing.next_change_on for line in lines if line.standing.next_change_on]
        return {item: strictest(some, day=day) for item, some in by_item.items()}, min(turns, default=None)

    def status(self, lines: Lines, item: str, day: date) -> Status:
        """Return the status of an item; of one without a line, whether the person is on file at all."""
        if item in lines:
            return status_on(lines[item], day)
        on_file = any(day in post.worked for post in self.record.posts)
        return Status.NOT_NEEDED if on_file else Status.NOT_ON_FILE

    def course(self, *, house: House, items: Collection[str], from_: date) -> Iterator[tuple[date, Lines]]:
        """Yield the lines on a day and on each day of the following year on which one of them changes."""
        day: date | None = from_
        while day is not None and day <= from_ + AHEAD:
            lines, turn = self.lines_on(day, house=house, items=items)
            yield day, lines
            day = turn


def add_person(found: Sum, asked: Comparison, person: PersonSeen, *, titles: Mapping[str, str]) -> None:
    """Add what becomes of one person."""
    before = list(person.course(house=asked.before, items=asked.items, from_=asked.day))
    after = list(person.course(house=asked.after, items=asked.items, from_=asked.day))
    now, then = before[0][1], after[0][1]
    if not now and not then:
        return
    found.people += any(line.needed_on(asked.day) for line in (*now.values(), *then.values()))
    moved: dict[Shift, list[str]] = defaultdict(list)
    for item in asked.items:
        shift = person.status(now, item, asked.day), person.status(then, item, asked.day)
        if shift[0] is not shift[1]:
            moved[shift].append(titles[item])
            found.totals[shift] += 1
    if moved:
        found.changing += 1
        if len(found.shown) < SHOWN:
            shifts = tuple((shift, tuple(each)) for shift, each in moved.items())
            found.shown.append(PersonShift(person.person_id, person.name, shifts))
    late_on = first_late(person, before, after)
    if late_on is not None:
        found.late_on.append(late_on)
    found.messages += is_told(person, asked)


def first_late(
    person: PersonSeen,
    before: Sequence[tuple[date, Lines]],
    after: Sequence[tuple[date, Lines]],
) -> date | None:
    """Return the first day on which something is late by the new decision and was not to be by the old."""
    for day in sorted({day for day, _ in (*before, *after)}):
        now, then = at(before, day), at(after, day)
        for item in then:
            if status_on(then[item], day) in LATE and person.status(now, item, day) not in LATE:
                return day
    return None


def at(course: Sequence[tuple[date, Lines]], day: date) -> Lines:
    """Return the lines that hold on a day."""
    return [lines for turned_on, lines in course if turned_on <= day][-1]


def is_told(person: PersonSeen, asked: Comparison) -> bool:
    """Say whether, because of the decision, something begins or opens for the person on a day when they are told."""
    for day in asked.message_days:
        then, _ = person.lines_on(day, house=asked.after, items=asked.items)
        now, _ = person.lines_on(day, house=asked.before, items=asked.items)
        if any(begins(line, day) and not (item in now and begins(now[item], day)) for item, line in then.items()):
            return True
    return False


def begins(line: Standing, day: date) -> bool:
    """Say whether there is something new to tell: the need begins, or the window opens, on that very day."""
    status = status_on(line, day)
    if status is Status.NOT_YET_DUE:
        return line.need_begins_on == day
    return status is Status.EXPIRING_SOON and line.window_opens_on == day
