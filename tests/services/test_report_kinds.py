"""What each report holds: right figures, everybody once, nobody of another organisation, and few questions asked."""

from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.test_query_counts import counting
from training.domain.roles import Role
from training.domain.status import Status
from training.services import employments, organisations, report_kinds, report_learning, roll_over, rosters
from training.services.listings import Listed, PeopleFilter
from training.services.organisations import NotFound
from training.services.report_kinds import KINDS, open_report
from training.services.report_questions import Question
from training.services.staff import AsOf
from training.services.status_queries import LATE

TODAY = date(2026, 4, 2)
LISTED = [name for name, kind in KINDS.items() if report_kinds.PERSON not in kind.takes]


@pytest.fixture
def second(database, home):
    return organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)


@pytest.fixture
def staff(database, catalog, home, second):
    """Four people: one who passed everything, two who passed nothing, one of them at both sites, and a carer."""
    done = make_person(database, home, now=NOW, name="Done")
    late = make_person(database, home, now=NOW, name="Late", site_id=second)
    both = make_person(database, home, now=NOW, name="Both")
    make_person(database, home, now=NOW, name="Carer", role=Role.FAMILY_CARER)
    job = {"job_title_id": home.titles[Role.PRESCRIBER], "site_id": second, "starts_on": NOW.date(), "now": NOW}
    employments.add_job(database, viewer=home.viewer, person_id=both.person_id, **job)
    for slug in catalog.tracks[Role.SOCIAL_CARE].core:
        learn(database, done, catalog=catalog, slug=slug, now=NOW + timedelta(days=1))
    learn(database, late, catalog=catalog, slug="every-kind", now=NOW, right=False)
    return {"done": done, "late": late, "both": both}


@pytest.fixture
def read(database, catalog, home):
    """Return a function that reads the rows of a report's tables, by the names of their columns."""

    def look(name, *, viewer=home.viewer, table="", as_of=None, **asked):
        wanted = PeopleFilter(**asked.pop("wanted", {}))
        question = Question(as_of or AsOf.present(TODAY), wanted, **asked)
        known = {"viewer": viewer, "catalog": catalog, "question": question}
        with open_report(database, name=name, now=NOW, **known) as report:
            tables = {each.slug: (each.columns, list(each.rows)) for each in report.tables}
        columns, rows = tables[table or report.main_table.slug]
        return [dict(zip((column.name for column in columns), row.cells, strict=True)) for row in rows]

    return look


def test_the_matrix_has_everybody_once_with_a_cell_for_each_item(read, staff, catalog):  # noqa: ARG001
    rows = read("matrix")
    assert [row["Name"] for row in rows] == ["Both", "Carer", "Done", "Late"]
    assert str(rows[2]["Every kind of question"]) == "Up to date until 2 Mar 2027"
    assert str(rows[3]["Every kind of question"]) == "Overdue since 2 Apr 2026"
    assert str(rows[1]["Every kind of question"]) == "Not needed"
    assert rows[3]["Every kind of question"].status is Status.OVERDUE


def test_only_what_is_expired_or_overdue_is_late(read, staff):  # noqa: ARG001
    rows = read("overdue")
    assert {row["Name"] for row in rows} == {"Both", "Late"}
    assert {str(row["Status"]) for row in rows} == {"Overdue"}
    assert {row["Due by"] for row in rows} == {date(2026, 4, 1)}
    assert read("overdue", wanted={"status": Status.UP_TO_DATE}) == rows, "it cannot be asked for a status"


@pytest.mark.parametrize(("days", "bands"), [(29, {"30 days"}), (30, {"30 days"}), (31, set())])
def test_what_falls_due_within_some_days_is_due_soon(read, database, home, days, bands):
    make_person(database, home, now=NOW, name="New", starts_on=TODAY - timedelta(days=30 - days))
    for as_of in (AsOf.present(TODAY), AsOf(TODAY, today=TODAY, known_at=NOW + timedelta(days=365))):
        rows = read("due-soon", within=30, as_of=as_of)
        assert {row["Within"] for row in rows} == bands
        assert {row["Days left"] for row in rows} == ({days} if bands else set())
        assert {row["Due by"] for row in rows} == ({TODAY + timedelta(days=days)} if bands else set())


def test_what_is_in_date_is_due_soon_in_its_last_days(read, database, catalog, home):
    person = make_person(database, home, now=NOW, name="Ann")
    learn(database, person, catalog=catalog, slug="every-kind", now=NOW)
    last = date(2027, 3, 1)
    for before, band in ((90, "90 days"), (60, "60 days"), (31, "60 days"), (30, "30 days"), (0, "30 days")):
        day = last - timedelta(days=before)
        (row,) = [each for each in read("due-soon", as_of=AsOf.present(day)) if each["Training"].startswith("Every")]
        assert (row["In date until"], row["Days left"], row["Within"]) == (last, before, band)
    for day in (last - timedelta(days=91), last + timedelta(days=1)):
        assert not [row for row in read("due-soon", as_of=AsOf.present(day)) if row["Training"].startswith("Every")]


def test_sites_roles_and_titles_reconcile_and_count_whoever_is_in_two_in_both(read, staff):  # noqa: ARG001
    sites = {row["Site"]: row for row in read("site-summary")}
    assert {name: row["People"] for name, row in sites.items()} == {"First site": 3, "Second site": 2}
    assert sites["First site"]["Compliant people"] == 1
    roles = {row["Role"]: row for row in read("role-summary")}
    assert {name: row["People"] for name, row in roles.items()} == {
        "Social care worker": 3,
        "Prescriber": 1,
        "Family carer": 1,
    }
    titles = {row["Job title"]: row["People"] for row in read("job-title-summary")}
    assert titles == {name: row["People"] for name, row in roles.items()}
    assert roles["Family carer"]["Percent"] is None
    for row in (*sites.values(), *roles.values(), *read("requirement-summary")):
        apart = sum(row[name] for name in ("Not yet due", "On leave", "Exempt", "Held", "Not needed"))
        assert row["On file"] == row["Counted"] + apart
        assert row["Counted"] == row["Compliant"] + row["Expired"] + row["Overdue"]


def test_a_requirements_row_names_who_asks_for_it(read, staff):  # noqa: ARG001
    rows = {row["Training"]: row for row in read("requirement-summary")}
    assert "Social care worker" in rows["Every kind of question"]["Required by"]
    assert rows["Every kind of question"]["Percent"] == Decimal("33.3")


def test_figures_with_a_filter_are_those_of_the_lines_it_leaves(read, staff, second):  # noqa: ARG001
    for wanted in ({"site_id": second}, {"role": Role.PRESCRIBER}, {"search": "o"}, {"item": "every-kind"}):
        lines = read("everybody", wanted=wanted)
        whole = read("overview", wanted=wanted)[0]
        assert whole["On file"] == len(lines), wanted
        assert whole["Overdue"] == sum(str(line["Status"]) == "Overdue" for line in lines), wanted
        assert sum(row["On file"] for row in read("requirement-summary", wanted=wanted)) == len(lines), wanted


def test_the_workbook_holds_the_sheets_that_managers_know(read, staff):  # noqa: ARG001
    by_staff = {row["Name"]: row for row in read("compliance", table="staff")}
    assert (by_staff["Done"]["Up to date"], by_staff["Done"]["Percent"]) == (3, Decimal("100.0"))
    assert (by_staff["Late"]["Overdue"], by_staff["Late"]["Percent"]) == (3, Decimal("0.0"))
    assert by_staff["Carer"]["Percent"] is None
    assert read("compliance", table="overdue") == read("overdue")
    assert read("compliance", table="details") == read("everybody")
    assert read("compliance", table="summary") == read("overview")
    assert read("compliance", table="requirements") == read("requirement-summary")


def test_hours_are_the_minutes_of_what_was_passed_in_the_days_asked_for(read, staff, catalog):  # noqa: ARG001
    minutes = sum(catalog.item(slug).minutes for slug in catalog.tracks[Role.SOCIAL_CARE].core)
    rows = {row["Name"]: row for row in read("training-hours")}
    assert (rows["Done"]["Passes"], rows["Done"]["Minutes"]) == (3, minutes)
    assert rows["Late"]["Minutes"] == 0
    (whole,) = read("training-hours", table="total")
    assert (whole["People"], whole["Minutes"]) == (4, minutes)
    passed_on = (NOW + timedelta(days=1)).date()
    for since, until, found in (
        (passed_on, passed_on, minutes),
        (passed_on + timedelta(days=1), None, 0),
        (None, passed_on - timedelta(days=1), 0),
        (None, date(2199, 1, 1), minutes),
    ):
        assert read("training-hours", table="total", since=since, until=until)[0]["Minutes"] == found
    then = AsOf(TODAY, today=TODAY, known_at=NOW)
    assert read("training-hours", table="total", as_of=then)[0]["Minutes"] == 0


def test_hours_of_one_training_or_of_some_people_are_theirs_alone(read, staff, catalog):  # noqa: ARG001
    one = catalog.item("every-kind").minutes
    whole = {"People": 4, "Passes": 1, "Refreshers": 0, "Minutes": one}
    for wanted, expected in (
        ({"item": "every-kind"}, whole),
        ({"item": "every-kind", "search": "done"}, {**whole, "People": 1}),
        ({"item": "every-kind", "search": "late"}, {"People": 1, "Passes": 0, "Refreshers": 0, "Minutes": 0}),
        ({"item": "every-kind", "role": Role.PRESCRIBER}, {"People": 1, "Passes": 0, "Refreshers": 0, "Minutes": 0}),
    ):
        (total,) = read("training-hours", table="total", wanted=wanted)
        assert {name: total[name] for name in expected} == expected, wanted
        assert sum(row["Minutes"] for row in read("training-hours", wanted=wanted)) == total["Minutes"]


def test_what_is_not_about_compliance_has_a_denominator_of_its_own(database, catalog, home, staff):  # noqa: ARG001
    known = {"viewer": home.viewer, "catalog": catalog, "question": Question(AsOf.present(TODAY)), "now": NOW}
    for name, said in (
        ("training-hours", "4 people on file = 1 who passed something + 3 who passed nothing."),
        ("attempts", "4 people on file = 2 who tried something + 2 who tried nothing."),
    ):
        with open_report(database, name=name, **known) as report:
            assert (report.head.percent, report.head.denominator) == ("", said)


def test_the_late_are_counted_as_they_are_listed(database, catalog, home, staff, second):  # noqa: ARG001
    keeper = replace(home.viewer, manages_all=False, site_ids=frozenset({second}))
    for moved in (False, True):
        for viewer in (home.viewer, keeper):
            for wanted in ({}, {"item": "every-kind"}, {"role": Role.SOCIAL_CARE}):
                with database.read(home.viewer.organisation_id) as session:
                    as_of, people = AsOf.present(TODAY), PeopleFilter(**wanted)
                    known = {"viewer": viewer, "catalog": catalog, "as_of": as_of, "wanted": people}
                    roster = replace(rosters.open_roster(session, **known), listed=Listed(LATE))
                    assert roster.count_people() == len(list(roster.people_listed())) > 0, (moved, wanted)
        deque(roll_over.roll_over(database, now=datetime(2026, 4, 2, 10, tzinfo=UTC)), maxlen=0)


@pytest.mark.parametrize("day", [TODAY, date(2026, 4, 2), date(2027, 2, 20)])
def test_whatever_is_listed_is_what_fits_of_all_there_is(database, catalog, home, staff, second, day):  # noqa: ARG001
    keeper, seen = replace(home.viewer, manages_all=False, site_ids=frozenset({second})), 0
    asked = [Listed(frozenset({status})) for status in Status] + [
        Listed(LATE),
        *(Listed(within=days) for days in (30, 400)),
    ]
    for is_turned, viewer in product((False, True), (home.viewer, keeper)):
        if is_turned:
            deque(roll_over.roll_over(database, now=datetime.combine(day, NOW.timetz())), maxlen=0)
        with database.read(home.viewer.organisation_id) as session:
            roster = rosters.open_roster(session, viewer=viewer, catalog=catalog, as_of=AsOf.present(day))
            every = [line for _, lines in roster.everybody() for line in lines]
            for listed in asked:
                found = [line for _, lines in replace(roster, listed=listed).people_listed() for line in lines]
                assert found == [line for line in every if listed.fits(line)], (is_turned, listed)
                seen += bool(found)
    assert seen > 15


def test_a_refresher_takes_its_share_of_the_minutes(catalog):
    item = catalog.item("every-kind")
    questions = [question.id for question in item.questions(Role.SOCIAL_CARE)]
    taken = [
        report_learning.share_of(item, role=Role.SOCIAL_CARE, question_ids=some)
        for some in (questions, questions[:1], [])
    ]
    assert taken[0] == item.minutes
    assert 1 <= taken[1] < item.minutes or item.minutes == 1
    assert taken[2] == 1


def test_totals_of_tries_are_shown_over_five_people_or_more_alone(read, database, catalog, home):
    for number in range(4):
        person = make_person(database, home, now=NOW)
        learn(database, person, catalog=catalog, slug="every-kind", now=NOW, right=number > 0)
    (row,) = read("attempts")
    assert (row["People"], row["Tries"], row["Passed"], row["Not passed"]) == (None, None, None, None)
    assert row["Note"] == "Fewer than five people: no totals."
    person = make_person(database, home, now=NOW)
    learn(database, person, catalog=catalog, slug="every-kind", now=NOW, right=False)
    learn(database, person, catalog=catalog, slug="every-kind", now=NOW + timedelta(days=1))
    (row,) = read("attempts")
    assert (row["People"], row["Tries"], row["Passed"], row["Not passed"]) == (5, 6, 4, 2)
    (row,) = read("attempts", until=NOW.date())
    assert (row["People"], row["Tries"], row["Passed"], row["Not passed"]) == (5, 5, 3, 2)
    (row,) = read("attempts", since=(NOW + timedelta(days=1)).date())
    assert row["People"] is None


def test_one_persons_report_has_their_lines_and_passes(read, staff):
    person_id = staff["done"].person_id
    assert [row["Name"] for row in read("person", person_id=person_id)] == ["Done"] * 3
    passes = read("person", person_id=person_id, table="passes")
    assert {row["Passed on"] for row in passes} == {(NOW + timedelta(days=1)).date()}
    assert {row["In date until"] for row in passes} == {date(2027, 3, 2)}
    assert all(row["Receipt code"] for row in passes)
    before = AsOf(NOW.date(), today=TODAY)
    assert read("person", person_id=person_id, table="passes", as_of=before) == []
    assert {str(row["Status"]) for row in read("person", person_id=person_id, as_of=before)} == {"Not yet due"}


def test_no_report_holds_anybody_of_another_organisation(read, database, catalog, home, neighbour, staff):  # noqa: ARG001
    stranger = make_person(database, neighbour, now=NOW, name="Neighbour Stranger")
    learn(database, stranger, catalog=catalog, slug="every-kind", now=NOW)
    for name in LISTED:
        assert "Stranger" not in repr(read(name)), name
        assert "Late" not in repr(read(name, viewer=neighbour.viewer)), name
        for wanted in ({"site_id": neighbour.site_id}, {"job_title_id": neighbour.titles[Role.SOCIAL_CARE]}):
            assert "Stranger" not in repr(read(name, wanted=wanted)), (name, wanted)
    with pytest.raises(NotFound):
        read("person", person_id=stranger.person_id)


def test_a_site_manager_gets_nobody_who_works_elsewhere_alone(read, home, staff, second):
    keeper = replace(home.viewer, manages_all=False, site_ids=frozenset({home.site_id}))
    for name in LISTED:
        for wanted in ({}, {"site_id": second}, {"search": "late"}):
            assert "Late" not in repr(read(name, viewer=keeper, wanted=wanted)), (name, wanted)
    with pytest.raises(NotFound):
        read("person", viewer=keeper, person_id=staff["late"].person_id)


def test_a_report_asks_as_often_for_thirty_people_as_for_ten(read, database, catalog, home):
    known = [(name, as_of) for name in LISTED for as_of in (AsOf.present(TODAY), AsOf(date(2026, 5, 1), today=TODAY))]
    counts = []
    for more in (10, 20):
        for _ in range(more):
            person = make_person(database, home, now=NOW)
            learn(database, person, catalog=catalog, slug="every-kind", now=NOW)
        counts.append({asked: len(statements_of(database, read, *asked)) for asked in known})
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 40


def statements_of(database, read, name, as_of):
    with counting(database) as statements:
        read(name, as_of=as_of)
    return statements


def test_people_come_in_batches_of_which_none_is_lost_or_doubled(read, database, home, monkeypatch):
    for number in range(7):
        make_person(database, home, now=NOW, name="Same Name" if number % 2 else f"Name {number}")
    whole = read("everybody")
    for batch, names in ((1, 2), (3, 1), (2, 3)):
        monkeypatch.setattr(rosters, "BATCH", batch)
        monkeypatch.setattr(rosters, "NAMES", names)
        assert read("everybody") == whole


def test_a_report_of_one_moment_does_not_see_what_is_written_while_it_is_read(database, catalog, home, monkeypatch):
    monkeypatch.setattr(rosters, "BATCH", 1)
    monkeypatch.setattr(rosters, "NAMES", 1)
    for name in ("Ann", "Bea"):
        make_person(database, home, now=NOW, name=name)
    known = {"viewer": home.viewer, "catalog": catalog, "question": Question(AsOf.present(TODAY)), "now": NOW}
    with open_report(database, name="matrix", **known) as report:
        rows = iter(report.main_table.rows)
        first = next(rows)
        make_person(database, home, now=NOW, name="Cal")
        rest = list(rows)
    assert [row.cells[0] for row in (first, *rest)] == ["Ann", "Bea"]


def test_a_report_that_is_none_is_refused_by_name(read):
    with pytest.raises(NotFound, match="no report 'nonsense'"):
        read("nonsense")
