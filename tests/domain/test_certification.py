"""Whole histories of passes and the periods they earn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from training.domain.certification import (
    ExpiryNotAfterPass,
    Pass,
    PassOutOfOrder,
    certify,
    certify_all,
    certify_waiting,
    that_count,
)
from training.domain.expiry import last_valid_day
from training.domain.requirement import Basis, Terms

YEARLY = Terms(12)
COMPLETION = Terms(12, basis=Basis.COMPLETION)
FIXED = Terms(12, basis=Basis.FIXED_DATE, fixed_month=3, fixed_day=31)
FEBRUARY = replace(FIXED, fixed_month=2, fixed_day=29)
FOREVER = Terms(None)

TERMS = st.one_of(
    st.builds(
        lambda months, share, basis: Terms(months, window_days=months * 15 * share // 100, basis=basis),
        st.integers(1, 36),
        st.integers(0, 100),
        st.sampled_from([Basis.ANNIVERSARY, Basis.COMPLETION]),
    ),
    st.builds(
        lambda day, minimum, share: Terms(
            12,
            window_days=min(182, minimum * 30) * share // 100,
            basis=Basis.FIXED_DATE,
            fixed_month=day.month,
            fixed_day=day.day,
            minimum_months=minimum,
        ),
        st.dates(date(2024, 1, 1), date(2024, 12, 31)),
        st.integers(1, 12),
        st.integers(0, 100),
    ),
)
OVER_TIME = st.lists(TERMS, min_size=1, max_size=4)
EVEN_FOR_EVER = st.lists(st.one_of(TERMS, TERMS, TERMS, st.just(FOREVER)), min_size=1, max_size=4)
PASSES = st.builds(
    lambda day, given_days: Pass(day, None if given_days is None else day + timedelta(days=given_days)),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.one_of(st.none(), st.none(), st.integers(1, 800)),
)


def on(text):
    return date.fromisoformat(text)


def passed(*days, terms=YEARLY):
    return certify_all([Pass(on(day)) for day in days], terms_on=lambda _: terms)


def changing(terms):
    """Give each stretch of 500 days its own terms."""
    return lambda day: terms[(day - date(2024, 1, 1)).days // 500 % len(terms)]


def test_a_first_pass_lasts_to_the_day_before_its_anniversary():
    period = certify(YEARLY, passed_on=on("2026-01-14"))
    assert (period.valid_from, period.valid_until) == (on("2026-01-14"), on("2027-01-13"))
    assert period.window_opens_on == on("2026-10-15")
    assert period.reason == "passed on 14 Jan 2026, and it lasts 12 months"
    assert period.moved


@pytest.mark.parametrize(
    ("days", "valid_from", "valid_until", "reason"),
    [
        (
            ("2026-01-14", "2026-12-05"),
            "2027-01-14",
            "2028-01-13",
            "renewed early on 5 Dec 2026, so it runs on from 13 Jan 2027",
        ),
        (
            ("2026-01-14", "2027-01-13"),
            "2027-01-14",
            "2028-01-13",
            "renewed on its last day, 13 Jan 2027, so it runs on from there",
        ),
        (
            ("2026-01-14", "2026-09-01"),
            "2026-09-01",
            "2027-08-31",
            "renewed on 1 Sep 2026, before the window opened, so it counts from the day of the pass",
        ),
        (
            ("2026-01-14", "2026-09-01", "2026-12-05"),
            "2027-01-14",
            "2028-01-13",
            "renewed early on 5 Dec 2026, so it runs on from 13 Jan 2027",
        ),
        (
            ("2026-01-14", "2027-03-02"),
            "2027-03-02",
            "2028-03-01",
            "renewed late on 2 Mar 2027 (it was in date until 13 Jan 2027), so it counts from the day of the pass",
        ),
        (("2026-12-05",), "2026-12-05", "2027-12-04", "passed on 5 Dec 2026, and it lasts 12 months"),
    ],
)
def test_the_worked_examples_hold(days, valid_from, valid_until, reason):
    period = passed(*days)[-1]
    assert (period.valid_from, period.valid_until, period.reason) == (on(valid_from), on(valid_until), reason)


@pytest.mark.parametrize(
    ("day", "valid_until"),
    [
        ("2026-10-14", "2027-10-13"),
        ("2026-10-15", "2028-01-13"),
        ("2027-01-13", "2028-01-13"),
        ("2027-01-14", "2028-01-13"),
        ("2027-01-15", "2028-01-14"),
    ],
)
def test_the_window_holds_both_its_ends(day, valid_until):
    assert passed("2026-01-14", day)[-1].valid_until == on(valid_until)


def test_renewing_every_year_from_a_leap_day_stays_at_the_months_end():
    periods = passed("2024-02-29", "2025-02-01", "2026-02-01", "2027-02-01", "2028-02-01")
    expected = ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29", "2029-02-28"]
    assert [period.valid_until for period in periods] == [on(day) for day in expected]


def test_a_window_never_opens_before_its_period_starts():
    period = certify(YEARLY, passed_on=on("2026-05-01"), given_until=on("2026-05-20"))
    assert period.window_opens_on == on("2026-05-01")


def test_a_window_of_a_renewal_never_opens_before_it_runs_on():
    imported = certify(FIXED, passed_on=on("2025-06-01"), given_until=on("2025-12-31"))
    renewed = certify(FIXED, passed_on=on("2025-12-10"), previous=imported)
    assert renewed.valid_until == on("2026-03-31")
    assert renewed.valid_from == renewed.window_opens_on == on("2026-01-01")


def test_a_wider_window_on_the_same_last_day_is_remembered():
    narrow, wide = Terms(12, window_days=10), Terms(12, window_days=90)
    first = certify(narrow, passed_on=on("2026-01-10"), given_until=on("2026-12-31"))
    again = certify(wide, passed_on=on("2026-02-10"), given_until=on("2026-12-31"), previous=first)
    assert not again.moved
    assert certify(wide, passed_on=on("2026-11-01"), previous=again).valid_until == on("2027-12-31")


def test_a_completion_basis_always_counts_from_the_pass():
    period = passed("2026-01-14", "2026-12-05", terms=COMPLETION)[-1]
    assert period.valid_until == on("2027-12-04")
    assert period.reason == "renewed on 5 Dec 2026, so it counts from the day of the pass"


@pytest.mark.parametrize(
    ("terms", "days", "valid_until", "reason"),
    [
        (
            FIXED,
            ["2026-01-01"],
            "2026-03-31",
            "passed on 1 Jan 2026, so it runs to the first 31 Mar at least 3 months on",
        ),
        (
            FIXED,
            ["2026-01-02"],
            "2027-03-31",
            "passed on 2 Jan 2026, so it runs to the first 31 Mar at least 3 months on",
        ),
        (
            FIXED,
            ["2026-06-10", "2027-01-10"],
            "2028-03-31",
            "renewed early on 10 Jan 2027, so it runs on from 31 Mar 2027 to the first 31 Mar at least 3 months on",
        ),
        (
            FIXED,
            ["2026-06-10", "2027-04-20"],
            "2028-03-31",
            "renewed late on 20 Apr 2027 (it was in date until 31 Mar 2027), "
            "so it runs to the first 31 Mar at least 3 months on",
        ),
        (
            replace(FIXED, window_days=20),
            ["2026-06-10", "2027-01-10"],
            "2028-03-31",
            "renewed on 10 Jan 2027, before the window opened, so it runs to the first 31 Mar at least 3 months on",
        ),
        (
            replace(FEBRUARY, minimum_months=1, window_days=30),
            ["2027-01-29", "2027-02-20"],
            "2028-02-29",
            "renewed early on 20 Feb 2027, so it runs on from 28 Feb 2027 "
            "to the first end of February at least 1 month on",
        ),
    ],
)
def test_a_fixed_date_is_the_same_for_everyone(terms, days, valid_until, reason):
    period = passed(*days, terms=terms)[-1]
    assert (period.valid_until, period.reason) == (on(valid_until), reason)


def test_a_fixed_leap_day_means_the_last_of_february():
    periods = passed("2026-06-10", "2027-02-01", "2028-02-01", "2029-01-01", terms=FEBRUARY)
    assert [str(period.valid_until) for period in periods] == ["2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"]


def test_what_does_not_expire_has_no_last_day_and_no_window():
    period = certify(FOREVER, passed_on=on("2026-01-14"))
    assert (period.valid_until, period.window_opens_on) == (None, None)
    assert period.reason == "passed on 14 Jan 2026, and it does not expire"
    renewed = certify(FOREVER, passed_on=on("2026-06-01"), previous=certify(YEARLY, passed_on=on("2026-01-14")))
    assert renewed.reason == "renewed on 1 Jun 2026, and it does not expire"
    assert renewed.valid_until is None


def test_terms_that_begin_to_expire_leave_earlier_passes_without_an_end():
    forever = certify(FOREVER, passed_on=on("2026-01-14"))
    again = certify(YEARLY, passed_on=on("2027-06-01"), previous=forever)
    assert again.valid_until is None
    assert not again.moved


def test_a_pass_that_moves_nothing_is_kept_and_says_so():
    first, renewed, again = passed("2026-01-14", "2026-12-05", "2026-12-20")
    assert again.passed_on == on("2026-12-20")
    assert (again.valid_from, again.valid_until) == (renewed.valid_from, renewed.valid_until)
    assert again.window_opens_on == renewed.window_opens_on
    assert (first.moved, renewed.moved, again.moved) == (True, True, False)
    assert again.reason == (
        "passed again on 20 Dec 2026, which moved nothing because the pass on 5 Dec 2026 already gave this date"
    )


def test_a_second_pass_on_one_day_never_runs_on_from_the_first():
    at_once = Terms(12, window_days=90, basis=Basis.FIXED_DATE, fixed_month=4, fixed_day=30)
    once, twice = passed("2026-02-01", "2026-02-01", terms=at_once)
    assert once.valid_until == twice.valid_until == on("2026-04-30")
    assert not twice.moved


def test_an_imported_expiry_is_kept_as_given_and_renewals_run_on_from_it():
    imported = certify(YEARLY, passed_on=on("2026-01-14"), given_until=on("2026-12-31"))
    assert (imported.valid_from, imported.valid_until) == (on("2026-01-14"), on("2026-12-31"))
    assert imported.window_opens_on == on("2026-10-02")
    assert imported.reason == "as imported, from a pass on 14 Jan 2026"
    renewed = certify(YEARLY, passed_on=on("2026-12-05"), previous=imported)
    assert (renewed.valid_from, renewed.valid_until) == (on("2027-01-01"), on("2027-12-31"))


@pytest.mark.parametrize("given_until", ["2026-01-14", "2025-06-01"])
def test_an_imported_expiry_not_after_its_pass_is_refused(given_until):
    with pytest.raises(ExpiryNotAfterPass, match="is not after the pass on 14 Jan 2026"):
        certify(YEARLY, passed_on=on("2026-01-14"), given_until=on(given_until))


def test_a_pass_before_the_period_it_follows_is_refused():
    with pytest.raises(PassOutOfOrder, match="13 Jan 2026 comes before 14 Jan 2026"):
        certify(YEARLY, passed_on=on("2026-01-13"), previous=certify(YEARLY, passed_on=on("2026-01-14")))


def test_a_period_keeps_the_terms_in_force_on_the_day_of_its_pass():
    def terms_on(day):
        return Terms(12, window_days=90) if day < on("2026-06-01") else Terms(24, window_days=10)

    first, renewed = certify_all([Pass(on("2026-01-14")), Pass(on("2026-12-05"))], terms_on=terms_on)
    assert first.window_opens_on == on("2026-10-15")
    assert (renewed.valid_until, renewed.window_opens_on) == (on("2029-01-13"), on("2029-01-03"))


def test_every_expiry_still_to_come_is_remembered_with_its_own_window():
    first, early, renewed, late = passed("2026-01-14", "2026-09-01", "2026-12-05", "2028-01-14")
    assert [(str(e.until), str(e.window_opens_on)) for e in early.ahead] == [
        ("2027-01-13", "2026-10-15"),
        ("2027-08-31", "2027-06-02"),
    ]
    assert [str(e.until) for e in renewed.ahead] == ["2027-01-13", "2027-08-31", "2028-01-13", "2027-12-04"]
    assert [str(e.until) for e in late.ahead] == ["2029-01-13"]
    assert len(first.ahead) == 1


def test_an_expiry_counts_as_ahead_on_its_own_last_day():
    assert len(passed("2026-01-14", "2027-01-13")[-1].ahead) == 3


@pytest.mark.parametrize(
    ("today", "valid_until"), [("2026-09-01", "2028-01-13"), ("2026-10-14", "2028-01-13"), ("2026-10-15", None)]
)
def test_waiting_shows_what_the_window_would_give_until_it_opens(today, valid_until):
    waited = certify_waiting(YEARLY, today=on(today), current=certify(YEARLY, passed_on=on("2026-01-14")))
    assert (waited and str(waited.valid_until)) == valid_until


def test_waiting_gives_nothing_where_there_is_nothing_to_wait_for():
    assert certify_waiting(YEARLY, today=on("2026-09-01"), current=None) is None
    assert certify_waiting(YEARLY, today=on("2026-09-01"), current=certify(FOREVER, passed_on=on("2026-01-14"))) is None
    assert certify_waiting(FOREVER, today=on("2026-09-01"), current=certify(YEARLY, passed_on=on("2026-01-14"))) is None


@settings(max_examples=examples(300))
@given(st.lists(PASSES, max_size=7), PASSES, EVEN_FOR_EVER)
def test_an_extra_pass_never_leaves_an_earlier_date(passes, extra, terms):
    with_extra = certify_all([*passes, extra], terms_on=changing(terms))
    without = certify_all(passes, terms_on=changing(terms))
    if without:
        assert with_extra[-1].reach >= without[-1].reach
    for period in without:
        assert max(p.reach for p in with_extra if p.passed_on <= period.passed_on) >= period.reach


@settings(max_examples=examples(300))
@given(
    st.lists(PASSES, max_size=6).flatmap(lambda passes: st.tuples(st.just(passes), st.permutations(passes))),
    EVEN_FOR_EVER,
)
def test_periods_do_not_depend_on_the_order_of_arrival(orders, terms):
    one, other = (certify_all(passes, terms_on=changing(terms)) for passes in orders)
    assert one == other


@given(st.lists(PASSES, min_size=1, max_size=6), OVER_TIME)
def test_a_period_depends_only_on_passes_up_to_its_day(passes, terms):
    whole = certify_all(passes, terms_on=changing(terms))
    for index, period in enumerate(whole):
        earlier = sorted(passes, key=lambda each: (each.passed_on, each.given_until or date.min))[: index + 1]
        assert certify_all(earlier, terms_on=changing(terms))[-1] == period


@given(st.lists(PASSES, min_size=1, max_size=6), OVER_TIME)
def test_the_day_of_a_pass_is_in_date_and_its_window_lies_within_its_period(passes, terms):
    for period in certify_all(passes, terms_on=changing(terms)):
        assert period.passed_on <= period.valid_until
        assert period.valid_from <= period.window_opens_on <= period.valid_until
        assert "." not in period.reason


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 36), st.lists(st.floats(0, 1), max_size=6))
def test_renewing_in_the_window_loses_no_days(first_day, months, shares):
    terms = Terms(months, window_days=months * 15)
    periods = [certify(terms, passed_on=first_day)]
    for share in shares:
        before = periods[-1]
        earliest = max(before.window_opens_on, before.passed_on + timedelta(days=1))
        day = earliest + (before.valid_until - earliest) * share
        after = certify(terms, passed_on=day, previous=before)
        assert after.valid_from == before.valid_until + timedelta(days=1)
        assert after.valid_until == last_valid_day(after.valid_from, months)
        periods.append(after)


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.dates(date(2024, 1, 1), date(2028, 12, 31)), TERMS)
def test_waiting_is_shown_only_where_it_gives_a_later_date(one, other, terms):
    first, today = sorted((one, other))
    current = certify(terms, passed_on=first)
    waited = certify_waiting(terms, today=today, current=current)
    if waited is None:
        return
    assert today < waited.passed_on == current.window_opens_on
    assert waited.valid_until > certify(terms, passed_on=today, previous=current).valid_until


@pytest.mark.parametrize(
    ("passes", "kept"),
    [
        ("", ""),
        ("R2", ""),
        ("R2 W1", "R2 W1"),
        ("W1 R1", "W1 R1"),
        ("R1 W2 R3", "W2 R3"),
        ("R1 R2 W3 W4", "W3 W4"),
    ],
)
def test_a_refresher_counts_only_where_a_pass_of_the_whole_came_before(passes, kept):
    known = {
        name: Pass(date(2026, 1, int(name[1])), is_refresher=name[0] == "R")
        for name in ["R1", "R2", "R3", "W1", "W2", "W3", "W4"]
    }
    assert that_count([known[name] for name in passes.split()]) == [known[name] for name in kept.split()]
