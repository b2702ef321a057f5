"""Pages of a language that is written from right to left: each box stands where a mirror would show it."""

import shutil

import pytest
from playwright.sync_api import Page

from tests.browser.looking import NARROW, PHONE, TOO_WIDE, WIDE
from tests.browser.walking import demonstrator, follow
from tests.serving import serve
from training.domain.roles import Role

pytestmark = pytest.mark.browser

MODULE = "why-this-matters"
# Inline boxes and columns stand where their words take them; what is English within the page keeps its direction.
BOXES = """() => [...document.querySelectorAll("header, header *, nav *, main, main *, footer *")].filter((e) =>
  e.checkVisibility() && getComputedStyle(e).display !== "inline" && !e.closest("[dir=ltr], svg, table")
  && !(e instanceof SVGElement))"""
MIRRORED = f"""() => {{
  const root = document.documentElement, boxes = ({BOXES})();
  const edges = () => boxes.map((e) => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]);
  const there = edges();
  root.dir = "ltr";
  const here = edges();
  root.dir = "rtl";
  const faults = boxes.filter((e, i) => Math.abs(there[i][0] - (root.clientWidth - here[i][1])) > 2);
  return faults.slice(0, 5).map((e) => e.outerHTML.slice(0, 200));
}}"""


@pytest.fixture(scope="module")
def served(demonstration_file, tmp_path_factory):
    """A server that speaks a made-up language from right to left."""
    folder = tmp_path_factory.mktemp("right-to-left")
    shutil.copy(demonstration_file, folder / "training.sqlite")
    address = f"sqlite:///{folder / 'training.sqlite'}"
    with serve(address, output_file=folder / "output.txt", TRAINING_PSEUDO_LANGUAGE="yes") as served:
        yield served


def sign_in(page: Page, name: str) -> None:
    """Sign in where no word can be read."""
    learner = demonstrator(name)
    page.goto("/sign-in")
    page.locator("[name=sign_in_name]").fill(learner.sign_in_name)
    page.locator("[name=password]").fill(learner.password)
    follow(page, page.locator("main form button[type=submit]").first)


def wrong_on(page: Page, path: str) -> list[str]:
    """Return what is wrong with a page at any width."""
    found = []
    page.goto(path)
    for width in (WIDE, PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        faults = [page.evaluate(TOO_WIDE), *page.evaluate(MIRRORED)]
        found += [f"{path} at {width} px: {fault}" for fault in faults if fault]
    return found


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("", ["/", "/sign-in", "/check", "/privacy", "/settings/looks"]),
        ("worker", ["/home", f"/tracks/{Role.SOCIAL_CARE}", f"/modules/{MODULE}", "/record", "/settings"]),
        ("manager", ["/team", "/team/people", "/requirements", "/reports", "/reports/overdue", "/team/import"]),
    ],
    ids=["visitor", "learner", "manager"],
)
def test_every_box_stands_where_a_mirror_would_show_it(visit, who, paths):
    page = visit()
    if who:
        sign_in(page, who)
    wrong = [fault for path in paths for fault in wrong_on(page, path)]
    assert wrong == []
