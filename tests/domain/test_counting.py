"""What one person adds to the counters, and the tally that counters come to."""

from hypothesis import given
from hypothesis import strategies as st

from training.domain.compliance import Tally, tally
from training.domain.counting import (
    COMPLIANT_HEADS,
    COUNTED_HEADS,
    EVERY_ITEM,
    HEADS,
    SEVERAL_HEADS,
    count_person,
    tally_of,
)
from training.domain.status import Status

ON_FILE = [status for status in Status if status is not Status.NOT_ON_FILE]


def counted_at(unit, moves):
    return {key[1:]: number for key, number in moves.items() if key[0] == unit and number}


def test_somebody_overdue_with_one_of_two_is_a_head_that_is_counted_and_not_compliant():
    here = {"one": Status.OVERDUE, "two": Status.UP_TO_DATE}
    assert counted_at("site", count_person({"whole": here, "site": here})) == {
        (EVERY_ITEM, HEADS): 1,
        (EVERY_ITEM, COUNTED_HEADS): 1,
        (EVERY_ITEM, "overdue"): 1,
        (EVERY_ITEM, "up_to_date"): 1,
        ("one", "overdue"): 1,
        ("two", "up_to_date"): 1,
    }


def test_somebody_in_date_with_all_that_is_counted_is_compliant():
    moves = count_person({"whole": {"one": Status.EXPIRING_SOON, "two": Status.EXEMPT}})
    assert moves["whole", EVERY_ITEM, COMPLIANT_HEADS] == 1


def test_somebody_of_whom_nothing_is_counted_is_on_file_and_neither_counted_nor_compliant():
    moves = count_person({"whole": {"one": Status.NOT_YET_DUE, "two": Status.ON_LEAVE}})
    assert moves["whole", EVERY_ITEM, HEADS] == 1
    assert moves["whole", EVERY_ITEM, COUNTED_HEADS] == moves["whole", EVERY_ITEM, COMPLIANT_HEADS] == 0


def test_somebody_at_two_sites_is_one_head_of_the_whole_who_works_at_several():
    moves = count_person({"whole": {"one": Status.HELD}, "a": {"one": Status.HELD}, "b": {"one": Status.OVERDUE}})
    assert moves["whole", EVERY_ITEM, HEADS] == moves["whole", EVERY_ITEM, SEVERAL_HEADS] == 1
    assert (moves["a", "one", "held"], moves["b", "one", "overdue"]) == (1, 1)


def test_somebody_on_file_nowhere_adds_nothing():
    assert not count_person({})


def test_whoever_has_no_line_never_needed_it():
    assert tally_of({"overdue": 2}, lines=5) == Tally(overdue=2, not_needed=3)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from(ON_FILE)), max_size=6))
def test_counters_of_any_people_come_to_the_tally_of_their_statuses(people):
    moves = sum((count_person({"whole": lines}) for lines in people), start=count_person({}))
    for item in "abc":
        statuses = [lines.get(item, Status.NOT_NEEDED) for lines in people]
        here = {key[2]: number for key, number in moves.items() if key[1] == item}
        assert tally_of(here, lines=len(people)) == tally(statuses)
    every = [lines.get(item, Status.NOT_NEEDED) for lines in people for item in "abc"]
    together = {key[2]: number for key, number in moves.items() if key[1] == EVERY_ITEM}
    assert tally_of(together, lines=3 * len(people)) == tally(every)
