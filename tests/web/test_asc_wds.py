"""The pages of the ASC-WDS file: what must be mended, each with the form that mends it, and the file itself."""

import csv
import io

import pytest

from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from tests.web.test_queries import MANAGER, asked
from training.domain.asc_wds import Layout
from training.domain.asc_wds_file import check_file
from training.domain.permission import PermissionKind
from training.models import AuditEntry, Person
from training.services import organisations, permissions

PAGE = "/reports/asc-wds"


@pytest.fixture
def passed(database, catalog, worker):
    """The worker passed one module."""
    learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)


@pytest.fixture
def site_manager(database, home, make_client):
    """The browser of the manager of a second site, who works there."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example", site_id=second)
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=second, now=NOW)
    return make_client("boss@home.example")


def read(loaded, layout=Layout.TWELVE):
    assert check_file(loaded.response.data, layout, today=NOW.date()) == []
    return list(csv.DictReader(io.StringIO(loaded.response.data.decode(), newline="")))


@pytest.mark.usefixtures("passed")
def test_a_site_without_a_reference_is_mended_and_then_the_file_is_right(manager, home):
    page = manager.get(PAGE)
    assert "0 of 1 row can be sent" in page.main
    assert "It has no workplace reference (LOCALESTID). 1 row." in page.main
    form = manager.visit(page.link("First site"))
    kept = manager.submit(form, **{f"site_{home.site_id.hex}": " SITE-01 "})
    assert "Kept." in kept.main
    assert "Nothing is missing." in kept.main
    sent = manager.open("GET", f"{PAGE}/file")
    assert sent.response.headers["Content-Disposition"] == 'attachment; filename="asc-wds-training-2026-03-02.csv"'
    (row,) = read(sent)
    assert (row["LOCALESTID"], row["EXPIRYDATE"]) == ("SITE-01", "01/03/2027")


@pytest.mark.usefixtures("passed")
def test_a_person_without_a_number_is_mended_on_a_form_of_their_own(manager, database, home, worker):
    manager.submit(manager.get(f"{PAGE}/workplaces"), **{f"site_{home.site_id.hex}": "SITE-01"})
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (worker.organisation_id, worker.person_id)).staff_number = None
    page = manager.get(PAGE)
    assert "neither a staff number nor a worker reference (UNIQUEWORKERID)" in page.main
    form = manager.visit(page.link("Marta Kowalska"))
    refused = manager.submit(form, reference="=1+1", status=400)
    assert "takes for a formula" in refused.main
    assert "Nothing is missing." in manager.submit(refused, reference="W0042").main
    (row,) = read(manager.open("GET", f"{PAGE}/file"))
    assert row["UNIQUEWORKERID"] == "W0042"


@pytest.mark.usefixtures("passed")
def test_a_staff_number_is_mended_where_every_fault_of_one_leads(manager, database, home, worker):
    other = make_person(database, home, now=NOW)
    taken = next(person.staff_number for person in rows(database, Person) if person.id == other.person_id)
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (worker.organisation_id, worker.person_id)).staff_number = None
    form = manager.visit(manager.get(PAGE).link("Marta Kowalska"))
    refused = manager.submit(form, staff_number=taken, status=400)
    assert f"Somebody here has the staff number {taken} already." in refused.main
    assert refused.one("#staff_number").attrs["value"] == taken
    manager.submit(refused, staff_number=" W0042 ")
    manager.submit(manager.get(f"{PAGE}/workplaces"), **{f"site_{home.site_id.hex}": "SITE-01"})
    (row,) = read(manager.open("GET", f"{PAGE}/file"))
    assert row["UNIQUEWORKERID"] == "W0042"
    (entry,) = [entry for entry in rows(database, AuditEntry) if entry.act == "reference of a person changed"]
    assert "W0042" not in str(entry.detail)


@pytest.mark.usefixtures("passed", "site_manager")
def test_the_file_comes_without_the_rows_that_cannot_stand_only_when_that_is_ticked(manager, database, catalog, home):
    other = make_person(database, home, now=NOW, name="Ann Other")
    learn(database, other, catalog=catalog, slug="every-kind", now=NOW)
    with database.write(home.viewer.organisation_id) as session:
        session.get_one(Person, (other.organisation_id, other.person_id)).staff_number = "-1"
    manager.submit(manager.get(f"{PAGE}/workplaces"), **{f"site_{home.site_id.hex}": "SITE-01"})
    page = manager.get(PAGE)
    assert "1 row cannot be sent" in page.main
    assert "Ann Other" in page.main
    assert "Leave out the 1 row" in page.main
    refused = manager.press(page, f"form[action='{PAGE}/file']")
    assert refused.status == 409
    assert "tick to leave them out" in refused.main
    sent = manager.press(page, f"form[action='{PAGE}/file']", values={"leave-out": "yes"})
    (row,) = read(sent)
    assert row["UNIQUEWORKERID"] != "-1"


@pytest.mark.usefixtures("worker")
def test_nothing_passed_is_said_and_no_file_is_made(manager):
    assert "nothing to write" in manager.get(PAGE).main
    refused = manager.open("GET", f"{PAGE}/file?leave-out=yes")
    assert (refused.status, "There is nothing to write" in refused.main) == (409, True)


@pytest.mark.usefixtures("passed")
def test_category_name_layout_and_provider_stand_in_the_file_once_chosen(manager, home):
    manager.submit(manager.get(f"{PAGE}/workplaces"), **{f"site_{home.site_id.hex}": "SITE-01"})
    form = manager.get(f"{PAGE}/training")
    offered = {option.attrs["value"] for option in form.all("select[name='category_every-kind'] option")}
    assert "13" in offered
    assert not offered & {"41", "42", "43"}
    values = {"category_every-kind": "12", "name_every-kind": "Speaking up"}
    manager.submit(form, values=values)
    layout = manager.get(f"{PAGE}/layout")
    refused = manager.submit(layout, delivered_by="1", provider="77", status=400)
    assert "A provider is read only" in refused.main
    manager.submit(refused, delivered_by="2", provider="77")
    (row,) = read(manager.open("GET", f"{PAGE}/file"))
    named = ("CATEGORY", "TRAININGNAME", "WHODELIVERED", "PROVIDERNAME")
    assert [row[name] for name in named] == ["12", "Speaking up", "2", "77"]
    manager.submit(manager.get(f"{PAGE}/layout"), layout=Layout.EIGHT.value, provider="")
    (row,) = read(manager.open("GET", f"{PAGE}/file"), Layout.EIGHT)
    assert row["DESCRIPTION"] == "Speaking up"


def test_a_wrong_reference_is_refused_at_its_field_with_what_was_typed(manager, database, home):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    form = manager.get(f"{PAGE}/workplaces")
    typed = {f"site_{home.site_id.hex}": "SITE", f"site_{second.hex}": "SITE"}
    refused = manager.submit(form, values=typed, status=400)
    assert "Another site has this reference already." in refused.main
    assert {field.attrs["value"] for field in refused.all("main input[type=text]")} == {"SITE"}


def test_a_name_that_is_wrong_is_refused_at_its_field(manager):
    form = manager.get(f"{PAGE}/training")
    refused = manager.submit(form, values={"name_every-kind": "x" * 121}, status=400)
    (said,) = refused.all(".nhsuk-error-summary a")
    assert words(said) == "Every kind of question: It is longer than 120 characters."
    assert said.attrs["href"] == "#name_every-kind"
    assert refused.one("#name_every-kind").attrs["aria-invalid"] == "true"


@ON_SQLITE
def test_a_site_manager_sees_their_own_site_alone(site_manager, database, catalog, home, worker):
    learn(database, worker, catalog=catalog, slug="every-kind", now=NOW)
    second = next(person for person in rows(database, Person) if person.name == "Priya Raman")
    assert "nothing to write" in site_manager.get(PAGE).main
    form = site_manager.get(f"{PAGE}/workplaces")
    assert "First site" not in form.main
    forged = {f"site_{home.site_id.hex}": "FORGED"}
    site_manager.send(f"{PAGE}/workplaces", forged)
    assert "FORGED" not in site_manager.get(f"{PAGE}/workplaces").text
    site_manager.get(f"{PAGE}/workers/{worker.person_id}", status=404)
    assert site_manager.get(f"{PAGE}/workers/{second.id}").heading == "Staff number and reference of Priya Raman"


@ON_SQLITE
@pytest.mark.usefixtures("passed")
def test_an_auditor_downloads_and_is_offered_nothing_to_change(manager, database, home, make_client):
    manager.submit(manager.get(f"{PAGE}/workplaces"), **{f"site_{home.site_id.hex}": "SITE-01"})
    auditor = make_person(database, home, now=NOW, email="auditor@home.example")
    let_in(database, home, auditor, now=NOW)
    given = {"person_id": auditor.person_id, "site_id": None, "kind": PermissionKind.AUDITOR, "now": NOW}
    permissions.give(database, viewer=home.viewer, **given)
    browser = make_client("auditor@home.example")
    page = browser.get(PAGE)
    assert not [link for link in page.links() if link.startswith(f"{PAGE}/")]
    assert len(read(browser.open("GET", f"{PAGE}/file"))) == 1


@ON_SQLITE
def test_many_people_are_listed_a_hundred_to_a_page(manager, database, catalog, home):
    for number in range(101):
        person = make_person(database, home, now=NOW, name=f"Somebody {number:03}")
        with database.write(home.viewer.organisation_id) as session:
            session.get_one(Person, (person.organisation_id, person.person_id)).staff_number = None
        learn(database, person, catalog=catalog, slug="every-kind", now=NOW)
    first = manager.get(PAGE)
    assert "Somebody 099" in first.main
    assert "Somebody 100" not in first.main
    assert "Somebody 100" in manager.get(f"{PAGE}?page=2").main
    assert "Somebody 100" in manager.get(f"{PAGE}?page=99").main


@ON_SQLITE
def test_the_hundred_and_first_site_is_mended_where_its_fault_leads(manager, database, catalog, home):
    for number in range(101):
        site_id = organisations.add_site(database, viewer=home.viewer, name=f"Site {number:03}", now=NOW)
    learn(database, make_person(database, home, now=NOW, site_id=site_id), catalog=catalog, now=NOW)
    form = manager.visit(manager.get(PAGE).link("Site 100"))
    kept = manager.submit(form, **{f"site_{site_id.hex}": "SITE-100"})
    assert "Kept." in kept.main
    assert [row["LOCALESTID"] for row in read(manager.open("GET", f"{PAGE}/file"))] == ["SITE-100"]


@pytest.mark.usefixtures("passed")
def test_the_pages_keep_their_budget_for_any_number_of_people(manager, rooms, database, catalog, home, worker):
    addresses = (PAGE, f"{PAGE}/workplaces", f"{PAGE}/training", f"{PAGE}/workers/{worker.person_id}")
    few = {address: asked(manager, rooms, address) for address in addresses}
    for _ in range(10):
        learn(database, make_person(database, home, now=NOW), catalog=catalog, slug="every-kind", now=NOW)
    assert {address: asked(manager, rooms, address) for address in addresses} == few
    assert max(few.values()) <= MANAGER, few
