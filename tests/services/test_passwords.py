"""Passwords: which will do, how they are kept, and that a name nobody has takes as long as a wrong password."""

import statistics
import time

import pytest
from argon2 import PasswordHasher

from tests.conftest import NOW
from tests.factories import PASSWORD, make_organisation, sign_in
from tests.services.stored import rows
from training.models import Account
from training.services import passwords
from training.services.passwords import PasswordTooWeak

DATED = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


@pytest.fixture(autouse=True)
def cheap_passwords():
    """Hash as the service does: here hashing is what the tests are about."""


def work(password_hash):
    """Return the processor time that checking a wrong password takes, the median of five."""
    times = []
    for _ in range(5):
        began = time.thread_time()
        passwords.is_right("a wrong password", password_hash)
        times.append(time.thread_time() - began)
    return statistics.median(times)


def test_a_password_fits_its_own_hash_alone():
    password_hash = passwords.hash_password(PASSWORD)
    assert password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hash_password(PASSWORD) != password_hash
    assert passwords.is_right(PASSWORD, password_hash)
    assert not passwords.is_right(PASSWORD + " ", password_hash)
    assert not passwords.is_right(PASSWORD, "")
    assert not passwords.is_right(PASSWORD, "not a hash")


def test_nobody_gets_in_without_a_hash_even_by_the_password_that_fits_the_stand_in():
    assert passwords.is_right("nobody has this password", passwords.NOBODY)
    assert not passwords.is_right("nobody has this password", None)


def test_an_unknown_name_takes_as_much_work_as_a_wrong_password():
    assert not passwords.is_dated(passwords.NOBODY)
    known, unknown = work(passwords.hash_password(PASSWORD)), work(None)
    assert known / 2 < unknown < known * 2


def test_a_password_that_is_easy_to_guess_is_refused():
    short, common, very_long = (
        ("", "nine char"),
        ("password12", "Qwerty1234", "aaaaaaaaaaaa", "ababababab"),
        "x1y2" * 51,
    )
    for weak in (*short, *common, very_long, "learner@home.example", "LEARNER@home.example"):
        with pytest.raises(PasswordTooWeak):
            passwords.check_new(weak, sign_in_name="learner@home.example")


def test_a_long_password_in_any_script_will_do():
    for fine in (PASSWORD, "пароль з чотирьох слів", "密码密码有很多个字的密码", "x1y2" * 50, "🙂🎈🌱🍵" * 3):
        passwords.check_new(fine, sign_in_name="learner@home.example")
        assert passwords.is_right(fine, passwords.hash_password(fine))


def test_a_dated_hash_is_made_anew_when_its_owner_signs_in(database, catalog):
    make_organisation(database, catalog=catalog, now=NOW)
    with database.write("everywhere") as session:
        session.get(Account, rows(database, Account)[0].id).password_hash = DATED.hash(PASSWORD)
    assert passwords.is_dated(rows(database, Account)[0].password_hash)
    sign_in(database, "manager@home.example", now=NOW)
    made_anew = rows(database, Account)[0].password_hash
    assert not passwords.is_dated(made_anew)
    sign_in(database, "manager@home.example", now=NOW)
    assert rows(database, Account)[0].password_hash == made_anew
