"""Signing in and out: names and passwords, how long a session lasts, and guessing slowed down."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, let_in, make_person, sign_in
from tests.services.stored import all_at_once, how_many, rows
from training.models import Account, SignInSession, Throttle
from training.services import accounts, throttles
from training.services.accounts import SignInRefused
from training.services.throttles import TooManyTries

MANAGER = "manager@home.example"
DAY = timedelta(days=1)

pytestmark = pytest.mark.usefixtures("home")


def try_to_sign_in(database, name=MANAGER, password=PASSWORD, *, now=NOW, client="a phone"):
    return accounts.sign_in(database, sign_in_name=name, password=password, now=now, client=client)


def viewer_at(database, token, now):
    return accounts.find_viewer(database, token=token, now=now)


def test_the_right_password_opens_a_session_of_that_person(database):
    viewer = viewer_at(database, try_to_sign_in(database), NOW)
    assert (viewer.name, viewer.organisation_slug, viewer.manages_all) == ("manager", "home", True)


def test_case_spaces_and_how_letters_are_composed_do_not_matter_in_a_name(database, home):
    learner = make_person(database, home, now=NOW, email="zoë@home.example")
    assert let_in(database, home, learner, now=NOW) == "zoë@home.example"
    for name in ("ZOË@HOME.EXAMPLE", "  zoë@home.example\t", "zoe\u0308@home.example", "zoë@home.example\0"):
        assert sign_in(database, name, now=NOW).person_id == learner.person_id


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(database):
    words = set()
    for name, password in (
        (MANAGER, "five green teapots"),
        ("nobody@home.example", PASSWORD),
        ("", ""),
        ("\0", "\0"),
        ("x" * 5_000, PASSWORD),
        (MANAGER, PASSWORD.upper()),
        (MANAGER, f" {PASSWORD}"),
    ):
        with pytest.raises(SignInRefused) as refusal:
            try_to_sign_in(database, name, password)
        words.add(str(refusal.value))
    assert len(words) == 1
    assert how_many(database, SignInSession) == 1  # the manager's own


def test_ten_wrong_tries_close_a_name_to_everybody_until_the_window_has_passed(database):
    for number in range(10):
        with pytest.raises(SignInRefused):
            try_to_sign_in(database, f" {MANAGER.upper()}", "wrong", client=f"phone {number}")
    for minutes, wait in (
        (0, "15 minutes"),
        (0.5, "15 minutes"),
        (13, "2 minutes"),
        (14, "1 minute"),
        (14.9, "1 minute"),
    ):
        with pytest.raises(TooManyTries, match=f"Wait {wait} and"):
            try_to_sign_in(database, now=NOW + timedelta(minutes=minutes))
    assert viewer_at(database, try_to_sign_in(database, now=NOW + timedelta(minutes=15)), NOW) is not None


def test_another_name_is_not_closed_by_it(database, home):
    learner = make_person(database, home, now=NOW, email="learner@home.example")
    let_in(database, home, learner, now=NOW)
    for _ in range(10):
        with pytest.raises(SignInRefused):
            try_to_sign_in(database, password="wrong")
    assert try_to_sign_in(database, "learner@home.example")


def test_getting_in_forgets_the_tries_before(database):
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(SignInRefused):
                try_to_sign_in(database, password="wrong")
        assert try_to_sign_in(database)
    assert rows(database, Throttle, key=f"sign-in name {MANAGER}") == []


def test_a_hundred_wrong_tries_close_one_client_and_no_other(database):
    for _ in range(100):
        throttles.count(database, keys=["sign-in client a phone"], now=NOW)
    with pytest.raises(TooManyTries):
        try_to_sign_in(database)
    assert try_to_sign_in(database, client="another phone")


def test_wrong_tries_at_once_are_all_counted(database):
    tries = [partial(throttles.count, database, keys=["sign-in name x", "sign-in client y"], now=NOW)] * 8
    assert all_at_once(*tries) == [None] * 8
    assert {row.count for row in rows(database, Throttle)} == {8}


def test_a_window_begins_anew_once_it_has_passed(database):
    keys = ["sign-in name x"]
    for now in (NOW, NOW + timedelta(minutes=14), NOW + timedelta(minutes=15)):
        throttles.count(database, keys=keys, now=now)
    (row,) = rows(database, Throttle)
    assert (row.count, row.window_at) == (1, NOW + timedelta(minutes=15))


def test_an_idle_session_is_over_after_seven_days(database):
    token = try_to_sign_in(database)
    assert viewer_at(database, token, NOW + 7 * DAY) is not None
    token = try_to_sign_in(database)
    assert viewer_at(database, token, NOW + 7 * DAY + timedelta(seconds=1)) is None


def test_a_session_in_use_is_over_after_thirty_days(database):
    token = try_to_sign_in(database)
    for day in range(6, 31, 6):
        assert viewer_at(database, token, NOW + day * DAY) is not None
    assert viewer_at(database, token, NOW + 30 * DAY + timedelta(seconds=1)) is None


def test_looking_again_and_again_writes_once_in_ten_minutes(database):
    token = try_to_sign_in(database)
    (row,) = rows(database, SignInSession, token_hash=accounts.token_hash(token))
    for minutes, seen in ((5, 0), (10, 0), (11, 11), (20, 11), (22, 22)):
        viewer_at(database, token, NOW + timedelta(minutes=minutes))
        (row,) = rows(database, SignInSession, token_hash=accounts.token_hash(token))
        assert row.seen_at == NOW + timedelta(minutes=seen)


def test_signing_out_ends_this_session_and_no_other(database):
    here, there = try_to_sign_in(database), try_to_sign_in(database)
    for hours in (1, 2):
        accounts.sign_out(database, token=here, now=NOW + timedelta(hours=hours))
    assert viewer_at(database, here, NOW) is None
    assert viewer_at(database, there, NOW) is not None
    (row,) = rows(database, SignInSession, token_hash=accounts.token_hash(here))
    assert row.ended_at == NOW + timedelta(hours=1)


def test_a_token_that_was_never_given_is_nobody(database):
    accounts.sign_out(database, token="no such token", now=NOW)
    assert viewer_at(database, "no such token", NOW) is None
    assert viewer_at(database, "", NOW) is None


def test_the_database_holds_no_token_and_no_password(database):
    token = try_to_sign_in(database)
    stored = repr([vars(row) for table in (Account, SignInSession) for row in rows(database, table)])
    assert token not in stored
    assert PASSWORD not in stored


def test_an_account_that_leads_to_nobody_opens_nothing(database):
    with database.write("everywhere") as session:
        alone = Account(sign_in_name="alone", password_hash="", recorded_at=NOW)
        session.add(alone)
        session.flush()
        account_id = alone.id
    with pytest.raises(SignInRefused):
        accounts.open_session(database, account_id=account_id, now=NOW)
