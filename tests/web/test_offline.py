"""What a device is given to learn with no network, and what it may send back."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import begin, learn, let_in, make_person, make_sent
from tests.services.stored import done_by, rows
from tests.web.client import FETCH
from training.domain.roles import Role
from training.models import Attempt

MODULE = "every-kind"
STORY = "the-story"


def me(client):
    loaded = client.get("/offline/me", headers=FETCH)
    assert loaded.status == 200
    return json.loads(loaded.text)


def item_of(kept, slug):
    return next(one for one in kept["items"] if one["slug"] == slug)


def attempt(catalog, kept, slug=MODULE, *, right=True, finished=True, attempt_id=None):
    sent = make_sent(catalog, slug, role=Role.SOCIAL_CARE, now=NOW, right=right)
    at = (NOW + timedelta(minutes=5)).isoformat()
    given = (
        {"choices": [{"choice": key, "at": at} for key in sent.answers["choices"]]}
        if slug == STORY
        else {"answers": {name: {"keys": keys, "at": at} for name, keys in sent.answers.items()}}
    )
    return {
        "attempt_id": attempt_id or str(uuid.uuid4()),
        "ticket": item_of(kept, slug)["ticket"],
        "started_at": NOW.isoformat(),
        "finished_at": at if finished else None,
        **given,
    }


def post(client, kept, *attempts, person=None, headers=FETCH):
    body = {"person": person or kept["person"], "device_now": NOW.isoformat(), "attempts": list(attempts)}
    return client.browser.post("/offline/attempts", json=body, headers=headers)


def test_a_device_keeps_what_is_required_and_the_track_first_what_is_to_do(learner, worker, catalog):
    kept = me(learner)
    assert kept["name"] == "Marta Kowalska"
    assert str(worker.person_id) not in json.dumps(kept)
    assert {one["slug"] for one in kept["items"]} >= set(catalog.tracks[Role.SOCIAL_CARE].items)
    first = item_of(kept, MODULE)
    assert (first["kind"], first["role"], first["status_words"]) == ("module", "social-care", "Not yet due")
    assert first["reason"]
    assert [track["role"] for track in kept["tracks"]] == ["social-care"]


def test_an_item_comes_whole_and_may_be_kept_for_good(learner, catalog):
    one = item_of(me(learner), MODULE)
    loaded = learner.browser.get(one["address"], headers=FETCH)
    assert loaded.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert len(loaded.data) == one["bytes"]
    found = loaded.get_json()
    module = catalog.item(MODULE)
    assert [card["slug"] for card in found["cards"]] == [card.slug for card in module.cards[Role.SOCIAL_CARE]]
    asked = {question.id: question for question in module.questions(Role.SOCIAL_CARE)}
    assert found["questions"].keys() == asked.keys()
    for name, question in found["questions"].items():
        assert [one["key"] for one in question["options"]] == [one.key for one in asked[name].options]
        assert [one["right"] for one in question["options"]] == [one.right for one in asked[name].options]
    html = "".join(card["html"] for card in found["cards"])
    assert html.count("<form") == len(asked)
    assert "csrf_token" not in html
    assert "checked" not in html


def test_a_story_comes_with_every_scene_and_choice(learner, catalog):
    found = learner.browser.get(item_of(me(learner), STORY)["address"], headers=FETCH).get_json()
    story = catalog.item(STORY)
    assert found["start"] == story.start
    assert found["scenes"].keys() == story.scenes.keys()
    for slug, scene in found["scenes"].items():
        assert [choice["key"] for choice in scene["choices"]] == [one.key for one in story.scenes[slug].choices]


def test_half_done_work_comes_along_with_its_answers(learner, worker, database, catalog):
    attempt_id = begin(database, worker, catalog=catalog, slug=MODULE, now=NOW)
    draft = item_of(me(learner), MODULE)["draft"]
    assert (draft["attempt_id"], draft["answers"], draft["question_ids"]) == (str(attempt_id), {}, None)


def test_a_refresher_comes_with_its_questions_and_why_each(make_client, worker, database, catalog, time):
    learn(database, worker, catalog=catalog, slug=MODULE, now=NOW)
    time.move(days=340)
    offered = item_of(me(make_client("worker@home.example")), MODULE)["refresher"]
    assert offered["question_ids"]
    assert len(offered["why"]) == len(offered["question_ids"])
    assert set(offered["cards"]) <= {card.slug for card in catalog.item(MODULE).cards[Role.SOCIAL_CARE]}


@pytest.mark.parametrize("slug", [MODULE, STORY])
def test_what_was_done_is_recorded_once_and_the_receipt_is_the_same(learner, worker, database, catalog, time, slug):
    kept = me(learner)
    done = attempt(catalog, kept, slug)
    time.move(hours=3)
    first = post(learner, kept, done)
    assert (first.status_code, post(learner, kept, done).get_json()) == (200, first.get_json())
    (receipt,) = first.get_json()["receipts"]
    assert (receipt["state"], receipt["passed"], receipt["time_replaced"]) == ("recorded", True, False)
    assert done_by(database, worker) == (1, 1, 0)
    assert rows(database, Attempt)[0].completed_at == NOW + timedelta(minutes=5)


def test_the_result_tells_both_times_and_which_sending_counts(learner, catalog, time):
    kept = me(learner)
    done = attempt(catalog, kept, right=False)
    better = attempt(catalog, kept, attempt_id=done["attempt_id"])
    time.move(hours=3)
    post(learner, kept, done)
    time.move(hours=1)
    post(learner, kept, better)
    said = learner.get(f"/record/{done['attempt_id']}").main
    assert "Not passed yet" in said
    assert (
        "Your device says that it was finished on 2 Mar 2026 at 10:05 GMT. It was received on 2 Mar 2026 at 13:00 GMT. "
        "The time of your device counts."
    ) in said
    assert "It was received on 2 Mar 2026 at 14:00 GMT. Other answers had been recorded before; those count." in said


def test_half_done_work_is_kept_and_named_answer_by_answer(learner, worker, database, catalog):
    kept = me(learner)
    half = attempt(catalog, kept, finished=False)
    (receipt,) = post(learner, kept, half).get_json()["receipts"]
    assert (receipt["state"], receipt["answers"]) == ("kept", sorted(half["answers"]))
    assert done_by(database, worker) == (0, 0, 1)


def test_somebody_elses_work_is_not_taken(learner, worker, database, home, catalog, make_client):
    other = make_person(database, home, now=NOW, name="Bo Lund", email="bo@home.example")
    let_in(database, home, other, now=NOW)
    kept = me(make_client("bo@home.example"))
    answered = post(learner, kept, attempt(catalog, kept))
    assert (answered.status_code, answered.get_json()) == (409, {"belongs": "another"})
    assert me(learner)["person"] != kept["person"]
    assert done_by(database, worker) == done_by(database, other) == (0, 0, 0)


def test_a_ticket_of_somebody_elses_is_refused_and_the_rest_is_taken(
    learner, worker, database, home, catalog, make_client
):
    other = make_person(database, home, now=NOW, name="Bo Lund", email="bo@home.example")
    let_in(database, home, other, now=NOW)
    theirs, mine = me(make_client("bo@home.example")), me(learner)
    forged = attempt(catalog, theirs)
    made_up = {**attempt(catalog, mine), "ticket": "made-up"}
    receipts = post(learner, mine, forged, made_up, attempt(catalog, mine)).get_json()["receipts"]
    assert [one["state"] for one in receipts] == ["recorded", "refused", "refused"]
    assert receipts[1]["words"] == "This work was begun by somebody else. It stays on the device."
    assert done_by(database, worker) == (1, 1, 0)


def test_a_session_that_is_over_is_told_where_to_sign_in(learner, worker, database, catalog, client):
    kept = me(learner)
    answered = post(client, kept, attempt(catalog, kept))
    assert (answered.status_code, answered.get_json()) == (401, {"sign_in": "/sign-in"})
    assert done_by(database, worker) == (0, 0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**FETCH, "Origin": "https://elsewhere.example"},
        {**FETCH, "Sec-Fetch-Site": "cross-site"},
        {**FETCH, "Sec-Fetch-Site": "same-site"},
        {**FETCH, "Origin": "null"},
    ],
)
def test_what_another_site_sends_is_refused(learner, worker, database, catalog, headers):
    kept = me(learner)
    assert post(learner, kept, attempt(catalog, kept), headers=headers).status_code == 400
    assert done_by(database, worker) == (0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"attempt_id": "no-uuid"},
        {"started_at": "yesterday"},
        {"started_at": "2026-03-02T09:00:00"},
        {"finished_at": 7},
        {"answers": ["a"]},
        {"answers": {"q": {"keys": 7}}},
        {"choices": [{"no": "choice"}]},
        {"ticket": None, "attempt_id": None},
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(learner, worker, database, catalog, change):
    kept = me(learner)
    assert post(learner, kept, {**attempt(catalog, kept), **change}).status_code == 400
    for body in ([], "x", {"person": kept["person"]}, {"person": kept["person"], "attempts": [7], "device_now": "x"}):
        assert learner.browser.post("/offline/attempts", json=body, headers=FETCH).status_code in {400, 409}
    assert done_by(database, worker) == (0, 0, 0)


def test_the_service_worker_knows_the_files_of_its_version(client):
    loaded = client.browser.get("/sw.js")
    first, _, rest = loaded.get_data(as_text=True).partition("\n")
    kept = json.loads(first.removeprefix("self.KEPT = ").removesuffix(";"))
    assert loaded.headers["Cache-Control"] == "no-cache"
    assert loaded.mimetype == "text/javascript"
    assert rest
    for address in (*kept["assets"], kept["shell"]):
        with client.browser.get(address) as answer:
            assert answer.status_code == 200
    again = client.browser.get("/sw.js", headers={"If-None-Match": loaded.headers["ETag"]})
    assert again.status_code == 304


def test_the_page_that_is_kept_knows_nobody(learner, client):
    assert learner.browser.get("/offline").data == client.browser.get("/offline").data


def test_the_key_to_sign_a_file_is_the_devices_own(learner):
    carry = me(learner)["carry"]
    assert len(base64.urlsafe_b64decode(carry["key"] + "=")) == hashlib.sha256().digest_size
    assert hmac.new(carry["key"].encode(), b"x", hashlib.sha256).hexdigest()
