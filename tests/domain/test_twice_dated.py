"""The days of something that has a first day and may have a last, in words."""

from datetime import date

from training.domain.twice_dated import days_in_words


def test_days_with_an_end_name_both():
    assert days_in_words(date(2027, 1, 13), date(2027, 2, 1)) == "from 13 Jan 2027 until 1 Feb 2027"


def test_days_without_an_end_say_that_none_is_given():
    assert days_in_words(date(2027, 1, 13), None) == "from 13 Jan 2027 with no end given"
