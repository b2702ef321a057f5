"""Charts as numbers: where the points of a trend lie, what is said of it, and how dark a cell is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain import chart
from training.domain.chart import band_of, line_chart

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


def test_half_years_are_named_back_from_the_last_month():
    assert [mark.words for mark in line_chart(values(*["50"] * 10)).ticks] == ["Apr 2026", "Oct 2026"]


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
