"""The short PIN with which somebody signs in on a shared tablet: which will do, and how long wrong tries lock it."""

import re
import unicodedata
from datetime import timedelta
from itertools import pairwise

from training.domain.language import ENGLISH, N_, _, current, ngettext
from training.domain.refusal import Refusal

SHORTEST, LONGEST = 4, 8
# So many wrong tries are anybody's slip of the finger. Each one after that locks it for longer.
FREE_TRIES = 4
PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=24),
)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
# Straight down the middle of the keys, and up again.
MIDDLE = ("2580", "0852")


class PinRefused(Refusal):
    """The PIN cannot be used because it is too short, too long, or the first that others would try."""


def read_pin(text: str) -> str:
    """Return the digits typed, in whatever script; spaces between them do not count.

    Raises:
        PinRefused: when it cannot be a PIN.
    """
    typed = "".join(text.split())
    if not typed.isdecimal() or not SHORTEST <= len(typed) <= LONGEST:
        raise PinRefused(
            _("A PIN has %(shortest)s to %(longest)s digits, and nothing else.", shortest=SHORTEST, longest=LONGEST)
        )
    return "".join(str(unicodedata.decimal(digit)) for digit in typed)


def read_new_pin(text: str, *, staff_number: str | None = None) -> str:
    """Return the digits of a PIN that somebody chooses.

    Raises:
        PinRefused: when it cannot be a PIN, or others would soon guess it.
    """
    pin = read_pin(text)
    if is_easy(pin):
        raise PinRefused(_("Others would soon guess that PIN. Do not use a row of digits, a year, or one digit again."))
    if pin in re.sub(r"\D", " ", staff_number or "").split():
        raise PinRefused(_("That is your staff number, which others know. Choose another PIN."))
    return pin


def is_easy(pin: str) -> bool:
    """Say whether a PIN is one of those that others would try first."""
    return pin in MIDDLE or is_straight(pin) or is_repeated(pin) or is_year(pin)


def is_straight(pin: str) -> bool:
    """Say whether each digit follows the one before by the same step of one, up or down, or is the same."""
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def is_repeated(pin: str) -> bool:
    """Say whether a PIN is a shorter one said again, or has two digits each said again: 1212, 123123, 1122."""
    again = any(pin == pin[:size] * (len(pin) // size) for size in range(1, len(pin) // 2 + 1))
    return again or re.fullmatch(r"(\d)\1+(\d)\2+", pin) is not None


def is_year(pin: str) -> bool:
    """Say whether a PIN may be the year in which somebody was born, or began to work."""
    return len(pin) == SHORTEST and pin[:2] in {"19", "20"}


def pause_after(wrong: int) -> timedelta | None:
    """Return for how long so many wrong tries in a row lock a PIN, if they do."""
    if wrong <= FREE_TRIES:
        return None
    return PAUSES[min(wrong - FREE_TRIES, len(PAUSES)) - 1]


def wrong_words(wrong: int) -> str:
    """Say what became of a wrong try, the last of so many in a row."""
    pause = pause_after(wrong)
    if pause:
        words = N_("That PIN is wrong, for the %(nth)s time. It is locked for %(time)s.")
        return _(words, nth=ordinal(wrong), time=long(pause))
    left = FREE_TRIES + 1 - wrong
    if left == 1:
        return _("That PIN is wrong. One more try, and then it is locked for %(time)s.", time=long(PAUSES[0]))
    return ngettext(
        "That PIN is wrong. %(count)s more try, and then it is locked for %(time)s.",
        "That PIN is wrong. %(count)s more tries, and then it is locked for %(time)s.",
        left,
        time=long(PAUSES[0]),
    )


def locked_words(left: timedelta) -> str:
    """Say for how long a PIN is still locked."""
    return _("This PIN was wrong too often, and is locked for %(time)s more.", time=long(left))


def long(time: timedelta) -> str:
    """Return a length of time in words, rounded up to minutes, or to hours from two on."""
    if time > 2 * HOUR:
        return ngettext("%(count)s hour", "%(count)s hours", -(-time // HOUR))
    return ngettext("%(count)s minute", "%(count)s minutes", -(-time // MINUTE))


def ordinal(number: int) -> str:
    """Return a number as a place in a row: 5th, 21st; other languages have the number alone, and say the rest."""
    if current().code != ENGLISH.code:
        return f"{number}"
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
