"""A manager with an inspector at the door: from the figure to the people and the reason, by site, and over time."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Watch
from tests.browser.walking import demonstrator, follow, sign_in

pytestmark = pytest.mark.browser


def test_every_figure_leads_to_people_and_the_reason(visit):
    page = visit()
    watch = Watch(page)
    sign_in(page, demonstrator("manager"))
    page.goto("/team")
    late = number_of(page.locator("main a", has_text="expired or missing").first.inner_text())
    follow(page, page.get_by_role("link", name=re.compile("expired or missing")))
    assert sum(each_page(page, "tbody tr")) == late
    page.goto("/team")
    follow(page, page.get_by_role("link", name="Site", exact=True))
    watch.look()
    overdue = page.get_by_role("link", name=re.compile(r"overdue in")).first
    found = number_of(overdue.inner_text())
    follow(page, overdue)
    assert sum(each_page(page, ".app-why__training")) == found
    expect(page.locator(".app-why__reason").first).to_contain_text("Overdue since")
    watch.look()
    save_and_open(page, watch, name="Late at one site")
    look_over_time(page, watch)
    watch.looked_at |= watch.visited  # reports and the start are looked at by tests of their own
    watch.check()


def each_page(page: Page, what: str) -> Iterator[int]:
    """Count what stands on this page and on every one after it."""
    while True:
        yield page.locator(what).count()
        after = page.get_by_role("link", name=re.compile("^Next"))
        if not after.count():
            return
        follow(page, after.first)


def number_of(text: str) -> int:
    """Return the number that a link begins with."""
    return int(re.match(r"[\d,]+", text.strip()).group().replace(",", ""))


def save_and_open(page: Page, watch: Watch, *, name: str) -> None:
    """Keep the filter under a name, find it among the saved ones, open it, and remove it."""
    asked = page.url.partition("?")[2]
    page.get_by_text("Save this filter").click()
    page.get_by_label("Name", exact=True).fill(name)
    follow(page, page.get_by_role("button", name="Save", exact=True))
    watch.look()
    follow(page, page.get_by_role("link", name=name))
    assert sorted(page.url.partition("?")[2].split("&")) == sorted(asked.split("&"))
    page.goto("/team/filters")
    follow(page, page.get_by_role("button", name=re.compile("Remove")).first)
    expect(page.get_by_role("link", name=name)).to_have_count(0)


def look_over_time(page: Page, watch: Watch) -> None:
    """Look at each site with each training, and at the trend of one site, whose months lead to that day's people."""
    page.goto("/team?by=heat-map")
    watch.look()
    page.goto("/team/trend")
    page.get_by_label("Site").select_option(index=1)
    follow(page, page.get_by_role("button", name="Show"))
    page.get_by_text("These figures as a table").click()
    watch.look()
    follow(page, page.locator("figure tbody a").nth(1))
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
    expect(page.get_by_role("main")).to_contain_text("as at")
