"""Leave: what it moves and what it does not, with every day written out, and how it is put right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.standing_of import morning, reason, standing, status
from tests.services.stored import rows
from training.domain.roles import Role
from training.domain.status import Status
from training.models import Absence
from training.services import absences, employments, organisations, standing_checks
from training.services.absences import AbsenceOverlaps
from training.services.employments import DayRefused, LastDayRefused
from training.services.organisations import NotAllowed, NotFound

# Everybody here begins on 2 Mar 2026, with 30 days until the first time: due by 1 Apr 2026.
DUE = date(2026, 4, 1)


def away(database, home, person, starts_on, ends_on=None, *, viewer=None, site_id=None, now=NOW):
    return absences.add_absence(
        database,
        viewer=viewer or home.viewer,
        person_id=person.person_id,
        starts_on=starts_on,
        ends_on=ends_on,
        site_id=site_id,
        now=now,
    )


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def site_manager(home):
    return replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))


def also_at(database, home, person, site_id):
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=person.person_id,
        job_title_id=home.titles[Role.SOCIAL_CARE],
        site_id=site_id,
        starts_on=date(2026, 3, 2),
        now=NOW,
    )


def test_forty_days_of_leave_move_the_first_due_day_by_forty_days(database, home, learner):
    away(database, home, learner, date(2026, 3, 10), date(2026, 4, 18))
    assert standing(database, learner, date(2026, 3, 9)).first_due_on == DUE
    assert status(database, learner, date(2026, 3, 10)) is Status.ON_LEAVE
    assert status(database, learner, date(2026, 4, 18)) is Status.ON_LEAVE
    assert standing(database, learner, date(2026, 4, 19)).first_due_on == date(2026, 5, 11)
    assert status(database, learner, date(2026, 5, 11)) is Status.NOT_YET_DUE
    assert "moved on by 40 days of leave" in reason(database, learner, date(2026, 5, 11))
    assert status(database, learner, date(2026, 5, 12)) is Status.OVERDUE
    assert standing_checks.verify(database, now=NOW) == []


def test_only_the_days_of_leave_since_the_need_began_move_it(database, home, learner):
    """Of 40 days from 20 Feb, the 30 from 2 Mar until 31 Mar count: 1 Apr and 30 days are 1 May."""
    away(database, home, learner, date(2026, 2, 20), date(2026, 3, 31))
    assert standing(database, learner, date(2026, 4, 1)).first_due_on == date(2026, 5, 1)


def test_leave_that_begins_after_the_first_due_day_moves_nothing(database, home, learner):
    away(database, home, learner, date(2026, 4, 2), date(2026, 5, 31))
    assert standing(database, learner, date(2026, 6, 1)).first_due_on == DUE
    assert status(database, learner, date(2026, 6, 1)) is Status.OVERDUE


def test_twenty_seven_days_of_leave_move_nothing(database, home, learner):
    away(database, home, learner, date(2026, 3, 10), date(2026, 4, 5))
    assert status(database, learner, date(2026, 3, 10)) is Status.NOT_YET_DUE
    assert standing(database, learner, date(2026, 3, 20)).first_due_on == DUE
    assert status(database, learner, date(2026, 4, 2)) is Status.OVERDUE


def test_twenty_eight_days_in_two_rows_that_adjoin_are_long(database, home, learner):
    away(database, home, learner, date(2026, 3, 10), date(2026, 3, 20))
    away(database, home, learner, date(2026, 3, 21), date(2026, 4, 6))
    assert standing(database, learner, date(2026, 4, 7)).first_due_on == DUE + timedelta(days=28)


def test_what_lapses_during_leave_is_due_thirty_days_after_it_and_lasts_no_longer(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    now = morning(date(2027, 1, 20))
    away(database, home, learner, date(2027, 2, 1), date(2027, 3, 31), now=now)
    for day, then in (
        (date(2027, 1, 31), Status.EXPIRING_SOON),
        (date(2027, 3, 1), Status.ON_LEAVE),
        (date(2027, 4, 1), Status.NOT_YET_DUE),
        (date(2027, 4, 30), Status.NOT_YET_DUE),
        (date(2027, 5, 1), Status.EXPIRED),
    ):
        assert (day, status(database, learner, day)) == (day, then)
        assert standing(database, learner, day).valid_until == date(2027, 3, 1)
    assert standing(database, learner, date(2027, 4, 1)).grace_until == date(2027, 4, 30)
    assert standing_checks.verify(database, now=now) == []


def test_what_had_expired_before_leave_has_expired_on_the_first_day_back(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    away(database, home, learner, date(2027, 3, 10), date(2027, 5, 31))
    assert status(database, learner, date(2027, 5, 31)) is Status.ON_LEAVE
    assert status(database, learner, date(2027, 6, 1)) is Status.EXPIRED


def test_open_leave_sets_no_due_day_until_it_has_an_end(database, home, learner):
    absence = away(database, home, learner, date(2026, 3, 10))
    assert status(database, learner, date(2027, 12, 31)) is Status.ON_LEAVE
    assert standing(database, learner, date(2027, 12, 31)).first_due_on is None
    now = morning(date(2026, 5, 4))
    absences.end_absence(database, viewer=home.viewer, absence_id=absence, ends_on=date(2026, 4, 30), now=now)
    # 10 Mar until 30 Apr are 52 days: 1 Apr and 52 days are 23 May.
    assert standing(database, learner, date(2026, 5, 4)).first_due_on == date(2026, 5, 23)
    assert status(database, learner, date(2026, 5, 23)) is Status.NOT_YET_DUE
    assert status(database, learner, date(2026, 5, 24)) is Status.OVERDUE
    old, new = sorted(rows(database, Absence), key=lambda row: row.recorded_at)
    assert (old.ends_on, old.withdrawn_at, new.ends_on, new.withdrawn_at) == (None, now, date(2026, 4, 30), None)
    assert standing_checks.verify(database, now=now) == []


def test_leave_from_one_of_two_jobs_moves_nothing_until_the_other_is_left_too(database, home, learner, second):
    also_at(database, home, learner, second)
    leave = (date(2026, 3, 10), date(2026, 4, 18))
    away(database, home, learner, *leave, site_id=home.site_id)
    assert status(database, learner, date(2026, 3, 20)) is Status.NOT_YET_DUE
    assert status(database, learner, date(2026, 4, 2)) is Status.OVERDUE
    away(database, home, learner, *leave, site_id=second)
    assert status(database, learner, date(2026, 4, 2)) is Status.ON_LEAVE
    assert standing(database, learner, date(2026, 4, 19)).first_due_on == date(2026, 5, 11)


def test_withdrawn_leave_never_was_and_stays_on_record(database, home, learner):
    absence = away(database, home, learner, date(2026, 3, 10), date(2026, 4, 18))
    now = morning(date(2026, 4, 10))
    absences.withdraw_absence(database, viewer=home.viewer, absence_id=absence, now=now)
    assert status(database, learner, date(2026, 4, 10)) is Status.OVERDUE
    (row,) = rows(database, Absence)
    assert (row.withdrawn_at, row.recorded_by) == (now, home.viewer.person_id)
    with pytest.raises(NotFound):
        absences.withdraw_absence(database, viewer=home.viewer, absence_id=absence, now=now)


def test_days_put_right_take_the_place_of_the_others(database, home, learner):
    absence = away(database, home, learner, date(2026, 3, 10), date(2026, 4, 18))
    days = {"starts_on": date(2026, 3, 11), "ends_on": date(2026, 4, 7)}
    absences.change_absence(database, viewer=home.viewer, absence_id=absence, now=NOW, **days)
    assert standing(database, learner, date(2026, 4, 8)).first_due_on == DUE + timedelta(days=28)


def test_days_that_cannot_be_are_refused_with_nothing_written(database, home, learner):
    for starts_on, ends_on, refusal in (
        (date(2026, 3, 10), date(2026, 3, 9), LastDayRefused),
        (date(1949, 12, 31), None, DayRefused),
        (date(2028, 1, 1), None, DayRefused),
        (date(2026, 3, 10), date(2037, 1, 1), LastDayRefused),
        (date(2026, 3, 10), date.max, LastDayRefused),
    ):
        with pytest.raises(refusal):
            away(database, home, learner, starts_on, ends_on)
    assert rows(database, Absence) == []


def test_leave_that_overlaps_leave_from_the_same_jobs_is_refused_naming_its_days(database, home, learner):
    away(database, home, learner, date(2026, 3, 10), date(2026, 3, 20))
    for days in ((date(2026, 3, 20), None), (date(2026, 3, 1), date(2026, 3, 10)), (date(2026, 3, 12),) * 2):
        with pytest.raises(AbsenceOverlaps, match="from 10 Mar 2026 until 20 Mar 2026"):
            away(database, home, learner, *days)
    away(database, home, learner, date(2026, 3, 21), date(2026, 3, 21))
    away(database, home, learner, date(2026, 3, 12), date(2026, 3, 13), site_id=home.site_id)
    assert len(rows(database, Absence)) == 3


def test_a_site_manager_records_leave_only_for_people_and_jobs_of_theirs(database, home, learner, second, site_manager):
    day = date(2026, 3, 10)
    away(database, home, learner, day, viewer=site_manager)
    elsewhere = make_person(database, home, now=NOW, site_id=second)
    with pytest.raises(NotFound):
        away(database, home, elsewhere, day, viewer=site_manager)
    both = make_person(database, home, now=NOW)
    also_at(database, home, both, second)
    for site_id in (None, second):
        with pytest.raises(NotAllowed):
            away(database, home, both, day, viewer=site_manager, site_id=site_id)
    away(database, home, both, day, viewer=site_manager, site_id=home.site_id)
    theirs = away(database, home, both, day, site_id=second)
    with pytest.raises(NotAllowed):
        absences.withdraw_absence(database, viewer=site_manager, absence_id=theirs, now=NOW)
    with pytest.raises(NotAllowed):
        absences.end_absence(database, viewer=site_manager, absence_id=theirs, ends_on=day, now=NOW)


def test_leave_is_from_a_site_where_the_person_works(database, home, learner, second):
    with pytest.raises(NotFound):
        away(database, home, learner, date(2026, 3, 10), site_id=second)


def test_another_organisation_reaches_no_leave(database, home, learner, neighbour):
    absence = away(database, home, learner, date(2026, 3, 10))
    theirs = {"viewer": neighbour.viewer, "absence_id": absence, "now": NOW}
    with pytest.raises(NotFound):
        away(database, neighbour, learner, date(2026, 4, 10))
    with pytest.raises(NotFound):
        absences.withdraw_absence(database, **theirs)
    with pytest.raises(NotFound):
        absences.end_absence(database, ends_on=date(2026, 4, 1), **theirs)
    assert [row.withdrawn_at for row in rows(database, Absence)] == [None]
