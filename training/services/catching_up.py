"""Bringing many people's standings up to date with what moves them: a decision, or an item that replaces another."""

import uuid
from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import day_in
from training.models import CaughtUp, Organisation, Replacement
from training.services import everybody, facts, standings
from training.services.accounts import Viewer

BATCH = 500
NOT_CAUGHT_UP = (
    select(Replacement.item, Replacement.older)
    .outerjoin(CaughtUp, (CaughtUp.item == Replacement.item) & (CaughtUp.older == Replacement.older))
    .where(CaughtUp.finished_at.is_(None))
    .order_by(Replacement.item, Replacement.older)
)


def catch_up(
    session: Session,
    *,
    viewer: Viewer,
    today: date,
    items: Collection[str] | None = None,
    among: Select[tuple[uuid.UUID]] | None = None,
) -> None:
    """Work out anew everybody's standings, on these items alone where they are named; part of the caller's commit.

    `among` selects the ids of those whom the decision touches, where it cannot touch everybody.
    """
    for people in in_batches(session, among=among):
        standings.bring_up_to_date(
            session, organisation_id=viewer.organisation_id, person_ids=people, today=today, items=items
        )
        session.flush()
        # Tens of thousands of rows would weigh on every flush that follows.
        session.expunge_all()


def in_batches(session: Session, *, among: Select[tuple[uuid.UUID]] | None) -> Iterator[list[uuid.UUID]]:
    """Yield the ids of everybody, or of those selected, some at a time."""
    if among is None:
        yield from everybody.in_batches(session, size=BATCH)
        return
    ids = sorted(set(session.scalars(among)))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def catch_up_with_replacements(database: Database, *, now: datetime) -> None:
    """Work out anew whom a replaced item touches, some people in each commit, wherever that is not done yet.

    What was left undone by an interruption is done by the next start, which goes on where it stopped.
    """
    for organisation_id, _, time_zone in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            waiting = session.execute(NOT_CAUGHT_UP).all()
        for item, older in waiting:
            key = (organisation_id, item, older)
            while catch_up_some(database, key=key, today=day_in(now, time_zone), now=now):
                pass


def catch_up_some(database: Database, *, key: tuple[int, str, str], today: date, now: datetime) -> bool:
    """Work out anew those of the next people who passed the older item; False once everybody was looked at."""
    organisation_id, item, older = key
    with database.write(organisation_id) as session:
        # Of servers that start at once, each takes the people after the other's.
        place = select(Organisation.id).where(Organisation.id == organisation_id)
        session.execute(place.with_for_update(key_share=True))
        done = session.get(CaughtUp, key)
        if done is None:
            done = CaughtUp(organisation_id=organisation_id, item=item, older=older, after=everybody.NOBODY)
            session.add(done)
        people = everybody.people_after(session, done.after, most=BATCH)
        if not people:
            done.finished_at = done.finished_at or now
            return False
        # Whoever is passing it at this very moment may not know yet that it was replaced.
        standings.wait_for_turn(session, person_ids=people)
        records = facts.read_records(session, person_ids=people, items=[item])
        passed = [person_id for person_id, record in records.items() if older in record.passes]
        if passed:
            standings.bring_up_to_date(
                session, organisation_id=organisation_id, person_ids=passed, today=today, items=[item]
            )
        done.after = people[-1]
    return True
