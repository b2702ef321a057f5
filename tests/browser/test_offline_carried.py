"""What a phone could not send is carried to a manager by hand, and what is kept outlives an update of the service."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phones import (
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
    open_kept,
    sign_in_and_keep,
    unsent,
)
from tests.browser.walking import demonstrator, follow, sign_in
from training.answering import right_answer

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"
NAMES = "caches.keys().then((names) => names.filter((name) => name.startsWith('app-')))"


@pytest.fixture
def phone(visit, line):
    """A phone on a line that can be cut."""
    return visit(base_url=line.address)


def upload(page: Page, path) -> None:
    """Find the way to where files are taken in, as a manager does, and hand one in."""
    page.goto("/team")
    follow(page, page.get_by_role("link", name="Take in a learner’s file"))
    page.get_by_label("File").set_input_files(path)
    follow(page, page.get_by_role("button", name="Take it in"))


def test_a_file_that_the_phone_saved_counts_once_however_often_it_comes(
    phone, visit, line, add, catalog, database, tmp_path
):
    learner, module = add(name="Carrie Byhand"), catalog.item(MODULE)
    sign_in_and_keep(phone, learner)
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    given = answer_all(phone, module)
    hand_in(phone)
    with phone.expect_download() as saving:
        phone.get_by_role("button", name="Save to a file").first.click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.suffix == ".json"
    manager = visit()
    sign_in(manager, demonstrator("manager"))
    upload(manager, saved)
    expect(manager.get_by_text("Carrie Byhand")).to_be_visible()
    expect(manager.get_by_text("On the record.")).to_be_visible()
    assert attempts_of(database, learner) == [(MODULE, given, True)]
    upload(manager, saved)
    line.mend()
    phone.goto("/home")
    expect(unsent(phone)).to_have_count(0)
    assert comes_to(lambda: attempts_of(database, learner), [(MODULE, given, True)])
    assert deliveries_of(database, learner) == [(MODULE, given)]


def test_answers_of_the_version_before_are_sent_by_the_next(phone, line, add, catalog, database):
    learner = add()
    sign_in_and_keep(phone, learner)
    (before,) = phone.evaluate(NAMES)
    line.cut()
    begin_kept(phone, f"/modules/{MODULE}")
    number, question = asked(catalog.item(MODULE))[0]
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    give(phone, question, right_answer(question))
    line.is_newer = True
    line.refuse = [b"POST /offline/attempts"]
    line.mend()
    # The first page finds the newer worker, the next one lets it take over.
    for _ in range(2):
        phone.goto("/resources")
        expect(unsent(phone)).to_have_text("1 answer not sent yet.")
    phone.wait_for_function(f"{NAMES}.then((names) => names.length === 1 && names[0] !== '{before}')")
    line.cut()
    open_kept(phone, f"/modules/{MODULE}/cards/{number}")
    assert "/offline" in cached_by(phone)
    line.refuse = []
    line.mend()
    phone.goto("/home")
    expect(unsent(phone)).to_have_count(0)
    assert comes_to(lambda: drafts_of(database, learner), {MODULE: {question.id: right_answer(question)}})
