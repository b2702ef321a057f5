"""What a first visit costs somebody who pays for every megabyte: sizes and requests, never times."""

import pytest
from playwright.sync_api import Page

from tests.browser.walking import begin, sign_in

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
MOST_BYTES, MOST_REQUESTS = 60 * 1024, 6


def weigh(page: Page, address: str) -> tuple[int, int]:
    """Go to an address and return the bytes that came over the wire, headers included, and the number of requests."""
    sizes: list[int] = []
    requests: list[str] = []
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    assert len(sizes) == len(requests), requests
    return round(sum(sizes)), len(requests)


@pytest.mark.parametrize("path", ["/home", f"/modules/{MODULE}/cards/4"])
def test_a_first_visit_is_light(visit, add, record_property, path):
    page = visit()
    sign_in(page, add())
    begin(page, MODULE)
    fresh = visit(storage_state=page.context.storage_state())
    size, requests = weigh(fresh, path)
    record_property("weight", f"{path}: {size:,} bytes in {requests} requests")
    assert size <= MOST_BYTES
    assert requests <= MOST_REQUESTS
