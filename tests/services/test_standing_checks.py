"""Verify finds every stored standing that the facts do not bear out, and rebuild mends it."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import how_many, rows
from training.db import EVERYWHERE
from training.domain.roles import Role
from training.models import StandingRow
from training.services import standing_checks

CHANGES = {
    "valid_until": date(2030, 1, 1),
    "first_due_on": None,
    "window_opens_on": date(2026, 3, 3),
    "in_date_in_need": True,
    "never_expires": True,
    "next_change_on": None,
    "on_file_from": date(2026, 1, 1),
    "need_ends_on": date(2026, 1, 1),
    "valid_reason": "because I say so",
    "last_passed_on": date(2026, 1, 1),
}


@pytest.fixture(autouse=True)
def _people_in_both(database, catalog, home, neighbour, learner):
    make_person(database, home, now=NOW, role=Role.PRESCRIBER)
    make_person(database, neighbour, now=NOW)
    learn(database, learner, catalog=catalog, slug="for-everyone", now=NOW)


def tamper(database, statement):
    with database.write(EVERYWHERE) as session:
        session.execute(statement)


def verify(database, now=NOW):
    return standing_checks.verify(database, now=now)


def rebuild(database, now=NOW):
    return list(standing_checks.rebuild(database, now=now))


def standings_of(database, person):
    return rows(database, StandingRow, person_id=person.person_id)


@pytest.mark.parametrize("column", CHANGES)
def test_a_tampered_column_is_named_and_mended(database, learner, column):
    row = next(each for each in standings_of(database, learner) if each.item == "every-kind")
    assert getattr(row, column) != CHANGES[column]
    mine = (StandingRow.person_id == learner.person_id, StandingRow.item == row.item)
    tamper(database, update(StandingRow).where(*mine).values({column: CHANGES[column]}))
    (drift,) = verify(database)
    assert (drift.organisation, drift.person_id, drift.requirement_id) == (
        "home",
        learner.person_id,
        row.requirement_id,
    )
    assert column.removesuffix("_from") in drift.what
    rebuild(database)
    assert verify(database) == []


def test_a_missing_standing_is_found_and_made(database, learner):
    before = len(standings_of(database, learner))
    assert before > 0
    tamper(database, delete(StandingRow).where(StandingRow.person_id == learner.person_id))
    assert [drift.what for drift in verify(database)] == ["is missing"] * before
    rebuild(database)
    assert (verify(database), len(standings_of(database, learner))) == ([], before)


def test_a_standing_that_the_facts_do_not_give_is_found_and_taken_away(database, home, learner):
    other = make_person(database, home, now=NOW, role=Role.FAMILY_CARER)
    assert standings_of(database, other) == []
    (row, *_) = standings_of(database, learner)
    stray = {column.key: getattr(row, column.key) for column in StandingRow.__table__.columns}
    with database.write(EVERYWHERE) as session:
        session.add(StandingRow(**{**stray, "person_id": other.person_id}))
    (drift,) = verify(database)
    assert (drift.person_id, drift.what) == (other.person_id, "is stored, but the facts give none")
    rebuild(database)
    assert (verify(database), standings_of(database, other)) == ([], [])


def test_both_organisations_are_looked_at(database):
    tamper(database, update(StandingRow).values(valid_reason="because I say so"))
    drifts = verify(database)
    assert {drift.organisation for drift in drifts} == {"home", "neighbour"}
    assert len(drifts) == how_many(database, StandingRow)


def test_time_alone_is_no_drift(database):
    for days in (1, 40, 400, 4_000):
        assert verify(database, now=NOW + timedelta(days=days)) == []


def test_rebuilding_tells_how_many_are_done_and_changes_nothing_that_was_right(database):
    def stored():
        with_days = [{**vars(row), "_sa_instance_state": None} for row in rows(database, StandingRow)]
        return sorted(map(repr, with_days))

    before = stored()
    assert rebuild(database) == [3, 5]
    assert stored() == before


def test_rebuilding_on_a_later_day_stays_well_and_worked_out_for_that_day(database):
    later = NOW + timedelta(days=300)
    rebuild(database, now=later)
    assert {row.worked_out_on for row in rows(database, StandingRow)} == {date(2026, 12, 27)}
    assert verify(database, now=later) == []


def test_nobody_is_left_out_however_many_there_are(database, home, monkeypatch):
    monkeypatch.setattr(standing_checks, "BATCH", 2)
    newest = make_person(database, home, now=NOW)
    tamper(database, update(StandingRow).values(valid_reason="because I say so"))
    assert uuid.UUID(str(newest.person_id)) in {drift.person_id for drift in verify(database)}
    assert rebuild(database) == [2, 4, 6]
    assert verify(database) == []
