"""A name in several scripts, with marks that would turn the line and letters that look like markup."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.walking import demonstrator, follow, sign_in

pytestmark = pytest.mark.browser

TYPED = "\u202eevil\u202c محمد 李 🧡 <b>x</b>"
SHOWN = "evil محمد 李 🧡 <b>x</b>"


def expect_as_typed(place: Locator) -> None:
    """Expect the name, whole, as letters and not as markup, and nothing after it turned round."""
    expect(place).to_contain_text(SHOWN)
    expect(place.locator("b")).to_have_count(0)
    assert "\u202e" not in place.text_content()


def test_a_name_in_any_script_shows_as_it_is_at_home_and_on_the_slip(visit, add):
    learner = add(name=TYPED)
    page = visit()
    sign_in(page, learner)
    expect_as_typed(page.locator(".app-header__name"))
    expect(page.locator(".app-header__name")).to_have_text(f"{SHOWN}, Willowbrook Support")
    manager = visit()
    sign_in(manager, demonstrator("manager"))
    manager.goto(f"/team/people/{learner.person_id}")
    expect_as_typed(manager.get_by_role("heading", level=1))
    follow(manager, manager.get_by_role("button", name="Make an invite slip"))
    expect_as_typed(manager.locator(".app-slip__name"))
    address = manager.locator("#link").inner_text()
    page = visit()
    page.goto(address)
    expect_as_typed(page.get_by_role("heading", level=1))
