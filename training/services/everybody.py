"""Every organisation, and everybody of one, some at a time."""

import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.models import Organisation, Person

NOBODY = uuid.UUID(int=0)


def list_organisations(database: Database) -> list[tuple[int, str, str]]:
    """Return every organisation's id, short name and time zone."""
    with database.read(EVERYWHERE) as session:
        query = select(Organisation.id, Organisation.slug, Organisation.time_zone).order_by(Organisation.id)
        return [tuple(row) for row in session.execute(query)]


def how_many(database: Database) -> int:
    """Return how many people all organisations have."""
    with database.read(EVERYWHERE) as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def people_after(session: Session, after: uuid.UUID, *, most: int) -> list[uuid.UUID]:
    """Return the ids that follow one, in order."""
    return list(session.scalars(select(Person.id).where(Person.id > after).order_by(Person.id).limit(most)))


def in_batches(session: Session, *, size: int) -> Iterator[list[uuid.UUID]]:
    """Yield the ids of everybody in scope, so many at a time."""
    after = NOBODY
    while people := people_after(session, after, most=size):
        yield people
        after = people[-1]
