"""Where someone stands, day by day, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from training.domain.certification import Pass, certify_all
from training.domain.days import Span, format_day, join
from training.domain.need import Exemption, Facts, first_due
from training.domain.requirement import Terms
from training.domain.standing import (
    Standing,
    deadline_on,
    notes_on,
    reason_on,
    status_on,
    strictest,
    work_out,
)
from training.domain.status import Status

YEARLY = Terms(12)
ONE_DAY = timedelta(days=1)


def on(text):
    return date.fromisoformat(text)


def span(from_, until=None):
    return Span(on(from_), until and on(until))


def earned(*days, terms=YEARLY):
    return certify_all([Pass(on(day)) for day in days], terms_on=lambda _: terms)


def exempt(from_, until=None, why="Agency cover only."):
    return Exemption(span(from_, until), "Ann Lee", why)


def facts(**changes):
    """Someone who started on 31 Jan 2026 and needs the item from then on, due in 30 days."""
    started = (span("2026-01-31"),)
    return Facts(**{"on_file": started, "needs": started, "due_days": 30} | changes)


def status(facts, day):
    return status_on(work_out(facts, as_at=on(day)), on(day)).value


def reason(facts, day):
    return reason_on(work_out(facts, as_at=on(day)), on(day))


def notes(facts, day):
    return notes_on(work_out(facts, as_at=on(day)), on(day))


def test_the_first_due_day_is_the_last_that_is_not_overdue():
    standing = work_out(facts(), as_at=on("2026-01-31"))
    assert (standing.need_begins_on, standing.first_due_on) == (on("2026-01-31"), on("2026-03-02"))
    assert standing.next_change_on == on("2026-03-03")
    assert status_on(standing, on("2026-03-02")) is Status.NOT_YET_DUE
    assert status_on(standing, on("2026-03-03")) is Status.OVERDUE
    assert reason_on(standing, on("2026-03-02")) == (
        "Not yet due: first due by 2 Mar 2026, 30 days from 31 Jan 2026, when the need began."
    )
    assert reason_on(standing, on("2026-03-03")) == (
        "Overdue since 3 Mar 2026: first due by 2 Mar 2026, and not passed yet."
    )


def test_a_year_in_date_ends_in_a_window_and_then_in_expiry():
    passed = facts(periods=earned("2026-02-14"))
    days = ["2026-02-13", "2026-02-14", "2026-11-14", "2026-11-15", "2027-02-13", "2027-02-14"]
    statuses = ["not-yet-due", "up-to-date", "up-to-date", "expiring-soon", "expiring-soon", "expired"]
    assert [status(passed, day) for day in days] == statuses
    assert reason(passed, "2026-11-15") == "In date until 13 Feb 2027: passed on 14 Feb 2026, and it lasts 12 months."
    assert notes(passed, "2026-11-15") == ("The window to renew opened on 15 Nov 2026.",)
    assert notes(passed, "2026-11-14") == ()
    assert reason(passed, "2027-03-01") == (
        "Expired since 14 Feb 2027: in date until 13 Feb 2027, and not renewed yet."
    )


def test_the_rows_of_a_year_change_on_the_days_they_said_they_would():
    passed = facts(periods=earned("2026-02-14"))
    turns, day = [], on("2026-01-31")
    while day is not None:
        turns.append(day)
        day = work_out(passed, as_at=day).next_change_on
    assert turns == [on(day) for day in ("2026-01-31", "2026-02-14", "2026-11-15", "2027-02-14")]


def test_an_early_renewal_is_explained():
    renewed = facts(periods=earned("2026-01-14", "2026-12-05"))
    assert reason(renewed, "2027-03-01") == (
        "In date until 13 Jan 2028: renewed early on 5 Dec 2026, so it runs on from 13 Jan 2027."
    )
    booked = replace(renewed, leaves=(span("2027-03-01"),))
    assert notes(booked, "2027-02-01") == ("On leave from 1 Mar 2027.",)


def test_a_pass_after_the_day_asked_is_never_used():
    renewed = facts(periods=earned("2026-01-14", "2026-12-05"))
    standing = work_out(renewed, as_at=on("2026-12-04"))
    assert standing.valid_until == on("2027-01-13")
    assert standing.next_change_on == on("2026-12-05")
    assert status(facts(periods=earned("2026-12-05")), "2026-12-04") == "overdue"


def test_a_pass_that_moved_nothing_is_noted_and_the_winning_one_explained():
    again = facts(periods=earned("2026-01-14", "2026-12-05", "2026-12-20"))
    assert reason(again, "2026-12-20").endswith("renewed early on 5 Dec 2026, so it runs on from 13 Jan 2027.")
    assert "Passed again on 20 Dec 2026, which moved nothing." in notes(again, "2026-12-20")
    assert notes(again, "2026-12-19") == ()


def test_what_does_not_expire_stays_in_date():
    forever = facts(periods=earned("2026-02-14", terms=Terms(None)))
    standing = work_out(forever, as_at=on("2026-02-14"))
    assert standing.never_expires
    assert standing.next_change_on is None
    assert status_on(standing, on("2090-01-01")) is Status.UP_TO_DATE
    assert reason_on(standing, on("2090-01-01")) == "In date: passed on 14 Feb 2026, and it does not expire."


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-01-30", "not-on-file"), ("2026-06-30", "overdue"), ("2026-07-01", "not-on-file")]
)
def test_leavers_and_future_starters_are_not_on_file(day, expected):
    left = facts(on_file=(span("2026-01-31", "2026-06-30"),))
    assert status(left, day) == expected
    if expected == "not-on-file":
        assert reason(left, day) == "Not on file: no employment covers this day."
        assert notes(replace(left, leaves=(span("2026-09-01"),)), day) == ()


def test_a_future_starter_changes_on_the_day_they_start():
    standing = work_out(facts(), as_at=on("2025-12-01"))
    assert standing == Standing(next_change_on=on("2026-01-31"))


def test_what_the_role_no_longer_needs_is_held_and_counts_again_when_it_comes_back():
    moved = facts(needs=(span("2026-01-31", "2026-06-30"), span("2026-10-01")), periods=earned("2026-02-14"))
    assert status(moved, "2026-06-30") == "up-to-date"
    assert status(moved, "2026-07-01") == "held"
    assert reason(moved, "2026-07-01") == "Not needed by the present role: last passed on 14 Feb 2026."
    assert notes(moved, "2026-07-01") == ("In date until 13 Feb 2027: passed on 14 Feb 2026, and it lasts 12 months.",)
    assert status(moved, "2026-10-01") == "up-to-date"
    assert work_out(moved, as_at=on("2026-10-01")).need_begins_on == on("2026-10-01")


def test_what_was_never_passed_nor_needed_is_not_needed():
    elsewhere = facts(needs=())
    assert status(elsewhere, "2026-03-01") == "not-needed"
    assert reason(elsewhere, "2026-03-01") == "Not needed by the present role, and never passed."


@pytest.mark.parametrize(
    ("day", "passed_on", "expected"),
    [
        ("2025-12-31", "2025-12-01", "held"),
        ("2026-03-31", "2026-02-14", "up-to-date"),
        ("2026-04-01", "2026-02-14", "held"),
        ("2026-04-01", "2026-06-01", "not-needed"),
        ("2028-04-01", "2026-02-14", "held"),
    ],
)
def test_outside_the_requirement_holders_are_held_and_others_not_needed(day, passed_on, expected):
    ended = facts(on_file=(span("2025-01-01"),), needs=(span("2026-01-01", "2026-03-31"),), periods=earned(passed_on))
    assert status(ended, day) == expected


def test_the_need_begins_when_the_requirement_does():
    later = facts(on_file=(span("2025-01-01"),), needs=(span("2026-01-01"),))
    standing = work_out(later, as_at=on("2026-01-01"))
    assert (standing.need_begins_on, standing.first_due_on) == (on("2026-01-01"), on("2026-01-31"))


@pytest.mark.parametrize(
    ("back_on", "begins_on"),
    [("2026-07-01", "2026-01-31"), ("2026-07-28", "2026-01-31"), ("2026-07-29", "2026-07-29")],
)
def test_a_break_of_28_days_begins_the_need_again(back_on, begins_on):
    spans = (span("2026-01-31", "2026-06-30"), span(back_on))
    standing = work_out(facts(on_file=spans, needs=spans), as_at=on(back_on))
    assert standing.need_begins_on == on(begins_on)


def test_a_short_break_is_off_file_all_the_same():
    spans = (span("2026-01-31", "2026-06-30"), span("2026-07-10"))
    assert status(facts(on_file=spans, needs=spans), "2026-07-05") == "not-on-file"
    assert status(facts(needs=spans), "2026-07-05") == "not-needed"


def test_a_need_ends_where_a_short_break_begins():
    spans = (span("2026-01-31", "2026-06-30"), span("2026-07-10"))
    standing = work_out(facts(needs=spans), as_at=on("2026-06-30"))
    assert (standing.need_ends_on, standing.next_change_on) == (on("2026-06-30"), on("2026-07-01"))


@pytest.mark.parametrize("ending", ["on_file", "needs", "leaves", "exemptions"])
def test_a_row_changes_on_the_day_after_a_span_ends(ending):
    last = span("2026-01-31", "2026-06-30")
    ended = facts(**{ending: (Exemption(last, "Ann Lee", "Agency cover"),) if ending == "exemptions" else (last,)})
    assert work_out(ended, as_at=on("2026-06-30")).next_change_on == on("2026-07-01")


def test_days_off_file_drop_out_of_the_need():
    on_file = (span("2026-01-31", "2026-06-30"), span("2026-09-01"))
    assert work_out(facts(on_file=on_file), as_at=on("2026-09-01")).need_begins_on == on("2026-09-01")


def test_a_pass_that_ran_out_before_the_need_began_makes_nobody_expired():
    old = facts(periods=earned("2020-01-14"))
    assert status(old, "2026-03-02") == "not-yet-due"
    assert notes(old, "2026-03-02") == ("In date until 13 Jan 2021, and not since.",)
    assert reason(old, "2026-03-03") == (
        "Overdue since 3 Mar 2026: first due by 2 Mar 2026, and not passed since being in date until 13 Jan 2021."
    )


@pytest.mark.parametrize(("last_day", "expected"), [("2026-01-30", "overdue"), ("2026-01-31", "expired")])
def test_a_pass_still_in_date_on_the_first_day_of_need_makes_it_expired(last_day, expected):
    old = facts(periods=certify_all([Pass(on("2025-06-01"), on(last_day))], terms_on=lambda _: YEARLY))
    assert status(old, "2026-03-02") == "not-yet-due"
    assert status(old, "2026-03-03") == expected


def test_what_ran_out_before_the_first_due_day_expires_after_it():
    old = facts(periods=certify_all([Pass(on("2025-06-01"), on("2026-02-10"))], terms_on=lambda _: YEARLY))
    assert status(old, "2026-02-10") == "expiring-soon"
    assert status(old, "2026-02-11") == "not-yet-due"
    assert reason(old, "2026-03-03") == (
        "Expired since 3 Mar 2026: in date until 10 Feb 2026, due by 2 Mar 2026, and not renewed yet."
    )


def test_an_exemption_before_the_first_due_day_gives_days_to_what_had_run_out():
    old = certify_all([Pass(on("2025-06-01"), on("2026-02-10"))], terms_on=lambda _: YEARLY)
    let_off = facts(periods=old, exemptions=(exempt("2026-02-20", "2026-04-30"),))
    assert work_out(let_off, as_at=on("2026-05-01")).first_due_on == on("2026-03-02")
    assert [status(let_off, day) for day in ("2026-05-01", "2026-05-30", "2026-05-31")] == [
        "not-yet-due",
        "not-yet-due",
        "expired",
    ]


# Leave


@pytest.mark.parametrize(("until", "expected"), [("2026-04-27", "on-leave"), ("2026-04-26", "up-to-date")])
def test_leave_is_long_from_28_days(until, expected):
    away = facts(periods=earned("2026-02-14"), leaves=(span("2026-03-31", until),))
    assert status(away, "2026-04-10") == expected


def test_the_organisation_may_say_how_long_is_long():
    away = facts(leaves=(span("2026-03-31", "2026-04-13"),))
    assert status(replace(away, long_leave_days=14), "2026-04-10") == "on-leave"
    assert status(replace(away, long_leave_days=15), "2026-04-10") == "overdue"


def test_absences_that_overlap_or_adjoin_are_one_leave():
    away = facts(
        leaves=(span("2026-04-01", "2026-04-20"), span("2026-04-15", "2026-04-25"), span("2026-04-26", "2026-04-30"))
    )
    assert status(away, "2026-04-01") == "on-leave"
    assert reason(away, "2026-04-01") == "On leave from 1 Apr 2026 until 30 Apr 2026, so nothing is due."
    assert status(away, "2026-05-01") == "overdue"


@pytest.mark.parametrize(
    ("from_", "until", "first_due_on"),
    [
        ("2026-02-10", "2026-03-31", "2026-04-21"),
        ("2026-03-02", "2026-03-31", "2026-04-01"),
        ("2026-03-03", "2026-04-30", "2026-03-02"),
        ("2026-01-01", "2026-02-09", "2026-03-12"),
        ("2025-11-01", "2026-01-30", "2026-03-02"),
        ("2025-11-01", "2026-01-31", "2026-03-03"),
    ],
)
def test_leave_days_up_to_the_first_due_day_move_it(from_, until, first_due_on):
    away = facts(leaves=(span(from_, until),))
    standing = work_out(away, as_at=on("2026-06-01"))
    assert standing.first_due_on == on(first_due_on)
    assert status(away, "2026-06-01") == "overdue"


def test_a_moved_due_day_says_why():
    away = facts(leaves=(span("2026-02-10", "2026-03-31"),))
    assert reason(away, "2026-04-01") == (
        "Not yet due: first due by 21 Apr 2026, 30 days from 31 Jan 2026, when the need began, "
        "moved on by 50 days of leave."
    )


def test_two_leaves_both_move_the_first_due_day():
    away = facts(leaves=(span("2026-02-01", "2026-02-28"), span("2026-03-20", "2026-04-30")))
    assert work_out(away, as_at=on("2026-03-19")).first_due_on == on("2026-03-30")
    assert work_out(away, as_at=on("2026-03-20")).first_due_on == on("2026-05-11")


def test_leave_without_an_end_has_no_due_day_until_it_is_closed():
    away = facts(leaves=(span("2026-02-10"),))
    standing = work_out(away, as_at=on("2027-02-10"))
    assert status_on(standing, on("2027-02-10")) is Status.ON_LEAVE
    assert (standing.first_due_on, standing.next_change_on) == (None, None)
    assert reason_on(standing, on("2027-02-10")) == (
        "On leave from 10 Feb 2026 with no end given, so no day is set to be due."
    )
    assert notes(away, "2027-02-10") == ("Not passed yet.",)


def test_leave_booked_ahead_is_noted_and_moves_nothing_yet():
    away = facts(leaves=(span("2026-02-10", "2026-03-31"),))
    assert work_out(away, as_at=on("2026-02-09")).first_due_on == on("2026-03-02")
    assert notes(away, "2026-02-09") == ("On leave from 10 Feb 2026 until 31 Mar 2026.",)
    assert notes(away, "2026-02-10") == ("Not passed yet.",)
    assert notes(away, "2026-04-01") == ()


@pytest.mark.parametrize(
    ("from_", "until", "first_day_back", "last_day_of_grace"),
    [
        ("2027-02-01", "2027-03-31", "not-yet-due", "2027-04-30"),
        ("2027-02-13", "2027-03-31", "not-yet-due", "2027-04-30"),
        ("2027-02-14", "2027-03-31", "not-yet-due", "2027-04-30"),
        ("2027-02-15", "2027-03-31", "expired", None),
        ("2027-01-01", "2027-02-13", "not-yet-due", "2027-03-15"),
        ("2027-01-01", "2027-02-12", "expiring-soon", None),
    ],
)
@pytest.mark.parametrize("kind", ["leaves", "exemptions"])
def test_what_lapsed_while_away_is_due_again_some_days_after(kind, from_, until, first_day_back, last_day_of_grace):
    pause = {"leaves": (span(from_, until),), "exemptions": (exempt(from_, until),)}
    away = facts(periods=earned("2026-02-14"), **{kind: pause[kind]})
    assert status(away, until) == {"leaves": "on-leave", "exemptions": "exempt"}[kind]
    back_on = on(until) + ONE_DAY
    assert status(away, str(back_on)) == first_day_back
    standing = work_out(away, as_at=back_on)
    assert standing.grace_until == (last_day_of_grace and on(last_day_of_grace))
    assert standing.valid_until == on("2027-02-13")
    if last_day_of_grace:
        assert status(away, last_day_of_grace) == "not-yet-due"
        assert status(away, str(on(last_day_of_grace) + ONE_DAY)) == "expired"


def test_what_lapsed_while_away_says_so():
    away = facts(periods=earned("2026-02-14"), leaves=(span("2027-02-01", "2027-03-31"),))
    assert notes(away, "2027-02-10") == ("In date until 13 Feb 2027: passed on 14 Feb 2026, and it lasts 12 months.",)
    assert notes(away, "2027-03-01") == ("In date until 13 Feb 2027, and not since.",)
    assert reason(away, "2027-04-01") == (
        "Not yet due: in date until 13 Feb 2027, and after leave until 31 Mar 2027 it is due again by 30 Apr 2027."
    )
    assert notes(away, "2027-04-01") == ()
    assert work_out(away, as_at=on("2027-04-01")).next_change_on == on("2027-05-01")
    assert reason(away, "2027-05-01") == (
        "Expired since 1 May 2027: in date until 13 Feb 2027, due by 30 Apr 2027, and not renewed yet."
    )


def test_leave_and_exemption_that_adjoin_are_one_pause():
    away = facts(
        periods=earned("2026-02-14"),
        leaves=(span("2027-02-01", "2027-03-31"),),
        exemptions=(exempt("2027-04-01", "2027-04-10"),),
    )
    assert work_out(away, as_at=on("2027-03-31")).grace_until == on("2027-04-30")
    standing = work_out(away, as_at=on("2027-04-11"))
    assert standing.grace_until == on("2027-05-10")
    assert "after leave and exemption until 10 Apr 2027" in reason_on(standing, on("2027-04-11"))


def test_leave_that_begins_while_due_again_starts_the_days_again():
    away = facts(
        periods=earned("2026-02-14"), leaves=(span("2027-02-01", "2027-03-31"), span("2027-04-20", "2027-05-31"))
    )
    assert work_out(away, as_at=on("2027-06-01")).grace_until == on("2027-06-30")


def test_a_first_due_day_later_than_the_days_given_after_leave_stands():
    old = certify_all([Pass(on("2025-06-01"), on("2026-02-10"))], terms_on=lambda _: YEARLY)
    leaves = (span("2026-02-05", "2026-03-10"), span("2026-04-01", "2026-04-30"))
    away = facts(due_days=90, periods=old, leaves=leaves)
    standing = work_out(away, as_at=on("2026-05-01"))
    assert (standing.grace_until, standing.first_due_on) == (on("2026-06-08"), on("2026-07-04"))
    assert reason(away, "2026-05-01").startswith("Not yet due: first due by 4 Jul 2026, 90 days from 31 Jan 2026")
    assert notes(away, "2026-05-01") == ("In date until 10 Feb 2026, and not since.",)
    assert [status(away, day) for day in ("2026-07-04", "2026-07-05")] == ["not-yet-due", "expired"]


def test_what_lapsed_in_leave_without_an_end_has_no_day_to_be_due_again():
    away = facts(periods=earned("2026-02-14"), leaves=(span("2027-02-01"),))
    assert work_out(away, as_at=on("2027-03-01")).grace_until is None


def test_leave_never_lengthens_validity():
    away = facts(periods=earned("2026-02-14"), leaves=(span("2026-06-01", "2026-12-31"),))
    assert work_out(away, as_at=on("2027-01-01")).valid_until == on("2027-02-13")
    assert status(away, "2027-02-14") == "expired"


# Exemption


def test_an_exemption_says_who_why_and_until_when():
    let_off = facts(exemptions=(exempt("2026-02-10", "2026-04-30", why=" Agency cover\nonly. "),))
    assert [status(let_off, day) for day in ("2026-02-09", "2026-02-10", "2026-04-30")] == [
        "not-yet-due",
        "exempt",
        "exempt",
    ]
    assert reason(let_off, "2026-02-10") == "Exempt until 30 Apr 2026: Agency cover only (agreed by Ann Lee)."
    assert notes(let_off, "2026-02-09") == ("Exempt from 10 Feb 2026 until 30 Apr 2026.",)
    for_ever = facts(exemptions=(exempt("2026-02-10"),))
    assert reason(for_ever, "2029-02-10") == "Exempt: Agency cover only (agreed by Ann Lee)."
    assert work_out(for_ever, as_at=on("2029-02-10")).first_due_on is None


@pytest.mark.parametrize(
    ("from_", "until", "first_due_on", "back"),
    [
        ("2026-02-10", "2026-04-30", "2026-05-31", "not-yet-due"),
        ("2026-03-02", "2026-04-30", "2026-05-31", "not-yet-due"),
        ("2026-03-03", "2026-04-30", "2026-03-02", "overdue"),
        ("2026-02-10", "2026-02-11", "2026-03-14", "not-yet-due"),
        ("2025-02-10", "2026-01-30", "2026-03-02", "not-yet-due"),
        ("2025-02-10", "2025-12-30", "2026-03-02", "not-yet-due"),
    ],
)
def test_someone_never_in_date_starts_again_after_an_exemption(from_, until, first_due_on, back):
    let_off = facts(exemptions=(exempt(from_, until),))
    back_on = max(on(until) + ONE_DAY, on("2026-01-31"))
    assert work_out(let_off, as_at=back_on).first_due_on == on(first_due_on)
    assert status(let_off, str(back_on)) == back


def test_a_due_day_after_an_exemption_says_why():
    let_off = facts(exemptions=(exempt("2026-02-10", "2026-04-30"),))
    assert reason(let_off, "2026-05-01") == (
        "Not yet due: first due by 31 May 2026, 30 days from 1 May 2026, after the exemption."
    )


def test_leave_within_an_exemption_is_not_counted_twice():
    let_off = facts(exemptions=(exempt("2026-02-10", "2026-04-30"),), leaves=(span("2026-04-15", "2026-05-15"),))
    assert work_out(let_off, as_at=on("2026-06-01")).first_due_on == on("2026-06-15")


def test_an_exemption_that_began_in_date_leaves_the_first_due_day_alone():
    let_off = facts(periods=earned("2026-02-05"), exemptions=(exempt("2026-02-10", "2026-02-20"),))
    assert work_out(let_off, as_at=on("2026-02-21")).first_due_on == on("2026-03-02")


def test_a_pass_after_an_exemption_leaves_its_due_day_where_it_was():
    let_off = facts(exemptions=(exempt("2026-02-10", "2026-02-20"),))
    passed = replace(let_off, periods=earned("2026-02-21"))
    days = {work_out(each, as_at=on("2026-02-21")).first_due_on for each in (let_off, passed)}
    assert days == {on("2026-03-23")}


def test_leave_wins_over_exemption_which_is_noted():
    away = facts(leaves=(span("2026-04-01", "2026-05-31"),), exemptions=(exempt("2026-04-15", "2026-06-30"),))
    assert [status(away, day) for day in ("2026-04-20", "2026-06-01")] == ["on-leave", "exempt"]
    assert "Exempt until 30 Jun 2026: Agency cover only (agreed by Ann Lee)." in notes(away, "2026-04-20")


def test_the_present_exemption_is_kept_before_the_next():
    later, sooner = exempt("2026-06-01", "2026-06-30"), exempt("2026-02-01", "2026-02-10")
    let_off = facts(exemptions=(later, sooner))
    days = ("2026-02-10", "2026-02-11", "2026-06-30", "2026-07-01")
    assert [work_out(let_off, as_at=on(day)).exemption for day in days] == [sooner, later, later, None]


# Which line to show


def line(requirement, day="2026-06-01", **changes):
    return work_out(facts(requirement=requirement, **changes), as_at=on(day))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (line("soonest expiry", periods=earned("2026-02-14")), line("b", periods=earned("2026-02-15"))),
        (line("an end", periods=earned("2026-02-14")), line("b", periods=earned("2026-02-14", terms=Terms(None)))),
        (line("expired", periods=earned("2025-04-14")), line("b", periods=earned("2025-04-14", terms=Terms(36)))),
        (line("sooner due", due_days=130), line("b", due_days=140)),
        (line("due before expiry", due_days=130), line("b", periods=earned("2026-02-14"))),
        (line("expiry before due", periods=earned("2025-06-14")), line("b", due_days=140)),
        (line("needed", due_days=500), line("b", needs=(), periods=earned("2024-02-14"))),
        (line("working", due_days=500), line("b", leaves=(span("2026-05-01"),))),
        (line("working", due_days=500), line("b", exemptions=(exempt("2026-02-01"),))),
        (line("exempt", exemptions=(exempt("2026-02-01"),)), line("b", leaves=(span("2026-05-01"),))),
        (line("away", leaves=(span("2026-05-01"),)), line("b", needs=())),
        (line("on file", needs=()), line("b", on_file=())),
        (line("a"), line("b")),
        (
            line("overdue", due_days=73),
            line("a", periods=certify_all([Pass(on("2026-02-01"), on("2026-04-14"))], terms_on=lambda _: YEARLY)),
        ),
    ],
)
def test_the_strictest_line_is_shown(one, other):
    day = on("2026-06-01")
    assert strictest([one, other], day=day).requirement == one.requirement
    assert strictest([other, one], day=day).requirement == one.requirement


# Whole histories

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 700).map(lambda offset: FIRST + timedelta(days=offset))
SPANS = st.builds(
    lambda from_, days: Span(from_, None if days is None else from_ + timedelta(days=days)),
    DAYS,
    st.one_of(st.none(), st.integers(0, 40), st.integers(0, 300)),
)
HISTORIES = st.builds(
    lambda passes, terms, exemptions, **rest: Facts(
        periods=certify_all(passes, terms_on=lambda _: terms),
        exemptions=tuple(Exemption(span, "Ann Lee", f"reason {number}") for number, span in enumerate(exemptions)),
        **rest,
    ),
    passes=st.lists(st.builds(Pass, DAYS), max_size=4),
    terms=st.sampled_from([Terms(1, window_days=10), Terms(6), Terms(12), Terms(None)]),
    exemptions=st.lists(SPANS, max_size=3),
    on_file=st.one_of(st.just((Span(FIRST),)), st.lists(SPANS, min_size=1, max_size=3).map(tuple)),
    needs=st.one_of(st.just((Span(FIRST),)), st.lists(SPANS, max_size=3).map(tuple)),
    leaves=st.lists(SPANS, max_size=3).map(tuple),
    due_days=st.integers(0, 90),
)


def known_by(facts, day):
    """Return the facts without what had not begun by a day."""
    return replace(
        facts,
        periods=tuple(period for period in facts.periods if period.passed_on <= day),
        leaves=tuple(leave for leave in join(facts.leaves) if leave.from_ <= day),
        exemptions=tuple(each for each in facts.exemptions if each.span.from_ <= day),
        on_file=tuple(each for each in join(facts.on_file) if each.from_ <= day),
        needs=tuple(each for each in join(facts.needs) if each.from_ <= day),
    )


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS)
def test_a_row_stays_true_until_the_day_it_changes(facts, as_at):
    standing = work_out(facts, as_at=as_at)
    assert standing.next_change_on is None or standing.next_change_on > as_at
    last = standing.next_change_on or as_at + timedelta(days=400)
    for days in range(0, (last - as_at).days, 7):
        day = as_at + timedelta(days=days)
        assert work_out(facts, as_at=day) == standing
        assert status_on(standing, day) is status_on(standing, as_at)
    eve = last - ONE_DAY
    assert work_out(facts, as_at=eve) == standing
    assert status_on(standing, eve) is status_on(standing, as_at)


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS)
def test_nothing_that_had_not_begun_changes_a_status_or_its_reason(facts, day):
    whole, begun = work_out(facts, as_at=day), work_out(known_by(facts, day), as_at=day)
    assert status_on(whole, day) is status_on(begun, day)
    assert reason_on(whole, day) == reason_on(begun, day)


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS)
def test_every_reason_and_note_is_one_sentence(facts, day):
    standing = work_out(facts, as_at=day)
    for sentence in (reason_on(standing, day), *notes_on(standing, day)):
        assert sentence.count(".") == 1
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "None" not in sentence
    later_passes = {format_day(period.passed_on) for period in facts.periods if period.passed_on > day}
    passes = {part for part in later_passes if f"passed on {part}" in reason_on(standing, day)}
    assert not passes


@settings(max_examples=examples(200))
@given(HISTORIES, DAYS)
def test_the_status_is_the_first_that_fits(facts, day):
    standing = work_out(facts, as_at=day)
    status = status_on(standing, day)
    in_date = any(p.passed_on <= day <= p.reach for p in facts.periods)
    on_file = any(day in span for span in facts.on_file)
    needed = any(day in span for span in facts.needs)
    ever_passed = any(p.passed_on <= day for p in facts.periods)
    if not on_file:
        assert status is Status.NOT_ON_FILE
    elif not needed:
        assert status is (Status.HELD if ever_passed else Status.NOT_NEEDED)
    elif any(day in leave for leave in join(facts.leaves) if leave.lasts(28)):
        assert status is Status.ON_LEAVE
    elif any(day in exemption.span for exemption in facts.exemptions):
        assert status is Status.EXEMPT
    else:
        assert status.compliant == in_date
        assert status in (Status.UP_TO_DATE, Status.EXPIRING_SOON, Status.NOT_YET_DUE, Status.EXPIRED, Status.OVERDUE)
    if status is Status.EXPIRED:
        assert any(p.reach >= standing.need_begins_on for p in facts.periods if p.passed_on <= day)
    if status is Status.OVERDUE:
        assert all(p.reach < standing.need_begins_on for p in facts.periods if p.passed_on <= day)


@given(DAYS, st.integers(0, 60), st.lists(SPANS, max_size=4))
def test_the_first_due_day_comes_after_as_many_working_days_as_were_given(begins_on, due_days, leaves):
    away = Facts(on_file=(), needs=(), due_days=due_days, leaves=tuple(leaves), long_leave_days=1)
    due = first_due(away, begins_on, first_in_date_on=None, as_at=date.max)
    left, day = due_days, begins_on
    while day < begins_on + timedelta(days=1500):
        if not any(day in leave for leave in leaves):
            if left == 0:
                break
            left -= 1
        day += ONE_DAY
    else:
        day = None
    assert (due and due.on) == day


EXPIRED_IN_NEED = Standing(in_date_in_need=True, valid_until=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("standing", "last_day"),
    [
        (EXPIRED_IN_NEED._replace(valid_until=date(2026, 6, 1)), "2026-06-01"),
        (EXPIRED_IN_NEED, "2026-03-01"),
        (EXPIRED_IN_NEED._replace(grace_until=date(2026, 4, 30)), "2026-04-30"),
        (EXPIRED_IN_NEED._replace(first_due_on=date(2026, 1, 31)), "2026-03-01"),
        (Standing(first_due_on=date(2026, 1, 31)), "2026-01-31"),
        (Standing(first_due_on=date(2026, 1, 31), grace_until=date(2026, 2, 28)), "2026-02-28"),
    ],
)
def test_the_last_good_day_is_that_of_the_pass_or_what_leave_put_in_its_place(standing, last_day):
    assert deadline_on(standing, date(2026, 5, 1)) == date.fromisoformat(last_day)


def test_without_a_day_all_is_well_for_ever():
    assert deadline_on(Standing(never_expires=True), date(2026, 5, 1)) == date.max
    assert deadline_on(Standing(), date(2026, 5, 1)) == date.max


def test_a_need_that_ends_covers_no_day_after_its_last():
    standing = Standing(need_begins_on=date(2026, 3, 1), need_ends_on=date(2026, 3, 31))
    assert [standing.needed_on(date(2026, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert not Standing().needed_on(date(2026, 3, 1))
