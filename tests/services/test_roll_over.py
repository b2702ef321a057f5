"""The turn of the day: what is due is worked out anew once, wherever it was interrupted, and drift is mended."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import all_at_once, rows
from training.db import EVERYWHERE
from training.models import Job, StandingRow
from training.services import job_claims, roll_over, standing_checks
from training.services.roll_over import Due

DUE = NOW + timedelta(days=31)
PEOPLE = 12


@pytest.fixture(autouse=True)
def people(database, catalog, home):
    """Some people of whom half passed one item: in 31 days the others are overdue on everything."""
    found = [make_person(database, home, now=NOW) for _ in range(PEOPLE)]
    for person in found[::2]:
        learn(database, person, catalog=catalog, slug="for-everyone", now=NOW)
    return found


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(roll_over, "BATCH", 5)


def worked_out(database):
    return {row.worked_out_on for row in rows(database, StandingRow)}


def test_nothing_is_due_before_its_day(database):
    day_before = DUE - timedelta(days=1)
    assert roll_over.list_due(database, now=day_before) == []
    assert list(roll_over.roll_over(database, now=day_before)) == []


def test_on_the_day_everybody_due_is_worked_out_once(database, small_batches):  # noqa: ARG001
    assert roll_over.list_due(database, now=DUE) == [Due("home", DUE.date(), PEOPLE)]
    # Half of them have passed one item, so there are two groups of six with the same items due.
    assert list(roll_over.roll_over(database, now=DUE)) == [5, 6, 11, PEOPLE]
    assert roll_over.list_due(database, now=DUE) == []
    assert list(roll_over.roll_over(database, now=DUE)) == []
    assert standing_checks.verify(database, now=DUE) == []


def test_an_interrupted_run_is_taken_up_where_it_stopped(database, small_batches):  # noqa: ARG001
    assert next(roll_over.roll_over(database, now=DUE)) == 5
    assert roll_over.list_due(database, now=DUE) == [Due("home", DUE.date(), PEOPLE - 5)]
    assert list(roll_over.roll_over(database, now=DUE))[-1] == PEOPLE - 5
    assert standing_checks.verify(database, now=DUE) == []


def test_two_runs_at_once_lose_and_double_nothing(database, small_batches):  # noqa: ARG001
    before = len(rows(database, StandingRow))
    said = all_at_once(*[lambda: list(roll_over.roll_over(database, now=DUE))] * 2)
    assert all(isinstance(each, list) for each in said)
    assert standing_checks.verify(database, now=DUE) == []
    assert len(rows(database, StandingRow)) == before


def test_a_day_long_past_catches_up_in_one_run(database):
    later = NOW + timedelta(days=3 * 365)
    list(roll_over.roll_over(database, now=later))
    assert worked_out(database) == {later.date()}


@pytest.mark.parametrize("on", [date(2026, 4, 1), date(2026, 4, 2)])
def test_the_day_may_be_named(database, on):
    due = roll_over.list_due(database, now=NOW, on=on)
    assert [each.people for each in due] == ([PEOPLE] if on >= DUE.date() else [])


def test_drift_is_found_mended_and_logged(database, people, caplog):
    wrong = update(StandingRow).where(StandingRow.person_id == people[0].person_id)
    with database.write(EVERYWHERE) as session:
        session.execute(wrong.values(first_due_on=date(2020, 1, 1)))
    watermark, drifts = roll_over.reconcile(database, now=NOW)
    assert watermark == ""
    assert {drift.person_id for drift in drifts} == {people[0].person_id}
    assert "drifted" in caplog.text
    assert standing_checks.verify(database, now=NOW) == []
    assert roll_over.reconcile(database, now=NOW) == ("", [])


def test_a_night_looks_at_some_and_the_next_goes_on_after_them(database, people):
    wrong = update(StandingRow).where(StandingRow.person_id.in_([person.person_id for person in people]))
    with database.write(EVERYWHERE) as session:
        session.execute(wrong.values(valid_reason="made up"))
    watermark, mended = "", set()
    for _ in range(4):
        watermark, drifts = roll_over.reconcile(database, now=NOW, watermark=watermark, most=4)
        mended |= {drift.person_id for drift in drifts}
        if not watermark:
            break
    assert mended == {person.person_id for person in people}
    assert standing_checks.verify(database, now=NOW) == []


def test_work_is_done_by_one_at_a_time_and_given_up_by_silence(database):
    claim = {"database": database, "name": "roll-over"}
    assert job_claims.claim(**claim, who="one", now=NOW) == ""
    assert job_claims.claim(**claim, who="two", now=NOW) is None
    assert job_claims.hold(**claim, who="one", now=NOW + timedelta(minutes=4))
    assert job_claims.claim(**claim, who="two", now=NOW + timedelta(minutes=8)) is None
    assert job_claims.claim(**claim, who="two", now=NOW + timedelta(minutes=9)) == ""
    assert not job_claims.hold(**claim, who="one", now=NOW + timedelta(minutes=10))
    job_claims.release(**claim, who="two", now=NOW + timedelta(minutes=11), words="done", watermark="here")
    assert job_claims.claim(**claim, who="one", now=NOW + timedelta(minutes=11)) == "here"


def test_of_many_who_claim_at_once_one_gets_it(database):
    claims = [lambda who=f"worker {n}": job_claims.claim(database, name="one", who=who, now=NOW) for n in range(6)]
    assert sorted(map(repr, all_at_once(*claims))) == ["''", *["None"] * 5]
    assert len(rows(database, Job)) == 1
