"""The page of the audit log: found from a person, searched, gone through page by page, and downloaded."""

import csv
import io
import re

import pytest

from tests.conftest import NOW
from tests.factories import make_person
from tests.services.stored import rows
from tests.services.test_audit_log import fill
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from tests.web.test_queries import MANAGER, asked
from training.models import AuditEntry
from training.services import organisations

LOG = "/team/audit-log"
HOSTILE = "=cmd|' /C calc'!A0, \"quoted\"\u202e & <b>bold</b>"


@pytest.fixture
def link(manager, worker) -> None:
    """A one-time link was made for the worker, by the manager's browser."""
    manager.send(f"/team/people/{worker.person_id}/link")


def listed(page):
    return [words(row.query("th")[0]).partition(" Entry")[0] for row in page.all("tbody tr")]


@pytest.mark.usefixtures("link")
def test_it_says_who_did_what_to_whom_when_and_from_where(manager):
    page = manager.get(manager.get("/team").link("Audit log"))
    newest = page.all("tbody tr")[0]
    assert words(newest) == ("One-time link made Entry 9 Marta Kowalska manager from 127.0.0.0/24 2 Mar 2026, 10:00")
    assert listed(page)[-1] == "Organisation set up"
    assert "Whoever runs this service" in words(page.all("tbody tr")[-1])
    assert "Entries 1 to 9, newest first." in page.main


def test_it_claims_no_more_than_checking_it_can_show(manager):
    page = manager.get(LOG)
    assert "unnoticed" not in page.main
    assert "a change or a gap shows then" in page.main
    assert "shows only against a hash that was kept elsewhere" in page.main


@pytest.mark.usefixtures("link")
def test_a_persons_page_leads_to_what_was_done_to_them(manager, worker):
    page = manager.get(manager.get(f"/team/people/{worker.person_id}").link("What the audit log says of this person"))
    assert "By or about Marta Kowalska" in page.main
    assert listed(page) == ["One-time link made", "One-time link made", "Person added"]
    narrowed = manager.submit(page, act="person added")
    assert "By or about Marta Kowalska" in narrowed.main
    assert listed(narrowed) == ["Person added"]
    assert len(listed(manager.get(narrowed.link("Show everything")))) == 9


@pytest.mark.usefixtures("link")
def test_it_is_searched_by_name_act_and_days(manager):
    page = manager.get(LOG)
    found = manager.submit(page, whom="marta", act="one-time link made")
    assert listed(found) == ["One-time link made"] * 2
    assert "Found: 2 of 9 entries, newest first. Shown here: 2." in found.main
    assert "Found:" not in page.main
    assert len(listed(manager.submit(page, who="manager"))) == 8
    assert len(listed(manager.submit(page, values={"from": "2 Mar 2026", "until": "2 Mar 2026"}))) == 9
    nothing = manager.submit(page, values={"from": "3 Mar 2026"})
    assert "Nothing fits." in nothing.main
    assert nothing.one("#from").attrs["value"] == "3 Mar 2026"


@ON_SQLITE
@pytest.mark.parametrize(
    "query",
    [
        "from=soon",
        "until=1 Jan 99999",
        "act=coffee",
        "person=x",
        "before=x",
        "before=-1",
        f"before={2**70}",
        "who=%25_",
    ],
)
def test_what_cannot_be_understood_filters_nothing_and_says_so(manager, query):
    page = manager.get(f"{LOG}?{query}")
    if query.startswith(("from", "until")):
        assert page.one(f"#{query.partition('=')[0]}-error")
    assert ("Nothing fits" in page.main) == query.startswith("who")


@ON_SQLITE
def test_it_is_gone_through_a_hundred_at_a_time(manager, rooms, home):
    fill(rooms, home, 214)
    page, seen = manager.get(f"{LOG}?act=report+exported"), []
    seen += page.all("tbody tr")
    assert "Newest entries" not in page.main
    while "Older entries" in page.main:
        page = manager.get(page.link("Older entries"))
        seen += page.all("tbody tr")
    numbers = [int(re.search(r"Entry ([\d,]+)", words(row))[1]) for row in seen]
    assert numbers == list(range(220, 6, -1))
    assert len(manager.get(page.link("Newest entries")).all("tbody tr")) == 100


def test_the_file_has_the_same_rows_and_is_in_the_log_itself(manager, rooms, home):
    make_person(rooms, home, now=NOW, name=HOSTILE)
    page = manager.get(f"{LOG}?act=person+added")
    assert HOSTILE.replace("\u202e", "") in page.main
    file = manager.open("GET", page.link("CSV")).response
    assert file.mimetype == "text/csv"
    assert file.headers["Content-Disposition"] == 'attachment; filename="audit-log-2026-03-02.csv"'
    lines = list(csv.reader(io.StringIO(file.get_data(as_text=True).lstrip("\ufeff"))))
    header = lines.index(next(line for line in lines if line[:1] == ["Number"]))
    (found,) = [dict(zip(lines[header], line, strict=True)) for line in lines[header + 1 :]]
    entries = {row.number: row for row in rows(rooms, AuditEntry, organisation_id=home.viewer.organisation_id)}
    assert found["About"] == "'" + HOSTILE.replace("\u202e", "")
    assert found["Hash"] == entries[int(found["Number"])].hash
    assert entries[max(entries)].act == "report exported"
    assert found["Details"].startswith("job title: Social care worker; site: First site")


def test_the_pages_keep_their_budget(manager, rooms, home, worker):
    few = asked(manager, rooms, LOG)
    for number in range(30):
        make_person(rooms, home, now=NOW, name=f"Person {number}")
    organisations.add_site(rooms, viewer=home.viewer, name="Second site", now=NOW)
    assert asked(manager, rooms, LOG) == few <= MANAGER
    assert asked(manager, rooms, f"{LOG}?person={worker.person_id}") <= MANAGER
