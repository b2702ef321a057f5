"""The strict checker of a training file for ASC-WDS bulk upload: bytes in, everything that is wrong out."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from training.domain.asc_wds_rules import HEADERS, Fault, check_cells

MARK: Final = b"\xef\xbb\xbf"
END: Final = "\r\n"
# A cell in quotes, with quotes in it doubled, or one without any; then a comma or the end.
CELL: Final = re.compile(r'(?:"((?:[^"]|"")*)"|([^",]*))(,|\Z)')
HEADER_ROW: Final = 1


def check_file(data: bytes, layout: str, *, today: date) -> list[Fault]:
    """Return everything that is wrong with a file of a layout, row by row; nothing where the upload must take it.

    It knows the rules of the columns. Whether workplaces and workers are those of the customer's other files, and which
    provider codes there are, nobody can tell from this file.
    """
    if data.startswith(MARK):
        return [Fault(HEADER_ROW, "", None, "It begins with a byte order mark, so the first column has another name.")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        return [Fault(row, "", None, "It is not written in UTF-8.")]
    return list(check_lines(text, layout, today=today))


def check_lines(text: str, layout: str, *, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the lines of a text, the header first."""
    *lines, rest = text.split(END)
    header = HEADERS[layout]
    if not lines or lines[0] != header:
        yield Fault(HEADER_ROW, "", None, f"The header must be exactly {header}")
    for row, line in enumerate(lines[1:], start=HEADER_ROW + 1):
        yield from check_line(line, layout, today=today, row=row)
    if rest:
        yield Fault(len(lines) + 1, "", None, "The last line does not end with a carriage return and a line feed.")


def check_line(line: str, layout: str, *, today: date, row: int) -> list[Fault]:
    """Return what is wrong with one line."""
    if "\r" in line or "\n" in line:
        return [Fault(row, "", None, "A line ends with something other than a carriage return and a line feed.")]
    cells = split(line)
    if cells is None:
        return [
            Fault(row, "", None, "A quotation mark is not closed, not doubled, or stands in a cell without quotes.")
        ]
    return check_cells(cells, layout, today=today, row=row)


def split(line: str) -> list[str] | None:
    """Return the cells of a line, or None where its quotation marks are wrong."""
    cells, at = [], 0
    while found := CELL.match(line, at):
        quoted, plain, after = found.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if not after:
            return cells
    return None
