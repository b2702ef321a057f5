"""The learner's and the manager's main journeys, by keyboard, and examined for everyone at each of their pages."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.everyone import REMEMBER, examine, looks_otherwise, tab_to
from tests.browser.phones import open_kept, sign_in_and_keep
from tests.browser.walking import demonstrator, fill_in, follow, question_on, send, sign_in
from training.answering import right_answer, story
from training.catalog.library import Catalog
from training.domain.module import Module, Question, QuestionKind
from training.domain.roles import Role

pytestmark = pytest.mark.browser

ROLE = Role.SOCIAL_CARE
SCENARIO = "new-home-new-noise"
BY_KEYBOARD = {"has_touch": False}
VOICE = "window.spoken = []; speechSynthesis.speak = ({ lang, text }) => spoken.push(`${lang} ${text}`);"
FORM = "form[action='/settings/looks']"


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to something by Tab from the top of the page, and press it by keyboard."""
    page.evaluate(REMEMBER)
    page.locator(".nhsuk-skip-link").focus()
    tab_to(page, wanted)
    page.keyboard.press(key)


def follow_by_keyboard(page: Page, wanted: Locator) -> None:
    with page.expect_navigation():
        press(page, wanted)


def module_with(catalog: Catalog, kind: QuestionKind) -> tuple[Module, int, Question]:
    """Return the module with the fewest questions that asks one of a kind before its last card, and where."""
    asked = [
        (sum(len(card.questions) for card in module.cards[ROLE]), module.slug, number, question)
        for module in catalog.modules.values()
        if ROLE in module.cards
        for number, card in enumerate(module.cards[ROLE][:-1], start=1)
        for question in card.questions[:1]
        if question.kind is kind
    ]
    _, slug, number, question = min(asked, key=lambda one: one[:3])
    return catalog.modules[slug], number, question


def answer_by_keyboard(page: Page, question: Question, key: str) -> None:
    """Choose an option and send it, by keyboard alone; what is said of it has the focus and is announced."""
    box = question_on(page, question)
    wanted = box.locator(f"[id='question-{question.id}-{key}']")
    press(page, box.get_by_role("radio").first, "Space")
    for _ in question.options:
        if wanted.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()
    tab_to(page, box.get_by_role("button"))
    page.keyboard.press("Enter")
    said = box.locator("[data-feedback]").first
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(page.locator("[data-live][role=status]")).to_have_text(re.compile(r"\w"))
    assert page.locator("[data-live]").inner_text().strip() == said.inner_text().strip()


def test_a_learner_takes_a_module_by_keyboard_and_every_page_of_it_is_for_everyone(visit, add, catalog):
    module, number, question = module_with(catalog, QuestionKind.SINGLE)
    page = visit(**BY_KEYBOARD)
    sign_in(page, add())
    examine(page)
    page.goto(f"/modules/{module.slug}")
    examine(page)
    follow_by_keyboard(page, page.get_by_role("main").get_by_role("button").first)
    page.goto(f"/modules/{module.slug}/cards/{number}")
    examine(page)
    wrong = next(option.key for option in question.options if not option.right)
    answer_by_keyboard(page, question, wrong)
    examine(page)
    finish(page, module, but=question)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    examine(page)
    page.goto("/record")
    examine(page)


def finish(page: Page, module: Module, *, but: Question) -> None:
    """Answer every other question rightly, and send it all."""
    for number, card in enumerate(module.cards[ROLE], start=1):
        page.goto(f"/modules/{module.slug}/cards/{number}")
        for question in card.questions:
            if question != but:
                fill_in(page, question, right_answer(question))
                send(page, question)
                expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()
    follow(page, page.get_by_role("link", name="Finish"))
    examine(page)
    follow(page, page.get_by_role("button", name="Send my answers"))


def test_a_right_answer_by_keyboard_and_what_forced_colours_leave_of_it(visit, add, catalog):
    module, number, question = module_with(catalog, QuestionKind.SINGLE)
    page = visit(**BY_KEYBOARD, forced_colors="active")
    sign_in(page, add())
    page.goto(f"/modules/{module.slug}")
    follow(page, page.get_by_role("main").get_by_role("button").first)
    page.goto(f"/modules/{module.slug}/cards/{number}")
    box = question_on(page, question)
    options = box.locator(".app-option")
    plain = [options.nth(place).screenshot() for place in range(2)]
    first = box.get_by_role("radio").first
    first.focus()
    focused = looks_otherwise(options.first, plain[0])
    page.keyboard.press("Space")
    looks_otherwise(options.first, focused)
    assert options.nth(1).screenshot() == plain[1], "only what was chosen shows as chosen"
    right = next(option.key for option in question.options if option.right)
    answer_by_keyboard(page, question, right)
    expect(box.locator(f"[id='question-{question.id}-{right}']")).to_be_checked()


def test_a_story_is_for_everyone_from_its_first_choice_to_its_end(visit, add, catalog):
    page = visit(**BY_KEYBOARD)
    sign_in(page, add())
    page.goto(f"/scenarios/{SCENARIO}")
    follow_by_keyboard(page, page.get_by_role("main").get_by_role("button").first)
    examine(page)
    for place, key in enumerate(story(catalog.item(SCENARIO), safe=True)["choices"]):
        follow_by_keyboard(page, page.locator(f"button[name=choice][value='{key}']"))
        expect(page.locator(".app-feedback__heading, .app-card__title").first).to_be_in_viewport()
        if place == 0:
            examine(page)
    follow_by_keyboard(page, page.get_by_role("button", name="Finish and see how it went"))
    examine(page)


def test_how_pages_look_is_chosen_by_keyboard_and_drawn_without_script(visit, add):
    learner = add()
    page = visit(**BY_KEYBOARD)
    sign_in(page, learner)
    page.goto("/settings")
    examine(page)
    press(page, page.locator(f"{FORM} [name=text]").first, "ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, page.get_by_label("Calm mode"), "Space")
    follow_by_keyboard(page, page.get_by_role("button", name="Save how pages look"))
    expect(page.get_by_label("Largest")).to_be_checked()
    plain = visit(java_script_enabled=False)
    plain.goto("/settings/looks")
    plain.get_by_text("Larger").click()
    plain.get_by_text("Dark", exact=True).click()
    follow(plain, plain.get_by_role("button", name="Save how pages look"))
    expect(plain.locator("html[data-text=larger][data-colours=dark]")).to_have_count(1)
    assert sizes(page, "/home", "/record", "/settings") == [24.0] * 3
    assert sizes(plain, "/carers", "/sign-in") == [19.52] * 2


def sizes(page: Page, *paths: str) -> list[float]:
    """Return how large the root's text is on each of some pages."""
    found = []
    for path in paths:
        page.goto(path)
        found.append(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))
    return found


def test_what_was_chosen_holds_with_no_signal_too(visit, add, line):
    page = visit(base_url=line.address)
    sign_in_and_keep(page, add())
    page.goto("/settings")
    page.get_by_label("Largest").check()
    page.get_by_label("Dark", exact=True).check()
    follow(page, page.get_by_role("button", name="Save how pages look"))
    page.goto("/home")
    expect(page.get_by_text("Your training is on this phone")).to_be_visible()
    line.cut()
    open_kept(page, "/home")
    expect(page.locator("html[data-text=largest][data-colours=dark]")).to_have_count(1)
    assert sizes(page, "/home") == [24.0]


def test_calm_pages_show_fewer_things_and_open_them_by_keyboard(visit, add):
    page = visit(**BY_KEYBOARD)
    sign_in(page, add())
    everything = page.get_by_role("main").inner_text()
    page.goto("/settings")
    page.get_by_label("Calm mode").check()
    follow(page, page.get_by_role("button", name="Save how pages look"))
    page.goto("/home")
    assert len(page.get_by_role("main").inner_text()) < len(everything) / 2
    examine(page)
    press(page, page.locator("summary").first)
    expect(page.locator("details[open] .app-list__link").first).to_be_visible()


PAGES = {
    "overview": lambda page: page.goto("/team"),
    "heat map": lambda page: page.goto("/team?by=heat-map"),
    "people": lambda page: page.goto("/team/people"),
    "one person": lambda page: follow(page, page.get_by_role("main").locator("a[href^='/team/people/']").first),
    "import": lambda page: page.goto("/team/import"),
    "report": lambda page: page.goto("/reports/overdue"),
}


def test_a_managers_pages_are_for_everyone(visit):
    page = visit(**BY_KEYBOARD)
    sign_in(page, demonstrator("manager"))
    for go in PAGES.values():
        go(page)
        examine(page)


def test_listen_reads_a_card_in_order_without_the_numbers_of_its_sources(visit, add, catalog):
    module, number, _ = module_with(catalog, QuestionKind.SINGLE)
    page = visit(**BY_KEYBOARD)
    page.add_init_script(VOICE)
    sign_in(page, add())
    page.goto(f"/modules/{module.slug}")
    follow(page, page.get_by_role("main").get_by_role("button").first)
    page.goto(f"/modules/{module.slug}/cards/{number}")
    press(page, page.get_by_role("button", name="Listen"))
    spoken = page.evaluate("spoken")
    assert spoken[0] == f"en-GB {module.cards[ROLE][number - 1].title}"
    page.locator(".app-card").evaluate("card => card.querySelectorAll('sup').forEach((sup) => sup.remove())")
    words = " ".join(page.locator(".app-card").inner_text().split())
    places = [words.find(one.removeprefix("en-GB ")) for one in spoken]
    assert -1 not in places
    assert all(before <= after for before, after in pairwise(places))
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Listen")).to_be_focused()
