"""A shared tablet in the staff room: made, used by one person after another, locked, and with nothing left behind."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.looking import RULES, Watch
from tests.browser.people import Learner
from tests.browser.walking import demonstrator, follow, sign_in
from training import clock
from training.demonstration import sign_in as viewer_of
from training.services import accounts, organisations, pins, tablets

pytestmark = pytest.mark.browser

TABLET = {"viewport": {"width": 800, "height": 1180}}
PIN = "7293"
LEFT = """async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...(await indexedDB.databases()).map(({ name }) => name),
  ...(await caches.keys()),
].filter((name) => name === "left")"""
LEAVE_SOMETHING = """async () => {
  localStorage.setItem("left", "behind");
  sessionStorage.setItem("left", "behind");
  await (await caches.open("left")).put("/left", new Response("behind"));
  await new Promise((resolve) => { indexedDB.open("left").onsuccess = resolve; });
}"""


def shared(context: BrowserContext, database, served) -> None:
    """Make a browser a shared tablet of the site at which learners are added, as its cookie says."""
    viewer = viewer_of(database, name="manager", now=clock.now())
    site_ids = [organisations.list_sites(database, viewer=viewer)[0].id]
    known = {"name": "Staff room", "site_ids": site_ids, "session_token": "", "now": clock.now()}
    token = tablets.make(database, viewer=viewer, **known)
    context.add_cookies([{"name": "tablet", "value": token, "url": served.address}])


def with_pin(database, learner: Learner) -> Learner:
    """Give somebody a PIN."""
    known = {"sign_in_name": learner.sign_in_name, "password": learner.password, "client": "a test"}
    token = accounts.sign_in(database, now=clock.now(), **known)
    viewer = accounts.find_viewer(database, token=token, now=clock.now())
    pins.set_own(database, viewer=viewer, pin=PIN, now=clock.now())
    return learner


def look(watch: Watch) -> None:
    """Look at the page as on any device, and as wide as a tablet."""
    watch.look()
    watch.faults += [f"{watch.page.url}: {fault}" for fault in watch.look_at_width(800)]
    watch.page.set_viewport_size(TABLET["viewport"])


def pick(page: Page, called: str) -> None:
    follow(page, page.get_by_role("link", name=called))


def enter(page: Page, called: str) -> None:
    """Pick a name and enter the PIN."""
    pick(page, called)
    page.get_by_label("PIN", exact=True).fill(PIN)
    follow(page, page.get_by_role("button", name="Go on"))
    expect(page).to_have_url("/home")


def test_a_manager_makes_a_tablet_and_somebody_signs_in_on_it_with_a_pin_of_their_own(visit, add):
    wanda = add(name="Wanda Yardley")
    phone = visit()
    watch = Watch(phone)
    sign_in(phone, wanda)
    watch.looked_at |= {phone.url, phone.url.replace("/home", "/sign-in")}  # others look at these
    phone.goto("/pin")
    watch.look()
    phone.get_by_label("New PIN", exact=True).fill(PIN)
    phone.get_by_label("New PIN again").fill(PIN)
    follow(phone, phone.get_by_role("button", name="Set my PIN"))
    expect(phone.get_by_role("main")).to_contain_text("Your PIN is set.")
    watch.check()

    tablet = visit(**TABLET)
    watch = Watch(tablet)
    sign_in(tablet, demonstrator("manager"))
    watch.looked_at |= {tablet.url, tablet.url.replace("/home", "/sign-in")}
    tablet.goto("/team/tablets")
    look(watch)
    follow(tablet, tablet.get_by_role("link", name="Make this a shared tablet"))
    look(watch)
    tablet.get_by_label("Name of this tablet").fill("Staff room tablet")
    tablet.get_by_label("Alder House").check()
    follow(tablet, tablet.get_by_role("button", name="Make this a shared tablet"))
    expect(tablet).to_have_url("/tablet")
    look(watch)
    tablet.get_by_label("Find your name").fill("yard")
    follow(tablet, tablet.get_by_role("button", name="Find"))
    look(watch)
    pick(tablet, "Wanda Y.")
    look(watch)
    tablet.get_by_label("PIN", exact=True).fill(PIN)
    follow(tablet, tablet.get_by_role("button", name="Go on"))
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Your training")
    look(watch)
    expect(tablet.get_by_role("button", name="Switch person")).to_be_visible()
    expect(tablet.get_by_role("button", name="Sign out")).to_have_count(0)
    follow(tablet, tablet.get_by_role("button", name="Switch person"))
    expect(tablet).to_have_url("/tablet")
    watch.check()


def test_nothing_of_the_one_before_is_left_and_the_back_button_brings_nothing_back(visit, add, database, served):
    with_pin(database, add(name="Walter Yorke"))
    page = visit(**TABLET)
    shared(page.context, database, served)
    page.goto("/tablet")
    enter(page, "Walter Y.")
    page.goto("/record")
    page.evaluate(LEAVE_SOMETHING)
    assert page.evaluate(LEFT) == ["left"] * 4
    follow(page, page.get_by_role("button", name="Switch person"))
    expect(page).to_have_url("/tablet")
    assert page.evaluate(LEFT) == []
    assert "tablet" in {cookie["name"] for cookie in page.context.cookies()}
    for _ in ("the record", "home"):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
        assert "Walter Yorke" not in page.content()


def test_it_warns_before_it_locks_and_a_touch_keeps_whoever_is_there(visit, add, database, served):
    with_pin(database, add(name="Wilma Yates"))
    page = visit(**TABLET)
    page.clock.install()
    shared(page.context, database, served)
    page.goto("/tablet")
    enter(page, "Wilma Y.")
    box = page.get_by_role("alertdialog", name="Are you still there?")
    page.clock.fast_forward("02:25")
    expect(box).to_be_hidden()
    page.clock.fast_forward("00:10")
    expect(box).to_be_visible()
    expect(box).to_contain_text("This tablet locks in")
    expect(box.get_by_role("button")).to_be_focused()
    watch = Watch(page)
    assert watch.run_axe(RULES["light"]) == []
    with page.expect_response("**/tablet/stay") as told:
        box.get_by_role("button", name="I am still here").click()
    assert told.value.json()["left"] > 150
    expect(box).to_be_hidden()
    page.clock.fast_forward("02:35")
    expect(box).to_be_visible()
    with page.expect_navigation(url="**/tablet"):
        page.clock.fast_forward("00:31")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    page.goto("/home")
    expect(page).to_have_url("/tablet")


def test_a_name_that_nobody_enters_a_pin_for_is_put_back(visit, add, database, served):
    with_pin(database, add(name="Wendy Young"))
    page = visit(**TABLET)
    page.clock.install()
    shared(page.context, database, served)
    page.goto("/tablet")
    pick(page, "Wendy Y.")
    page.clock.fast_forward("01:20")
    page.get_by_label("PIN", exact=True).fill("72")
    page.keyboard.press("9")
    page.clock.fast_forward("01:20")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Wendy Y.")
    with page.expect_navigation(url="**/tablet"):
        page.clock.fast_forward("00:20")


def test_it_works_without_script_on_a_phone_s_width_too(visit, add, database, served):
    with_pin(database, add(name="Winnie Yilmaz"))
    page = visit(java_script_enabled=False)
    shared(page.context, database, served)
    page.goto("/tablet")
    page.get_by_label("Find your name").fill("winnie")
    follow(page, page.get_by_role("button", name="Find"))
    enter(page, "Winnie Y.")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    follow(page, page.get_by_role("button", name="Switch person"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
