"""Text with separators, as spreadsheets and other systems really save it: encodings, separators, quotes."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from training.domain.language import N_, _
from training.domain.upload import Line
from training.uploads.safety import MOST_CELLS, MOST_COLUMNS, MOST_LINES, TOO_MUCH, other_kind, too_long, too_wide
from training.uploads.safety import UploadRefused as Refused

SEPARATORS: Final = (",", ";", "\t", "|")
LOOKED_AT: Final = 30
# Of the first characters, so few may be such as no text has.
MOST_STRANGE: Final = 0.05
MARKS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_delimited(data: bytes) -> list[Line]:
    """Return the lines of a text file, by the numbers that a spreadsheet would show.

    Raises:
        UploadRefused: where it is no text, or has more than the limits.
    """
    text = decode(data)
    refuse_binary(text)
    named, text = separator_named(text)
    lines = list(lines_of(text, separator=named or separator_of(text)))
    if not lines:
        raise Refused(_("The file is empty."))
    return lines


def decode(data: bytes) -> str:
    """Return bytes as text: by the mark at the beginning, else UTF-8, UTF-16 without a mark, or Windows' code page."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return decode_as(data, encoding)
    zeros = data[:2000].count(0)
    if zeros > len(data[:2000]) // 4:
        return decode_as(data, "utf-16-le" if data[1:2000:2].count(0) > zeros // 2 else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def decode_as(data: bytes, encoding: str) -> str:
    """Return bytes as text in an encoding that they announce."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        words = N_("The file says that it is %(encoding)s, and is not. Save it again as CSV UTF-8.")
        raise Refused(_(words, encoding=encoding.removesuffix("-sig").upper())) from error


def refuse_binary(text: str) -> None:
    """Refuse what is no text."""
    start = text[:4000]
    strange = sum((character < " " and character not in "\t\r\n\v\f") or character == "\ufffd" for character in start)
    if strange > len(start) * MOST_STRANGE:
        raise other_kind(_("It is no text that can be read, whatever its name says."))


def separator_named(text: str) -> tuple[str, str]:
    """Return the separator that a first line names for Excel (`sep=;`), and the text with that line left empty."""
    first, end, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], end + rest
    return "", text


def separator_of(text: str) -> str:
    """Return the separator by which most of the first lines come to the same number of cells."""
    start = "\n".join(text[:100_000].splitlines()[: LOOKED_AT + 20])
    return max(SEPARATORS, key=lambda separator: evenness(start, separator))


def evenness(text: str, separator: str) -> int:
    """Return how well a separator fits: cells to a line times the lines that have just so many."""
    try:
        widths = Counter(len(row) for row in islice(records(Typed(text), separator), LOOKED_AT) if len(row) > 1)
    except csv.Error:
        return 0
    return max((width * lines for width, lines in widths.items()), default=0)


class Typed:
    """The lines of a text; `is_over` once one more was asked for than there are."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.is_over = False

    def __iter__(self) -> "Typed":
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        self.is_over = not line
        if self.is_over:
            raise StopIteration
        return line


def records(typed: Typed, separator: str) -> Iterator[list[str]]:
    """Yield the records of a text."""
    return csv.reader(typed, delimiter=separator)


def unreadable(number: int) -> Refused:
    """Say that a row cannot be read."""
    words = N_("Row %(number)s cannot be read: a quotation mark there is never closed, or a cell is too long.")
    return Refused(_(words, number=number))


def lines_of(text: str, *, separator: str) -> Iterator[Line]:
    """Yield the lines that hold something.

    Raises:
        UploadRefused: where there are more than the limits, or a quote is never closed.
    """
    cells = number = 0
    typed = Typed(text)
    try:
        for number, row in enumerate(records(typed, separator), start=1):
            # Only inside a quotation does a record go on to the next line, and here there was none.
            if typed.is_over:
                raise unreadable(number)
            while row and not row[-1].strip():
                row.pop()
            if not row:
                continue
            cells += len(row)
            refuse_too_much(number, width=len(row), cells=cells)
            yield Line(number, tuple(row))
    except csv.Error as error:
        raise unreadable(number + 1) from error


def refuse_too_much(number: int, *, width: int, cells: int) -> None:
    """Refuse a line that is one too many, or too wide."""
    if number > MOST_LINES:
        raise Refused(too_long())
    if width > MOST_COLUMNS:
        raise Refused(too_wide())
    if cells > MOST_CELLS:
        raise Refused(_(TOO_MUCH))
