"""Somebody without an e-mail address joins with the code of a slip and a passkey, and sees to it, in a real browser.

The device is Chromium's virtual authenticator: a phone that unlocks for its owner, or does not.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.looking import Watch
from tests.browser.people import Learner, add_learner
from tests.browser.walking import follow
from tests.serving import Served, serve
from training import clock
from training.db import Database
from training.demonstration import sign_in as sign_in_to_database
from training.domain.slip import grouped
from training.services import people
from training.services.invites import Slip

pytestmark = pytest.mark.browser
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture(scope="module")
def named(demonstration_file, tmp_path_factory) -> Iterator[Served]:
    """A server whose address is a name: browsers make no passkey for a number."""
    folder = tmp_path_factory.mktemp("named")
    shutil.copy(demonstration_file, folder / "training.sqlite")
    address = f"sqlite:///{folder / 'training.sqlite'}"
    with serve(address, output_file=folder / "output.txt", host="localhost") as served:
        yield served


@pytest.fixture
def newcomer(named) -> Learner:
    """Somebody with a password, in the database of that server."""
    database = Database(named.database_url)
    found = add_learner(database, now=clock.now(), name="Oluwaseun Ade")
    database.close()
    return found


def slip_for(named: Served, learner: Learner) -> Slip:
    database, now = Database(named.database_url), clock.now()
    viewer = sign_in_to_database(database, name="manager", now=now)
    slip = people.issue_slip(database, viewer=viewer, person_id=learner.person_id, now=now)
    database.close()
    return slip


def phone_of(page: Page) -> tuple[CDPSession, str]:
    """Give the page a device that can keep passkeys."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]


def test_a_slip_a_passkey_and_a_new_phone(visit, named, newcomer):
    page = visit(base_url=named.address)
    watch = Watch(page)
    devices, phone = phone_of(page)
    join_by_code(page, watch, grouped(slip_for(named, newcomer).code).lower())
    follow(page, page.get_by_role("button", name="Make a passkey"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your passkey is made")
    expect(page.get_by_role("main")).to_contain_text(newcomer.sign_in_name)
    watch.look()
    follow(page, page.get_by_role("main").get_by_role("link", name="Sign in"))
    unlock(page, devices, phone, watch)
    page.goto("/settings/sign-in")
    expect(page.get_by_text("with a passkey", exact=False).first).to_be_visible()
    watch.look()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-passkey=had]")).to_be_visible()
    new_phone(page, devices, phone)
    follow(page, page.get_by_role("link", name="Chrome").first)
    watch.look()
    follow(page, page.get_by_role("button", name="Remove this passkey"))
    expect(page.get_by_role("main")).to_contain_text("is removed")
    expect(page.get_by_role("link", name="New phone")).to_be_visible()
    watch.looked_at |= watch.visited
    watch.check()


def join_by_code(page: Page, watch: Watch, code: str) -> None:
    """Type a code from the sign-in page, and arrive at the page of its slip."""
    page.goto("/sign-in")
    watch.look()
    follow(page, page.get_by_role("link", name="type its code"))
    watch.look()
    page.get_by_label("Code on your slip").fill(code)
    follow(page, page.get_by_role("button", name="Go on"))
    expect(page.get_by_text("This browser cannot make a passkey")).to_be_hidden()
    watch.look()


def unlock(page: Page, devices: CDPSession, phone: str, watch: Watch) -> None:
    """Fail to unlock the phone, which is told in words, and then unlock it and arrive at home."""
    button = page.get_by_role("button", name="Sign in with a passkey")
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    button.click()
    expect(page.locator("[data-passkey=cancelled]")).to_be_visible()
    watch.look()
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": True})
    with page.expect_navigation(url="**/home"):
        button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your training")


def new_phone(page: Page, devices: CDPSession, phone: str) -> None:
    """Make a passkey on another device, and name it."""
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    page.get_by_label("Name of this phone or computer").fill("New phone")
    follow(page, page.get_by_role("button", name="Add a passkey"))
    expect(page.get_by_role("main")).to_contain_text("The passkey “New phone” is added.")


def test_where_there_are_no_passkeys_the_page_says_so_and_a_password_does(visit, served, add):
    learner = add()
    page = visit(base_url=served.address)
    watch = Watch(page)
    page.goto("/sign-in")
    expect(page.get_by_text("This browser cannot use a passkey here.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    watch.look()
    page.get_by_label("E-mail address or sign-in name").fill(learner.sign_in_name)
    page.get_by_label("Password", exact=True).fill(learner.password)
    follow(page, page.get_by_role("main").get_by_role("button", name="Sign in"))
    watch.looked_at |= watch.visited
    watch.check()
