"""Columns that every database gives back alike: instants with their zone, and ids."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import DateTime, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; hand the rest over in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class KnownUuid(Uuid[UUID]):
    """An id, in SQLite as text that is read once: to make the same id anew takes forty times as long as to find it."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], UUID | None] | None:
        """Return what makes ids of text; another database gives them as they are."""
        return known_uuid if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=16384)
def known_uuid(text: str | None) -> UUID | None:
    """Return the id that stands in a text."""
    return None if text is None else UUID(text)
