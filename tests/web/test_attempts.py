"""Attempts: sent once however often the button is pressed, and nobody else's to touch."""

import uuid

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.web.client import Client, Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from tests.web.learning import answer, begin, card_with, hidden, is_answered, open_card
from training.domain.module import Module, QuestionKind
from training.domain.roles import Role

MODULE = "/modules/every-kind"
SCENARIO = "/scenarios/the-story"


def finish(browser: Client, module: Module) -> tuple[Loaded, Loaded]:
    """Answer everything rightly and return the page that sends it, and the result."""
    begin(browser, MODULE)
    for number, card in enumerate(module.cards[Role.SOCIAL_CARE], start=1):
        for question in card.questions:
            answer(browser, browser.get(f"{MODULE}/cards/{number}"), question)
    ready = browser.get(f"{MODULE}/finish")
    return ready, browser.submit(ready)


def test_sending_twice_gives_the_same_receipt_and_a_page_left_open_changes_nothing(learner, module):
    ready, result = finish(learner, module)
    assert words(learner.submit(ready).one("#receipt")) == words(result.one("#receipt"))
    assert "1 try" in learner.get("/record").main
    number, question = card_with(module, QuestionKind.SINGLE)
    attempt = hidden(ready)["attempt_id"]
    late = learner.send(f"{MODULE}/cards/{number}", {"attempt_id": attempt, "question": question.id, "answer": "a"})
    assert (late.status, late.heading) == (409, "This attempt is not open any more")


def test_beginning_with_an_attempt_that_was_sent_shows_its_result(learner, module):
    ready, result = finish(learner, module)
    attempt = hidden(ready)["attempt_id"]
    again = learner.send(f"{MODULE}/start", {"attempt_id": attempt, "role": "social-care"})
    assert learner.follow(again).main == result.main


def test_beginning_twice_opens_one_attempt(learner):
    page = learner.get(MODULE)
    first = learner.submit(page)
    assert learner.submit(page).one("input[name=attempt_id]").attrs == first.one("input[name=attempt_id]").attrs
    other = learner.send(f"{MODULE}/start", {"attempt_id": str(uuid.uuid4()), "role": "social-care"})
    assert learner.follow(other).one("input[name=attempt_id]").attrs == first.one("input[name=attempt_id]").attrs


def test_nobody_answers_or_sends_or_sees_the_attempt_of_somebody_else(learner, module, database, home, make_client):
    page, question = open_card(learner, module, QuestionKind.SINGLE)
    fields = hidden(page, f"#question-{question.id} form")
    other = make_person(database, home, now=NOW, name="Other", email="other@home.example")
    let_in(database, home, other, now=NOW)
    stranger = make_client("other@home.example")
    begin(stranger, MODULE)
    theirs = {"attempt_id": fields["attempt_id"], "question": question.id, "answer": question.options[0].key}
    assert stranger.send(page.address, theirs).status == 409
    assert stranger.send(f"{MODULE}/finish", theirs).status == 409
    assert not is_answered(learner, page, question)
    begin(learner, SCENARIO)
    story = learner.get(f"{SCENARIO}/play")
    mine = hidden(story, "main form")
    choice = story.all("button[name=choice]")[0].attrs["value"]
    assert stranger.send(f"{SCENARIO}/play", mine | {"choice": choice, "csrf_token": stranger.token()}).status == 409
    assert learner.get(f"{SCENARIO}/play").heading == story.heading


@pytest.mark.parametrize("address", ["/modules/no-such", "/scenarios/no-such", "/scenarios/every-kind"])
def test_an_item_that_is_not_there_is_not_found(learner, address):
    assert learner.get(address, status=404).heading == "Page not found"


@pytest.mark.parametrize("role", ["", "no-such", "prescriber"])
def test_beginning_in_a_role_that_the_item_has_not_is_refused(learner, role):
    fields = {"attempt_id": str(uuid.uuid4()), "role": role}
    assert learner.send(f"{MODULE}/start", fields).status in {400, 404}
    assert "Begin" in learner.get(MODULE).main


@pytest.mark.parametrize("path", ["/tracks/no-such", "/tracks/", "/record/not-a-uuid", "/record/1", "/no-such-page"])
def test_an_address_that_leads_nowhere_says_so(learner, path):
    assert learner.get(path, status=404).heading == "Page not found"


@ON_SQLITE
@pytest.mark.parametrize("page", ["", "/go-on", "/cards/1", "/finish"])
@pytest.mark.parametrize("item", ["/modules/no-such", "/modules/%0a", "/modules/%ff", "/modules/%e2%80%ae"])
def test_strange_names_of_items_lead_to_a_page_that_says_so(learner, item, page):
    last = learner.follow(learner.open("GET", item + page), status=404)
    assert last.heading == "Page not found"


@pytest.mark.parametrize(
    "path",
    [
        "/pictures/modules/..%2f..%2fpyproject.toml",
        "/pictures/modules/%2e%2e%2f%2e%2e%2fwsgi.py.svg",
        "/pictures/modules/every-kind.md",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
    ],
)
def test_no_address_reaches_a_file_that_is_not_meant_to_be_seen(client, path):
    lost = client.follow(client.open("GET", path), status=404)
    assert lost.heading == "Page not found"
