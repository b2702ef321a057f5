"""Leave, exemptions, revocations and decisions in any order: standings keep to the facts, and the past stays put."""

import shutil
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.factories import learn
from tests.services import test_standings_property as simple
from training.db import Database
from training.domain.requirement import Basis, Reach, Terms
from training.domain.roles import Role
from training.services import (
    absences,
    employments,
    exemptions,
    people,
    reports,
    requirement_changes,
    requirements,
    revocations,
    versions,
)
from training.services.employments import DayRefused, JobUnchanged
from training.services.reports import PeopleFilter
from training.services.requirement_changes import Opened
from training.services.requirement_plans import Asked, Choice, RequirementRefused
from training.services.revocations import AlreadyRevoked
from training.services.staff import AsOf

REFUSALS = (DayRefused, JobUnchanged, AlreadyRevoked, RequirementRefused)
ITEMS = st.sampled_from(["every-kind", "for-everyone", "the-story"])
WHICH = st.integers(0, 5)
DAYS = st.integers(-60, 60)
TERMS = st.sampled_from(
    [
        Terms(valid_months=12),
        Terms(valid_months=24),
        Terms(valid_months=6, window_days=30, basis=Basis.COMPLETION),
        Terms(valid_months=12, window_days=60, basis=Basis.FIXED_DATE, fixed_month=2, fixed_day=29),
        Terms(valid_months=None),
    ]
)
ACTS = st.one_of(
    simple.ACTS,
    st.tuples(st.just("learn"), simple.WHO, ITEMS, st.just(True)),
    st.tuples(st.just("away"), simple.WHO, DAYS, st.none() | st.integers(0, 90), st.booleans()),
    st.tuples(st.just("back"), WHICH, DAYS),
    st.tuples(st.just("take_leave_back"), WHICH),
    st.tuples(st.just("exempt"), simple.WHO, ITEMS, DAYS, st.integers(0, 90)),
    st.tuples(st.just("exempt_until"), WHICH, DAYS),
    st.tuples(st.just("take_exemption_back"), WHICH),
    st.tuples(st.just("revoke"), WHICH),
    st.tuples(st.just("move"), simple.WHO, simple.ROLES, DAYS, st.booleans()),
    st.tuples(st.just("correct"), simple.WHO, DAYS),
    st.tuples(
        st.just("change"), WHICH, TERMS, st.sampled_from(list(Reach)), st.integers(0, 40), st.sampled_from([0, 30, 90])
    ),
    st.tuples(st.just("retire"), WHICH, st.integers(0, 90)),
)
HISTORIES = st.lists(st.tuples(simple.LATER, ACTS), min_size=4, max_size=14)


@pytest.fixture(scope="module")
def shared(sqlite_template, catalog, tmp_path_factory):
    """One SQLite database for every example, each of which makes its own organisation."""
    path = tmp_path_factory.mktemp("histories") / "whole-histories.sqlite"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    versions.keep_versions(database, catalog=catalog, now=NOW)
    yield database
    database.close()


class Organisation(simple.Organisation):
    """An organisation to which everything happens that managers can record."""

    def __init__(self, database, catalog) -> None:
        super().__init__(database, catalog)
        self.leaves, self.exempted, self.passes, self.done = [], [], [], set()

    @property
    def here(self):
        return {"viewer": self.home.viewer, "now": self.now}

    def day(self, days):
        return self.today + timedelta(days=days)

    def do(self, act, *details):
        with suppress(*REFUSALS):
            super().do(act, *details)
            self.done.add(act)

    def learn(self, who, slug, right):
        learner, roles = self.whom(who), self.catalog.item(slug).roles
        with self.database.read(learner.organisation_id) as session:
            own = employments.roles_on(session, person_id=learner.person_id, day=self.today)
        role = next(role for role in (*own, *roles) if role in roles)
        receipt = learn(self.database, learner, catalog=self.catalog, slug=slug, role=role, now=self.now, right=right)
        if receipt.passed:
            self.passes.append((learner.person_id, receipt.attempt_id))

    def job_of(self, who):
        with self.database.read(self.home.viewer.organisation_id) as session:
            return people.find_contact(session, viewer=self.home.viewer, person_id=self.whom(who).person_id).jobs[0]

    def away(self, who, days, lasts, from_one_site):
        span = {"starts_on": self.day(days), "ends_on": None if lasts is None else self.day(days + lasts)}
        whom = {"person_id": self.whom(who).person_id, "site_id": self.job_of(who).site_id if from_one_site else None}
        self.leaves.append(absences.add_absence(self.database, **whom, **span, **self.here))

    def back(self, which, days):
        if self.leaves:
            old = self.leaves[which % len(self.leaves)]
            new = absences.end_absence(self.database, absence_id=old, ends_on=self.day(days), **self.here)
            self.leaves[self.leaves.index(old)] = new

    def take_leave_back(self, which):
        if self.leaves:
            old = self.leaves.pop(which % len(self.leaves))
            absences.withdraw_absence(self.database, absence_id=old, **self.here)

    def exempt(self, who, item, days, lasts):
        exemption_id = exemptions.add_exemption(
            self.database,
            catalog=self.catalog,
            person_id=self.whom(who).person_id,
            item=item,
            starts_on=self.day(days),
            ends_on=self.day(days + lasts),
            who="",
            why="Taught elsewhere",
            **self.here,
        )
        self.exempted.append(exemption_id)

    def exempt_until(self, which, days):
        if self.exempted:
            old = self.exempted[which % len(self.exempted)]
            new = exemptions.end_exemption(self.database, exemption_id=old, ends_on=self.day(days), **self.here)
            self.exempted[self.exempted.index(old)] = new

    def take_exemption_back(self, which):
        if self.exempted:
            old = self.exempted.pop(which % len(self.exempted))
            exemptions.withdraw_exemption(self.database, exemption_id=old, **self.here)

    def revoke(self, which):
        if self.passes:
            person_id, attempt_id = self.passes[which % len(self.passes)]
            whose = {"person_id": person_id, "attempt_id": attempt_id}
            revocations.revoke(self.database, why="Somebody else sat it", **whose, **self.here)

    def move(self, who, role, days, elsewhere):
        employments.change_job(
            self.database,
            job_id=self.job_of(who).id,
            job_title_id=self.home.titles[role],
            site_id=self.second if elsewhere else self.home.site_id,
            starts_on=self.day(days),
            **self.here,
        )

    def correct(self, who, days):
        employments.correct_job(self.database, job_id=self.job_of(who).id, starts_on=self.day(days), **self.here)

    def opened(self, which):
        """Return one of the requirements as a manager has it open, with what it asks."""
        known = {"viewer": self.home.viewer, "catalog": self.catalog, "today": self.today}
        page = requirements.list_requirements_page(self.database, **known)
        lines = [*page.running, *page.ended]
        one = requirements.show_requirement(self.database, requirement_id=lines[which % len(lines)].id, **known)
        return Opened(one.id, one.edition), one

    def change(self, which, terms, reach, days, notice):
        opened, page = self.opened(which)
        asked = Asked(
            name=page.name,
            items=page.latest.items,
            roles=page.latest.roles,
            site_ids=(self.second,) if notice == 30 else (),
            terms=terms,
            due_days=notice,
            starts_on=self.day(days),
        )
        choice = Choice(reach, self.day(days + notice) if reach is Reach.EVERYONE_AGAIN else None)
        decided = {"opened": opened, "asked": asked, "choice": choice, "catalog": self.catalog}
        requirement_changes.change_requirement(self.database, **decided, **self.here)

    def retire(self, which, days):
        opened, _ = self.opened(which)
        last_on = self.day(days)
        requirement_changes.retire_requirement(
            self.database, opened=opened, last_on=last_on, catalog=self.catalog, **self.here
        )

    def report(self, as_of):
        return reports.people(
            self.database, viewer=self.home.viewer, wanted=PeopleFilter(), catalog=self.catalog, as_of=as_of
        ).lines


@settings(max_examples=15, deadline=None)
@given(history=HISTORIES)
def test_any_history_leaves_standings_and_a_past_that_the_facts_bear_out(shared, catalog, history):
    """What a manager was shown on a day is shown again whenever that day is asked for as it was known then."""
    organisation = Organisation(shared, catalog)
    shown = []
    for days, act in history:
        organisation.now += timedelta(days=days, minutes=1)
        organisation.do(*act)
        shown.append((organisation.now, organisation.today, organisation.report(AsOf.present(organisation.today))))
    simple.stored_says_what_facts_say(organisation)
    simple.heads_add_up(organisation)
    simple.counters_say_what_lines_say(organisation)
    for now, day, lines in shown:
        assert organisation.report(AsOf(day, today=organisation.today, known_at=now)) == lines


def test_the_histories_above_do_not_only_knock_in_vain(shared, catalog):
    """Each act is done once in an order in which none is refused, so that all of them are there to be drawn."""
    organisation = Organisation(shared, catalog)
    two_years = Terms(valid_months=24)
    for act in (
        ("learn", 0, "every-kind", True),
        ("away", 0, 5, None, False),
        ("back", 0, 40),
        ("exempt", 0, "the-story", 0, 60),
        ("exempt_until", 0, 30),
        ("change", 0, two_years, Reach.EVERYONE_AGAIN, 1, 90),
        ("revoke", 0),
        ("move", 0, Role.PRESCRIBER, 20, True),
        ("take_leave_back", 0),
        ("take_exemption_back", 0),
        ("retire", 1, 30),
        ("add", Role.SOCIAL_CARE, 0),
        ("correct", 1, -30),
    ):
        organisation.now += timedelta(days=1)
        organisation.do(*act)
        assert act[0] in organisation.done
    simple.stored_says_what_facts_say(organisation)
