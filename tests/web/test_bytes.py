"""What no person types: bodies too big, bytes that are no text, control characters, and paths that climb."""

import re

import pytest

from tests.web.client import Client
from tests.web.learning import hidden


def test_a_body_that_is_too_big_is_refused_in_words(manager, client):
    for browser, address in ((manager, "/team/sites"), (client, "/sign-in"), (client, "/team/sites")):
        refused = browser.open("POST", address, data={"name": "x" * (2 * 1024 * 1024)})
        assert (refused.status, refused.heading) == (413, "That is too big to send")


@pytest.mark.usefixtures("home")
def test_strange_characters_do_not_break_signing_in(client, time):
    page = client.get("/sign-in")
    fields = {**hidden(page), "sign_in_name": "manager@home.example", "password": "wrong password"}
    for typed in ("\x01", "a\x7fb", "\x1b[31m", "\ufffd", "\u202e", "x" * 5000):
        for name in ("sign_in_name", "password", "next", "held"):
            again = client.open("POST", "/sign-in", data=fields | {name: typed})
            assert client.expect(again, 400).heading == "Sign in"
        time.move(minutes=20)


def test_a_nul_is_refused_in_words_wherever_it_stands(manager, client):
    for browser in (manager, client):
        for path in (
            "/sign-in?next=%00",
            "/join/a%00",
            "/modules/a%00b/finish",
            "/team/people.csv?search=%00",
            "/?%00=x",
        ):
            assert browser.get(path, status=400).heading == "That could not be read"
        for path in ("/sign-in", "/join/x", "/team/people/new", "/places", "/modules/every-kind/start"):
            for fields in ({"name": "a\0b"}, {"a\0b": "x"}, {"sign_in_name": ["good", "\0"]}):
                assert browser.expect(browser.send(path, fields), 400).heading == "That could not be read"


def test_bytes_that_are_no_text_do_not_break_a_form(manager):
    body = b"name=%ff%fe&csrf_token=" + manager.token().encode()
    sent = manager.open("POST", "/team/sites", data=body, content_type="application/x-www-form-urlencoded")
    assert "%FF%FE" in manager.follow(sent).main
    assert manager.expect(manager.open("POST", "/team/sites", json={"name": "x"}), 400).heading == "Send it again"


def test_control_characters_never_reach_the_record(manager):
    for field, status in (("name", 200), ("email", 400), ("staff_number", 200), ("starts_on", 200)):
        values = menus(manager) | {"name": f"Ann {field}", "starts_on": "2 Mar 2026"}
        values[field] = values.get(field, "") + "\x07\x1b"
        manager.follow(manager.send("/team/people/new", values), status=status)
    assert not re.search(r"[\x07\x1b]", manager.get("/team/people").text)


def menus(manager: Client) -> dict[str, str]:
    """Return the first choice of each menu of the form that adds a person."""
    page = manager.get("/team/people/new")
    return {menu.attrs["name"]: menu.query("option")[0].attrs["value"] for menu in page.all("main select")}


def test_no_address_reaches_a_file_that_is_not_meant_to_be_seen(client):
    for path in (
        "/pictures/modules/..%2f..%2fpyproject.toml",
        "/pictures/modules/%2e%2e%2ftracks.yaml.svg",
        "/pictures/modules/every-kind.md",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
    ):
        assert client.follow(client.open("GET", path), status=404).heading == "Page not found"


def test_an_address_that_leads_nowhere_says_so(learner):
    for path in ("/tracks/no-such", "/tracks/", "/record/not-a-uuid", "/no-such-page", "/scenarios/every-kind"):
        assert learner.get(path, status=404).heading == "Page not found"
