"""The last valid day, the fixed day, and spans of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.days import EndsBeforeItBegins, Span, common, count_of, format_day, join
from training.domain.expiry import ValidityTooShort, last_valid_day, next_fixed_day

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SPANS = st.builds(
    lambda from_, length: Span(from_, None if length is None else from_ + timedelta(days=length)),
    st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    st.one_of(st.none(), st.integers(0, 30)),
)


@pytest.mark.parametrize(
    ("starts_on", "months", "expected"),
    [
        ("2025-01-01", 1, "2025-01-31"),
        ("2025-01-01", 2, "2025-02-28"),
        ("2025-01-01", 3, "2025-03-31"),
        ("2025-02-01", 3, "2025-04-30"),
        ("2025-03-01", 2, "2025-04-30"),
        ("2025-11-15", 1, "2025-12-14"),
        ("2025-11-30", 1, "2025-12-29"),
        ("2025-12-31", 1, "2026-01-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2027-03-01", 12, "2028-02-29"),
        ("2025-12-01", 1, "2025-12-31"),
        ("2025-01-01", 36, "2027-12-31"),
    ],
)
def test_the_last_valid_day_is_the_one_the_sector_shows(starts_on, months, expected):
    assert last_valid_day(date.fromisoformat(starts_on), months) == date.fromisoformat(expected)


@pytest.mark.parametrize("months", [0, -1])
def test_a_period_of_less_than_a_month_is_refused(months):
    with pytest.raises(ValidityTooShort, match=r"^A period lasts at least one month\.$"):
        last_valid_day(date(2025, 1, 1), months)


@given(DAYS, DAYS, st.integers(1, 60))
def test_a_later_start_never_ends_earlier(one, other, months):
    earlier, later = sorted((one, other))
    assert last_valid_day(earlier, months) <= last_valid_day(later, months)


@given(DAYS, st.integers(1, 60))
def test_another_month_always_ends_later(starts_on, months):
    assert last_valid_day(starts_on, months) < last_valid_day(starts_on, months + 1)


@pytest.mark.parametrize(
    ("month", "day", "on_or_after", "expected"),
    [
        (3, 31, "2026-03-31", "2026-03-31"),
        (3, 31, "2026-04-01", "2027-03-31"),
        (2, 29, "2026-02-28", "2026-02-28"),
        (2, 29, "2027-03-01", "2028-02-29"),
        (2, 29, "2028-02-28", "2028-02-29"),
        (2, 28, "2028-02-28", "2028-02-28"),
        (12, 31, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_fixed_day_comes_round_each_year(month, day, on_or_after, expected):
    assert next_fixed_day(month, day, on_or_after=date.fromisoformat(on_or_after)) == date.fromisoformat(expected)


def test_a_day_is_written_in_english():
    written = [format_day(date(2027, month, 13)) for month in range(1, 13)]
    assert written[0] == "13 Jan 2027"
    assert " ".join(day.split()[1] for day in written) == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    assert format_day(date(2026, 3, 2)) == "2 Mar 2026"


def test_one_of_a_thing_is_singular():
    assert [count_of(number, "day") for number in (0, 1, 2, 1200)] == ["0 days", "1 day", "2 days", "1,200 days"]


def test_a_span_holds_both_its_ends():
    span = Span(date(2026, 1, 2), date(2026, 1, 4))
    assert [day for day in range(1, 7) if date(2026, 1, day) in span] == [2, 3, 4]
    assert date(9000, 1, 1) in Span(date(2026, 1, 2))


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(EndsBeforeItBegins, match="1 Jan 2026 comes before 2 Jan 2026"):
        Span(date(2026, 1, 2), date(2026, 1, 1))


def test_a_span_lasts_both_its_ends():
    span = Span(date(2026, 1, 1), date(2026, 1, 28))
    assert span.lasts(28)
    assert not span.lasts(29)
    assert Span(date(2026, 1, 1)).lasts(1000)


@pytest.mark.parametrize(
    ("gap", "breaks_under", "expected"), [(0, 1, 1), (1, 1, 2), (27, 28, 1), (28, 28, 2), (-3, 1, 1)]
)
def test_spans_join_across_breaks_that_are_short_enough(gap, breaks_under, expected):
    first = Span(date(2026, 1, 1), date(2026, 1, 31))
    second = Span(first.until + timedelta(days=gap + 1), date(2026, 6, 30))
    joined = join([second, first], breaks_under=breaks_under)
    assert len(joined) == expected
    assert (joined[0].from_, joined[-1].until) == (first.from_, second.until)


@given(st.lists(SPANS, max_size=5), st.lists(SPANS, max_size=5))
def test_joined_and_common_spans_hold_exactly_the_right_days(some, others):
    for offset in range(-1, 100):
        day = date(2026, 1, 1) + timedelta(days=offset)
        in_some, in_others = any(day in span for span in some), any(day in span for span in others)
        assert sum(day in span for span in join(some)) == in_some
        assert sum(day in span for span in common(some, others)) == (in_some and in_others)
