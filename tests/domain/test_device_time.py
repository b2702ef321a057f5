"""When a device's own time is believed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from training.domain.device_time import timed

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(started, finished, *, since=NINE, received=NINE + timedelta(days=2)):
    return timed(started_at=started, finished_at=finished, since=since, received_at=received)


def test_a_time_between_the_last_contact_and_the_receipt_is_believed():
    told = at(NINE + 5 * MINUTE, NINE + 15 * MINUTE)
    assert (told.started_at, told.completed_at, told.replaced) == (NINE + 5 * MINUTE, NINE + 15 * MINUTE, False)


def test_both_ends_are_believed():
    assert not at(NINE, NINE).replaced
    assert not at(NINE, NINE + timedelta(days=2)).replaced


def test_a_time_before_the_last_contact_gives_way_to_the_receipt():
    told = at(NINE - 11 * MINUTE, NINE - MINUTE)
    received = NINE + timedelta(days=2)
    assert (told.started_at, told.completed_at, told.replaced) == (received - 10 * MINUTE, received, True)


def test_a_time_to_come_gives_way_to_the_receipt():
    told = at(NINE + timedelta(days=3), NINE + timedelta(days=3, minutes=7))
    received = NINE + timedelta(days=2)
    assert (told.started_at, told.completed_at, told.replaced) == (received - 7 * MINUTE, received, True)


def test_a_start_after_the_end_is_no_time_at_all():
    assert at(NINE + 9 * MINUTE, NINE + 5 * MINUTE).started_at == NINE + 5 * MINUTE
    assert at(NINE + timedelta(days=9), NINE + timedelta(days=8)).started_at == NINE + timedelta(days=2)


instants = st.timedeltas(timedelta(), timedelta(days=18_000)).map(
    lambda since: datetime(2000, 1, 1, tzinfo=UTC) + since
)


@given(started=instants, finished=instants, since=instants, received=instants)
def test_what_counts_is_never_later_than_the_receipt_nor_ended_before_it_began(started, finished, since, received):
    told = timed(started_at=started, finished_at=finished, since=since, received_at=received)
    assert told.started_at <= told.completed_at <= received
    assert told.replaced == (told.completed_at != finished or not since <= finished)
