"""Hints to authors of Easy Read twins: long sentences, reviews that are late, and modules that have moved on."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from training.catalog.authored import read_authored
from training.catalog.easy_read import easy_read_files, module_of, read_easy_reads, sentences_in
from training.catalog.faults import Faults
from training.catalog.prose import count_words
from training.catalog.source_text import read_source
from training.domain.easy_read import EasyRead

MOST_WORDS = 15


def easy_read_hints(path: Path, today: date) -> Iterator[tuple[Path, int, str]]:
    """Yield file, line and words of every hint for the twins at a path; files with faults have none yet."""
    for file in easy_read_files(path):
        twins, _ = read_easy_reads(file)
        for twin in twins.values():
            text = read_source(file, Faults(str(file))) or ""
            hints = (*_long_sentences(text), *_review_due(twin, text, today), *_module_moved_on(twin, file, text))
            yield from ((file, line, words) for line, words in hints)


def _long_sentences(text: str) -> Iterator[tuple[int, str]]:
    for line, sentence in sentences_in(text):
        if (count := count_words(sentence)) > MOST_WORDS:
            yield line, f"the sentence has {count} words, over {MOST_WORDS}: shorten it, or make two"


def _review_due(twin: EasyRead, text: str, today: date) -> Iterator[tuple[int, str]]:
    if twin.review_by < today:
        yield (
            _line_of("review_by", text),
            f"the review was due by {twin.review_by}: review it, and set the next day",
        )


def _module_moved_on(twin: EasyRead, file: Path, text: str) -> Iterator[tuple[int, str]]:
    authored, _ = read_authored(module_of(file))
    if authored and authored.item.version != twin.module_version:
        yield (
            _line_of("module_version", text),
            f"the module is at version {authored.item.version}: read it again, and write its version here",
        )


def _line_of(key: str, text: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(f"{key}:"))
