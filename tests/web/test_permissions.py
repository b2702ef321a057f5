"""The pages on who may do what: given by somebody found, taken after a page that asks, and in force at once."""

from urllib.parse import urlsplit

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person
from tests.services.stored import rows
from tests.web.client import Client
from tests.web.inspector import words
from training.models import Person

PAGE = "/team/permissions"


@pytest.fixture
def given(manager, worker) -> Client:
    """The worker was made an auditor of the first site, through the pages."""
    found = manager.submit(manager.get(PAGE), search="marta")
    form = manager.get(address_of(found, worker))
    assert "They see their own training and nobody else’s." in form.main
    manager.submit(form, kind="auditor", place=site_of(form))
    return manager


def address_of(page, worker):
    (address,) = {link for link in page.links() if link.endswith(f"{worker.person_id}/permissions")}
    return address


def site_of(form):
    (value,) = [option.attrs["value"] for option in form.all("#place option") if words(option) == "First site"]
    return value


def listed(page):
    return [words(row) for row in page.all("tbody tr")]


@pytest.mark.usefixtures("given")
def test_somebody_found_by_name_is_made_an_auditor_at_once(manager, learner):
    assert listed(manager.get(PAGE)) == [
        "manager See and change Manager since 2 Mar 2026 The whole organisation Yours: another manager can take it",
        "Marta Kowalska See and change nothing Auditor since 2 Mar 2026 First site"
        " Take it away from Marta Kowalska, First site",
    ]
    assert "Marta Kowalska" in learner.get("/team/people").main
    assert learner.send("/team/people/new", {"name": "Ann"}).status == 403


def test_it_is_taken_after_a_page_that_asks(given, learner):
    asking = given.get(given.get(PAGE).link("Take it away"))
    assert "Marta Kowalska is auditor of First site since 2 Mar 2026." in asking.main
    learner.get("/team")
    assert "Taken." in given.submit(asking).text
    assert len(listed(given.get(PAGE))) == 1
    learner.get("/team", status=403)
    given.get(asking.address, status=404)


@pytest.mark.usefixtures("given")
def test_what_cannot_be_given_is_said_at_its_field(manager, worker):
    address = f"/team/people/{worker.person_id}/permissions"
    form = manager.get(address)
    assert "Auditor of First site" in form.main
    again = manager.submit(form, kind="auditor", place=site_of(form), status=400)
    assert words(again.one("#place-error")) == "Error: They may do that already."
    other = manager.submit(form, kind="manager", place="whole", status=400)
    assert "They are an auditor, and nobody is both." in words(other.one("#kind-error"))
    nothing = manager.expect(manager.send(address, {}), 400)
    assert [link.attrs["href"] for link in nothing.all(".nhsuk-error-summary a")] == ["#kind-0", "#place"]
    assert manager.send(address, {"kind": "manager", "place": "elsewhere"}).status == 400


def test_nobody_takes_their_own(manager, rooms, home, make_client):
    other = make_person(rooms, home, now=NOW, name="Ann", email="ann@home.example")
    let_in(rooms, home, other, now=NOW)
    form = manager.get(f"/team/people/{other.person_id}/permissions")
    manager.submit(form, kind="manager", place="whole")
    theirs = manager.get(PAGE).link("Take it away")
    ann = make_client("ann@home.example")
    ann.get(theirs, status=403)
    assert ann.send(theirs).status == 403
    ann.submit(ann.get(ann.get(PAGE).link("Take it away")))
    manager.get("/team", status=403)


def test_somebody_from_outside_is_let_in_to_look(manager, make_client, rooms):
    form = manager.get(manager.get(PAGE).link("Let somebody in who does not work here"))
    sent = {"name": "Farah Iqbal", "email": "farah@council.example", "kind": "auditor", "place": "whole"}
    person = manager.submit(form, values=sent)
    assert person.heading == "Farah Iqbal"
    assert "No job is recorded, so this person is in no figure." in person.main
    slip = manager.submit(person, "form[action$='/link']")
    farah = make_client()
    farah.submit(farah.get(urlsplit(words(slip.one("#link"))).path), password=PASSWORD)
    farah.sign_in("farah@council.example")
    assert "/team" in farah.visit("/home").links()
    assert "See and change nothing Auditor since" in farah.get(PAGE).main
    assert len(rows(rooms, Person, name="Farah Iqbal")) == 1
    for changed, field in (
        ({"name": " "}, "name"),
        ({"email": "no"}, "email"),
        ({}, "email"),
        ({"place": ""}, "place"),
    ):
        again = manager.submit(form, values=sent | changed, status=400)
        assert again.one(f"#{field}-error")


def test_nobody_fits(manager):
    assert "Nobody here has “ Nobody ” in the name." in manager.get(f"{PAGE}?search=Nobody").main
