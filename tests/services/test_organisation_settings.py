"""An organisation's settings: its name, and what leave is long, previewed as it then happens and never forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import all_at_once, rows
from tests.services.test_query_counts import run
from training.domain.names import NameRefused
from training.domain.standing import status_on, strictest
from training.domain.status import Status
from training.models import LongLeaveChange, Organisation
from training.services import absences, organisation_settings, standing_checks, standings
from training.services.organisation_settings import LongLeaveRefused, SettingsChangedMeanwhile
from training.services.organisations import NotAllowed

ITEM = "every-kind"
# Away for 40 days in April and May, asked on 10 May: on leave while 28 days are long, overdue once only 60 are.
LATER = datetime(2026, 5, 10, 9, tzinfo=UTC)
TODAY = LATER.date()


@pytest.fixture
def away(database, home):
    person = make_person(database, home, now=NOW, name="Away")
    days = {"starts_on": date(2026, 4, 15), "ends_on": date(2026, 5, 24)}
    absences.add_absence(database, viewer=home.viewer, person_id=person.person_id, now=NOW, **days)
    return person


@pytest.fixture
def here(database, catalog, home):
    person = make_person(database, home, now=NOW, name="Here")
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW)
    return person


@pytest.fixture
def settings(database, catalog, home):
    """The settings, at a moment of a test's choosing."""

    class Settings:
        def preview(self, days, *, viewer=home.viewer):
            known = {"viewer": viewer, "catalog": catalog, "now": LATER}
            return organisation_settings.preview_long_leave(database, days=days, **known)

        def change(self, days, *, seen=28, now=LATER, viewer=home.viewer):
            known = {"viewer": viewer, "catalog": catalog, "now": now}
            organisation_settings.change_long_leave(database, days=days, seen=seen, **known)

        def page(self, *, viewer=home.viewer):
            return organisation_settings.settings_page(database, viewer=viewer)

        def status(self, person, day=TODAY, *, known_at=None, from_facts=False):
            with database.read(home.viewer.organisation_id) as session:
                known = {"person_ids": [person.person_id], "today": day}
                lines = (
                    standings.work_out_lines(session, known_at=known_at, **known)
                    if from_facts
                    else standings.read_lines(session, **known)
                )
                return status_on(strictest([line.standing for line in lines if line.item == ITEM], day=day), day)

    return Settings()


def drifts(database, now):
    return [drift for _, found in standing_checks.verify(database, now=now) for drift in found]


def test_the_preview_says_whom_another_number_moves_and_that_is_what_happens(database, home, settings, away, here):
    assert settings.status(away) is Status.ON_LEAVE
    seen = settings.preview(60)
    assert (seen.day, seen.people, seen.people_changing, seen.messages) == (TODAY, 1, 1, 1)
    assert [(person.name, person.shifts[0][0]) for person in seen.changing] == [
        ("Away", (Status.ON_LEAVE, Status.OVERDUE))
    ]
    assert (seen.newly_late, seen.first_late_on) == (1, TODAY)
    assert settings.status(away) is Status.ON_LEAVE, "a preview writes nothing"
    settings.change(60)
    assert settings.status(away) is Status.OVERDUE
    assert settings.status(here) is Status.UP_TO_DATE
    (row,) = rows(database, LongLeaveChange)
    assert (row.days_before, row.days, row.decided_by) == (28, 60, home.viewer.person_id)
    assert row.preview == seen.numbers()
    assert drifts(database, LATER) == []


def test_what_was_known_before_a_change_keeps_the_number_before(settings, away):
    settings.change(60)
    settings.change(90, seen=60, now=LATER + timedelta(hours=2))
    settings.change(30, seen=90, now=LATER + timedelta(hours=4))
    before, between = LATER - timedelta(seconds=1), LATER + timedelta(hours=1)
    assert settings.status(away, known_at=before, from_facts=True) is Status.ON_LEAVE
    assert settings.status(away, known_at=LATER, from_facts=True) is Status.OVERDUE
    assert settings.status(away, known_at=between, from_facts=True) is Status.OVERDUE
    assert settings.status(away, known_at=LATER + timedelta(hours=4), from_facts=True) is Status.ON_LEAVE
    assert settings.status(away, from_facts=True) is Status.ON_LEAVE


def test_every_change_stands_on_the_page_with_its_numbers(settings, away):  # noqa: ARG001 (somebody is moved)
    settings.change(60)
    settings.change(28, seen=60, now=LATER + timedelta(days=1))
    page = settings.page()
    assert (page.name, page.time_zone, page.long_leave_days, page.on_leave) == ("Home", "Europe/London", 28, 1)
    assert [(one.days_before, one.days, one.who) for one in page.changes] == [(60, 28, "manager"), (28, 60, "manager")]
    assert page.changes[1].numbers["day"] == TODAY


@pytest.mark.parametrize("days", [0, -1, 366, 28])
def test_a_number_that_cannot_be_or_stands_already_is_refused(database, settings, days):
    with pytest.raises(LongLeaveRefused):
        settings.preview(days)
    with pytest.raises(LongLeaveRefused):
        settings.change(days)
    assert rows(database, LongLeaveChange) == []


def test_of_two_managers_at_once_the_second_is_told(database, settings):
    outcomes = all_at_once(lambda: settings.change(40), lambda: settings.change(50))
    assert [type(each) for each in outcomes if each is not None] == [SettingsChangedMeanwhile]
    assert len(rows(database, LongLeaveChange)) == 1


def test_another_organisation_keeps_its_own(settings, neighbour):
    settings.change(60)
    theirs = settings.page(viewer=neighbour.viewer)
    assert (theirs.long_leave_days, theirs.changes, theirs.name) == (28, (), "Neighbour")


def test_only_a_manager_of_everything_sees_or_changes_it(database, home, settings):
    boss = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    for act in (
        lambda: settings.page(viewer=boss),
        lambda: settings.preview(60, viewer=boss),
        lambda: settings.change(60, viewer=boss),
        lambda: organisation_settings.rename(database, viewer=boss, name="Mine", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert rows(database, LongLeaveChange) == []


def test_an_organisation_gets_another_name_unless_there_is_none(database, home, settings):
    organisation_settings.rename(database, viewer=home.viewer, name="  New   Home ", now=NOW)
    assert settings.page().name == "New Home"
    with pytest.raises(NameRefused):
        organisation_settings.rename(database, viewer=home.viewer, name=" ", now=NOW)
    (row,) = rows(database, Organisation, id=home.viewer.organisation_id)
    assert row.name == "New Home"


def test_only_people_with_leave_on_record_are_looked_at(database, home, settings, away):  # noqa: ARG001
    once = len(run(database, lambda: settings.preview(60)))
    for number in range(4):
        make_person(database, home, now=NOW, name=f"Person {number}")
    assert len(run(database, lambda: settings.preview(60))) == once


def test_a_change_on_record_is_never_rewritten(database, settings, home):
    settings.change(60)
    with pytest.raises(DatabaseError, match="append-only"), database.write(home.viewer.organisation_id) as session:
        session.execute(update(LongLeaveChange).values(days=61))
    with pytest.raises(DatabaseError, match="append-only"), database.write(home.viewer.organisation_id) as session:
        session.execute(delete(LongLeaveChange))
    assert [row.days for row in rows(database, LongLeaveChange)] == [60]
