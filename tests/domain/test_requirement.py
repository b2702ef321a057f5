"""Terms that can be kept to, and those that are refused."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.requirement import (
    Basis,
    NoSuchFixedDate,
    Requirement,
    Terms,
    UnworkableMinimum,
    UnworkableValidity,
    UnworkableWindow,
    check_terms,
    terms_in_force,
)
from training.domain.roles import Role

FIXED = Terms(12, basis=Basis.FIXED_DATE, fixed_month=3, fixed_day=31)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(12),
        Terms(None),
        Terms(None, window_days=1000),
        Terms(1, window_days=15),
        Terms(6),
        Terms(12, window_days=182),
        Terms(12, window_days=0),
        Terms(36, window_days=180, basis=Basis.COMPLETION),
        Terms(600),
        FIXED,
        replace(FIXED, fixed_month=2, fixed_day=29),
        replace(FIXED, minimum_months=12, window_days=180),
        replace(FIXED, minimum_months=1, window_days=30),
    ],
)
def test_workable_terms_are_taken(terms):
    check_terms(terms)


@pytest.mark.parametrize(
    ("terms", "refusal", "words"),
    [
        (Terms(0, window_days=0), UnworkableValidity, "at least 1 month"),
        (Terms(601), UnworkableValidity, "set not to expire"),
        (replace(FIXED, valid_months=None), UnworkableValidity, "every year"),
        (replace(FIXED, valid_months=24), UnworkableValidity, "every year"),
        (Terms(12, window_days=-1), UnworkableWindow, "less than 0 days"),
        (Terms(12, window_days=183), UnworkableWindow, "183 days is longer than half of the 12 months"),
        (Terms(1, window_days=16), UnworkableWindow, "16 days is longer than half of the 1 month "),
        (Terms(3), UnworkableWindow, "90 days is longer than half of the 3 months"),
        (replace(FIXED, fixed_day=None), NoSuchFixedDate, "Give the day"),
        (replace(FIXED, fixed_month=None), NoSuchFixedDate, "Give the day"),
        (replace(FIXED, fixed_month=2, fixed_day=30), NoSuchFixedDate, "no day 30 in month 2"),
        (replace(FIXED, fixed_month=13), NoSuchFixedDate, "no day 31 in month 13"),
        (replace(FIXED, minimum_months=0, window_days=0), UnworkableMinimum, "1 to 12 months"),
        (replace(FIXED, minimum_months=13), UnworkableMinimum, "1 to 12 months"),
        (replace(FIXED, minimum_months=2), UnworkableMinimum, "2 months, is shorter than the window of 90 days"),
        (replace(FIXED, minimum_months=1, window_days=31), UnworkableMinimum, "1 month, is shorter"),
    ],
)
def test_unworkable_terms_are_refused_in_a_managers_words(terms, refusal, words):
    with pytest.raises(refusal, match=words) as refused:
        check_terms(terms)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("day", "months"), [("2020-01-01", 36), ("2026-01-01", 36), ("2026-12-31", 36), ("2027-01-01", 12)]
)
def test_the_terms_in_force_are_those_of_the_latest_version_begun_or_the_first(day, months):
    first = Requirement("r1", "STOMP basics", "stomp-basics", Role.SOCIAL_CARE, Terms(36), 30, date(2026, 1, 1))
    second = replace(first, terms=Terms(12), starts_on=date(2027, 1, 1))
    assert terms_in_force([second, first], date.fromisoformat(day)).valid_months == months
