"""Entries of the audit log as people read them."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from training.domain.audit import Entry
from training.domain.audit_words import Known, detail_words, ids_of, label, read_id, read_iso_day, worded

ANN, BEN, OAK, ELM = (UUID(int=number) for number in (1, 2, 3, 4))
NAMES = {ANN: "Ann", OAK: "Oak House", ELM: "Elm House"}


def entry(detail, subject_kind="person", actor_id=ANN, subject_id=BEN):
    return Entry(
        organisation_id=7,
        number=1,
        recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
        actor_kind="person",
        actor_id=actor_id,
        act="leave recorded",
        subject_kind=subject_kind,
        subject_id=subject_id,
        client="",
        detail=detail,
    )


def words(detail, **changes):
    reports = {"overdue": "Expired and missing"}
    known = Known(names=NAMES, title=lambda item: f"<{item}>", reports=reports, time_zone="Europe/London")
    return detail_words(entry(detail, **changes), known)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("site_id", str(OAK), "site: Oak House"),
        ("site_ids", [str(OAK), str(ELM)], "site: Oak House, Elm House"),
        ("site_id", str(BEN), f"site: {BEN}"),
        ("job_title_id_before", str(OAK), "job title, before: Oak House"),
        ("starts_on", "2026-03-02", "from: 2 Mar 2026"),
        ("ends_on_before", "2026-03-02", "until, before: 2 Mar 2026"),
        ("review_on", "2026-03-02", "review: 2 Mar 2026"),
        ("again_by", "2026-03-02", "again by: 2 Mar 2026"),
        ("item", "stomp", "training: <stomp>"),
        ("items", ["stomp", "stamp"], "training: <stomp>, <stamp>"),
        ("items_before", ["stomp"], "training, before: <stomp>"),
        ("sent_at_once", True, "sent at once: yes"),
        ("sent_at_once", False, "sent at once: no"),
        ("people", 0, "people: 0"),
        ("why", "2026-03-99", "why: 2026-03-99"),
        ("why", "20260302xx", "why: 20260302xx"),
        ("why", "its owner sees nobody any more", "why: its owner sees nobody any more"),
        ("known_at", "2026-06-23T17:54:55.370719+00:00", "known at: 23 Jun 2026, 18:54"),
        ("known_at", "2026-13-23T17:54:55+00:00", "known at: 2026-13-23T17:54:55+00:00"),
        ("known_at", "2026-06-23T17:54:55", "known at: 2026-06-23T17:54:55"),
        ("report", "overdue", "report: Expired and missing"),
        ("report", "of old", "report: of old"),
        ("form", "xlsx", "form: Excel"),
        ("form", "vhs", "form: vhs"),
        ("kind", "auditor", "as: Auditor"),
        ("kind", "digest", "as: weekly digest"),
        ("kind", "report-5", "as: file ready"),
        ("kind", "pigeon", "as: pigeon"),
        ("role", "social-care", "role: Social care worker"),
        ("roles", ["social-care", "juggler"], "roles: Social care worker, juggler"),
        ("layout_before", "asc-wds-training-v1-8col", "layout, before: 8 columns (the older layout)"),
        ("reach", "from-now-on", "reaches: From now on only"),
        ("reach", "nobody", "reaches: nobody"),
        ("digest_weekday_before", 7, "day of the weekly digest, before: Sunday"),
        ("digest_weekday", 8, "day of the weekly digest: 8"),
        ("attempts", [str(OAK), str(ELM)], "attempts: 2"),
        ("site_asked", str(OAK), "site: Oak House"),
        ("job-title_asked", str(ELM), "job title: Elm House"),
        ("status_asked", "overdue", "status: Overdue"),
        ("item_asked", "stomp", "training: <stomp>"),
        ("within_asked", "30", "within so many days: 30"),
        ("from_asked", "2026-03-02", "from: 2 Mar 2026"),
        ("act_asked", "site added", "act: site added"),
        ("search_asked", True, "a name was searched for: yes"),
        ("create", 3, "rows that added something: 3"),
        ("differs", 0, "rows added with another expiry: 0"),
        ("fault", 0, "wrong rows, left out: 0"),
        ("rhythm", "weekly", "made: weekly"),
    ],
)
def test_a_value_is_told_with_what_it_is_called(key, value, told):
    assert words({key: value}) == (told,)


def test_what_says_nothing_to_a_reader_is_left_out():
    untold = dict.fromkeys(("content_hash", "signoff_id", "message_id", "decision_id", "completion_id"), str(OAK))
    assert words({**untold, "site_id": None, "roles": [], "note": "", "people": 3}) == ("people: 3",)


def test_an_act_about_training_does_not_name_its_training_again():
    detail = {"item": "stomp", "people": 3}
    assert words(detail, subject_kind="training") == ("people: 3",)
    assert words({"people": 3}, subject_kind="training") == ("people: 3",)
    assert words(detail) == ("training: <stomp>", "people: 3")


def test_a_rhythm_and_its_day_are_one():
    assert words({"rhythm": "weekly", "on_day": 7, "form": "csv"}) == ("made: every Sunday", "form: CSV")
    assert words({"rhythm": "monthly", "on_day": 7}) == ("made: every month on day 7",)
    assert words({"rhythm": "weekly", "on_day": 9}) == ("made: weekly", "on day: 9")


def test_what_it_is_about_is_not_said_again():
    assert words({"report": "overdue", "form": "csv"}, subject_kind="report") == ("form: CSV",)
    assert words({"kind": "completions", "people": 3}, subject_kind="import") == ("people: 3",)
    assert words({"report": "overdue", "form": "csv", "day": "2026-03-02"}, subject_kind="schedule") == (
        "day: 2 Mar 2026",
    )


def test_a_name_with_several_words_keeps_them():
    assert [label(key) for key in ("long_leave_days", "_id_of_it", "manager_id", "kind", "reach")] == [
        "long leave days",
        " id of it",
        "manager",
        "as",
        "reaches",
    ]


def test_every_id_that_may_have_a_name_is_found():
    detail = {
        "site_id": str(OAK),
        "site_ids": [str(ELM), "no id"],
        "signoff_id": str(UUID(int=9)),
        "people": 3,
        "ends_on": None,
    }
    assert list(ids_of(entry(detail))) == [ANN, BEN, OAK, ELM]
    assert list(ids_of(entry({}, actor_id=None))) == [BEN]
    assert list(ids_of(entry({}, subject_id=None))) == [ANN]


@pytest.mark.parametrize("text", [None, 3, "", OAK.hex, "x" * 36, f"{OAK}0", "{" + str(OAK)[:-1]])
def test_what_is_not_written_as_an_id_is_none(text):
    assert read_id(text) is None


@pytest.mark.parametrize("text", [None, 3, "2026-13-01", "20260302", "2026-03-02T", "abcd-ef-gh"])
def test_what_is_not_written_as_a_day_is_none(text):
    assert read_iso_day(text) is None


def test_a_day_and_an_id_are_read():
    assert (read_iso_day("2026-03-02"), read_id(str(OAK))) == (date(2026, 3, 2), OAK)
    assert worded("site_id", str(OAK), Known()) == str(OAK)
