"""A manager with an inspector at the door: a pack made twice with one hash, its link opened, ended and in the log."""

import json
import re
import zipfile
from hashlib import sha256

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import Watch
from tests.browser.walking import demonstrator, follow, sign_in

pytestmark = pytest.mark.browser
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def test_a_pack_is_made_twice_checked_sent_and_taken_back(visit, served):
    page = visit()
    watch = Watch(page)
    sign_in(page, demonstrator("manager"))
    page.goto("/reports/pack")
    watch.look()
    follow(page, page.get_by_role("button", name="Make a pack"))
    first = hash_of_made(page, watch)
    follow(page, page.get_by_role("link", name="Ask for the same pack again"))
    follow(page, page.get_by_role("button", name="Make a pack"))
    assert hash_of_made(page, watch) == first
    address = make_link(page, watch).replace("http://127.0.0.1:8000", served.address)
    download(visit(), address, hashed=first)
    follow(page, page.get_by_role("link", name="the page of the pack"))
    expect(page.get_by_role("main")).to_contain_text("Page opened once, pack downloaded once")
    follow(page, page.get_by_role("button", name="End this link now"))
    gone = visit()
    gone.goto(address)
    expect(gone.get_by_role("heading", level=1)).to_have_text("This link does not work")
    page.goto("/team/audit-log")
    expect(page.locator("tbody th").first).to_contain_text("Link to a pack withdrawn")
    fits_a_phone_and_a_desk(page)
    watch.looked_at |= watch.visited - {page.url}
    watch.look()
    watch.check()


def fits_a_phone_and_a_desk(page: Page) -> None:
    """See that the log's ids and hashes break on a phone, and that its filter has fields of one width on a desk."""
    there = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 800})
    entries = page.get_by_role("region", name="Entries of the audit log")
    expect(entries).to_contain_text(HASH)
    assert entries.evaluate("each => each.scrollWidth <= each.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    groups = page.locator(".app-filter .nhsuk-form-group").all()
    assert len({round(each.bounding_box()["width"]) for each in groups}) == 1
    page.set_viewport_size(there)


def hash_of_made(page: Page, watch: Watch) -> str:
    """Wait until the pack that was asked for is ready, and return the hash of its manifest."""
    ready = page.get_by_role("link", name="Send it by a link, or check its hash")
    expect(ready).to_be_visible()
    watch.look()
    follow(page, ready)
    watch.look()
    return HASH.search(page.get_by_role("main").inner_text())[0]


def make_link(page: Page, watch: Watch) -> str:
    follow(page, page.get_by_role("button", name="Make a link"))
    watch.look()
    return page.locator("#link").inner_text()


def download(page: Page, address: str, *, hashed: str) -> None:
    """Open a link as an inspector without an account, and check the pack as the page says."""
    watch = Watch(page)
    page.goto(address)
    watch.look()
    with page.expect_download() as file:
        page.get_by_role("link", name="Download the pack").click()
    with zipfile.ZipFile(file.value.path()) as pack:
        manifest = pack.read("manifest.json")
        assert sha256(manifest).hexdigest() == hashed
        for one in json.loads(manifest)["files"]:
            assert sha256(pack.read(one["name"])).hexdigest() == one["sha256"], one["name"]
    watch.check()
