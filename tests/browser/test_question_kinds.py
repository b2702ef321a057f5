"""Every kind of question answered on a phone, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import fill_in, follow, question_on, send, sign_in
from training.answering import right_answer, wrong_answer
from training.catalog.library import Catalog
from training.demonstration import TITLES
from training.domain.module import Card, Module, Question, QuestionKind
from training.domain.roles import Role

pytestmark = pytest.mark.browser


def find_question(catalog: Catalog, kind: QuestionKind) -> tuple[Module, Role, int, Question]:
    """Return the first question of a kind in the shipped modules, and where it stands."""
    for module in catalog.modules.values():
        for role, cards in module.cards.items():
            for number, card in enumerate(cards, start=1):
                for question in questions_of(card, kind):
                    return module, role, number, question
    raise LookupError(f"No shipped module asks a {kind} question; this test needs one.")


def questions_of(card: Card, kind: QuestionKind) -> list[Question]:
    """Return the questions of one kind on a card."""
    return [question for question in card.questions if question.kind is kind]


def open_card(page: Page, module: Module, number: int) -> None:
    """Begin a module and turn to one card."""
    page.goto(f"/modules/{module.slug}")
    follow(page, page.get_by_role("button", name=re.compile("^Begin")))
    expect(page).to_have_url(f"/modules/{module.slug}/cards/1")
    page.goto(f"/modules/{module.slug}/cards/{number}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("kind", QuestionKind)
def test_a_question_of_any_kind_is_answered_and_says_how_it_was(visit, add, catalog, kind, javascript):
    module, role, number, question = find_question(catalog, kind)
    page = visit(java_script_enabled=javascript)
    sign_in(page, add(title=next(title for title, one in TITLES.items() if one is role)))
    open_card(page, module, number)
    fill_in(page, question, wrong_answer(question))
    send(page, question)
    box = question_on(page, question)
    expect(box.get_by_text("Not quite", exact=True).first).to_be_visible()
    expect(box.get_by_role("button")).to_have_count(0)
    chosen = question.options[0]
    if kind in {QuestionKind.ORDER, QuestionKind.MATCH}:
        expect(box.locator(f"#question-{question.id}-{chosen.key}")).to_be_disabled()
    else:
        expect(box.locator("input:checked")).to_have_value(wrong_answer(question)[0])


@pytest.mark.parametrize("kind", [QuestionKind.ORDER, QuestionKind.MATCH, QuestionKind.SEVERAL])
def test_an_answer_that_is_not_whole_is_asked_for_again_and_loses_nothing(visit, add, catalog, kind):
    module, role, number, question = find_question(catalog, kind)
    page = visit()
    sign_in(page, add(title=next(title for title, one in TITLES.items() if one is role)))
    open_card(page, module, number)
    send(page, question)
    box = question_on(page, question)
    expect(box.get_by_text("Choose an answer first.").first).to_be_visible()
    fill_in(page, question, right_answer(question))
    send(page, question)
    expect(box.get_by_text("Right", exact=True).first).to_be_visible()
