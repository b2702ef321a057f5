"""The days on which reports are made again, the hour from which on, and the line that says what one came to."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.compliance import Tally
from training.domain.report_schedule import (
    Outcome,
    Recurrence,
    Rhythm,
    RhythmRefused,
    due_day,
    outcome_words,
    span_before,
    turned_until,
)

LONDON = ZoneInfo("Europe/London")
MONDAYS = Recurrence(Rhythm.WEEKLY, 1)
RECURRENCES = st.one_of(
    st.builds(Recurrence, st.just(Rhythm.WEEKLY), st.integers(1, 7)),
    st.builds(Recurrence, st.just(Rhythm.MONTHLY), st.integers(1, 28)),
    st.just(Recurrence(Rhythm.FIRST_DAY)),
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
SOME = Tally(up_to_date=40, expiring_soon=1, expired=2, overdue=1, not_yet_due=3)


@pytest.mark.parametrize(
    ("recurrence", "first", "words"),
    [
        (MONDAYS, date(2027, 3, 1), "every Monday"),
        (Recurrence(Rhythm.WEEKLY, 7), date(2027, 2, 28), "every Sunday"),
        (Recurrence(Rhythm.MONTHLY, 28), date(2027, 2, 28), "every month on day 28"),
        (Recurrence(Rhythm.MONTHLY, 3), date(2027, 3, 3), "every month on day 3"),
        (Recurrence(Rhythm.FIRST_DAY), date(2027, 3, 1), "on the first day of each month"),
    ],
)
def test_the_first_day_is_the_day_itself_or_the_next_that_fits(recurrence, first, words):
    assert recurrence.first_from(date(2027, 2, 23)) == first
    assert recurrence.first_from(first) == first
    assert recurrence.words == words


@given(recurrence=RECURRENCES, day=DAYS)
def test_days_follow_each_other_without_a_gap(recurrence, day):
    following = recurrence.next_after(day)
    assert following > day
    assert recurrence.falls_on(following)
    assert recurrence.last_before(following) <= day
    assert recurrence.next_after(recurrence.last_before(following)) == following
    assert following - day <= timedelta(days=31)


@pytest.mark.parametrize(
    ("rhythm", "day"), [(Rhythm.WEEKLY, 0), (Rhythm.WEEKLY, 8), (Rhythm.MONTHLY, 29), (Rhythm.FIRST_DAY, 2)]
)
def test_a_day_that_not_every_week_or_month_has_is_refused(rhythm, day):
    with pytest.raises(RhythmRefused):
        Recurrence(rhythm, day)


@pytest.mark.parametrize(
    ("instant", "until"),
    [
        (datetime(2027, 3, 1, 5, 59, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2027, 3, 1, 6, 0, tzinfo=UTC), date(2027, 3, 1)),
        # The clock goes forward on 28 March, and back on 31 October.
        (datetime(2027, 3, 28, 4, 59, tzinfo=UTC), date(2027, 3, 27)),
        (datetime(2027, 3, 28, 5, 0, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 10, 31, 5, 59, tzinfo=UTC), date(2027, 10, 30)),
        (datetime(2027, 10, 31, 6, 0, tzinfo=UTC), date(2027, 10, 31)),
    ],
)
def test_a_day_has_turned_at_six_by_the_clock_on_the_wall(instant, until):
    assert turned_until(instant.astimezone(LONDON)) == until


def test_of_several_days_that_were_missed_the_latest_is_due():
    local = datetime(2027, 3, 25, 12, tzinfo=LONDON)
    assert due_day(MONDAYS, next_on=date(2027, 3, 1), local=local) == date(2027, 3, 22)
    assert due_day(MONDAYS, next_on=date(2027, 3, 22), local=local) == date(2027, 3, 22)
    assert due_day(MONDAYS, next_on=date(2027, 3, 29), local=local) is None


@given(recurrence=RECURRENCES, day=DAYS)
def test_what_was_done_is_reported_in_spans_that_adjoin(recurrence, day):
    this = recurrence.first_from(day)
    following = recurrence.next_after(this)
    assert span_before(recurrence, following) == (this, following - timedelta(days=1))


def outcome(**changes) -> Outcome:
    known = {"day": date(2027, 3, 1), "place": "at your sites", "lists": "expired or overdue"}
    return Outcome(**{**known, "rows": 3, "figures": SOME} | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "93.1 % compliant at your sites on 1 Mar 2027 (41 of 44): 2 expired, 1 overdue. 3 rows."),
        ({"rows": None}, "93.1 % compliant at your sites on 1 Mar 2027 (41 of 44): 2 expired, 1 overdue."),
        (
            {"is_narrowed": True, "is_partial": True},
            "93.1 % compliant of those asked for at your sites on 1 Mar 2027 (41 of 44): 2 expired, 1 overdue. 3 rows.",
        ),
        (
            {"is_narrowed": True},
            "93.1 % compliant at your sites on 1 Mar 2027 (41 of 44): 2 expired, 1 overdue. 3 rows.",
        ),
        (
            {"is_narrowed": True, "is_partial": True, "figures": Tally(not_yet_due=2)},
            "Nobody of those asked for is counted at your sites on 1 Mar 2027. 3 rows.",
        ),
        ({"rows": 0}, "Nobody is expired or overdue at your sites on 1 Mar 2027."),
        (
            {"rows": 0, "is_narrowed": True},
            "Nobody of those asked for is expired or overdue at your sites on 1 Mar 2027.",
        ),
        ({"rows": 0, "figures": Tally()}, "Nobody is on file at your sites on 1 Mar 2027."),
        ({"figures": Tally(not_yet_due=2)}, "Nobody is counted at your sites on 1 Mar 2027. 3 rows."),
        ({"asks_elsewhere": True}, "Nobody is counted: the site asked for is none of yours."),
        ({"is_secret": True}, ""),
        (
            {"is_secret": True, "is_narrowed": True, "rows": 0},
            "Nobody of those asked for is expired or overdue at your sites on 1 Mar 2027.",
        ),
        ({"is_of_compliance": False}, "3 rows at your sites on 1 Mar 2027."),
        ({"is_of_compliance": False, "is_partial": True}, "3 rows of those asked for at your sites on 1 Mar 2027."),
        ({"is_of_compliance": False, "rows": None}, ""),
        ({"figures": None}, ""),
    ],
)
def test_a_line_says_what_a_report_came_to_and_of_an_empty_one_why(changes, words):
    assert outcome_words(outcome(**changes)) == words
