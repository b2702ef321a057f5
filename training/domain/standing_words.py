"""A standing in a few words, for a cell of a wide table: the status and the day that goes with it."""

from collections.abc import Callable
from datetime import date

from training.domain.days import ONE_DAY, format_day
from training.domain.language import _
from training.domain.standing import Standing, status_on
from training.domain.status import Status


def short_words(standing: Standing, day: date) -> str:
    """Say the status on a day with the day that it lasts until, is due by, or is late since."""
    status = status_on(standing, day)
    if status in SINCE:
        return _("%(status)s since %(day)s", status=status.label, day=format_day(SINCE[status](standing) + ONE_DAY))
    until = UNTIL[status](standing) if status in UNTIL else None
    return _("%(status)s until %(day)s", status=status.label, day=format_day(until)) if until else status.label


def _in_date(standing: Standing) -> date | None:
    return None if standing.never_expires else standing.valid_until


def _expired(standing: Standing) -> date:
    return max(day for day in (standing.valid_until, standing.due_until) if day)


UNTIL: dict[Status, Callable[[Standing], date | None]] = {
    Status.UP_TO_DATE: _in_date,
    Status.EXPIRING_SOON: _in_date,
    Status.ON_LEAVE: lambda standing: standing.on_leave.until,
    Status.EXEMPT: lambda standing: standing.exemption.span.until,
    Status.NOT_YET_DUE: lambda standing: standing.due_until,
}
# The last good days: what is late is late since the day after.
SINCE: dict[Status, Callable[[Standing], date]] = {
    Status.EXPIRED: _expired,
    Status.OVERDUE: lambda standing: standing.due_until,
}
