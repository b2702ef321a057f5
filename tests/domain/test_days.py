"""Days as they are typed, in time zones, and spans cut by others."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from training.domain.days import (
    MONTHS,
    DayUnreadable,
    NoSuchDay,
    Span,
    common,
    day_in,
    end_of_day,
    in_order,
    join,
    present_or_next,
    read_day,
    without,
)

DAY = date(2027, 1, 13)


@pytest.mark.parametrize(
    "typed",
    [
        "13 Jan 2027",
        "13 january 2027",
        "13 JANU 2027",
        "13/1/2027",
        "13.01.2027",
        "13-1-2027",
        "2027-01-13",
        "2027/1/13",
        "  13  Jan,  2027 ",
        "13Jan2027",
    ],
)
def test_a_day_is_read_as_people_write_it(typed):
    assert read_day(typed) == DAY


@pytest.mark.parametrize("typed", ["1 sty 2026", "1 stycznia 2026", "1 Ion 2026", "1 Ionawr 2026", "1 January 2026"])
def test_a_month_is_read_in_every_language_that_pages_have(typed):
    assert read_day(typed) == date(2026, 1, 1)


def test_every_month_is_read_by_its_name_and_its_number():
    for number, name in enumerate(MONTHS, start=1):
        assert read_day(f"3 {name} 2027") == read_day(f"3/{number}/2027") == date(2027, number, 3)


@pytest.mark.parametrize(
    "typed", ["", "13 Jan", "Jan 13 2027", "13 Jan 2027 10:00", "1/13/2027", "13 Yule 2027", "3/3/99999"]
)
def test_what_is_no_day_is_refused_with_an_example(typed):
    with pytest.raises(DayUnreadable) as refused:
        read_day(typed)
    assert str(refused.value) == "Write the day like this: 13 Jan 2027."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("30 Feb 2027", "Feb 2027 has no day 30."),
        ("29/02/2027", "Feb 2027 has no day 29."),
        ("2027-04-31", "Apr 2027 has no day 31."),
        ("0/1/2027", "Jan 2027 has no day 0."),
    ],
)
def test_a_day_that_its_month_does_not_have_is_said_to_be_none(typed, words):
    with pytest.raises(NoSuchDay) as refused:
        read_day(typed)
    assert str(refused.value) == words


def test_a_year_of_many_digits_is_refused_like_any_other():
    with pytest.raises(DayUnreadable):
        read_day("3 Jan " + "9" * 30)


@pytest.mark.parametrize(
    ("instant", "time_zone", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "Europe/London", date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "Europe/London", date(2026, 7, 1)),
        (datetime(2026, 1, 1, 3, 0, tzinfo=UTC), "America/New_York", date(2025, 12, 31)),
        (datetime(2026, 1, 1, 3, 0, tzinfo=timezone(timedelta(hours=9))), "Europe/London", date(2025, 12, 31)),
    ],
)
def test_an_instant_falls_on_the_day_of_its_place(instant, time_zone, day):
    assert day_in(instant, time_zone) == day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 6, 30), datetime(2026, 6, 30, 22, 59, 59, 999999, UTC)),
        (date(2026, 1, 31), datetime(2026, 1, 31, 23, 59, 59, 999999, UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 59, 59, 999999, UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 59, 59, 999999, UTC)),
        (date.max, datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_of_its_place(day, end):
    found = end_of_day(day, "Europe/London")
    assert (found, found.tzinfo) == (end, UTC)


def test_what_is_cut_where_it_begins_or_ends_has_no_part_there():
    whole = Span(date(2026, 1, 1), date(2026, 1, 31))
    assert without([whole], [Span(date(2026, 1, 1), date(2026, 1, 2))]) == (Span(date(2026, 1, 3), date(2026, 1, 31)),)
    assert without([whole], [Span(date(2026, 1, 30), date(2026, 1, 31))]) == (
        Span(date(2026, 1, 1), date(2026, 1, 29)),
    )
    assert without([whole], [Span(date(2026, 1, 2), date(2026, 1, 30))]) == (
        Span(date(2026, 1, 1), date(2026, 1, 1)),
        Span(date(2026, 1, 31), date(2026, 1, 31)),
    )
    assert without([whole], [whole]) == ()


def test_days_in_common_are_joined():
    january, first, second = (
        Span(date(2026, 1, first), date(2026, 1, last)) for first, last in ((1, 31), (1, 5), (6, 7))
    )
    assert common([january], [first, second]) == (Span(date(2026, 1, 1), date(2026, 1, 7)),)


def test_spans_stand_in_order_of_their_first_day_and_then_their_last():
    endless, short, long, later = (
        Span(date(2026, 1, 1)),
        Span(date(2026, 1, 1), date(2026, 1, 2)),
        Span(date(2026, 1, 1), date(2026, 1, 3)),
        Span(date(2026, 1, 2), date(2026, 1, 2)),
    )
    assert in_order([later, endless, long, short]) == [short, long, endless, later]
    assert present_or_next([later, short], date(2026, 1, 2)) == short
    assert present_or_next([later, short], date(2026, 1, 3)) is None


def test_a_span_within_one_without_an_end_adds_nothing():
    endless = Span(date(2026, 1, 1))
    assert join([endless, Span(date(2026, 2, 1), date(2026, 2, 3)), Span(date(2026, 3, 1))]) == (endless,)
    assert join([Span(date(2026, 1, 1), date(2026, 1, 9)), Span(date(2026, 1, 2), date(2026, 1, 9))]) == (
        Span(date(2026, 1, 1), date(2026, 1, 9)),
    )
