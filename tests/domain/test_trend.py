"""The trend: the days it is drawn for, and what one person adds to each of them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from training.domain.certification import Pass
from training.domain.counting import count_person
from training.domain.days import Span
from training.domain.person_record import House, PersonRecord, Post, as_on, facts_for
from training.domain.requirement import Audience, Requirement, Terms, Version
from training.domain.roles import Role
from training.domain.standing import Standing, status_on, work_out_dates
from training.domain.status import Status
from training.domain.trend import (
    Course,
    courses_of,
    month_ends,
    moves_by_day,
    requirements_by_item,
    statuses_by_day,
    units_by_day,
)

BEGIN = date(2026, 1, 1)
JANUARY, FEBRUARY, MARCH, APRIL = (date(2026, month, day) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30)))
ENDS = [JANUARY, FEBRUARY, MARCH, APRIL]
YEARLY = Terms(12)
EVERYONE = Audience(frozenset(Role))


def requirement(id, *items, due_days=30, audience=EVERYONE, terms=YEARLY):  # noqa: A002 (its field)
    version = Version(days=Span(BEGIN), items=items, audience=audience, terms=terms, due_days=due_days)
    return Requirement(id, id.title(), (version,))


def house(*requirements):
    return House({each.id: each for each in requirements})


def post(site="alder", from_=BEGIN, until=None, role=Role.SOCIAL_CARE):
    return Post(site, "carer", Span(from_, until), ((role, Span(from_, until)),))


def passed(item, *days):
    return {item: [Pass(day) for day in days]}


def slugs(statuses):
    return {item: status.value for item, status in statuses.items()}


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 3, 1), ["2025-12-31", "2026-01-31", "2026-02-28"]),
        (date(2026, 3, 31), ["2025-12-31", "2026-01-31", "2026-02-28"]),
        (date(2024, 4, 2), ["2024-01-31", "2024-02-29", "2024-03-31"]),
    ],
)
def test_the_months_are_the_latest_that_are_over_in_order(today, ends):
    assert month_ends(today, months=3) == tuple(map(date.fromisoformat, ends))


def test_two_years_are_drawn_unless_told_otherwise():
    days = month_ends(date(2026, 3, 31))
    assert (len(days), days[0], days[-1]) == (24, date(2024, 3, 31), FEBRUARY)


def test_an_item_is_asked_for_by_every_requirement_that_ever_named_it():
    basics, both = requirement("basics", "stomp"), requirement("both", "stomp", "stamp")
    assert requirements_by_item(house(basics, both)) == {"stomp": [basics, both], "stamp": [both]}


def test_a_course_stands_on_each_day_as_a_line_worked_out_for_that_day_does():
    record = PersonRecord(posts=[post(until=date(2026, 4, 10))], passes=passed("stomp", date(2026, 2, 10)))
    basics = requirement("basics", "stomp", terms=Terms(1, window_days=10))
    facts = facts_for(record, basics, "stomp", house=house(basics), as_at=APRIL)
    days = [BEGIN + timedelta(days=number) for number in range(-2, 140)]
    for day, standing in zip(days, Course(facts, basics.versions).standings(days), strict=True):
        anew = work_out_dates(as_on(facts, basics.versions, day), as_at=day)
        assert status_on(standing, day) is status_on(anew, day)
        assert standing == anew._replace(on_leave=standing.on_leave, exemption=standing.exemption)


def test_a_day_before_anything_began_has_no_dates():
    record = PersonRecord(posts=[post(from_=MARCH)])
    basics = requirement("basics", "stomp")
    facts = facts_for(record, basics, "stomp", house=house(basics), as_at=APRIL)
    assert list(Course(facts, basics.versions).standings([JANUARY])) == [Standing(requirement="Basics")]


def test_a_status_is_what_it_was_on_each_day():
    record = PersonRecord(posts=[post()], passes=passed("stomp", date(2026, 3, 15)))
    known = house(requirement("basics", "stomp", due_days=40))
    found = statuses_by_day(record, house=known, asked=requirements_by_item(known), days=ENDS)
    assert {day: slugs(each) for day, each in found.items()} == {
        JANUARY: {"stomp": "not-yet-due"},
        FEBRUARY: {"stomp": "overdue"},
        MARCH: {"stomp": "up-to-date"},
        APRIL: {"stomp": "up-to-date"},
    }


def test_the_first_due_day_is_by_the_version_that_the_need_of_the_day_began_with():
    before = Version(days=Span(BEGIN, FEBRUARY), items=("stomp",), audience=EVERYONE, terms=YEARLY, due_days=100)
    after = replace(before, days=Span(date(2026, 3, 1)), due_days=7)
    known = house(Requirement("basics", "Basics", (before, after)))
    asked = requirements_by_item(known)
    for record, status in (
        (PersonRecord(posts=[post()]), "not-yet-due"),
        (PersonRecord(posts=[post(from_=date(2026, 3, 20))]), "overdue"),
    ):
        found = statuses_by_day(record, house=known, asked=asked, days=ENDS[2:])
        assert slugs(found[MARCH]) == {"stomp": status}
    returned = PersonRecord(posts=[post(until=date(2026, 1, 20)), post(from_=date(2026, 3, 20))])
    found = statuses_by_day(returned, house=known, asked=asked, days=ENDS)
    assert [slugs(found[day]).get("stomp") for day in (JANUARY, MARCH)] == ["not-on-file", "overdue"]


def test_the_strictest_of_several_requirements_speaks():
    record = PersonRecord(posts=[post()])
    known = house(requirement("later", "stomp", due_days=100), requirement("sooner", "stomp", due_days=10))
    found = statuses_by_day(record, house=known, asked=requirements_by_item(known), days=[JANUARY, APRIL])
    assert [slugs(found[day]) for day in (JANUARY, APRIL)] == [{"stomp": "overdue"}, {"stomp": "overdue"}]


def test_what_nobody_asked_of_somebody_and_they_never_passed_is_not_among_their_items():
    doctors = requirement("doctors", "stomp", audience=Audience(frozenset({Role.PRESCRIBER})))
    known = house(doctors)
    found = statuses_by_day(
        PersonRecord(posts=[post()]), house=known, asked=requirements_by_item(known), days=[JANUARY, APRIL]
    )
    assert found == {JANUARY: {}, APRIL: {}}
    assert statuses_by_day(PersonRecord(), house=known, asked=requirements_by_item(known), days=[]) == {}


def test_what_was_passed_and_is_not_needed_is_held():
    doctors = requirement("doctors", "stomp", audience=Audience(frozenset({Role.PRESCRIBER})))
    others = requirement("others", "stomp", audience=Audience(frozenset({Role.FAMILY_CARER})))
    record = PersonRecord(posts=[post()], passes=passed("stomp", date(2026, 2, 10)))
    known = house(doctors, others)
    asked = requirements_by_item(known)
    courses = courses_of(record, "stomp", asked["stomp"], house=known, day=APRIL, sites=None)
    assert [each.facts.requirement for each in courses] == ["Doctors"]
    found = statuses_by_day(record, house=known, asked=asked, days=[FEBRUARY])
    assert slugs(found[FEBRUARY]) == {"stomp": "held"}


def test_only_the_requirements_that_mean_somebody_have_a_course_where_any_does():
    doctors = requirement("doctors", "stomp", audience=Audience(frozenset({Role.PRESCRIBER})))
    carers = requirement("carers", "stomp")
    record = PersonRecord(posts=[post()], passes=passed("stomp", date(2026, 2, 10)))
    known = house(doctors, carers)
    courses = courses_of(record, "stomp", [doctors, carers], house=known, day=APRIL, sites=None)
    assert [(each.facts.requirement, each.versions) for each in courses] == [("Carers", carers.versions)]
    assert courses_of(record, "stomp", [doctors, carers], house=known, day=APRIL, sites={"birch"})[0].facts == (
        facts_for(record, doctors, "stomp", house=known, as_at=APRIL, sites={"birch"})
    )


def test_somebody_at_one_site_counts_there_and_in_the_whole_alike():
    record = PersonRecord(posts=[post(until=date(2026, 3, 10))])
    known = house(requirement("basics", "stomp"))
    found = dict(units_by_day(record, house=known, asked=requirements_by_item(known), days=ENDS))
    assert {day: {unit: slugs(each) for unit, each in units.items()} for day, units in found.items()} == {
        JANUARY: {None: {"stomp": "not-yet-due"}, "alder": {"stomp": "not-yet-due"}},
        FEBRUARY: {None: {"stomp": "overdue"}, "alder": {"stomp": "overdue"}},
    }


def test_somebody_at_two_sites_counts_at_each_by_what_is_asked_there():
    at_alder = requirement("alder", "stomp", audience=replace(EVERYONE, sites=frozenset({"alder"})))
    record = PersonRecord(posts=[post("alder"), post("birch", from_=date(2026, 2, 1))])
    known = house(at_alder)
    found = dict(units_by_day(record, house=known, asked=requirements_by_item(known), days=[JANUARY, FEBRUARY]))
    assert found[JANUARY].keys() == {None, "alder"}
    assert {unit: slugs(each) for unit, each in found[FEBRUARY].items()} == {
        None: {"stomp": "overdue"},
        "alder": {"stomp": "overdue"},
        "birch": {},
    }


def test_people_add_up_by_day_unit_item_and_measure():
    known = house(requirement("basics", "stomp"))
    records = [
        PersonRecord(posts=[post()]),
        PersonRecord(posts=[post(from_=date(2026, 2, 10))]),
        PersonRecord(posts=[post("birch"), post("alder")], passes=passed("stomp", date(2026, 1, 10))),
    ]
    moves = moves_by_day(records, house=known, days=[JANUARY, FEBRUARY])
    late, new, good = Status.OVERDUE, Status.NOT_YET_DUE, Status.UP_TO_DATE
    expected = {
        JANUARY: [
            {None: {"stomp": new}, "alder": {"stomp": new}},
            {u: {"stomp": good} for u in (None, "alder", "birch")},
        ],
        FEBRUARY: [
            {None: {"stomp": late}, "alder": {"stomp": late}},
            {None: {"stomp": new}, "alder": {"stomp": new}},
            {unit: {"stomp": good} for unit in (None, "alder", "birch")},
        ],
    }
    assert moves == {day: sum(map(count_person, people), start=count_person({})) for day, people in expected.items()}
    assert moves[FEBRUARY]["alder", "", "heads"] == 3
