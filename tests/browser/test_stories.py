"""What a choice in a story led to is the first thing to be seen after it, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.walking import follow, sign_in

pytestmark = pytest.mark.browser

SCENARIO = "new-home-new-noise"


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_what_a_choice_led_to_is_in_view_after_it(visit, add, javascript):
    page = visit(java_script_enabled=javascript)
    sign_in(page, add())
    page.goto(f"/scenarios/{SCENARIO}")
    follow(page, page.get_by_role("button", name="Begin"))
    follow(page, page.locator("button[name=choice]").last)
    expect(page.locator(".app-feedback__heading")).to_be_in_viewport()
