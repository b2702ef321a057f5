"""A sheet: one or two pages of A4 to print and fill in with a pen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.domain.module import SignOff, Source

LINE_MM = 8  # the distance of the lines in ruled school paper: less, and a tired hand cannot keep to them
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STANDING = "Never change or stop a medicine without the prescriber. In an emergency call 999."


class PartKind(StrEnum):
    """What a part of a sheet looks like."""

    SPACES = "spaces"
    TABLE = "table"
    WEEK = "week"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and the numbers of the sources that they rest on."""

    words: str
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of text in pieces, so that each source stands behind its own claim; an empty one has none."""

    pieces: tuple[Piece, ...] = ()

    @property
    def words(self) -> str:
        """The text without its sources."""
        return "".join(piece.words for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a part: a question with its space, a column, a row of the week, or something to read.

    `lines` is how many lines there are to write on, `width` the per cent of the page that a column takes; 0 where it
    has none.
    """

    phrase: Phrase
    hint: Phrase
    lines: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sheet under its heading; `rows` and `lines` are those of an empty table."""

    kind: PartKind
    heading: str
    note: Phrase
    items: tuple[Item, ...]
    rows: int = 0
    lines: int = 0
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole sheet. `blanks` are filled in at the top of each page, so that loose pages find each other again."""

    slug: str
    title: str
    summary: str
    landscape: bool
    blanks: tuple[str, ...]
    parts: tuple[Part, ...]
    version: str
    sources: tuple[Source, ...]
    written_on: date
    review_by: date
    clinical_signoff: SignOff | None = None

    @property
    def pages(self) -> tuple[tuple[tuple[Part, ...], ...], ...]:
        """The parts of each page, column by column.

        A page has one column, unless it lies on its side and holds no week: lines right across it are too long to read.
        """
        return tuple(self._columns(parts) for parts in self._pages())

    def _pages(self) -> Iterator[tuple[Part, ...]]:
        begin = 0
        for position, part in enumerate(self.parts):
            if part.new_page and position > begin:
                yield self.parts[begin:position]
                begin = position
        yield self.parts[begin:]

    def _columns(self, parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], ...]:
        if not self.landscape or len(parts) == 1 or any(part.kind is PartKind.WEEK for part in parts):
            return (parts,)
        half = (len(parts) + 1) // 2
        return parts[:half], parts[half:]
