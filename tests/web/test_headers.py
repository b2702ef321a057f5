"""What browsers are told: what to load, what to keep, and how cookies travel."""

import json

import pytest

from tests.web.client import Client
from tests.web.conftest import ON_SQLITE

pytestmark = ON_SQLITE
PUBLIC = ("/", "/sign-in", "/check", "/privacy", "/accessibility", "/check/nonsense", "/no-such-page", "/livez")
SECURE = "https://training.example.org"
SECRET = "thirty-two characters and then some"


@pytest.mark.usefixtures("worker")
def test_every_answer_carries_the_protecting_headers(client, learner, manager):
    answers = [client.open("GET", path) for path in PUBLIC]
    answers += [learner.get("/home"), learner.get("/team", status=403), manager.get("/team/people.csv")]
    answers += [client.open("POST", "/sign-in"), client.open("GET", "/home"), client.open("DELETE", "/home")]
    for answer in answers:
        headers = answer.response.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
        assert "Strict-Transport-Security" not in headers, "over http it would lock people out"


def test_the_security_policy_lets_in_our_own_files_and_nothing_else(client):
    policy = client.get("/").response.headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert set(rules.values()) == {"'none'", "'self'"}, "no unsafe-*, no nonce, no other site"


def test_nothing_personal_is_kept_by_any_cache(client, learner, manager, worker):
    pages = [learner.get(path) for path in ("/home", "/record", "/places", "/check")]
    pages += [manager.get(path) for path in ("/team", "/team/people", "/team/people.csv", "/team/overview.csv")]
    pages += [manager.get(f"/team/people/{worker.person_id}"), learner.open("GET", "/")]
    pages += [client.get("/sign-in"), client.get("/check/nonsense", status=404), client.open("GET", "/home")]
    assert {page.response.headers["Cache-Control"] for page in pages} == {"private, no-store"}
    front = client.get("/").response
    assert front.headers["Cache-Control"] == "public, no-cache", "kept only to be asked for again"
    assert "Cookie" in front.vary, "the front page is another one for somebody who is signed in"


def test_built_files_are_kept_for_good(client):
    page = client.get("/")
    files = [element.attrs["href"] for element in page.all("head link[href]")]
    files += [element.attrs["src"] for element in page.all("script[src]")]
    assert files
    for path in files:
        response = client.get(path).response
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    ("base_url", "name", "secure"), [("http://127.0.0.1:8000", "training=", False), (SECURE, "__Host-training=", True)]
)
def test_cookies_travel_as_safely_as_the_address_allows(make_app, base_url, name, secure):
    app = make_app(base_url=base_url)
    app.config["HOME"] = base_url
    response = Client(app).open("GET", "/sign-in", base_url=base_url).response
    set_cookie = response.headers["Set-Cookie"]
    assert set_cookie.startswith(name)
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Path=/" in set_cookie
    assert "Domain=" not in set_cookie
    assert ("; Secure" in set_cookie) is secure
    assert ("Strict-Transport-Security" in response.headers) is secure


def test_over_https_every_answer_demands_https_from_then_on(make_app):
    app = make_app(base_url=SECURE, env="production", secret_key=SECRET)
    for path in (*PUBLIC, "/home"):
        sent = Client(app).open("GET", path, base_url=SECURE).response.headers
        assert sent["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_whoever_watches_over_the_service_gets_answers_and_no_page(client, rooms):
    assert json.loads(client.get("/livez").text) == {"alive": True}
    assert json.loads(client.get("/readyz").text) == {"ready": True, "wrong": [], "clock": "never started"}
    with rooms.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE throttle")
    wrong = json.loads(client.get("/readyz", status=503).text)
    assert wrong == {"ready": False, "wrong": ["These tables are missing: throttle. Run `training migrate`."]}


def test_an_unexpected_fault_is_explained_to_whoever_is_signed_in_too(app, learner, client, rooms, caplog):
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with rooms.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE session")
    for browser, path in ((learner, "/home"), (learner, "/no-such-page"), (learner, "/sign-in")):
        failed = browser.get(path, status=500)
        assert failed.heading == "Something went wrong"
        assert "Nothing" not in failed.main
        assert failed.response.headers["X-Content-Type-Options"] == "nosniff"
        assert "session" not in failed.text, "no word of what is inside"
    assert "no such table" in caplog.text
    client.get("/privacy")
