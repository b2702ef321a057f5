"""Comparing every standing with the facts, and working all of them out anew."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import day_in
from training.models import Employment, OnFileRow, Requirement, StandingRow
from training.services import counters, everybody, standings
from training.services.standing_rows import PLAIN, Line, OnFile, line_of, on_file_of

BATCH = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """A stored standing, or days on file where there is no requirement, that the facts do not bear out, in words."""

    organisation: str
    person_id: uuid.UUID
    requirement_id: uuid.UUID | None
    what: str


def verify(database: Database, *, now: datetime) -> list[Drift]:
    """Compare every stored standing with the facts, as at the day it was worked out."""
    return [drift for _, drifts in verify_batches(database, now=now) for drift in drifts]


def verify_batches(database: Database, *, now: datetime) -> Iterator[tuple[int, list[Drift]]]:
    """Compare everybody's standings with the facts, some people at a time; yields how many, and what drifted."""
    for organisation_id, slug, time_zone in everybody.list_organisations(database):
        today = day_in(now, time_zone)
        with database.read(organisation_id) as session:
            for people in everybody.in_batches(session, size=BATCH):
                found = differences(session, person_ids=people, today=today)
                yield len(people), [Drift(slug, *each) for each in found]


def differences(
    session: Session, *, person_ids: Sequence[uuid.UUID], today: date
) -> Iterator[tuple[uuid.UUID, uuid.UUID | None, str]]:
    """Yield each row of these people that is stored and not borne out, or borne out and not stored.

    A row is compared as at the day on which it was worked out, or as it is today where that day is still to come; one
    that is not stored, as at the latest such day of the person, or as it is today.
    """
    rows = session.execute(
        select(StandingRow, Requirement.name)
        .join(Requirement, Requirement.id == StandingRow.requirement_id)
        .where(StandingRow.person_id.in_(person_ids))
    ).all()
    stored = {
        line.key: (line, min(row.worked_out_on, today))
        for row, name in rows
        for line in [line_of(row, requirement=name)]
    }
    for row in standings.rows_of(session, OnFileRow, person_ids=person_ids):
        place = on_file_of(row)
        stored[place.key] = place, min(row.worked_out_on, today)
    days = {key: day for key, (_, day) in stored.items()}
    latest = dict.fromkeys(person_ids, today) | {key[0]: days[key] for key in sorted(days, key=days.get)}
    for day in sorted({*days.values(), *latest.values()}):
        people = sorted(
            {key[0] for key, then in days.items() if then == day} | {one for one in latest if latest[one] == day}
        )
        worked_out = standings.work_out_people(session, person_ids=people, today=day)
        every = {each.key: each for each in (*worked_out.places, *worked_out.lines)}
        found = {key: each for key, each in every.items() if days.get(key, latest[key[0]]) == day}
        for key in {key for key in stored if days[key] == day} | found.keys():
            one, other = stored.get(key, (None,))[0], found.get(key)
            if one != other:
                yield key[0], key[1], what_differs(one, other)


def what_differs(stored: Line | OnFile | None, found: Line | OnFile | None) -> str:
    """Say in words how what is stored and the facts differ."""
    if stored is None:
        return "is missing"
    if found is None:
        return "is stored, but the facts give none"
    if isinstance(stored, OnFile):
        return f"days on file are stored as {stored.days}, the facts give {found.days}"
    names = (name for name in (*PLAIN, "on_file", "on_leave", "exemption"))
    return "; ".join(
        f"{name} is stored as {getattr(stored.standing, name)}, the facts give {getattr(found.standing, name)}"
        for name in names
        if getattr(stored.standing, name) != getattr(found.standing, name)
    )


def is_built(database: Database, *, now: datetime) -> bool:
    """Say whether days on file are stored wherever somebody has a job, with the titles there; else they are lacking.

    After a migration they may not be stored yet.
    """
    for organisation_id, _, time_zone in everybody.list_organisations(database):
        today = day_in(now, time_zone)
        goes_on = or_(Employment.ends_on.is_(None), Employment.ends_on >= today)
        with database.read(organisation_id) as session:
            if session.scalar(select(OnFileRow.person_id).where(OnFileRow.titles.is_(None)).limit(1)) is not None:
                return False
            has_jobs = session.scalar(select(exists().where(Employment.withdrawn_at.is_(None), goes_on)))
            if has_jobs and session.scalar(select(OnFileRow.person_id).limit(1)) is None:
                return False
    return True


def rebuild(database: Database, *, now: datetime) -> Iterator[int]:
    """Work out every standing and counter anew; yields how many people are done after each batch."""
    done = 0
    for organisation_id, _, time_zone in everybody.list_organisations(database):
        today, after = day_in(now, time_zone), everybody.NOBODY
        while people := next_people(database, organisation_id=organisation_id, after=after, most=BATCH):
            with database.write(organisation_id) as session:
                rebuild_people(session, organisation_id=organisation_id, people=people, today=today)
            after, done = people[-1], done + len(people)
            yield done
    counters.recount(database)


def next_people(database: Database, *, organisation_id: int, after: uuid.UUID, most: int) -> list[uuid.UUID]:
    """Return the next people of an organisation in order of id."""
    with database.read(organisation_id) as session:
        return everybody.people_after(session, after, most=most)


def rebuild_people(session: Session, *, organisation_id: int, people: Sequence[uuid.UUID], today: date) -> None:
    """Work out some people anew. What is stored may not even be readable; it is only a projection."""
    standings.wait_for_turn(session, person_ids=people)
    with suppress(ValueError):  # The count at the end makes good what unreadable rows had added.
        counters.take_off(session, person_ids=people, organisation_id=organisation_id)
    for table in (StandingRow, OnFileRow):
        session.execute(delete(table).where(table.person_id.in_(people)))
    standings.bring_up_to_date(session, organisation_id=organisation_id, person_ids=people, today=today)
