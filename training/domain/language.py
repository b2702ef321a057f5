"""The language in which somebody is spoken to: every sentence that people read is asked for here, in English.

The English sentence is the key of its translations, so a sentence that has none yet is said in English. Whoever serves
a page or writes a letter says first in whose language (`speak`, `spoken`); everything else is English, and so is every
file that leaves the service as evidence.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from gettext import NullTranslations
from typing import TypeVar

Piece = TypeVar("Piece")


class Language(StrEnum):
    """What the interface can be read in."""

    ENGLISH = "en"
    WELSH = "cy"
    POLISH = "pl"

    @property
    def label(self) -> str:
        """What the language calls itself, which is how its readers find it."""
        return {"en": "English", "cy": "Cymraeg", "pl": "Polski"}[self.value]


@dataclass(frozen=True, slots=True)
class Speech:
    """A language as it is spoken: its tag for HTML, its translations, and whether it is written from right to left."""

    code: str
    tag: str
    words: NullTranslations
    is_from_right: bool = False


ENGLISH = Speech(Language.ENGLISH, "en-GB", NullTranslations())
_speech: ContextVar[Speech] = ContextVar("speech", default=ENGLISH)


def current() -> Speech:
    """Return the language that is spoken now."""
    return _speech.get()


def speak(speech: Speech) -> None:
    """Speak a language from now on, in this thread."""
    _speech.set(speech)


@contextmanager
def spoken(speech: Speech) -> Iterator[None]:
    """Speak a language until the block ends."""
    before = _speech.set(speech)
    try:
        yield
    finally:
        _speech.reset(before)


def in_english(pieces: Generator[Piece, None, None]) -> Generator[Piece, None, None]:
    """Yield the pieces of a file that leaves the service: each is made in English, whatever is spoken between them."""
    try:
        while True:
            with spoken(ENGLISH):
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece
    finally:
        pieces.close()


def N_(message: str) -> str:  # noqa: N802
    """Mark an English sentence for translators where it stands in a table; `_` says it when its time comes."""
    return message


def _(message: str, **values: object) -> str:
    """Say a sentence in the language that is spoken, with values in the places it names: `%(name)s`."""
    speech = _speech.get()
    # Files of a million rows are English, and need no catalogue to say so.
    said = message if speech is ENGLISH else speech.words.gettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Say a sentence that goes with a count, which it may name as `%(count)s`; languages differ in how many forms."""
    return form_for(one, many, count) % {"count": count, **values}


def form_for(one: str, many: str, count: int) -> str:
    """Return the form of a sentence that goes with a count, for a template that puts the values in itself."""
    return _speech.get().words.ngettext(one, many, count)
