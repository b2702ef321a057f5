"""Figures that add up and never round up."""

from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.compliance import PERSON_MODULES, Tally, denominator_sentence, percent_words, tally, tally_counts
from training.domain.status import Status

STATUSES = st.lists(st.sampled_from([None, *Status]), max_size=60)


@pytest.mark.parametrize(
    ("slug", "label", "counted", "compliant"),
    [
        ("not-on-file", "Not on file", False, False),
        ("held", "Held", False, False),
        ("not-needed", "Not needed", False, False),
        ("on-leave", "On leave", False, False),
        ("exempt", "Exempt", False, False),
        ("up-to-date", "Up to date", True, True),
        ("expiring-soon", "Expiring soon", True, True),
        ("not-yet-due", "Not yet due", False, False),
        ("expired", "Expired", True, False),
        ("overdue", "Overdue", True, False),
    ],
)
def test_each_status_has_its_words_and_its_place_in_the_figure(slug, label, counted, compliant):
    status = Status(slug)
    assert (status.label, status.counted, status.compliant) == (label, counted, compliant)
    assert status.apart == (slug != "not-on-file" and not counted)


def test_the_table_of_statuses_is_whole():
    slugs = " ".join(status.value for status in Status)
    assert slugs == "not-on-file held not-needed on-leave exempt up-to-date expiring-soon not-yet-due expired overdue"


def test_the_denominator_is_shown_reconciled():
    figures = Tally(
        up_to_date=20, expiring_soon=4, expired=5, overdue=2, not_yet_due=5, on_leave=2, exempt=1, not_needed=1
    )
    assert denominator_sentence(figures) == (
        "40 people on file = 31 counted + 5 not yet due + 2 on leave + 1 exempt + 1 not needed."
    )
    assert percent_words(figures) == "77.4 %"


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        (Tally(), "0 people on file = 0 counted."),
        (Tally(overdue=1), "1 person on file = 1 counted."),
        (Tally(up_to_date=1999, held=1000), "2,999 people on file = 1,999 counted + 1,000 held."),
    ],
)
def test_the_denominator_names_no_empty_group(figures, sentence):
    assert denominator_sentence(figures) == sentence


def test_several_modules_are_counted_in_person_modules():
    assert denominator_sentence(Tally(expired=1), unit=PERSON_MODULES) == "1 person-module on file = 1 counted."
    assert denominator_sentence(Tally(expired=2), unit=PERSON_MODULES) == "2 person-modules on file = 2 counted."


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (Tally(up_to_date=1999, overdue=1), "99.9 %"),
        (Tally(up_to_date=999_999, expired=1), "99.9 %"),
        (Tally(up_to_date=7), "100.0 %"),
        (Tally(overdue=7), "0.0 %"),
        (Tally(up_to_date=2, expired=1), "66.6 %"),
        (Tally(expiring_soon=9, expired=1), "90.0 %"),
        (Tally(exempt=7, not_yet_due=2), "Nobody is counted"),
        (Tally(), "Nobody is counted"),
    ],
)
def test_percentages_round_down_and_nobody_counted_is_said(figures, words):
    assert percent_words(figures) == words


@given(STATUSES)
def test_heads_on_file_are_those_counted_and_each_group_apart(statuses):
    figures = tally(statuses)
    on_file = [status for status in statuses if status not in (None, Status.NOT_ON_FILE)]
    assert figures.on_file == len(on_file) == figures.counted + sum(figures.apart.values())
    assert figures.counted == sum(status.counted for status in on_file)
    assert figures.compliant == sum(status.compliant for status in on_file)
    assert figures.apart == {status: statuses.count(status) for status in Status if status.apart}
    numbers = [int(word) for word in denominator_sentence(figures).split() if word.isdigit()]
    assert numbers[0] == sum(numbers[1:])


@given(st.lists(STATUSES, max_size=5))
def test_tallies_of_units_sum_to_the_tally_of_all(units):
    everyone = [status for unit in units for status in unit]
    assert list(accumulate(map(tally, units), initial=Tally()))[-1] == tally(everyone)
    assert tally_counts({status: everyone.count(status) for status in Status}) == tally(everyone)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_percentage_never_rounds_up(compliant, short):
    percent = Tally(up_to_date=compliant, overdue=short).percent
    if compliant + short == 0:
        assert percent is None
        return
    exact = Decimal(compliant) * 100 / Decimal(compliant + short)
    assert percent <= exact < percent + Decimal("0.1")
    assert (percent == 100) == (short == 0)
