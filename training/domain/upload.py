"""A table that somebody sends: lines of cells, the headings among them, and what stands in a cell."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from training.domain.days import DayUnreadable, NoSuchDay, read_day
from training.domain.language import N_, _
from training.domain.names import tidy_text
from training.domain.refusal import Refusal

Cell = str | date
# Reports put a title, a date and blank lines above their headings.
HEADINGS_WITHIN = 30
# Two digits of a year, as other systems write them: 69 to 99 are the last century.
LAST_CENTURY = 69
SHOWN = 80
MISSING = N_("No column is called %(named)s. Row %(number)s has %(seen)s. Rename your headings, or use our template.")


class HeadingsMissing(Refusal):
    """A table in which the columns that are needed cannot be found."""


class HeadingTwice(Refusal):
    """A table in which two columns could be the same."""


class NothingBelow(Refusal):
    """A table with headings and nothing under them."""


class CellUnreadable(Refusal):
    """A cell that does not hold what its column says."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, by the number that a spreadsheet shows beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line: in which column, with which value, and what to do."""

    column: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a table may say: its slug, its heading, other headings that mean it, and whether it is needed."""

    slug: str
    heading: str
    others: tuple[str, ...] = ()
    needed: bool = True

    def is_called(self, heading: str) -> bool:
        """Say whether a heading means this."""
        return plain(heading) in {plain(each) for each in (self.heading, *self.others)}


@dataclass(frozen=True, slots=True)
class Table:
    """The lines below the headings; `columns` says where each field stands, `ignored` which headings mean nothing."""

    columns: Mapping[str, int]
    headings: Mapping[str, str]
    ignored: tuple[str, ...]
    lines: tuple[Line, ...]

    def cell(self, line: Line, slug: str) -> Cell:
        """Return what a line says of a field; nothing where it has no such column."""
        at = self.columns.get(slug, -1)
        return line.cells[at] if 0 <= at < len(line.cells) else ""

    def heading(self, slug: str) -> str:
        """Return what the file calls a field."""
        return self.headings.get(slug, slug)


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """Return a heading with nothing but its letters and digits, so that “Staff No.” is “staffno”."""
    return "".join(character for character in tidy_text(heading).casefold() if character.isalnum())


def fits(lines: Sequence[Line], fields: Collection[Field]) -> bool:
    """Say whether the headings that are needed stand among the first lines."""
    return any(all(found for found in found_in(line, fields).values()) for line in lines[:HEADINGS_WITHIN])


def found_in(line: Line, fields: Collection[Field]) -> dict[Field, list[int]]:
    """Return where a line has each field that is needed."""
    return {field: places(line, field) for field in fields if field.needed}


def places(line: Line, field: Field) -> list[int]:
    """Return the columns of a line that are called as a field may be."""
    return [at for at, cell in enumerate(line.cells) if isinstance(cell, str) and field.is_called(cell)]


def read_table(lines: Sequence[Line], fields: Collection[Field], *, missing_words: str = MISSING) -> Table:
    """Return a table by its headings, wherever these stand and in whatever order.

    `missing_words` is what is said where some are missing, with what to do.

    Raises:
        HeadingsMissing: naming what is missing and what was found in its place.
        HeadingTwice, NothingBelow: in words.
    """
    first = lines[:HEADINGS_WITHIN]
    best = max(first, key=lambda line: sum(map(bool, found_in(line, fields).values())))
    missing = [field.heading for field, found in found_in(best, fields).items() if not found]
    if missing:
        raise HeadingsMissing(words_about(missing, best, words=missing_words))
    columns: dict[str, int] = {}
    for field in fields:
        found = places(best, field)
        if len(found) > 1:
            raise HeadingTwice(words_about_both([text_of(best.cells[at]) for at in found], field, best))
        if found:
            columns[field.slug] = found[0]
    below = tuple(line for line in lines if line.number > best.number)
    if not below:
        raise NothingBelow(_("Nothing stands below the headings."))
    names = {slug: text_of(best.cells[at]) for slug, at in columns.items()}
    ignored = (text_of(cell) for at, cell in enumerate(best.cells) if at not in columns.values())
    return Table(columns, names, tuple(name for name in ignored if name), below)


def words_about(missing: Sequence[str], best: Line, *, words: str) -> str:
    """Say which headings are missing, beside those that were found."""
    found = [text_of(cell)[:SHOWN] for cell in best.cells if text_of(cell)]
    named = ", ".join(_("“%(words)s”", words=one) for one in missing)
    seen = ", ".join(_("“%(words)s”", words=one) for one in found[:12])
    return _(words, named=named, number=best.number, seen=seen)


def words_about_both(found: Sequence[str], field: Field, best: Line) -> str:
    """Say which headings could be the same."""
    both = _(" and ").join(f"“{name}”" for name in found)
    words = N_("%(both)s in row %(number)s could both be “%(heading)s”. Leave one out.")
    return _(words, both=both, number=best.number, heading=field.heading)


def text_of(cell: Cell) -> str:
    """Return a cell as tidy text."""
    return tidy_text(cell) if isinstance(cell, str) else cell.isoformat()


def shown(cell: Cell) -> str:
    """Return a cell as it is shown beside a fault; no longer than a line."""
    text = text_of(cell)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def words_in(cell: Cell) -> str:
    """Return the text of a cell that is to hold words or a number.

    Raises:
        CellUnreadable: where a spreadsheet has made a date of it.
    """
    if isinstance(cell, date):
        raise CellUnreadable(_("The spreadsheet holds a date here. Format the cell as text and type it again."))
    return tidy_text(cell)


def day_of(cell: Cell) -> date | None:
    """Return the day in a cell, or None where it is empty: a date, 13/01/2027 (day first) or 2027-01-13.

    Raises:
        CellUnreadable: with an example.
    """
    if isinstance(cell, date):
        return cell
    text = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", tidy_text(cell))
    if not text:
        return None
    short = re.fullmatch(r"(.*\D)(\d\d)", text)
    if short and len(re.findall(r"\w+", text)) == 3 and not re.match(r"\d{4}", text):
        text = f"{short[1]}{'19' if int(short[2]) >= LAST_CENTURY else '20'}{short[2]}"
    try:
        return read_day(text)
    except NoSuchDay as error:
        raise CellUnreadable(str(error)) from error
    except DayUnreadable as error:
        raise CellUnreadable(_("Write the day like 13/01/2027 (day first), 2027-01-13 or 13 Jan 2027.")) from error
