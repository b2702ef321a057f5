"""A report in, an Excel workbook out: one sheet for each table, with real dates, a frozen header and filters.

What people typed is written as text: it never becomes a formula, a link or a number. The rows go to a temporary file
as they come, so memory stays flat. A table longer than a sheet may be goes on in another sheet. The first sheet says
what the report says of itself. The same report gives the same bytes, as long as it does not say when it was made.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from training.domain.compliance import percent_cell
from training.domain.report import Column, Kind, Report, Row, StatusCell, Table
from training.domain.status import Status

ROWS_A_SHEET = 1_048_576
_LONGEST_CELL = 32_767
_CHUNK = 64 * 1024
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_WIDTHS = {Kind.DAY: 13, Kind.INSTANT: 20, Kind.NUMBER: 11, Kind.PERCENT: 12, Kind.STATUS: 15, Kind.TEXT: 24}
_WIDE = {"reason": 80, "denominator": 80, "training": 40, "name": 28, "staff_number": 14}
_COLOURS = {
    Status.UP_TO_DATE: "#d8efe2",
    Status.EXPIRING_SOON: "#fff3cd",
    Status.EXPIRED: "#f9d6d5",
    Status.OVERDUE: "#f9d6d5",
}
# XML has no place for these; a lone surrogate cannot be written at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BAD_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def encode_report(report: Report) -> Iterator[bytes]:
    """Encode a report as a workbook, piece by piece once it is whole."""
    with TemporaryFile() as file:
        _write(report, file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _write(report: Report, file: BinaryIO) -> None:
    book = xlsxwriter.Workbook(file, _OPTIONS)
    made = report.head.made_at or datetime.combine(report.head.as_at, time(), UTC)
    about = {"title": report.head.title, "company": report.head.organisation}
    book.set_properties({name: _text(value) for name, value in about.items()} | {"created": _plain(made)})
    looks = _looks(book)
    names = _Names()
    _write_head(report, book.add_worksheet(names.new("About")), looks)
    for table in report.tables:
        _write_table(table, book, names, looks)
    book.close()


class _Names:
    """Names for sheets: short enough for Excel, without what it refuses, and each another."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def new(self, wanted: str) -> str:
        plain = _BAD_IN_NAMES.sub(" ", _text(wanted)).strip()[:25] or "Sheet"
        name, number = plain, 2
        while name.lower() in self.taken:
            name, number = f"{plain} {number}", number + 1
        self.taken.add(name.lower())
        return name


def _looks(book: xlsxwriter.Workbook) -> Mapping[object, Format]:
    found: dict[object, Format] = {
        "header": book.add_format({"bold": True, "bg_color": "#eef4f2", "text_wrap": True, "valign": "top"}),
        "said": book.add_format({"text_wrap": True, "valign": "top"}),
        "name": book.add_format({"bold": True, "valign": "top"}),
        Kind.DAY: book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
        Kind.INSTANT: book.add_format({"num_format": "d mmm yyyy hh:mm", "align": "left"}),
        Kind.PERCENT: book.add_format({"num_format": "0.0%"}),
        Decimal: book.add_format({"num_format": "0.0"}),
    }
    found.update({status: book.add_format({"bg_color": colour}) for status, colour in _COLOURS.items()})
    return found


def _write_head(report: Report, sheet: Worksheet, looks: Mapping[object, Format]) -> None:
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 100)
    for number, (name, words) in enumerate(report.head.said()):
        sheet.write_string(number, 0, name, looks["name"])
        sheet.write_string(number, 1, _text(words), looks["said"])


def _write_table(table: Table, book: xlsxwriter.Workbook, names: _Names, looks: Mapping[object, Format]) -> None:
    rows, is_first = iter(table.rows), True
    waiting = next(rows, None)
    while is_first or waiting is not None:
        sheet = book.add_worksheet(names.new(table.title))
        _write_header(sheet, table.columns, looks)
        number, is_first = 0, False
        while waiting is not None and number < ROWS_A_SHEET - 1:
            number += 1
            _write_row(sheet, number, waiting, table.columns, looks)
            waiting = next(rows, None)
        sheet.autofilter(0, 0, max(number, 1), len(table.columns) - 1)


def _write_header(sheet: Worksheet, columns: Sequence[Column], looks: Mapping[object, Format]) -> None:
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDE.get(column.key, _WIDTHS[column.kind]))
        sheet.write_string(0, place, _text(column.name), looks["header"])


def _write_row(
    sheet: Worksheet, number: int, row: Row, columns: Sequence[Column], looks: Mapping[object, Format]
) -> None:
    for place, cell in enumerate(row.cells):
        if cell is None:
            if columns[place].kind is Kind.PERCENT:
                sheet.write_string(number, place, percent_cell(None))
        elif type(cell) is str:
            if cell:
                sheet.write_string(number, place, _text(cell))
        else:
            _write_other(sheet, number, place, cell, columns[place].kind, looks)


def _write_other(
    sheet: Worksheet, number: int, place: int, cell: object, kind: Kind, looks: Mapping[object, Format]
) -> None:
    match cell:
        case StatusCell():
            sheet.write_string(number, place, _text(cell.words), looks.get(cell.status))
        case datetime():
            sheet.write_datetime(number, place, _plain(cell), looks[Kind.INSTANT])
        case date():
            sheet.write_datetime(number, place, cell, looks[Kind.DAY])
        case Decimal() if kind is Kind.PERCENT:
            sheet.write_number(number, place, float(cell / 100), looks[Kind.PERCENT])
        case Decimal():
            sheet.write_number(number, place, float(cell), looks[Decimal])
        case int() | float():
            sheet.write_number(number, place, cell)
        case _:
            sheet.write_string(number, place, _text(str(cell)))


def _plain(instant: datetime) -> datetime:
    """Return an instant as the clock of its zone has it: a workbook knows no zones."""
    return instant.replace(tzinfo=None, microsecond=0)


def _text(value: str) -> str:
    if value.isprintable() and len(value) <= _LONGEST_CELL:
        return value
    return _UNWRITABLE.sub("", value)[:_LONGEST_CELL]
