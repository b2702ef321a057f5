"""The trend: what is stored of each month's end is what the facts come to, whatever is recorded and in what order."""

import shutil
import uuid
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from tests.services import test_history_property as histories
from tests.services.stored import rows
from tests.services.test_requirements import YEARLY
from training.db import EVERYWHERE, Database
from training.domain.days import day_in
from training.domain.person_record import on_file_at
from training.domain.roles import Role
from training.domain.trend import month_ends
from training.jobs import schedule
from training.jobs.means import Means
from training.models import WHOLE_ID, TrendFigure, TrendState
from training.services import (
    counters,
    employments,
    everybody,
    facts,
    people,
    requirement_changes,
    standings,
    trend_checks,
    trend_work,
    versions,
)
from training.services.counters import MEASURES
from training.services.standing_rows import OnFile

INSTANT = timedelta(microseconds=1)
LATER = NOW + timedelta(days=65)
ITEM = "for-everyone"


@pytest.fixture(scope="module")
def shared(sqlite_template, catalog, tmp_path_factory):
    """One SQLite database for every example, each of which makes its own organisation."""
    path = tmp_path_factory.mktemp("trends") / "trends.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    versions.keep_versions(database, catalog=catalog, now=NOW)
    yield database
    database.close()


def bring(database, organisation_id, *, now):
    today = day_in(now, "Europe/London")
    return list(trend_work.bring_one(database, organisation_id, today=today, known_at=now - INSTANT))


def stored(database, organisation_id):
    found = Counter()
    for row in rows(database, TrendFigure, organisation_id=organisation_id, draft=False):
        found.update({(row.day, row.site_id, row.item, each): getattr(row, each) for each in MEASURES})
    return {key: number for key, number in found.items() if number}


def counted_slowly(database, organisation_id, *, today, known_at):
    """Return what the lines of everybody as at each month's end come to, by what was known at an instant."""
    found = Counter()
    with database.read(organisation_id) as session:
        ids = everybody.people_after(session, everybody.NOBODY, most=10_000)
        records = facts.read_records(session, person_ids=ids, known_at=known_at)
        house = facts.read_house(session, known_at=known_at)
    for day in month_ends(today):
        places = [
            (OnFile(person_id, uuid.UUID(site), days), day)
            for person_id, record in records.items()
            for site, days in on_file_at(record, day).items()
        ]
        lines = [
            *standings.lines_of(records, house=house, today=day),
            *standings.lines_by_site(records, house=house, today=day, items=None),
        ]
        for (unit, item, measure), number in counters.counted(places, [(line, day) for line in lines]).items():
            # What falls due is counted by day, and for the present alone.
            if measure in MEASURES:
                found[day, unit, item, measure] += number
    return {key: number for key, number in found.items() if number}


@settings(max_examples=25)
@given(history=histories.HISTORIES, looks=st.sets(st.integers(0, 14)))
def test_whatever_is_recorded_the_figures_of_every_month_are_what_the_facts_come_to(shared, catalog, history, looks):
    one = histories.Organisation(shared, catalog)
    whose = one.home.viewer.organisation_id
    for number, (later, act) in enumerate(history):
        one.now += timedelta(days=later)
        one.do(*act)
        if number in looks:
            bring(shared, whose, now=one.now)
    one.now += timedelta(days=31)
    bring(shared, whose, now=one.now)
    known_at = one.now - INSTANT
    assert stored(shared, whose) == counted_slowly(shared, whose, today=one.today, known_at=known_at)


@pytest.fixture
def whose(home):
    """The id of the organisation."""
    return home.viewer.organisation_id


def whole(database, whose, day, item=""):
    found = rows(database, TrendFigure, organisation_id=whose, draft=False, site_id=WHOLE_ID, item=item, day=day)
    return found[0] if found else None


MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


@pytest.mark.usefixtures("learner")
def test_a_month_is_counted_as_it_stood_at_its_end(database, whose):
    bring(database, whose, now=LATER)
    assert (whole(database, whose, MARCH, ITEM).not_yet_due, whole(database, whose, APRIL, ITEM).overdue) == (1, 1)
    assert whole(database, whose, date(2026, 2, 28)) is None


def test_what_is_recorded_late_moves_the_months_that_it_touches(database, whose, home, learner):
    bring(database, whose, now=LATER)
    now = LATER + timedelta(days=1)
    make_person(database, home, now=now, starts_on=date(2026, 4, 2))
    job = job_of(database, home, learner)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 4, 1), now=now)
    assert bring(database, whose, now=now + timedelta(hours=1)) == []
    assert (whole(database, whose, MARCH).heads, whole(database, whose, APRIL).heads) == (1, 1)
    assert (whole(database, whose, MARCH, ITEM).not_yet_due, whole(database, whose, APRIL, ITEM).not_yet_due) == (1, 1)


def job_of(database, home, person):
    with database.read(home.viewer.organisation_id) as session:
        return people.find_contact(session, viewer=home.viewer, person_id=person.person_id).jobs[0]


def test_a_pass_of_today_is_no_work_for_the_months_before(database, catalog, whose, learner):
    bring(database, whose, now=LATER)
    before = stored(database, whose)
    learn(database, learner, catalog=catalog, slug=ITEM, now=LATER)
    with database.read(whose) as session:
        state = session.get(TrendState, whose)
        later = LATER + timedelta(hours=1)
        plan = trend_work.plan_for(session, state, wanted=month_ends(LATER.date()), known_at=later)
    assert (plan.anew, plan.people) == ((), {})
    bring(database, whose, now=LATER + timedelta(hours=1))
    assert stored(database, whose) == before


def test_what_is_asked_anew_was_held_before_by_whoever_passed_it(database, catalog):
    short = replace(catalog.tracks[Role.SOCIAL_CARE], core=(ITEM,))
    smaller = replace(catalog, tracks={**catalog.tracks, Role.SOCIAL_CARE: short})
    home = make_organisation(database, catalog=smaller, now=NOW, slug="short")
    learn(database, make_person(database, home, now=NOW), catalog=catalog, slug="the-story", now=NOW)
    whose, later = home.viewer.organisation_id, LATER + timedelta(hours=1)
    bring(database, whose, now=LATER)
    assert whole(database, whose, APRIL, "the-story") is None
    asked = replace(YEARLY, name="The story", items=("the-story",), starts_on=LATER.date())
    known = {"viewer": home.viewer, "catalog": catalog}
    requirement_changes.add_requirement(database, asked=asked, now=LATER, **known)
    bring(database, whose, now=later)
    assert whole(database, whose, APRIL, "the-story").held == 1
    slowly = counted_slowly(database, whose, today=later.date(), known_at=later - INSTANT)
    assert stored(database, whose) == slowly


@pytest.mark.usefixtures("learner")
def test_a_draft_that_is_broken_off_shows_nothing_and_goes_on_where_it_stopped(database, whose, home, monkeypatch):
    make_person(database, home, now=NOW)
    monkeypatch.setattr(trend_work, "BATCH", 1)
    run = trend_work.bring_one(database, whose, today=LATER.date(), known_at=LATER)
    next(run)
    run.close()
    assert stored(database, whose) == {}
    make_person(database, home, now=LATER + timedelta(minutes=1), starts_on=MARCH)
    assert sum(bring(database, whose, now=LATER + timedelta(hours=1))) in {2, 3}
    assert whole(database, whose, MARCH).heads == 2
    bring(database, whose, now=LATER + timedelta(hours=2))
    assert whole(database, whose, MARCH).heads == 3


@pytest.mark.usefixtures("learner")
def test_a_new_month_comes_and_the_oldest_goes(database, whose):
    bring(database, whose, now=LATER)
    bring(database, whose, now=LATER + timedelta(days=365 * 2))
    days = {row.day for row in rows(database, TrendFigure, organisation_id=whose)}
    assert (min(days), max(days), len(days)) == (date(2026, 5, 31), date(2028, 4, 30), 24)


@pytest.mark.usefixtures("learner")
def test_a_figure_that_drifted_is_named_and_made_anew(database, whose):
    bring(database, whose, now=LATER)
    with database.write(EVERYWHERE) as session:
        session.execute(update(TrendFigure).where(TrendFigure.day == MARCH, TrendFigure.item == ITEM).values(overdue=5))
    drifts = [drift for _, some in trend_checks.verify(database) for drift in some]
    assert {(each.organisation, each.day, each.measure, each.lacking) for each in drifts} == {
        ("home", MARCH, "overdue", -5)
    }
    list(trend_checks.rebuild(database, now=LATER))
    assert [drift for _, some in trend_checks.verify(database) for drift in some] == []
    assert whole(database, whose, MARCH, ITEM).overdue == 0


@pytest.mark.usefixtures("learner")
def test_a_change_that_touches_very_many_is_worked_out_for_everybody(database, home, whose, monkeypatch):
    bring(database, whose, now=LATER)
    monkeypatch.setattr(trend_work, "MOST_PEOPLE", 1)
    for _ in range(2):
        make_person(database, home, now=LATER, starts_on=APRIL)
    now = LATER + timedelta(hours=1)
    assert sum(bring(database, whose, now=now)) >= 3
    assert stored(database, whose) == counted_slowly(database, whose, today=now.date(), known_at=now - INSTANT)
    assert (whole(database, whose, MARCH).heads, whole(database, whose, APRIL).heads) == (1, 3)


def test_the_trend_of_one_organisation_is_none_of_anothers(database, whose, neighbour):
    make_person(database, neighbour, now=NOW)
    for each in (whose, neighbour.viewer.organisation_id):
        bring(database, each, now=LATER)
    assert stored(database, whose) == {}
    assert whole(database, neighbour.viewer.organisation_id, MARCH).heads == 1


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 3, 31), date(2024, 3, 31), date(2026, 2, 28)),
        (date(2026, 4, 1), date(2024, 4, 30), date(2026, 3, 31)),
        (date(2024, 3, 1), date(2022, 3, 31), date(2024, 2, 29)),
    ],
)
def test_a_month_counts_once_it_is_over(today, first, last):
    days = month_ends(today)
    assert (days[0], days[-1], len(days)) == (first, last, 24)


@pytest.mark.usefixtures("learner")
def test_the_clock_keeps_the_trend_and_does_nothing_where_nothing_is_new(database, whose, home):
    make_person(database, home, now=NOW)
    now = LATER + schedule.SETTLED
    means = Means(database=database)
    _, words = schedule.keep_the_trend(means, lambda: now, "", lambda: True)
    assert (words, whole(database, whose, MARCH).heads) == ("3 people looked at", 2)
    assert schedule.keep_the_trend(means, lambda: now, "", lambda: True) == ("", "0 people looked at")
