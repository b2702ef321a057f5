"""Terms that can be kept to, and those that are refused."""

from dataclasses import replace
from datetime import date

import pytest

from training.domain.days import Span
from training.domain.requirement import (
    Audience,
    Basis,
    NoSuchFixedDate,
    Reach,
    Terms,
    UnworkableMinimum,
    UnworkableValidity,
    UnworkableWindow,
    Version,
    check_terms,
    version_in_force,
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
        Terms(24, window_days=365),
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
    said = str(refused.value)
    assert said[0].isupper()
    assert said.endswith(".")


FIRST = Version(
    days=Span(date(2026, 1, 1), date(2026, 12, 31)),
    items=("stomp-basics",),
    audience=Audience(roles=frozenset({Role.SOCIAL_CARE})),
    terms=Terms(36),
    due_days=30,
)
SECOND = replace(FIRST, days=Span(date(2027, 1, 1)), terms=Terms(12))


@pytest.mark.parametrize(
    ("day", "months"), [("2020-01-01", 36), ("2026-01-01", 36), ("2026-12-31", 36), ("2027-01-01", 12)]
)
def test_the_version_in_force_is_the_latest_begun_or_the_first(day, months):
    found = version_in_force([FIRST, SECOND], date.fromisoformat(day), need_began_on=date(2026, 2, 1))
    assert found.terms.valid_months == months


@pytest.mark.parametrize(
    ("need_began_on", "months"), [("2026-12-31", 36), ("2027-01-01", 12), ("2028-01-01", 12), (None, 12)]
)
def test_a_change_from_now_on_leaves_alone_whose_need_began_before_it(need_began_on, months):
    changed = replace(SECOND, reach=Reach.FROM_NOW_ON)
    began_on = date.fromisoformat(need_began_on) if need_began_on else None
    found = version_in_force([FIRST, changed], date(2028, 6, 1), need_began_on=began_on)
    assert found.terms.valid_months == months


@pytest.mark.parametrize(
    ("audience", "included"),
    [
        (Audience(frozenset({Role.SOCIAL_CARE})), True),
        (Audience(frozenset({Role.PRESCRIBER})), False),
        (Audience(frozenset(Role), job_titles=frozenset({"cook"})), False),
        (Audience(frozenset(Role), job_titles=frozenset({"cook", "senior"})), True),
        (Audience(frozenset(Role), sites=frozenset({"alder"})), True),
        (Audience(frozenset(Role), job_titles=frozenset({"senior"}), sites=frozenset({"birch"})), False),
    ],
)
def test_an_audience_is_roles_narrowed_by_titles_and_by_sites(audience, included):
    assert audience.includes(role=Role.SOCIAL_CARE, job_title="senior", site="alder") is included
