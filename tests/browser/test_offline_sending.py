"""What was done with no signal arrives exactly once, whatever happens on the way."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete

from tests.browser.conftest import PATIENCE, PERSON
from tests.browser.line import Line
from tests.browser.phones import (
    answer_all,
    asked,
    attempts_of,
    begin_kept,
    comes_to,
    deliveries_of,
    drafts_of,
    give,
    hand_in,
    kept_by,
    open_kept,
    press_send,
    send_now,
    sign_in_and_keep,
    unsent,
)
from tests.browser.walking import begin, fill_in_sign_in, follow, question_on, sign_in
from training.answering import right_answer, wrong_answer
from training.models import SignInSession

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
POST = b"POST /offline/attempts"


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


@pytest.fixture
def module(catalog):
    """The module that is taken."""
    return catalog.item(MODULE)


@pytest.fixture
def take_three(module):
    """Answer the first three questions of the module on the phone, without a signal."""

    def take(page: Page, line: Line) -> dict[str, list[str]]:
        line.cut()
        begin_kept(page, f"/modules/{MODULE}")
        for number, question in asked(module)[:3]:
            open_kept(page, f"/modules/{MODULE}/cards/{number}")
            give(page, question, right_answer(question))
        expect(unsent(page)).to_have_text("3 answers not sent yet.")
        return {question.id: right_answer(question) for _, question in asked(module)[:3]}

    return take


def finish_with_no_signal(page: Page, line: Line, module) -> dict[str, list[str]]:
    """Take the whole module without a signal and hand it in."""
    line.cut()
    begin_kept(page, f"/modules/{MODULE}")
    given = answer_all(page, module)
    hand_in(page)
    return given


def test_a_reply_that_is_lost_after_the_commit_changes_nothing(phone, line, add, module, database):
    learner = add()
    sign_in_and_keep(phone, learner)
    given = finish_with_no_signal(phone, line, module)
    line.lose = [POST, POST]
    line.mend()
    press_send(phone)
    expect(phone.locator("[data-note]")).to_contain_text("That did not go")
    assert line.lost
    assert comes_to(lambda: attempts_of(database, learner), [(MODULE, given, True)])
    expect(unsent(phone)).to_have_text(f"{len(given)} answers not sent yet.")
    line.lose.clear()
    send_now(phone)
    assert comes_to(lambda: attempts_of(database, learner), [(MODULE, given, True)])
    assert comes_to(lambda: deliveries_of(database, learner), [(MODULE, given)])


def test_a_session_that_ends_keeps_the_answers_until_the_next_sign_in(phone, line, add, database, take_three):
    learner = add()
    sign_in_and_keep(phone, learner)
    given = take_three(phone, line)
    with database.write("everywhere") as session:
        session.execute(delete(SignInSession))
    line.mend()
    press_send(phone)
    follow(phone, phone.get_by_role("link", name="Sign in to send"))
    assert drafts_of(database, learner) == {}
    fill_in_sign_in(phone, learner)
    expect(phone.locator("[data-no-signal]")).to_have_count(0)
    expect(unsent(phone)).to_have_count(0)
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: given})


def test_another_person_on_the_phone_sends_nothing_of_the_first(phone, line, add, database, take_three):
    first, second = add(name="Firstina Person"), add(name="Secondo Person")
    sign_in_and_keep(phone, first)
    given = take_three(phone, line)
    with database.write("everywhere") as session:
        session.execute(delete(SignInSession))
    line.mend()
    phone.goto("/sign-in")
    fill_in_sign_in(phone, second)
    words = phone.get_by_text("3 answers on this phone belong to another person")
    expect(words).to_be_visible()
    expect(phone.get_by_role("button", name="Send now")).to_have_count(0)
    expect(phone.get_by_text("Your training is on this phone")).to_be_visible()
    assert [me["name"] for me in kept_by(phone)["me"]] == ["Secondo Person"]
    assert "Firstina" not in phone.content()
    line.cut()
    open_kept(phone, f"/modules/{MODULE}")
    expect(phone.get_by_role("button", name="Begin", exact=True)).to_be_visible()
    line.mend()
    assert (drafts_of(database, first), drafts_of(database, second)) == ({}, {})
    phone.goto("/home")
    follow(phone, phone.get_by_role("button", name="Sign out"))
    sign_in(phone, first)
    expect(unsent(phone)).to_have_count(0)
    expect(words).to_have_count(0)
    assert comes_to(lambda: drafts_of(database, first), {MODULE: given})
    assert drafts_of(database, second) == {}


def test_somebody_else_who_signs_in_behind_the_page_is_not_taken_for_the_first(phone, line, add, database, take_three):
    first, second = add(name="Firstina Person"), add()
    sign_in_and_keep(phone, first)
    take_three(phone, line)
    line.mend()
    # The session is changed with no page of ours open: the page that sends does not know yet.
    phone.context.clear_cookies()
    other = phone.context.browser.new_context(base_url=line.address)
    sign_in(page := other.new_page(), second)
    phone.context.add_cookies(page.context.cookies())
    other.close()
    with phone.expect_response("**/offline/attempts") as response:
        press_send(phone)
    assert response.value.status == 409
    expect(unsent(phone)).to_have_text("3 answers not sent yet.")
    phone.reload()
    expect(phone.get_by_text("3 answers on this phone belong to another person")).to_be_visible()
    assert [me["name"] for me in kept_by(phone)["me"]] != ["Firstina Person"]
    assert (drafts_of(database, first), drafts_of(database, second)) == ({}, {})


def test_two_tabs_answer_and_send_at_once_and_every_answer_arrives_once(phone, line, add, module, database):
    learner, other = add(), phone.context.new_page()
    sign_in_and_keep(phone, learner)
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    (one, first), (two, second) = asked(module)[:2]
    open_kept(phone, f"/modules/{MODULE}/cards/{one}")
    open_kept(other, f"/modules/{MODULE}/cards/{one}")
    give(phone, first, right_answer(first))
    give(other, first, wrong_answer(first))
    open_kept(other, f"/modules/{MODULE}/cards/{two}")
    give(other, second, right_answer(second))
    for page in (phone, other):
        expect(unsent(page)).to_have_text("2 answers not sent yet.")
    line.mend()
    for page in (phone, other):
        page.evaluate("() => document.querySelector('[data-act=send]')?.click()")
    for page in (phone, other):
        expect(unsent(page)).to_have_count(0)
    both = {first.id: right_answer(first), second.id: right_answer(second)}
    assert drafts_of(database, learner) == {MODULE: both}
    assert len([asked for asked in line.passed if asked == POST]) == 1


def test_what_another_device_has_begun_meets_what_this_one_did(phone, visit, line, add, module, database):
    learner = add()
    sign_in_and_keep(phone, learner)
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    (one, first), (two, second) = asked(module)[:2]
    open_kept(phone, f"/modules/{MODULE}/cards/{one}")
    give(phone, first, wrong_answer(first))
    open_kept(phone, f"/modules/{MODULE}/cards/{two}")
    give(phone, second, right_answer(second))
    tablet = visit()
    sign_in(tablet, learner)
    begin(tablet, MODULE)
    tablet.goto(f"/modules/{MODULE}/cards/{one}")
    give(tablet, first, right_answer(first))
    line.mend()
    send_now(phone)
    both = {first.id: right_answer(first), second.id: right_answer(second)}
    assert drafts_of(database, learner) == {MODULE: both}
    line.cut()
    open_kept(phone, f"/modules/{MODULE}/cards/{one}")
    expect(question_on(phone, first).locator("input:checked")).to_have_value(right_answer(first)[0])


def test_what_is_refused_is_said_and_stays_until_it_is_put_away(phone, line, add, take_three, database):
    learner = add()
    sign_in_and_keep(phone, learner)
    take_three(phone, line)
    phone.evaluate(SPOIL_TICKETS)
    line.mend()
    press_send(phone)
    words = phone.get_by_role("region", name="Not sent yet").get_by_text(
        "could not be taken in. This was not given by this service."
    )
    expect(words).to_be_visible()
    expect(unsent(phone)).to_have_count(0)
    phone.goto("/home")
    expect(words).to_be_visible()
    phone.get_by_role("button", name="Remove it from this phone").click()
    expect(words).to_have_count(0)
    assert drafts_of(database, learner) == {}


SPOIL_TICKETS = """() => new Promise((resolve) => {
  const request = indexedDB.open("training");
  request.onsuccess = () => {
    const transaction = request.result.transaction("attempts", "readwrite");
    const all = transaction.objectStore("attempts");
    all.getAll().onsuccess = (event) => {
      for (const attempt of event.target.result) all.put({ ...attempt, ticket: "spoilt" });
    };
    transaction.oncomplete = () => resolve(request.result.close());
  };
})"""


@pytest.fixture
def switch_on(browser: Browser, line) -> Iterator:
    """Switch a phone on that keeps its browser's data; switched on again it finds them."""
    opened: list[BrowserContext] = []
    kind = browser.browser_type
    with tempfile.TemporaryDirectory() as profile:

        def open_browser() -> Page:
            context = kind.launch_persistent_context(
                str(Path(profile)),
                executable_path="/usr/bin/chromium",
                args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
                **(PERSON | {"base_url": line.address}),
            )
            context.set_default_timeout(PATIENCE)
            opened.append(context)
            return context.pages[0]

        yield open_browser
        for context in opened:
            context.close()


def test_a_phone_that_is_switched_off_keeps_its_answers(switch_on, line, add, database, take_three):
    learner, phone = add(), switch_on()
    sign_in_and_keep(phone, learner)
    given = take_three(phone, line)
    phone.context.close()
    phone = switch_on()
    open_kept(phone, f"/modules/{MODULE}")
    expect(unsent(phone)).to_have_text("3 answers not sent yet.")
    follow(phone, phone.get_by_role("link", name="Go on where you stopped"))
    expect(phone).to_have_url(re.compile(r"/cards/\d+$"))
    line.mend()
    send_now(phone)
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: given})


def test_a_phone_that_dies_while_it_sends_sends_once(switch_on, line, add, module, database):
    learner, phone = add(), switch_on()
    sign_in_and_keep(phone, learner)
    given = finish_with_no_signal(phone, line, module)
    line.lose = [POST]
    line.mend()
    phone.evaluate("() => document.querySelector('[data-act=send]').click()")
    phone.wait_for_function("() => document.body.innerText.includes('That did not go')")
    phone.context.close()
    assert line.lost == [POST]
    phone = switch_on()
    phone.goto("/home")
    expect(phone.locator("[data-arrived]")).to_be_visible()
    expect(unsent(phone)).to_have_count(0)
    assert comes_to(lambda: attempts_of(database, learner), [(MODULE, given, True)])
    assert comes_to(lambda: deliveries_of(database, learner), [(MODULE, given)])
