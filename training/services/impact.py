"""What a decision would change, worked out from the facts without writing: who, from what to what, and from when."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.person_record import House
from training.domain.standing import deadline_on
from training.domain.status import Status
from training.models import Employment, Person
from training.services import facts
from training.services.accounts import Viewer
from training.services.courses import Course, PersonSeen, Question, begins

AHEAD = timedelta(days=365)
SHOWN = 200
BATCH = 500
# Measured on two cores: what it takes to read one person's facts, and to look at one item of theirs by both decisions.
READ_SECONDS, LOOK_SECONDS = 0.0003, 0.0004
LATE = frozenset({Status.EXPIRED, Status.OVERDUE})
# Somebody who is back from leave is reminded of these at once.
OWED = LATE | {Status.EXPIRING_SOON, Status.NOT_YET_DUE}
SOONER, UNMOVED, LATER = -1, 0, 1
Shift = tuple[Status, Status]


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
    `later` and `sooner` count those who go on needing an item and have another day to pass it by.
    """

    day: date
    people: int
    people_changing: int
    changing: tuple[PersonShift, ...]
    totals: tuple[tuple[Shift, int], ...]
    newly_late: int
    first_late_on: date | None
    messages: int
    later: int
    sooner: int

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

    @property
    def from_(self) -> date:
        """The first day that matters."""
        return min(self.day, *self.message_days) if self.message_days else self.day


@dataclass(slots=True)
class Sum:
    """What adds up from person to person."""

    people: int = 0
    changing: int = 0
    shown: list[PersonShift] = field(default_factory=list)
    totals: Counter[Shift] = field(default_factory=Counter)
    late_on: list[date] = field(default_factory=list)
    messages: int = 0
    later: int = 0
    sooner: int = 0


def work_out_impact(
    session: Session, *, asked: Comparison, titles: Mapping[str, str], among: Select | None = None
) -> Impact:
    """Return what one decision would change; people are looked at in order of name."""
    return work_out_impacts(session, asked={"": asked}, titles=titles, among=among)[""]


def work_out_impacts(
    session: Session, *, asked: Mapping[str, Comparison], titles: Mapping[str, str], among: Select | None = None
) -> dict[str, Impact]:
    """Return what each of several decisions would change, reading everybody's facts once.

    `among` selects the ids of the people whom any of them could touch, where that is known beforehand.
    """
    found = {key: Sum() for key in asked}
    questions = {key: questions_of(each) for key, each in asked.items()}
    items = {item for each in asked.values() for item in each.items}
    since = min(each.from_ for each in asked.values())
    people = session.execute(people_from(since, among=among)).all()
    for start in range(0, len(people), BATCH):
        for person in read_people(session, people[start : start + BATCH], items=items):
            for key, comparison in asked.items():
                add_person(found[key], comparison, person, questions=questions[key], titles=titles)
    return {key: impact_of(found[key], day=asked[key].day) for key in asked}


def people_from(day: date, *, among: Select | None) -> Select[tuple[uuid.UUID, str]]:
    """Select everybody who has a job on a day or later, by name: nothing changes for anybody else."""
    working = select(Employment.person_id).where(
        Employment.withdrawn_at.is_(None), or_(Employment.ends_on.is_(None), Employment.ends_on >= day)
    )
    query = select(Person.id, Person.name).where(Person.id.in_(working)).order_by(Person.name, Person.id)
    return query if among is None else query.where(Person.id.in_(among))


def read_people(
    session: Session, people: Sequence[Row[tuple[uuid.UUID, str]]], *, items: Collection[str]
) -> Iterator[PersonSeen]:
    """Yield some people with what is on record of them."""
    records = facts.read_records(session, person_ids=[person_id for person_id, _ in people], items=items)
    for person_id, name in people:
        yield PersonSeen(person_id, name, records[person_id])


def questions_of(asked: Comparison) -> list[Question]:
    """Return what to look at of each person."""
    return [Question.of(item, before=asked.before, after=asked.after) for item in asked.items]


def impact_of(found: Sum, *, day: date) -> Impact:
    """Return what has been added up."""
    return Impact(
        day=day,
        people=found.people,
        people_changing=found.changing,
        changing=tuple(found.shown),
        totals=tuple(sorted(found.totals.items(), key=lambda each: (-each[1], each[0]))),
        newly_late=len(found.late_on),
        first_late_on=min(found.late_on, default=None),
        messages=found.messages,
        later=found.later,
        sooner=found.sooner,
    )


def add_person(
    found: Sum, asked: Comparison, person: PersonSeen, *, questions: Sequence[Question], titles: Mapping[str, str]
) -> None:
    """Add what becomes of one person."""
    found.people += any(
        person.needs(side, day=asked.day, decided=question.decided)
        for question in questions
        for side in (question.before, question.after)
    )
    moved: dict[Shift, list[str]] = defaultdict(list)
    late_on: list[date | None] = []
    moves: set[int] = set()
    is_told = False
    for question in questions:
        if not person.may_change(question):
            continue
        before = person.course(question.before, from_=asked.from_)
        after = person.course(question.after, from_=asked.from_)
        shift = before.status(asked.day), after.status(asked.day)
        if shift[0] is not shift[1]:
            moved[shift].append(titles[question.item])
            found.totals[shift] += 1
        moves.add(date_moves(before, after, day=asked.day))
        late_on.append(first_late(before, after, from_=asked.day))
        is_told = is_told or any(tells(before, after, day) for day in asked.message_days)
    found.messages += is_told
    found.later += LATER in moves
    found.sooner += SOONER in moves
    found.late_on += sorted(day for day in late_on if day is not None)[:1]
    if moved:
        found.changing += 1
        if len(found.shown) < SHOWN:
            shifts = tuple((shift, tuple(each)) for shift, each in moved.items())
            found.shown.append(PersonShift(person.person_id, person.name, shifts))


def date_moves(before: Course, after: Course, *, day: date) -> int:
    """Say whether the day to pass by is another, for whoever needs the item either way."""
    was, becomes = before.line(day), after.line(day)
    if was is None or becomes is None or not (was.needed_on(day) and becomes.needed_on(day)):
        return UNMOVED
    one, other = deadline_on(was, day), deadline_on(becomes, day)
    return (other > one) - (other < one)


def first_late(before: Course, after: Course, *, from_: date) -> date | None:
    """Return the first day on which something is late by the new decision and was not to be by the old."""
    days = {from_, *before.days, *after.days}
    for day in sorted(day for day in days if from_ <= day <= from_ + AHEAD):
        if after.status(day) in LATE and before.status(day) not in LATE:
            return day
    return None


def tells(before: Course, after: Course, day: date) -> bool:
    """Say whether, because of the decision, something begins, opens or is owed again on a day when people are told."""
    if before.status(day) is Status.ON_LEAVE and after.status(day) in OWED:
        return True
    then, now = after.line(day), before.line(day)
    return then is not None and begins(then, day) and not (now is not None and begins(now, day))


def seconds_for(session: Session, *, items: int) -> int:
    """Return about how long it takes to work out an impact on so many items here, for a page to say beforehand."""
    people = session.scalar(select(func.count(Person.id))) or 0
    return round(people * (READ_SECONDS + items * LOOK_SECONDS))


def seconds_here(database: Database, *, viewer: Viewer, items: int) -> int:
    """Return the same in the viewer's organisation."""
    with database.read(viewer.organisation_id) as session:
        return seconds_for(session, items=items)
