"""A question answered by keyboard alone, in a window as small as a large one is at 400 %."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import begin, question_on, sign_in
from training.domain.module import QuestionKind
from training.domain.roles import Role

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
FOUR_TIMES = {"width": 320, "height": 256}

# A radio button is drawn by its label. What the focus changes is told by comparing with how all looked without it.
REMEMBER = """() => {
  window.drawnBy = (e) => e.matches("[type=radio], [type=checkbox]") ? [e.nextElementSibling, "::before"] : [e, null];
  window.looks = (e) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor } = getComputedStyle(...drawnBy(e));
    return [outlineStyle, outlineWidth, outlineColor, boxShadow, backgroundColor].join();
  };
  window.before = new Map([...document.querySelectorAll("*")].map((e) => [e, looks(e)]));
}"""
WRONG_WITH_FOCUS = """() => {
  const e = document.activeElement;
  if (e === document.body) return "";
  const { top, bottom, left, right } = drawnBy(e)[0].getBoundingClientRect();
  if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) return "out of view: " + e.outerHTML;
  return looks(e) === before.get(e) ? "looks as without focus: " + e.outerHTML : "";
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, which is seen at every step."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(WRONG_WITH_FOCUS) == ""
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_a_question_can_be_answered_by_keyboard_alone_at_400_percent(visit, add, catalog):
    cards = catalog.item(MODULE).cards[Role.SOCIAL_CARE]
    number, question = next(
        (number, question)
        for number, card in enumerate(cards[:-1], start=1)
        for question in card.questions
        if question.kind is QuestionKind.SINGLE
    )
    page = visit(viewport=FOUR_TIMES, has_touch=False)
    sign_in(page, add())
    begin(page, MODULE)
    page.goto(f"/modules/{MODULE}/cards/{number}")
    page.evaluate(REMEMBER)
    box = question_on(page, question)
    first = box.get_by_role("radio").first
    tab_to(page, first)
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    tab_to(page, box.get_by_role("button"))
    page.keyboard.press("Enter")
    expect(box.locator("[data-feedback]")).to_be_focused()
    expect(box.locator("[data-feedback]")).to_be_in_viewport()
    assert page.evaluate(WRONG_WITH_FOCUS) == ""
    following = page.get_by_role("link", name="Next card")
    tab_to(page, following)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"/modules/{MODULE}/cards/{number + 1}")


def test_the_first_tab_leads_past_the_header(visit):
    page = visit(viewport=FOUR_TIMES, has_touch=False)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
