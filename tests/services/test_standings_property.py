"""Whatever managers and learners do, in whatever order, the stored standings say what the facts say."""

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from training.db import Database
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS, HEADS, SEVERAL_HEADS
from training.domain.days import day_in
from training.domain.roles import Role
from training.domain.standing import notes_on, reason_on, status_on
from training.models import WHOLE_ID
from training.services import (
    counters,
    employments,
    figures,
    organisations,
    people,
    reports,
    standing_checks,
    standings,
    versions,
)
from training.services.employments import JobOverlaps
from training.services.reports import PeopleFilter
from training.services.rosters import open_roster
from training.services.staff import AsOf

NUMBERS = count(1)
ROLES = st.sampled_from(list(Role))
WHO = st.integers(0, 30)
# How long after the act before: mostly within a window, now and then years.
LATER = st.one_of(st.integers(0, 40), st.sampled_from([89, 275, 365, 366, 800]))
ACTS = st.one_of(
    st.tuples(st.just("add"), ROLES, st.integers(-400, 60)),
    st.tuples(st.just("job"), WHO, ROLES, st.integers(-60, 60), st.booleans()),
    st.tuples(st.just("end"), WHO, st.integers(-40, 40)),
    st.tuples(st.just("learn"), WHO, st.sampled_from(["every-kind", "for-everyone", "the-story"]), st.booleans()),
)
HISTORIES = st.lists(st.tuples(LATER, ACTS), min_size=3, max_size=14)
LOOKS_AHEAD = (0, 1, 29, 30, 31, 275, 366, 800)


@pytest.fixture(scope="module")
def shared(sqlite_template, catalog, tmp_path_factory):
    """One SQLite database for every example, each of which makes its own organisation."""
    path = tmp_path_factory.mktemp("histories") / "histories.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    versions.keep_versions(database, catalog=catalog, now=NOW)
    yield database
    database.close()


class Organisation:
    """An organisation to which things happen, one after another."""

    def __init__(self, database, catalog) -> None:
        self.database, self.catalog, self.now = database, catalog, NOW
        self.home = make_organisation(database, catalog=catalog, now=NOW, slug=f"home-{next(NUMBERS)}")
        self.second = organisations.add_site(database, viewer=self.home.viewer, name="Second site", now=NOW)
        self.people = [make_person(database, self.home, now=NOW)]

    @property
    def today(self):
        return day_in(self.now, "Europe/London")

    def do(self, act, *details):
        with suppress(JobOverlaps):
            getattr(self, act)(*details)

    def add(self, role, days):
        starts_on = self.today + timedelta(days=days)
        self.people.append(make_person(self.database, self.home, now=self.now, role=role, starts_on=starts_on))

    def job(self, who, role, days, elsewhere):
        employments.add_job(
            self.database,
            viewer=self.home.viewer,
            person_id=self.whom(who).person_id,
            job_title_id=self.home.titles[role],
            site_id=self.second if elsewhere else self.home.site_id,
            starts_on=self.today + timedelta(days=days),
            now=self.now,
        )

    def end(self, who, days):
        with self.database.read(self.home.viewer.organisation_id) as session:
            contact = people.find_contact(session, viewer=self.home.viewer, person_id=self.whom(who).person_id)
        ends_on = max(self.today + timedelta(days=days), contact.jobs[0].starts_on)
        viewer, job_id = self.home.viewer, contact.jobs[0].id
        employments.end_job(self.database, viewer=viewer, job_id=job_id, ends_on=ends_on, now=self.now)

    def learn(self, who, slug, right):
        learner, roles = self.whom(who), self.catalog.item(slug).roles
        with self.database.read(learner.organisation_id) as session:
            own = employments.roles_on(session, person_id=learner.person_id, day=self.today)
        role = next(role for role in (*own, *roles) if role in roles)
        learn(self.database, learner, catalog=self.catalog, slug=slug, role=role, now=self.now, right=right)

    def whom(self, number):
        return self.people[number % len(self.people)]


def said(lines, day):
    """Return what lines say on a day: dates, status, reason and notes."""
    return {
        (line.person_id, line.requirement_id, line.item): (
            status_on(line.standing, day),
            reason_on(line.standing, day),
            notes_on(line.standing, day),
            line.standing.valid_until,
            line.standing.due_until,
        )
        for line in lines
    }


def stored_says_what_facts_say(organisation):
    person_ids = [person.person_id for person in organisation.people]
    today = organisation.today
    with organisation.database.read(organisation.home.viewer.organisation_id) as session:
        assert list(standing_checks.differences(session, person_ids=person_ids, today=today)) == []
        for days in LOOKS_AHEAD:
            day = today + timedelta(days=days)
            stored = standings.read_lines(session, today=day)
            assert said(stored, day) == said(standings.work_out_lines(session, person_ids=person_ids, today=day), day)


def heads_add_up(organisation):
    viewer, catalog = organisation.home.viewer, organisation.catalog
    for days in LOOKS_AHEAD[::3]:
        day = organisation.today + timedelta(days=days)
        report = reports.overview(organisation.database, viewer=viewer, catalog=catalog, as_of=AsOf.present(day))
        items = len(report.by_item)
        assert items == (3 if report.heads else 0)
        assert {figure.tally.on_file for figure in report.by_item} <= {report.heads}
        assert report.whole.tally.on_file == items * report.heads
        at_sites = sum(figure.tally.on_file for figure in report.by_site)
        assert at_sites == items * (report.heads + report.at_several_sites)
        for figure in (report.whole, *report.by_item, *report.by_site):
            assert figure.tally.on_file == figure.tally.counted + sum(figure.tally.apart.values())
        everybody = reports.people(
            organisation.database, viewer=viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf.present(day)
        )
        assert everybody.figure.tally == report.whole.tally


def counters_say_what_lines_say(organisation):
    """The counters, and what the day has changed since, come to what a count of everybody's lines comes to."""
    whole = organisation.home.viewer
    at_one_site = replace(whole, manages_all=False, site_ids=frozenset({organisation.second}))
    for viewer, days in product((whole, at_one_site), LOOKS_AHEAD[::3]):
        as_of = AsOf.present(organisation.today + timedelta(days=days))
        asked = {"viewer": viewer, "catalog": organisation.catalog, "as_of": as_of}
        with organisation.database.read(viewer.organisation_id) as session:
            roster = open_roster(session, **asked)
            quick = figures.read_counts(roster)
            slow = replace(quick, unit=WHOLE_ID, counted=figures.add_up(roster))
        for item in ("", *quick.titles):
            assert quick.tally(item=item) == slow.tally(item=item)
        for site_id, _ in quick.sites:
            assert quick.tally(unit=site_id) == slow.tally(unit=site_id)
        for measure in (HEADS, COUNTED_HEADS, COMPLIANT_HEADS, SEVERAL_HEADS):
            assert quick.heads(measure) == slow.heads(measure)
    with organisation.database.read(whole.organisation_id) as session:
        assert not counters.lacking(session)


@settings(max_examples=20, deadline=None)
@given(history=HISTORIES)
def test_any_history_leaves_standings_that_the_facts_bear_out(shared, catalog, history):
    organisation = Organisation(shared, catalog)
    for days, act in history:
        organisation.now += timedelta(days=days)
        organisation.do(*act)
    stored_says_what_facts_say(organisation)
    heads_add_up(organisation)
    counters_say_what_lines_say(organisation)
