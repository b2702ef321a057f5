"""The only reads of the system clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant, aware and in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the present calendar day in a time zone."""
    return now().astimezone(ZoneInfo(time_zone)).date()
