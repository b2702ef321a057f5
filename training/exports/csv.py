"""Rows in, comma-separated bytes out: the one place that decides how a cell looks in a CSV file.

Each decision is for the person who double-clicks the file in a spreadsheet, and for the script that reads it back:

* UTF-8 with a byte order mark: without the mark Excel reads names in the machine's old code page.
* Lines end in CRLF, cells are quoted only where they must be, the separator is a comma (RFC 4180).
* A date is ISO (`2027-01-13`), which sorts as text and cannot be read as month first; a moment is ISO to the second.
* `None` is an empty cell; `True` and `False` are `yes` and `no`. A per cent is written with its sign, and says so where
  nobody is counted.
* Integers and decimals stay numbers and are never rewritten, so `-5` stays `-5`; a decimal has no exponent.
* Text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, also full-width, also behind spaces or invisible
  characters, or text that begins with a tab or a line end) gets an apostrophe in front and so stays text.
* A line end inside a cell is kept, as LF in a quoted cell; a tab becomes a space; every other control character goes.
* Half of a surrogate pair cannot be written as UTF-8 and becomes a question mark: no export fails for one cell.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from training.domain.compliance import percent_cell
from training.domain.report import Kind, Report, StatusCell

_BATCH = 500
_STARTS_A_FORMULA = "=+-@＝＋－＠﹦﹢﹣﹫"
_NEEDS_A_LOOK = _STARTS_A_FORMULA + " "
_UNSEEN = r"[\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_FORMULA = re.compile(rf"{_UNSEEN}*[{re.escape(_STARTS_A_FORMULA)}]|[\t\r\n]")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


class CellNotWritable(TypeError):
    """A cell cannot be written because nobody has decided how its type looks in a CSV file."""


def encode_csv(
    *, header: Sequence[str], rows: Iterable[Sequence[object]], preamble: Sequence[Sequence[str]] = ()
) -> Iterator[bytes]:
    """Encode rows as CSV, a few hundred at a time, so that memory stays flat however many there are.

    The preamble's rows stand above the header; an empty one is a blank line. The first piece holds everything down to
    the header and comes before any row is asked for.

    Raises:
        CellNotWritable: a cell is neither text, number, date, truth value nor `None`.
    """
    yield "\ufeff".encode() + _encode([*preamble, header])
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield _encode(batch)


def encode_report(report: Report) -> Iterator[bytes]:
    """Encode a report as CSV: what it says of itself, a blank line, and the table that a form with one alone holds."""
    table = report.main_table
    preamble = [*map(list, report.head.said()), []]
    yield "\ufeff".encode() + _encode([*preamble, [column.name for column in table.columns]])
    looks = [_LOOKS.get(column.kind, _cell) for column in table.columns]
    remaining = iter(table.rows)
    while batch := [row.cells for row in islice(remaining, _BATCH)]:
        columns = zip(*batch, strict=True)
        yield _written(zip(*(map(look, column) for look, column in zip(looks, columns, strict=True)), strict=True))


def _encode(rows: Iterable[Sequence[object]]) -> bytes:
    return _written([_cell(value) for value in row] for row in rows)


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8", errors="replace")


@lru_cache(maxsize=4096)
def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _status(value: StatusCell | None) -> str:
    return _text(value.words) if value else ""


@lru_cache(maxsize=4096, typed=True)  # names, sites and roles repeat down the whole file
def _cell(value: object) -> object:
    kind = type(value)
    if kind is str:
        return _text(value)
    if value is None or kind is int:
        return value
    return _other(value)


def _other(value: object) -> object:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return _text(str.__str__(value))
        case StatusCell():
            return _text(value.words)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case int() | float():
            return value
    raise CellNotWritable(f"no way to write {type(value).__name__} in a CSV cell has been decided")


def _text(value: str) -> str:
    if value.isprintable() and value[:1] not in _NEEDS_A_LOOK:
        return value
    text = _CONTROL.sub("", value)
    apostrophe = "'" if _FORMULA.match(text) else ""
    return apostrophe + _LINE_END.sub("\n", text).replace("\t", " ")


# A column of one kind has one look: to ask each of a million cells what it is would take longer than to write it.
_LOOKS = {Kind.DAY: _day, Kind.STATUS: _status, Kind.PERCENT: percent_cell}
