"""The languages with the words of their catalogues, for pages and for letters."""

from functools import lru_cache
from pathlib import Path

from babel.support import Translations

from training.domain.language import ENGLISH, Language, Speech

CATALOGUES = Path(__file__).parent / "translations"


def speech_of(chosen: Language) -> Speech:
    """Return a language with its translations."""
    return ENGLISH if chosen is Language.ENGLISH else with_words(chosen)


@lru_cache
def with_words(chosen: Language) -> Speech:
    """Return a language with the words of its catalogue, which stay the same while the process lives."""
    return Speech(chosen.value, chosen.value, Translations.load(CATALOGUES, [chosen.value]))
