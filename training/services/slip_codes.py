"""The short codes on invite slips: made up, and kept only as what is slow to work out from them."""

import hashlib
import secrets
from dataclasses import dataclass

from training.domain.slip import ALPHABET, LENGTH

# Slow to make, as 45 bits are few for whoever took the table away; one salt for all, or nobody could look one up.
CODE_COST = {"salt": b"training invite code", "n": 2**12, "r": 8, "p": 1, "dklen": 32}


@dataclass(frozen=True, slots=True)
class Code:
    """A short code as it is typed, and what is stored of it."""

    text: str
    hash: str


def new_code() -> Code:
    """Make up a code; making what is stored of it takes a hundredth of a second."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return Code(text, code_hash(text))


def code_hash(code: str) -> str:
    """Return what is stored of a code."""
    return hashlib.scrypt(code.encode(), **CODE_COST).hex()
