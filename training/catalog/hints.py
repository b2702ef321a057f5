"""Hints to authors: what is no fault in a content file and yet worth a second look."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from re import Pattern

from training.catalog.authored import Authored, authored_in
from training.catalog.blocks import Block
from training.catalog.cards import Draft, drafts_of
from training.catalog.claims import uncited_claims
from training.catalog.easy_read_hints import easy_read_hints
from training.catalog.faults import Faults
from training.catalog.glossary import Glossary
from training.catalog.pausing import collector_paused
from training.catalog.plain_words import everything_of, words_asked
from training.catalog.prose import count_words
from training.catalog.reading_ease import TARGETS, reading_ease, terms_of
from training.catalog.translation_hints import translation_hints
from training.domain.module import Card, Module, Question, QuestionKind
from training.domain.roles import Role

CARD_WORDS = 120
SOURCE_DAYS = 365
FEWEST_OPTIONS = 3
FEWEST_QUESTIONS = 4
POSITIONS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True, order=True)
class Hint:
    """One thing worth a second look at one line of one file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: hint: {self.message}"


@collector_paused()
def hints_for(path: Path, *, glossary: Glossary, today: date) -> list[Hint]:
    """Return every hint for a content folder, a folder of items or one file; files with faults have none yet."""
    terms = terms_of(glossary)
    of_items = (
        Hint(str(authored.path), line, message)
        for authored in authored_in(path)
        for line, message in _hints(authored, terms, today)
    )
    of_twins = (Hint(str(file), line, message) for file, line, message in easy_read_hints(path, today))
    of_translations = (Hint(str(file), line, message) for file, line, message in translation_hints(path))
    return sorted([*of_items, *of_twins, *of_translations])


def _hints(authored: Authored, terms: Pattern, today: date) -> Iterator[tuple[int, str]]:
    yield from _hard_to_read(authored, terms)
    yield from _skewed(authored)
    yield from _long_cards(authored)
    yield from _old_sources(authored, today)
    yield from _unused_sources(authored)
    if authored.item.review_by < today:
        line = authored.lines["review_by"]
        yield line, f"the review was due by {authored.item.review_by}: review it, and set the next day"
    for line, words in uncited_claims(authored.nodes):
        yield line, f"this paragraph seems to claim something (“{words}”) and cites nothing: cite its source, `[^name]`"


def _hard_to_read(authored: Authored, terms: Pattern) -> Iterator[tuple[int, str]]:
    for role in authored.item.roles:
        ease = reading_ease(everything_of(authored.item, role), terms)
        if ease.grade > TARGETS[role]:
            yield (
                authored.lines["roles"],
                f"{role} reads this at grade {ease.grade:.1f} ({ease.grade_with_terms:.1f} with glossary terms), over "
                f"{TARGETS[role]:.0f}: shorten sentences and words, beginning with “{_hardest(authored, role, terms)}”",
            )


def _hardest(authored: Authored, role: Role, terms: Pattern) -> str:
    """Return the heading of the card or scene that is hardest to read."""
    if isinstance(authored.item, Module):
        pieces = {card.title: list(_card_pieces(card)) for card in authored.item.cards[role]}
    else:
        pieces = {scene.title: [scene.html] for scene in authored.item.scenes.values()}
    return max(pieces, key=lambda title: reading_ease(pieces[title], terms).grade)


def _card_pieces(card: Card) -> Iterator[str]:
    for part in card.parts:
        yield part.html
        yield from words_asked(part.question) if part.question else ()


def _skewed(authored: Authored) -> Iterator[tuple[int, str]]:
    """Yield a position among the options that holds over half of the right answers, which learners soon notice."""
    asked = _single_choice(authored)
    places = Counter(_place(question) for question in asked.values())
    place, count = max(places.items(), key=lambda item: item[1], default=(0, 0))
    if len(asked) >= FEWEST_QUESTIONS and count * 2 > len(asked):
        line = min(_question_lines(authored)[name] for name, question in asked.items() if _place(question) == place)
        where = POSITIONS[place] if place < len(POSITIONS) else f"number {place + 1}"
        yield line, f"the right answer stands {where} in {count} of {len(asked)} questions: move some of them"


def _single_choice(authored: Authored) -> dict[str, Question]:
    if not isinstance(authored.item, Module):
        return {}
    asked = (question for role in authored.item.roles for question in authored.item.questions(role))
    return {
        question.id: question
        for question in asked
        if question.kind is QuestionKind.SINGLE and len(question.options) >= FEWEST_OPTIONS
    }


def _place(question: Question) -> int:
    return next(place for place, option in enumerate(question.options) if option.right)


def _question_lines(authored: Authored) -> dict[str, int]:
    nodes = (node for draft in _drafts(authored) for _, node in draft.nodes if isinstance(node, Block))
    return {node.arguments[0]: node.line for node in nodes if node.name == "question"}


def _drafts(authored: Authored) -> list[Draft]:
    return drafts_of(authored.nodes, authored.item.roles, Faults(str(authored.path)))


def _long_cards(authored: Authored) -> Iterator[tuple[int, str]]:
    if not isinstance(authored.item, Module):
        return
    for draft in _drafts(authored):
        words = {role: _card_words(draft, role) for role in authored.item.roles if role in draft.roles}
        longest = max(words, key=lambda role: (words[role], role))
        if words[longest] > CARD_WORDS:
            yield (
                draft.heading.line,
                f"the card has {words[longest]} words for {longest}, over {CARD_WORDS}: shorten it, or make two cards",
            )


def _card_words(draft: Draft, role: Role) -> int:
    nodes = (node for roles, node in draft.nodes if role in roles)
    told = (node for node in nodes if not (isinstance(node, Block) and node.name == "question"))
    return sum(count_words(node.text.text if isinstance(node, Block) else node.text) for node in told)


def _old_sources(authored: Authored, today: date) -> Iterator[tuple[int, str]]:
    for source in authored.item.sources:
        if (today - source.checked_on).days > SOURCE_DAYS:
            line = authored.line_of_source(source.key)
            yield line, f"the source `{source.key}` was last checked on {source.checked_on}: look at it again"


def _unused_sources(authored: Authored) -> Iterator[tuple[int, str]]:
    item = authored.item
    if isinstance(item, Module):
        used = {key for cards in item.cards.values() for card in cards for key in card.sources}
    else:
        used = {key for scene in item.scenes.values() for key in scene.sources}
    for source in item.sources:
        if source.key not in used:
            line = authored.line_of_source(source.key)
            yield line, f"nothing cites the source `{source.key}`: cite it, or take it out"
