"""Reports as files that take a while: which are ordered, how far each is, and what a start that broke off leaves."""

import json
import uuid
from collections import deque
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import make_person
from tests.services.stored import how_many, rows
from training.domain.report import FORMS
from training.domain.roles import Role
from training.domain.status import Status
from training.exports import pdf
from training.exports.formats import FORMATS
from training.jobs import report_files
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.models import Task, TaskPart
from training.services import report_making, report_orders, roll_over, tasks
from training.services.listings import PeopleFilter
from training.services.organisations import NotFound
from training.services.report_kinds import KINDS as REPORTS
from training.services.report_orders import Wanted
from training.services.report_questions import Question
from training.services.staff import AsOf
from training.services.task_claims import HELD_FOR

TODAY = NOW.date()
PRESENT = Wanted(report="everybody", form="csv", day=TODAY)
PAST = replace(PRESENT, day=TODAY - timedelta(days=1))
PEOPLE = 6


@pytest.fixture
def staffed(database, home):
    for number in range(PEOPLE):
        make_person(database, home, now=NOW, name=f"Person {number}", starts_on=date(2026, 1, 1))
    return home.viewer


def is_long(database, catalog, viewer, wanted):
    return report_orders.is_long(database, viewer=viewer, catalog=catalog, wanted=wanted, now=NOW)


def order(database, viewer, wanted=PRESENT):
    return tasks.order(database, viewer=viewer, wanted=report_orders.order_of(wanted), now=NOW)


def make(database, catalog, *, now=NOW):
    return do_orders(Means(database, catalog=catalog), lambda: now, lambda: True, kinds=KINDS)


def read(database, viewer, task_id):
    return b"".join(tasks.read_file(database, viewer=viewer, task_id=task_id, now=NOW)[1])


def test_the_forms_of_orders_are_those_that_reports_have():
    assert {form: each.name for form, each in FORMATS.items()} == FORMS
    assert report_orders.MOST_PRINTED == pdf.MOST_ROWS


def test_what_is_asked_comes_back_from_an_order_as_it_was(home):
    wanted = PeopleFilter(
        status=Status.OVERDUE,
        site_id=home.site_id,
        item="every-kind",
        search="O’Connell, =1+1",
        role=Role.PRESCRIBER,
        job_title_id=home.titles[Role.PRESCRIBER],
    )
    days = {"since": date(2026, 1, 1), "until": date(2026, 2, 1)}
    known_at = datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)
    as_of = AsOf(date(2026, 2, 1), today=TODAY, known_at=known_at)
    asked = Question(as_of, wanted=wanted, within=30, person_id=home.viewer.person_id, **days)
    for name in REPORTS:
        ordered = report_orders.wanted_of(name, "pdf", asked)
        again = Wanted.read(json.loads(json.dumps(ordered.kept())))
        assert again == ordered
        assert again.question(today=TODAY) == REPORTS[name].understands(asked)
    assert "Connell" not in ordered.title
    for name, form in (("nonsense", "pdf"), ("overdue", "doc")):
        with pytest.raises(NotFound):
            report_orders.wanted_of(name, form, asked)


def test_a_file_is_long_by_its_lines_in_its_form(database, catalog, staffed, monkeypatch):
    assert not any(is_long(database, catalog, staffed, replace(PRESENT, form=form)) for form in FORMS)
    monkeypatch.setattr(report_orders, "AT_ONCE", {"pdf": 17, "xlsx": 18})
    items = 3
    assert {each for each in FORMS if is_long(database, catalog, staffed, replace(PRESENT, form=each))} == {"pdf"}
    assert PEOPLE * items == 18
    summary = replace(PRESENT, report="site-summary", form="xlsx")
    workbook = replace(PRESENT, report="compliance", form="xlsx")
    late = replace(PRESENT, report="overdue", form="pdf")
    assert [is_long(database, catalog, staffed, each) for each in (summary, workbook, late)] == [False, True, False]


def test_another_day_of_many_people_is_long_in_any_form(database, catalog, staffed, monkeypatch):
    monkeypatch.setattr(report_orders, "MOST_WORKED_OUT", PEOPLE)
    assert not is_long(database, catalog, staffed, PAST)
    monkeypatch.setattr(report_orders, "MOST_WORKED_OUT", PEOPLE - 1)
    assert {each for each in FORMS if is_long(database, catalog, staffed, replace(PAST, form=each))} == set(FORMS)
    assert is_long(database, catalog, staffed, replace(PRESENT, known_at=NOW))
    assert not is_long(database, catalog, staffed, PRESENT)
    assert not is_long(database, catalog, staffed, replace(PAST, asked={"role": "prescriber"}))
    assert not is_long(database, catalog, staffed, replace(PAST, report="person"))


def test_nobody_waits_for_what_is_surely_refused(database, catalog, staffed, monkeypatch):
    monkeypatch.setattr(report_orders, "AT_ONCE", {"pdf": 5})
    everybody = replace(PRESENT, form="pdf")
    assert is_long(database, catalog, staffed, everybody)
    monkeypatch.setattr(report_orders, "MOST_PRINTED", 17)
    assert not is_long(database, catalog, staffed, everybody)
    assert is_long(database, catalog, staffed, replace(everybody, asked={"status": "overdue"}))


@pytest.mark.parametrize("report", ["everybody", "compliance", "matrix", "site-summary", "training-hours"])
@pytest.mark.parametrize("wanted", [PRESENT, PAST], ids=["today", "another day"])
def test_how_many_people_of_how_many_is_told_while_it_is_made(database, catalog, staffed, monkeypatch, report, wanted):
    monkeypatch.setattr(report_making, "TOLD_EVERY", 1)
    told = []
    asked = {"viewer": staffed, "catalog": catalog, "now": NOW, "told": lambda *said: told.append(said)}
    for form in ("csv", "json"):
        told.clear()
        wanted = replace(wanted, report=report, form=form)
        with report_making.open_ordered(database, wanted=wanted, **asked) as opened:
            list(FORMATS[form].encode(opened.report))
        assert told[0] == (0, PEOPLE)
        assert {whole for _, whole in told} == {PEOPLE}
        done = [people for people, _ in told]
        assert done == sorted(done)
        is_counted = report == "site-summary" and wanted.day == TODAY
        assert done[-1] == (0 if is_counted else PEOPLE)


@pytest.mark.parametrize("report", ["overdue", "due-soon", "compliance"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
@pytest.mark.parametrize("another", [False, True], ids=["today", "another day"])
def test_a_report_of_some_people_is_told_to_its_end(
    database, catalog, home, staffed, monkeypatch, report, form, another
):
    monkeypatch.setattr(report_making, "TOLD_EVERY", 1)
    later = NOW + timedelta(days=40)
    for number in range(3):
        make_person(database, home, now=NOW, name=f"New {number}", starts_on=later.date())
    deque(roll_over.roll_over(database, now=later), maxlen=0)
    told = []
    asked = {"viewer": staffed, "catalog": catalog, "now": later, "told": lambda *said: told.append(said)}
    wanted = Wanted(report=report, form=form, day=later.date() + timedelta(days=another))
    with report_making.open_ordered(database, wanted=wanted, **asked) as opened:
        list(FORMATS[form].encode(opened.report))
    assert told[-1] == (PEOPLE + 3, PEOPLE + 3)
    assert told == sorted(told)
    assert len(set(told)) > 3


def test_a_start_that_breaks_off_leaves_nothing_and_the_next_makes_the_whole(database, catalog, staffed, monkeypatch):
    task_id = order(database, staffed)
    pieces = report_files.pieces

    def half(file):
        yield next(iter(pieces(file)))[:100]
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(report_files, "pieces", half)
        with pytest.raises(ConnectionError):
            make(database, catalog)
    with pytest.raises(NotFound):
        read(database, staffed, task_id)
    assert make(database, catalog, now=NOW + HELD_FOR) == 1
    assert read(database, staffed, task_id).count(b"\r\nPerson") == 3 * PEOPLE


def test_what_is_too_long_to_print_says_so(database, catalog, staffed, monkeypatch):
    monkeypatch.setattr(pdf, "MOST_ROWS", 3)
    order(database, staffed, replace(PRESENT, form="pdf"))
    make(database, catalog)
    (row,) = rows(database, Task)
    assert row.failed
    assert "A PDF holds at most 3 rows" in row.words
    assert how_many(database, TaskPart) == 0


def test_the_same_order_is_found_until_it_is_over(database, catalog, staffed):
    task_id = order(database, staffed)
    find = {"viewer": staffed, "wanted": PRESENT}
    assert report_orders.find_waiting(database, **find) == task_id
    assert report_orders.find_waiting(database, viewer=staffed, wanted=PAST) is None
    other = replace(staffed, person_id=uuid.uuid4())
    assert report_orders.find_waiting(database, viewer=other, wanted=PRESENT) is None
    make(database, catalog)
    assert report_orders.find_waiting(database, **find) is None
