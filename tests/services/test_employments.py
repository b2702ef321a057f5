"""Jobs: twice dated, begun and ended, and what coming, going and changing role do to what is needed and held."""

from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from training.domain.days import day_in
from training.domain.roles import Role
from training.domain.status import Status
from training.models import Employment
from training.services import employments, progress, records, reports, standing_checks
from training.services.employments import DayRefused, JobOverlaps, JobUnchanged, LastDayRefused
from training.services.organisations import NotFound
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

ITEM = "every-kind"


def on(day):
    """Return ten in the morning of a day in March 2026 or after, and the day itself."""
    now = NOW + timedelta(days=day)
    return now, day_in(now, "Europe/London")


def jobs(database, person):
    return sorted(rows(database, Employment, person_id=person.person_id), key=lambda row: row.recorded_at)


def end(database, home, person, *, day, now=NOW):
    (job,) = [row for row in jobs(database, person) if row.withdrawn_at is None and row.ends_on is None]
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=day, now=now)


def start(database, home, person, *, day, role=Role.SOCIAL_CARE, now=NOW):
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=person.person_id,
        job_title_id=home.titles[role],
        site_id=home.site_id,
        starts_on=day,
        now=now,
    )


def status(database, catalog, home, person, *, today, item=ITEM):
    """Return the status that a manager sees, or None for somebody not on file."""
    wanted = PeopleFilter(item=item)
    report = reports.people(database, viewer=home.viewer, wanted=wanted, catalog=catalog, as_of=AsOf.present(today))
    return {line.worker.person_id: line.status for line in report.lines}.get(person.person_id)


def test_ending_a_job_withdraws_the_row_and_adds_another(database, home, learner):
    later, today = on(10)
    end(database, home, learner, day=today, now=later)
    old, new = jobs(database, learner)
    assert (old.ends_on, old.recorded_at, old.withdrawn_at) == (None, NOW, later)
    assert (new.ends_on, new.recorded_at, new.withdrawn_at) == (today, later, None)
    assert (new.starts_on, new.site_id, new.job_title_id) == (old.starts_on, old.site_id, old.job_title_id)
    assert standing_checks.verify(database, now=later) == []


def test_a_last_day_can_be_corrected_and_the_first_answer_stays_on_record(database, home, learner):
    (_, first), (later, second) = on(10), on(20)
    end(database, home, learner, day=first)
    (job,) = [row for row in jobs(database, learner) if row.withdrawn_at is None]
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=second, now=later)
    assert [(row.ends_on, row.withdrawn_at is None) for row in jobs(database, learner)] == sorted(
        [(None, False), (first, False), (second, True)], key=lambda one: one[0] or date.min
    )


def test_a_job_that_was_withdrawn_cannot_be_ended(database, home, learner):
    (job,) = jobs(database, learner)
    end(database, home, learner, day=date(2026, 3, 9))
    with pytest.raises(NotFound):
        employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 3, 9), now=NOW)


def test_a_job_does_not_end_before_it_begins_and_may_last_a_day(database, home, learner):
    for day in (date(2026, 3, 1), date(2028, 1, 1)):
        with pytest.raises(DayRefused):
            end(database, home, learner, day=day)
    assert len(jobs(database, learner)) == 1
    end(database, home, learner, day=date(2026, 3, 2))
    assert len(jobs(database, learner)) == 2


def test_the_last_day_is_still_on_file_and_the_next_is_not(database, catalog, home, learner):
    later, last = on(10)
    end(database, home, learner, day=last, now=later)
    assert status(database, catalog, home, learner, today=last) is Status.NOT_YET_DUE
    assert status(database, catalog, home, learner, today=last + timedelta(days=1)) is None


def test_a_leaver_keeps_the_record_and_is_asked_for_nothing(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    later, today = on(40)
    end(database, home, learner, day=date(2026, 3, 20), now=later)
    shown = progress.home(database, viewer=learner, catalog=catalog, today=today)
    assert (shown.lines, shown.next) == ((), None)
    assert shown.roles == tuple(Role)
    (line,) = [each for each in records.record(database, viewer=learner, catalog=catalog, today=today) if each.tries]
    assert (line.shown.slug, line.tries, line.earned[0].until) == (ITEM, 1, date(2027, 3, 1))


def test_a_returner_who_is_still_in_date_is_up_to_date(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    end(database, home, learner, day=date(2026, 3, 20))
    later, today = on(200)
    start(database, home, learner, day=today, now=later)
    assert status(database, catalog, home, learner, today=today) is Status.UP_TO_DATE
    assert standing_checks.verify(database, now=later) == []


@pytest.mark.parametrize(("days_away", "then"), [(27, Status.OVERDUE), (28, Status.NOT_YET_DUE)])
def test_a_break_under_28_days_does_not_begin_the_need_again(database, catalog, home, learner, days_away, then):
    end(database, home, learner, day=date(2026, 3, 20))
    back = date(2026, 3, 20) + timedelta(days=days_away + 1)
    start(database, home, learner, day=back)
    assert status(database, catalog, home, learner, today=back) is then


def test_a_role_that_does_not_need_it_leaves_what_was_passed_held(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    end(database, home, learner, day=date(2026, 3, 20))
    start(database, home, learner, day=date(2026, 3, 21), role=Role.PRESCRIBER)
    today = date(2026, 3, 21)
    assert status(database, catalog, home, learner, today=today) is Status.HELD
    assert status(database, catalog, home, learner, today=today, item="the-story") is Status.NOT_NEEDED
    assert status(database, catalog, home, learner, today=today, item="for-everyone") is Status.NOT_YET_DUE
    asked = {line.slug for line in progress.home(database, viewer=learner, catalog=catalog, today=today).lines}
    assert asked == {"for-everyone"}


def test_coming_back_to_the_role_lets_what_is_in_date_count(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    end(database, home, learner, day=date(2026, 3, 20))
    start(database, home, learner, day=date(2026, 3, 21), role=Role.PRESCRIBER)
    end(database, home, learner, day=date(2026, 9, 30))
    start(database, home, learner, day=date(2026, 10, 1))
    assert status(database, catalog, home, learner, today=date(2026, 10, 1)) is Status.UP_TO_DATE


def test_nothing_is_required_of_a_family_carer(database, catalog, home):
    carer = make_person(database, home, now=NOW, role=Role.FAMILY_CARER)
    learn(database, carer, catalog=catalog, role=Role.FAMILY_CARER, now=NOW)
    assert progress.home(database, viewer=carer, catalog=catalog, today=date(2026, 3, 2)).lines == ()
    overview = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(date(2027, 3, 2)))
    assert (overview.whole.tally.counted, overview.counted_heads) == (0, 0)
    assert overview.whole.percent == "Nobody is counted"


def test_somebody_who_starts_next_month_is_in_no_figure_today(database, catalog, home):
    future = make_person(database, home, now=NOW, starts_on=date(2026, 4, 1))
    assert status(database, catalog, home, future, today=date(2026, 3, 31)) is None
    assert status(database, catalog, home, future, today=date(2026, 4, 1)) is Status.NOT_YET_DUE
    assert status(database, catalog, home, future, today=date(2026, 5, 1)) is Status.NOT_YET_DUE
    assert status(database, catalog, home, future, today=date(2026, 5, 2)) is Status.OVERDUE


def test_roles_are_those_of_the_jobs_that_cover_the_day(database, home, learner):
    start(database, home, learner, day=date(2026, 4, 1), role=Role.PRESCRIBER)
    with database.read(home.viewer.organisation_id) as session:
        found = {
            day: employments.roles_on(session, person_id=learner.person_id, day=day)
            for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1))
        }
    assert list(found.values()) == [
        tuple(Role),
        (Role.SOCIAL_CARE,),
        (Role.PRESCRIBER, Role.SOCIAL_CARE),
    ]


def only_job(database, person):
    (job,) = [row for row in jobs(database, person) if row.withdrawn_at is None]
    return job


def days_of_jobs(database, person):
    return sorted((row.starts_on, row.ends_on) for row in jobs(database, person) if row.withdrawn_at is None)


def become(database, home, person, *, role, day, job=None, now=NOW):
    employments.change_job(
        database,
        viewer=home.viewer,
        job_id=(job or only_job(database, person)).id,
        job_title_id=home.titles[role],
        site_id=home.site_id,
        starts_on=day,
        now=now,
    )


def test_two_jobs_with_one_title_at_one_site_do_not_overlap(database, home, learner):
    with pytest.raises(JobOverlaps, match="from 2 Mar 2026 already"):
        start(database, home, learner, day=date(2026, 6, 1))
    end(database, home, learner, day=date(2026, 3, 20))
    with pytest.raises(JobOverlaps, match="from 2 Mar 2026 until 20 Mar 2026"):
        start(database, home, learner, day=date(2026, 3, 20))
    start(database, home, learner, day=date(2026, 3, 21))
    start(database, home, learner, day=date(2026, 3, 21), role=Role.PRESCRIBER)
    assert len(days_of_jobs(database, learner)) == 3


def test_a_last_day_does_not_run_into_the_same_jobs_next_days(database, home, learner):
    end(database, home, learner, day=date(2026, 3, 20))
    first = only_job(database, learner)
    start(database, home, learner, day=date(2026, 4, 1))
    with pytest.raises(JobOverlaps, match="from 1 Apr 2026"):
        employments.end_job(database, viewer=home.viewer, job_id=first.id, ends_on=date(2026, 4, 1), now=NOW)
    employments.end_job(database, viewer=home.viewer, job_id=first.id, ends_on=date(2026, 3, 31), now=NOW)
    assert standing_checks.verify(database, now=NOW) == []


def test_a_change_of_role_ends_the_job_the_day_before_and_keeps_what_was_passed(database, catalog, home, learner):
    learn(database, learner, catalog=catalog, now=NOW)
    later, today = on(19)
    become(database, home, learner, role=Role.PRESCRIBER, day=today, now=later)
    assert days_of_jobs(database, learner) == [(date(2026, 3, 2), date(2026, 3, 20)), (date(2026, 3, 21), None)]
    assert status(database, catalog, home, learner, today=today) is Status.HELD
    assert status(database, catalog, home, learner, today=today, item="for-everyone") is Status.NOT_YET_DUE
    assert standing_checks.verify(database, now=later) == []


def test_a_job_changed_from_a_day_keeps_the_last_day_it_had(database, home, learner):
    end(database, home, learner, day=date(2026, 6, 30))
    become(database, home, learner, role=Role.PRESCRIBER, day=date(2026, 5, 1))
    before, after = days_of_jobs(database, learner)
    assert before == (date(2026, 3, 2), date(2026, 4, 30))
    assert after == (date(2026, 5, 1), date(2026, 6, 30))


def test_a_change_that_changes_nothing_or_leaves_nothing_before_it_is_refused(database, home, learner):
    with pytest.raises(JobUnchanged):
        become(database, home, learner, role=Role.SOCIAL_CARE, day=date(2026, 5, 1))
    with pytest.raises(DayRefused, match="began on 2 Mar 2026"):
        become(database, home, learner, role=Role.PRESCRIBER, day=date(2026, 3, 2))
    end(database, home, learner, day=date(2026, 3, 20))
    with pytest.raises(DayRefused, match="ends on 20 Mar 2026"):
        become(database, home, learner, role=Role.PRESCRIBER, day=date(2026, 3, 21))
    assert len(jobs(database, learner)) == 2


def test_a_change_that_fails_at_its_second_half_writes_nothing(database, home, learner):
    start(database, home, learner, day=date(2026, 4, 1), role=Role.PRESCRIBER)
    (job,) = [row for row in jobs(database, learner) if row.starts_on == date(2026, 3, 2)]
    with pytest.raises(JobOverlaps):
        become(database, home, learner, role=Role.PRESCRIBER, day=date(2026, 5, 1), job=job)
    assert [(row.ends_on, row.withdrawn_at) for row in jobs(database, learner)] == [(None, None)] * 2


def test_a_first_day_put_right_moves_the_first_due_day_with_it(database, catalog, home, learner):
    """Begun on 9 Mar instead of 2 Mar: due by 8 Apr instead of 1 Apr."""
    old = only_job(database, learner)
    employments.correct_job(database, viewer=home.viewer, job_id=old.id, starts_on=date(2026, 3, 9), now=NOW)
    (withdrawn,) = rows(database, Employment, id=old.id)
    assert (withdrawn.starts_on, withdrawn.withdrawn_at) == (date(2026, 3, 2), NOW)
    assert days_of_jobs(database, learner) == [(date(2026, 3, 9), None)]
    assert status(database, catalog, home, learner, today=date(2026, 3, 8)) is None
    assert status(database, catalog, home, learner, today=date(2026, 4, 8)) is Status.NOT_YET_DUE
    assert status(database, catalog, home, learner, today=date(2026, 4, 9)) is Status.OVERDUE
    assert standing_checks.verify(database, now=NOW) == []


def test_a_first_day_is_not_put_after_the_last_nor_a_last_before_the_first(database, home, learner):
    end(database, home, learner, day=date(2026, 3, 20))
    job = only_job(database, learner)
    with pytest.raises(DayRefused, match="after the last, 20 Mar 2026"):
        employments.correct_job(database, viewer=home.viewer, job_id=job.id, starts_on=date(2026, 3, 21), now=NOW)
    with pytest.raises(LastDayRefused):
        employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 3, 1), now=NOW)
