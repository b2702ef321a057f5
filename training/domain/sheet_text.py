"""Text that a spreadsheet would not take as it stands."""

import unicodedata
from typing import Final

STARTS_A_FORMULA: Final = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")


def begins_a_formula(text: str) -> bool:
    """Say whether a spreadsheet that opens a text file would run a cell, whatever cannot be seen before it."""
    for character in text:
        if unicodedata.category(character)[0] not in "CZ" and character != "\u034f":
            return character in STARTS_A_FORMULA
    return False
