"""On the home screen: what Chromium says of it, when it is offered and when not, and reminders on a phone."""

import json
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories
from tests.browser.looking import Watch
from tests.browser.people import Learner, add_learner
from tests.browser.walking import follow, sign_in
from tests.mail.phones import Browser, base64url
from tests.serving import Served, serve
from training import clock
from training.db import Database
from training.mail.vapid import make_key, public_key
from training.models import PushDevice

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
# Only a browser with windows offers this by itself, so the page is told of it as such a browser would.
OFFERED = """(outcome) => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  event.prompt = async () => { window.asked = (window.asked ?? 0) + 1; };
  event.userChoice = Promise.resolve({ outcome });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}"""
# Nobody on this machine carries notifications: the browser's own keys and address are given to it.
SUBSCRIBES = """(given) => {
  const found = () => localStorage.getItem("given") && {
    endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => localStorage.removeItem("given"),
  };
  PushManager.prototype.getSubscription = async () => found();
  PushManager.prototype.subscribe = async (wanted) => {
    localStorage.setItem("given", [...new Uint8Array(wanted.applicationServerKey)].length);
    return found();
  };
}"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
}"""
# While one takes the place of another there is none for a moment: the newer is told by its time.
SHOWN_AFTER = """async (time) => {
  const registration = await navigator.serviceWorker.ready;
  const shown = await registration.getNotifications();
  return shown.length === 1 && shown[0].timestamp > time && shown[0].timestamp;
}"""
KEY = make_key()


def passed(database: Database, learner: Learner, catalog) -> str:
    """Pass a module and return the address of its result."""
    now = clock.now()
    viewer = factories.sign_in(database, learner.sign_in_name, now=now, password=learner.password)
    return f"/record/{factories.learn(database, viewer, catalog=catalog, slug=MODULE, now=now).attempt_id}"


def offers(page: Page):
    return page.locator("[data-module~=install]")


def test_chromium_finds_that_it_can_be_installed_on_public_and_personal_pages(visit, add):
    page = visit()
    wire = page.context.new_cdp_session(page)
    page.goto("/")
    looked_at(wire)
    sign_in(page, add())
    looked_at(wire)


def looked_at(wire) -> None:
    """Look at a page as Chromium does before it offers to install it."""
    found = wire.send("Page.getAppManifest")
    assert found["errors"] == []
    assert re.search(r"/static/dist/app-\w+\.webmanifest$", found["url"])
    assert json.loads(found["data"])["start_url"] == "/home"
    faults = {fault["errorId"] for fault in wire.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert faults <= {"in-incognito"}, "each test has a browser of its own that keeps nothing"


def test_the_home_screen_is_offered_after_something_was_passed_and_never_before(visit, add, database, catalog):
    learner, page = add(), visit()
    sign_in(page, learner)
    assert page.evaluate(OFFERED, "accepted"), "the browser's own banner is held back"
    expect(offers(page)).to_have_count(0)
    watch = Watch(page)
    page.goto(passed(database, learner, catalog))
    expect(offers(page)).to_be_hidden()
    page.evaluate(OFFERED, "accepted")
    expect(offers(page)).to_be_visible()
    watch.look()
    offers(page).get_by_role("button", name="Put it on my home screen").click()
    expect(offers(page)).to_be_hidden()
    assert page.evaluate("window.asked") == 1
    watch.check()


@pytest.mark.parametrize("how", ["button", "browser"])
def test_whoever_says_no_is_not_asked_again(visit, add, database, catalog, how):
    learner, page = add(), visit()
    sign_in(page, learner)
    result = passed(database, learner, catalog)
    page.goto(result)
    page.evaluate(OFFERED, "dismissed")
    no = {"button": "Do not ask me again", "browser": "Put it on my home screen"}[how]
    offers(page).get_by_role("button", name=no).click()
    expect(offers(page)).to_be_hidden()
    page.goto(result)
    page.evaluate(OFFERED, "accepted")
    expect(offers(page)).to_be_hidden()
    page.goto("/settings")
    page.evaluate(OFFERED, "accepted")
    expect(offers(page).get_by_role("button", name="Put it on my home screen")).to_be_visible()


def test_safari_on_an_iphone_gets_the_words_for_it(visit, add, database, catalog):
    learner, page = add(), visit(user_agent=IPHONE)
    sign_in(page, learner)
    page.goto(passed(database, learner, catalog))
    expect(offers(page)).to_contain_text(re.compile(r"press Share .* then Add to Home Screen"))
    expect(offers(page).get_by_role("button", name="Put it on my home screen")).to_be_hidden()


def test_without_javascript_nothing_of_it_shows(visit, add, database, catalog):
    learner, page = add(), visit(java_script_enabled=False, user_agent=IPHONE)
    sign_in(page, learner)
    for path in (passed(database, learner, catalog), "/settings"):
        page.goto(path)
        expect(offers(page)).to_be_hidden()


@pytest.fixture
def keyed(demonstration_file, tmp_path) -> Iterator[Served]:
    """A server that knows a key for phones."""
    shutil.copy(demonstration_file, tmp_path / "training.sqlite")
    address = f"sqlite:///{tmp_path / 'training.sqlite'}"
    with serve(address, output_file=tmp_path / "output.txt", TRAINING_VAPID_PRIVATE_KEY=KEY) as served:
        yield served


def test_a_phone_is_asked_only_on_a_press_and_then_reminds(visit, keyed):
    database = Database(keyed.database_url)
    learner, browser = add_learner(database, now=clock.now()), Browser("/x")
    page = visit(base_url=keyed.address)
    given = {
        "endpoint": "https://push.example.org/x",
        "keys": {"p256dh": browser.p256dh, "auth": base64url(browser.secret)},
    }
    page.context.add_init_script(f"({SUBSCRIBES})({json.dumps(given)})")
    page.context.grant_permissions(["notifications"], origin=keyed.address)
    sign_in(page, learner)
    watch = Watch(page)
    page.goto("/settings")
    watch.look()
    assert devices(database) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Remind me here").click()
    expect(page.get_by_text("Chrome on Linux (this one)")).to_be_visible()
    expect(page.get_by_text("Reminders are on here.")).to_be_visible()
    watch.look()
    assert devices(database) == [(learner.person_id, "https://push.example.org/x", public_key(KEY))]
    pushed(page, keyed.address)
    follow(page, page.get_by_role("button", name="Stop reminders on Chrome on Linux"))
    expect(page.get_by_role("button", name="Remind me here")).to_be_visible()
    assert devices(database) == []
    database.close()
    watch.check()


def devices(database: Database) -> list[tuple]:
    with database.read("everywhere") as session:
        return [(row.person_id, row.endpoint, row.push_key) for row in session.scalars(select(PushDevice))]


def pushed(page: Page, origin: str) -> None:
    """Send two messages to the service worker: the second takes the place of the first, whatever it holds."""
    said = {"title": "Training", "body": "You have training due. Open to see.", "tag": "training-due"}
    wire, workers = page.context.new_cdp_session(page), []
    wire.on("ServiceWorker.workerRegistrationUpdated", lambda event: workers.extend(event["registrations"]))
    wire.send("ServiceWorker.enable")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    (registration,) = {one["registrationId"] for one in workers}
    time = 0
    for data in (json.dumps({"title": "Training", "body": said["body"], "due": 3}), "no message of ours"):
        wire.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registration, "data": data})
        time = page.wait_for_function(SHOWN_AFTER, arg=time).json_value()
        assert page.evaluate(SHOWN) == [said]
