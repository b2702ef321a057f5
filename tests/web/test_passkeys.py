"""Joining and signing in with a passkey through the pages, codes typed from paper, and one's own devices."""

import json
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.services.authenticator import Phone
from tests.web.client import FETCH, Client
from tests.web.conftest import ON_SQLITE
from training.services import people, throttles
from training.services.passkeys import TOO_LATE, UNFIT
from training.web import current

pytestmark = ON_SQLITE
ORIGIN = "http://localhost:8000"
ANDROID = {"HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14; K) Chrome/141.0.0.0 Mobile Safari/537.36"}


@pytest.fixture
def app(make_app):
    return make_app(base_url=ORIGIN)


@pytest.fixture
def phone():
    return Phone(origin=ORIGIN)


@pytest.fixture
def slip(rooms, home, worker):
    return people.issue_slip(rooms, viewer=home.viewer, person_id=worker.person_id, now=NOW)


def asked(browser: Client, address: str) -> str:
    """Ask for a question, as the script does."""
    loaded = browser.send(address, headers=FETCH)
    assert (loaded.status, loaded.response.mimetype) == (200, "application/json")
    return loaded.text


def join(browser: Client, slip, phone: Phone):
    address = f"/join/{slip.code}/passkey"
    return browser.send(address, {"credential": phone.make(asked(browser, f"{address}/challenge"))})


def enter(browser: Client, phone: Phone, **fields):
    said = phone.use(asked(browser, "/sign-in/passkey/challenge"))
    return browser.send("/sign-in/passkey", {"credential": said, **fields})


def test_a_code_is_typed_and_leads_to_the_page_of_its_slip(client, slip):
    page = client.get("/join")
    welcome = client.submit(page, code=f" {slip.code[:5].lower()} {slip.code[5:]} ")
    assert "Marta Kowalska" in welcome.heading
    assert "worker@home.example" in welcome.main
    assert welcome.one("[data-module=passkey]").attrs["data-origin"] == ORIGIN
    assert "Next time you type this name" in client.submit(welcome, password="four green teapots").main


def test_a_code_that_is_none_is_told_and_guessing_it_is_slowed_down(client, slip, time):
    page = client.get("/join")
    assert "Enter the code" in client.submit(page, code="", status=400).main
    odd = client.submit(page, code="K7MX4-PQR9O", status=400)
    assert "A code never has “O” in it" in odd.main
    assert odd.one("#code").attrs["value"] == "K7MX4-PQR9O"
    for _ in range(30):
        assert "There is no such link or code" in client.submit(page, code="K7MX4-PQR9T", status=400).main
    assert "tried too often" in client.submit(page, code=slip.code, status=429).main
    time.move(minutes=16)
    assert "Marta" in client.submit(page, code=slip.code).heading


def test_somebody_joins_with_a_passkey_and_signs_in_with_it(client, slip, phone):
    done = client.expect(join(client, slip, phone), 200)
    assert done.heading == "Your passkey is made"
    assert "Sign in with a passkey" in done.main
    assert "worker@home.example" in done.main
    entered = enter(client, phone, next="/record")
    assert (entered.status, entered.location) == (302, "/record")
    assert client.visit("/home").heading == "Your training"
    assert client.get(f"/join/{slip.code}", status=404).heading == "This link does not work"


def test_what_was_sent_while_signed_out_is_offered_after_a_passkey_too(client, slip, phone, make_client):
    client.expect(join(client, slip, phone), 200)
    held = make_client().send("/places", {"organisation_id": "1"})
    kept = held.one("input[name=held]").attrs["value"]
    assert client.follow(enter(client, phone, held=kept)).heading == "You are signed in"


def test_a_passkey_that_does_not_fit_is_refused_in_the_same_words_as_one_that_never_was(
    client, slip, phone, make_client
):
    client.expect(join(client, slip, phone), 200)
    stranger = Phone(origin=ORIGIN, user_handle=b"somebody")
    forged = Phone(origin=ORIGIN, user_handle=phone.user_handle, credential_id=phone.credential_id)
    pages = [client.expect(enter(make_client(), each), 400) for each in (stranger, forged)]
    assert {page.main for page in pages} == {pages[0].main}
    assert UNFIT in pages[0].main
    assert pages[0].heading == "Sign in"


def test_an_answer_belongs_to_the_browser_that_was_asked_and_works_once(client, slip, phone, make_client):
    client.expect(join(client, slip, phone), 200)
    said = phone.use(asked(client, "/sign-in/passkey/challenge"))
    for browser in (make_client(), client, client):
        answered = browser.send("/sign-in/passkey", {"credential": said})
        if browser is not client:
            assert TOO_LATE in client.expect(answered, 400).main
    assert (answered.status, TOO_LATE in answered.main) == (400, True), "the third time it had been used"


def test_questions_are_not_asked_for_ever(client, monkeypatch):
    monkeypatch.setitem(throttles.MOST, "passkey client", 3)
    for _ in range(3):
        asked(client, "/sign-in/passkey/challenge")
    slowed = client.send("/sign-in/passkey/challenge", headers=FETCH)
    assert slowed.status == 429
    assert "tried too often" in json.loads(slowed.text)["words"]


def test_a_slip_that_is_none_asks_nothing(client):
    refused = client.send("/join/no-such/passkey/challenge", headers=FETCH)
    assert refused.status == 404
    assert "ask your manager for a new slip" in json.loads(refused.text)["words"]


def test_a_bad_answer_keeps_the_slip(client, slip, phone):
    address = f"/join/{slip.token}/passkey"
    made = json.loads(phone.make(asked(client, f"{address}/challenge")))
    made["response"]["clientDataJSON"] = "AAAA"
    refused = client.send(address, {"credential": json.dumps(made)})
    assert (refused.status, "could not be made" in refused.main) == (400, True)
    assert client.submit(refused, password="four green teapots").heading == "Your password is set"


def test_pages_say_in_words_where_there_are_no_passkeys(make_app, worker, slip):  # noqa: ARG001 (there must be a slip)
    browser = Client(make_app(base_url="http://127.0.0.1:8000"))
    for address in ("/sign-in", f"/join/{slip.token}"):
        page = browser.get(address)
        assert "This browser cannot" in page.main
        assert not page.all("[data-module=passkey]")
        assert "hidden" in page.one("button[data-passkey=button]").attrs


def test_devices_and_passkeys_stand_on_one_page(client, slip, phone, make_client):
    client.expect(join(client, slip, phone), 200)
    said = phone.use(asked(client, "/sign-in/passkey/challenge"))
    client.send("/sign-in/passkey", {"credential": said}, environ_overrides=ANDROID)
    other = make_client()
    enter(other, phone)
    page = client.visit("/settings/sign-in")
    assert "with a passkey" in page.main
    assert "Chrome on Android (this one)" in page.main
    assert "Unknown device" in page.main
    ended = client.submit(page, "form[action*='/devices/'][action$='/end']")
    assert "Unknown device is signed out." in ended.main
    assert other.visit("/home").heading == "Sign in"
    third = make_client()
    enter(third, phone)
    assert "Every other device" in client.submit(client.visit("/settings/sign-in"), "form[action$='end-others']").main
    assert third.visit("/home").heading == "Sign in"


def test_a_passkey_is_added_named_and_removed_and_the_last_way_in_stays(client, slip, phone):
    client.expect(join(client, slip, phone), 200)
    enter(client, phone)
    second = Phone(origin=ORIGIN)
    only = client.visit(client.visit("/settings/sign-in").link("name or remove"))
    assert "only way in" in only.main
    assert "only way in" in client.expect(client.send(f"{only.address}/remove"), 409).main
    said = second.make(asked(client, "/settings/sign-in/passkeys/challenge"))
    listed = client.follow(client.send("/settings/sign-in/passkeys", {"credential": said, "name": "Tablet"}))
    assert "The passkey “Tablet” is added." in listed.main
    page = client.visit(listed.link("Tablet"))
    assert "Enter a name" in client.submit(page, f"form[action='{page.address}']", name="", status=400).main
    named = client.submit(page, f"form[action='{page.address}']", name="Old tablet")
    gone = client.submit(client.visit(named.link("Old tablet")), "form[action$='/remove']")
    assert "Old tablet" not in gone.all("ul.app-list")[0].to_text()
    assert enter(Client(client.app), second).status == 400


def test_the_password_is_asked_for_where_one_signed_in_a_while_ago(learner, time, phone):
    time.move(minutes=16)
    page = learner.visit("/settings/sign-in")
    assert page.one("#password")
    said = phone.make(asked(learner, "/settings/sign-in/passkeys/challenge"))
    fields = {"credential": said, "password": "wrong"}
    refused = learner.expect(learner.send("/settings/sign-in/passkeys", fields), 400)
    assert "That is not your password." in refused.main
    said = phone.make(asked(learner, "/settings/sign-in/passkeys/challenge"))
    added = learner.send("/settings/sign-in/passkeys", {"credential": said, "password": "four green teapots"})
    assert added.status == 302


def test_a_question_is_over_after_five_minutes(client, slip, phone, time):
    client.expect(join(client, slip, phone), 200)
    said = phone.use(asked(client, "/sign-in/passkey/challenge"))
    time.now += timedelta(minutes=5)
    assert TOO_LATE in client.expect(client.send("/sign-in/passkey", {"credential": said}), 400).main


def test_the_settings_name_the_host_of_passkeys(app):
    with app.app_context():
        assert current.config().base_url == ORIGIN
