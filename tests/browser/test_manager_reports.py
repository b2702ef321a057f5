"""A manager's way to a report: found, filtered, downloaded in each form with the same rows, and made regularly."""

import pytest
from playwright.sync_api import Page, expect

from tests import reading
from tests.browser.looking import Watch
from tests.browser.walking import demonstrator, follow, sign_in

pytestmark = pytest.mark.browser
READ = {"CSV": reading.read_csv, "Excel": reading.read_xlsx, "PDF": reading.read_pdf, "JSON": reading.read_json}


def test_a_manager_downloads_who_is_overdue_at_a_site_in_every_form(visit):
    page = visit()
    sign_in(page, demonstrator("manager"))
    watch = Watch(page)
    page.goto("/reports")
    team = page.get_by_role("navigation", name="Main").get_by_role("link", name="Team")
    expect(team).to_have_attribute("aria-current", "true")
    watch.look()
    follow(page, page.get_by_role("link", name="Expired and missing"))
    page.locator("summary", has_text="Filter").first.click()
    page.get_by_label("Site").select_option(index=1)
    follow(page, page.get_by_role("button", name="Show", exact=True).first)
    watch.look()
    names = page.locator("#overdue tbody th").all_inner_texts()
    assert names
    for form in READ:
        assert download(page, form) == len(names), form
    watch.looked_at.add(page.url.partition("?")[0])  # The same page, filtered, was looked at.
    watch.check()


def download(page: Page, form: str) -> int:
    """Download the report on a page in a form, and return how many rows the list in it has."""
    with page.expect_download() as found:
        page.get_by_role("link", name=form, exact=True).click()
    back = READ[form](found.value.path().read_bytes())
    rows = next(rows for title, rows in back.tables.items() if title.replace(" ", "") in {"", "Expiredandmissing"})
    return len(rows) - 1


def test_a_manager_has_a_report_made_regularly_and_ends_it(visit):
    page = visit()
    sign_in(page, demonstrator("site-manager"))
    watch = Watch(page)
    page.goto("/reports/due-soon")
    watch.look()
    follow(page, page.get_by_role("link", name="Have it made regularly"))
    watch.look()
    page.get_by_label("Every month").check()
    page.get_by_label("Day of the month").select_option("28")
    follow(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_text("every month on day 28").first).to_be_visible()
    watch.look()
    follow(page, page.get_by_role("link", name="End it"))
    watch.look()
    follow(page, page.get_by_role("button", name="End it"))
    expect(page.get_by_text("Ended. The files that were made stay")).to_be_visible()
    watch.check()
