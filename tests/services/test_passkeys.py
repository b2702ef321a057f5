"""Passkeys: one answer to one question, from the device that it belongs to, in time; and the last way in stays."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import webauthn
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, sign_in
from tests.services.authenticator import ORIGIN, PRESENT, Phone
from tests.services.stored import all_at_once, rows
from training.models import Account, Passkey, PasskeyChallenge, SignInSession
from training.services import accounts, invites, passkeys, passwords, people, throttles, ways_in
from training.services.accounts import SignInRefused
from training.services.invites import InviteUnusable
from training.services.organisations import NotFound
from training.services.passkeys import TOO_LATE, UNFIT, Answer, Owner, Party, PasskeyRefused
from training.services.throttles import TooManyTries
from training.services.ways_in import LastWayIn, NameMissing, NotFresh, TooManyPasskeys

PARTY = Party.of(f"{ORIGIN}/")


def answer(asked, credential, *, now=NOW):
    known = {"party": PARTY, "device": "Chrome on Android", "now": now}
    return Answer(challenge=asked.challenge, credential=credential, **known)


def join(database, home, learner, phone, *, now=NOW):
    """Join by a slip with a passkey, and return the sign-in name."""
    slip = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=now)
    invite = invites.show_invite(database, token=slip.token, now=now)
    owner = Owner(invite.account_id, invite.sign_in_name, invite.person_name)
    asked = passkeys.ask_to_make(database, party=PARTY, owner=owner, now=now)
    return passkeys.accept_invite(database, answer(asked, phone.make(asked.options), now=now), token=slip.token)


def enter(database, phone, *, now=NOW, **wrong):
    """Sign in with a passkey, and return the session's token."""
    asked = passkeys.ask_to_sign_in(database, party=PARTY, now=now)
    return passkeys.sign_in(database, answer(asked, phone.use(asked.options, **wrong), now=now), client="a phone")


def add(database, viewer, token, phone, *, now=NOW, password="", name=""):
    asked = ways_in.ask_to_add(database, viewer=viewer, party=PARTY, now=now)
    known = {"viewer": viewer, "token": token, "password": password, "name": name}
    return ways_in.add_key(database, answer(asked, phone.make(asked.options), now=now), **known)


@pytest.fixture
def phone():
    return Phone()


@pytest.fixture
def joined(database, home, learner, phone):
    """Somebody whose one way in is a passkey on a phone."""
    join(database, home, learner, phone)
    return accounts.find_viewer(database, token=enter(database, phone), now=NOW)


def test_whoever_joins_with_a_passkey_signs_in_with_it_and_has_no_password(database, home, learner, phone):
    name = join(database, home, learner, phone)
    token = enter(database, phone)
    viewer = accounts.find_viewer(database, token=token, now=NOW)
    assert viewer.person_id == learner.person_id
    (key,) = rows(database, Passkey)
    assert (key.account_id, key.sign_count, key.backed_up) == (viewer.account_id, 2, True)
    assert (key.name, key.transports, key.last_used_at) == ("Chrome on Android", ["hybrid", "internal"], NOW)
    (session,) = [row for row in rows(database, SignInSession) if row.passkey_id]
    assert (session.passkey_id, session.device) == (key.id, "Chrome on Android")
    for typed in ("", PASSWORD, "nobody has this password"):
        with pytest.raises(SignInRefused):
            sign_in(database, name, now=NOW, password=typed)


def test_no_password_fits_an_empty_one():
    assert not passwords.is_right("nobody has this password", "")
    assert not passwords.is_right("", "")


def test_the_question_says_nothing_about_anybody_and_asks_for_the_owner(database):
    asked = json.loads(passkeys.ask_to_sign_in(database, party=PARTY, now=NOW).options)
    assert (asked["rpId"], asked["userVerification"]) == ("training.example.org", "required")
    assert not asked.get("allowCredentials")


def test_a_new_passkey_must_be_found_again_by_itself_and_never_stands_beside_itself(database, joined):
    asked = json.loads(ways_in.ask_to_add(database, viewer=joined, party=PARTY, now=NOW).options)
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert len(asked["excludeCredentials"]) == 1


@pytest.mark.usefixtures("joined")
def test_an_answer_opens_one_session_and_no_second(database, phone):
    asked = passkeys.ask_to_sign_in(database, party=PARTY, now=NOW)
    given = answer(asked, phone.use(asked.options))
    outcomes = all_at_once(*[partial(passkeys.sign_in, database, given, client="a phone") for _ in range(3)])
    assert sum(isinstance(each, str) for each in outcomes) == 1
    assert {str(each) for each in outcomes if not isinstance(each, str)} == {TOO_LATE}


@pytest.mark.usefixtures("joined")
def test_a_question_can_be_answered_for_five_minutes_and_is_then_forgotten(database, phone):
    asked = passkeys.ask_to_sign_in(database, party=PARTY, now=NOW)
    late = answer(asked, phone.use(asked.options), now=NOW + timedelta(minutes=5))
    with pytest.raises(PasskeyRefused, match="too long"):
        passkeys.sign_in(database, late, client="a phone")
    passkeys.ask_to_sign_in(database, party=PARTY, now=NOW + timedelta(minutes=6))
    assert len(rows(database, PasskeyChallenge)) == 1


def test_a_question_to_sign_in_makes_no_passkey(database, home, learner, phone):
    slip = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    asked = passkeys.ask_to_sign_in(database, party=PARTY, now=NOW)
    owner = Owner(learner.person_id, "a", "b")
    other = passkeys.ask_to_make(database, party=PARTY, owner=owner, now=NOW)
    for each in (asked, other):
        made = phone.make(json.dumps(json.loads(other.options) | {"challenge": each.challenge}))
        with pytest.raises(PasskeyRefused):
            passkeys.accept_invite(database, answer(each, made), token=slip.token)
    assert invites.accept_invite(database, token=slip.token, password=PASSWORD, now=NOW), "the slip still works"


@pytest.mark.usefixtures("joined")
@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://training.example.org"},
        {"flags": PRESENT},
        {"flags": 0},
        {"key": Phone().key},
        {"credential_id": b"another"},
        {"user_handle": b"another"},
        {"user_handle": b""},
        {"uses": 0},
    ],
    ids=lambda change: "-".join(change),
)
def test_an_answer_that_does_not_fit_is_refused_in_the_same_words(database, phone, change):
    enter(database, phone)
    with pytest.raises(PasskeyRefused) as refused:
        enter(database, replace(phone, **change))
    assert str(refused.value) == UNFIT
    assert enter(database, replace(phone, uses=9))


def test_a_device_without_a_counter_signs_in_again_and_again(database, home, learner):
    phone = Phone(counts=False)
    join(database, home, learner, phone)
    assert enter(database, phone) != enter(database, phone)


def test_whoever_tries_answers_is_slowed_down(database, phone):
    for _ in range(100):
        throttles.count(database, keys=["sign-in client a phone"], now=NOW)
    with pytest.raises(TooManyTries):
        enter(database, phone)


JUNK = st.none() | st.integers() | st.text(max_size=9) | st.binary(max_size=9).map(bytes_to_base64url)


@settings(max_examples=60)
@given(JUNK | st.lists(JUNK, max_size=2) | st.dictionaries(st.text(max_size=3), JUNK, max_size=2))
def test_what_no_device_would_say_is_refused_and_nothing_else_breaks(junk):
    good = json.loads(Phone().use(json.dumps({"rpId": "a", "challenge": "b"})))
    response = good["response"]
    bad = [junk, {**good, "rawId": junk}, {**good, "response": junk}]
    bad += [{**good, "response": {**response, name: junk}} for name in response]
    for said in bad:
        with pytest.raises(PasskeyRefused):
            verify(json.dumps(said))


def verify(credential):
    """Read an answer as signing in does, with a key that signed nothing of it."""
    with passkeys.refusing(UNFIT):
        webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=b"c",
            expected_rp_id="a",
            expected_origin=ORIGIN,
            credential_public_key=b"",
            credential_current_sign_count=0,
        )


@pytest.mark.usefixtures("joined")
def test_a_very_long_answer_is_not_read(database, phone):
    asked = passkeys.ask_to_sign_in(database, party=PARTY, now=NOW)
    padded = phone.use(asked.options) + " " * 20_000
    with pytest.raises(PasskeyRefused):
        passkeys.sign_in(database, answer(asked, padded), client="a phone")


def test_a_slip_that_was_used_with_a_passkey_is_used_up_and_the_old_password_with_it(database, home, learner, phone):
    name = let_in(database, home, learner, now=NOW)
    old = accounts.sign_in(database, sign_in_name=name, password=PASSWORD, now=NOW, client="")
    assert join(database, home, learner, phone) == name
    assert accounts.find_viewer(database, token=old, now=NOW) is None
    with pytest.raises(SignInRefused):
        sign_in(database, name, now=NOW)
    assert enter(database, phone)


def test_a_password_set_by_a_new_slip_leaves_the_passkey(database, home, learner, joined, phone):
    name = let_in(database, home, learner, now=NOW)
    assert sign_in(database, name, now=NOW).account_id == joined.account_id
    assert enter(database, phone)


@pytest.mark.parametrize(
    ("address", "has"),
    [
        ("https://training.example.org", True),
        ("http://localhost:8000", True),
        ("http://training.example.org", False),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]", False),
    ],
)
def test_only_names_reached_safely_have_passkeys(address, has):
    assert Party.of(address).has_passkeys is has


def test_a_passkey_is_added_named_used_and_removed(database, home, learner):
    name, phone = let_in(database, home, learner, now=NOW), Phone()
    token = accounts.sign_in(
        database, sign_in_name=name, password=PASSWORD, now=NOW, client="", device="Firefox on Mac"
    )
    viewer = accounts.find_viewer(database, token=token, now=NOW)
    assert add(database, viewer, token, phone, name=" My\tphone ") == "My phone"
    elsewhere = enter(database, phone)
    ways = ways_in.list_ways(database, viewer=viewer, token=token, now=NOW)
    assert [(key.name, key.is_synced) for key in ways.keys] == [("My phone", True)]
    assert [(each.name, each.is_this, each.by_passkey) for each in ways.devices] == [
        ("Firefox on Mac", True, False),
        ("Chrome on Android", False, True),
    ]
    key_id = ways.keys[0].id
    with pytest.raises(NameMissing):
        ways_in.rename_key(database, viewer=viewer, key_id=key_id, name=" \u202e ")
    ways_in.rename_key(database, viewer=viewer, key_id=key_id, name="Old phone")
    assert ways_in.remove_key(database, viewer=viewer, token=token, key_id=key_id, now=NOW) == "Old phone"
    assert accounts.find_viewer(database, token=elsewhere, now=NOW) is None, "signed out with its passkey"
    assert accounts.find_viewer(database, token=token, now=NOW)
    with pytest.raises(PasskeyRefused):
        enter(database, phone)


def test_the_last_way_in_cannot_be_removed_even_twice_at_once(database, joined, phone):
    token, other = enter(database, phone), Phone()
    remove = partial(ways_in.remove_key, database, viewer=joined, token=token, now=NOW)
    (first,) = rows(database, Passkey)
    with pytest.raises(LastWayIn):
        remove(key_id=first.id)
    add(database, joined, token, other)
    outcomes = all_at_once(*[partial(remove, key_id=row.id) for row in rows(database, Passkey)])
    assert sorted(type(each).__name__ for each in outcomes) == ["LastWayIn", "str"]
    assert len(rows(database, Passkey)) == 1


def test_a_passkey_of_somebody_else_is_not_there(database, home, joined):
    (key,) = rows(database, Passkey)
    session = ways_in.session_id(next(row for row in rows(database, SignInSession, account_id=joined.account_id)))
    known = {"viewer": home.viewer}
    for act in (
        partial(ways_in.rename_key, key_id=key.id, name="Mine"),
        partial(ways_in.remove_key, key_id=key.id, token="", now=NOW),
        partial(ways_in.end_device, device_id=session, now=NOW),
    ):
        with pytest.raises(NotFound):
            act(database, **known)


def test_whoever_signed_in_a_while_ago_is_asked_for_the_password_again(database, home, learner):
    name, later = let_in(database, home, learner, now=NOW), NOW + timedelta(minutes=15, seconds=1)
    token = accounts.sign_in(database, sign_in_name=name, password=PASSWORD, now=NOW, client="")
    viewer = accounts.find_viewer(database, token=token, now=NOW)
    for wrong in ("", "five green teapots"):
        with pytest.raises(NotFresh, match="not your password"):
            add(database, viewer, token, Phone(), now=later, password=wrong)
    assert add(database, viewer, token, Phone(), now=later, password=PASSWORD)
    for _ in range(9):
        throttles.count(database, keys=[f"sign-in name {name}"], now=later)
    with pytest.raises(TooManyTries):
        add(database, viewer, token, Phone(), now=later, password=PASSWORD)


def test_without_a_password_one_signs_in_afresh_to_add_a_passkey(database, joined, phone):
    token = enter(database, phone)
    with pytest.raises(NotFresh, match="sign in with your passkey"):
        add(database, joined, token, Phone(), now=NOW + timedelta(hours=1))


def test_nobody_adds_a_passkey_on_a_shared_tablet(database, joined, phone):
    token = enter(database, phone)
    with pytest.raises(NotFresh, match="shared tablet"):
        add(database, replace(joined, tablet_id=joined.person_id), token, Phone())


def test_there_is_an_end_to_passkeys(database, joined, phone, monkeypatch):
    monkeypatch.setattr(ways_in, "MOST_PASSKEYS", 2)
    token = enter(database, phone)
    add(database, joined, token, Phone())
    with pytest.raises(TooManyPasskeys):
        add(database, joined, token, Phone())


def test_devices_are_signed_out_one_by_one_or_all_but_this(database, joined, phone):
    mine, *others = [enter(database, phone) for _ in range(4)]
    ways = ways_in.list_ways(database, viewer=joined, token=mine, now=NOW)
    assert len(ways.devices) == 5
    ways_in.end_device(database, viewer=joined, device_id=ways.devices[1].id, now=NOW)
    assert ways_in.end_others(database, viewer=joined, token=mine, now=NOW) == 3
    assert accounts.find_viewer(database, token=mine, now=NOW)
    assert not any(accounts.find_viewer(database, token=each, now=NOW) for each in others)
    with pytest.raises(NotFound):
        ways_in.end_device(database, viewer=joined, device_id=ways.devices[1].id, now=NOW)


def test_an_account_of_another_slip_gets_no_passkey(database, home, learner, phone):
    slip = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    invite = invites.show_invite(database, token=slip.token, now=NOW)
    owner = Owner(invite.account_id, "a", "b")
    asked = passkeys.ask_to_make(database, party=PARTY, owner=owner, now=NOW)
    given = answer(asked, phone.make(asked.options))
    newer = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=NOW)
    with pytest.raises(InviteUnusable):
        passkeys.accept_invite(database, given, token=slip.token)
    with pytest.raises(PasskeyRefused):
        passkeys.accept_invite(database, given, token=newer.token)
    assert not rows(database, Passkey)
    assert not [row for row in rows(database, Account) if row.id == invite.account_id]
