"""What somebody does with a phone that keeps their training, and what the phone and the server then hold."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect
from sqlalchemy import select

from tests.browser.people import Learner
from tests.browser.walking import fill_in, follow, question_on, send, sign_in
from training.answering import right_answer
from training.db import Database
from training.domain.module import Module, Question
from training.domain.roles import Role
from training.models import Attempt, Delivery, Draft

ROLE = Role.SOCIAL_CARE
# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 90.0
KEPT = """async () => {
  const base = await new Promise((resolve) => {
    const request = indexedDB.open("training");
    request.onsuccess = () => resolve(request.result);
  });
  const all = (name) => new Promise((resolve) => {
    const request = base.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  const found = {};
  for (const name of ["me", "items", "attempts", "settings"]) found[name] = await all(name);
  base.close();
  return found;
}"""
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


def sign_in_and_keep(page: Page, learner: Learner) -> None:
    """Sign in and wait until the whole track is on the phone."""
    sign_in(page, learner)
    expect(page.get_by_text("Your training is on this phone")).to_be_visible()


def place_of(target: Locator) -> tuple[float, float]:
    """Return the middle of something on the screen, once it is there to be seen."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tap(target: Locator, *, second: bool = False) -> None:
    """Press on something once, or only as the second half of a double press does."""
    mouse = target.page.mouse
    mouse.move(*place_of(target))
    mouse.down(click_count=2 if second else 1)
    mouse.up(click_count=2 if second else 1)


def open_kept(page: Page, path: str) -> None:
    """Open a page that the phone draws."""
    page.goto(path)
    expect(page.locator("[data-no-signal]")).to_be_visible()


def begin_kept(page: Page, path: str) -> None:
    """Begin an item on the phone."""
    open_kept(page, path)
    follow(page, page.get_by_role("button", name="Begin", exact=True))
    expect(page.locator("[data-no-signal]")).to_be_visible()


def asked(module: Module) -> list[tuple[int, Question]]:
    """Return the questions of a module, each with the number of its card."""
    cards = enumerate(module.cards[ROLE], start=1)
    return [(number, question) for number, card in cards for question in card.questions]


def give(page: Page, question: Question, keys: Iterable[str]) -> None:
    """Answer a question and see what is said of it."""
    fill_in(page, question, list(keys))
    send(page, question)
    expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()


def answer_all(page: Page, module: Module, *, answer_of=right_answer) -> dict[str, list[str]]:
    """Go through the cards of a module on the phone, answer every question, and return the answers."""
    given, cards = {}, module.cards[ROLE]
    for number, card in enumerate(cards, start=1):
        for question in card.questions:
            given[question.id] = answer_of(question)
            give(page, question, given[question.id])
        follow(page, page.get_by_role("link", name="Next card" if number < len(cards) else "Finish"))
        expect(page.locator("[data-no-signal]")).to_be_visible()
    return given


def hand_in(page: Page) -> None:
    """Hand in what is finished, and read that it is kept."""
    page.get_by_role("button", name="Hand in my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept on this phone")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def unsent(page: Page) -> Any:
    """Return where the page says what is not sent yet."""
    return page.locator("[data-unsent-count]")


def press_send(page: Page) -> None:
    """Press the button that sends, where the page has not begun to send by itself and taken it away."""
    with suppress(Error):
        page.get_by_role("button", name="Send now").click(timeout=5000)


def send_now(page: Page) -> None:
    """Press the button that sends, and wait until everything has arrived."""
    press_send(page)
    expect(unsent(page)).to_have_count(0)


def kept_by(page: Page) -> dict[str, list[Any]]:
    """Return everything that the phone's database holds."""
    return page.evaluate(KEPT)


def cached_by(page: Page) -> dict[str, str]:
    """Return every page and file that the service worker has put by, with its text."""
    return page.evaluate(CACHED)


def attempts_of(database: Database, learner: Learner) -> list[tuple[str, dict, bool]]:
    """Return the attempts that are on the server's record: item, answers, whether passed."""
    with database.read("everywhere") as session:
        rows = session.scalars(select(Attempt).where(Attempt.person_id == learner.person_id).order_by(Attempt.item))
        return [(row.item, row.answers, row.passed) for row in rows]


def drafts_of(database: Database, learner: Learner) -> dict[str, dict]:
    """Return what the server holds half-done, by item."""
    with database.read("everywhere") as session:
        rows = session.execute(select(Draft.item, Draft.answers).where(Draft.person_id == learner.person_id))
        return {row.item: row.answers for row in rows}


def comes_to(read: Callable[[], Any], wanted: Any) -> bool:
    """Wait until the server holds what is wanted: a page that shows nothing unsent may not have looked yet."""
    deadline, pause = monotonic() + PATIENCE, Event()
    while read() != wanted:
        assert monotonic() < deadline, f"{read()} is not {wanted}"
        pause.wait(0.05)
    return True


def deliveries_of(database: Database, learner: Learner) -> list[tuple[str, dict]]:
    """Return what devices brought of finished work, each different sending once."""
    with database.read("everywhere") as session:
        rows = session.execute(select(Delivery.item, Delivery.answers).where(Delivery.person_id == learner.person_id))
        return [(row.item, row.answers) for row in rows]
