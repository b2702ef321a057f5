"""Answers are saved one by one: through a closed tab, an impatient thumb, a lost network and an ended session."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from tests.browser.walking import begin, fill_in, fill_in_sign_in, follow, question_on, send, sign_in
from training.answering import right_answer, wrong_answer
from training.domain.roles import Role
from training.models import Draft, SignInSession

pytestmark = pytest.mark.browser

MODULE = "spotting-side-effects"


@pytest.fixture
def asked(catalog):
    """The questions of the module, each with the number of its card."""
    cards = enumerate(catalog.item(MODULE).cards[Role.SOCIAL_CARE], start=1)
    return [(number, question) for number, card in cards for question in card.questions]


@pytest.fixture
def saved(database):
    """Look up the answers that are kept for somebody's attempt in progress."""

    def answers(learner) -> dict:
        with database.read("everywhere") as session:
            return session.scalars(select(Draft.answers).where(Draft.person_id == learner.person_id)).one()

    return answers


def turn_to(page: Page, number: int) -> None:
    """Turn to a card of the module."""
    page.goto(f"/modules/{MODULE}/cards/{number}")


def test_a_learner_whose_tab_dies_goes_on_elsewhere_where_they_stopped(visit, add, asked):
    learner, page = add(), visit()
    sign_in(page, learner)
    begin(page, MODULE)
    for (number, question), answer_of in zip(asked[:2], [right_answer, wrong_answer], strict=True):
        turn_to(page, number)
        fill_in(page, question, answer_of(question))
        send(page, question)
        expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()
    page.context.close()

    page = visit()
    sign_in(page, learner)
    expect(page.locator(".app-next")).to_contain_text("Go on where you stopped")
    follow(page, page.locator(".app-next").get_by_role("link", name="Go on"))
    follow(page, page.get_by_role("link", name="Go on where you stopped"))
    expect(page).to_have_url(f"/modules/{MODULE}/cards/{asked[2][0]}")
    number, question = asked[1]
    turn_to(page, number)
    expect(question_on(page, question).locator("input:checked")).to_have_value(wrong_answer(question)[0])
    expect(question_on(page, question).get_by_text("Not quite")).to_be_visible()


def test_an_impatient_thumb_sends_an_answer_once(visit, add, asked, saved):
    learner, page = add(), visit()
    (number, question), held = asked[0], []
    sign_in(page, learner)
    begin(page, MODULE)
    turn_to(page, number)
    fill_in(page, question, right_answer(question))
    page.route("**/cards/*", lambda route: held.append(route))
    with page.expect_request("**/cards/*"):
        question_on(page, question).get_by_role("button", name="Check my answer").dblclick()
    expect(question_on(page, question).get_by_role("button")).to_have_attribute("aria-disabled", "true")
    assert len(held) == 1
    held[0].continue_()
    expect(question_on(page, question).get_by_text("Right", exact=True)).to_be_visible()
    assert len(held) == 1
    assert saved(learner) == {question.id: right_answer(question)}


def test_an_impatient_thumb_begins_and_finishes_once(visit, add, asked):
    learner, page = add(), visit()
    sign_in(page, learner)
    page.goto(f"/modules/{MODULE}")
    with page.expect_navigation():
        page.get_by_role("button", name="Begin").dblclick()
    expect(page).to_have_url(f"/modules/{MODULE}/cards/1")
    for number, question in asked:
        turn_to(page, number)
        fill_in(page, question, right_answer(question))
        send(page, question)
        expect(question_on(page, question).locator("[data-feedback]").first).to_be_focused()
    page.goto(f"/modules/{MODULE}/finish")
    with page.expect_navigation():
        page.get_by_role("button", name="Send my answers").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You passed")
    follow(page, page.get_by_role("link", name="My record"))
    expect(page.get_by_text("1 try")).to_have_count(1)


def test_an_answer_given_without_a_network_stays_and_can_be_sent_later(visit, add, asked, saved):
    # On a phone that keeps the training it goes on there instead.
    learner, page = add(), visit(service_workers="block")
    number, question = asked[0]
    sign_in(page, learner)
    begin(page, MODULE)
    turn_to(page, number)
    fill_in(page, question, right_answer(question))
    page.context.set_offline(True)
    send(page, question)
    box = question_on(page, question)
    expect(box.get_by_text("Not sent yet")).to_be_visible()
    expect(page.locator("[data-live]")).to_contain_text("Not sent yet")
    expect(box.locator("input:checked")).to_have_value(right_answer(question)[0])
    assert saved(learner) == {}
    page.context.set_offline(False)
    send(page, question)
    expect(box.get_by_text("Right", exact=True)).to_be_visible()
    expect(box.get_by_text("Not sent yet")).to_have_count(0)
    assert saved(learner) == {question.id: right_answer(question)}


@pytest.mark.parametrize("how", ["the cookie is gone", "the session is ended"])
def test_an_answer_given_after_the_session_ended_is_kept_through_the_sign_in(visit, add, asked, saved, database, how):
    # Nothing of the phone's own is on its way here, whose reply would bring the cookie back.
    learner, page = add(), visit(service_workers="block")
    number, question = asked[0]
    sign_in(page, learner)
    begin(page, MODULE)
    turn_to(page, number)
    fill_in(page, question, right_answer(question))
    if how == "the cookie is gone":
        page.context.clear_cookies()
    else:
        with database.write("everywhere") as session:
            session.execute(delete(SignInSession))
    send(page, question)
    expect(page.get_by_text("What you sent is kept on this page.")).to_be_visible()
    assert saved(learner) == {}
    fill_in_sign_in(page, learner)
    follow(page, page.get_by_role("button", name="Send it now"))
    expect(question_on(page, question).get_by_text("Right", exact=True)).to_be_visible()
    assert saved(learner) == {question.id: right_answer(question)}
