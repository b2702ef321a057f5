"""What falls due, and how much of it soon."""

from datetime import date, timedelta

import pytest

from training.domain.due_soon import due_within, falls_due_on
from training.domain.standing import Standing
from training.domain.status import Status

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=40)
IN_DATE = Standing(valid_until=LATER, first_due_on=DAY)
NEW = Standing(first_due_on=LATER)


@pytest.mark.parametrize(
    ("standing", "status", "expected"),
    [
        (IN_DATE, Status.UP_TO_DATE, LATER),
        (IN_DATE, Status.EXPIRING_SOON, LATER),
        (NEW, Status.NOT_YET_DUE, LATER),
        (Standing(never_expires=True, first_due_on=DAY), Status.UP_TO_DATE, None),
        (IN_DATE, Status.EXEMPT, None),
        (NEW, Status.ON_LEAVE, None),
        (NEW, Status.OVERDUE, None),
        (IN_DATE, Status.EXPIRED, None),
    ],
)
def test_something_falls_due_on_the_last_good_day_of_whoever_needs_it(standing, status, expected):
    assert falls_due_on(standing, status, DAY) == expected


def test_each_band_holds_what_falls_due_sooner():
    assert due_within({0: 1, 30: 2, 31: 4, 60: 8, 90: 16, 91: 32}) == {30: 3, 60: 15, 90: 31}
    assert due_within({7: 1, 8: 2}, [7]) == {7: 1}
