"""Hints to translators: a translation left behind by its original, words left in English, and other numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from training.catalog.authored import read_authored
from training.catalog.blocks import Node, parse_blocks
from training.catalog.faults import Faults
from training.catalog.front_matter import Document
from training.catalog.plain_markdown import CITATION
from training.catalog.prose import ADDRESS
from training.catalog.source_text import read_source
from training.catalog.stretches import Stretch, stretches
from training.catalog.translations import is_stale, original_of, read_front, translation_files, words_hash
from training.domain.module import Module

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class _Beside:
    """A translation and its original, as written."""

    document: Document
    nodes: tuple[Node, ...]
    original: Module
    original_nodes: tuple[Node, ...]


def translation_hints(path: Path) -> Iterator[tuple[Path, int, str]]:
    """Yield the hints for the translations of a content folder, a folder of them, or the one file."""
    for file in translation_files(path):
        beside = _beside(file)
        if beside:
            yield from ((file, line, message) for line, message in _hints(beside))


def _beside(path: Path) -> _Beside | None:
    faults = Faults(str(path))
    text = read_source(path, faults)
    document = read_front(path, text, faults) if text is not None else None
    authored = read_authored(original_of(path))[0] if document and original_of(path).is_file() else None
    if authored is None:
        return None
    nodes = parse_blocks(document.body, document.body_line, faults)
    return _Beside(document, nodes, authored.item, authored.nodes)


def _hints(beside: _Beside) -> Iterator[tuple[int, str]]:
    front, item = beside.document.front, beside.original
    if is_stale(front, item, beside.original_nodes):
        yield (
            beside.document.lines["original_words"],
            f"this was translated from version {front.original_version} of {item.slug}, whose words have changed "
            "since: nobody is shown it. Bring it up to date, and then write "
            f'`original_version: "{item.version}"` and `original_words: {words_hash(item, beside.original_nodes)}`',
        )
        return
    pairs = zip_longest([*_front(beside, first=True), *stretches(beside.original_nodes)], _here(beside))
    yield from _different(pairs)


def _here(beside: _Beside) -> Iterator[Stretch]:
    yield from _front(beside, first=False)
    yield from stretches(beside.nodes)


def _front(beside: _Beside, *, first: bool) -> Iterator[Stretch]:
    said, lines = (beside.original if first else beside.document.front), beside.document.lines
    for name in ("title", "summary"):
        yield Stretch(lines[name], name, getattr(said, name))
    for outcome in said.outcomes:
        yield Stretch(lines["outcomes"], "an outcome", outcome)


def _different(pairs: Iterable[tuple[Stretch | None, Stretch | None]]) -> Iterator[tuple[int, str]]:
    """Yield what is not as it should be, up to where the two do not go together, which is a fault and said there."""
    for first, other in pairs:
        if first is None or other is None or first.mark != other.mark:
            return
        plain, here = _plain(first.text), _plain(other.text)
        if plain == here and WORD.search(plain):
            yield other.line, f"{other.mark} is still what the original says (“{here[:50]}”): translate it"
        if _numbers(plain) != _numbers(here):
            yield other.line, f"{other.mark} has not the numbers of the original (its line {first.line}): compare them"


def _plain(text: str) -> str:
    return " ".join(ADDRESS.sub("]", CITATION.sub(" ", text)).split())


def _numbers(text: str) -> Counter:
    """Count the numbers in a text; a comma before the decimals is a point."""
    return Counter(number.replace(",", ".") for number in NUMBER.findall(text))
