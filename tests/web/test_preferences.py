"""How pages look: chosen in the settings or without an account, drawn by the server, and left on no shared tablet."""

import pytest

from tests.conftest import NOW
from tests.services.stored import rows
from tests.web.client import Loaded
from tests.web.conftest import ON_SQLITE
from training.models import Account
from training.services import pins

pytestmark = ON_SQLITE
LOOKS, FORM = "/settings/looks", "form[action='/settings/looks']"
EVERYTHING = {"text": "largest", "colours": "dark", "is_calm": "y"}
DRAWN = {"data-text": "largest", "data-colours": "dark", "data-calm": None}


def drawn(page: Loaded) -> dict[str, str | None]:
    """Return what the page's first element says of looks."""
    return {name: value or None for name, value in page.one("html").attrs.items() if name.startswith("data-")}


@pytest.mark.usefixtures("worker")
def test_what_is_chosen_is_drawn_on_every_page_and_on_every_device(learner, make_client):
    page = learner.submit(learner.get("/settings"), FORM, **EVERYTHING)
    assert "This is how your pages look from now on." in page.main
    assert [box.attrs["value"] for box in page.all(f"{FORM} input[checked]")] == ["en", "largest", "dark", "y"]
    elsewhere = make_client("worker@home.example")
    for path in ("/home", "/record", "/settings", "/glossary"):
        assert drawn(learner.get(path)) == drawn(elsewhere.get(path)) == DRAWN


@pytest.mark.usefixtures("worker")
def test_what_is_usual_is_drawn_as_nothing_and_can_be_chosen_again(learner, make_client):
    assert drawn(learner.get("/home")) == {}
    learner.submit(learner.get("/settings"), FORM, **EVERYTHING)
    other = make_client("worker@home.example")
    page = other.get("/settings")
    usual = {"text": "normal", "colours": "device", "is_calm": []}
    assert drawn(other.submit(page, FORM, **usual)) == {}
    assert drawn(learner.get("/home")) == {}, "the account has the last word, whatever a cookie says"


@pytest.mark.usefixtures("worker")
def test_nobody_elses_pages_change(learner, manager):
    learner.submit(learner.get("/settings"), FORM, **EVERYTHING)
    assert drawn(manager.get("/home")) == {}


def test_a_family_carer_without_an_account_chooses_too(client, make_client):
    page = client.get(LOOKS)
    assert page.heading == "Text size and colours"
    page = client.submit(page, FORM, **EVERYTHING)
    assert drawn(page) == drawn(client.get("/carers")) == drawn(client.get("/sign-in")) == DRAWN
    assert drawn(make_client().get("/carers")) == {}
    assert "__Host-" not in client.browser.get_cookie("looks").key
    assert client.browser.get_cookie("looks").http_only


def test_a_page_that_is_kept_is_sent_anew_once_it_looks_otherwise(client):
    tag = client.browser.get("/carers").headers["ETag"]
    client.submit(client.get(LOOKS), FORM, **EVERYTHING)
    again = client.browser.get("/carers", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "Cookie" in again.headers["Vary"]


@pytest.mark.usefixtures("worker")
def test_a_browser_remembers_until_somebody_signs_out_and_the_account_for_ever(client):
    client.submit(client.get(LOOKS), FORM, **EVERYTHING)
    client.sign_in("worker@home.example")
    assert drawn(client.get("/home")) == DRAWN, "whoever never chose with their account"
    client.submit(client.get("/settings"), FORM, text="larger", colours="light", is_calm=[])
    client.sign_out()
    assert drawn(client.get("/sign-in")) == {}
    assert client.browser.get_cookie("looks") is None
    client.sign_in("worker@home.example")
    assert drawn(client.get("/home")) == {"data-text": "larger", "data-colours": "light"}


@pytest.mark.parametrize("kept", ["", "huge", "largest.dark.calm.<script>", "dark dark"])
def test_a_cookie_that_nobody_could_have_chosen_is_harmless(client, kept):
    client.browser.set_cookie("looks", kept)
    assert set(drawn(client.get("/carers")).values()) <= set(DRAWN.values())


@pytest.mark.usefixtures("worker")
def test_what_the_form_does_not_offer_is_refused(learner, client, database):
    for browser in (learner, client):
        page = browser.expect(browser.send(LOOKS, {"text": "huge", "colours": "dark"}), 400)
        assert "Text size: choose one of these." in page.main
        assert drawn(page) == {}
    assert {row.looks for row in rows(database, Account)} == {None}


def test_a_shared_tablet_looks_as_each_person_has_it_and_keeps_nothing(make_client, home, rooms, worker):
    pins.set_own(rooms, viewer=worker, pin="7293", now=NOW)
    tablet = make_client("manager@home.example")
    tablet.submit(tablet.get("/settings"), FORM, **EVERYTHING)
    before = tablet.browser.get_cookie("looks").value
    names = tablet.submit(tablet.get("/team/tablets/new"), name="Staff room", sites=[str(home.site_id)])
    assert drawn(names) == {}, "what somebody chose on it before is nobody's"
    assert tablet.open("GET", LOOKS).location == "/tablet"
    page = tablet.submit(tablet.get(names.link("Marta K.")), pin="7293")
    assert drawn(page) == {}
    page = tablet.get("/settings")
    assert "worker@home.example" not in page.text
    page = tablet.submit(page, FORM, text="larger", colours="light", is_calm=[])
    assert drawn(page) == drawn(tablet.get("/home")) == {"data-text": "larger", "data-colours": "light"}
    names = tablet.follow(tablet.press(page, "form[action='/tablet/switch']"))
    assert drawn(names) == {}
    assert tablet.browser.get_cookie("looks").value == before
