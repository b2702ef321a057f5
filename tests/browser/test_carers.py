"""A tired carer without an account: the device keeps the place, and an account made later takes everything over."""

import json

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests.browser.walking import fill_in, follow, question_on, send
from training.answering import right_answer, story
from training.domain.roles import Role
from training.domain.scoring import walk
from training.models import Attempt

pytestmark = pytest.mark.browser

MODULE, STORY = "medicines-diary", "settled-dont-touch"
ROLE = Role.FAMILY_CARER


@pytest.fixture
def module(catalog):
    return catalog.item(MODULE)


def counted(database) -> int:
    with database.read("everywhere") as session:
        return session.scalar(select(func.count()).select_from(Attempt).where(Attempt.role == ROLE))


def take_card(page: Page, card) -> None:
    """Answer everything on a card rightly and turn to the next one."""
    for question in card.questions:
        fill_in(page, question, right_answer(question))
        send(page, question)
        expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()
    follow(page, page.get_by_role("main").locator("a.nhsuk-button"))


def test_a_carer_learns_without_an_account_and_takes_it_all_into_one(visit, database, catalog, module):
    page, before = visit(), counted(database)
    page.goto("/")
    follow(page, page.get_by_role("link", name="I am family or a friend"))
    follow(page, page.get_by_role("link", name=module.title))
    follow(page, page.get_by_role("link", name="Begin"))
    cards = module.cards[ROLE]
    asked = next(number for number, card in enumerate(cards) if card.questions)
    for card in cards[: asked + 1]:
        take_card(page, card)

    # The phone is put away, and the page opened again later.
    page.goto("/carers")
    expect(page.get_by_text("You have begun it.")).to_be_visible()
    follow(page, page.get_by_role("link", name=module.title))
    follow(page, page.get_by_role("link", name="Go on where you stopped"))
    expect(page).to_have_url(f"/carers/modules/{MODULE}/cards/{asked + 2}")
    follow(page, page.get_by_role("link", name="Card before"))
    expect(page.locator("[data-feedback]").first).to_contain_text("Right")
    follow(page, page.get_by_role("main").locator("a.nhsuk-button"))
    for card in cards[asked + 1 :]:
        take_card(page, card)
    follow(page, page.get_by_role("button", name="See how it went"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")

    page.goto(f"/carers/scenarios/{STORY}")
    follow(page, page.get_by_role("link", name="Begin"))
    for choice in walk(catalog.item(STORY), story(catalog.item(STORY), safe=True)["choices"]).taken:
        way = f"a.app-choices__item[href*='way={choice.key.replace(':', '%3A')}#'], a[href*='{choice.key}#']"
        follow(page, page.locator(way))
    expect(page.get_by_text("You came through safely.")).to_be_visible()
    assert page.context.cookies() == []
    assert counted(database) == before

    page.goto("/carers")
    expect(page.get_by_text("Passed on this device on")).to_have_count(2)
    follow(page, page.get_by_role("link", name="Make an account"))
    page.get_by_label("Your name").fill("Rosa Kelly")
    page.get_by_label("Sign-in name").fill("rosa.kelly")
    page.get_by_label("Password", exact=True).fill("three green apples")
    follow(page, page.get_by_role("button", name="Make my account"))
    expect(page.get_by_text("2 things that this device had kept")).to_be_visible()
    assert counted(database) == before + 2
    assert json.loads(page.evaluate("localStorage.carers")) == {}
    follow(page, page.get_by_role("link", name="See my record"))
    expect(page.get_by_role("link", name="Certificate of")).to_have_count(2)


def test_a_device_can_be_made_to_forget(visit):
    page = visit()
    page.goto(f"/carers/modules/{MODULE}/cards/1")
    page.goto("/carers")
    page.on("dialog", lambda dialog: dialog.accept())
    follow(page, page.get_by_role("button", name="Forget everything on this device"))
    expect(page.get_by_text("What this device keeps")).to_be_hidden()
    assert page.evaluate("localStorage.carers") is None


def test_without_script_every_card_and_story_still_works(visit, module):
    page = visit(java_script_enabled=False)
    number, card = next((n, card) for n, card in enumerate(module.cards[ROLE], start=1) if card.questions)
    page.goto(f"/carers/modules/{MODULE}/cards/{number}")
    for question in card.questions:
        fill_in(page, question, right_answer(question))
        send(page, question)
    expect(page.get_by_text("Right", exact=True).first).to_be_visible()
    page.goto(f"/carers/scenarios/{STORY}/play")
    follow(page, page.locator("a.app-choices__item").first)
    expect(page.locator("#scene")).to_be_visible()
