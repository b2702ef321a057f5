"""Reports as at another day, as known at another instant: worked out from the facts, not from what is stored."""

from datetime import date, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.domain.days import end_of_day
from training.domain.status import Status
from training.services import employments, people, reports
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

TODAY = date(2026, 9, 1)
LATER = NOW + (TODAY - NOW.date()) * 1
ITEM = "for-everyone"


def as_of(day, known_on=None):
    return AsOf(day, today=TODAY, known_at=end_of_day(known_on, "Europe/London") if known_on else None)


@pytest.fixture
def status_of(database, catalog, home):
    """Return somebody's status on the item as a report of a day has it; None where they are not on file."""

    def look(person, day, known_on=None):
        wanted = PeopleFilter(item=ITEM)
        found = reports.people(database, viewer=home.viewer, wanted=wanted, catalog=catalog, as_of=as_of(day, known_on))
        return {line.worker.person_id: line.status for line in found.lines}.get(person.person_id)

    return look


def job_of(database, home, person):
    with database.read(home.viewer.organisation_id) as session:
        return people.find_contact(session, viewer=home.viewer, person_id=person.person_id).jobs[0]


def test_a_day_in_the_past_shows_what_was_so_then(database, catalog, home, status_of):
    person = make_person(database, home, now=NOW)
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW + timedelta(days=40))
    assert status_of(person, NOW.date() - timedelta(days=1)) is None
    assert status_of(person, NOW.date()) is Status.NOT_YET_DUE
    assert status_of(person, NOW.date() + timedelta(days=31)) is Status.OVERDUE
    assert status_of(person, NOW.date() + timedelta(days=40)) is Status.UP_TO_DATE
    assert status_of(person, TODAY) is Status.UP_TO_DATE


def test_a_day_to_come_is_a_forecast(database, catalog, home, status_of):
    person = make_person(database, home, now=NOW)
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW)
    assert as_of(date(2027, 3, 2)).is_forecast
    assert status_of(person, date(2027, 3, 1)) is Status.EXPIRING_SOON
    assert status_of(person, date(2027, 3, 2)) is Status.EXPIRED


def test_what_was_recorded_later_was_not_known_before(database, home, status_of):
    person = make_person(database, home, now=LATER, starts_on=NOW.date())
    day = NOW.date() + timedelta(days=40)
    assert status_of(person, day) is Status.OVERDUE
    assert status_of(person, day, known_on=day) is None
    assert status_of(person, day, known_on=TODAY) is Status.OVERDUE


def test_a_correction_changes_the_past_as_known_now_and_never_as_known_then(database, home, status_of):
    person = make_person(database, home, now=NOW)
    left_on = NOW.date() + timedelta(days=10)
    job = job_of(database, home, person)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=left_on, now=LATER)
    day = left_on + timedelta(days=1)
    assert status_of(person, day) is None
    assert status_of(person, day, known_on=day) is Status.NOT_YET_DUE
    assert status_of(person, left_on) is Status.NOT_YET_DUE


def test_known_at_the_end_of_a_day_holds_what_was_recorded_on_it(database, home, status_of):
    person = make_person(database, home, now=NOW)
    assert status_of(person, NOW.date(), known_on=NOW.date()) is Status.NOT_YET_DUE
    assert status_of(person, NOW.date(), known_on=NOW.date() - timedelta(days=1)) is None


def test_the_present_from_the_standings_is_the_present_from_the_facts(database, catalog, home):
    for number in range(4):
        person = make_person(database, home, now=NOW + timedelta(days=number))
        learn(database, person, catalog=catalog, slug=ITEM, now=NOW + timedelta(days=5), right=number % 2 == 0)
    here = {"database": database, "viewer": home.viewer, "catalog": catalog, "wanted": PeopleFilter()}
    stored = reports.people(as_of=AsOf.present(TODAY), **here)
    worked_out = reports.people(as_of=as_of(TODAY, known_on=TODAY), **here)
    assert stored.lines == worked_out.lines
    assert len(stored.lines) >= 12


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 29), "2026-03-29T22:59:59.999999+00:00"),
        (date(2026, 10, 25), "2026-10-25T23:59:59.999999+00:00"),
        (date(2026, 7, 13), "2026-07-13T22:59:59.999999+00:00"),
    ],
)
def test_a_day_ends_where_the_organisation_is(day, instant):
    assert end_of_day(day, "Europe/London").isoformat() == instant
