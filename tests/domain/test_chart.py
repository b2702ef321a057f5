"""Charts as numbers: where the points of a trend lie, what is said of it, and how dark a cell is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain import chart
from training.domain.chart import Mark, band_of, line_chart

MONTHS = [date(2026, month, 28) for month in range(1, 11)]
PERCENTS = st.none() | st.decimals(0, 100, places=1)


def values(*percents):
    return [(day, None if each is None else Decimal(each)) for day, each in zip(MONTHS, percents, strict=False)]


def test_a_hundred_lies_at_the_top_and_nought_at_the_bottom():
    drawn = line_chart(values("100", "0"))
    (left, top), (right, bottom) = ((mark.x, mark.y) for mark in drawn.marks)
    assert (left, top) == (chart.LEFT, chart.TOP)
    assert (right, bottom) == (chart.WIDTH - chart.RIGHT, chart.HEIGHT - chart.BOTTOM)


def test_where_nobody_was_counted_the_line_is_broken():
    drawn = line_chart(values("50", "60", None, "70", "80", None, "90"))
    assert [len(line.split()) for line in drawn.lines] == [2, 2]
    assert len(drawn.marks) == 5


def test_the_words_name_the_first_the_last_the_lowest_and_the_highest():
    assert line_chart(values("50", "40.5", "95", "60")).words == (
        "From 50 % on 28 Jan 2026 to 60 % on 28 Apr 2026; lowest 40.5 % on 28 Feb 2026, highest 95 % on 28 Mar 2026."
    )
    assert line_chart(values(None, None)).words == "Nobody was counted in these months."
    assert line_chart(values("50", "60", "40")).words.endswith(
        "; lowest 40 % on 28 Mar 2026, highest 60 % on 28 Feb 2026."
    )
    assert line_chart(values(None, "50", "60", None)).words == "From 50 % on 28 Feb 2026 to 60 % on 28 Mar 2026."
    assert line_chart(values("50")).words == "From 50 % on 28 Jan 2026 to 50 % on 28 Jan 2026."


def test_half_years_are_named_back_from_the_last_month():
    first, last = line_chart(values(*["50"] * 10)).ticks
    assert (first, last) == (Mark(124.7, 182, "Apr 2026"), Mark(306.0, 182, "Oct 2026", "end"))
    assert [mark.words for mark in line_chart(values(*["50"] * 8)).ticks] == ["Feb 2026", "Aug 2026"]
    first, last = line_chart(values(*["50"] * 7)).ticks
    assert (first, last) == (Mark(34.0, 182, "Jan 2026", "start"), Mark(306.0, 182, "Jul 2026", "end"))


def test_a_single_month_stands_in_the_middle():
    drawn = line_chart(values("25"))
    assert drawn.ticks == (Mark(170.0, 182, "Jan 2026"),)
    assert drawn.marks == (Mark(170.0, 126.0, "25 %, 28 Jan 2026"),)
    assert (drawn.latest, drawn.lines) == (drawn.marks[0], ())


def test_the_rules_stand_at_every_quarter():
    assert line_chart([]).rules == (
        Mark(30, 164.0, "0 %", "end"),
        Mark(30, 126.0, "25 %", "end"),
        Mark(30, 88.0, "50 %", "end"),
        Mark(30, 50.0, "75 %", "end"),
        Mark(30, 12.0, "100 %", "end"),
    )
    assert line_chart([]).latest is None


def test_a_line_goes_through_its_points_and_the_last_of_them_is_the_latest():
    drawn = line_chart(values("100", "33.3", "0", None))
    assert drawn.lines == ("34.0,12.0 124.7,113.4 215.3,164.0",)
    assert drawn.latest == Mark(215.3, 164.0, "0 %, 28 Mar 2026")
    assert [mark.words for mark in drawn.marks] == ["100 %, 28 Jan 2026", "33.3 %, 28 Feb 2026", "0 %, 28 Mar 2026"]


@given(st.lists(PERCENTS, max_size=10))
def test_every_point_lies_within_the_drawing_and_none_is_lost(percents):
    drawn = line_chart(list(zip(MONTHS, percents, strict=False)))
    assert len(drawn.marks) == sum(each is not None for each in percents)
    assert all(chart.LEFT <= mark.x <= chart.WIDTH - chart.RIGHT for mark in drawn.marks)
    assert all(chart.TOP <= mark.y <= chart.HEIGHT - chart.BOTTOM for mark in drawn.marks)
    assert sorted(drawn.marks, key=lambda mark: mark.x) == list(drawn.marks)


@pytest.mark.parametrize(
    ("percent", "band"),
    [(None, 0), ("0", 1), ("49.9", 1), ("50", 2), ("74.9", 2), ("75", 3), ("90", 4), ("99.9", 4), ("100", 5)],
)
def test_only_a_hundred_has_the_lightest_shade(percent, band):
    assert band_of(None if percent is None else Decimal(percent)) == band
