"""Imports in the browser: a file, its plan, what is chosen, applied at once and undone, and what is refused."""

import io
import zipfile
from datetime import timedelta

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person
from tests.files.people_with_faults import FILE
from tests.services.importing import jobs_of
from tests.services.stored import rows
from tests.uploads.making import workbook
from tests.web.client import Loaded
from tests.web.conftest import ON_SQLITE
from training.domain.roles import Role
from training.models import ImportedPass, MessageRow, Person
from training.services import organisations, permissions
from training.uploads import safety

CARE, NURSE = Role.SOCIAL_CARE.label, Role.NON_PRESCRIBER.label
HEADINGS = ("Staff number", "Name", "Job title", "Site", "Start date")
ANN = ("00123", "Ann Lee", CARE, "First site", "5/1/2026")


def send(client, data: bytes, *, what="people", name="staff.xlsx", **fields) -> Loaded:
    """Choose a file in the form and send it."""
    sent = {"csrf_token": client.token(), "file": FileStorage(io.BytesIO(data), filename=name), **fields}
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = client.open("POST", f"/team/import/{what}", data=body, content_type=kind)
    return client.follow(answer) if answer.status == 302 else answer


def csv_of(*people) -> bytes:
    return "\r\n".join(";".join(row) for row in (HEADINGS, *people)).encode("utf-16")


def names(rooms):
    return {row.name for row in rows(rooms, Person)}


def test_a_file_is_planned_applied_and_undone(manager, rooms, home):
    manager.visit("/team/import")
    plan = send(manager, workbook(HEADINGS, ANN))
    assert plan.heading == "Plan of an import"
    assert f"New here: {CARE}, First site, from 5 Jan 2026." in plan.main
    assert "Ann Lee" not in names(rooms)
    done = manager.submit(plan, "form[action$='/apply']")
    assert done.heading == "Imported"
    assert "1 row changed something" in done.main
    assert jobs_of(rooms, home.viewer, "00123")
    asked = manager.get(done.link("Undo this import"))
    undone = manager.submit(asked, "main form")
    assert undone.heading == "An import that was undone"
    assert jobs_of(rooms, home.viewer, "00123") == []
    assert "staff.xlsx" in manager.get("/team/import").main
    assert rows(rooms, MessageRow) == []


def applied(browser, time, *people) -> Loaded:
    """Apply a file of people a minute from now."""
    time.now += timedelta(minutes=1)
    return browser.submit(send(browser, workbook(HEADINGS, *people)), "form[action$='/apply']")


def test_the_page_of_undoing_says_why_an_import_cannot_be_undone(manager, time):
    first = applied(manager, time, ANN)
    second = applied(manager, time, ("2", "Bo", CARE, "First site", ""))
    assert manager.get(f"{second.address}/undo").heading == "Undo this import?"
    manager.submit(manager.get(f"{second.address}/undo"), "main form")
    for done, why in ((second, "This import has been undone already."), (first, "")):
        page = manager.get(f"{done.address}/undo")
        assert (page.all("main form") == []) == bool(why)
        assert why in page.main
    applied(manager, time, ("3", "Cy", CARE, "First site", ""))
    page = manager.get(f"{first.address}/undo")
    assert page.heading == "This import cannot be undone"
    assert "Only the last import can be undone, and this is not the last. Undo the later ones first." in page.main
    assert page.all("main form") == []


def test_a_plan_is_found_again_until_it_is_applied(manager):
    plan = send(manager, workbook(HEADINGS, ANN), name="march.xlsx")
    listed = manager.get("/team/import")
    assert "Your plans, not applied yet march.xlsx People, sent in at" in listed.main
    assert manager.get(listed.link("march.xlsx")).heading == "Plan of an import"
    manager.submit(plan, "form[action$='/apply']")
    assert "Your plans" not in manager.get("/team/import").main


def test_the_file_with_faults_is_mended_row_by_row(manager, rooms):
    plan = send(manager, FILE.read_bytes(), name=FILE.name)
    assert "Columns that are not read: Favourite colour" in plan.main
    file = manager.get(plan.link("Download what is wrong")).text
    assert "12,2006,Date started,31/02/2026,Feb 2026 has no day 31." in file
    assert "13,2007,Job title,Suport worker," in file
    assert "15,,Staff no.,2026-02-01,The spreadsheet holds a date here." in file
    only = manager.get(plan.link("show them (wrong)"))
    assert "Rows: wrong" in only.main
    refused = manager.press(plan, "form[action$='/apply']") if plan.all("form[action$='/apply']") else None
    assert refused is None, "nothing in it fits this organisation, so nothing can be applied"
    assert "Ioana Bălan" not in names(rooms)


def test_rows_that_are_wrong_hold_the_import_back_until_they_are_left_out(manager, rooms):
    plan = send(manager, csv_of(ANN, ("", "Nobody", CARE, "First site", "")), name="staff.csv")
    held = manager.press(plan, "form[action$='/apply']")
    assert held.status == 409
    assert "Some rows are wrong" in held.main
    assert "Ann Lee" not in names(rooms)
    done = manager.submit(plan, "form[action$='/apply']", leave_out="y")
    assert "1 that was wrong was left out" in done.main
    assert "Ann Lee" in names(rooms)
    assert "Nobody" not in names(rooms)


def test_sites_and_job_titles_are_made_when_they_are_ticked(manager, rooms, home):
    plan = send(manager, csv_of(("1", "Ann", "Night nurse", "The Mill", "")), name="staff.csv")
    assert not plan.all("form[action$='/apply']"), "there is nothing to apply yet"
    again = manager.submit(plan, "form[action$='/choices']", new_site="The Mill", title_role="non-prescriber")
    assert "Wrong 0 rows" in again.main
    manager.submit(again, "form[action$='/apply']")
    assert jobs_of(rooms, home.viewer, "1") == [("Night nurse", "The Mill", NOW.date(), None)]


@pytest.mark.usefixtures("worker")
def test_many_leavers_are_typed(manager, rooms, home):
    plan = send(manager, csv_of(("99", "Ann", CARE, "First site", "")), name="staff.csv")
    assert "Leaves" not in plan.main
    asked = manager.submit(plan, "form[action$='/choices']", leavers="y", last_day="2 Mar 2026")
    assert "1 of 1 people on file would leave" in asked.main
    refused = manager.press(asked, "form[action$='/apply']", typed="2")
    assert refused.status == 409
    assert "Type that number" in refused.main
    manager.submit(asked, "form[action$='/apply']", typed="1")
    assert jobs_of(rooms, home.viewer, by_name(rooms, "Marta Kowalska").staff_number)[0][3] == NOW.date()


def by_name(rooms, name):
    return next(row for row in rows(rooms, Person) if row.name == name)


def test_what_is_chosen_badly_is_said_and_nothing_is_lost(manager):
    plan = send(manager, csv_of(ANN), name="staff.csv")
    for fields in ({"from_day": "soon"}, {"from_day": "1 Jan 1900"}, {"leavers": "y", "last_day": "1 Jan 2020"}):
        refused = manager.press(plan, "form[action$='/choices']", **fields)
        assert refused.status in {400, 409}
        assert refused.one(".nhsuk-error-summary")
        assert "Ann Lee" in refused.main


def test_a_page_holds_a_hundred_rows(manager):
    many = [(str(n), f"Person {n}", CARE, "First site", "") for n in range(1, 251)]
    plan = send(manager, csv_of(*many), name="staff.csv")
    assert len(plan.all("tbody tr")) == 100
    assert "Page 1 of 3" in plan.main
    last = manager.get(f"{plan.address}?page=3&show=create")
    assert len(last.all("tbody tr")) == 50


@ON_SQLITE
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\x89PNG\r\n\x1a\nxx", "staff.xlsx", "It is a picture"),
        (workbook(), "staff.xlsm", "macros"),
        (b"Name,Site\nAnn,North\n", "staff.csv", "No column is called “Staff number”, “Job title”."),
        (b"", "staff.csv", "The file is empty."),
        (b"x" * (safety.MOST_BYTES + 10), "staff.csv", "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(manager, data, name, words):
    refused = send(manager, data, name=name)
    assert refused.status == 400
    assert words in refused.main
    assert refused.one("input[type=file]").attrs["aria-invalid"] == "true"


@ON_SQLITE
def test_no_file_and_no_source_are_asked_for(manager):
    assert "Choose a file." in manager.submit(manager.get("/team/import/people"), status=400).main
    asked = manager.submit(manager.get("/team/import/completions"), status=400).main
    assert "Choose a file." in asked
    assert "Say where these records come from." in asked


@ON_SQLITE
def test_a_file_of_two_hundred_megabytes_is_answered_in_words(manager):
    class Endless(io.RawIOBase):
        """A file of nothing, that is never in memory."""

        left = 200 * 1024 * 1024

        def readable(self):
            return True

        def readinto(self, buffer):
            size = min(len(buffer), self.left)
            self.left -= size
            return size

    body = Endless()
    environ = {"CONTENT_LENGTH": str(body.left), "wsgi.input": body}
    refused = manager.open("POST", "/team/import/people", environ_overrides=environ, content_type="text/plain")
    assert refused.status == 413
    assert "The file is larger than 10 MB." in refused.main
    assert body.left == 0, "it was let pass by, so that the browser shows the answer"


@ON_SQLITE
def test_templates_can_be_filled_in_and_sent_back(manager):
    for name in ("people.xlsx", "people.csv", "completions.xlsx", "completions.csv"):
        given = manager.get(f"/team/import/templates/{name}")
        what, fields = name.split(".")[0], {"evidence": "Elsewhere"}
        refused = send(manager, given.response.data, what=what, name=name, **fields if what == "completions" else {})
        assert "Nothing stands below the headings." in refused.main, name
    book = zipfile.ZipFile(io.BytesIO(manager.get("/team/import/templates/people.xlsx").response.data))
    assert "How to fill it in" in book.read("xl/workbook.xml").decode()
    for name in ("people.pdf", "other.csv"):
        manager.get(f"/team/import/templates/{name}", status=404)


def test_plans_of_others_are_not_there(manager, make_client, rooms, home, catalog):
    plan = send(manager, csv_of(ANN), name="staff.csv")
    make_organisation(rooms, catalog=catalog, now=NOW, slug="away")
    stranger = make_client("manager@away.example")
    second = make_person(rooms, home, now=NOW, name="Second manager", email="second@home.example")
    permissions.give(rooms, viewer=home.viewer, person_id=second.person_id, site_id=None, now=NOW)
    let_in(rooms, home, second, now=NOW)
    for other in (stranger, make_client("second@home.example")):
        for path in ("", "/faults.csv", "/undo"):
            other.get(plan.address + path, status=404)
        for path in ("/apply", "/choices", "/undo"):
            assert other.send(plan.address + path).status == 404


def test_a_site_manager_imports_for_their_site_alone(make_client, rooms, home):
    organisations.add_site(rooms, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(rooms, home, now=NOW, name="Priya", email="boss@home.example")
    permissions.give(rooms, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    let_in(rooms, home, boss, now=NOW)
    browser = make_client("boss@home.example")
    plan = send(
        browser, csv_of(ANN, ("2", "Bo", NURSE, "Second site", ""), ("3", "Cy", "Wizard", "New", "")), name="a.csv"
    )
    assert "You manage other sites." in plan.main
    assert "Only a manager of the whole organisation can make new sites" in plan.main
    assert browser.send(plan.address + "/choices", {"from_day": "2 Mar 2026", "new_site": "New"}).status == 403
    browser.submit(plan, "form[action$='/apply']", leave_out="y")
    assert "Bo" not in names(rooms)


def test_what_people_type_breaks_no_page_and_no_file(manager, rooms):
    nasty = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "محمد\u202eevil", "🦊" * 60, 'O"Neil; <b>']
    people = [(f"n{i}", name, CARE, f"-{name}"[:250], "") for i, name in enumerate(nasty)]
    plan = send(manager, workbook(HEADINGS, *people))
    assert "<script>alert" not in plan.text
    file = manager.get(plan.link("Download what is wrong")).text
    assert "'-=cmd" in file
    assert not rows(rooms, ImportedPass)


def test_past_training_is_imported_with_its_source(manager, learner, rooms, worker):
    number = by_name(rooms, worker.name).staff_number
    data = f"Employee number,Course,Date completed,Expiry date\n{number},Old course,1/2/2026,31/1/2027\n".encode()
    plan = send(manager, data, what="completions", name="esr.csv", evidence="NHS ESR export")
    assert "No training here is called Old course." in plan.main
    again = manager.submit(plan, "form[action$='/choices']", item_slug="every-kind")
    assert "Wrong 0 rows" in again.main
    done = manager.submit(again, "form[action$='/apply']")
    assert "from NHS ESR export" in done.main
    (kept,) = rows(rooms, ImportedPass)
    assert (kept.item, kept.evidence, kept.given_until.isoformat()) == ("every-kind", "NHS ESR export", "2027-01-31")
    for shown in (manager.get(f"/team/people/{worker.person_id}"), learner.get("/record")):
        assert "Passed elsewhere" in shown.main
        assert "From NHS ESR export" in shown.main
        assert "As imported, from a pass on 1 Feb 2026." in shown.main
        assert not shown.all("a[href*='certificate']")
    assert "Pass imported" in manager.get(f"/team/people/{worker.person_id}").main
    earlier = manager.get(f"/team/people/{worker.person_id}?as-at=2026-01-31")
    assert "Passed elsewhere" not in earlier.main
