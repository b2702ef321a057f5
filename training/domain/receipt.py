"""Receipt codes: short, readable, and worked out from the record they stand for."""

import json
from datetime import date
from hashlib import sha256

from training.domain.language import _
from training.domain.refusal import Refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 15
GROUP = 5
BITS_EACH = 5
MISREAD = str.maketrans("OIL", "011")
SEPARATORS = str.maketrans("", "", "-‐‑‒–—−_./")


class CodeUnreadable(Refusal):
    """What was typed cannot be a receipt code."""


def receipt_code(*, attempt_id: str, person_id: str, content_hash: str, passed_on: date) -> str:
    """Return the code of a passed attempt: 75 bits of SHA-256 in Crockford's base 32, in three groups of five.

    The same record always gives the same code, so a code can be checked against the record and is never made up.
    """
    record = json.dumps(["receipt", attempt_id, person_id, content_hash, passed_on.isoformat()])
    digest = int.from_bytes(sha256(record.encode()).digest())
    top = digest >> (256 - LENGTH * BITS_EACH)
    shifts = range((LENGTH - 1) * BITS_EACH, -1, -BITS_EACH)
    return _grouped("".join(ALPHABET[top >> shift & 31] for shift in shifts))


def read_code(text: str) -> str:
    """Return the code that someone typed, whatever the case, spaces and dashes, with O read as 0 and I or L as 1.

    Raises:
        CodeUnreadable: it is not 15 letters and numbers of a receipt code.
    """
    characters = "".join(text.upper().split()).translate(SEPARATORS).translate(MISREAD)
    strange = sorted(set(characters) - set(ALPHABET))
    if strange:
        raise CodeUnreadable(
            _("A receipt code never has “%(character)s” in it. Check it against the receipt.", character=strange[0])
        )
    if len(characters) != LENGTH:
        words = _(
            "A receipt code has %(length)s letters and numbers; this one has %(count)s.",
            length=LENGTH,
            count=len(characters),
        )
        raise CodeUnreadable(words)
    return _grouped(characters)


def _grouped(characters: str) -> str:
    return "-".join(characters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
