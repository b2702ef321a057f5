"""Counters move with the standings in one commit, are held against them, and are mended where they drifted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from training.db import EVERYWHERE, OutOfScope, add_up
from training.domain.days import day_in
from training.domain.roles import Role
from training.models import WHOLE_ID, CounterRow, OnFileRow, StandingRow, TitlesRow
from training.services import counters, employments, people, reports, roll_over, standing_checks
from training.services.staff import AsOf

LATER = NOW + timedelta(days=40)


def whole(database, home, item=""):
    (row,) = rows(database, CounterRow, organisation_id=home.viewer.organisation_id, site_id=WHOLE_ID, item=item)
    return row


def tamper(database, statement):
    with database.write(EVERYWHERE) as session:
        session.execute(statement)


def test_a_newcomer_and_a_pass_move_the_counters_in_the_same_commit(database, catalog, home, learner):
    before = whole(database, home, "for-everyone")
    assert (whole(database, home).heads, before.not_yet_due, before.up_to_date) == (1, 1, 0)
    learn(database, learner, catalog=catalog, slug="for-everyone", now=NOW)
    after = whole(database, home, "for-everyone")
    assert (after.not_yet_due, after.up_to_date) == (0, 1)
    assert counters.verify(database) == []


def move_and_fail(database, organisation_id):
    with database.write(organisation_id) as session:
        counters.move(session, {(WHOLE_ID, "", "heads"): 5}, organisation_id=organisation_id)
        raise ZeroDivisionError


@pytest.mark.usefixtures("learner")
def test_a_commit_that_fails_moves_no_counter(database, home):
    with pytest.raises(ZeroDivisionError):
        move_and_fail(database, home.viewer.organisation_id)
    assert whole(database, home).heads == 1


@pytest.mark.usefixtures("learner")
def test_the_turn_of_the_day_moves_whoever_became_overdue(database, home):
    list(roll_over.roll_over(database, now=LATER))
    assert (whole(database, home, "for-everyone").overdue, whole(database, home).counted_heads) == (1, 1)
    assert counters.verify(database) == []


@pytest.mark.usefixtures("learner")
def test_before_the_turn_of_the_day_is_run_the_figures_are_of_the_day_already(database, catalog, home):
    today = day_in(LATER, "Europe/London")
    early = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(today))
    assert whole(database, home, "for-everyone").overdue == 0
    assert early.whole.tally.overdue == len(early.by_item) == early.whole.tally.on_file
    list(roll_over.roll_over(database, now=LATER))
    assert reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(today)) == early


@pytest.mark.usefixtures("learner")
def test_counters_that_drifted_are_named_and_mended(database, home):
    mine = CounterRow.organisation_id == home.viewer.organisation_id
    tamper(database, update(CounterRow).where(mine, CounterRow.item == "for-everyone").values(not_yet_due=7))
    drifts = counters.verify(database)
    assert {(each.organisation, each.item, each.measure, each.lacking) for each in drifts} == {
        ("home", "for-everyone", "not_yet_due", -6)
    }
    assert {each.site_id for each in drifts} == {WHOLE_ID, home.site_id}
    assert counters.recount(database) == drifts
    assert counters.verify(database) == []


@pytest.mark.usefixtures("learner")
def test_standings_that_drifted_are_mended_with_their_counters(database):
    tamper(database, update(StandingRow).where(StandingRow.item == "for-everyone").values(first_due_on=NOW.date()))
    tamper(database, update(OnFileRow).values(ends_on=NOW.date()))
    _, drifts = roll_over.reconcile(database, now=NOW)
    assert {drift.requirement_id is None for drift in drifts} == {True, False}
    assert standing_checks.verify(database, now=NOW) == []
    assert counters.verify(database) == []


@pytest.mark.usefixtures("learner")
def test_without_any_row_of_projections_a_rebuild_makes_them_all(database, home):
    before = rows(database, CounterRow, organisation_id=home.viewer.organisation_id)
    for table in (StandingRow, OnFileRow, CounterRow):
        tamper(database, table.__table__.delete())
    assert not standing_checks.is_built(database, now=NOW)
    list(standing_checks.rebuild(database, now=NOW))
    assert standing_checks.is_built(database, now=NOW)
    after = rows(database, CounterRow, organisation_id=home.viewer.organisation_id)
    assert {(row.site_id, row.item, row.heads, row.not_yet_due) for row in after} == {
        (row.site_id, row.item, row.heads, row.not_yet_due) for row in before
    }


@pytest.mark.usefixtures("learner")
def test_a_rebuild_that_is_stopped_half_way_leaves_the_counters_right(database, home, monkeypatch):
    make_person(database, home, now=NOW)
    monkeypatch.setattr(standing_checks, "BATCH", 1)
    run = standing_checks.rebuild(database, now=NOW)
    next(run)
    run.close()
    assert counters.verify(database) == []
    assert whole(database, home).heads == 2


@pytest.mark.usefixtures("learner")
def test_what_was_worked_out_for_a_day_to_come_is_drift_and_is_mended(database, home):
    list(roll_over.roll_over(database, now=NOW, on=LATER.date()))
    assert whole(database, home, "for-everyone").overdue == 1
    _, drifts = roll_over.reconcile(database, now=NOW)
    assert drifts
    assert whole(database, home, "for-everyone").overdue == 0
    assert standing_checks.verify(database, now=NOW) == counters.verify(database) == []


def test_where_everybody_has_left_nothing_waits_to_be_worked_out(database, home, learner):
    with database.read(home.viewer.organisation_id) as session:
        contact = people.find_contact(session, viewer=home.viewer, person_id=learner.person_id)
    employments.end_job(
        database, viewer=home.viewer, job_id=contact.jobs[0].id, ends_on=NOW.date() + timedelta(days=1), now=NOW
    )
    list(roll_over.roll_over(database, now=LATER))
    assert rows(database, OnFileRow, organisation_id=home.viewer.organisation_id) == []
    assert standing_checks.is_built(database, now=LATER)


def test_many_passes_at_once_lose_no_move(database, catalog, home):
    learners = [make_person(database, home, now=NOW) for _ in range(12)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        passes = pool.map(
            lambda one: learn(database, one, catalog=catalog, slug="for-everyone", now=NOW).passed, learners
        )
        assert all(passes)
    assert whole(database, home, "for-everyone").up_to_date == 12
    assert counters.verify(database) == []


def test_numbers_are_never_added_to_another_organisations_rows(database, home, neighbour):
    row = {"organisation_id": neighbour.viewer.organisation_id, "site_id": WHOLE_ID, "item": ""}
    row |= dict.fromkeys(counters.MEASURES, 1)
    with pytest.raises(OutOfScope), database.write(home.viewer.organisation_id) as session:
        add_up(session, CounterRow, [row], numbers=counters.MEASURES)


def by_titles(database, home, unit=WHOLE_ID):
    found = rows(database, TitlesRow, organisation_id=home.viewer.organisation_id, site_id=unit)
    return {frozenset(row.titles.split()): row.heads for row in found if row.heads}


def test_a_title_that_is_still_to_come_moves_its_counters_on_its_day(database, home, learner):
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=learner.person_id,
        job_title_id=home.titles[Role.PRESCRIBER],
        site_id=home.site_id,
        starts_on=NOW.date() + timedelta(days=10),
        now=NOW,
    )
    one, both = (
        {str(home.titles[Role.SOCIAL_CARE])},
        {str(home.titles[each]) for each in (Role.SOCIAL_CARE, Role.PRESCRIBER)},
    )
    for unit in (WHOLE_ID, home.site_id):
        assert by_titles(database, home, unit) == {frozenset(one): 1}
    list(roll_over.roll_over(database, now=NOW + timedelta(days=10)))
    for unit in (WHOLE_ID, home.site_id):
        assert by_titles(database, home, unit) == {frozenset(both): 1}
    assert counters.verify(database) == standing_checks.verify(database, now=NOW + timedelta(days=10)) == []


@pytest.mark.usefixtures("learner")
def test_counters_of_titles_that_drifted_are_named_and_mended(database, home):
    before = by_titles(database, home)
    tamper(database, update(TitlesRow).values(heads=TitlesRow.heads + 2, overdue=3))
    assert {(each.measure, each.lacking) for each in counters.verify(database)} == {("heads", -2), ("overdue", -3)}
    counters.recount(database)
    assert (by_titles(database, home), counters.verify(database)) == (before, [])


@pytest.mark.usefixtures("learner")
def test_where_the_titles_were_not_kept_yet_a_rebuild_works_them_out(database, home):
    before = by_titles(database, home)
    tamper(database, update(OnFileRow).values(titles=None))
    tamper(database, TitlesRow.__table__.delete())
    assert not standing_checks.is_built(database, now=NOW)
    list(standing_checks.rebuild(database, now=NOW))
    assert standing_checks.is_built(database, now=NOW)
    assert (by_titles(database, home), counters.verify(database)) == (before, [])
