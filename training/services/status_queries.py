"""Which stored standings have a status on a day, as conditions of a query."""

from collections.abc import Collection

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, not_, or_

from training.domain.status import Status
from training.models import StandingRow

DAY: BindParameter = bindparam("day")
SOONEST: BindParameter = bindparam("due_until")


def has_turned() -> ColumnElement[bool]:
    """Return the condition that the day has changed a row since it was stored, so that it says nothing of the day."""
    return StandingRow.next_change_on <= DAY


def stands(statuses: Collection[Status]) -> ColumnElement[bool]:
    """Return the condition that a row that has not turned has one of some statuses on the day."""
    return StandingRow.status.in_(sorted(statuses))


def falls_due() -> ColumnElement[bool]:
    """Return the condition that a row that has not turned falls due from the day until another, whichever comes last.

    It is in date no longer then, or no longer to come.
    """
    due = [StandingRow.first_due_on, StandingRow.grace_until]
    first = and_(
        stands({Status.NOT_YET_DUE}),
        or_(*(each.is_not(None) for each in due)),
        *(each.is_(None) | (each <= SOONEST) for each in due),
    )
    in_date = stands({Status.UP_TO_DATE, Status.EXPIRING_SOON})
    return or_(first, and_(in_date, not_(StandingRow.never_expires), StandingRow.valid_until <= SOONEST))
