"""A standing in a few words, for a cell of a wide table: the status and the day that goes with it."""

from collections.abc import Callable
from datetime import date

from training.domain.days import ONE_DAY, format_day
from training.domain.standing import Standing, status_on
from training.domain.status import Status


def short_words(standing: Standing, day: date) -> str:
    """Say the status on a day with the day that it lasts until, is due by, or is late since."""
    status = status_on(standing, day)
    added = SHORT.get(status, lambda _: "")(standing)
    return f"{status.label} {added}".rstrip()


def _until(day: date | None) -> str:
    return f"until {format_day(day)}" if day else ""


def _in_date(standing: Standing) -> str:
    return "" if standing.never_expires else _until(standing.valid_until)


def _leave(standing: Standing) -> str:
    return _until(standing.on_leave.until)


def _exempt(standing: Standing) -> str:
    return _until(standing.exemption.span.until)


def _not_yet_due(standing: Standing) -> str:
    return f"until {format_day(standing.due_until)}" if standing.due_until else ""


def _expired(standing: Standing) -> str:
    last_days = (standing.valid_until, standing.due_until)
    return f"since {format_day(max(day for day in last_days if day) + ONE_DAY)}"


def _overdue(standing: Standing) -> str:
    return f"since {format_day(standing.due_until + ONE_DAY)}"


SHORT: dict[Status, Callable[[Standing], str]] = {
    Status.UP_TO_DATE: _in_date,
    Status.EXPIRING_SOON: _in_date,
    Status.ON_LEAVE: _leave,
    Status.EXEMPT: _exempt,
    Status.NOT_YET_DUE: _not_yet_due,
    Status.EXPIRED: _expired,
    Status.OVERDUE: _overdue,
}
