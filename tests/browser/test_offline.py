"""Learning with no signal: the whole track is on the phone, and is read, answered and finished there."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import Watch
from tests.browser.phones import (
    ROLE,
    answer_all,
    asked,
    attempts_of,
    begin_kept,
    cached_by,
    comes_to,
    deliveries_of,
    drafts_of,
    give,
    hand_in,
    kept_by,
    open_kept,
    place_of,
    send_now,
    sign_in_and_keep,
    tap,
    unsent,
)
from tests.browser.test_question_kinds import TITLES, find_question
from tests.browser.walking import begin, follow, question_on, send
from training.answering import right_answer, story, wrong_answer
from training.domain.module import QuestionKind

pytestmark = pytest.mark.browser

MODULE, SCENARIO = "spotting-side-effects", "new-home-new-noise"


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


def test_a_module_is_taken_in_a_basement_and_arrives_when_there_is_a_signal(phone, line, add, catalog, database):
    learner, module = add(), catalog.item(MODULE)
    sign_in_and_keep(phone, learner)
    line.cut()
    open_kept(phone, "/home")
    begin_kept(phone, f"/modules/{MODULE}")
    expect(phone).to_have_url(re.compile(f"/modules/{MODULE}/cards/1$"))
    given = answer_all(phone, module)
    count = f"{len(given)} answers not sent yet."
    expect(unsent(phone)).to_have_text(count)
    hand_in(phone)
    open_kept(phone, "/home")
    expect(unsent(phone)).to_have_text(count)
    expect(phone.get_by_text("finished, and not sent yet")).to_have_count(1)
    assert attempts_of(database, learner) == []
    line.mend()
    send_now(phone)
    expect(phone.locator("[data-arrived]")).to_contain_text("Passed on")
    assert comes_to(lambda: attempts_of(database, learner), [(MODULE, given, True)])
    assert comes_to(lambda: deliveries_of(database, learner), [(MODULE, given)])
    expect(phone.get_by_text("finished, and not sent yet")).to_have_count(0)
    expect(phone.locator(".app-list__item", has_text=module.title)).to_contain_text("In date until")
    phone.goto("/home")
    expect(phone.locator("[data-no-signal]")).to_have_count(0)
    follow(phone, phone.get_by_role("link", name="See your result"))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("You passed")


def test_what_was_begun_comes_first_on_the_phone_as_on_the_server(phone, line, add, catalog):
    module = catalog.item(MODULE)
    sign_in_and_keep(phone, add())
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    number, question = asked(module)[0]
    phone.goto(f"/modules/{MODULE}/cards/{number}")
    give(phone, question, right_answer(question))
    open_kept(phone, "/home")
    expect(phone.locator(".app-next__title")).to_have_text(module.title)
    line.mend()
    send_now(phone)
    phone.goto("/home")
    expect(phone.locator(".app-next__title")).to_have_text(module.title)


def test_a_story_is_lived_to_its_end_with_no_signal(phone, line, add, catalog, database):
    learner, choices = add(), story(catalog.item(SCENARIO), safe=True)["choices"]
    sign_in_and_keep(phone, learner)
    line.cut()
    begin_kept(phone, f"/scenarios/{SCENARIO}")
    for key in choices:
        phone.locator(f"[data-choice='{key}']").dblclick()
        expect(phone.locator("[data-drawn] :focus")).to_have_count(1)
    expect(phone.get_by_text("It ends safely.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("It ends safely.")).to_be_visible()
    phone.get_by_role("button", name="Finish and hand it in").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Kept on this phone")
    line.mend()
    send_now(phone)
    assert attempts_of(database, learner) == [(SCENARIO, {"choices": choices}, True)]


def test_a_second_tap_that_comes_late_touches_nothing_of_the_scene_that_came(phone, line, add, catalog):
    choices = story(catalog.item(SCENARIO), safe=True)["choices"]
    sign_in_and_keep(phone, add())
    line.cut()
    begin_kept(phone, f"/scenarios/{SCENARIO}")
    tap(phone.locator(f"[data-choice='{choices[0]}']"))
    expect(phone.locator("[data-feedback]")).to_be_focused()
    scene = phone.locator("#scene h1").inner_text()
    tap(phone.locator("[data-choice]").first, second=True)
    expect(phone.locator("[data-feedback]")).to_be_focused()
    expect(phone.locator("#scene h1")).to_have_text(scene)
    tap(phone.locator(f"[data-choice='{choices[1]}']"))
    expect(phone.locator("#scene h1")).not_to_have_text(scene)


def test_a_finger_that_taps_twice_chooses_once(visit, line, add, catalog):
    phone, choices = visit(base_url=line.address, has_touch=True), story(catalog.item(SCENARIO), safe=True)["choices"]
    sign_in_and_keep(phone, add())
    line.cut()
    begin_kept(phone, f"/scenarios/{SCENARIO}")
    # However slow the machine is, no time passes between the two for the page.
    phone.clock.set_fixed_time(phone.evaluate("new Date().toISOString()"))
    there = place_of(phone.locator(f"[data-choice='{choices[0]}']"))
    phone.touchscreen.tap(*there)
    expect(phone.locator("[data-feedback]")).to_be_focused()
    scene = phone.locator("#scene h1").inner_text()
    phone.touchscreen.tap(*there)
    expect(phone.locator("[data-feedback]")).to_be_focused()
    expect(phone.locator("#scene h1")).to_have_text(scene)


@pytest.mark.parametrize("kind", QuestionKind)
def test_the_phone_says_of_an_answer_what_the_server_says(phone, line, add, catalog, kind):
    module, role, number, question = find_question(catalog, kind)
    sign_in_and_keep(phone, add(title=next(title for title, one in TITLES.items() if one is role)))
    line.cut()
    open_kept(phone, f"/modules/{module.slug}/cards/{number}?practice")
    give(phone, question, right_answer(question))
    expect(question_on(phone, question).locator("[data-feedback]").first).to_have_text("Right")
    open_kept(phone, f"/modules/{module.slug}/cards/{number}?practice")
    give(phone, question, wrong_answer(question))
    told = question_on(phone, question).inner_text()
    line.mend()
    phone.goto(f"/modules/{module.slug}")
    follow(phone, phone.get_by_role("button", name=re.compile("^Begin")))
    phone.goto(f"/modules/{module.slug}/cards/{number}")
    give(phone, question, wrong_answer(question))
    # What is to be put in order is mixed for each attempt.
    assert sorted(told.splitlines()) == sorted(question_on(phone, question).inner_text().splitlines())


def test_an_answer_that_is_not_whole_is_asked_for_again_on_the_phone(phone, line, add, catalog):
    number, question = asked(catalog.item(MODULE))[0]
    sign_in_and_keep(phone, add())
    line.cut()
    open_kept(phone, f"/modules/{MODULE}/cards/{number}?practice")
    phone.evaluate("for (const field of document.querySelectorAll('input[required]')) field.required = false")
    send(phone, question)
    expect(question_on(phone, question).locator(".nhsuk-error-message")).to_be_focused()
    give(phone, question, right_answer(question))
    expect(question_on(phone, question).locator(".nhsuk-error-message")).to_have_count(0)


def test_practice_on_the_phone_records_nothing(phone, line, add, catalog, database):
    learner, module = add(), catalog.item(MODULE)
    sign_in_and_keep(phone, learner)
    line.cut()
    open_kept(phone, f"/modules/{MODULE}")
    follow(phone, phone.get_by_role("link", name="Go through it for practice"))
    expect(phone.get_by_text("This is practice. Nothing is recorded.")).to_be_visible()
    answer_all(phone, module)
    expect(phone.get_by_role("heading", level=1)).to_have_text("That was the last card")
    assert kept_by(phone)["attempts"] == []
    expect(unsent(phone)).to_have_count(0)
    line.mend()
    phone.goto("/home")
    assert (attempts_of(database, learner), drafts_of(database, learner)) == ([], {})


def test_the_signal_drops_between_two_answers_and_nothing_is_asked_twice(phone, line, add, catalog, database):
    learner, questions = add(), asked(catalog.item(MODULE))
    sign_in_and_keep(phone, learner)
    begin(phone, MODULE)
    (first_card, first), (card, second), (last_card, last) = questions[:3]
    phone.goto(f"/modules/{MODULE}/cards/{first_card}")
    wait_until_known(phone)
    give(phone, first, right_answer(first))
    phone.goto(f"/modules/{MODULE}/cards/{card}")
    wait_until_known(phone)
    line.cut()
    give(phone, second, wrong_answer(second))
    expect(phone.locator("[data-no-signal]")).to_be_visible()
    expect(unsent(phone)).to_have_text("1 answer not sent yet.")
    open_kept(phone, f"/modules/{MODULE}/cards/{first_card}")
    expect(question_on(phone, first).get_by_role("button")).to_have_count(0)
    open_kept(phone, f"/modules/{MODULE}/cards/{last_card}")
    give(phone, last, right_answer(last))
    line.mend()
    phone.goto(f"/modules/{MODULE}/cards/{card}")
    expect(phone.locator("[data-no-signal]")).to_have_count(0)
    expect(question_on(phone, second).get_by_text("Not quite").first).to_be_visible()
    expect(unsent(phone)).to_have_count(0)
    three = {
        first.id: right_answer(first),
        second.id: wrong_answer(second),
        last.id: right_answer(last),
    }
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: three})


def wait_until_known(page) -> None:
    """Wait until the phone has heard of the attempt that is open on the page."""
    shown = page.locator("form [name=attempt_id]").first.input_value()
    page.wait_for_function(
        f"async (id) => (await ({DRAFTS})()).includes(id)",
        arg=shown,
    )


DRAFTS = """async () => {
  const base = await new Promise((resolve) => {
    const request = indexedDB.open("training");
    request.onsuccess = () => resolve(request.result);
  });
  const me = await new Promise((resolve) => {
    const request = base.transaction("me").objectStore("me").get("me");
    request.onsuccess = () => resolve(request.result);
  });
  base.close();
  return me.items.map((item) => item.draft?.attempt_id);
}"""


def test_a_form_that_finds_no_signal_is_taken_by_the_phone(phone, line, add, catalog, database):
    learner, choices = add(), story(catalog.item(SCENARIO), safe=True)["choices"]
    sign_in_and_keep(phone, learner)
    phone.goto(f"/scenarios/{SCENARIO}")
    line.cut()
    follow(phone, phone.get_by_role("button", name="Begin", exact=True))
    expect(phone.locator("[data-choice]").first).to_be_visible()
    line.mend()
    phone.locator(f"[data-choice='{choices[0]}']").click()
    phone.goto(f"/scenarios/{SCENARIO}/play")
    expect(phone.locator("[data-no-signal]")).to_have_count(0)
    line.cut()
    follow(phone, phone.locator(f"button[name=choice][value='{choices[1]}']"))
    expect(unsent(phone)).to_have_text("1 answer not sent yet.")
    line.mend()
    send_now(phone)
    assert drafts_of(database, learner) == {SCENARIO: {"choices": choices[:2]}}


def test_a_line_that_is_there_and_says_nothing_is_given_up(phone, line, add):
    sign_in_and_keep(phone, add())
    line.silent = True
    open_kept(phone, f"/modules/{MODULE}")
    expect(phone.get_by_role("button", name="Begin", exact=True)).to_be_visible()


def test_the_worker_puts_no_page_of_anybody_by(phone, add):
    learner = add(name="Quintessa Applebody")
    sign_in_and_keep(phone, learner)
    for path in ("/record", f"/tracks/{ROLE.value}", f"/modules/{MODULE}"):
        phone.goto(path)
    kept = cached_by(phone)
    assert {path for path in kept if not path.startswith("/static/dist/")} == {"/offline"}
    assert not [path for path, text in kept.items() if "Quintessa" in text]


def test_every_page_that_the_phone_draws_is_a_good_page(phone, line, add, catalog):
    watch = Watch(phone)
    sign_in_and_keep(phone, add())
    watch.look()
    line.cut()
    for path in ("/home", f"/tracks/{ROLE.value}", "/record", f"/modules/{MODULE}", "/reports", "/sign-out"):
        open_kept(phone, path)
        watch.look()
    begin_kept(phone, f"/modules/{MODULE}")
    number, question = asked(catalog.item(MODULE))[0]
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    give(phone, question, wrong_answer(question))
    watch.look()
    open_kept(phone, f"/modules/{MODULE}/finish")
    watch.look()
    begin_kept(phone, f"/scenarios/{SCENARIO}")
    watch.look()
    phone.locator("[data-choice]").last.click()
    expect(phone.locator("[data-drawn] :focus")).to_have_count(1)
    watch.look()
    titles_start_with_headings(phone)
    assert not [fault for fault in watch.faults if "ERR_" not in fault and "Failed to load" not in fault]


def titles_start_with_headings(page) -> None:
    """See that there is one heading of the first level, and that the title begins with it."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    assert page.title().startswith(heading.inner_text())
