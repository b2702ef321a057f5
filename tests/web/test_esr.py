"""The pages of ESR: a mapping is made, looked at, sent with and read with."""

import csv
import io
import re

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from tests.web.test_queries import MANAGER, asked
from training.domain.permission import PermissionKind
from training.models import EsrMapping, Person
from training.services import permissions

COMPETENCE = "457|LOCAL|STOMP basics|"


@pytest.fixture
def page(manager, worker):  # noqa: ARG001 (somebody must be there)
    """The page of a mapping that was just made."""
    form = manager.get("/reports/esr/new")
    return manager.submit(form, values={"name": "Our trust", "item_every-kind": COMPETENCE})


@pytest.fixture
def passed(database, catalog, worker):
    learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)


@pytest.mark.usefixtures("passed")
def test_a_mapping_is_made_looked_at_and_sent_with(manager, page, database, worker):
    number = rows(database, Person, id=worker.person_id)[0].staff_number
    assert page.heading == "ESR: Our trust"
    assert COMPETENCE in page.main
    assert "Not in this mapping" in page.main
    sent = manager.open("GET", page.link("Download 1 row"))
    assert sent.response.headers["Content-Disposition"] == 'attachment; filename="esr-our-trust-2026-03-02.csv"'
    (row,) = csv.DictReader(io.StringIO(sent.text, newline=""))
    assert row == {
        "Employee Number": number,
        "Competency Name": COMPETENCE,
        "Date Start": "02-Mar-2026",
        "Expiry Date": "01-Mar-2027",
    }


@pytest.mark.parametrize("name", ['A "b"; c\u202e=x', "x" * 255, "信託"])
@pytest.mark.usefixtures("passed")
@ON_SQLITE
def test_no_name_of_a_mapping_breaks_the_name_of_its_file(manager, page, name):
    changed = manager.submit(manager.visit(page.link("Change this mapping")), name=name)
    sent = manager.open("GET", changed.link("Download 1 row")).response.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="esr-([a-z0-9-]{1,50}-)?2026-03-02\.csv"', sent)


@pytest.mark.usefixtures("passed")
def test_headings_order_and_days_are_as_they_were_chosen(manager, page):
    form = manager.visit(page.link("Change this mapping"))
    values = {
        "heading_staff-number": "Assignment",
        "place_staff-number": "4",
        "place_competence": "1",
        "heading_in-date-until": "",
        "heading_fixed": "VPD",
        "text_fixed": "457",
        "place_fixed": "2",
        "heading_fixed-2": "Empty",
        "day_form": "YYYY-MM-DD",
    }
    changed = manager.submit(form, values=values)
    sent = manager.open("GET", changed.link("Download 1 row")).text.splitlines()
    assert sent[0] == "Competency Name,VPD,Date Start,Assignment,Empty"
    assert sent[1].startswith(f"{COMPETENCE},457,2026-03-02,")
    form = manager.visit(changed.link("Change this mapping"))
    assert form.one("#place_staff-number").attrs["value"] == "4"
    assert form.one("#text_fixed").attrs["value"] == "457"


def test_columns_that_few_need_wait_behind_a_word_until_they_are_filled_in(manager):
    form = manager.get("/reports/esr/new")
    assert len(form.all("main details input")) == 14
    refused = manager.submit(form, values={"name": "Our trust", "heading_name": "=Name"}, status=400)
    assert [field.attrs["id"] for field in refused.all("main details input") if "_name" in field.attrs["id"]] == []
    assert refused.one("#heading_name").attrs["aria-invalid"] == "true"
    assert "aria-invalid" not in refused.one("#name").attrs


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(manager):
    form = manager.get("/reports/esr/new")
    refused = manager.submit(form, values={"name": "Our trust", "heading_staff-number": ""}, status=400)
    assert "no row means anything without" in refused.main
    assert refused.one("#heading_staff-number").attrs["aria-invalid"] == "true"
    refused = manager.submit(refused, values={"heading_staff-number": "Number"}, status=400)
    assert "Name the competence of at least one item." in refused.main
    refused = manager.submit(refused, values={"item_every-kind": "=x"}, status=400)
    assert "takes for a formula" in refused.main
    assert refused.one("#heading_staff-number").attrs["value"] == "Number"


@pytest.mark.parametrize(
    ("values", "at", "words"),
    [
        ({"place_passed-on": "2"}, "place_passed-on", "Another column stands at place 2. Give each its own."),
        ({"place_competence": "first"}, "place_competence", "Write a place from 1 to 99."),
        ({"place_competence": "0"}, "place_competence", "Write a place from 1 to 99."),
        ({"text_fixed-2": "457"}, "heading_fixed-2", "Enter a heading for what every row says, or clear that as well."),
    ],
)
@ON_SQLITE
def test_columns_that_cannot_be_as_they_were_typed_are_refused_and_stay(manager, database, values, at, words):
    form = manager.get("/reports/esr/new")
    sent = {"name": "Our trust", "item_every-kind": COMPETENCE, **values}
    refused = manager.submit(form, values=sent, status=400)
    assert [link.attrs["href"] for link in refused.all(".nhsuk-error-summary a")] == [f"#{at}"]
    assert words in refused.main
    assert refused.one(f"#{at}").attrs["aria-invalid"] == "true"
    for name, typed in sent.items():
        assert refused.one(f"#{name}").attrs["value"] == typed
    assert refused.all(f"main details #{at}") == []
    assert rows(database, EsrMapping) == []


@ON_SQLITE
def test_a_column_without_a_heading_takes_no_place(manager):
    form = manager.get("/reports/esr/new")
    values = {"name": "Our trust", "item_every-kind": COMPETENCE, "heading_in-date-until": "", "place_name": "2"}
    assert manager.submit(form, values=values).heading == "ESR: Our trust"


@pytest.mark.usefixtures("page")
@ON_SQLITE
def test_the_audit_log_names_the_mapping(manager, database):
    told = manager.get("/team/audit-log").main
    assert "ESR mapping saved" in told
    assert "mapping: Our trust" in told
    assert mapping_id(database) not in told


@pytest.mark.usefixtures("page")
def test_the_same_name_twice_is_refused(manager):
    form = manager.get("/reports/esr/new")
    values = {"name": "Our trust", "item_every-kind": COMPETENCE}
    refused = manager.submit(form, values=values, status=400)
    assert "There is a mapping called Our trust already." in refused.main


def test_a_mapping_is_removed_once_that_is_confirmed(manager, page, database):
    asked_first = manager.visit(page.link("Remove this mapping"))
    assert "stays as it is" in asked_first.main
    assert "There is no mapping yet." in manager.submit(asked_first).main
    assert rows(database, EsrMapping) == []


def upload(client, data, **fields):
    sent = {"csrf_token": client.token(), "file": FileStorage(io.BytesIO(data), filename="esr.csv"), **fields}
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.open("POST", "/team/import/esr", data=body, content_type=kind)


def mapping_id(database):
    return str(rows(database, EsrMapping)[0].id)


def lines(*some):
    return "\r\n".join(("Competency Name,Expiry Date,Date Start,Employee Number", *some)).encode()


@pytest.mark.usefixtures("page")
def test_a_file_from_esr_becomes_the_plan_of_an_import(manager, database, worker):
    number = rows(database, Person, id=worker.person_id)[0].staff_number
    data = lines(
        f"NHS|CSTF|Fire Safety - 2 Years|,30-Nov-2028,01-Dec-2025,{number}",
        f"{COMPETENCE},30-Nov-2026,01-Dec-2025,{number}",
    )
    sent = upload(manager, data, mapping_id=mapping_id(database), evidence="NHS ESR export of 1 Mar 2026")
    plan = manager.follow(sent)
    assert "NHS ESR export of 1 Mar 2026" in plan.main
    assert plan.address.startswith("/team/import/")
    passed_over = "1 row of another competence was passed over: “ NHS|CSTF|Fire Safety - 2 Years| ”."
    assert passed_over in plan.main
    assert passed_over in manager.get(plan.address).main
    done = manager.submit(plan, "form[action$='/apply']")
    assert passed_over in manager.get(done.address).main


@pytest.mark.usefixtures("page")
@ON_SQLITE
def test_many_competences_that_were_passed_over_are_named_in_part_and_counted(manager, database, worker):
    number = rows(database, Person, id=worker.person_id)[0].staff_number
    others = [f"<b>{name}</b>,,01-Dec-2025,{number}" for name in "abcdefghijklm"]
    data = lines(f"{COMPETENCE},,01-Dec-2025,{number}", *others, f"<B>M</B>,,01-Dec-2025,{number}")
    plan = manager.follow(upload(manager, data, mapping_id=mapping_id(database), evidence="ESR"))
    assert "14 rows of other competences were passed over: “ <b>m</b> ”, “ <b>a</b> ”," in plan.main
    assert "“ <b>i</b> ” and 3 more." in plan.main


@pytest.mark.usefixtures("page")
@ON_SQLITE
def test_a_row_without_a_competence_is_wrong_and_not_passed_over(manager, database, worker):
    number = rows(database, Person, id=worker.person_id)[0].staff_number
    data = lines(f"{COMPETENCE},,01-Dec-2025,{number}", f",,01-Dec-2025,{number}")
    plan = manager.follow(upload(manager, data, mapping_id=mapping_id(database), evidence="ESR"))
    assert "passed over" not in plan.main
    wrong = next(row for row in plan.all("tbody tr") if "Row 3" in words(row))
    assert "(empty): Enter which training was passed." in words(wrong)


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lines("NHS|CSTF|Fire|,,01-Dec-2025,1"), "No row of the file has a competence that stands for"),
        (b"Name,Day\r\nAnn,1", "No column is called"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"", "empty"),
    ],
)
def test_a_file_that_means_nothing_is_refused_in_words(manager, database, data, words):
    refused = upload(manager, data, mapping_id=mapping_id(database), evidence="ESR")
    assert refused.status == 400
    assert words in refused.main


@pytest.mark.usefixtures("page")
def test_a_file_with_rows_to_mend_is_sent_again_to_where_it_came_from(manager, database):
    data = lines(f"{COMPETENCE},,01-Dec-2025,nobody")
    plan = manager.follow(upload(manager, data, mapping_id=mapping_id(database), evidence="ESR"))
    again = manager.visit(plan.link("send it again"))
    assert again.heading == "Import from ESR"
    assert again.one("#mapping_id option[selected]").attrs["value"] == mapping_id(database)


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize("data", [b"Name,Day\r\nAnn,1", lines("NHS|CSTF|Fire|,,01-Dec-2025,1")])
def test_a_file_unlike_its_mapping_leads_to_the_mapping(manager, database, data):
    refused = upload(manager, data, mapping_id=mapping_id(database), evidence="ESR")
    assert "template" not in refused.main
    assert refused.link("Change the mapping Our trust") == f"/reports/esr/{mapping_id(database)}/change"


@pytest.mark.usefixtures("page")
@ON_SQLITE
def test_whoever_cannot_change_a_mapping_is_led_to_look_at_it(database, home, make_client):
    boss = make_person(database, home, now=NOW, name="Priya", email="boss@home.example")
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    let_in(database, home, boss, now=NOW)
    browser = make_client("boss@home.example")
    refused = upload(browser, b"Name,Day\r\nAnn,1", mapping_id=mapping_id(database), evidence="ESR")
    assert "A manager of the whole organisation can change it." in refused.main
    assert browser.visit(refused.link("See the mapping Our trust")).heading == "ESR: Our trust"


@pytest.mark.usefixtures("page")
@ON_SQLITE
def test_a_file_that_cannot_be_read_says_nothing_of_the_mapping(manager, database):
    refused = upload(manager, b"", mapping_id=mapping_id(database), evidence="ESR")
    assert "Change the mapping" not in refused.main


@pytest.mark.usefixtures("page")
def test_the_only_mapping_is_chosen_already_and_of_two_none_is(manager, database):
    def chosen(**asked):
        page = manager.get("/team/import/esr", query_string=asked)
        return [option.attrs["value"] for option in page.all("select[name=mapping_id] option[selected]")]

    only = mapping_id(database)
    assert chosen() == [only]
    manager.submit(manager.get("/reports/esr/new"), values={"name": "Another trust", "item_every-kind": COMPETENCE})
    assert chosen() == [""]
    assert chosen(mapping=only) == [only]


def test_without_a_mapping_the_import_says_how_to_begin(manager):
    assert "Make a mapping" in manager.get("/team/import/esr").main


@ON_SQLITE
@pytest.mark.usefixtures("passed")
def test_an_auditor_sends_and_is_offered_nothing_to_change(page, database, home, make_client):
    auditor = make_person(database, home, now=NOW, email="auditor@home.example")
    let_in(database, home, auditor, now=NOW)
    given = {"person_id": auditor.person_id, "site_id": None, "kind": PermissionKind.AUDITOR, "now": NOW}
    permissions.give(database, viewer=home.viewer, **given)
    browser = make_client("auditor@home.example")
    seen = browser.visit(page.address)
    offered = [link for link in seen.links() if link.endswith(("/change", "/remove")) or "import" in link]
    assert offered == []
    assert COMPETENCE in browser.open("GET", seen.link("Download 1 row")).text


@pytest.mark.usefixtures("passed")
def test_the_pages_keep_their_budget_for_any_number_of_people(manager, page, rooms, database, catalog, home):
    addresses = ("/reports/esr", page.address, f"{page.address}/change", "/team/import/esr")
    few = {address: asked(manager, rooms, address) for address in addresses}
    for _ in range(10):
        learn(database, make_person(database, home, now=NOW), catalog=catalog, slug="every-kind", now=NOW)
    assert {address: asked(manager, rooms, address) for address in addresses} == few
    assert max(few.values()) <= MANAGER, few
