"""What a reviewer is told about an item beside its words: reading ease for each role, and the hints to its author."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from training.catalog.authored import read_authored
from training.catalog.hints import Hint, hints_for
from training.catalog.library import Catalog
from training.catalog.plain_words import everything_of
from training.catalog.reading_ease import TARGETS, reading_ease, terms_of
from training.domain.module import Module
from training.domain.roles import Role
from training.domain.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Grade:
    """How hard an item is to read for one role, with the grade that is aimed at."""

    role: Role
    grade: float
    target: float

    @property
    def is_over(self) -> bool:
        """Whether it is harder than it should be."""
        return self.grade > self.target


@dataclass(frozen=True, slots=True)
class Notes:
    """The grades of an item, one for each role, and its hints in the order of its lines."""

    grades: tuple[Grade, ...]
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The notes made so far on one catalogue on one day, by slug."""

    catalog: Catalog
    today: date
    notes: dict[str, Notes] = field(default_factory=dict)


class Notebook:
    """Makes the notes on each item once for a catalogue and a day: counting syllables takes longer than a page may."""

    def __init__(self, content_dir: Path) -> None:
        self.content_dir = content_dir
        self._sheet: Sheet | None = None

    def notes_on(self, item: Module | Scenario, *, catalog: Catalog, today: date) -> Notes:
        """Return the notes on an item of the catalogue."""
        sheet = self._sheet
        if sheet is None or sheet.catalog is not catalog or sheet.today != today:
            sheet = self._sheet = Sheet(catalog, today)
        if item.slug not in sheet.notes:
            sheet.notes[item.slug] = Notes(_grades(item, catalog), self._hints(item, catalog, today))
        return sheet.notes[item.slug]

    def _hints(self, item: Module | Scenario, catalog: Catalog, today: date) -> tuple[Hint, ...]:
        path = self.content_dir / f"{item.kind}s" / f"{item.slug}.md"
        # Files may be newer than the catalogue in use, and their hints would speak of other words.
        authored = read_authored(path)[0] if path.is_file() else None
        if authored is None or authored.item.content_hash != item.content_hash:
            return ()
        return tuple(hints_for(path, glossary=catalog.glossary, today=today))


def _grades(item: Module | Scenario, catalog: Catalog) -> tuple[Grade, ...]:
    terms = terms_of(catalog.glossary)
    measured = ((role, reading_ease(everything_of(item, role), terms).grade) for role in item.roles)
    return tuple(Grade(role, round(grade, 1), TARGETS[role]) for role, grade in measured)
