"""A made-up language, from right to left, in which whatever cannot be translated shows, because it stays Latin."""

import re
from gettext import NullTranslations

from training.domain.language import Speech

LATIN = "abcdefghijklmnopqrstuvwxyz"
ARABIC = "ابجدهوزحطيكلمنسعفصقرشتثخذض"
LETTERS = str.maketrans(LATIN + LATIN.upper(), ARABIC + ARABIC)
# Values, tags and entities are no words.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>|&\w+;)")


def disguise(message: str) -> str:
    """Return a sentence in the letters of the language, with the places for values and the tags as they were."""
    return "".join(part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(message))


class Disguised(NullTranslations):
    """Every sentence in other letters."""

    def gettext(self, message: str) -> str:
        """Return a sentence in other letters."""
        return disguise(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of a sentence that English has for a count, in other letters."""
        return disguise(msgid1 if n == 1 else msgid2)


PSEUDO = Speech("x-rtl", "ar-x-pseudo", Disguised(), is_from_right=True)
