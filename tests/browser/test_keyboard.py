"""A question answered by keyboard alone, in a window as small as a large one is at 400 %."""

import pytest
from playwright.sync_api import expect

from tests.browser.everyone import FOUR_TIMES, REMEMBER, WRONG_WITH_FOCUS, tab_to
from tests.browser.walking import begin, question_on, sign_in
from training.domain.module import QuestionKind
from training.domain.roles import Role

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"


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
