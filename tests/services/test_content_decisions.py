"""New versions of content that matter: offered once, previewed as it then happens, decided again, and on record."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.factories import Home, learn, make_person
from tests.services.stored import all_at_once, rows
from tests.services.test_query_counts import run
from tests.web.content import write_content
from training.catalog.library import Catalog, load_catalog
from training.db import Database
from training.domain.refresher import Owed
from training.domain.requirement import Reach
from training.domain.standing import status_on, strictest
from training.domain.status import Status
from training.models import Attempt, ContentDecision, Employment
from training.services import (
    content_decisions,
    employments,
    new_versions,
    progress,
    requirement_changes,
    requirements,
    revocations,
    standing_checks,
    standings,
    versions,
)
from training.services.content_decisions import DecidedMeanwhile, Opened
from training.services.organisations import NotAllowed, NotFound
from training.services.requirement_plans import Choice, RequirementRefused

ITEM = "every-kind"
# The new version comes on 1 July, and is decided about on 2 July.
CAME = datetime(2026, 7, 1, 10, tzinfo=UTC)
SOON = datetime(2026, 7, 2, 10, tzinfo=UTC)
TODAY = SOON.date()
AGAIN_BY = date(2026, 9, 30)
AGAIN = Choice(Reach.EVERYONE_AGAIN, AGAIN_BY)
NEXT_TIME = Choice(Reach.AT_NEXT_RENEWAL)
NEW_WORDS = ("## Several answers\n", "## Several answers\n\nAsk about sleep too.\n")
OTHER_WORDS = ("## Several answers\n", "## Several answers\n\nAsk about food too.\n")


def made(folder: Path, version: str, *changes: tuple[str, str], material: bool = True) -> Catalog:
    """Return the small library with some words of the module changed, under a version that matters or not."""
    path = write_content(folder) / "modules" / f"{ITEM}.md"
    text = path.read_text(encoding="utf-8")
    front = (('version: "1.0"', f'version: "{version}"'), ("material: false", f"material: {str(material).lower()}"))
    for old, new in (*changes, *front):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return load_catalog(folder)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    return made(tmp_path_factory.mktemp("second"), "1.1", NEW_WORDS)


@pytest.fixture(scope="module")
def third(tmp_path_factory):
    return made(tmp_path_factory.mktemp("third"), "1.2", OTHER_WORDS)


@dataclass(frozen=True)
class Office:
    """Where a manager decides about new versions."""

    database: Database
    home: Home
    catalog: Catalog

    def listed(self, *, now=SOON, catalog=None, viewer=None):
        return new_versions.list_versions(
            self.database, viewer=viewer or self.home.viewer, catalog=catalog or self.catalog, today=now.date()
        )

    def page(self, *, now=SOON, catalog=None):
        return new_versions.show_version(
            self.database, viewer=self.home.viewer, item=ITEM, catalog=catalog or self.catalog, today=now.date()
        )

    def preview(self, *, again_by=AGAIN_BY, now=SOON):
        return content_decisions.preview_decision(
            self.database, viewer=self.home.viewer, item=ITEM, again_by=again_by, catalog=self.catalog, now=now
        )

    def decide(self, choice, *, now=SOON, opened=None, catalog=None):
        page = self.page(now=now, catalog=catalog)
        content_decisions.decide(
            self.database,
            viewer=self.home.viewer,
            opened=opened or Opened(ITEM, page.content_hash, page.decision_id),
            choice=choice,
            catalog=catalog or self.catalog,
            now=now,
        )

    def line(self, person, day):
        with self.database.read(self.home.viewer.organisation_id) as session:
            lines = standings.read_lines(session, today=day, person_ids=[person.person_id])
        return strictest([line.standing for line in lines if line.item == ITEM], day=day)

    def status(self, person, day):
        return status_on(self.line(person, day), day)

    def line_from_facts(self, person, day, *, known_at=None):
        with self.database.read(self.home.viewer.organisation_id) as session:
            known = {"today": day, "known_at": known_at, "items": [ITEM]}
            lines = list(standings.work_out_lines(session, person_ids=[person.person_id], **known))
        return strictest([line.standing for line in lines], day=day)


@dataclass(frozen=True)
class Staff:
    passed: object
    renewed: object
    never: object
    left: object


@pytest.fixture
def staff(database, catalog, home, second) -> Staff:
    """One who passed the old version, one the new one as well, one neither, and one who passed and left."""
    people = [make_person(database, home, now=NOW, name=name) for name in ("Passed", "Renewed", "Never", "Left")]
    for person in (people[0], people[1], people[3]):
        learn(database, person, catalog=catalog, slug=ITEM, now=NOW)
    (job,) = rows(database, Employment, person_id=people[3].person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=date(2026, 6, 1), now=CAME)
    versions.keep_versions(database, catalog=second, now=CAME)
    learn(database, people[1], catalog=second, slug=ITEM, now=CAME + timedelta(hours=1))
    return Staff(*people)


@pytest.fixture
def office(database, home, second, staff):  # noqa: ARG001 (somebody has passed the old version)
    return Office(database, home, second)


def test_a_new_version_that_matters_waits_for_a_decision_with_who_passed_only_older_ones(office):
    (line,) = office.listed().waiting
    assert (line.item, line.title, line.version) == (ITEM, "Every kind of question", "1.1")
    assert (line.came_on, line.people, line.decided) == (CAME.date(), 1, None)
    page = office.page()
    assert (page.since, page.headings, page.decisions) == ("1.0", ("Several answers",), ())


def test_nobody_is_affected_before_it_is_decided(office, staff):
    assert office.line(staff.passed, TODAY).valid_until == date(2027, 3, 1)
    assert office.status(staff.passed, TODAY) is Status.UP_TO_DATE


def test_first_versions_and_versions_that_do_not_matter_wait_for_nobody(database, catalog, home, tmp_path, learner):
    learn(database, learner, catalog=catalog, slug=ITEM, now=NOW)
    office = Office(database, home, catalog)
    assert office.listed() == new_versions.VersionsPage()
    plain = made(tmp_path / "plain", "1.1", NEW_WORDS, material=False)
    versions.keep_versions(database, catalog=plain, now=CAME)
    assert office.listed(catalog=plain) == new_versions.VersionsPage()
    with pytest.raises(NotFound):
        office.page(catalog=plain)


def test_other_words_under_the_same_version_raise_nothing(office, database, tmp_path):
    office.decide(NEXT_TIME)
    mended = made(tmp_path / "mended", "1.1", OTHER_WORDS)
    versions.keep_versions(database, catalog=mended, now=SOON + timedelta(days=1))
    listed = office.listed(catalog=mended, now=SOON + timedelta(days=2))
    assert (listed.waiting, [line.version for line in listed.decided]) == ((), ["1.1"])


def test_a_version_that_was_taken_back_waits_for_nobody(office, catalog):
    assert office.listed(catalog=catalog) == new_versions.VersionsPage()


def test_of_two_undecided_versions_the_latest_waits_and_speaks_for_both(office, database, third):
    versions.keep_versions(database, catalog=third, now=SOON)
    (line,) = office.listed(catalog=third).waiting
    assert (line.version, line.people) == ("1.2", 2)
    assert office.page(catalog=third).since == "1.0"


def test_what_is_asked_of_nobody_or_passed_by_nobody_waits_for_nobody(office, database, home, neighbour):
    assert office.listed(viewer=neighbour.viewer).waiting == ()
    for line in requirements.list_requirements_page(
        database, viewer=home.viewer, catalog=office.catalog, today=TODAY
    ).running:
        page = requirements.show_requirement(
            database, viewer=home.viewer, requirement_id=line.id, catalog=office.catalog, today=TODAY
        )
        opened = requirement_changes.Opened(page.id, page.edition)
        requirement_changes.retire_requirement(
            database, viewer=home.viewer, opened=opened, last_on=TODAY, catalog=office.catalog, now=SOON
        )
    assert office.listed().waiting != ()
    assert office.listed(now=SOON + timedelta(days=1)).waiting == ()


@pytest.mark.parametrize("choice", [Choice(Reach.FROM_NOW_ON), NEXT_TIME])
def test_without_everyone_again_no_date_moves_and_nobody_is_told(office, staff, choice):
    seen = office.preview()[choice.reach]
    assert (seen.people, seen.people_changing, seen.newly_late, seen.messages) == (3, 0, 0, 0)
    before = office.line(staff.passed, TODAY)
    office.decide(choice)
    assert office.line(staff.passed, TODAY) == before


def test_at_next_renewal_the_refresher_brings_what_is_new(office, database, staff):
    office.decide(NEXT_TIME)
    page = progress.item_page(
        database, viewer=staff.passed, slug=ITEM, kind="module", catalog=office.catalog, today=date(2026, 12, 1)
    )
    assert page.offer.owing.owed is Owed.REFRESHER
    assert [each.card.title for each in page.offer.refresher.cards if each.changed] == ["Several answers"]


def test_everyone_again_is_previewed_as_it_then_happens(office, database, staff):
    seen = office.preview()[Reach.EVERYONE_AGAIN]
    assert (seen.day, seen.people, seen.people_changing, seen.messages) == (TODAY, 3, 1, 1)
    assert (seen.newly_late, seen.first_late_on) == (1, AGAIN_BY + timedelta(days=1))
    (person,) = seen.changing
    assert (person.name, person.shifts) == (
        "Passed",
        (((Status.UP_TO_DATE, Status.EXPIRING_SOON), ("Every kind of question",)),),
    )
    office.decide(AGAIN)
    passed = office.line(staff.passed, TODAY)
    assert (passed.valid_until, passed.window_opens_on) == (AGAIN_BY, TODAY)
    assert office.status(staff.passed, seen.first_late_on) is Status.EXPIRED
    assert office.status(staff.renewed, seen.first_late_on) is Status.UP_TO_DATE
    (row,) = rows(database, ContentDecision)
    assert {name: row.preview[name] for name in seen.numbers()} == seen.numbers()
    assert (row.decided_by, row.starts_on, row.again_by) == (office.home.viewer.person_id, TODAY, AGAIN_BY)
    assert [drift for _, found in standing_checks.verify(database, now=SOON) for drift in found] == []
    learn(database, staff.passed, catalog=office.catalog, slug=ITEM, now=SOON + timedelta(days=5))
    assert office.line(staff.passed, TODAY + timedelta(days=5)).valid_until > AGAIN_BY


def test_a_decision_can_be_made_again_and_the_latest_stands(office, database, staff):
    office.decide(NEXT_TIME)
    office.decide(AGAIN, now=SOON + timedelta(days=1))
    assert office.line(staff.passed, date(2026, 7, 3)).valid_until == AGAIN_BY
    later = Choice(Reach.EVERYONE_AGAIN, date(2026, 10, 31))
    assert office.preview(again_by=later.again_by, now=SOON + timedelta(days=2))[later.reach].messages == 1
    office.decide(later, now=SOON + timedelta(days=2))
    assert office.line(staff.passed, date(2026, 7, 4)).valid_until == date(2026, 10, 31)
    back = office.preview(now=SOON + timedelta(days=3))[Reach.AT_NEXT_RENEWAL]
    assert [shift for shift, _ in back.totals] == [(Status.EXPIRING_SOON, Status.UP_TO_DATE)]
    office.decide(NEXT_TIME, now=SOON + timedelta(days=3))
    assert office.line(staff.passed, date(2026, 7, 5)).valid_until == date(2027, 3, 1)
    history = office.page(now=SOON + timedelta(days=3)).decisions
    assert [(one.reach, one.stands) for one in history] == [
        (Reach.AT_NEXT_RENEWAL, True),
        (Reach.EVERYONE_AGAIN, False),
        (Reach.EVERYONE_AGAIN, False),
        (Reach.AT_NEXT_RENEWAL, False),
    ]
    now = SOON + timedelta(days=3)
    assert [drift for _, found in standing_checks.verify(database, now=now) for drift in found] == []


def test_reports_as_at_a_day_and_as_known_then_keep_what_was_decided_then(office, staff):
    office.decide(AGAIN)
    office.decide(NEXT_TIME, now=SOON + timedelta(days=3))
    the_day_after = TODAY + timedelta(days=1)
    assert office.line_from_facts(staff.passed, TODAY - timedelta(days=1)).valid_until == date(2027, 3, 1)
    assert office.line_from_facts(staff.passed, the_day_after).valid_until == AGAIN_BY
    assert office.line_from_facts(staff.passed, TODAY + timedelta(days=3)).valid_until == date(2027, 3, 1)
    then = office.line_from_facts(staff.passed, TODAY + timedelta(days=3), known_at=SOON + timedelta(hours=1))
    assert then.valid_until == AGAIN_BY


def test_the_same_decision_twice_and_days_that_give_nobody_time_are_refused_in_words(office):
    office.decide(AGAIN)
    with pytest.raises(RequirementRefused, match="decided already"):
        office.decide(AGAIN, now=SOON + timedelta(days=1))
    for day in (None, TODAY, date(2040, 1, 1)):
        with pytest.raises(RequirementRefused) as refused:
            office.decide(Choice(Reach.EVERYONE_AGAIN, day))
        assert refused.value.field == "again_by"
    assert len(rows(office.database, ContentDecision)) == 1


def test_whoever_decides_second_is_told_and_nothing_of_theirs_is_written(office):
    page = office.page()
    opened = Opened(ITEM, page.content_hash, page.decision_id)
    outcomes = all_at_once(lambda: office.decide(AGAIN, opened=opened), lambda: office.decide(NEXT_TIME, opened=opened))
    assert sorted(type(each) for each in outcomes if each is not None) == [DecidedMeanwhile]
    assert len(rows(office.database, ContentDecision)) == 1


def test_a_newer_version_that_came_meanwhile_is_told(office, database, third):
    page = office.page()
    versions.keep_versions(database, catalog=third, now=SOON)
    with pytest.raises(DecidedMeanwhile):
        office.decide(AGAIN, opened=Opened(ITEM, page.content_hash, None), catalog=third)


def test_only_a_manager_of_everything_decides(office, home):
    boss = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    office = replace(office, home=replace(home, viewer=boss))
    with pytest.raises(NotAllowed):
        office.preview()
    with pytest.raises(NotAllowed):
        office.decide(AGAIN)
    assert rows(office.database, ContentDecision) == []


def test_a_revoked_pass_makes_nobody_a_holder(office, database, staff):
    (attempt,) = rows(database, Attempt, person_id=staff.passed.person_id)
    revocations.revoke(
        database,
        viewer=office.home.viewer,
        person_id=staff.passed.person_id,
        attempt_id=attempt.id,
        why="Somebody else answered.",
        now=SOON,
    )
    assert office.listed().waiting == ()


def test_the_list_asks_a_handful_of_times(office, database, home):
    known = {"viewer": home.viewer, "catalog": office.catalog, "today": TODAY}
    assert len(run(database, lambda: new_versions.list_versions(database, **known))) <= 6
