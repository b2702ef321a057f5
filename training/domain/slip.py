"""Invite slips: the short code that is typed from paper, and how a slip stands."""

from datetime import datetime
from enum import StrEnum

from training.domain.language import N_, _
from training.domain.refusal import Refusal

# Nothing that looks like something else on paper: no vowels, no L, and of 2 Z, 5 S, 6 G and 8 B the number alone.
ALPHABET = "23456789CDFHJKMNPQRTVWX"
LENGTH = 10
GROUP = 5
MISREAD = str.maketrans("ZSGB", "2568")
SEPARATORS = str.maketrans("", "", "-‐‑‒–—−_./:")


class CodeUnreadable(Refusal):
    """What was typed cannot be the code of a slip."""


class SlipState(StrEnum):
    """How the latest slip of somebody stands."""

    NONE = "none"
    OUT = "out"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """What the state is called on a page."""
        return _(LABELS[self])


LABELS = {
    SlipState.NONE: N_("No slip yet"),
    SlipState.OUT: N_("Out"),
    SlipState.USED: N_("Used"),
    SlipState.EXPIRED: N_("Expired"),
    SlipState.WITHDRAWN: N_("Withdrawn"),
}


def state_of(
    *, expires_at: datetime | None, used_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> SlipState:
    """Return how a slip stands; without a last instant there is no slip."""
    if expires_at is None:
        return SlipState.NONE
    if used_at is not None:
        return SlipState.USED
    if withdrawn_at is not None:
        return SlipState.WITHDRAWN
    return SlipState.EXPIRED if expires_at <= now else SlipState.OUT


def read_code(text: str) -> str:
    """Return the code that somebody typed, whatever the case, spaces and dashes, with Z read as 2 and so on.

    Raises:
        CodeUnreadable: it is not 10 letters and numbers of a code.
    """
    characters = "".join(text.upper().split()).translate(SEPARATORS).translate(MISREAD)
    strange = sorted(set(characters) - set(ALPHABET))
    if strange:
        raise CodeUnreadable(_("A code never has “%(letter)s” in it. Check it against the slip.", letter=strange[0]))
    if len(characters) != LENGTH:
        words = N_("A code has %(length)s letters and numbers; this one has %(number)s.")
        raise CodeUnreadable(_(words, length=LENGTH, number=len(characters)))
    return characters


def grouped(code: str) -> str:
    """Return a code as it is printed: `K7MX4-PQR9T`."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
