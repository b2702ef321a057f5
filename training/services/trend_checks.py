"""The trend held against the facts, and made anew."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database, columns_of
from training.models import TrendFigure, TrendState
from training.services import everybody, trend_work
from training.services.counters import MEASURES


@dataclass(frozen=True, slots=True)
class TrendDrift:
    """A figure that is not what the facts come to: how many it has too few, or too many where negative."""

    organisation: str
    day: date
    site_id: uuid.UUID
    item: str
    measure: str
    lacking: int


def rebuild(database: Database, *, now: datetime) -> Iterator[int]:
    """Work out every month's end anew; yields how many people are done. What is there is shown until all is done."""
    for organisation_id, _, _ in everybody.list_organisations(database):
        with database.write(organisation_id) as session:
            state = session.get(TrendState, organisation_id)
            if state is not None:
                state.known_at = state.draft_known_at = state.draft_after = None
                state.draft_days = []
    yield from trend_work.bring_up_to_date(database, now=now, known_at=now)


def verify(database: Database) -> Iterator[tuple[int, list[TrendDrift]]]:
    """Compare every figure with what the facts come to, as known when it was worked out, by organisation.

    Yields how many people there are, and what drifted. Days of which a draft is being made are left out.
    """
    for organisation_id, slug, _ in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            state = session.get(TrendState, organisation_id)
            people, found = lacking(session, state) if state is not None else (0, Counter())
        yield people, [TrendDrift(slug, *key, number) for key, number in sorted(found.items()) if number]


def lacking(session: Session, state: TrendState) -> tuple[int, trend_work.Sums]:
    """Return how many people there are, and what the figures lack of what these come to."""
    sums: trend_work.Sums = Counter()
    known_at = state.draft_known_at or state.known_at
    days = tuple(date.fromisoformat(day) for day in state.days if day not in state.draft_days)
    count = 0
    for people in everybody.in_batches(session, size=trend_work.BATCH):
        sums.update(trend_work.worked_out(session, person_ids=people, days=days, known_at=known_at))
        count += len(people)
    stored = select(*columns_of(TrendFigure)).where(TrendFigure.day.in_(days), ~TrendFigure.draft)
    for row in session.execute(stored):
        sums.subtract({(row.day, row.site_id, row.item, measure): getattr(row, measure) for measure in MEASURES})
    return count, sums
