"""Standings: worked out from facts and kept in the same commit as the facts, with the counters that they add up to."""

import uuid
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select, union
from sqlalchemy.orm import Session

from training.db import columns_of
from training.domain.certification import OF_OLDER, Period
from training.domain.days import Span
from training.domain.person_record import House, PersonRecord, facts_for, on_file_at, periods_for
from training.domain.requirement import Requirement
from training.domain.standing import work_out
from training.models import WHOLE_ID, Completion, OnFileRow, Person, StandingRow
from training.models import Requirement as RequirementRow
from training.services import counters, facts
from training.services.standing_rows import Line, OnFile, columns, line_of, on_file_columns

Projection = type[StandingRow] | type[OnFileRow]
# Periods by the day and the content of their pass, and then by the item that it counts for.
Given = Mapping[tuple[date, str], Mapping[str, deque[Period]]]
LINES = (
    select(*columns_of(StandingRow), RequirementRow.name)
    .join(
        RequirementRow,
        (RequirementRow.organisation_id == StandingRow.organisation_id)
        & (RequirementRow.id == StandingRow.requirement_id),
    )
    .where(StandingRow.site_id == WHOLE_ID)
)
LINES_OF_SOME = LINES.where(StandingRow.person_id.in_(bindparam("person_ids", expanding=True)))
LINES_OF_ITEM = LINES_OF_SOME.where(StandingRow.item == bindparam("item"))
PEOPLE_DUE = union(
    *(select(table.person_id).where(table.next_change_on <= bindparam("day")) for table in (StandingRow, OnFileRow))
)


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What the facts of some people come to on a day: where they are on file, and their lines."""

    places: tuple[OnFile, ...]
    lines: tuple[Line, ...]
    day: date

    def counted(self, kept: Iterable[StandingRow] = ()) -> counters.Moves:
        """Return what they add to the counters, together with lines that were kept as they were stored."""
        lines = [(line, self.day) for line in self.lines]
        lines += [(line_of(row), row.worked_out_on) for row in kept]
        return counters.counted(((place, self.day) for place in self.places), lines)


def wait_for_turn(session: Session, *, person_ids: Collection[uuid.UUID]) -> None:
    """Let one transaction at a time change what is on record of a person; whoever comes second waits for the first.

    The lock leaves room for rows that refer to the person, so that whoever has added one can still wait here.
    """
    people = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(people.with_for_update(key_share=True))


def bring_up_to_date(
    session: Session,
    *,
    organisation_id: int,
    person_ids: Collection[uuid.UUID],
    today: date,
    items: Collection[str] | None = None,
) -> None:
    """Work out anew the standings of these people, store what changed and move the counters; part of the commit.

    With `items`, only their lines on those: a pass moves no other, unless a day of change has come for another anyway.
    """
    wait_for_turn(session, person_ids=person_ids)
    lines, places = (rows_of(session, table, person_ids=person_ids) for table in (StandingRow, OnFileRow))
    if items is not None and any(
        is_due(row, today) for row in (*places, *(row for row in lines if row.item not in items))
    ):
        items = None
    before = counters.counted_rows(places, lines)
    found = work_out_people(session, person_ids=person_ids, today=today, items=items)
    after = found.counted([row for row in lines if items is not None and row.item not in items])
    after.subtract(before)
    counters.move(session, after, organisation_id=organisation_id)
    replaced = [row for row in lines if items is None or row.item in items]
    store(
        session,
        StandingRow,
        replaced,
        [{"organisation_id": organisation_id} | columns(line, day=today) for line in found.lines],
    )
    store(
        session,
        OnFileRow,
        places,
        [{"organisation_id": organisation_id} | on_file_columns(place, day=today) for place in found.places],
    )


def people_due(session: Session, *, day: date) -> list[uuid.UUID]:
    """Return the people for whom a day of change has come, in order of id."""
    return sorted(session.scalars(PEOPLE_DUE, {"day": day}))


def items_due(session: Session, *, day: date) -> dict[frozenset[str] | None, list[uuid.UUID]]:
    """Return the people for whom a day of change has come, by the items that it touches; None is every item.

    Few turn with each other in just the same items, but many in one.
    """
    everything = set(session.scalars(select(OnFileRow.person_id).where(OnFileRow.next_change_on <= day)))
    items: dict[uuid.UUID, set[str]] = defaultdict(set)
    for person_id, item in session.execute(
        select(StandingRow.person_id, StandingRow.item).where(StandingRow.next_change_on <= day)
    ):
        items[person_id].add(item)
    alike: dict[frozenset[str] | None, list[uuid.UUID]] = defaultdict(list)
    for person_id in sorted(everything | items.keys()):
        alike[None if person_id in everything else frozenset(items[person_id])].append(person_id)
    return alike


def is_due(row: StandingRow | OnFileRow, day: date) -> bool:
    """Say whether a row's day of change has come."""
    return row.next_change_on is not None and row.next_change_on <= day


def rows_of(session: Session, table: Projection, *, person_ids: Collection[uuid.UUID]) -> Sequence[Any]:
    """Return what is stored of these people."""
    return session.scalars(select(table).where(table.person_id.in_(person_ids))).all()


def store(session: Session, projection: Projection, stored: Iterable[Any], found: Iterable[dict[str, object]]) -> None:
    """Let rows of a projection say what was found: some change, some come, some go."""
    names = [column.key for column in inspect(projection).primary_key]
    rows = {tuple(getattr(row, name) for name in names): row for row in stored}
    for each in found:
        row = rows.pop(tuple(each[name] for name in names), None) or projection()
        for name, value in each.items():
            setattr(row, name, value)
        session.add(row)
    for row in rows.values():
        session.delete(row)


def work_out_people(
    session: Session, *, person_ids: Collection[uuid.UUID], today: date, items: Collection[str] | None = None
) -> WorkedOut:
    """Return what the facts of these people come to on a day, judged together and by each of several sites."""
    records = facts.read_records(session, person_ids=person_ids)
    house = facts.read_house(session)
    return WorkedOut(
        places=tuple(
            place_at(record, person_id=person_id, site=site, days=days, today=today)
            for person_id, record in records.items()
            for site, days in on_file_at(record, today).items()
        ),
        lines=(
            *lines_of(records, house=house, today=today, items=items),
            *lines_by_site(records, house=house, today=today, items=items),
        ),
        day=today,
    )


def place_at(record: PersonRecord, *, person_id: uuid.UUID, site: str, days: Span, today: date) -> OnFile:
    """Return some days on file at a site with the titles there today, and when these, or the days, may be others."""
    titles = tuple(sorted(record.titles_at(site, today)))
    return OnFile(person_id, uuid.UUID(site), days, titles, record.next_turn_at(site, today))


def lines_by_site(
    records: Mapping[uuid.UUID, PersonRecord], *, house: House, today: date, items: Collection[str] | None
) -> Iterator[Line]:
    """Yield the lines as each site judges them, of people who work at several on the day."""
    for person_id, record in records.items():
        sites = record.sites_on(today)
        for site in sites if len(sites) > 1 else ():
            for line in lines_of({person_id: record}, house=house, today=today, sites={site}, items=items):
                yield line._replace(site_id=uuid.UUID(site))


def work_out_lines(
    session: Session,
    *,
    person_ids: Collection[uuid.UUID],
    today: date,
    items: Collection[str] | None = None,
    known_at: datetime | None = None,
) -> Iterator[Line]:
    """Yield the lines of these people as their facts have it on a day: what they need or needed, and what they hold."""
    records = facts.read_records(session, person_ids=person_ids, known_at=known_at)
    yield from lines_of(records, house=facts.read_house(session, known_at=known_at), today=today, items=items)


def lines_of(
    records: Mapping[uuid.UUID, PersonRecord],
    *,
    house: House,
    today: date,
    sites: Collection[str] | None = None,
    items: Collection[str] | None = None,
) -> Iterator[Line]:
    """Yield the lines that facts already read come to; with `sites` by the posts at those alone.

    A requirement that never meant somebody gives them no line, unless they passed its item and no other meant them.
    """
    asked: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in house.requirements.values():
        for item in requirement.items:
            if items is None or item in items:
                asked[item].append(requirement)
    for person_id, record in records.items():
        for item, requirements in asked.items():
            known = partial(facts_for, record, item=item, house=house, as_at=today, sites=sites)
            found = [(requirement, known(requirement)) for requirement in requirements]
            meant = [each for each in found if each[1].needed()]
            for requirement, facts_of in meant or [each for each in found if each[1].periods][:1]:
                yield Line(person_id, uuid.UUID(requirement.id), item, work_out(facts_of, as_at=today))


def read_lines(
    session: Session,
    *,
    today: date,
    person_ids: Collection[uuid.UUID] | Select | None = None,
    item: str | None = None,
) -> tuple[Line, ...]:
    """Return the lines of these people, or of everybody in scope, as the organisation judges them on a day.

    With `item`, those of some people on that alone. A row whose day of change has come is worked out anew from the
    facts, so that no answer is ever a day old.
    """
    if person_ids is None:
        rows = session.execute(LINES).all()
    elif isinstance(person_ids, Select):
        rows = session.execute(LINES.where(StandingRow.person_id.in_(person_ids))).all()
    elif item is None:
        rows = session.execute(LINES_OF_SOME, {"person_ids": list(person_ids)}).all()
    else:
        rows = session.execute(LINES_OF_ITEM, {"person_ids": list(person_ids), "item": item}).all()
    stale = {row.person_id for row in rows if row.next_change_on is not None and row.next_change_on <= today}
    kept = [line_of(row, requirement=row.name) for row in rows if row.person_id not in stale]
    if not stale:
        return tuple(kept)
    return (*kept, *work_out_lines(session, person_ids=stale, today=today, items=None if item is None else {item}))


def what_passes_gave(
    record: PersonRecord, lines: Mapping[str, Line], *, house: House, day: date, sites: Collection[str] | None = None
) -> Given:
    """Return what each pass gave by the terms of these lines, for its own item and for each that replaces it.

    With `sites`, by the posts at those alone, as the lines then are.
    """
    given: dict[tuple[date, str], dict[str, deque[Period]]] = defaultdict(lambda: defaultdict(deque))
    for item, line in lines.items():
        if item not in record.passes:
            continue
        requirement = house.requirements[str(line.requirement_id)]
        periods = periods_for(record, requirement, item, house=house, as_at=day, sites=sites)
        # The order in which the rules take them.
        passes = sorted(record.passes[item], key=lambda each: (each.passed_on, each.given_until or date.min))
        for each, period in zip(passes, periods, strict=True):
            given[each.passed_on, each.content_hash][item].append(period)
    return given


def period_of(row: Completion, given: Given) -> Period | None:
    """Return what a pass gave, or the soonest end it gives to what replaced its item, where that alone is asked for.

    Two passes of one content on one day take what they gave in turn.
    """
    turns = given.get((row.passed_on, row.content_hash), {})
    periods = {item: each.popleft() for item, each in turns.items() if each}
    if row.item in periods or not periods:
        return periods.get(row.item)
    soonest = min(periods.values(), key=lambda period: period.reach)
    reason = soonest.reason.removesuffix(OF_OLDER)
    return replace(soonest, reason=f"{reason}; it counts for the training that replaced this")
