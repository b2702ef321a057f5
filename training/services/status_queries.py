"""Which stored standings have a status on a day, as conditions of a query: the rules of `domain.standing.status_on`."""

from collections.abc import Collection

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, false, not_, or_

from training.domain.status import Status
from training.models import StandingRow

DAY: BindParameter = bindparam("day")
LATE = frozenset({Status.EXPIRED, Status.OVERDUE})
SOONEST: BindParameter = bindparam("due_until")


def has_turned() -> ColumnElement[bool]:
    """Return the condition that the day has changed a row since it was stored, so that it says nothing of the day."""
    return StandingRow.next_change_on <= DAY


def stands(statuses: Collection[Status]) -> ColumnElement[bool]:
    """Return the condition that a row has one of some statuses on the day.

    Few are late: what tells them from the others stands first and apart, where an index can say so of most rows.
    """
    found = or_(false(), *(_is(status) for status in sorted(statuses)))
    return and_(_out_of_date(), found) if LATE.issuperset(statuses) else found


def falls_due() -> ColumnElement[bool]:
    """Return the condition that a row falls due from the day until another: in date no longer, or no longer to come."""
    due = [StandingRow.first_due_on, StandingRow.grace_until]
    first = and_(
        _is(Status.NOT_YET_DUE),
        or_(*(each.is_not(None) for each in due)),
        *(each.is_(None) | (each <= SOONEST) for each in due),
    )
    until = and_(StandingRow.valid_until.is_not(None), StandingRow.valid_until <= SOONEST)
    return or_(first, and_(stands({Status.UP_TO_DATE, Status.EXPIRING_SOON}), not_(StandingRow.never_expires), until))


def _is(status: Status) -> ColumnElement[bool]:
    in_date = or_(StandingRow.never_expires, _reaches(StandingRow.valid_until))
    open_ = and_(StandingRow.window_opens_on.is_not(None), StandingRow.window_opens_on <= DAY)
    no_day = and_(StandingRow.first_due_on.is_(None), StandingRow.grace_until.is_(None))
    to_come = or_(no_day, _reaches(StandingRow.first_due_on), _reaches(StandingRow.grace_until))
    needed = _covers("need_begins_on", "need_ends_on")
    active = and_(needed, not_(_covers("leave_from", "leave_until")), not_(_covers("exempt_from", "exempt_until")))
    late = and_(_out_of_date(), not_(to_come), active)
    passed = StandingRow.last_passed_on.is_not(None)
    conditions = {
        Status.HELD: and_(not_(needed), passed),
        Status.NOT_NEEDED: and_(not_(needed), not_(passed)),
        Status.ON_LEAVE: and_(needed, _covers("leave_from", "leave_until")),
        Status.EXEMPT: and_(needed, not_(_covers("leave_from", "leave_until")), _covers("exempt_from", "exempt_until")),
        Status.UP_TO_DATE: and_(active, in_date, not_(open_)),
        Status.EXPIRING_SOON: and_(active, in_date, open_),
        Status.NOT_YET_DUE: and_(active, not_(in_date), to_come),
        Status.EXPIRED: and_(StandingRow.in_date_in_need, late),
        Status.OVERDUE: and_(not_(StandingRow.in_date_in_need), late),
    }
    return and_(conditions.get(status, false()), _covers("on_file_from", "on_file_until"))


def _out_of_date() -> ColumnElement[bool]:
    return and_(not_(StandingRow.never_expires), or_(StandingRow.valid_until.is_(None), StandingRow.valid_until < DAY))


def _covers(first: str, last: str) -> ColumnElement[bool]:
    """Return the condition that a span in two columns holds the day; never unknown, so that it may be turned round."""
    from_, until = getattr(StandingRow, first), getattr(StandingRow, last)
    return and_(from_.is_not(None), from_ <= DAY, or_(until.is_(None), until >= DAY))


def _reaches(column: ColumnElement) -> ColumnElement[bool]:
    return and_(column.is_not(None), column >= DAY)
