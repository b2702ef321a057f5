"""The turn of the day: standings whose day has come are worked out anew, and some are held against the facts."""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import day_in
from training.services import counters, everybody, standing_checks, standings
from training.services.counters import CounterDrift
from training.services.standing_checks import Drift

BATCH = 500
# So many people are held against the facts in one night; the next night goes on after the last of them.
CHECKED = 2_000
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """How many people of an organisation have a standing whose day of change has come."""

    organisation: str
    day: date
    people: int


def list_due(database: Database, *, now: datetime, on: date | None = None) -> list[Due]:
    """Say where standings wait to be worked out anew, writing nothing."""
    found = []
    for organisation_id, slug, time_zone in everybody.list_organisations(database):
        day = on or day_in(now, time_zone)
        with database.read(organisation_id) as session:
            people = standings.people_due(session, day=day)
        if people:
            found.append(Due(slug, day, len(people)))
    return found


def roll_over(database: Database, *, now: datetime, on: date | None = None) -> Iterator[int]:
    """Work out anew every standing whose day has come, some people in each commit; yields how many are done.

    What was left undone by an interruption is still due, so running it again goes on where it stopped.
    """
    done = 0
    for organisation_id, _, time_zone in everybody.list_organisations(database):
        day = on or day_in(now, time_zone)
        with database.read(organisation_id) as session:
            alike = standings.items_due(session, day=day)
        for items, due in alike.items():
            for start in range(0, len(due), BATCH):
                people = due[start : start + BATCH]
                with database.write(organisation_id) as session:
                    standings.bring_up_to_date(
                        session, organisation_id=organisation_id, person_ids=people, today=day, items=items
                    )
                done += len(people)
                yield done


def reconcile(
    database: Database, *, now: datetime, watermark: str = "", most: int = CHECKED
) -> tuple[str, list[Drift]]:
    """Hold the standings of some people against the facts, log and mend what drifted, counters included.

    `watermark` says where the run before stopped; returned is where this one did, empty once everybody was looked at.
    """
    drifts: list[Drift] = []
    left, start = most, read_watermark(watermark)
    for organisation_id, slug, time_zone in everybody.list_organisations(database):
        if start and organisation_id < start[0]:
            continue
        after = start[1] if start and organisation_id == start[0] else everybody.NOBODY
        today = day_in(now, time_zone)
        while left > 0:
            people = standing_checks.next_people(
                database, organisation_id=organisation_id, after=after, most=min(BATCH, left)
            )
            if not people:
                break
            with database.write(organisation_id) as session:
                drifts += mend(session, slug, organisation_id=organisation_id, people=people, today=today)
            after, left = people[-1], left - len(people)
        if left <= 0:
            break
    if drifts:
        recount(database)
    return (f"{organisation_id} {after}" if left <= 0 else ""), drifts


def recount(database: Database) -> list[CounterDrift]:
    """Hold every counter against the standings, log and mend what drifted."""
    drifts = counters.recount(database)
    for drift in drifts:
        LOG.warning("a counter drifted from the standings and was mended: %s", drift)
    return drifts


def read_watermark(text: str) -> tuple[int, uuid.UUID] | None:
    """Return an organisation and the last person looked at there."""
    organisation_id, _, person_id = text.partition(" ")
    return (int(organisation_id), uuid.UUID(person_id)) if person_id else None


def mend(session: Session, slug: str, *, organisation_id: int, people: list[uuid.UUID], today: date) -> Iterator[Drift]:
    """Yield what drifted among some people, with it worked out anew in the same commit."""
    standings.wait_for_turn(session, person_ids=people)
    found = list(standing_checks.differences(session, person_ids=people, today=today))
    if found:
        drifted = {person_id for person_id, _, _ in found}
        standings.bring_up_to_date(session, organisation_id=organisation_id, person_ids=drifted, today=today)
    for each in found:
        drift = Drift(slug, *each)
        LOG.warning("a standing drifted from the facts and was mended: %s", drift)
        yield drift
