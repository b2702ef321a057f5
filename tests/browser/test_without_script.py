"""The learner's whole way on a phone whose browser runs no JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import begin, fill_in, follow, question_on, send, sign_in
from training.answering import right_answer, story
from training.catalog.library import Catalog
from training.domain.module import Module
from training.domain.roles import Role

pytestmark = pytest.mark.browser

ROLE = Role.SOCIAL_CARE
MODULE, SCENARIO = "spotting-side-effects", "new-home-new-noise"


def test_a_care_worker_goes_the_whole_way_without_javascript(visit, add, catalog):
    page = visit(java_script_enabled=False)
    sign_in(page, add())
    take_module(page, catalog.item(MODULE))
    expect(page.get_by_text(re.compile(r"^In date until"))).to_be_visible()
    expect(page.locator("#receipt")).to_have_text(re.compile(r"^[0-9A-Z-]{17}$"))
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    take_story(page, catalog)
    follow(page, page.get_by_role("link", name="My record"))
    expect(page.locator(".app-status", has_text="Up to date")).to_have_count(2)
    follow(page, page.get_by_role("button", name="Sign out"))
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def take_module(page: Page, module: Module) -> None:
    """Go through a module, each answer coming back in view on a page of its own."""
    begin(page, module.slug)
    for number, card in enumerate(module.cards[ROLE], start=1):
        for question in card.questions:
            fill_in(page, question, right_answer(question))
            send(page, question)
            expect(page).to_have_url(f"/modules/{module.slug}/cards/{number}#question-{question.id}")
            expect(question_on(page, question).locator("[data-feedback]").first).to_be_in_viewport()
        follow(page, page.get_by_role("link", name="Next card" if number < len(module.cards[ROLE]) else "Finish"))
    follow(page, page.get_by_role("button", name="Send my answers"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")


def take_story(page: Page, catalog: Catalog) -> None:
    """Go through a story to an ending that is safe."""
    page.goto(f"/scenarios/{SCENARIO}")
    follow(page, page.get_by_role("button", name="Begin"))
    for key in story(catalog.item(SCENARIO), safe=True)["choices"]:
        follow(page, page.locator(f"button[name=choice][value='{key}']"))
    follow(page, page.get_by_role("button", name="Finish and see how it went"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")
