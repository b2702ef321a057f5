"""Requirements: made, changed and ended, with a preview from the facts that says beforehand what then happens."""

import threading
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import Home, learn, make_person
from tests.services.stored import all_at_once, rows
from training.domain.days import day_in
from training.domain.requirement import Basis, Reach, Terms
from training.domain.roles import Role
from training.domain.standing import status_on, strictest
from training.domain.status import Status
from training.models import Requirement, RequirementVersion
from training.services import employments, organisations, requirement_changes, requirements, standing_checks, standings
from training.services.organisations import NotAllowed, NotFound
from training.services.requirement_changes import ChangedMeanwhile, Opened
from training.services.requirement_plans import Asked, Choice, RequirementRefused

ITEM = "every-kind"
CARE = "Social care worker"
NEXT = NOW + timedelta(days=1)
LATER = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
THEN = LATER.date()
AGAIN_BY = date(2027, 6, 30)
YEARLY = Asked(
    name="Yearly",
    items=(ITEM,),
    roles=(Role.SOCIAL_CARE,),
    terms=Terms(valid_months=12),
    due_days=30,
    starts_on=NEXT.date(),
)
EVERYONE_AGAIN = Choice(Reach.EVERYONE_AGAIN, AGAIN_BY)


@dataclass(frozen=True)
class Office:
    """Where a manager decides about requirements, at a moment of a test's choosing."""

    database: object
    catalog: object
    home: Home

    def add(self, *, now=NEXT, **changed):
        asked = replace(YEARLY, **changed)
        return requirement_changes.add_requirement(self.database, asked=asked, now=now, **self.known)

    def preview_new(self, *, now=NEXT, **changed):
        asked = replace(YEARLY, **changed)
        return requirement_changes.preview_new(self.database, asked=asked, now=now, **self.known)

    def change(self, requirement_id, choice=Choice(), *, now=LATER, edition=None, **changed):  # noqa: B008 (frozen)
        requirement_changes.change_requirement(
            self.database,
            opened=self.opened(requirement_id, edition),
            asked=self.asked(requirement_id, now, changed),
            choice=choice,
            now=now,
            **self.known,
        )

    def preview(self, requirement_id, *, now=LATER, again_by=AGAIN_BY, edition=None, **changed):
        return requirement_changes.preview_change(
            self.database,
            opened=self.opened(requirement_id, edition),
            asked=self.asked(requirement_id, now, changed),
            again_by=again_by,
            now=now,
            **self.known,
        )

    def retire(self, requirement_id, last_on, *, now=LATER, edition=None):
        opened = self.opened(requirement_id, edition)
        requirement_changes.retire_requirement(self.database, opened=opened, last_on=last_on, now=now, **self.known)

    def preview_retirement(self, requirement_id, last_on, *, now=LATER):
        opened = self.opened(requirement_id, None)
        return requirement_changes.preview_retirement(
            self.database, opened=opened, last_on=last_on, now=now, **self.known
        )

    @property
    def known(self):
        return {"viewer": self.home.viewer, "catalog": self.catalog}

    def opened(self, requirement_id, edition):
        return Opened(requirement_id, edition or self.page(requirement_id).edition)

    def asked(self, requirement_id, now, changed):
        latest = self.page(requirement_id)
        asked = replace(YEARLY, name=latest.name, starts_on=day_in(now, "Europe/London"))
        return replace(asked, **changed)

    def page(self, requirement_id, *, viewer=None):
        return requirements.show_requirement(
            self.database,
            viewer=viewer or self.home.viewer,
            requirement_id=requirement_id,
            catalog=self.catalog,
            today=THEN,
        )

    def listed(self, *, today=THEN):
        return requirements.list_requirements_page(self.database, today=today, **self.known)

    def learn(self, person, day, slug=ITEM):
        now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
        learn(self.database, person, catalog=self.catalog, slug=slug, now=now)

    def line(self, person, day, item=ITEM):
        """Return a person's strictest standing on an item as it is on a day."""
        with self.database.read(self.home.viewer.organisation_id) as session:
            lines = standings.read_lines(session, today=day, person_ids=[person.person_id])
        return strictest([line.standing for line in lines if line.item == item], day=day)

    def statuses(self, day):
        """Return the strictest status of every person and item that has a line."""
        found = {}
        with self.database.read(self.home.viewer.organisation_id) as session:
            for line in standings.read_lines(session, today=day):
                found.setdefault((line.person_id, line.item), []).append(line.standing)
        return {key: status_on(strictest(some, day=day), day) for key, some in found.items()}


@pytest.fixture
def office(database, catalog, home) -> Office:
    """An organisation that asks for nothing any more, from the day after it began."""
    office = Office(database, catalog, home)
    for row in rows(database, Requirement, organisation_id=home.viewer.organisation_id):
        office.retire(row.id, NOW.date(), now=NOW)
    return office


@dataclass(frozen=True)
class Staff:
    """One requirement of a year, and somebody in each state on the first of April a year later."""

    requirement_id: uuid.UUID
    fresh: object
    lapsed: object
    never: object
    later: object


@pytest.fixture
def staff(office, database, home) -> Staff:
    requirement_id = office.add()
    people = [make_person(database, home, now=NEXT, name=name) for name in ("Fresh", "Lapsed", "Never")]
    later = make_person(database, home, now=LATER, name="Later", starts_on=date(2027, 5, 1))
    for person in people[:2]:
        office.learn(person, NEXT.date())
    office.learn(people[0], date(2027, 2, 1))
    return Staff(requirement_id, *people, later)


TWO_YEARS = {"terms": Terms(valid_months=24)}


def test_a_longer_validity_from_now_on_only_leaves_alone_whoever_needed_it_before(office, staff):
    office.change(staff.requirement_id, Choice(Reach.FROM_NOW_ON), **TWO_YEARS)
    assert office.line(staff.fresh, THEN).valid_until == date(2028, 3, 2)
    assert office.statuses(THEN)[staff.lapsed.person_id, ITEM] is Status.EXPIRED
    assert office.statuses(THEN)[staff.never.person_id, ITEM] is Status.OVERDUE
    for person in (staff.lapsed, staff.never):
        office.learn(person, date(2027, 4, 2))
        assert office.line(person, date(2027, 4, 2)).valid_until == date(2028, 4, 1)
    office.learn(staff.later, date(2027, 5, 10))
    assert office.line(staff.later, date(2027, 5, 10)).valid_until == date(2029, 5, 9)
    office.learn(staff.fresh, date(2028, 2, 1))
    assert office.line(staff.fresh, date(2028, 2, 1)).valid_until == date(2029, 3, 2)


def test_a_longer_validity_at_next_renewal_reaches_everybody_by_their_next_pass(office, staff):
    office.change(staff.requirement_id, Choice(Reach.AT_NEXT_RENEWAL), **TWO_YEARS)
    assert office.line(staff.fresh, THEN).valid_until == date(2028, 3, 2)
    assert office.statuses(THEN)[staff.lapsed.person_id, ITEM] is Status.EXPIRED
    for person in (staff.lapsed, staff.never):
        office.learn(person, date(2027, 4, 2))
        assert office.line(person, date(2027, 4, 2)).valid_until == date(2029, 4, 1)
    office.learn(staff.later, date(2027, 5, 10))
    assert office.line(staff.later, date(2027, 5, 10)).valid_until == date(2029, 5, 9)
    office.learn(staff.fresh, date(2028, 2, 1))
    assert office.line(staff.fresh, date(2028, 2, 1)).valid_until == date(2030, 3, 2)


def test_everyone_again_by_a_date_caps_whoever_is_in_date_and_opens_the_window(office, staff):
    office.change(staff.requirement_id, EVERYONE_AGAIN, **TWO_YEARS)
    fresh = office.line(staff.fresh, THEN)
    assert (fresh.valid_until, fresh.window_opens_on) == (AGAIN_BY, THEN)
    found = office.statuses(THEN)
    assert found[staff.fresh.person_id, ITEM] is Status.EXPIRING_SOON
    assert found[staff.lapsed.person_id, ITEM] is Status.EXPIRED
    assert found[staff.never.person_id, ITEM] is Status.OVERDUE
    assert office.statuses(date(2027, 7, 1))[staff.fresh.person_id, ITEM] is Status.EXPIRED
    for person in (staff.fresh, staff.lapsed, staff.never):
        office.learn(person, date(2027, 4, 2))
        assert office.line(person, date(2027, 4, 2)).valid_until == date(2029, 4, 1)
    office.learn(staff.later, date(2027, 5, 10))
    assert office.line(staff.later, date(2027, 5, 10)).valid_until == date(2029, 5, 9)


def test_the_preview_says_by_each_choice_what_a_longer_validity_does(office, staff):
    seen = office.preview(staff.requirement_id, **TWO_YEARS)
    for reach in (Reach.FROM_NOW_ON, Reach.AT_NEXT_RENEWAL):
        assert (seen[reach].people, seen[reach].people_changing, seen[reach].messages) == (3, 0, 0)
        assert (seen[reach].newly_late, seen[reach].first_late_on) == (0, None)
    again = seen[Reach.EVERYONE_AGAIN]
    assert (again.people, again.people_changing, again.messages) == (3, 1, 1)
    assert (again.newly_late, again.first_late_on) == (1, date(2027, 7, 1))
    (fresh,) = again.changing
    assert (fresh.name, fresh.shifts[0][0]) == ("Fresh", (Status.UP_TO_DATE, Status.EXPIRING_SOON))
    assert {reach: (each.later, each.sooner) for reach, each in seen.items()} == {
        Reach.FROM_NOW_ON: (0, 0),
        Reach.AT_NEXT_RENEWAL: (0, 0),
        Reach.EVERYONE_AGAIN: (0, 1),
    }
    assert set(office.preview(staff.requirement_id, again_by=None, **TWO_YEARS)) == set(Reach) - {Reach.EVERYONE_AGAIN}


@pytest.mark.parametrize(("due_days", "later", "sooner"), [(60, 1, 0), (7, 0, 1)])
def test_the_preview_counts_whose_date_moves(office, staff, due_days, later, sooner):
    joined = make_person(office.database, office.home, now=LATER, name="New", starts_on=THEN)
    begun = office.line(joined, THEN).first_due_on
    seen = office.preview(staff.requirement_id, due_days=due_days)[Reach.AT_NEXT_RENEWAL]
    assert (seen.later, seen.sooner) == (later, sooner)
    office.change(staff.requirement_id, Choice(), due_days=due_days)
    moved = office.line(joined, THEN).first_due_on
    assert (moved > begun, moved < begun) == (bool(later), bool(sooner))


def test_whoever_no_longer_needs_it_has_no_date_that_moves(office, staff):
    seen = office.preview(staff.requirement_id, roles=(Role.PRESCRIBER,))[Reach.AT_NEXT_RENEWAL]
    assert seen.people_changing == 3
    assert (seen.later, seen.sooner) == (0, 0)


@pytest.mark.parametrize(
    ("choice", "changed"),
    [
        (Choice(Reach.FROM_NOW_ON), TWO_YEARS),
        (Choice(Reach.AT_NEXT_RENEWAL), {"items": (ITEM, "the-story"), "due_days": 0}),
        (Choice(Reach.AT_NEXT_RENEWAL), {"items": ("for-everyone",)}),
        (Choice(Reach.AT_NEXT_RENEWAL), {"roles": (Role.PRESCRIBER,), "starts_on": date(2027, 4, 20)}),
        (EVERYONE_AGAIN, {"terms": Terms(valid_months=24), "starts_on": date(2027, 5, 5)}),
        (EVERYONE_AGAIN, {"track": Role.SOCIAL_CARE}),
    ],
)
def test_what_the_preview_says_is_what_then_happens(office, staff, database, choice, changed):
    make_person(database, office.home, now=LATER, name="Doctor", role=Role.PRESCRIBER, starts_on=date(2027, 3, 1))
    seen = office.preview(staff.requirement_id, **changed)[choice.reach]
    before, before_after = office.statuses(seen.day), office.statuses(date(2027, 12, 31))
    office.change(staff.requirement_id, choice, **changed)
    after = office.statuses(seen.day)
    now_on_file = {
        key: before.get(key, Status.NOT_NEEDED if status is not Status.NOT_ON_FILE else status)
        for key, status in after.items()
    } | before
    moved = {
        (key, status, after.get(key, Status.NOT_NEEDED))
        for key, status in now_on_file.items()
        if status is not after.get(key, Status.NOT_NEEDED)
        # Whoever joins later and would need nothing has no line at all any more.
        and (status is not Status.NOT_ON_FILE or key in after)
    }
    titles = {item.title: item.slug for item in office.catalog.items()}
    said = {
        ((person.person_id, titles[title]), *shift)
        for person in seen.changing
        for shift, some in person.shifts
        for title in some
    }
    assert said == moved
    assert sum(count for _, count in seen.totals) == len(moved)
    (kept,) = [
        row for row in versions(database, staff.requirement_id) if row.preview and row.preview["act"] == "change"
    ]
    assert {name: kept.preview[name] for name in seen.numbers()} == seen.numbers()
    assert (kept.decided_by, kept.reach) == (office.home.viewer.person_id, choice.reach)
    late = {Status.EXPIRED, Status.OVERDUE}
    if seen.first_late_on is None:
        newly = {key for key, status in office.statuses(date(2027, 12, 31)).items() if status in late}
        assert newly <= {key for key, status in before_after.items() if status in late}
    else:
        eve = office.statuses(seen.first_late_on - timedelta(days=1))
        day = office.statuses(seen.first_late_on)
        assert {key for key in day if day[key] in late} - {key for key in eve if eve[key] in late}
    assert standing_checks.verify(database, now=LATER) == []


def versions(database, requirement_id):
    found = rows(database, RequirementVersion, requirement_id=requirement_id)
    return sorted(found, key=lambda row: (row.recorded_at, row.starts_on))


def test_a_change_withdraws_the_version_in_force_and_adds_it_again_with_its_last_day(office, staff, database):
    office.change(staff.requirement_id, EVERYONE_AGAIN, **TWO_YEARS)
    old, closed, new = versions(database, staff.requirement_id)
    assert (old.ends_on, old.withdrawn_at) == (None, LATER)
    assert (closed.starts_on, closed.ends_on, closed.withdrawn_at) == (old.starts_on, date(2027, 3, 31), None)
    assert (closed.valid_months, closed.recorded_at, closed.preview) == (12, LATER, old.preview)
    assert (new.starts_on, new.ends_on, new.valid_months, new.announced_on) == (THEN, None, 24, THEN)
    assert (new.again_by, new.decided_by) == (AGAIN_BY, office.home.viewer.person_id)


def test_a_change_takes_the_place_of_one_that_has_not_begun(office, staff, database):
    office.change(staff.requirement_id, due_days=10, starts_on=date(2027, 9, 1))
    office.change(staff.requirement_id, due_days=20, starts_on=date(2027, 6, 1), now=LATER + timedelta(hours=1))
    known = [row for row in versions(database, staff.requirement_id) if row.withdrawn_at is None]
    assert [(row.due_days, row.ends_on) for row in known] == [(30, date(2027, 5, 31)), (20, None)]
    office.change(staff.requirement_id, due_days=25, starts_on=date(2027, 6, 1), now=LATER + timedelta(hours=2))
    known = [row for row in versions(database, staff.requirement_id) if row.withdrawn_at is None]
    assert [(row.due_days, row.ends_on) for row in known] == [(30, date(2027, 5, 31)), (25, None)]
    acts = [(one.act, one.stands) for one in office.page(staff.requirement_id).decisions]
    assert acts == [("change", True), ("change", False), ("change", False), ("add", True)]


def test_a_requirement_for_one_job_title_at_one_site_asks_nobody_else(office, database, home):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NEXT)
    make_person(database, home, now=NEXT, name="Here")
    there = make_person(database, home, now=NEXT, name="There", site_id=second)
    make_person(database, home, now=NEXT, name="Doctor", role=Role.PRESCRIBER, site_id=second)
    named = {"job_title_ids": (home.titles[Role.SOCIAL_CARE],), "site_ids": (second,), "roles": tuple(Role)}
    seen = office.preview_new(**named)
    requirement_id = office.add(**named)
    assert (seen.people, seen.messages, [person.name for person in seen.changing]) == (1, 1, ["There"])
    assert (seen.newly_late, seen.first_late_on) == (1, NEXT.date() + timedelta(days=31))
    (mine,) = office.statuses(NEXT.date())
    assert mine == (there.person_id, ITEM)
    shown = office.page(requirement_id).versions[0]
    assert shown.audience.endswith("with the job title Social care worker, at Second site")
    boss = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    assert "Second site" not in office.page(requirement_id, viewer=boss).versions[0].audience


def test_a_track_asks_for_its_core_and_is_kept_as_it_was_made(office, database, home):
    person = make_person(database, home, now=NEXT)
    requirement_id = office.add(items=(), track=Role.SOCIAL_CARE)
    core = office.catalog.tracks[Role.SOCIAL_CARE].core
    assert {item for _, item in office.statuses(NEXT.date())} == set(core)
    office.learn(person, NEXT.date())
    assert office.line(person, NEXT.date()).valid_until == date(2027, 3, 2)
    assert office.line(person, NEXT.date(), "the-story").valid_until is None
    page = office.page(requirement_id)
    assert (page.latest.track, page.latest.items) == (Role.SOCIAL_CARE, core)


def test_an_item_left_out_is_held_by_whoever_passed_it_and_not_needed_by_others(office, staff):
    office.change(staff.requirement_id, items=("for-everyone",))
    found = office.statuses(THEN)
    assert found[staff.fresh.person_id, ITEM] is Status.HELD
    assert found[staff.never.person_id, ITEM] is Status.NOT_NEEDED
    assert found[staff.never.person_id, "for-everyone"] is Status.NOT_YET_DUE


def test_after_its_last_day_a_requirement_is_held_or_not_needed_and_no_day_before_changes(office, staff, database):
    last_on = date(2027, 4, 15)
    seen = office.preview_retirement(staff.requirement_id, last_on)
    before = office.statuses(last_on)
    office.retire(staff.requirement_id, last_on)
    del before[staff.later.person_id, ITEM]
    assert office.statuses(last_on) == before, "whoever joins after the last day has no line any more"
    after = office.statuses(last_on + timedelta(days=1))
    assert [after[person.person_id, ITEM] for person in (staff.fresh, staff.lapsed)] == [Status.HELD, Status.HELD]
    assert after[staff.never.person_id, ITEM] is Status.NOT_NEEDED
    assert (seen.day, seen.people, seen.people_changing, seen.messages) == (date(2027, 4, 16), 3, 3, 0)
    assert (seen.newly_late, seen.first_late_on) == (0, None)
    assert standing_checks.verify(database, now=LATER) == []
    assert standing_checks.verify(database, now=LATER + timedelta(days=30)) == []
    decision = office.page(staff.requirement_id).decisions[0]
    assert (decision.act, decision.shown.ends_on, decision.who) == ("retire", last_on, office.home.viewer.name)


def test_a_last_day_still_to_come_can_be_moved_and_one_that_is_past_cannot(office, staff):
    office.retire(staff.requirement_id, date(2027, 4, 15))
    office.change(staff.requirement_id, due_days=10)
    assert office.page(staff.requirement_id).ends_on == date(2027, 4, 15), "a change keeps the last day"
    office.retire(staff.requirement_id, date(2027, 5, 15))
    assert [each.ends_on for each in office.page(staff.requirement_id).versions] == [
        date(2027, 3, 31),
        date(2027, 5, 15),
    ]
    office.retire(staff.requirement_id, date(2027, 4, 5))
    for day in (date(2027, 4, 5), date(2027, 3, 31), date(2040, 1, 1)):
        with pytest.raises(RequirementRefused):
            office.retire(staff.requirement_id, day)
    after = LATER + timedelta(days=10)
    with pytest.raises(RequirementRefused, match="It ended on 5 Apr 2027"):
        office.retire(staff.requirement_id, date(2027, 4, 20), now=after)
    with pytest.raises(RequirementRefused, match="Add a new requirement"):
        office.change(staff.requirement_id, now=after)
    assert "Yearly" in {line.name for line in office.listed(today=after.date()).ended}


def test_a_requirement_does_not_end_before_it_begins(office):
    requirement_id = office.add(starts_on=date(2026, 9, 1))
    with pytest.raises(RequirementRefused, match="begins on 1 Sep 2026"):
        office.retire(requirement_id, date(2026, 8, 31), now=NOW)


def test_a_change_by_somebody_who_had_an_older_edition_open_is_refused(office, staff, database):
    edition = office.page(staff.requirement_id).edition
    office.change(staff.requirement_id, due_days=10, edition=edition)
    kept = versions(database, staff.requirement_id)
    with pytest.raises(ChangedMeanwhile):
        office.preview(staff.requirement_id, due_days=20, edition=edition)
    with pytest.raises(ChangedMeanwhile):
        office.change(staff.requirement_id, due_days=20, edition=edition)
    with pytest.raises(ChangedMeanwhile):
        office.retire(staff.requirement_id, THEN, edition=edition)
    assert len(versions(database, staff.requirement_id)) == len(kept)


def test_of_two_managers_who_change_it_at_once_one_is_told(office, staff, database):
    edition = office.page(staff.requirement_id).edition
    acts = [lambda days=days: office.change(staff.requirement_id, due_days=days, edition=edition) for days in (10, 20)]
    assert sorted(type(each).__name__ for each in all_at_once(*acts)) == ["ChangedMeanwhile", "NoneType"]
    assert len(office.page(staff.requirement_id).versions) == 2
    assert standing_checks.verify(database, now=LATER) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_job_that_adds_a_line_does_not_wait_for_a_change_that_waits_for_people(
    office, staff, database, home, monkeypatch
):
    """On PostgreSQL the two would wait for each other: the change for the person, the line for the requirement."""
    elsewhere = make_person(database, home, now=LATER, role=Role.PRESCRIBER)
    job = {"job_title_id": home.titles[Role.SOCIAL_CARE], "site_id": home.site_id, "starts_on": LATER.date()}
    known = {"viewer": home.viewer, "person_id": elsewhere.person_id, "now": LATER}
    beginning = threading.Thread(target=employments.add_job, args=(database,), kwargs=job | known)
    catch_up, in_time = requirement_changes.catch_up, []

    def wait_for_the_job(session, **asked):
        beginning.start()
        beginning.join(timeout=30)
        in_time.append(not beginning.is_alive())
        catch_up(session, **asked)

    monkeypatch.setattr(requirement_changes, "catch_up", wait_for_the_job)
    office.change(staff.requirement_id, due_days=20)
    beginning.join()
    assert in_time == [True]
    assert standing_checks.verify(database, now=LATER) == []


def test_of_two_requirements_of_one_name_added_at_once_one_is_refused(office):
    found = all_at_once(lambda: office.add(), lambda: office.add(name="YEARLY "))
    assert sorted(type(each).__name__ for each in found) == ["RequirementRefused", "UUID"]


def test_nobody_who_joins_while_a_requirement_is_added_is_left_out(office, database, home):
    all_at_once(office.add, *(lambda: make_person(database, home, now=NEXT) for _ in range(3)))
    assert len(office.statuses(NEXT.date())) == 3
    assert standing_checks.verify(database, now=NEXT) == []


def test_a_name_alone_changes_at_once_and_makes_no_version(office, staff, database):
    before = versions(database, staff.requirement_id)
    office.change(staff.requirement_id, name="Every year")
    page = office.page(staff.requirement_id)
    assert (page.name, len(versions(database, staff.requirement_id))) == ("Every year", len(before))
    with pytest.raises(RequirementRefused, match="Nothing is different"):
        office.change(staff.requirement_id)
    office.change(staff.requirement_id, EVERYONE_AGAIN)
    assert office.line(staff.fresh, THEN).valid_until == AGAIN_BY


def test_a_change_from_now_on_only_can_be_made_to_reach_everybody_later(office, staff):
    office.change(staff.requirement_id, Choice(Reach.FROM_NOW_ON), **TWO_YEARS)
    office.change(staff.requirement_id, Choice(Reach.AT_NEXT_RENEWAL), **TWO_YEARS)
    office.learn(staff.never, date(2027, 4, 2))
    assert office.line(staff.never, date(2027, 4, 2)).valid_until == date(2029, 4, 1)


REFUSED = [
    ("name", {"name": " "}),
    ("name", {"name": "x" * 256}),
    ("name", {"name": "social care WORKER"}),
    ("items", {"items": ()}),
    ("items", {"items": ("no-such",)}),
    ("roles", {"roles": ()}),
    ("job_title_ids", {"job_title_ids": (uuid.UUID(int=1),)}),
    ("site_ids", {"site_ids": (uuid.UUID(int=1),)}),
    ("due_days", {"due_days": -1}),
    ("due_days", {"due_days": 366}),
    ("valid_months", {"terms": Terms(valid_months=0)}),
    ("window_days", {"terms": Terms(valid_months=12, window_days=183)}),
    ("fixed_day", {"terms": Terms(12, basis=Basis.FIXED_DATE, fixed_month=2, fixed_day=30)}),
    ("minimum_months", {"terms": Terms(12, basis=Basis.FIXED_DATE, fixed_month=3, fixed_day=31, minimum_months=2)}),
    ("starts_on", {"starts_on": NOW.date()}),
    ("starts_on", {"starts_on": date(2028, 1, 1)}),
]


@pytest.mark.parametrize(("field", "changed"), REFUSED)
def test_what_cannot_be_kept_is_refused_at_its_field_with_nothing_written(office, database, field, changed):
    before = len(rows(database, RequirementVersion))
    for act in (office.preview_new, office.add):
        with pytest.raises(RequirementRefused) as refused:
            act(**changed)
        assert refused.value.field == field
        assert str(refused.value).endswith(".")
    assert len(rows(database, RequirementVersion)) == before


@pytest.mark.parametrize("again_by", [None, THEN, date(2027, 4, 30), date(2040, 1, 1)])
def test_a_day_to_pass_again_by_that_gives_nobody_time_is_refused(office, staff, again_by):
    with pytest.raises(RequirementRefused) as refused:
        office.change(staff.requirement_id, Choice(Reach.EVERYONE_AGAIN, again_by), starts_on=date(2027, 5, 1))
    assert refused.value.field == "again_by"


def test_only_a_manager_of_the_whole_organisation_decides(office, staff):
    boss = replace(office.home.viewer, manages_all=False, site_ids=frozenset({office.home.site_id}))
    theirs = replace(office, home=replace(office.home, viewer=boss))
    for act in (
        theirs.add,
        theirs.preview_new,
        lambda: theirs.change(staff.requirement_id, due_days=5),
        lambda: theirs.preview(staff.requirement_id, due_days=5),
        lambda: theirs.retire(staff.requirement_id, THEN),
        lambda: theirs.preview_retirement(staff.requirement_id, THEN),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_requirement_of_another_organisation_is_not_there(office, staff, neighbour):
    stranger = replace(office, home=neighbour)
    opened = {"requirement_id": staff.requirement_id, "edition": 1}
    for act in (
        lambda: office.page(staff.requirement_id, viewer=neighbour.viewer),
        lambda: requirement_changes.retire_requirement(
            office.database, opened=Opened(**opened), last_on=THEN, now=LATER, **stranger.known
        ),
    ):
        with pytest.raises(NotFound):
            act()
    assert {line.name for line in stranger.listed().running} == {CARE, "Prescriber", Role.NON_PRESCRIBER.label}


def test_the_list_says_what_is_asked_of_whom_and_from_when(office):
    office.add()
    office.add(name="A track", items=(), track=Role.PRESCRIBER, roles=(Role.PRESCRIBER, Role.SOCIAL_CARE))
    running = office.listed().running
    assert [line.name for line in running] == ["A track", "Yearly"]
    yearly = running[1].shown
    assert (yearly.titles, yearly.audience) == (("Every kind of question",), CARE)
    assert yearly.terms[0] == "First due 30 days after the need begins."
    assert running[0].shown.audience == "Prescriber or Social care worker"
    assert len(office.listed().ended) == 3
