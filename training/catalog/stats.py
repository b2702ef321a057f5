"""Figures about content, one row for each item and role: its size, how hard it is to read, when its review is due."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from training.catalog.authored import authored_in
from training.catalog.faults import Faults
from training.catalog.glossary import Glossary
from training.catalog.plain_words import count_shown, everything_of, prose_of
from training.catalog.reading_ease import reading_ease, terms_of
from training.catalog.story import Story, Told
from training.catalog.timing import minutes_for
from training.domain.module import Module
from training.domain.roles import Role
from training.domain.scenario import Scenario, Tag


@dataclass(frozen=True, slots=True)
class Row:
    """One item as one role gets it.

    `shortest` and `longest` are the minutes worked out: for a module the same, for a story the quickest way to an
    ending and every scene. `parts` are cards or scenes. In a story `questions` are the scenes that ask for a choice,
    and `must` the critical choices. `days_to_review` is below nought once the day has passed.
    """

    item: str
    kind: str
    role: Role
    words: int
    minutes: int
    shortest: float
    longest: float
    parts: int
    questions: int
    must: int
    sources: int
    grade: float
    grade_with_terms: float
    days_to_review: int


def stats_of(path: Path, *, glossary: Glossary, today: date) -> list[Row]:
    """Return the rows of a content folder, a folder of items or one file; items with faults are left out."""
    terms = terms_of(glossary)
    rows = []
    for authored in authored_in(path):
        for role in authored.item.roles:
            ease = reading_ease(everything_of(authored.item, role), terms)
            sizes = _module(authored.item, role) if isinstance(authored.item, Module) else _scenario(authored.item)
            rows.append(
                Row(
                    item=authored.item.slug,
                    kind=authored.item.kind,
                    role=role,
                    minutes=authored.item.minutes,
                    grade=round(ease.grade, 1),
                    grade_with_terms=round(ease.grade_with_terms, 1),
                    days_to_review=(authored.item.review_by - today).days,
                    **sizes,
                )
            )
    return rows


def _module(module: Module, role: Role) -> dict[str, float]:
    questions = list(module.questions(role))
    words = count_shown(prose_of(module, role))
    minutes = round(minutes_for(words, len(questions)), 1)
    return {
        "words": words,
        "shortest": minutes,
        "longest": minutes,
        "parts": len(module.cards[role]),
        "questions": len(questions),
        "must": sum(question.must for question in questions),
        "sources": len({key for card in module.cards[role] for key in card.sources}),
    }


def _scenario(scenario: Scenario) -> dict[str, float]:
    story = Story(scenario.facts)
    words = {}
    for slug, scene in scenario.scenes.items():
        choices = (piece for choice in scene.choices for piece in (choice.html, choice.feedback_html))
        words[slug] = count_shown((scene.html, *choices))
        story.add(Told(scene, 0, (), words[slug]), Faults(slug))
    return {
        "words": sum(words.values()),
        "shortest": round(story.shortest_minutes(), 1),
        "longest": round(sum(story.minutes.values()), 1),
        "parts": len(scenario.scenes),
        "questions": sum(not scene.ending for scene in scenario.scenes.values()),
        "must": sum(choice.tag is Tag.CRITICAL for scene in scenario.scenes.values() for choice in scene.choices),
        "sources": len({key for scene in scenario.scenes.values() for key in scene.sources}),
    }


def as_table(rows: Iterable[Row]) -> str:
    """Return the rows in columns for a terminal: words to the left, numbers to the right."""
    heads = [field.name.replace("_", " ") for field in fields(Row)]
    cells = [heads, *([str(value) for value in asdict(row).values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(f"{'  '.join(_aligned(line, widths)).rstrip()}\n" for line in cells)


def _aligned(line: list[str], widths: list[int]) -> Iterator[str]:
    for number, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.ljust(width) if number < 3 else cell.rjust(width)


def as_csv(rows: Iterable[Row]) -> str:
    """Return the rows as CSV under a line of names."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [field.name for field in fields(Row)], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()


def as_json(rows: Iterable[Row]) -> str:
    """Return the rows as a list of objects in JSON."""
    return json.dumps([asdict(row) for row in rows], indent=2) + "\n"


FORMATS = {"table": as_table, "csv": as_csv, "json": as_json}
