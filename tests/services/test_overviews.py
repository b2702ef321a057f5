"""The overview: what the database adds up is what the rules say of each person, and leads to just those lines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services import test_history_property as histories
from tests.services.test_history_property import shared  # noqa: F401 (a fixture)
from training.domain.days import day_in
from training.domain.roles import Role
from training.models import WHOLE_ID
from training.services import employments, organisations, overview_counts, overviews, report_kinds, trend_work
from training.services.listings import PeopleFilter
from training.services.overview_counts import Group
from training.services.overviews import By
from training.services.report_questions import Question
from training.services.rosters import open_roster
from training.services.staff import AsOf

TODAY = day_in(NOW, "Europe/London")
ITEM = "for-everyone"


@pytest.fixture
def ask(database, catalog, home):
    """Return the overview of a day as somebody sees it."""

    def look(viewer=None, *, day=TODAY, today=TODAY, by=By.TRAINING):
        as_of = AsOf(day, today=today)
        return overviews.overview(database, viewer=viewer or home.viewer, catalog=catalog, as_of=as_of, by=by)

    return look


def figures(report):
    return {line.figure.name: (line.figure.percent, line.figure.tally.on_file) for line in report.lines}


def rows_of(database, name, *, viewer, catalog, **asked):
    """Return how many rows a report has, which is where a figure leads."""
    question = Question(**{"as_of": AsOf.present(TODAY)} | asked)
    opened = report_kinds.open_report(database, viewer=viewer, catalog=catalog, name=name, question=question, now=NOW)
    with opened as report:
        return len(list(report.main_table.rows))


def counted_both_ways(database, viewer, catalog, today, group):
    """Return what the database adds up, and what a walk from person to person comes to."""
    known = {"viewer": viewer, "catalog": catalog, "as_of": AsOf.present(today)}
    with database.read(viewer.organisation_id) as session:
        roster = open_roster(session, **known)
        assert roster.is_stored
        ready = overview_counts.count_everybody(roster, group=group)
        walked = overview_counts.walk(roster, group=group)
    return [
        (
            {left: count for left, count in each.due.items() if count},
            {key: (one.heads, +one.lines) for key, one in each.groups.items()},
        )
        for each in (ready, walked)
    ]


@settings(max_examples=10)
@given(history=histories.HISTORIES)
def test_whatever_happens_the_database_adds_up_what_the_rules_say(shared, catalog, history):  # noqa: F811
    one = histories.Organisation(shared, catalog)
    for later, act in history:
        one.now += timedelta(days=later)
        one.do(*act)
    here = replace(one.home.viewer, manages_all=False, site_ids=frozenset({one.home.site_id}))
    for viewer in (one.home.viewer, here):
        for days in (0, 31, 300):
            for group in Group:
                ready, walked = counted_both_ways(shared, viewer, catalog, one.today + timedelta(days=days), group)
                assert ready == walked


def test_what_falls_due_is_as_much_as_the_list_it_leads_to(database, catalog, home, ask):
    for days in (0, 1, 40):
        made = make_person(database, home, now=NOW - timedelta(days=days), starts_on=TODAY - timedelta(days=days))
        learn(database, made, catalog=catalog, slug=ITEM, now=NOW - timedelta(days=days))
    learn(database, make_person(database, home, now=NOW), catalog=catalog, slug=ITEM, now=NOW)
    later = TODAY + timedelta(days=300)
    for today in (TODAY, later):
        due = ask(day=today, today=today).due
        for within, count in due.items():
            asked = {"as_of": AsOf.present(today), "within": within}
            assert count == rows_of(database, "due-soon", viewer=home.viewer, catalog=catalog, **asked)
        assert due[90] > due[30] or today == TODAY


def test_each_row_leads_to_the_people_it_counts(database, catalog, home, ask):
    for role in (Role.SOCIAL_CARE, Role.SOCIAL_CARE, Role.PRESCRIBER):
        learn(database, make_person(database, home, now=NOW, role=role), catalog=catalog, slug=ITEM, role=role, now=NOW)
    for by, asked in (
        (By.ROLE, lambda leads: {"role": Role(leads["role"])}),
        (By.TRAINING, lambda leads: {"item": leads["item"]}),
    ):
        for line in ask(by=by).lines:
            wanted = PeopleFilter(**asked(line.leads_to))
            rows = rows_of(database, "everybody", viewer=home.viewer, catalog=catalog, wanted=wanted)
            assert rows == line.figure.tally.on_file


def test_roles_and_titles_count_whoever_has_two_in_both(database, home, ask):
    both = make_person(database, home, now=NOW, role=Role.SOCIAL_CARE)
    employments.add_job(
        database,
        viewer=home.viewer,
        person_id=both.person_id,
        job_title_id=home.titles[Role.PRESCRIBER],
        site_id=home.site_id,
        starts_on=TODAY,
        now=NOW,
    )
    make_person(database, home, now=NOW, role=Role.PRESCRIBER)
    items = len(ask().lines)
    assert figures(ask(by=By.ROLE)) == {
        Role.PRESCRIBER.label: ("Nobody is counted", 2 * items),
        Role.SOCIAL_CARE.label: ("Nobody is counted", items),
    }


@pytest.mark.parametrize("by", list(By))
def test_another_day_is_worked_out_from_the_facts_and_says_the_same_as_that_day_did(database, catalog, home, ask, by):
    learn(database, make_person(database, home, now=NOW), catalog=catalog, slug=ITEM, now=NOW)
    make_person(database, home, now=NOW, role=Role.PRESCRIBER)
    then, later = ask(by=by), ask(by=by, today=TODAY + timedelta(days=60))
    assert (then.whole, then.due, then.lines, then.heat_map) == (later.whole, later.due, later.lines, later.heat_map)
    assert (then.trends is None, later.trends is None) == (by is not By.TRAINING, True)


def test_the_heat_map_has_each_site_with_each_item_and_the_least_first(database, catalog, home, ask):
    second = organisations.add_site(database, viewer=home.viewer, name="A second site", now=NOW)
    learn(database, make_person(database, home, now=NOW), catalog=catalog, slug=ITEM, now=NOW)
    make_person(database, home, now=NOW, site_id=second)
    later = TODAY + timedelta(days=40)
    found = ask(day=later, today=later, by=By.HEAT_MAP).heat_map
    place = [item for item, _ in found.items].index(ITEM)
    assert [(name, str(tallies[place].percent)) for _, name, tallies in found.sites] == [
        ("A second site", "0.0"),
        ("First site", "100.0"),
    ]


def test_a_site_manager_sees_only_the_sites_they_manage(database, catalog, home, ask):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    make_person(database, home, now=NOW)
    make_person(database, home, now=NOW, site_id=second)
    here = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    both = replace(here, site_ids=frozenset({home.site_id, second}))
    for viewer, heads, sites in ((here, 1, ["First site"]), (both, 2, ["First site", "Second site"])):
        seen = ask(viewer, by=By.SITE)
        assert (seen.heads, sorted(figures(seen))) == (heads, sites)
        assert [each.name for each in ask(viewer).trends.units] == sites
        assert sorted(name for _, name, _ in ask(viewer, by=By.HEAT_MAP).heat_map.sites) == sites
    page = {"catalog": catalog, "today": TODAY, "item": ""}
    assert overviews.trend_page(database, viewer=here, site_id=second, **page).site_id is None
    assert overviews.trend_page(database, viewer=here, site_id=WHOLE_ID, **page).trends.units[0].name == "First site"


def test_the_trend_goes_from_the_first_month_with_anybody_to_today(database, catalog, home, ask):
    person = make_person(database, home, now=NOW)
    learn(database, person, catalog=catalog, slug=ITEM, now=NOW)
    now = NOW + timedelta(days=65)
    today = day_in(now, "Europe/London")
    list(trend_work.bring_one(database, home.viewer.organisation_id, today=today, known_at=now))
    (whole,) = ask(day=today, today=today).trends.units
    assert [(str(each.day), each.heads) for each in whole.points] == [
        ("2026-03-31", 1),
        ("2026-04-30", 1),
        (today.isoformat(), 1),
    ]
    assert [each.tally.counted for each in whole.points] == [1, len(ask().lines), len(ask().lines)]
    for asked in ({"site_id": home.site_id}, {"site_id": None}):
        page = overviews.trend_page(database, viewer=home.viewer, catalog=catalog, today=today, item=ITEM, **asked)
        assert [str(each.tally.percent) for each in page.trends.units[0].points] == ["100.0"] * 3


def test_before_anything_is_worked_out_the_trend_says_so(home, ask, database):
    make_person(database, home, now=NOW)
    found = ask().trends
    assert (found.known_at, found.is_unfinished, len(found.units[0].points)) == (None, True, 1)
