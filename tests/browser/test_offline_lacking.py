"""A browser that lacks something: what does not need it works, and a line says what is missing."""

import pytest
from playwright.sync_api import expect

from tests.browser.phones import ROLE, asked, drafts_of, kept_by, open_kept, sign_in_and_keep
from tests.browser.walking import begin, fill_in, question_on, send, sign_in
from training.answering import right_answer

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
NO_DATABASE = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };"
NO_WORKER = "delete Navigator.prototype.serviceWorker;"
FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
SAVES_DATA = "Object.defineProperty(Navigator.prototype, 'connection', { value: { saveData: true } });"


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


@pytest.mark.parametrize(
    ("lacks", "words"),
    [(NO_DATABASE, "This window keeps nothing on the phone"), (NO_WORKER, "This browser cannot keep training")],
    ids=["a private window", "an old browser"],
)
def test_a_browser_that_keeps_nothing_says_so_and_all_else_works(phone, line, add, catalog, database, lacks, words):
    faults = []
    phone.on("pageerror", lambda error: faults.append(str(error)))
    phone.add_init_script(lacks)
    learner = add()
    sign_in(phone, learner)
    expect(phone.get_by_text(words)).to_be_visible()
    begin(phone, MODULE)
    (number, first), (_, second) = asked(catalog.item(MODULE))[:2]
    phone.goto(f"/modules/{MODULE}/cards/{number}")
    line.cut()
    fill_in(phone, first, right_answer(first))
    send(phone, first)
    expect(question_on(phone, first).get_by_text("Not sent yet – try again")).to_be_visible()
    line.mend()
    send(phone, first)
    expect(question_on(phone, first).locator("[data-feedback]").first).to_be_focused()
    assert drafts_of(database, learner) == {MODULE: {first.id: right_answer(first)}}
    assert (faults, second.id in drafts_of(database, learner)[MODULE]) == ([], False)


def test_a_full_phone_says_that_the_answer_is_not_kept(phone, line, add, catalog):
    sign_in_and_keep(phone, add())
    number, question = asked(catalog.item(MODULE))[0]
    line.cut()
    open_kept(phone, f"/modules/{MODULE}")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Begin", exact=True).click()
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    phone.evaluate(FULL)
    fill_in(phone, question, right_answer(question))
    send(phone, question)
    expect(question_on(phone, question).get_by_text("Your phone has no room")).to_be_visible()
    expect(question_on(phone, question).locator("input:checked")).to_have_value(right_answer(question)[0])
    assert [attempt["answers"] for attempt in kept_by(phone)["attempts"]] == [{}]


def test_a_phone_that_saves_data_keeps_nothing_until_it_is_asked_to(phone, add):
    phone.add_init_script(SAVES_DATA)
    sign_in(phone, add())
    expect(phone.get_by_text("Your phone saves data, so nothing is kept until you ask for it.")).to_be_visible()
    phone.get_by_role("checkbox", name="Keep my training on this phone").check()
    expect(phone.get_by_text("Your training is on this phone")).to_be_visible()


def test_without_javascript_home_says_what_is_missing(visit, line, add):
    page = visit(base_url=line.address, java_script_enabled=False)
    sign_in(page, add())
    # Chromium that is told to run no script does not draw this element, as it does where somebody switched script off.
    assert "JavaScript is switched off in this browser" in page.content()


def test_what_is_not_on_the_phone_leads_back(phone, line, add, catalog):
    sign_in_and_keep(phone, add())
    elsewhere = next(item for item in catalog.items() if ROLE not in item.roles and item.kind == "module")
    line.cut()
    open_kept(phone, "/home")
    open_kept(phone, f"/modules/{elsewhere.slug}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This is not on this phone")
    open_kept(phone, "/record/anything-else")
    expect(phone.get_by_role("heading", level=1)).to_have_text("This page needs a signal")
    phone.get_by_role("button", name="Go back").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("This is not on this phone")
