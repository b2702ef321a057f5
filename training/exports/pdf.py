"""A report in, a tagged PDF out: landscape tables whose header stands on every page.

Paper is for reading: a report of more rows than anybody reads is refused, in words that say which form holds it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path

from training.domain.language import _
from training.domain.numbers import number_words
from training.domain.refusal import Refusal
from training.domain.report import Kind, Report, Row, Table
from training.exports.fonts import coverage
from training.exports.printable import printable
from training.exports.typesetting import has_box, on_paper, table_on_paper, typeset

MOST_ROWS = 5_000
_TEMPLATE = Path(__file__).with_name("report.typ")
_WIDTHS = {Kind.DAY: 4, Kind.INSTANT: 6, Kind.NUMBER: 3, Kind.PERCENT: 3.5, Kind.STATUS: 5, Kind.TEXT: 6}
_WIDE = {"reason": 16, "denominator": 14, "training": 9, "name": 7, "staff_number": 4.5}
_COLUMNS_ON_A4 = 12


class TooLongToPrint(Refusal):
    """A report of more rows than a PDF holds."""


def encode_report(report: Report) -> Iterator[bytes]:
    """Encode the printed tables of a report as one PDF/UA-1 document; the same report gives the same bytes.

    No name makes it fail: what cannot be printed becomes a box, and a line at the end says so.

    Raises:
        TooLongToPrint: the tables have more than 5,000 rows.
        FontsNotBuilt: the assets have not been built.
    """
    made = report.head.made_at or datetime.combine(report.head.as_at, time(), UTC)
    yield typeset(_TEMPLATE, _words(report), dated=made.astimezone(UTC).replace(microsecond=0))


def _words(report: Report) -> dict[str, object]:
    head = report.head
    printed = [table_on_paper(table, rows, widths=_WIDTHS, wide=_WIDE) for table, rows in _read(report)]
    said = [(name, on_paper(words)) for name, words in head.said()]
    widest = max((len(table.columns) for table in report.printed_tables), default=0)
    return {
        "document_title": printable(f"{head.title}, {head.organisation}", fonts=coverage()).text,
        "document_author": printable(head.organisation, fonts=coverage()).text,
        "title": on_paper(head.title),
        "said": said,
        "tables": printed,
        "paper": "a4" if widest <= _COLUMNS_ON_A4 else "a3",
        "incomplete": has_box([said, printed]),
    }


def too_long_words() -> str:
    """Say, in the language that is spoken, that a report is too long to print and what to do instead."""
    return _(
        "A PDF holds at most %(most)s rows, and this report has more. "
        "Choose a filter, or download the Excel file, which holds all of them.",
        most=number_words(MOST_ROWS),
    )


def _read(report: Report) -> list[tuple[Table, list[Row]]]:
    left, tables = MOST_ROWS, []
    for table in report.printed_tables:
        rows = list(islice(table.rows, left + 1))
        left -= len(rows)
        if left < 0:
            raise TooLongToPrint(too_long_words())
        tables.append((table, rows))
    return tables
