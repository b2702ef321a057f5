"""How hard a text is to read: the Flesch-Kincaid grade, with glossary terms left out of the syllables and with them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from training.catalog.glossary import Glossary
from training.catalog.plain_words import sentences_of, words_of
from training.catalog.syllables import syllables_in
from training.domain.roles import Role

CARE, PROFESSIONAL = 7.0, 10.0
TARGETS = {
    Role.PRESCRIBER: PROFESSIONAL,
    Role.NON_PRESCRIBER: PROFESSIONAL,
    Role.SOCIAL_CARE: CARE,
    Role.FAMILY_CARER: CARE,
}
NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class ReadingEase:
    """What a text's grade is made of; `plain_...` are the words that no glossary explains."""

    sentences: int
    words: int
    syllables: int
    plain_words: int
    plain_syllables: int

    @property
    def grade(self) -> float:
        """The grade, with glossary terms counted in the length of sentences but not among the syllables."""
        return _grade(self.words, self.sentences, syllables=self.plain_syllables, among=self.plain_words)

    @property
    def grade_with_terms(self) -> float:
        """The grade as any other programme would give it, with every word counted."""
        return _grade(self.words, self.sentences, syllables=self.syllables, among=self.words)


def _grade(words: int, sentences: int, *, syllables: int, among: int) -> float:
    # Flesch and Kincaid's formula of 1975, as the United States Navy published it.
    if not sentences or not among:
        return 0.0
    return 0.39 * words / sentences + 11.8 * syllables / among - 15.59


def terms_of(glossary: Glossary) -> re.Pattern:
    """Return a pattern that finds every term in each of its forms, also those explained on the glossary's page only."""
    forms = {form for term in glossary.terms.values() for form in (term.term, *term.also)}
    if not forms:
        return NOTHING
    longest_first = sorted(map(re.escape, forms), key=lambda form: (-len(form), form))
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b(?:['’]s)?", re.IGNORECASE)


def reading_ease(rendered: Iterable[str], terms: re.Pattern = NOTHING) -> ReadingEase:
    """Measure pieces of rendered HTML; `terms` are left out of the syllables."""
    sentences = [sentence for piece in rendered for sentence in sentences_of(piece)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    plain = words_of(terms.sub(" ", "\n".join(sentences)))
    return ReadingEase(
        sentences=len(sentences),
        words=len(words),
        syllables=sum(map(syllables_in, words)),
        plain_words=len(plain),
        plain_syllables=sum(map(syllables_in, plain)),
    )
