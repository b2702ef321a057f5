"""One person as at another day, as known at another instant: the record, jobs, leave, exemptions and what happened."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from tests.services.test_query_counts import run
from training.domain.days import end_of_day
from training.domain.status import Status
from training.models import Attempt, Employment
from training.services import absences, employments, exemptions, past_records, reports, revocations
from training.services.organisations import NotFound
from training.services.staff import AsOf

ITEM = "every-kind"
TODAY = date(2027, 3, 10)
NOW_IS = datetime(2027, 3, 10, 12, tzinfo=UTC)
RENEWED = datetime(2027, 2, 1, 10, tzinfo=UTC)


@pytest.fixture
def person(database, catalog, home):
    """Somebody who tried, passed, and renewed a year later."""
    person = make_person(database, home, now=NOW, name="Marta Kowalska")
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW + timedelta(days=1), right=False)
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW + timedelta(days=2))
    learn(database, person, catalog=catalog, slug=ITEM, now=RENEWED)
    return person


@pytest.fixture
def seen(database, catalog, home, person):
    """Look at the person on a day, as known at the end of another where one is given."""

    def look(day, known_on=None, *, viewer=home.viewer):
        known_at = end_of_day(known_on, "Europe/London") if known_on else None
        as_of = AsOf(day, today=TODAY, known_at=known_at)
        return past_records.person_as_of(
            database, viewer=viewer, person_id=person.person_id, catalog=catalog, as_of=as_of
        )

    return look


def line(report, item=ITEM):
    return next(each for each in report.record if each.shown.slug == item)


def test_the_present_from_the_facts_is_the_present_page(database, catalog, home, person, seen):
    page = reports.person(database, viewer=home.viewer, person_id=person.person_id, catalog=catalog, today=TODAY)
    worked_out = seen(TODAY, TODAY)
    for stored, found in zip(page.record, worked_out.record, strict=True):
        same = ("slug", "title", "status", "reason", "notes", "deadline", "window_opens_on")
        assert [getattr(stored.shown, name) for name in same] == [getattr(found.shown, name) for name in same]
        assert (stored.earned, stored.tries, stored.refreshers) == (found.earned, found.tries, found.refreshers)
    assert line(worked_out).tries == 3


def test_an_earlier_day_shows_what_had_been_done_by_then_with_its_reason(seen):
    then = seen(NOW.date() + timedelta(days=1))
    assert (line(then).shown.status, line(then).tries, line(then).earned) == (Status.NOT_YET_DUE, 1, ())
    then = seen(date(2026, 12, 31))
    assert (line(then).tries, len(line(then).earned)) == (2, 1)
    assert line(then).shown.reason.startswith("In date until 3 Mar 2027")
    assert [entry.title for entry in then.entries] == ["Every kind of question"] * 2
    assert line(seen(RENEWED.date())).earned[0].until == date(2028, 3, 3)


def test_a_day_before_the_job_shows_nobody_on_file(seen):
    then = seen(NOW.date() - timedelta(days=1))
    assert (then.jobs, then.entries) == ((), ())
    assert [each.shown.status for each in then.record] == [None] * len(then.record)


def test_a_day_to_come_is_a_forecast(seen):
    ahead = seen(date(2028, 3, 4))
    assert ahead.as_of.is_forecast
    assert line(ahead).shown.status is Status.EXPIRED
    assert len(ahead.entries) == 3


def test_a_revocation_counts_once_it_is_known(database, home, person, seen):
    (last,) = [row for row in rows(database, Attempt, person_id=person.person_id) if row.completed_at == RENEWED]
    known = {"person_id": person.person_id, "attempt_id": last.id, "now": NOW_IS}
    revocations.revoke(database, viewer=home.viewer, why="Somebody else answered.", **known)
    on = RENEWED.date()
    assert line(seen(on)).earned[0].is_revoked
    assert line(seen(on)).shown.reason.startswith("In date until 3 Mar 2027")
    as_it_was_known = line(seen(on, on))
    assert not as_it_was_known.earned[0].is_revoked
    assert as_it_was_known.shown.reason.startswith("In date until 3 Mar 2028")
    assert "Pass revoked" not in [entry.title for entry in seen(on).entries]


def test_jobs_leave_and_exemptions_are_those_known_and_begun_by_then(database, catalog, home, person, seen):
    known = {"viewer": home.viewer, "person_id": person.person_id}
    absences.add_absence(
        database,
        site_id=None,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 8, 31),
        now=NOW + timedelta(days=80),
        **known,
    )
    exemptions.add_exemption(
        database,
        catalog=catalog,
        item=ITEM,
        starts_on=date(2026, 10, 1),
        ends_on=date(2026, 10, 31),
        who="The director",
        why="Seconded elsewhere",
        now=NOW + timedelta(days=200),
        **known,
    )
    (job,) = rows(database, Employment, person_id=person.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2027, 3, 31), now=NOW_IS)
    then = seen(date(2026, 7, 1))
    assert [one.title for one in then.leave] == ["Leave from every job"]
    assert (then.exemptions, line(then).shown.status) == ((), Status.ON_LEAVE)
    assert seen(date(2026, 5, 31)).leave == ()
    assert seen(date(2026, 7, 1), date(2026, 4, 1)).leave == ()
    (let_off,) = seen(date(2026, 10, 1)).exemptions
    assert (let_off.days, let_off.note) == (
        "from 1 Oct 2026 until 31 Oct 2026",
        "Decided by The director: Seconded elsewhere.",
    )
    assert [one.days for one in seen(date(2026, 7, 1)).jobs] == ["from 2 Mar 2026 until 31 Mar 2027"]
    assert [one.days for one in seen(date(2026, 7, 1), date(2026, 7, 1)).jobs] == ["from 2 Mar 2026 with no end given"]


def test_another_organisations_person_is_not_there(seen, neighbour):
    with pytest.raises(NotFound):
        seen(TODAY, viewer=neighbour.viewer)


def test_it_asks_a_handful_of_times_however_much_was_done(database, catalog, person, seen):
    once = len(run(database, lambda: seen(date(2026, 12, 31))))
    for _ in range(5):
        learn(database, person, catalog=catalog, slug=ITEM, now=NOW + timedelta(days=3))
    assert len(run(database, lambda: seen(date(2026, 12, 31)))) == once <= 20
