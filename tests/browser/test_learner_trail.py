"""A care worker's whole way on a phone: from the sign-in to a receipt, a certificate and a story's end."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.looking import Watch
from tests.browser.walking import begin, demonstrator, fill_in, follow, question_on, send, sign_in
from training.answering import right_answer, story
from training.catalog.library import Catalog
from training.domain.module import Module
from training.domain.roles import Role

pytestmark = pytest.mark.browser

ROLE = Role.SOCIAL_CARE
MODULE, SCENARIO = "spotting-side-effects", "new-home-new-noise"
CODE = re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}$")


def test_a_care_worker_goes_from_the_sign_in_to_a_certificate_and_a_story_on_a_phone(visit, catalog):
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    watch = Watch(page)
    arrive_at_home(page, watch)
    take_module(page, watch, catalog.item(MODULE))
    read_result(page, watch)
    take_story(page, watch, catalog)
    follow(page, page.get_by_role("button", name="Sign out"))
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    watch.look()
    watch.check()


def arrive_at_home(page: Page, watch: Watch) -> None:
    """Sign in, and find one next thing with its minutes."""
    page.goto("/")
    watch.look()
    follow(page, page.get_by_role("navigation").get_by_role("link", name="Sign in"))
    watch.look()
    sign_in(page, demonstrator("worker"))
    following = page.locator(".app-next")
    expect(following).to_contain_text(re.compile(r"\d+ minutes"))
    expect(following.get_by_role("link")).to_have_count(1)
    watch.look()
    follow(page, page.get_by_role("link", name=ROLE.label))
    watch.look()


def take_module(page: Page, watch: Watch, module: Module) -> None:
    """Go through a module card by card, answering rightly without the page ever being loaded again."""
    follow(page, page.get_by_role("link", name=module.title))
    watch.look()
    begin(page, module.slug)
    for number, card in enumerate(module.cards[ROLE], start=1):
        expect(page).to_have_url(f"/modules/{module.slug}/cards/{number}")
        expect(page.get_by_role("heading", level=1)).to_have_text(card.title)
        page.evaluate("window.stillHere = true")
        for question in card.questions:
            fill_in(page, question, right_answer(question))
            send(page, question)
            expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()
            expect(page.locator("[data-live]")).to_have_text("Right")
        assert page.evaluate("window.stillHere") is True
        watch.look()
        follow(page, page.get_by_role("link", name="Next card" if number < len(module.cards[ROLE]) else "Finish"))
    watch.look()
    follow(page, page.get_by_role("button", name="Send my answers"))


def read_result(page: Page, watch: Watch) -> None:
    """Find the receipt, copy it, open the certificate, have the code checked, and find both in the record."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")
    expect(page.get_by_text(re.compile(r"^In date until \d{1,2} [A-Z][a-z]{2} \d{4}$"))).to_be_visible()
    expect(page.locator("#receipt")).to_have_text(CODE)
    code = page.locator("#receipt").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code
    watch.look()
    read_certificate(page, code)
    page.goto(f"/check/{code}")
    expect(page.get_by_role("definition").get_by_text("MK", exact=True)).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Kowalska")
    watch.look()
    follow(page, page.get_by_role("link", name="My record"))
    expect(page.get_by_role("main")).to_contain_text(code)
    watch.look()


def read_certificate(page: Page, code: str) -> None:
    """Open the certificate, and read in the PDF what the page promised."""
    link = page.get_by_role("link", name="Certificate (PDF)")
    with page.expect_response("**/certificate.pdf") as opened:
        link.click(no_wait_after=True)
    assert opened.value.headers["content-type"] == "application/pdf"
    # Not before it has arrived may we go elsewhere: one of the two would be broken off.
    page.wait_for_url("**/certificate.pdf", wait_until="commit")
    answer = page.context.request.get(opened.value.url)
    text = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    assert "Marta Kowalska" in text
    assert code in text


def take_story(page: Page, watch: Watch, catalog: Catalog) -> None:
    """Go through a story by its buttons, to an ending that is safe."""
    scenario = catalog.item(SCENARIO)
    page.goto(f"/scenarios/{SCENARIO}")
    watch.look()
    follow(page, page.get_by_role("button", name="Begin"))
    for key in story(scenario, safe=True)["choices"]:
        expect(page.get_by_role("heading", name="What do you do?")).to_be_visible()
        watch.look()
        follow(page, page.locator(f"button[name=choice][value='{key}']"))
    expect(page.get_by_text("It ends safely.")).to_be_visible()
    watch.look()
    follow(page, page.get_by_role("button", name="Finish and see how it went"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")
    watch.look()
