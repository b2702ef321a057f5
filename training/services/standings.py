"""Standings: worked out from facts and kept in the same commit as the facts."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain.certification import Period
from training.domain.need import need_on
from training.domain.person_record import House, PersonRecord, facts_for
from training.domain.requirement import Terms, version_in_force
from training.domain.standing import work_out
from training.models import Person, Requirement, StandingRow
from training.services import facts
from training.services.standing_rows import Line, columns, line_of


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
    """Work out anew the standings of these people and store what changed; part of the caller's commit.

    With `items`, only their lines on those: a pass moves no other.
    """
    wait_for_turn(session, person_ids=person_ids)
    worked_out = {
        key_of(line): line for line in work_out_lines(session, person_ids=person_ids, today=today, items=items)
    }
    query = select(StandingRow).where(StandingRow.person_id.in_(person_ids))
    rows = session.scalars(query if items is None else query.where(StandingRow.item.in_(items)))
    stored = {key_of(row): row for row in rows}
    for key in stored.keys() - worked_out.keys():
        session.delete(stored[key])
    for key, line in worked_out.items():
        row = stored.get(key) or StandingRow(organisation_id=organisation_id)
        for name, value in columns(line).items():
            setattr(row, name, value)
        row.worked_out_on = today
        session.add(row)


def key_of(line: Line | StandingRow) -> tuple[uuid.UUID, uuid.UUID, str]:
    """Return what tells a line from every other of its organisation."""
    return line.person_id, line.requirement_id, line.item


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
    """Yield the lines that facts already read come to; with `sites` by the posts at those alone."""
    asked = [
        (requirement, item)
        for requirement in house.requirements.values()
        for item in requirement.items
        if items is None or item in items
    ]
    for person_id, record in records.items():
        for requirement, item in asked:
            found = facts_for(record, requirement, item, house=house, as_at=today, sites=sites)
            if found.needed() or found.periods:
                yield Line(person_id, uuid.UUID(requirement.id), item, work_out(found, as_at=today))


def read_lines(session: Session, *, today: date, person_ids: Collection[uuid.UUID] | None = None) -> tuple[Line, ...]:
    """Return the lines of these people, or of everybody in scope, as they are on a day.

    A row whose day of change has come is worked out anew from the facts, so that no answer is ever a day old.
    """
    query = select(StandingRow, Requirement.name).join(
        Requirement,
        (Requirement.organisation_id == StandingRow.organisation_id) & (Requirement.id == StandingRow.requirement_id),
    )
    if person_ids is not None:
        query = query.where(StandingRow.person_id.in_(person_ids))
    rows = session.execute(query).all()
    stale = {row.person_id for row, _ in rows if row.next_change_on is not None and row.next_change_on <= today}
    kept = [line_of(row, requirement=name) for row, name in rows if row.person_id not in stale]
    return (*kept, *work_out_lines(session, person_ids=stale, today=today)) if stale else tuple(kept)


def read_periods(
    session: Session, *, person_id: uuid.UUID, lines: Mapping[str, Line], today: date
) -> dict[str, tuple[Terms, tuple[Period, ...]]]:
    """Return, for each of one person's lines, the terms by which a pass would count today and the periods so far."""
    house = facts.read_house(session)
    record = facts.read_records(session, person_ids=[person_id])[person_id]
    found = {}
    for item, line in lines.items():
        requirement = house.requirements[str(line.requirement_id)]
        known = facts_for(record, requirement, item, house=house, as_at=today)
        need = need_on(known, today)
        version = version_in_force(requirement.versions_of(item), today, need_began_on=need.from_ if need else None)
        found[item] = version.terms, known.periods
    return found
