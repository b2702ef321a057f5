"""The words that a learner reads: rendered HTML without its marks, sentence by sentence."""

import html
import re
from collections.abc import Iterable, Iterator

from training.catalog.prose import WORD
from training.domain.module import Module, Question
from training.domain.roles import Role
from training.domain.scenario import Scenario

# Citations and the labels of blocks are the page's own words, not the author's.
ADDED = re.compile(r'<sup class="app-citation">.*?</sup>|<p class="app-block__label">.*?</p>', re.DOTALL)
ENDS = re.compile(r"</(?:p|li|h3|td|th|tr|div|blockquote|span)>|<(?:br|hr)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")
SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")


def sentences_of(rendered: str) -> Iterator[str]:
    """Yield the sentences of rendered HTML; a paragraph, list item or cell ends one, with a full stop or without."""
    shown = TAG.sub("", ENDS.sub("\n", ADDED.sub(" ", rendered)))
    for stretch in html.unescape(shown).split("\n"):
        yield from (sentence for sentence in SENTENCE.split(stretch) if WORD.search(sentence))


def words_of(sentence: str) -> list[str]:
    """Return the words of a sentence; `don't` and `in-date` are one each."""
    return [word for word in sentence.split() if WORD.search(word)]


def count_shown(rendered: Iterable[str]) -> int:
    """Count the words that a reader sees in pieces of HTML."""
    return sum(len(words_of(sentence)) for piece in rendered for sentence in sentences_of(piece))


def prose_of(item: Module | Scenario, role: Role) -> Iterator[str]:
    """Yield the pieces of HTML that count as reading: a role's cards without questions; of a story, everything."""
    if isinstance(item, Module):
        yield from (part.html for card in item.cards[role] for part in card.parts)
        return
    for scene in item.scenes.values():
        yield scene.html
        yield from (piece for choice in scene.choices for piece in (choice.html, choice.feedback_html))


def everything_of(item: Module | Scenario, role: Role) -> Iterator[str]:
    """Yield every piece of HTML that a role reads, questions, options and feedback as well."""
    yield from prose_of(item, role)
    if isinstance(item, Module):
        for question in item.questions(role):
            yield from words_asked(question)


def words_asked(question: Question) -> Iterator[str]:
    """Yield the pieces of a question: what is asked, and each option with what belongs to it and its feedback."""
    yield question.prompt_html
    for option in question.options:
        yield from (option.html, html.escape(option.partner, quote=False), option.feedback_html)
