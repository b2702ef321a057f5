"""Password hashing (argon2id) and the rules for a new password."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from training.domain.language import N_, _

SHORTEST = 10
LONGEST = 200
# 19 MiB, two passes, one lane: OWASP's first choice for argon2id.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each hash holds 19 MiB; more than a few at once would let a flood of sign-ins exhaust the machine.
TURNS = BoundedSemaphore(4)
# Checked against when nobody has the name, so that an unknown name takes as long as a wrong password.
NOBODY = HASHER.hash("nobody has this password")
TOO_COMMON = ("password", "12345678", "qwerty", "letmein", "iloveyou", "welcome", "changeme", "abc123")


class PasswordTooWeak(Exception):
    """The password cannot be set because it would be easy to guess; the message says what would do."""


def check_new(password: str, *, sign_in_name: str = "") -> None:
    """Refuse a password that is short, very long, very common, or the sign-in name itself."""
    plain = password.lower()
    if len(password) < SHORTEST:
        words = N_("Use at least %(shortest)s characters. Three or four words together are easy to remember.")
        raise PasswordTooWeak(_(words, shortest=SHORTEST))
    if len(password) > LONGEST:
        raise PasswordTooWeak(_("Use at most %(longest)s characters.", longest=LONGEST))
    if len(set(plain)) < 4 or any(plain.startswith(word) and len(plain) < len(word) + 5 for word in TOO_COMMON):
        raise PasswordTooWeak(_("That password is very common. Three or four words together are easy to remember."))
    if sign_in_name and plain in {sign_in_name.lower(), sign_in_name.lower().split("@")[0]}:
        raise PasswordTooWeak(_("Do not use your sign-in name as your password."))


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with TURNS:
        return HASHER.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Say whether the password fits, taking as long when there is no hash to compare with; no password fits none."""
    with TURNS:
        try:
            return HASHER.verify(password_hash or NOBODY, password) and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def is_dated(password_hash: str) -> bool:
    """Say whether the hash was made with weaker settings than today's."""
    return HASHER.check_needs_rehash(password_hash)
