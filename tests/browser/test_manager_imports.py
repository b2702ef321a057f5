"""A manager's import in the browser: a file with faults, its plan, what is chosen, the import, and its undoing."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.looking import PHONE, Watch
from tests.browser.walking import demonstrator, follow, sign_in

pytestmark = pytest.mark.browser

SIZES = {"phone": {"viewport": {"width": PHONE, "height": 800}}, "desktop": {}}
HEADINGS = "Staff number;Name;Job title;Site;Start date"
ZOE = "{number};Zoë Müller;{title};{site};05/01/2026"
WRONG = "00124;Ann Lee;{title};{site};32/01/2026"


@pytest.mark.parametrize("size", SIZES)
def test_a_file_with_faults_is_mended_applied_and_undone(visit, size):
    page = visit(**SIZES[size])
    watch = Watch(page)
    sign_in(page, demonstrator("manager"))
    # An import that is undone leaves its site and a name: neither walk may meet the other's.
    named = {"title": make_title(page, f"Support worker, {size}"), "site": f"Mill Lane, {size}", "number": f"00{size}"}
    send(page, watch, HEADINGS, ZOE.format(**named), WRONG.format(**named))
    expect(page.get_by_role("main")).to_contain_text("Start date “32/01/2026”: Jan 2026 has no day 32.")
    assert "32/01/2026" in faults_of(page)
    follow(page, page.get_by_role("link", name="send it again"))
    send(page, watch, HEADINGS, ZOE.format(**named))
    page.get_by_label(named["site"]).check()
    follow(page, page.get_by_role("button", name="Make the plan anew"))
    expect(page.get_by_role("main")).to_contain_text(f"New here: {named['title']}, {named['site']}, from 5 Jan 2026.")
    watch.look()
    follow(page, page.get_by_role("button", name="Import", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Imported")
    watch.look()
    follow(page, page.get_by_role("link", name="Undo this import"))
    watch.look()
    follow(page, page.get_by_role("button", name="Undo it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("An import that was undone")
    watch.look()
    watch.looked_at |= {address for address in watch.visited if not address.split("/", 3)[3].startswith("team/import")}
    watch.check()


def make_title(page: Page, name: str) -> str:
    """Add a job title of a test's own, and return it."""
    page.goto("/team/job-titles")
    page.get_by_label("Job title").fill(name)
    page.get_by_label("Role").select_option("Social care worker")
    follow(page, page.get_by_role("button", name="Add this job title"))
    return name


def send(page: Page, watch: Watch, *lines: str) -> None:
    """Send a staff list as Excel saves it, and arrive at its plan."""
    page.goto("/team/import")
    watch.look()
    follow(page, page.get_by_role("link", name="Import people"))
    watch.look()
    data = "\r\n".join(lines).encode("cp1252")
    page.get_by_label("File").set_input_files(FilePayload(name="Staff list.csv", mimeType="text/csv", buffer=data))
    follow(page, page.get_by_role("button", name="See the plan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan of an import")
    watch.look()


def faults_of(page: Page) -> str:
    """Download what is wrong, and return it."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download what is wrong (CSV)").click()
    return Path(download.value.path()).read_text(encoding="utf-8-sig")
