"""What managers ask: filters, figures that reconcile, files that say what the page says, and one person's story."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.domain.requirement import Terms
from training.domain.roles import Role
from training.domain.status import Status
from training.models import Employment
from training.services import (
    employments,
    organisations,
    report_kinds,
    report_questions,
    reports,
    requirement_changes,
    requirement_plans,
    roll_over,
)
from training.services.listings import PeopleFilter
from training.services.report_questions import Question
from training.services.staff import AsOf

TODAY = date(2026, 4, 2)
AT_PRESENT = AsOf.present(NOW.date())


@pytest.fixture
def staff(database, catalog, home):
    """Five people in every state that a month can bring."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    done = make_person(database, home, now=NOW, name="Zoë Done")
    late = make_person(database, home, now=NOW, name="Abdi Late")
    new = make_person(database, home, now=NOW, name="Ngozi New", starts_on=date(2026, 3, 20), site_id=second)
    carer = make_person(database, home, now=NOW, name="Jean Carer", role=Role.FAMILY_CARER)
    half = make_person(database, home, now=NOW, name="Half Done", role=Role.PRESCRIBER, site_id=second)
    for slug in ("every-kind", "for-everyone", "the-story"):
        learn(database, done, catalog=catalog, slug=slug, now=NOW + timedelta(days=1))
    learn(database, half, catalog=catalog, role=Role.PRESCRIBER, now=NOW, right=False)
    return {"done": done, "late": late, "new": new, "carer": carer, "half": half, "second": second}


def asked(database, catalog, home, **wanted):
    return reports.people(
        database, viewer=home.viewer, wanted=PeopleFilter(**wanted), catalog=catalog, as_of=AsOf.present(TODAY)
    )


def names(report):
    return list(dict.fromkeys(line.worker.name for line in report.lines))


def test_the_overview_reconciles_every_figure(database, catalog, home, staff):
    report = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (report.heads, report.counted_heads, report.fully_compliant, report.at_several_sites) == (5, 3, 1, 0)
    assert [(figure.name, figure.percent) for figure in report.by_item] == [
        ("Every kind of question", "50.0 %"),
        ("For everyone", "33.3 %"),
        ("The story", "50.0 %"),
    ]
    assert report.by_item[1].denominator == "5 people on file = 3 counted + 1 not yet due + 1 not needed."
    assert report.whole.denominator == "15 person-modules on file = 7 counted + 3 not yet due + 5 not needed."
    assert {figure.name: figure.tally.on_file for figure in report.by_site} == {"First site": 9, "Second site": 6}
    assert report.by_site[1].site_id == staff["second"]


def test_people_are_shown_by_name_with_a_line_for_each_item(database, catalog, home, staff):
    report = asked(database, catalog, home)
    assert names(report) == sorted(person.name for key, person in staff.items() if key != "second")
    assert len(report.lines) == 5 * 3
    assert report.asked_words == "Everybody, all training"
    assert all(line.reason.endswith(".") for line in report.lines)


def test_filters_narrow_and_combine(database, catalog, home, staff):
    for wanted, who in (
        ({"status": Status.OVERDUE}, ["Abdi Late", "Half Done"]),
        ({"status": Status.UP_TO_DATE}, ["Zoë Done"]),
        ({"site_id": staff["second"]}, ["Half Done", "Ngozi New"]),
        ({"site_id": staff["second"], "status": Status.OVERDUE}, ["Half Done"]),
        ({"item": "for-everyone", "status": Status.OVERDUE}, ["Abdi Late", "Half Done"]),
        ({"item": "every-kind", "status": Status.OVERDUE}, ["Abdi Late"]),
        ({"search": "ZOË"}, ["Zoë Done"]),
        ({"search": "done"}, ["Half Done", "Zoë Done"]),
        ({"search": "nobody at all"}, []),
        ({"item": "no-such"}, []),
        ({"status": Status.EXEMPT}, []),
    ):
        report = asked(database, catalog, home, **wanted)
        assert names(report) == who, wanted
        for line in report.lines:
            assert wanted.get("status") in {None, line.status}
            assert wanted.get("item") in {None, line.item}
        whole = asked(database, catalog, home, **{**wanted, "status": None})
        assert report.figure.tally == whole.figure.tally
        assert whole.figure.tally.on_file == len(whole.lines)


def test_people_are_found_by_role_and_by_job_title(database, catalog, home, staff):
    title = home.titles[Role.PRESCRIBER]
    for wanted, who in (
        ({"role": Role.PRESCRIBER}, ["Half Done"]),
        ({"role": Role.FAMILY_CARER}, ["Jean Carer"]),
        ({"job_title_id": title}, ["Half Done"]),
        ({"job_title_id": title, "role": Role.FAMILY_CARER}, []),
        ({"job_title_id": title, "site_id": home.site_id}, []),
        ({"job_title_id": title, "site_id": staff["second"], "status": Status.OVERDUE}, ["Half Done"]),
        ({"job_title_id": home.site_id}, []),
    ):
        report = asked(database, catalog, home, **wanted)
        assert names(report) == who, wanted
        assert report.figure.tally.on_file == len(who) * 3


def test_a_staff_number_finds_its_person_alone(database, catalog, home, staff):
    number = asked(database, catalog, home, search="Zoë").lines[0].worker.staff_number
    assert names(asked(database, catalog, home, search=number)) == [staff["done"].name]


def page_of(database, catalog, home, number=1, **wanted):
    question = Question(AsOf.present(TODAY), PeopleFilter(**wanted))
    return report_kinds.read_page(
        database,
        viewer=home.viewer,
        catalog=catalog,
        name="everybody",
        question=question,
        now=NOW,
        number=number,
    )


def names_on(page):
    return list(dict.fromkeys(row.cells[0] for row in page.report.main_table.rows))


@pytest.mark.usefixtures("staff")
def test_a_long_list_comes_page_by_page_and_nobody_is_on_two_or_on_none(database, catalog, home, monkeypatch):
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 6)
    make_person(database, home, now=NOW, name="Later Starter", starts_on=TODAY + timedelta(days=1))
    pages = [page_of(database, catalog, home, number) for number in (1, 2, 3, 4)]
    shown = [["Abdi Late", "Half Done"], ["Jean Carer", "Ngozi New"], ["Zoë Done"], []]
    assert [names_on(page) for page in pages] == shown
    off_file = [[name for _, name in page.paging.off_file] for page in pages]
    assert off_file == [[], [], ["Later Starter"], ["manager"]]
    titles = [row.cells[4] for page in pages for row in page.report.main_table.rows]
    assert titles == [line.title for line in asked(database, catalog, home).lines]
    assert {(page.paging.last, page.paging.most) for page in pages} == {(4, 2)}
    assert {page.report.head.counts.on_file for page in pages} == {15}


@pytest.mark.usefixtures("staff")
def test_a_page_that_is_not_there_is_the_nearest(database, catalog, home, monkeypatch):
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 6)
    found = [page_of(database, catalog, home, number, search="done") for number in (-1, 0, 1, 2, 10**30)]
    assert [page.paging.number for page in found] == [1, 1, 1, 1, 1]
    assert page_of(database, catalog, home, search="nobody at all").paging.last == 1


@pytest.mark.usefixtures("staff")
@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=1)], ids=["at present", "another day"])
@pytest.mark.parametrize("status", [*Status, None])
def test_the_pages_of_a_status_are_the_whole_list(database, catalog, home, monkeypatch, status, day):
    """What the database finds ready at present is what everybody's lines come to, and so it is on another day."""
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 1)
    wanted = PeopleFilter(status=status)
    question = Question(AsOf(day, today=TODAY), wanted)
    asking = {"viewer": home.viewer, "catalog": catalog, "name": "everybody", "question": question, "now": NOW}
    first = report_kinds.read_page(database, **asking)
    pages = [report_kinds.read_page(database, **asking, number=number + 1) for number in range(first.paging.last)]
    everybody = reports.people(
        database, viewer=home.viewer, wanted=PeopleFilter(), catalog=catalog, as_of=AsOf(day, today=TODAY)
    )
    fitting = [(line.worker.name, line.title) for line in everybody.lines if status in {None, line.status}]
    assert [(row.cells[0], row.cells[4]) for page in pages for row in page.report.main_table.rows] == fitting


def ask_for_the_same_again(database, catalog, home, staff):
    """Ask for one item in two more requirements; two people passed it, and their second job ended yesterday."""
    before = NOW - timedelta(days=60)
    for name, months, window_days in (("Two years", 24, 30), ("A month", 1, 14)):
        asked = requirement_plans.Asked(
            name=name,
            items=("for-everyone",),
            roles=(Role.SOCIAL_CARE, Role.PRESCRIBER),
            terms=Terms(valid_months=months, window_days=window_days),
            due_days=10,
            starts_on=before.date(),
        )
        requirement_changes.add_requirement(database, viewer=home.viewer, asked=asked, catalog=catalog, now=before)
    ended = {"site_id": home.site_id, "job_title_id": home.titles[Role.PRESCRIBER], "starts_on": date(2026, 2, 1)}
    for who in ("done", "late"):
        person_id = staff[who].person_id
        learn(database, staff[who], catalog=catalog, slug="for-everyone", now=NOW - timedelta(days=20))
        employments.add_job(database, viewer=home.viewer, person_id=person_id, now=NOW, **ended)
        with database.read(home.viewer.organisation_id) as session:
            held = select(Employment.id).where(
                Employment.person_id == person_id, Employment.job_title_id == ended["job_title_id"]
            )
            job_id = session.scalar(held)
        employments.end_job(
            database, viewer=home.viewer, job_id=job_id, ends_on=NOW.date() - timedelta(days=1), now=NOW
        )


def test_no_page_is_empty_where_several_requirements_ask_for_one_item(database, catalog, home, staff, monkeypatch):
    ask_for_the_same_again(database, catalog, home, staff)
    list(roll_over.roll_over(database, now=NOW))
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 1)
    of_site = replace(home.viewer, site_ids=frozenset({home.site_id}))
    lists = [("everybody", status) for status in Status] + [("due-soon", None), ("overdue", None)]
    for viewer, (name, status) in product((home.viewer, of_site), lists):
        wanted = PeopleFilter(status=status, site_id=home.site_id if viewer is of_site else None)
        asking = {"viewer": viewer, "catalog": catalog, "name": name, "question": Question(AT_PRESENT, wanted)}
        with report_kinds.open_report(database, **asking, now=NOW) as report:
            whole = [row.cells for row in report.main_table.rows]
        last = report_kinds.read_page(database, **asking, now=NOW).paging.last
        pages = [report_kinds.read_page(database, **asking, now=NOW, number=each + 1) for each in range(last)]
        assert [row.cells for page in pages for row in page.report.main_table.rows] == whole
        assert len(pages) == max(1, len({cells[:2] for cells in whole})), (name, status)


@pytest.mark.usefixtures("staff")
def test_those_not_on_file_are_named_where_no_status_site_or_training_is_asked_for(database, catalog, home):
    for wanted, who in (
        ({}, ["manager"]),
        ({"search": "MANAGER"}, ["manager"]),
        ({"search": "done"}, []),
        ({"status": Status.OVERDUE}, []),
        ({"site_id": home.site_id}, []),
        ({"item": "for-everyone"}, []),
    ):
        found = page_of(database, catalog, home, **wanted).paging.off_file
        assert [name for _, name in found] == who, wanted


def test_what_was_asked_stands_in_words(database, catalog, home, staff):
    report = asked(
        database,
        catalog,
        home,
        status=Status.OVERDUE,
        site_id=staff["second"],
        item="for-everyone",
        search="Half",
    )
    assert report.asked_words == "Overdue; Second site; For everyone; name or staff number with “Half”"


def test_one_persons_story_has_tries_and_dates_and_no_answers(database, catalog, home, staff):
    report = reports.person(
        database, viewer=home.viewer, person_id=staff["half"].person_id, catalog=catalog, today=TODAY
    )
    assert report.contact.name == "Half Done"
    assert [(one.title, one.passed, one.at) for one in report.tries] == [("For everyone", False, NOW)]
    (line,) = report.record
    assert (line.shown.slug, line.shown.status, line.tries, line.earned) == ("for-everyone", Status.OVERDUE, 1, ())
    assert "answers" not in repr(report)


def test_an_organisation_of_nobody_says_that_nobody_is_counted(database, catalog, home):
    report = reports.overview(database, viewer=home.viewer, catalog=catalog, as_of=AsOf.present(TODAY))
    assert (report.heads, report.whole.percent, report.by_item) == (0, "Nobody is counted", ())
    assert asked(database, catalog, home).lines == ()
