"""What a device saved as a file, brought by a manager: signed, checked, and counted once."""

import base64
import hashlib
import hmac
import json
import uuid
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person
from tests.services.stored import done_by, rows
from tests.web.test_offline import attempt, me, post
from training.models import AuditEntry, Delivery
from training.services import organisations, permissions

PAGE = "/team/hand-carried"


def saved(kept, *attempts):
    file = {
        "format": "stomp-training-unsent-1",
        "person": kept["person"],
        "carry_token": kept["carry"]["token"],
        "made_at": NOW.isoformat(),
        "attempts": list(attempts),
    }
    return {**file, "signature": signature(file, kept["carry"]["key"])}


def signature(file, key):
    text = json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = hmac.new(base64.urlsafe_b64decode(key + "="), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def bring(client, file, *, status=200):
    data = file if isinstance(file, bytes) else json.dumps(file, ensure_ascii=False).encode()
    client.visit(PAGE)
    sent = {"csrf_token": client.token(), "file": FileStorage(BytesIO(data), filename="unsent.json")}
    boundary, body = encode_multipart(sent)
    loaded = client.open("POST", PAGE, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert loaded.status == status
    return loaded


def entries(database):
    return [row.act for row in rows(database, AuditEntry) if row.act.startswith("work from")]


@pytest.fixture
def kept(learner):
    return me(learner)


def test_a_file_goes_on_the_record_as_if_the_phone_had_sent_it(manager, worker, database, catalog, home, kept, time):
    time.move(days=1)
    loaded = bring(manager, saved(kept, attempt(catalog, kept)))
    assert "Marta Kowalska" in loaded.main
    assert "On the record. Passed on 2 Mar 2026." in loaded.main
    assert done_by(database, worker) == (1, 1, 0)
    (row,) = rows(database, Delivery)
    assert row.carried_by == home.viewer.person_id
    assert entries(database) == ["work from a saved file taken in"]


def test_a_file_and_the_phone_count_once(manager, learner, worker, database, catalog, kept, time):
    done = attempt(catalog, kept)
    time.move(days=1)
    bring(manager, saved(kept, done))
    (receipt,) = post(learner, kept, done).get_json()["receipts"]
    again = bring(manager, saved(kept, done))
    assert "It was on the record already. Passed on 2 Mar 2026." in again.main
    assert receipt["state"] == "recorded"
    assert done_by(database, worker) == (1, 1, 0)


def test_what_is_half_done_is_told_in_words_for_whoever_brings_it(manager, catalog, kept):
    half = attempt(catalog, kept, finished=False)
    loaded = bring(manager, saved(kept, half))
    assert "Half-done. What is answered is kept, to go on with at any time." in loaded.main
    lacking = {**half, "answers": dict(list(half["answers"].items())[1:]), "attempt_id": str(uuid.uuid4())}
    loaded = bring(manager, saved(kept, {**lacking, "finished_at": NOW.isoformat()}))
    assert "Half-done." in loaded.main
    assert "not answered yet." in loaded.main


def test_a_name_in_another_script_survives_the_signature(manager, catalog, kept):
    file = saved(kept, {**attempt(catalog, kept), "note": "Łódź – ধন্যবাদ 🙂"})
    assert "On the record." in bring(manager, file).main


@pytest.mark.parametrize(
    "change",
    [
        {"attempts": []},
        {"made_at": "2026-03-03T09:00:00+00:00"},
        {"signature": "x"},
        {"carry_token": "made-up"},
        {"format": "other"},
    ],
)
def test_a_file_that_was_changed_is_refused(manager, worker, database, catalog, kept, change):
    loaded = bring(manager, {**saved(kept, attempt(catalog, kept)), **change}, status=400)
    assert "This is not a file that a learner’s device saved here." in loaded.main
    assert entries(database) == []
    assert done_by(database, worker) == (0, 0, 0)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"[]", b"{}", b'"x"', b"[" * 200_000])
def test_what_is_no_file_of_ours_is_refused(manager, data):
    assert "This is not a file" in bring(manager, data, status=400).main


def test_a_file_of_somebody_at_another_site_is_refused(make_client, database, home, catalog, worker, kept):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example")
    let_in(database, home, boss, now=NOW)
    give = {"viewer": home.viewer, "person_id": boss.person_id, "now": NOW}
    permissions.give(database, kind=permissions.PermissionKind.MANAGER, site_id=second, **give)
    loaded = bring(make_client("boss@home.example"), saved(kept, attempt(catalog, kept)), status=400)
    assert "not with you" in loaded.main
    assert entries(database) == []
    assert done_by(database, worker) == (0, 0, 0)


def test_a_file_of_another_organisation_is_refused(make_client, database, catalog, kept):
    make_organisation(database, catalog=catalog, now=NOW, slug="other")
    loaded = bring(make_client("manager@other.example"), saved(kept, attempt(catalog, kept)), status=400)
    assert "not with you" in loaded.main


def test_a_ticket_in_it_that_is_not_theirs_is_not_taken(manager, worker, database, catalog, kept):
    forged = {**attempt(catalog, kept), "ticket": "made-up", "attempt_id": str(uuid.uuid4())}
    loaded = bring(manager, saved(kept, forged, attempt(catalog, kept)))
    assert "Not taken." in loaded.main
    assert done_by(database, worker) == (1, 1, 0)
