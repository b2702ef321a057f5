"""The chain of the audit log: what it is made of, and that every way of breaking it is found and said."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.audit import (
    ALL_GONE,
    FIRST_PREVIOUS,
    Act,
    Actor,
    DetailRefused,
    Entry,
    Head,
    Subject,
    canonical,
    hash_of,
    link,
    network_of,
    plain,
    verify,
)
from training.domain.roles import Role

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ANN, BEN = UUID(int=1), UUID(int=2)


def entry(number, **changes):
    known = {
        "organisation_id": 7,
        "number": number,
        "recorded_at": NOW + timedelta(minutes=number),
        "actor_kind": "person",
        "actor_id": ANN,
        "act": "leave recorded",
        "subject_kind": "person",
        "subject_id": BEN,
        "client": "203.0.113.0/24",
        "detail": {"starts_on": "2026-03-02", "site_id": None},
    }
    return Entry(**{**known, **changes})


def chain(length):
    found, last = [], FIRST_PREVIOUS
    for number in range(1, length + 1):
        found.append(link(entry(number), previous_hash=last))
        last = found[-1].hash
    return found


def head_of(entries):
    return Head(entries[-1].number, entries[-1].hash) if entries else None


def broken(entries, head=None):
    return verify(entries, head=head or head_of(chain(5))).broken


def test_a_chain_that_nobody_touched_is_whole():
    verdict = verify(chain(5), head=head_of(chain(5)))
    assert (verdict.number, verdict.hash, verdict.broken) == (5, chain(5)[-1].hash, "")


def test_a_log_in_which_nothing_was_ever_written_is_whole():
    assert verify([], head=None).broken == ""
    assert verify([], head=None, has_begun=True).broken == ALL_GONE
    assert verify(chain(5), head=head_of(chain(5)), has_begun=True).broken == ""


@pytest.mark.parametrize(
    "change",
    [
        {"recorded_at": NOW},
        {"actor_kind": "operator"},
        {"actor_id": None},
        {"actor_id": BEN},
        {"act": "leave withdrawn"},
        {"subject_kind": "site"},
        {"subject_id": ANN},
        {"client": ""},
        {"detail": {"starts_on": "2026-03-03", "site_id": None}},
        {"detail": {"starts_on": "2026-03-02"}},
        {"organisation_id": 8},
    ],
    ids=str,
)
def test_an_entry_that_was_changed_is_found(change):
    entries = chain(5)
    entries[2] = replace(entries[2], **change)
    assert broken(entries) == "Entry 3 is not as it was written: what stands in it does not give its hash."


def test_an_entry_that_was_changed_with_its_hash_is_found_by_the_next():
    entries = chain(5)
    entries[2] = link(replace(entries[2], act="leave withdrawn"), previous_hash=entries[1].hash)
    assert broken(entries) == (
        "Entry 4 does not follow entry 3: an entry was put in, taken out, moved or written anew there."
    )


def test_entries_that_were_taken_out_are_found():
    entries = chain(5)
    assert broken(entries[:2] + entries[3:]) == "Entry 3 is missing: after 2 comes 4."
    assert broken(entries[:1] + entries[3:]) == "Entries 2 to 3 are missing: after 1 comes 4."
    assert broken(entries[1:]) == "Entry 1 is missing: after 0 comes 2."


def test_last_entries_that_were_taken_out_are_found_by_the_head():
    assert broken(chain(5)[:3]) == "The last entries are missing: 5 were written, and the log ends with 3."
    assert broken([]) == "The last entries are missing: 5 were written, and the log ends with 0."


def test_an_entry_that_was_taken_out_with_the_others_moved_up_is_found():
    entries = chain(5)
    moved = [*entries[:2], *(replace(one, number=one.number - 1) for one in entries[3:])]
    assert broken(moved).startswith("Entry 3 is not as it was written")


def test_entries_that_changed_places_are_found():
    entries = chain(5)
    entries[1], entries[2] = replace(entries[2], number=2), replace(entries[1], number=3)
    assert broken(entries).startswith("Entry 2 is not as it was written")
    entries = chain(5)
    second = link(replace(entries[2], number=2), previous_hash=entries[0].hash)
    third = link(replace(entries[1], number=3), previous_hash=second.hash)
    assert broken([entries[0], second, third, *entries[3:]]).startswith("Entry 4 does not follow entry 3")


def test_an_entry_that_was_put_in_is_found():
    entries = chain(5)
    planted = link(replace(entries[2], act="pass revoked"), previous_hash=entries[1].hash)
    later = [replace(one, number=one.number + 1) for one in entries[2:]]
    assert broken([*entries[:2], planted, *later]).startswith("Entry 4 is not as it was written")
    at_the_end = link(entry(6), previous_hash=entries[-1].hash)
    assert broken([*entries, at_the_end]) == "Entry 6 was put in at the end: only 5 were written by the service."


def test_a_last_entry_that_was_written_anew_is_found_by_the_head():
    entries = chain(5)
    entries[4] = link(replace(entries[4], actor_id=BEN), previous_hash=entries[3].hash)
    assert broken(entries).startswith("Entry 5 is not the one that was written last")


def test_the_first_of_another_chain_is_found():
    entries = chain(5)
    entries[0] = link(entries[0], previous_hash="1" * 64)
    assert broken(entries).startswith("Entry 1 was not the first")


def test_a_chain_written_anew_as_a_whole_is_found_by_a_hash_noted_earlier():
    noted = chain(5)[2].hash
    anew, last = [], FIRST_PREVIOUS
    for number in range(1, 6):
        anew.append(link(entry(number, actor_id=BEN), previous_hash=last))
        last = anew[-1].hash
    assert verify(anew, head=head_of(anew)).broken == "", "nobody can tell from the log alone"
    assert verify(anew, head=head_of(anew), expected=noted).broken.startswith(f"No entry has the hash {noted}")
    assert verify(chain(5), head=head_of(chain(5)), expected=noted).broken == ""


def test_the_chain_is_followed_no_further_than_where_it_breaks():
    entries = chain(5)
    entries[2] = replace(entries[2], act="pass revoked")
    verdict = verify(entries, head=head_of(chain(5)))
    assert (verdict.number, verdict.hash) == (2, entries[1].hash)


def test_the_canonical_form_is_this():
    text = canonical(replace(entry(1, detail={"b": "Zoë", "a": [1, True, None]}), previous_hash="0"))
    assert text == (
        '{"act":"leave recorded","actor_id":"00000000-0000-0000-0000-000000000001","actor_kind":"person",'
        '"client":"203.0.113.0/24","detail":{"a":[1,true,null],"b":"Zo\\u00eb"},"number":1,"organisation_id":7,'
        '"previous_hash":"0","recorded_at":"2026-03-02T10:01:00+00:00",'
        '"subject_id":"00000000-0000-0000-0000-000000000002","subject_kind":"person"}'
    )
    assert hash_of(entry(1)) == hash_of(entry(1, recorded_at=entry(1).recorded_at.astimezone(timezone(timedelta(0)))))


def test_a_detail_is_kept_as_it_reads_back():
    detail = {
        "on": date(2026, 3, 2),
        "at": NOW,
        "who": ANN,
        "role": Role.PRESCRIBER,
        "both": {"b", "a"},
        "n": (1, None),
    }
    kept = plain(detail)
    assert kept == {
        "on": "2026-03-02",
        "at": "2026-03-02T10:00:00+00:00",
        "who": str(ANN),
        "role": "prescriber",
        "both": ["a", "b"],
        "n": [1, None],
    }
    assert json.loads(json.dumps(kept)) == kept
    for value in (0.1, Decimal("0.1"), b"bytes", object()):
        with pytest.raises(DetailRefused):
            plain({"value": value})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_an_entry_that_went_through_json_has_the_hash_it_had(value):
    before = entry(1, detail={"value": plain(value)})
    after = replace(before, detail=json.loads(json.dumps(before.detail)))
    assert hash_of(after) == hash_of(before)


def test_every_act_says_what_it_is_about_and_few_are_an_auditors():
    assert Act("person added") is Act.PERSON_ADDED
    assert Act.PERSON_ADDED.subject is Subject.PERSON
    assert max(len(act.value) for act in Act) <= 60
    assert max(len(each.value) for each in (*Actor, *Subject)) <= 20
    own = {Act.SCHEDULE_MADE, Act.SCHEDULE_CHANGED, Act.SCHEDULE_STOPPED}
    assert {act for act in Act if act.is_reading} == {Act.REPORT_EXPORTED, Act.PACK_MADE, Act.PACK_OPENED} | own


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:12:34::5", "2001:db8:12::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("", ""),
        ("a test", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address, network):
    assert network_of(address) == network
