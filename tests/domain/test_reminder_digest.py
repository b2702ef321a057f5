"""A manager's weekly digest: whom it names, and when it is due."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.certification import Pass, certify_all
from training.domain.days import Span
from training.domain.need import Facts
from training.domain.reminder_digest import (
    MONDAY,
    Group,
    Member,
    NoSuchWeekday,
    digest,
    digest_due,
    digest_key,
)
from training.domain.requirement import Terms
from training.domain.standing import Standing, work_out

TODAY = date(2027, 3, 1)


def line(begins="2026-01-01", *, due_days=30, passed=None, window_days=90, **changes):
    spans = (Span(date.fromisoformat(begins)),)
    passes = [Pass(date.fromisoformat(passed))] if passed else []
    periods = certify_all(passes, terms_on=lambda _: Terms(12, window_days=window_days))
    known = Facts(**{"on_file": spans, "needs": spans, "due_days": due_days, "periods": periods} | changes)
    return work_out(known, as_at=TODAY)


OVERDUE = line()
EXPIRED = line(passed="2026-02-20")
SOON = line(passed="2026-03-31")
FIRST_DUE_SOON = line("2027-02-20")
AWAY = line(leaves=(Span(date(2027, 1, 1)),))
WELL = line(passed="2026-12-01")


def team(*lines):
    return [
        Member(person=UUID(int=number), name=f"Person {number}", lines=(each,) if isinstance(each, Standing) else each)
        for number, each in enumerate(lines, start=1)
    ]


def digest_of(members, **how):
    return digest(iter(members), people=len(members), today=TODAY, **how)


def test_each_group_counts_people_and_items_and_names_people():
    found = digest_of(team((OVERDUE, OVERDUE, EXPIRED), EXPIRED, SOON, FIRST_DUE_SOON, AWAY, WELL))
    assert (found.day, found.people, found.key) == (TODAY, 6, "2027-W09")
    assert found.overdue == Group(1, 2, ("Person 1",))
    assert found.expired == Group(2, 2, ("Person 1", "Person 2"))
    assert found.due_soon == Group(2, 2, ("Person 4", "Person 3"))
    assert found.bounced == Group()
    assert not found.all_well


@pytest.mark.parametrize(
    ("due_on", "soon"),
    [(date(2027, 3, 1), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False), (date(2027, 2, 28), False)],
)
def test_soon_is_from_today_to_30_days_on(due_on, soon):
    standing = line(str(due_on - timedelta(days=40)), due_days=40)
    assert standing.first_due_on == due_on
    found = digest_of(team(standing))
    assert (found.due_soon.people, found.overdue.people) == (int(soon), int(due_on < TODAY))


def test_what_cannot_be_renewed_yet_is_not_due_soon():
    assert digest_of(team(line(passed="2026-03-20", window_days=10))).due_soon == Group()
    assert digest_of(team(line(passed="2026-03-20", window_days=20))).due_soon.people == 1


def test_the_longest_late_are_named_first_and_the_rest_counted():
    lines = [line(f"2026-0{month}-01") for month in (7, 3, 5, 1, 2, 6, 4)]
    overdue = digest_of(team(*lines)).overdue
    assert overdue.names == ("Person 4", "Person 5", "Person 2", "Person 7", "Person 3")
    assert (overdue.people, overdue.items, overdue.more) == (7, 7, 2)
    assert digest_of(team(*lines), names_shown=1).overdue.names == ("Person 4",)


def test_someone_with_several_late_items_is_placed_by_the_longest_late():
    overdue = digest_of(team(line("2026-03-01"), (line("2026-05-01"), line("2026-02-01")))).overdue
    assert overdue.names == ("Person 2", "Person 1")


def test_people_of_one_name_are_two():
    ann, other = (replace(each, name="Ann Lee") for each in team(OVERDUE, OVERDUE))
    assert digest_of([ann, other]).overdue == Group(2, 2, ("Ann Lee", "Ann Lee"))


def test_bounced_addresses_are_named_by_name():
    members = [replace(each, bounced=True) for each in reversed(team(WELL, AWAY, OVERDUE))]
    found = digest_of(members, names_shown=2)
    assert found.bounced == Group(3, 0, ("Person 1", "Person 2"))


@pytest.mark.parametrize("trouble", [OVERDUE, EXPIRED, SOON, "bounced"])
def test_all_is_well_when_nobody_is_in_any_group(trouble):
    fine = team(WELL, AWAY)
    assert digest_of(fine).all_well
    troubled = replace(fine[0], bounced=True) if trouble == "bounced" else replace(fine[0], lines=(trouble,))
    assert not digest_of([troubled, fine[1]]).all_well


def test_whoever_is_in_no_group_need_not_be_gone_through():
    whole = digest_of(team(WELL, OVERDUE, AWAY, SOON))
    assert (
        digest(
            [each for each in team(WELL, OVERDUE, AWAY, SOON) if each.lines[0] in (OVERDUE, SOON)],
            people=4,
            today=TODAY,
        )
        == whole
    )
    assert [each.name for each in whole.named] == ["Person 2", "Person 4"]


def test_no_more_people_are_kept_than_are_named():
    def thousands():
        for number in range(2000):
            yield Member(person=UUID(int=number), name=f"Person {number:04}", lines=(OVERDUE, EXPIRED, SOON))

    found = digest(thousands(), people=2000, today=TODAY)
    assert found.overdue == Group(2000, 2000, tuple(f"Person {number:04}" for number in range(5)))
    assert len(found.named) == 5


def test_a_manager_of_nobody_gets_no_digest():
    assert digest_of([]) is None


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2028, 2, 29), "2028-W09"),
    ],
)
def test_the_key_is_the_iso_week(day, key):
    assert digest_key(day) == key


@pytest.mark.parametrize(
    ("weekday", "due"),
    [
        (1, [True, True, True, True, True, True, True]),
        (5, [False, False, False, False, True, True, True]),
        (7, [False, False, False, False, False, False, True]),
    ],
)
def test_a_digest_is_due_on_its_weekday_and_after_a_missed_run_later_in_the_week(weekday, due):
    week = [TODAY + timedelta(days=days) for days in range(7)]
    assert [digest_due(day, sent=(), weekday=weekday) for day in week] == due
    assert not any(digest_due(day, sent={"2027-W09"}, weekday=weekday) for day in week)
    assert [digest_due(day, sent={"2027-W08"}) for day in week] == [True] * 7


@pytest.mark.parametrize("weekday", [0, 8])
def test_a_weekday_outside_the_week_is_refused(weekday):
    with pytest.raises(NoSuchWeekday):
        digest_due(TODAY, sent=(), weekday=weekday)


@given(st.integers(1, 7), st.sets(st.integers(0, 60)))
def test_a_week_never_has_two_digests_whatever_runs_are_missed(weekday, runs):
    sent = []
    for days in sorted(runs):
        day = date(2026, 12, 14) + timedelta(days=days)
        if digest_due(day, sent=sent, weekday=weekday):
            assert day.isoweekday() >= weekday >= MONDAY
            sent.append(digest_key(day))
    assert len(sent) == len(set(sent))
    ran = [date(2026, 12, 14) + timedelta(days=days) for days in runs]
    assert set(sent) == {digest_key(day) for day in ran if day.isoweekday() >= weekday}
