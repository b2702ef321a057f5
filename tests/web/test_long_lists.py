"""Long lists of people, page by page: where one is, what the links keep, and a file that has everybody."""

import pytest

from tests.conftest import NOW
from tests.factories import make_person
from training.services import report_questions

HEADS = 5


@pytest.fixture(autouse=True)
def short_pages(database, home, monkeypatch) -> None:
    """Five people who need three items each, two people to a page; the manager is on file nowhere."""
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 6)
    for number in range(HEADS):
        make_person(database, home, now=NOW, name=f"Worker {number}")


def names(page) -> list[str]:
    return list(dict.fromkeys(link.to_text() for link in page.all("tbody th a")))


def test_a_list_says_which_page_it_is_and_leads_to_the_others(manager):
    first = manager.get("/team/people")
    assert names(first) == ["Worker 0", "Worker 1"]
    assert "Page 1 of 3." in first.main
    assert first.all("a[rel=prev]") == []
    second = manager.get(first.link("Next"))
    assert names(second) == ["Worker 2", "Worker 3"]
    third = manager.get(second.link("Next"))
    assert names(third) == ["Worker 4"]
    assert "Not on file today" in third.main
    assert "Not on file today" not in second.main
    assert third.all("a[rel=next]") == []
    assert names(manager.get(third.link("Previous"))) == names(second)


def test_the_figure_and_the_file_speak_of_everybody_on_whatever_page(manager):
    pages = [manager.get(f"/team/people?page={number}") for number in (1, 2, 3)]
    assert {"15 person-modules on file = " in page.main for page in pages} == {True}
    files = {manager.get(page.link("Download the whole list (CSV)")).text for page in pages}
    assert len(files) == 1
    assert {f"Worker {number}" in files.copy().pop() for number in range(HEADS)} == {True}


def test_going_to_another_page_keeps_the_filter_and_the_days(manager, monkeypatch):
    monkeypatch.setattr(report_questions, "ROWS_A_PAGE", 2)
    page = manager.get("/team/people?status=overdue&item=for-everyone&search=worker&as-at=1+May+2026")
    page = manager.get(page.link("Next"))
    assert names(page) == ["Worker 2", "Worker 3"]
    assert "Overdue; For everyone; name or staff number with “worker”" in page.main
    assert "forecast for 1 May 2026" in page.main
    assert page.one("input#search").attrs["value"] == "worker"
    assert "Forecast for 1 May 2026" in manager.get(page.link("Worker 2")).main
    assert page.main == manager.get(manager.get(page.link("Next")).link("Previous")).main


def test_asking_for_something_else_begins_with_the_first_page(manager):
    page = manager.submit(manager.get("/team/people?page=3"), "form.app-filter", search="worker 1")
    assert names(page) == ["Worker 1"]
    assert "Page" not in page.main


@pytest.mark.parametrize("number", ["0", "-1", "two", ""])
def test_what_is_no_page_is_the_first(manager, number):
    assert names(manager.get(f"/team/people?page={number}")) == ["Worker 0", "Worker 1"]


def test_past_the_last_page_is_the_last(manager):
    assert names(manager.get("/team/people?page=99999999999999999999999")) == ["Worker 4"]
