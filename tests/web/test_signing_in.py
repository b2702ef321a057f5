"""Signing in and out: fresh sessions, no way to be led elsewhere, and guessing that is slowed down."""

from datetime import timedelta

import pytest

from tests.factories import PASSWORD
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE

pytestmark = [ON_SQLITE, pytest.mark.usefixtures("worker")]
NAME = "worker@home.example"
WRONG = "That name and password do not fit together."


def session_cookie(browser: Client) -> str:
    found = browser.browser.get_cookie("training")
    return found.value if found else ""


def test_a_session_begins_in_a_fresh_cookie(client):
    client.get("/sign-in")
    before, token = session_cookie(client), client.token()
    client.sign_in(NAME)
    assert session_cookie(client) != before
    assert client.visit("/home").one("input[name=csrf_token]").attrs["value"] != token


def test_an_answer_that_comes_late_brings_no_cookie_that_would_undo_signing_out(client):
    client.sign_in(NAME)
    client.get("/home")
    for path in ("/home", "/offline/me", "/record"):
        assert "training" not in {
            each.partition("=")[0] for each in client.get(path).response.headers.getlist("Set-Cookie")
        }


def test_a_cookie_from_before_signing_out_opens_nothing_afterwards(client):
    client.sign_in(NAME)
    stolen = session_cookie(client)
    client.sign_out()
    assert client.visit("/home").heading == "Sign in"
    client.browser.set_cookie("training", stolen)
    assert client.visit("/home").heading == "Sign in", "the session's row has ended, whatever the cookie says"


def test_signing_out_on_one_device_leaves_the_others_signed_in(make_client):
    phone, tablet = make_client(NAME), make_client(NAME)
    phone.sign_out()
    assert tablet.visit("/home").heading == "Your training"


def test_a_session_left_alone_for_a_week_is_over_and_one_in_use_lasts_a_month(learner, time):
    for _ in range(4):
        time.move(days=6)
        assert learner.visit("/home").heading == "Your training"
    time.move(days=6, hours=1)
    assert learner.visit("/home").heading == "Sign in"


def test_an_unused_session_is_over_after_a_week(learner, time):
    time.move(days=7, minutes=1)
    assert learner.visit("/home").heading == "Sign in"


def test_a_page_asked_for_while_signed_out_is_where_one_lands(client):
    asked = client.visit("/team/people?status=overdue&search=A%20B")
    assert asked.heading == "Sign in"
    entered = client.press(asked, sign_in_name="manager@home.example", password=PASSWORD)
    assert entered.location == "/team/people?status=overdue&search=A%20B"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
        "\t//evil.example",
        " //evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/home\r\nSet-Cookie: a=b",
        "/./\\evil.example",
        "",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(client, elsewhere):
    page = client.open("GET", "/sign-in", query_string={"next": elsewhere})
    fields = {"sign_in_name": NAME, "password": PASSWORD, "next": elsewhere}
    entered = client.send("/sign-in", fields)
    assert page.heading == "Sign in"
    assert (entered.status, entered.location) == (302, "/home")


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(client):
    page = client.get("/sign-in")
    wrong = client.submit(page, status=400, sign_in_name=NAME, password="wrong password")
    nobody = client.submit(page, status=400, sign_in_name="nobody@home.example", password="wrong password")
    assert WRONG in wrong.main
    assert wrong.main == nobody.main
    assert wrong.one("#sign_in_name").attrs["value"] == NAME
    assert not wrong.one("#password").attrs.get("value"), "a password is never sent back"


def test_an_empty_form_says_what_to_enter(client):
    empty = client.submit(client.get("/sign-in"), status=400)
    assert "Enter your e-mail address or sign-in name." in empty.main
    assert "Enter your password." in empty.main


def test_guessing_a_password_is_slowed_down_and_the_page_says_for_how_long(client, make_client, time):
    page = client.get("/sign-in")
    for _ in range(10):
        client.submit(page, status=400, sign_in_name=NAME, password="wrong password")
    time.move(minutes=5, seconds=1)
    slowed = client.submit(page, status=429, sign_in_name=NAME, password=PASSWORD)
    assert "That was tried too often. Wait 10 minutes and try again." in slowed.main
    assert slowed.heading == "Sign in"
    assert make_client("manager@home.example").visit("/home").heading == "Your training"
    time.now += timedelta(minutes=11)
    assert client.sign_in(NAME).heading == "Your training"


def test_whoever_is_signed_in_is_not_asked_again(learner):
    assert learner.get("/sign-in", status=302).location == "/home"
    assert learner.get("/", status=302).location == "/home"


def test_a_name_is_recognised_however_it_is_typed(client):
    assert client.sign_in("  WORKER@Home.Example ").heading == "Your training"
