"""A document as data: headings, sentences, points and tables, whichever way it is set."""

from dataclasses import dataclass

from training.domain.report import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it: paragraphs, then points, then tables; at `level` 3 it is part of a section.

    A table's rows are read once. `on_new_page` leaves the rest of the page before it empty.
    """

    heading: str
    words: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    level: int = 2
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its title, what it says of itself, each with its name, and its sections in order."""

    title: str
    organisation: str
    said: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
