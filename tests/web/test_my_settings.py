"""My settings: where reminders go, turned on by a browser and off by a button, and the home screen."""

import re
from dataclasses import replace

import pytest

from tests.conftest import NOW
from tests.mail.phones import Browser, base64url
from tests.services.stored import rows
from tests.web.client import FETCH, Client
from tests.web.conftest import ON_SQLITE
from training.domain.mail import Outcome, Result
from training.domain.reminder import Topic
from training.mail.vapid import make_key, public_key
from training.models import Person, PushDevice, Unsubscribe
from training.services import messages
from training.services.messages import Claim, Kind

pytestmark = ON_SQLITE
SETTINGS, REMINDERS = "/settings", "/settings/reminders"
KEY = make_key()
ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
ENDPOINT = "https://push.example.org/send/abc"


@pytest.fixture
def keyed(app):
    """The application with a key for phones."""
    rooms = app.extensions["training"]
    rooms.config = replace(rooms.config, vapid_private_key=KEY)
    return app


def fields(browser: Browser, **changes: str) -> dict[str, str]:
    """Return what the script sends of a subscription."""
    return {"endpoint": ENDPOINT, "p256dh": browser.p256dh, "auth": base64url(browser.secret)} | changes


def turn_on(learner: Client, **changes: str):
    data = fields(Browser("/x"), **changes) | {"csrf_token": learner.token()}
    return learner.open("POST", REMINDERS, data=data, headers=FETCH | {"User-Agent": ANDROID})


@pytest.mark.usefixtures("worker")
def test_without_a_key_the_page_says_where_reminders_go_and_offers_no_phone(learner):
    page = learner.get(SETTINGS)
    assert "Your reminders come by e-mail to worker@home.example" in page.main
    assert page.all("[data-module=push]") == []
    assert turn_on(learner).status == 404


@pytest.mark.usefixtures("keyed", "worker")
def test_a_phone_is_turned_on_by_its_script_listed_and_stopped_by_a_button(learner, database, worker):
    page = learner.get(SETTINGS)
    (box,) = page.all("[data-module=push]")
    assert box.attrs["data-push-key"] == public_key(KEY)
    assert "hidden" in box.attrs, "nothing of it shows without a script"
    answer = turn_on(learner)
    assert (answer.status, answer.response.json) == (200, {"then": "/settings#reminders"})
    page = learner.get(SETTINGS)
    assert "Chrome on Android" in page.main
    assert "Since 2 Mar 2026" in page.main
    (row,) = rows(database, PushDevice)
    assert (row.person_id, row.push_key) == (worker.person_id, public_key(KEY))
    assert row.endpoint not in page.text, "what reaches the phone is nobody's to read"
    learner.follow(learner.submit(page, f"form[action='{REMINDERS}/{row.id}/stop']"))
    assert rows(database, PushDevice) == []


@pytest.mark.usefixtures("keyed", "worker")
def test_a_browser_learns_which_device_it_is(learner, database, manager):
    assert ask(learner) == {"device": ""}
    turn_on(learner)
    (row,) = rows(database, PushDevice)
    assert ask(learner) == {"device": str(row.id)}
    assert ask(manager) == {"device": ""}, "it is in another person's hand"
    assert rows(database, PushDevice) == []


def ask(browser: Client):
    data = {"endpoint": ENDPOINT, "csrf_token": browser.token()}
    return browser.open("POST", f"{REMINDERS}/seen", data=data, headers=FETCH).response.json


@pytest.mark.usefixtures("keyed", "worker")
@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": ""},
        {"endpoint": "http://push.example.org/x"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://intranet/x"},
        {"p256dh": "x"},
        {"auth": ""},
    ],
)
def test_what_could_lead_elsewhere_is_refused_in_words(learner, database, changes):
    answer = turn_on(learner, **changes)
    assert answer.status == 400
    assert answer.response.json["words"].endswith(".")
    assert rows(database, PushDevice) == []


@pytest.mark.usefixtures("worker")
def test_this_machine_plays_the_push_service_in_development_alone(learner, keyed, database):
    here = {"endpoint": "https://127.0.0.1:8443/x"}
    rooms = keyed.extensions["training"]
    rooms.config = replace(rooms.config, env="production")
    assert turn_on(learner, **here).status == 400
    rooms.config = replace(rooms.config, env="development")
    assert turn_on(learner, **here).status == 200
    assert len(rows(database, PushDevice)) == 1


@pytest.mark.usefixtures("keyed", "worker")
def test_it_is_turned_on_from_our_own_pages_alone(learner, database):
    without = learner.open("POST", REMINDERS, data=fields(Browser("/x")), headers=FETCH)
    assert without.status == 400
    assert rows(database, PushDevice) == []


@pytest.mark.usefixtures("keyed", "worker")
def test_signing_out_ends_reminders_on_that_device(learner, database):
    turn_on(learner)
    learner.sign_out()
    assert rows(database, PushDevice) == []


@pytest.mark.usefixtures("worker")
def test_news_is_turned_off_and_on_again(learner, database):
    page = learner.get(SETTINGS)
    page = learner.follow(learner.submit(page, f"form[action='{REMINDERS}/news']"))
    assert [row.topic for row in rows(database, Unsubscribe)] == [Topic.WINDOW_NEWS]
    assert "You are not told when you can renew" in page.main
    page = learner.follow(learner.submit(page, f"form[action='{REMINDERS}/news']"))
    assert rows(database, Unsubscribe) == []
    assert "You are told when you can renew" in page.main


def test_whoever_cannot_be_reached_is_told_so(learner, database, worker):
    wanted = Claim(
        person_id=worker.person_id, kind=Kind.REMINDER, day=NOW.date(), key="one", address="worker@home.example"
    )
    message_id = messages.claim(database, worker.organisation_id, wanted=wanted, now=NOW)
    refused = Outcome(Result.REFUSED, "No.")
    messages.record(database, worker.organisation_id, message_id=message_id, outcome=refused, now=NOW)
    assert "came back, so no reminders reach you" in learner.get(SETTINGS).main
    with database.write(worker.organisation_id) as session:
        session.get_one(Person, (worker.organisation_id, worker.person_id)).email = None
    assert "You have no e-mail address here" in learner.get(SETTINGS).main


@pytest.mark.usefixtures("worker")
def test_home_says_how_many_items_are_due_for_the_icon(learner):
    (heading,) = learner.get("/home").all("[data-module=badge]")
    assert heading.attrs["data-due"] == "3"


@pytest.mark.usefixtures("worker")
def test_the_home_screen_is_offered_in_the_settings_and_shows_nothing_without_a_script(learner):
    page = learner.get(SETTINGS)
    (box,) = page.all("[data-module=install]")
    assert "hidden" in box.attrs
    assert re.search(r"Share.*Add to Home Screen", page.text, re.DOTALL)
    assert learner.get("/home").all("[data-module=install]") == []


def test_the_manifest_names_icons_that_are_there(client):
    page = client.get("/")
    (link,) = page.all("link[rel=manifest]")
    answer = client.open("GET", link.attrs["href"])
    manifest = answer.response.get_json(force=True)
    assert answer.response.content_type.startswith("application/manifest+json")
    wanted = {"start_url": "/home", "scope": "/", "display": "standalone", "short_name": "Training"}
    assert wanted.items() <= manifest.items()
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    folder = link.attrs["href"].rpartition("/")[0]
    (touch,) = page.all("link[rel=apple-touch-icon]")
    named = {f"{folder}/{icon['src']}": icon["sizes"] for icon in manifest["icons"]}
    for address, sizes in (named | {touch.attrs["href"]: "180x180"}).items():
        content = client.open("GET", address).response.data
        width, height = (int.from_bytes(content[start : start + 4], "big") for start in (16, 20))
        assert (content[:8], f"{width}x{height}") == (b"\x89PNG\r\n\x1a\n", sizes)
