"""Which stored standings have a status on a day, as conditions of a query: the rules of `domain.standing.status_on`."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    case,
    false,
    func,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from training.domain.standing import ACTIVE, EXEMPT, NOT_NEEDED, ON_LEAVE, WORST_FIRST
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
    """Return the condition that a row falls due from the day until another: in date no longer, or no longer to come.

    That it is not in date beyond the other day is true of all of these, and an index can say it of most others.
    """
    due = [StandingRow.first_due_on, StandingRow.grace_until]
    first = and_(
        _is(Status.NOT_YET_DUE),
        or_(*(each.is_not(None) for each in due)),
        *(each.is_(None) | (each <= SOONEST) for each in due),
    )
    ends = or_(StandingRow.valid_until.is_(None), StandingRow.valid_until <= SOONEST)
    again = and_(stands({Status.UP_TO_DATE, Status.EXPIRING_SOON}), StandingRow.valid_until.is_not(None))
    return and_(not_(StandingRow.never_expires), ends, or_(first, again))


def is_strictest() -> ColumnElement[bool]:
    """Return the condition that no other requirement on a row's item is stricter, by `domain.standing.strictest`."""
    other = aliased(StandingRow)
    beside = select(other.item).where(
        other.person_id == StandingRow.person_id,
        other.item == StandingRow.item,
        other.site_id == StandingRow.site_id,
        tuple_(*_strictness(other)) < tuple_(*_strictness(StandingRow)),
    )
    return ~beside.correlate(StandingRow).exists()


def _strictness(row: type[StandingRow]) -> tuple[ColumnElement, ...]:
    """Return what puts somebody's rows on one item in order, the one that is shown first."""
    in_date, due = _in_date(row), _later(row.first_due_on, row.grace_until)
    groups = (
        (not_(_covers("need_begins_on", "need_ends_on", row)), NOT_NEEDED),
        (_covers("leave_from", "leave_until", row), ON_LEAVE),
        (_covers("exempt_from", "exempt_until", row), EXEMPT),
    )
    deadline = case(
        (in_date, func.coalesce(row.valid_until, date.max)),
        (row.in_date_in_need, _later(row.valid_until, due)),
        else_=func.coalesce(due, date.max),
    )
    severity = case(
        (and_(in_date, _window_is_open(row)), WORST_FIRST.index(Status.EXPIRING_SOON)),
        (in_date, WORST_FIRST.index(Status.UP_TO_DATE)),
        (or_(due.is_(None), due >= DAY), WORST_FIRST.index(Status.NOT_YET_DUE)),
        (row.in_date_in_need, WORST_FIRST.index(Status.EXPIRED)),
        else_=WORST_FIRST.index(Status.OVERDUE),
    )
    return case(*groups, else_=ACTIVE), deadline, severity


def _later(one: ColumnElement, other: ColumnElement) -> ColumnElement:
    """Return the later of two days, or the one that is set."""
    return case((one.is_(None), other), (other.is_(None), one), (one < other, other), else_=one)


def _is(status: Status) -> ColumnElement[bool]:
    in_date, open_ = _in_date(StandingRow), _window_is_open(StandingRow)
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


def _in_date(row: type[StandingRow]) -> ColumnElement[bool]:
    return or_(row.never_expires, _reaches(row.valid_until))


def _window_is_open(row: type[StandingRow]) -> ColumnElement[bool]:
    return and_(row.window_opens_on.is_not(None), row.window_opens_on <= DAY)


def _out_of_date() -> ColumnElement[bool]:
    return and_(not_(StandingRow.never_expires), or_(StandingRow.valid_until.is_(None), StandingRow.valid_until < DAY))


def _covers(first: str, last: str, row: type[StandingRow] = StandingRow) -> ColumnElement[bool]:
    """Return the condition that a span in two columns holds the day; never unknown, so that it may be turned round."""
    from_, until = getattr(row, first), getattr(row, last)
    return and_(from_.is_not(None), from_ <= DAY, or_(until.is_(None), until >= DAY))


def _reaches(column: ColumnElement) -> ColumnElement[bool]:
    return and_(column.is_not(None), column >= DAY)
