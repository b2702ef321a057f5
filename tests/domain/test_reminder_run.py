"""A run of reminders: when it stops and asks first, and at what time of day it may send."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.reminder_run import Approval, Flood, Limit, flood, is_quiet, may_send_at

DAY = date(2027, 3, 1)
LONDON = ZoneInfo("Europe/London")


def stopped(people, *, on_file, **changes):
    found = flood(people, on_file=on_file, day=DAY, **changes)
    return found and found.limit.value


# Floods


@pytest.mark.parametrize(
    ("people", "on_file", "expected"),
    [
        (0, 0, None),
        (0, 500, None),
        (200, 400, None),
        (201, 5000, "more-than-200-people"),
        (201, 201, "more-than-200-people"),
        (20, 20, None),
        (10, 21, None),
        (11, 21, "more-than-half"),
        (11, 22, None),
        (150, 299, "more-than-half"),
        (150, 300, None),
    ],
)
def test_a_run_stops_over_200_people_or_half_of_an_organisation_that_is_not_small(people, on_file, expected):
    assert stopped(people, on_file=on_file) == expected


def test_a_flood_says_how_many_of_how_many_and_what_was_agreed():
    approvals = [Approval(DAY, 230), Approval(DAY, 250), Approval(DAY - timedelta(days=1), 900)]
    assert flood(300, on_file=400, day=DAY, approvals=approvals) == Flood(
        day=DAY, people=300, on_file=400, limit=Limit.MANY_PEOPLE, agreed=250
    )
    assert flood(300, on_file=400, day=DAY).agreed is None


@pytest.mark.parametrize(
    ("agreed", "people", "expected"),
    [
        (300, 300, None),
        (300, 250, None),
        (300, 330, None),
        (300, 331, "more-than-200-people"),
        (201, 221, None),
        (201, 222, "more-than-200-people"),
    ],
)
def test_an_approval_covers_a_run_that_grew_by_a_tenth_at_most(agreed, people, expected):
    assert stopped(people, on_file=1000, approvals=[Approval(DAY, agreed)]) == expected


@pytest.mark.parametrize(("days", "covers"), [(-1, False), (0, True), (1, False)])
def test_an_approval_is_good_for_its_own_day_only(days, covers):
    approval = Approval(DAY + timedelta(days=days), 300)
    assert (stopped(300, on_file=1000, approvals=[approval]) is None) == covers


def test_any_approval_of_the_day_that_covers_the_run_is_enough():
    assert stopped(300, on_file=1000, approvals=[Approval(DAY, 300), Approval(DAY, 210)]) is None


def test_a_flood_does_not_pass_in_slices():
    assert stopped(100, on_file=1000, sent_today=100) is None
    assert stopped(100, on_file=1000, sent_today=101) == "more-than-200-people"
    assert stopped(0, on_file=1000, sent_today=300) is None
    # What was left of an approved run that broke off goes out under the same approval.
    assert stopped(120, on_file=1000, sent_today=180, approvals=[Approval(DAY, 300)]) is None


# Quiet hours


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (time(19, 59, 59), False),
        (time(20), True),
        (time(23, 59), True),
        (time(0), True),
        (time(7, 59, 59), True),
        (time(8), False),
        (time(12), False),
    ],
)
def test_the_night_is_quiet(at, quiet):
    assert is_quiet(at) == quiet


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "quiet"),
    [
        (time(12), time(14), [False, True, True, False]),
        (time(13), time(13), [False, False, False, False]),
        (time(14), time(12), [True, False, False, True]),
    ],
)
def test_quiet_hours_may_lie_within_a_day_or_be_none(quiet_from, quiet_until, quiet):
    hours = (time(11, 59), time(12), time(13), time(14))
    assert [is_quiet(at, quiet_from=quiet_from, quiet_until=quiet_until) for at in hours] == quiet


def instant(text, zone=LONDON, fold=0):
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-01-05T12:34:56", "2027-01-05T12:34:56"),
        ("2027-01-05T08:00", "2027-01-05T08:00"),
        ("2027-01-05T07:59:59.5", "2027-01-05T08:00"),
        ("2027-01-05T20:00", "2027-01-06T08:00"),
        ("2027-01-06T00:00", "2027-01-06T08:00"),
        ("2027-07-05T21:00", "2027-07-06T07:00"),
        # The clock goes forward on 28 March 2027 and back on 31 October 2027: 11 and 13 hours of quiet.
        ("2027-03-27T20:00", "2027-03-28T07:00"),
        ("2027-10-30T20:00", "2027-10-31T08:00"),
        ("2028-02-28T22:00", "2028-02-29T08:00"),
        ("2027-12-31T23:59", "2028-01-01T08:00"),
    ],
)
def test_what_is_held_back_goes_out_when_the_night_is_over(now, expected):
    found = may_send_at(instant(now))
    assert found == instant(expected, UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "fold", "expected"),
    [
        # 01:30 does not come on this night: quiet ends when 01:00 becomes 02:00.
        ("2027-03-28T00:10", 0, "2027-03-28T01:00"),
        # It comes twice on this one, and so do the last quiet minutes before it.
        ("2027-10-31T00:10", 0, "2027-10-31T00:30"),
        ("2027-10-31T01:40", 0, "2027-10-31T00:40"),
        ("2027-10-31T01:10", 1, "2027-10-31T01:30"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall_when_it_is_changed(now, fold, expected):
    assert may_send_at(instant(now, fold=fold), quiet_until=time(1, 30)) == instant(expected, UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no instant"):
        may_send_at(datetime(2027, 1, 5, 12, 0))  # noqa: DTZ001 - that is what is refused


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_the_first_instant_that_is_not_quiet_comes_within_a_day(now, quiet_from, quiet_until):
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    found = may_send_at(now.astimezone(LONDON), **hours)
    assert now <= found <= now + timedelta(hours=25)
    assert not is_quiet(found.astimezone(LONDON).time(), **hours)
    if found != now:
        assert is_quiet((found - timedelta(microseconds=1)).astimezone(LONDON).time(), **hours)
        assert is_quiet(now.astimezone(LONDON).time(), **hours)
