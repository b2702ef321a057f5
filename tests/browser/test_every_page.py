"""Every kind of page that links lead to, looked at in the browser as a phone has it: by day, at night, and narrow."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Error, Page
from werkzeug.routing import Map, Rule

from tests.browser.looking import NARROW, PHONE, TOO_SMALL, Watch
from tests.browser.walking import demonstrator, sign_in
from tests.web.routes import table

pytestmark = pytest.mark.browser

LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
# A hyphen needs quotes in a rule, which the table leaves out.
QUOTED = {rule: rule.replace("easy-read):", '"easy-read"):') for method, rule in table() if method == "GET"}
RULES = Map([Rule(quoted, endpoint=rule, methods=["GET"]) for rule, quoted in QUOTED.items()])


def kind_of(address: str) -> str:
    """Return the rule of the route that answers an address."""
    return RULES.bind("").match(urlsplit(address).path)[0]


def open_each(page: Page, start: str) -> Iterator[str]:
    """Open one page of every kind that can be reached by links, and yield its kind; files are passed by."""
    page.goto(start)
    kinds, waiting = set(), deque([page.url])
    while waiting:
        address = waiting.popleft()
        if kind_of(address) in kinds:
            continue
        kinds.add(kind_of(address))
        try:
            page.goto(address)
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        if page.evaluate("document.contentType") != "text/html":
            continue
        yield kind_of(address)
        found = (urldefrag(link).url for link in page.evaluate(LINKS))
        waiting.extend(link for link in found if urlsplit(link).netloc == urlsplit(start).netloc)


def look(watch: Watch) -> None:
    """Look at a page on a phone, and at its width in a narrower one."""
    found = [*watch.look_at_width(PHONE), *watch.page.evaluate(TOO_SMALL), *watch.measure(NARROW)]
    watch.faults += [f"{watch.page.url}: {fault}" for fault in found]


# Who looks at which pages: those that nobody before them in the list gets.
BEFORE = {"nobody": None, "learner": "nobody", "manager": "learner"}


def is_first_for(kind: str, who: str) -> bool:
    """Say whether somebody is the first in the list to get pages of a kind."""
    answers, before = table()["GET", kind], BEFORE[who]
    return before is None or answers[before] != 200


@pytest.mark.parametrize(
    ("who", "name", "least"), [("nobody", "", 15), ("learner", "worker", 9), ("manager", "manager", 40)]
)
def test_every_kind_of_page_is_for_everyone(visit, served, who, name, least):
    page = visit()
    if name:
        sign_in(page, demonstrator(name))
    watch, kinds = Watch(page), []
    for kind in open_each(page, served.address + "/"):
        if is_first_for(kind, who):
            kinds.append(kind)
            look(watch)
    assert watch.faults == [], "\n".join(watch.faults)
    assert len(kinds) >= least, kinds
