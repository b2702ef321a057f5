"""A phone with no signal speaks the language that was chosen, page and banner, and goes back with its reader."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phones import asked, comes_to, kept_by, open_kept, sign_in_and_keep, unsent
from tests.browser.walking import fill_in, follow, question_on
from training.answering import right_answer

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
SHELL_KEPT = "(address) => caches.match(address).then(Boolean)"


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


def choose(page: Page, language: str) -> None:
    """Choose a language in the settings, by what it calls itself."""
    page.goto("/settings")
    page.get_by_label(language, exact=True).check()
    follow(page, page.locator("form[action='/settings/looks'] button"))


def keeps(page: Page, words: str) -> bool:
    """Say whether the cards of the module are on the phone with these words on their buttons."""
    kept = [one for one in kept_by(page)["items"] if one["slug"] == MODULE]
    return any(words in card["html"] for one in kept for card in one["cards"])


def choose_polish(page: Page) -> None:
    """Read Polish from now on, and wait until the module is on the phone in it."""
    choose(page, "Polski")
    page.goto("/home")
    expect(page.get_by_text("Szkolenie jest w tym telefonie")).to_be_visible()
    assert comes_to(lambda: keeps(page, "Sprawdź moją odpowiedź"), True)
    page.wait_for_function(SHELL_KEPT, arg="/offline?language=pl")


def test_a_care_worker_who_reads_polish_learns_in_it_with_no_signal(phone, line, add, catalog):
    number, question = asked(catalog.item(MODULE))[0]
    sign_in_and_keep(phone, add())
    choose_polish(phone)
    line.cut()
    open_kept(phone, f"/modules/{MODULE}")
    expect(phone.locator("html")).to_have_attribute("lang", "pl")
    expect(phone.locator("[data-no-signal]")).to_contain_text("Brak zasięgu: to jest zapisane w telefonie.")
    expect(phone.locator("nav")).to_contain_text("Mój wykaz")
    follow(phone, phone.get_by_role("button", name="Rozpocznij", exact=True))
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    fill_in(phone, question, right_answer(question))
    question_on(phone, question).get_by_role("button", name="Sprawdź moją odpowiedź").click()
    expect(question_on(phone, question).locator("[data-feedback]").first).to_have_text("Dobrze")
    expect(unsent(phone)).to_have_text("1 odpowiedź jeszcze niewysłana.")
    expect(phone.locator("[data-waiting]").get_by_role("button", name="Wyślij teraz")).to_be_visible()


def test_whoever_goes_back_to_english_has_the_phone_in_english_again(phone, line, add):
    sign_in_and_keep(phone, add())
    choose_polish(phone)
    choose(phone, "English")
    assert comes_to(lambda: keeps(phone, "Check my answer"), True)
    line.cut()
    open_kept(phone, f"/modules/{MODULE}")
    expect(phone.locator("html")).to_have_attribute("lang", "en-GB")
    expect(phone.locator("[data-no-signal]")).to_contain_text("No signal: this is what your phone keeps.")
