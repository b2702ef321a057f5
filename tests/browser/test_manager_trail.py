"""A training manager's whole way: figures, the people behind them, a new person, and that person's first sign-in."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Watch
from tests.browser.people import PASSWORD, Learner
from tests.browser.walking import demonstrator, fill_in_sign_in, follow, sign_in

pytestmark = pytest.mark.browser


def test_a_manager_finds_who_is_overdue_and_lets_a_new_person_in(visit):
    page = visit()
    watch = Watch(page)
    sign_in(page, demonstrator("manager"))
    page.goto("/team")
    watch.look()
    find_the_overdue(page, watch)
    set_up(page, watch)
    address = make_link(page, watch)
    use_link(visit(), address)
    watch.looked_at |= {page_address(page, "/sign-in"), page_address(page, "/home")}  # the learner's test looks
    watch.check()


def page_address(page: Page, path: str) -> str:
    """Return a path on this page's server in full."""
    return page.evaluate("path => new URL(path, location).href", path)


def find_the_overdue(page: Page, watch: Watch) -> None:
    """Filter the list to the overdue, get the very same list as CSV, and read why somebody is on it."""
    follow(page, page.get_by_role("link", name="See the people"))
    watch.look()
    page.get_by_label("Status").select_option("Overdue")
    follow(page, page.get_by_role("button", name="Show"))
    expect(page.locator("tbody .app-status").first).to_have_text("Overdue")
    watch.look()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the whole list (CSV)").click()
    first = page.url
    assert rows_of(download.value.path()) == sorted(rows_from(page, watch))
    page.goto(first)
    name = page.locator("tbody th a").first.inner_text()
    follow(page, page.locator("tbody th a").first)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("main")).to_contain_text("Overdue since")
    watch.look()


def rows_from(page: Page, watch: Watch) -> Iterator[tuple[str, str]]:
    """Yield each name and training on this page of a list and all that follow."""
    while True:
        for row in page.locator("tbody tr").all():
            for training in row.locator(".app-why__training").all():
                yield row.locator("bdi").first.inner_text(), training.inner_text()
        following = page.get_by_role("link", name="Next page")
        if not following.count():
            return
        follow(page, following)
        watch.look()


def rows_of(path: Path) -> list[tuple[str, str]]:
    """Return name and training of every row of the CSV, below what it says of itself, in order."""
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    head = next(number for number, line in enumerate(lines) if "Name" in line)
    name, training = lines[head].index("Name"), lines[head].index("Training")
    return sorted((line[name], line[training]) for line in lines[head + 1 :] if line)


def set_up(page: Page, watch: Watch) -> None:
    """Add a site, a job title, and somebody without an e-mail address in that job there."""
    page.goto("/team/sites")
    watch.look()
    page.get_by_label("Site name").fill("Elm Court")
    follow(page, page.get_by_role("button", name="Add this site"))
    expect(page.get_by_text("Site added.")).to_be_visible()
    page.goto("/team/job-titles")
    watch.look()
    page.get_by_label("Job title").fill("Night support worker")
    page.get_by_label("Role").select_option("Social care worker")
    follow(page, page.get_by_role("button", name="Add this job title"))
    expect(page.get_by_text("Job title added.")).to_be_visible()
    page.goto("/team/people/new")
    watch.look()
    page.get_by_label("Full name").fill("Amara Nwosu")
    page.get_by_label("Job title").select_option("Night support worker (Social care worker)")
    page.get_by_label("Site").select_option("Elm Court")
    page.get_by_label("First day in this job").fill("13 Jan 2026")
    follow(page, page.get_by_role("button", name="Add this person"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Amara Nwosu")
    watch.look()


def make_link(page: Page, watch: Watch) -> str:
    """Make an invite slip, and return the address on the slip."""
    follow(page, page.get_by_role("button", name="Make an invite slip"))
    expect(page.locator(".app-slip__name")).to_have_text("Amara Nwosu")
    expect(page.get_by_role("img", name="QR code of the link")).to_be_visible()
    watch.look()
    return page.locator("#link").inner_text()


def use_link(page: Page, address: str) -> None:
    """Open the link as the new person, set a password, and sign in with the name that was made up."""
    watch = Watch(page)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Amara Nwosu")
    watch.look()
    page.get_by_label("New password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Set my password"))
    name = page.locator("#sign-in-name").inner_text()
    assert "@" not in name
    watch.look()
    follow(page, page.get_by_role("main").get_by_role("link", name="Sign in"))
    watch.look()
    fill_in_sign_in(page, Learner(person_id=None, sign_in_name=name))
    expect(page).to_have_url("/home")
    expect(page.locator(".app-next")).to_contain_text("minutes")
    watch.look()
    watch.check()
