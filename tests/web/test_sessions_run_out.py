"""A session that runs out, or a form that waited: what was typed is kept, and sent once somebody is signed in."""

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person
from tests.web.client import FETCH
from tests.web.conftest import ON_SQLITE
from tests.web.learning import as_typed, hidden, is_answered, open_card
from training.domain.module import QuestionKind

pytestmark = ON_SQLITE


def test_an_answer_sent_after_the_session_ran_out_is_kept_and_sent_after_signing_in(learner, module, time):
    page, question = open_card(learner, module, QuestionKind.MATCH)
    time.move(days=8)
    lost = learner.press(page, f"#question-{question.id} form", values=as_typed(question))
    assert lost.status == 401
    assert "You were signed out after a while." in lost.main
    assert "What you sent is kept on this page." in lost.main
    wrong = learner.expect(learner.press(lost, sign_in_name="worker@home.example", password="not this one"), 400)
    kept = learner.submit(wrong, sign_in_name="worker@home.example", password=PASSWORD)
    assert kept.heading == "You are signed in"
    assert not is_answered(learner, page, question)
    card = learner.submit(kept)
    assert card.heading == page.heading
    assert is_answered(learner, page, question)
    assert "Right pair" in card.main


def test_a_person_typed_in_after_the_session_ran_out_is_added_after_signing_in(manager, time):
    adding = manager.get("/team/people/new")
    time.move(days=8)
    lost = manager.press(adding, name="Ann Late", starts_on="2 Mar 2026", email="ann@home.example")
    assert lost.status == 401
    kept = manager.submit(lost, sign_in_name="manager@home.example", password=PASSWORD)
    assert manager.submit(kept).heading == "Ann Late"


def test_script_is_told_that_the_session_ran_out(learner, module, time):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    time.move(days=8)
    fields = {**hidden(page, f"#question-{question.id} form"), "answer": question.options[0].key}
    refused = learner.open("POST", page.address, data=fields, headers=FETCH)
    assert (refused.status, refused.heading) == (401, "You are signed out")


def test_somebody_else_who_signs_in_with_a_kept_answer_changes_nothing(
    learner, module, time, database, home, make_client
):
    other = make_person(database, home, now=NOW, name="Other", email="other@home.example")
    let_in(database, home, other, now=NOW)
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    time.move(days=8)
    lost = learner.press(page, f"#question-{question.id} form", answer=question.options[0].key)
    kept = learner.submit(lost, sign_in_name="other@home.example", password=PASSWORD)
    refused = learner.expect(learner.press(kept), 409)
    assert refused.heading == "This attempt is not open any more"
    back = make_client("worker@home.example")
    assert not is_answered(back, page, question)


@pytest.mark.usefixtures("home")
def test_what_is_kept_cannot_be_made_up(client):
    page = client.get("/sign-in")
    fields = {**hidden(page), "held": "made.up", "sign_in_name": "manager@home.example"}
    entered = client.open("POST", "/sign-in", data={**fields, "password": PASSWORD})
    assert (entered.status, entered.location) == (302, "/home")


def test_a_form_that_waited_while_somebody_signed_in_is_offered_again(learner, module):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    right = as_typed(question)
    stale = {**hidden(page, f"#question-{question.id} form"), **right, "csrf_token": "from before"}
    again = learner.expect(learner.open("POST", page.address, data=stale), 400)
    assert "Nothing was lost" in again.main
    learner.submit(again)
    assert is_answered(learner, page, question)


def test_signing_out_twice_leads_to_the_front_page(learner):
    home = learner.get("/home")
    learner.submit(home, "form[action='/sign-out']")
    front = learner.submit(home, "form[action='/sign-out']")
    assert front.address == "/"
