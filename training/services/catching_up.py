"""Bringing many people's standings up to date in the commit of the decision that moves them."""

import uuid
from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import Select
from sqlalchemy.orm import Session

from training.services import everybody, standings
from training.services.accounts import Viewer

BATCH = 500


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
