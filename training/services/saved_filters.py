"""Filters that people keep under a name: what they asked a page for, asked anew each time."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from training.db import Database
from training.domain.language import _
from training.domain.names import NameRefused, read_name
from training.models import SavedFilter
from training.services.accounts import Viewer
from training.services.organisations import AlreadyThere, NotFound

LONGEST_NAME = 60
LONGEST_WORD = 255
MOST = 50


class TooMany(NameRefused):
    """A filter cannot be kept because there are very many already."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter that somebody kept: the page it is of, and what it asks, as an address has it."""

    id: uuid.UUID
    name: str
    page: str
    asked: Mapping[str, str]


def save_filter(
    database: Database, *, viewer: Viewer, name: str, page: str, asked: Mapping[str, str], now: datetime
) -> uuid.UUID:
    """Keep a filter for the viewer alone.

    Nothing of what it found is kept: opened, it is asked anew, with the reach that the viewer has then.

    Raises:
        NameRefused: when the name is empty, too long, or there are very many filters already.
        AlreadyThere: when they have a filter of that name.
    """
    name = read_name(name)
    if len(name) > LONGEST_NAME:
        raise NameRefused(_("The name is longer than %(most)s characters. Shorten it.", most=LONGEST_NAME))
    words = _("You have a filter with the name “%(name)s”. Choose another name, or remove that one first.", name=name)
    taken = AlreadyThere(words)
    with database.write(viewer.organisation_id, if_taken=taken) as session:
        mine = select(func.count()).select_from(SavedFilter).where(SavedFilter.person_id == viewer.person_id)
        if session.scalar(mine) >= MOST:
            raise TooMany(_("You have %(most)s filters. Remove one that you no longer use.", most=MOST))
        kept = SavedFilter(
            organisation_id=viewer.organisation_id,
            person_id=viewer.person_id,
            name=name,
            page=page,
            asked={key: value[:LONGEST_WORD] for key, value in asked.items()},
            recorded_at=now,
        )
        session.add(kept)
        session.flush()
        return kept.id


def list_filters(database: Database, *, viewer: Viewer) -> tuple[Saved, ...]:
    """Return the viewer's own filters by name."""
    query = select(SavedFilter).where(SavedFilter.person_id == viewer.person_id).order_by(SavedFilter.name)
    with database.read(viewer.organisation_id) as session:
        return tuple(Saved(row.id, row.name, row.page, row.asked) for row in session.scalars(query))


def find_filter(database: Database, *, viewer: Viewer, filter_id: uuid.UUID) -> Saved:
    """Return one of the viewer's own filters.

    Raises:
        NotFound: when they have none such.
    """
    with database.read(viewer.organisation_id) as session:
        row = session.get(SavedFilter, (viewer.organisation_id, filter_id))
        if row is None or row.person_id != viewer.person_id:
            raise NotFound(_("You have no such filter."))
        return Saved(row.id, row.name, row.page, row.asked)


def remove_filter(database: Database, *, viewer: Viewer, filter_id: uuid.UUID) -> None:
    """Remove one of the viewer's own filters.

    Raises:
        NotFound: when they have none such.
    """
    find_filter(database, viewer=viewer, filter_id=filter_id)
    with database.write(viewer.organisation_id) as session:
        session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id))
