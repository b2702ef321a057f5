"""People with jobs at several sites: judged by each site's own jobs, and counted once by the organisation."""

from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.domain.roles import Role
from training.domain.status import Status
from training.services import employments, organisations, past_records, people, reports
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

TODAY = date(2026, 3, 2)
LONG_AGO = date(2025, 3, 3)


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def both(database, home, second):
    """Somebody a year at the first site who has begun at the second today."""
    person = make_person(database, home, now=NOW, starts_on=LONG_AGO)
    begin_at(database, home, person, site_id=second)
    return person


def begin_at(database, home, person, *, site_id, role=Role.SOCIAL_CARE, starts_on=TODAY):
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=person.person_id,
        job_title_id=home.titles[role],
        site_id=site_id,
        starts_on=starts_on,
        now=NOW,
    )


def overview(database, catalog, viewer, today=TODAY):
    return reports.overview(database, viewer=viewer, catalog=catalog, as_of=AsOf.present(today))


def status_at(database, catalog, viewer, *, site_id=None, item="every-kind", today=TODAY):
    wanted = PeopleFilter(site_id=site_id, item=item)
    report = reports.people(database, viewer=viewer, wanted=wanted, catalog=catalog, as_of=AsOf.present(today))
    (line,) = report.lines
    return line.status


def test_they_are_one_head_of_the_organisation_and_one_of_each_site(database, catalog, home, both):
    make_person(database, home, now=NOW)
    report = overview(database, catalog, home.viewer)
    assert (report.heads, report.at_several_sites) == (2, 1)
    assert {figure.tally.on_file for figure in report.by_item} == {2}
    on_file = {figure.name: figure.tally.on_file for figure in report.by_site}
    assert on_file == {"First site": 2 * 3, "Second site": 1 * 3}
    assert report.whole.tally.on_file == 2 * 3
    assert both.person_id in {line.worker.person_id for line in everybody(database, catalog, home).lines}


def everybody(database, catalog, home):
    return reports.people(
        database, viewer=home.viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(TODAY)
    )


@pytest.mark.usefixtures("both")
def test_each_site_judges_by_its_own_jobs(database, catalog, home, second):
    """The requirement began today, so nobody is overdue before 2 April; the role there is what differs."""
    later = date(2026, 4, 2)
    new = make_person(database, home, now=NOW, site_id=second, role=Role.PRESCRIBER)
    begin_at(database, home, new, site_id=home.site_id, starts_on=date(2026, 3, 20))
    wanted = PeopleFilter(item="every-kind")

    def seen(site_id):
        report = reports.people(
            database,
            viewer=home.viewer,
            wanted=replace(wanted, site_id=site_id),
            catalog=catalog,
            as_of=AsOf.present(later),
        )
        return {line.worker.person_id: line.status for line in report.lines}[new.person_id]

    assert seen(second) is Status.NOT_NEEDED
    assert seen(home.site_id) is Status.NOT_YET_DUE
    assert seen(None) is Status.NOT_YET_DUE


def test_a_pass_serves_every_site(database, catalog, home, second, both):
    learn(database, both, catalog=catalog, now=NOW)
    for site_id in (home.site_id, second, None):
        assert status_at(database, catalog, home.viewer, site_id=site_id) is Status.UP_TO_DATE


def test_a_sites_manager_sees_them_as_that_site_judges(database, catalog, home, second):
    person = make_person(database, home, now=NOW)
    begin_at(database, home, person, site_id=second, role=Role.PRESCRIBER)
    keepers = {
        site_id: replace(home.viewer, manages_all=False, site_ids=frozenset({site_id}))
        for site_id in (home.site_id, second)
    }
    statuses = {
        site_id: status_at(database, catalog, keeper, today=date(2026, 4, 2)) for site_id, keeper in keepers.items()
    }
    assert statuses == {home.site_id: Status.OVERDUE, second: Status.NOT_NEEDED}
    for site_id, keeper in keepers.items():
        report = overview(database, catalog, keeper)
        assert (report.heads, len(report.by_site)) == (1, 1)
        asked = {"viewer": keeper, "person_id": person.person_id, "catalog": catalog}
        page = reports.person(database, today=date(2026, 4, 2), **asked)
        assert statuses_of(page.record).get("every-kind", Status.NOT_NEEDED) is statuses[site_id]
        past = past_records.person_as_of(database, as_of=AsOf(date(2026, 4, 2), today=TODAY), **asked)
        assert statuses_of(past.record).get("every-kind", Status.NOT_NEEDED) is statuses[site_id]


def statuses_of(record):
    return {line.shown.slug: line.shown.status for line in record}


def test_a_site_that_one_does_not_manage_is_named_as_such_and_has_nobody(database, catalog, home, second):
    make_person(database, home, now=NOW)
    keeper = replace(home.viewer, manages_all=False, site_ids=frozenset({second}))
    wanted = PeopleFilter(site_id=home.site_id)
    report = reports.people(database, viewer=keeper, wanted=wanted, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (report.asked_words, report.lines) == ("a site that is none of yours", ())


def test_somebody_with_two_roles_gets_one_line_an_item_the_strictest(database, catalog, home):
    person = make_person(database, home, now=NOW, starts_on=LONG_AGO, role=Role.PRESCRIBER)
    begin_at(database, home, person, site_id=home.site_id, starts_on=date(2026, 3, 20))
    assert status_at(database, catalog, home.viewer, item="for-everyone", today=date(2026, 4, 2)) is Status.OVERDUE
    report = overview(database, catalog, home.viewer, date(2026, 4, 2))
    assert (report.heads, report.whole.tally.on_file) == (1, 3)


def test_a_job_that_ended_at_one_site_leaves_them_at_the_other(database, catalog, home, second, both):
    with database.read(home.viewer.organisation_id) as session:
        first = people.find_contact(session, viewer=home.viewer, person_id=both.person_id).jobs[-1]
    assert first.starts_on == LONG_AGO
    employments.end_job(database, viewer=home.viewer, job_id=first.id, ends_on=TODAY, now=NOW)
    before, after = (overview(database, catalog, home.viewer, day) for day in (TODAY, date(2026, 3, 3)))
    assert (before.heads, before.at_several_sites) == (1, 1)
    assert (after.heads, after.at_several_sites) == (1, 0)
    assert {figure.site_id: figure.tally.on_file for figure in after.by_site} == {home.site_id: 0, second: 3}
