"""Refreshers as a learner meets them: offered, explained, taken card by card, and told apart in the record."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import make_sent
from tests.services.stored import rows
from tests.services.test_refreshers import NEW_WORDS, changed_catalog, decide
from tests.web.client import Client, Loaded
from tests.web.inspector import words
from tests.web.learning import answer, begin, hidden, take_module
from training.domain.module import Module
from training.domain.requirement import Reach
from training.domain.roles import Role
from training.models import Attempt
from training.services import learning, versions

MODULE = "/modules/every-kind"
# From the day after the pass to the day before the window opens, 90 days before it runs out.
TO_WINDOW = {"days": 274}


@pytest.fixture
def renewing(learner, worker, database, catalog, time) -> Client:
    """The worker's browser on the day the window opens, after a pass with one question wrong."""
    sent = make_sent(catalog, "every-kind", role=Role.SOCIAL_CARE, now=NOW)
    wrong = {**sent.answers, "true-false": ["a"]}
    assert learning.submit_attempt(database, viewer=worker, sent=replace(sent, answers=wrong), now=NOW).passed
    time.move(**TO_WINDOW)
    learner.sign_in("worker@home.example")
    return learner


def buttons(page: Loaded) -> list[str]:
    return [words(button) for button in page.all("main form button")]


def refresh(browser: Client, module: Module, *, right: bool = True) -> Loaded:
    """Take a refresher from the item page to its result."""
    why = browser.submit(browser.get(MODULE), 0)
    page = browser.get(why.link("Start the refresher"))
    for number, question in enumerate(list(module.questions(Role.SOCIAL_CARE))[:2], start=1):
        page = answer(browser, page, question, right=right)
        page = browser.get(page.link("Finish" if number == 2 else "Next card"))
    return browser.submit(page)


def test_home_and_the_item_page_offer_a_refresher_or_the_whole_module(renewing):
    assert re.search(r"Refresher, about \d minutes?", renewing.get("/home").main)
    page = renewing.get(MODULE)
    assert re.search(r"Refresher, about \d minutes?", page.main)
    assert "The window to renew opened on 1 Dec 2026." in page.main
    assert buttons(page) == ["Begin the refresher", "Take the whole module instead"]


def test_before_the_window_only_the_whole_module_is_offered(renewing, time):
    time.move(days=-1)
    page = renewing.get(MODULE)
    assert buttons(page) == ["Begin"]
    assert "Refresher, about" not in renewing.get("/home").main + page.main


def test_it_says_why_it_asks_what_it_asks_and_shows_those_cards_alone(renewing):
    why = renewing.submit(renewing.get(MODULE), 0)
    assert why.heading == "Why these questions"
    assert [words(one) for one in why.all("main .app-list__item p.app-list__text:last-child")] == [
        "This is a safety question.",
        "You had this wrong on 2 Mar 2026.",
    ]
    first = renewing.get(why.link("Start the refresher"))
    assert (first.heading, "Card 1 of 2" in first.main) == ("One answer", True)
    second = renewing.get(first.link("Next card"))
    assert (second.heading, "Card 2 of 2" in second.main) == ("True or false", True)
    assert renewing.get(f"{MODULE}/cards/3", status=404).heading == "Page not found"


def test_passing_renews_and_the_result_and_the_record_say_how(renewing, module, manager, worker):
    result = refresh(renewing, module)
    assert result.heading == "You passed: Every kind of question"
    assert "In date until 1 Mar 2028" in result.main
    assert "This was a refresher of 2 questions. It renews as the whole module does." in result.main
    record = renewing.get("/record").main
    assert "2 tries, 1 of them at a refresher" in record
    assert "Passed by a refresher." in record
    assert "2 tries, 1 of them at a refresher" in manager.get(f"/team/people/{worker.person_id}").main


def test_two_failures_leave_the_whole_module_alone_and_the_page_says_why(renewing, module):
    for _ in range(2):
        result = refresh(renewing, module, right=False)
        assert "no date has moved" in result.main
        assert "After two tries that do not pass in one renewal, the whole module is needed." in result.main
    page = renewing.get(MODULE)
    assert buttons(page) == ["Begin"]
    assert "2 tries since 1 Dec 2026 did not pass" in page.main
    fields = {"attempt_id": hidden(page)["attempt_id"], "role": "social-care", "kind": "refresher"}
    refused = renewing.send(f"{MODULE}/start", fields)
    assert (refused.status, refused.heading) == (409, "There is no refresher to begin here")


def test_the_whole_module_may_be_taken_instead_from_the_start(renewing, module, database):
    page = renewing.submit(renewing.get(MODULE), 1)
    assert "Card 1 of 5" in page.main
    for number, card in enumerate(module.cards[Role.SOCIAL_CARE], start=1):
        for question in card.questions:
            answer(renewing, renewing.get(f"{MODULE}/cards/{number}"), question)
    result = renewing.submit(renewing.get(f"{MODULE}/finish"))
    assert "In date until 1 Mar 2028" in result.main
    assert "refresher" not in result.main
    assert [row.question_ids for row in rows(database, Attempt)] == [None, None]


@pytest.mark.parametrize("where", ["item", "why"])
def test_the_whole_module_may_be_taken_instead_of_a_refresher_that_was_begun(renewing, module, where):
    why = renewing.submit(renewing.get(MODULE), 0)
    page = renewing.get(why.link("Start the refresher"))
    question = next(iter(module.questions(Role.SOCIAL_CARE)))
    answer(renewing, page, question)
    begun = renewing.get(MODULE)
    assert "You have begun the refresher." in begun.main
    assert "Refresher; you have begun it" in renewing.get("/home").main
    page = renewing.submit(begun if where == "item" else renewing.get(f"{MODULE}/why"))
    assert (page.heading, "Card 2 of 5" in page.main) == ("True or false", True)
    assert renewing.get(f"{MODULE}/cards/1").all(f"#question-{question.id} input[disabled]")
    assert renewing.visit(f"{MODULE}/why").heading == "Every kind of question"


def test_going_on_with_nothing_answered_explains_again_and_then_goes_to_the_open_card(renewing, module):
    why = renewing.submit(renewing.get(MODULE), 0)
    assert renewing.visit(f"{MODULE}/go-on").heading == "Why these questions"
    page = renewing.get(why.link("Start the refresher"))
    answer(renewing, page, next(iter(module.questions(Role.SOCIAL_CARE))))
    assert renewing.visit(f"{MODULE}/go-on").heading == "True or false"
    unfinished = renewing.get(f"{MODULE}/finish")
    assert "Card 2: True or false" in unfinished.main


def test_a_question_that_it_does_not_ask_is_refused(renewing):
    renewing.submit(renewing.get(MODULE), 0)
    page = renewing.get(f"{MODULE}/cards/1")
    fields = {**hidden(page, "main form"), "question": "several", "answer": "a"}
    assert renewing.send(page.address, fields).status == 400


def test_a_card_that_changed_since_the_pass_says_so(learner, worker, home, database, catalog, time, tmp_path):
    older = changed_catalog(tmp_path, NEW_WORDS, version="0.9")
    versions.keep_versions(database, catalog=older, now=NOW - timedelta(days=1))
    sent = make_sent(older, "every-kind", role=Role.SOCIAL_CARE, now=NOW)
    assert learning.submit_attempt(database, viewer=worker, sent=sent, now=NOW).passed
    decide(database, home, catalog, Reach.AT_NEXT_RENEWAL, NOW + timedelta(days=1))
    time.move(**TO_WINDOW)
    learner.sign_in("worker@home.example")
    why = learner.submit(learner.get(MODULE), 0)
    assert "Its card has changed since you passed." in why.main
    assert "and what has changed since you passed" in why.main
    shown = [learner.get(f"{MODULE}/cards/{number}") for number in (1, 2)]
    assert [page.heading for page in shown] == ["One answer", "Several answers"]
    assert ["Changed since you passed" in page.main for page in shown] == [False, True]


def test_an_item_passed_for_the_first_time_is_taken_whole(learner, module):
    result = take_module(learner, module, role=Role.SOCIAL_CARE)
    assert "refresher" not in result.main


def test_there_is_nothing_to_explain_where_no_refresher_was_begun(learner):
    assert learner.visit(f"{MODULE}/why").heading == "Every kind of question"
    begin(learner, MODULE)
    assert learner.visit(f"{MODULE}/why").heading == "Every kind of question"
