"""What people type as a name: any script, without characters that would hide or break something."""

import re
import unicodedata

from training.domain.language import N_, _

LONGEST = 255
LONGEST_EMAIL = 320
# Marks that turn the direction of all that follows: a name could rewrite the line it stands in.
TURNING = {chr(code) for code in [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF]}


class NameRefused(Exception):
    """A name cannot be kept because nothing readable is in it, or it is too long."""


class EmailRefused(NameRefused):
    """An e-mail address cannot be kept because it cannot be one."""


def tidy_text(text: str) -> str:
    """Return text as it is stored: composed, on one line, without control, turning or unpaired characters."""
    kept = (" " if character in "\t\r\n\v\f\x85\u2028\u2029" else character for character in text)
    visible = "".join(
        character
        for character in kept
        if character not in TURNING and unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
    )
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def read_name(text: str, *, what: str = N_("name")) -> str:
    """Return a tidy name.

    Raises:
        NameRefused: when it is empty once tidied, or longer than 255 characters.
    """
    name = tidy_text(text)
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise NameRefused(_("Enter a %(what)s.", what=_(what)))
    if len(name) > LONGEST:
        words = N_("The %(what)s is longer than %(longest)s characters. Shorten it.")
        raise NameRefused(_(words, what=_(what), longest=LONGEST))
    return name


def read_email(text: str) -> str:
    """Return a tidy e-mail address, in lower case: nobody has two that differ in that alone.

    Raises:
        EmailRefused: when it cannot be one.
    """
    email = tidy_text(text.lower())
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email) or len(email) > LONGEST_EMAIL:
        raise EmailRefused(_("Enter an e-mail address such as name@example.org."))
    return email


def initials(name: str) -> str:
    """Return the first character of each word, at most three, as somebody's initials."""
    return "".join(word[0].upper() for word in name.split()[:3] if word)
