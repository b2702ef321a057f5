"""A learner in a browser: modules card by card and scenarios choice by choice, through the forms as they are drawn."""

from tests.web.client import Client, Loaded
from training.answering import right_answer, story, wrong_answer
from training.domain.module import Module, Question, QuestionKind
from training.domain.roles import Role
from training.domain.scenario import Scenario


def begin(browser: Client, address: str, *, role: Role | None = None) -> Loaded:
    """Press the button that begins an item, for a role where several are offered, or go on where it was begun."""
    page = browser.get(address)
    for number, form in enumerate(page.all("main form")):
        if role is None or form.query(f"input[value='{role}']"):
            return browser.submit(page, number)
    return browser.visit(page.link("Go on where you stopped"))


def card_with(module: Module, kind: QuestionKind) -> tuple[int, Question]:
    """Return the number of the first card that asks a question of a kind, and the question."""
    return next(
        (number, question)
        for number, card in enumerate(module.cards[Role.SOCIAL_CARE], start=1)
        for question in card.questions
        if question.kind is kind
    )


def open_card(browser: Client, module: Module, kind: QuestionKind) -> tuple[Loaded, Question]:
    """Begin a module and go to the first card that asks a question of a kind."""
    begin(browser, f"/modules/{module.slug}")
    number, question = card_with(module, kind)
    return browser.get(f"/modules/{module.slug}/cards/{number}"), question


def hidden(page: Loaded, form: str = "main form") -> dict[str, str]:
    """Return the hidden fields of a form."""
    return {field.attrs["name"]: field.attrs.get("value", "") for field in page.one(form).query("input[type=hidden]")}


def is_answered(browser: Client, page: Loaded, question: Question) -> bool:
    """Say whether a card, loaded again, shows its question as answered."""
    again = browser.get(page.address)
    return bool(again.all(f"#question-{question.id} input[disabled], #question-{question.id} select[disabled]"))


def answer(browser: Client, page: Loaded, question: Question, *, right: bool = True) -> Loaded:
    """Answer one question on a card and see the card again."""
    return browser.submit(page, f"#question-{question.id} form", values=as_typed(question, right=right))


def as_typed(question: Question, *, right: bool = True) -> dict[str, str | list[str]]:
    """Return the fields in which a question's answer is given."""
    keys = right_answer(question) if right else wrong_answer(question)
    if question.kind is QuestionKind.ORDER:
        return {f"answer-{key}": str(place) for place, key in enumerate(keys, start=1)}
    if question.kind is QuestionKind.MATCH:
        return {f"answer-{left}": offered(question, right) for left, right in (pair.split("=") for pair in keys)}
    return {"answer": keys}


def offered(question: Question, key: str) -> str:
    """Return the key under which a partner stands in the menu: partners with the same words are offered once."""
    partners = {option.key: option.partner for option in question.options}
    assert len(set(partners.values())) == len(partners), "this content has shared partners; look the key up in the page"
    return key


def take_module(browser: Client, module: Module, *, role: Role, right: bool = True) -> Loaded:
    """Take a whole module from its first page to its result."""
    page = begin(browser, f"/modules/{module.slug}", role=role)
    for number, card in enumerate(module.cards[role], start=1):
        assert page.heading == card.title
        assert f"Card {number} of {len(module.cards[role])}" in page.main
        for question in card.questions:
            page = answer(browser, page, question, right=right)
        last = number == len(module.cards[role])
        page = browser.get(page.link("Finish" if last else "Next card"))
    return browser.submit(page)


def take_scenario(browser: Client, scenario: Scenario, *, safe: bool = True) -> Loaded:
    """Take a whole scenario from its first page to its result."""
    page = begin(browser, f"/scenarios/{scenario.slug}")
    for choice in story(scenario, safe=safe)["choices"]:
        page = browser.submit(page, button=choice)
    return browser.submit(page)


def take(browser: Client, item: Module | Scenario, *, role: Role) -> Loaded:
    """Take a module or scenario and pass it."""
    if isinstance(item, Module):
        return take_module(browser, item, role=role)
    return take_scenario(browser, item)
