"""The carer track without an account: marked at once, kept nowhere but on the device, taken over when one is made."""

import json
import uuid

import pytest
from sqlalchemy import func, select

from tests.conftest import NOW
from tests.services.stored import everything
from tests.web.client import FETCH
from training.answering import module_answers, right_answer
from training.db import EVERYWHERE
from training.domain.roles import Role
from training.domain.scoring import walk
from training.models import Account, Attempt, Person
from training.services import learning
from training.web.kept import read_kept

CARDS = "/carers/modules/every-kind/cards"
PASSWORD = "three green apples"


def kept(item, answers, **changes):
    """Return one attempt as a device keeps it."""
    entry = {
        "id": str(uuid.uuid4()),
        "item": item.slug,
        "hash": item.content_hash,
        "answers": answers,
        "startedAt": "2026-03-01T20:15:00.000Z",
    }
    return {**entry, **changes}


def open_account(client, progress, sign_in_name="rosa.kelly", status=200, **fields):
    filled = {"name": "Rosa Kelly", "sign_in_name": sign_in_name, "password": PASSWORD, **fields}
    page = client.get("/carers/account")
    return client.submit(page, status=status, **filled, progress=json.dumps(progress))


def attempts(database):
    with database.read(EVERYWHERE) as session:
        return session.scalars(select(Attempt)).all()


def test_the_whole_track_can_be_walked_by_a_stranger_and_leaves_no_trace(client, database, module):
    before = everything(database)
    track = client.get("/carers")
    item = client.get(track.link("For everyone"))
    card = client.get(item.link("Begin"))
    assert card.status == 200
    for number, _ in enumerate(module.cards[Role.FAMILY_CARER], start=1):
        client.get(f"{CARDS}/{number}")
    story = client.get(client.get("/carers/scenarios/the-story").link("Begin"))
    while story.all("ul.app-choices a"):
        story = client.get(story.all("ul.app-choices a")[0].attrs["href"])
    assert "The story ends here." in story.main
    assert everything(database) == before
    assert client.browser.get_cookie("training") is None


def test_an_answer_is_marked_at_once_and_kept_nowhere(client, database, module):
    before = everything(database)
    question = next(iter(module.questions(Role.FAMILY_CARER)))
    page = client.get(f"{CARDS}/1")
    wrong = next(option for option in question.options if not option.right)
    answered = client.submit(page, answer=wrong.key)
    assert "Not quite" in answered.main
    fragment = client.open(
        "POST", f"{CARDS}/1", data={"question": question.id, "answer": right_answer(question)}, headers=FETCH
    )
    assert "Right" in fragment.text
    assert "<h1" not in fragment.text
    assert everything(database) == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"question": "nonsense", "answer": "a"}, 400),
        ({"question": "one", "answer": "zz", "before": "["}, 400),
        ({"question": "one", "before": "[[[[["}, 400),
    ],
)
def test_an_answer_that_makes_no_sense_is_explained(client, fields, status, module):
    if fields.get("question") == "one":
        fields = {**fields, "question": next(iter(module.questions(Role.FAMILY_CARER))).id}
    assert client.open("POST", f"{CARDS}/1", data=fields).status == status


def test_what_is_for_other_roles_is_not_open(client):
    assert client.get("/carers/modules/nothing-such", status=404).status == 404
    assert client.get("/carers/scenarios/every-kind", status=404).status == 404
    assert client.get(f"{CARDS}/99", status=404).status == 404


def test_a_way_that_the_story_does_not_offer_is_explained(client):
    page = client.get("/carers/scenarios/the-story/play?way=nowhere:1", status=400)
    assert "Begin the story again" in page.main


def test_the_result_is_marked_by_the_server_from_what_the_device_kept(client, module):
    answers = module_answers(module, Role.FAMILY_CARER, right=True)
    passed = client.open("POST", "/carers/modules/every-kind/finish", data={"answers": json.dumps(answers)})
    assert passed.heading.startswith("You passed")
    first = next(iter(answers))
    unfinished = {name: given for name, given in answers.items() if name != first}
    page = client.open("POST", "/carers/modules/every-kind/finish", data={"answers": json.dumps(unfinished)})
    assert (page.status, page.heading) == (400, "Not finished yet")
    strange = client.open("POST", "/carers/modules/every-kind/finish", data={"answers": '{"other": ["a"]}'})
    assert (strange.status, "Begin it again" in strange.main) == (400, True)


def test_an_account_takes_over_what_the_device_kept_and_marks_it_anew(client, database, module, catalog):
    story = catalog.scenarios["the-story"]
    way = [walk(story, []).offered[0].key]
    progress = [
        kept(module, module_answers(module, Role.FAMILY_CARER, right=True)),
        kept(story, {"choices": way, "score": [100]}),
        {"id": "torn"},
    ]
    added = open_account(client, progress)
    assert "one thing that this device had kept" in added.main
    assert "could not be added" in added.main
    (attempt,) = attempts(database)
    assert (attempt.id, attempt.passed, attempt.role) == (uuid.UUID(progress[0]["id"]), True, Role.FAMILY_CARER)
    assert "Every kind of question" in client.get("/record").main


def test_taking_over_twice_is_taking_over_once(client, database, module):
    progress = [kept(module, module_answers(module, Role.FAMILY_CARER, right=True))]
    open_account(client, progress)
    again = client.submit(client.get("/carers/account"), progress=json.dumps(progress))
    assert "one thing that this device had kept" in again.main
    assert len(attempts(database)) == 1


def test_another_person_on_the_device_cannot_take_the_same_attempt(client, make_client, database, module):
    progress = [kept(module, module_answers(module, Role.FAMILY_CARER, right=True))]
    open_account(client, progress)
    other = open_account(make_client(), progress, sign_in_name="jo.kelly")
    assert "had nothing finished to add" in other.main
    assert "could not be added" in other.main
    assert len(attempts(database)) == 1


def test_a_care_worker_cannot_pass_their_own_module_by_the_carers_words(learner, database, module):
    page = learner.submit(
        learner.get("/carers/account"),
        progress=json.dumps([kept(module, module_answers(module, Role.FAMILY_CARER, right=True))]),
    )
    assert "could not be added" in page.main
    assert attempts(database) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter your name."),
        ({"sign_in_name": "rosa@kelly.example"}, "Not an e-mail address"),
        ({"sign_in_name": "r"}, "Choose 3 to 40"),
        ({"password": "short"}, "at least 10 characters"),
        ({"name": "\u202e\u200f"}, "Enter a name"),
    ],
)
def test_an_account_that_cannot_be_made_says_why_and_loses_nothing(client, database, fields, words):
    page = open_account(client, [{"id": "kept"}], status=400, **fields)
    assert words in page.main
    assert page.one("input[name=progress]").attrs["value"] == '[{"id": "kept"}]'
    with database.read(EVERYWHERE) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_name_that_is_taken_is_refused(client, make_client):
    open_account(client, [])
    assert "Choose another" in open_account(make_client(), [], status=400).main


def test_accounts_cannot_be_made_without_end(make_client, database):
    for number in range(20):
        open_account(make_client(), [], sign_in_name=f"rosa{number}")
    assert "Wait" in open_account(make_client(), [], sign_in_name="rosa99", status=429).main
    with database.read(EVERYWHERE) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 20


def test_a_carer_at_home_is_led_along_the_track(client):
    open_account(client, [])
    assert "Next for you" in client.get("/home").main
    assert "Nothing to do" not in client.get("/home").main


@pytest.mark.parametrize(
    "text", ["", "null", "7", '"x"', "[", "[[]]", "{}", '[{"id": 5}]', "[" * 100_000, '[null, 1, "a"]']
)
def test_a_text_that_no_device_of_ours_wrote_is_nothing(text):
    assert read_kept(text, now=NOW) == []


@pytest.mark.parametrize("strange", ["", "\ud800", "\x00", "A" * 64, "a" * 63, 5, None])
def test_an_attempt_at_no_content_is_left_out(module, strange):
    assert read_kept(json.dumps([kept(module, {}, hash=strange)]), now=NOW) == []


def test_a_story_that_goes_round_and_round_is_refused(client, database, catalog):
    story = catalog.scenarios["the-story"]
    added = open_account(client, [kept(story, {"choices": ["monday:1"] * 5_000})])
    assert "could not be added" in added.main
    assert attempts(database) == []


def test_a_device_whose_clock_is_ahead_began_no_later_than_now(module):
    (sent,) = read_kept(json.dumps([kept(module, {}, startedAt="2031-01-01T00:00:00Z")]), now=NOW)
    assert sent.started_at == NOW


def test_a_role_not_ones_own_is_refused_when_sent_without_a_beginning(database, worker, module):
    sent = read_kept(json.dumps([kept(module, module_answers(module, Role.FAMILY_CARER, right=True))]), now=NOW)
    with pytest.raises(learning.NotFound, match="your own role"):
        learning.submit_attempt(database, viewer=worker, sent=sent[0], now=NOW)
