"""Comparing every standing with the facts, and working all of them out anew."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.days import day_in
from training.models import Organisation, Person, Requirement, StandingRow
from training.services import standings
from training.services.standing_rows import PLAIN, Line, line_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """A stored standing that the facts do not bear out, in words."""

    organisation: str
    person_id: uuid.UUID
    requirement_id: uuid.UUID
    what: str


def verify(database: Database, *, now: datetime) -> list[Drift]:
    """Compare every stored standing with the facts, as at the day it was worked out."""
    drifts: list[Drift] = []
    for organisation_id, slug, time_zone in list_organisations(database):
        with database.read(organisation_id) as session:
            for people in batches(session):
                found = differences(session, person_ids=people, today=day_in(now, time_zone))
                drifts += (Drift(slug, *each) for each in found)
    return drifts


def differences(
    session: Session, *, person_ids: Sequence[uuid.UUID], today: date
) -> Iterator[tuple[uuid.UUID, uuid.UUID, str]]:
    """Yield each line of these people that is stored and not borne out, or borne out and not stored."""
    rows = session.execute(
        select(StandingRow, Requirement.name)
        .join(Requirement, Requirement.id == StandingRow.requirement_id)
        .where(StandingRow.person_id.in_(person_ids))
    ).all()
    stored = {standings.key_of(row): line_of(row, requirement=name) for row, name in rows}
    days = {standings.key_of(row): row.worked_out_on for row, _ in rows}
    for day in sorted({*days.values(), today}):
        worked_out_then = {key[0] for key, worked_out_on in days.items() if worked_out_on == day}
        people = person_ids if day == today else sorted(worked_out_then)
        lines = standings.work_out_lines(session, person_ids=people, today=day)
        # A line is compared as at the day on which it was worked out; one that is not stored, as it is today.
        found = {standings.key_of(line): line for line in lines if days.get(standings.key_of(line), today) == day}
        for key in {key for key in stored if days[key] == day} | found.keys():
            if stored.get(key) != found.get(key):
                yield key[0], key[1], what_differs(stored.get(key), found.get(key))


def what_differs(stored: Line | None, found: Line | None) -> str:
    """Say in words how a stored line and the facts differ."""
    if stored is None:
        return "is missing"
    if found is None:
        return "is stored, but the facts give none"
    names = (name for name in (*PLAIN, "on_file", "on_leave", "exemption"))
    return "; ".join(
        f"{name} is stored as {getattr(stored.standing, name)}, the facts give {getattr(found.standing, name)}"
        for name in names
        if getattr(stored.standing, name) != getattr(found.standing, name)
    )


def rebuild(database: Database, *, now: datetime) -> Iterator[int]:
    """Work out every standing anew; yields how many people are done after each batch."""
    done = 0
    for organisation_id, _, time_zone in list_organisations(database):
        with database.read(organisation_id) as session:
            every = list(batches(session))
        for people in every:
            with database.write(organisation_id) as session:
                standings.wait_for_turn(session, person_ids=people)
                # What is stored may not even be readable; it is only a projection.
                session.execute(delete(StandingRow).where(StandingRow.person_id.in_(people)))
                standings.bring_up_to_date(
                    session, organisation_id=organisation_id, person_ids=people, today=day_in(now, time_zone)
                )
            done += len(people)
            yield done


def list_organisations(database: Database) -> list[tuple[int, str, str]]:
    """Return every organisation's id, short name and time zone."""
    with database.read(EVERYWHERE) as session:
        query = select(Organisation.id, Organisation.slug, Organisation.time_zone).order_by(Organisation.id)
        return [tuple(row) for row in session.execute(query)]


def batches(session: Session) -> Iterator[list[uuid.UUID]]:
    """Yield the ids of everybody in scope, a few hundred at a time."""
    ids = session.scalars(select(Person.id).order_by(Person.id)).all()
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])
