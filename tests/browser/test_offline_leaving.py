"""Signing out with work that is not sent: it is said in numbers, can be sent or saved, and nothing personal stays."""

import base64
import hashlib
import hmac
import json

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, select

from tests.browser.phones import (
    asked,
    begin_kept,
    cached_by,
    comes_to,
    drafts_of,
    give,
    kept_by,
    open_kept,
    press_send,
    sign_in_and_keep,
    unsent,
)
from tests.browser.walking import follow, sign_in
from training.answering import right_answer
from training.models import SignInSession

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
# Keeps everybody else from the phone's database, and for a second after it is asked to let go.
HOLD = """() => new Promise((held) => {
  indexedDB.open("training").onsuccess = ({ target: { result: base } }) => {
    const names = ["me", "items", "attempts", "settings"];
    const store = base.transaction(names, "readwrite").objectStore("settings");
    window.letGo = () => { window.letGoAt ??= Date.now() + 1000; };
    const again = () => {
      held();
      if (!(Date.now() > window.letGoAt)) store.get("person").onsuccess = again;
      else base.close();
    };
    again();
  };
})"""


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


@pytest.fixture
def learner(phone, line, add, catalog):
    """Somebody who is on an online page with one answer that does not go: the server takes none of it."""
    learner = add(name="Leopolda Leaver")
    sign_in_and_keep(phone, learner)
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    number, question = asked(catalog.item(MODULE))[0]
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    give(phone, question, right_answer(question))
    line.refuse = [b"POST /offline/attempts"]
    line.mend()
    phone.goto("/resources")
    expect(unsent(phone)).to_have_text("1 answer not sent yet.")
    return learner


@pytest.fixture
def given(catalog):
    """The answer that was given."""
    question = asked(catalog.item(MODULE))[0][1]
    return {question.id: right_answer(question)}


def is_signed_in(database, learner):
    """Tell whether the server still knows a session of somebody's."""
    open_sessions = select(SignInSession).where(
        SignInSession.person_id == learner.person_id, SignInSession.ended_at.is_(None)
    )
    with database.read("everywhere") as session:
        return bool(session.scalar(open_sessions))


def leave(phone):
    """Press the button that signs out, and return the warning."""
    phone.get_by_role("button", name="Sign out", exact=True).click()
    warning = phone.get_by_role("dialog")
    expect(warning.get_by_role("heading")).to_have_text("1 answer not sent yet. Sign out?")
    expect(warning.get_by_role("heading")).to_be_focused()
    return warning


@pytest.mark.usefixtures("learner")
def test_whoever_stays_is_still_signed_in(phone):
    leave(phone).get_by_role("button", name="Stay signed in").click()
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(phone.get_by_text("Leopolda Leaver")).to_be_visible()
    assert [me["name"] for me in kept_by(phone)["me"]] == ["Leopolda Leaver"]


def test_sending_first_signs_out_with_nothing_left(phone, line, learner, given, database):
    warning = leave(phone)
    press_send(warning)
    expect(warning.get_by_text("That did not go")).to_be_visible()
    line.refuse.clear()
    with phone.expect_navigation():
        press_send(warning)
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: given})
    assert {name: rows for name, rows in kept_by(phone).items() if name != "settings"} == {
        "me": [],
        "items": [],
        "attempts": [],
    }


def test_signing_out_anyway_leaves_the_answers_and_nothing_personal(phone, line, learner, given, database):
    with phone.expect_navigation():
        leave(phone).get_by_role("button", name="Sign out anyway").click()
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    kept = kept_by(phone)
    assert (kept["me"], kept["items"], len(kept["attempts"])) == ([], [], 1)
    assert "Leopolda" not in json.dumps(kept)
    assert "pictures" not in str(phone.evaluate("caches.keys()"))
    assert not [path for path, text in cached_by(phone).items() if "Leopolda" in text]
    line.cut()
    phone.goto("/home")
    expect(phone.get_by_text("There is no training on this phone yet.")).to_be_visible()
    line.refuse.clear()
    line.mend()
    sign_in(phone, learner)
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: given})
    expect(unsent(phone)).to_have_count(0)


def test_training_that_arrives_while_somebody_signs_out_is_not_kept(phone, line, add, database):
    learner = add(name="Leopolda Leaver")
    sign_in_and_keep(phone, learner)
    line.passed.clear()
    line.delay = [b"GET /offline/me"]
    phone.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'keep', force: true })")
    assert comes_to(lambda: b"GET /offline/me" in line.passed, True)
    other = phone.context.new_page()
    other.goto("/record")
    phone.evaluate(HOLD)
    other.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
    assert comes_to(lambda: is_signed_in(database, learner), False)
    line.arrive.set()
    phone.evaluate("letGo()")
    expect(other.get_by_text("You are signed out.")).to_be_visible()
    assert kept_by(other)["me"] == []
    assert "Leopolda" not in json.dumps(kept_by(other))


@pytest.mark.usefixtures("learner")
def test_the_file_that_is_saved_holds_the_answers_and_a_right_signature(phone, given):
    key = kept_by(phone)["me"][0]["carry"]["key"]
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Save to a file").click()
    expect(phone.locator("[data-note]")).to_contain_text("Give it to your manager")
    expect(unsent(phone)).to_have_text("1 answer not sent yet.")
    assert saved.value.suggested_filename.startswith("Training answers not sent, ")
    file = json.loads(saved.value.path().read_text())
    assert file["format"] == "stomp-training-unsent-1"
    [attempt] = file["attempts"]
    assert {name: one["keys"] for name, one in attempt["answers"].items()} == given
    plain = {name: value for name, value in file.items() if name != "signature"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    right = hmac.new(base64.urlsafe_b64decode(key + "=="), text.encode(), hashlib.sha256).digest()
    assert file["signature"] == base64.urlsafe_b64encode(right).decode().rstrip("=")


def test_a_form_that_is_signed_out_already_forgets_as_well(phone, learner, database):
    with database.write("everywhere") as session:
        session.execute(delete(SignInSession).where(SignInSession.account_id.is_not(None)))
    with phone.expect_navigation():
        leave(phone).get_by_role("button", name="Sign out anyway").click()
    assert kept_by(phone)["me"] == []
    assert drafts_of(database, learner) == {}


def test_with_no_signal_the_training_can_be_taken_off_the_phone(phone, line, learner):
    line.cut()
    phone.get_by_role("button", name="Sign out", exact=True).click()
    follow(phone, phone.get_by_role("dialog").get_by_role("button", name="Sign out anyway"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Signing out needs a signal")
    phone.get_by_role("button", name="Remove my training from this phone").click()
    expect(phone.get_by_text("Your training is no longer on this phone.")).to_be_visible()
    kept = kept_by(phone)
    assert (kept["me"], kept["items"], len(kept["attempts"])) == ([], [], 1)
    line.mend()
    phone.goto("/home")
    expect(phone.get_by_role("checkbox", name="Keep my training on this phone")).not_to_be_checked()
    assert learner.person_id


def test_who_takes_the_training_off_the_phone_does_not_choose_for_the_next(phone, add):
    sign_in_and_keep(phone, add())
    phone.get_by_role("checkbox", name="Keep my training on this phone").uncheck()
    expect(phone.get_by_text("Your training needs a signal.")).to_be_visible()
    phone.context.clear_cookies()
    sign_in_and_keep(phone, add())


def test_the_switch_takes_the_training_off_and_puts_it_back(phone, line, add):
    sign_in_and_keep(phone, add())
    switch = phone.get_by_role("checkbox", name="Keep my training on this phone")
    switch.uncheck()
    expect(phone.get_by_text("Your training needs a signal.")).to_be_visible()
    assert (kept_by(phone)["me"], kept_by(phone)["items"]) == ([], [])
    line.cut()
    phone.goto(f"/modules/{MODULE}")
    expect(
        phone.get_by_text("There is no training on this phone yet.").or_(phone.get_by_text("This is not on this phone"))
    ).to_be_visible()
    line.mend()
    phone.goto("/home")
    switch.check()
    expect(phone.get_by_text("Your training is on this phone")).to_be_visible()
