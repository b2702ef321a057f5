"""A report in, a tagged PDF out: landscape tables whose header stands on every page.

Paper is for reading: a report of more rows than anybody reads is refused, in words that say which form holds it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock

import typst

from training.domain.refusal import Refusal
from training.domain.report import Column, Kind, Report, Row, StatusCell, Table, cell_words
from training.exports.fonts import coverage, fonts
from training.exports.printable import printable

MOST_ROWS = 5_000
_TEMPLATE = Path(__file__).with_name("report.typ")
_FIRST = "Noto Sans"
_WIDTHS = {Kind.DAY: 4, Kind.INSTANT: 6, Kind.NUMBER: 3, Kind.PERCENT: 3.5, Kind.STATUS: 5, Kind.TEXT: 6}
_WIDE = {"reason": 16, "denominator": 14, "training": 9, "name": 7, "staff_number": 4.5}
_COLUMNS_ON_A4 = 12
_one_at_a_time = Lock()


class TooLongToPrint(Refusal):
    """A report of more rows than a PDF holds."""


def encode_report(report: Report) -> Iterator[bytes]:
    """Encode the printed tables of a report as one PDF/UA-1 document; the same report gives the same bytes.

    No name makes it fail: what cannot be printed becomes a box, and a line at the end says so.

    Raises:
        TooLongToPrint: the tables have more than 5,000 rows.
        FontsNotBuilt: the assets have not been built.
    """
    inputs = {"report": json.dumps(_words(report))}
    made = report.head.made_at or datetime.combine(report.head.as_at, time(), UTC)
    timestamp = made.astimezone(UTC).replace(microsecond=0)
    with _one_at_a_time:
        yield _compiler().compile(format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=timestamp)


@cache
def _compiler() -> typst.Compiler:
    """Keep one compiler for the life of the process: reading the fonts costs more than many pages."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts())


def _words(report: Report) -> dict[str, object]:
    head, left, tables = report.head, MOST_ROWS, []
    for table in report.printed_tables:
        rows = list(islice(table.rows, left + 1))
        left -= len(rows)
        if left < 0:
            raise TooLongToPrint(
                f"A PDF holds at most {MOST_ROWS:,} rows, and this report has more. "
                "Choose a filter, or download the Excel file, which holds all of them."
            )
        tables.append((table, rows))
    printed = [_table(table, rows) for table, rows in tables]
    said = [(name, _set(words)) for name, words in head.said()]
    widest = max((len(table.columns) for table, _ in tables), default=0)
    return {
        "document_title": printable(f"{head.title}, {head.organisation}", fonts=coverage()).text,
        "document_author": printable(head.organisation, fonts=coverage()).text,
        "title": _set(head.title),
        "said": said,
        "tables": printed,
        "paper": "a4" if widest <= _COLUMNS_ON_A4 else "a3",
        "incomplete": _has_box([said, printed]),
    }


def _table(table: Table, rows: list[Row]) -> dict[str, object]:
    return {
        "title": _set(table.title),
        "header": [_set(column.name) for column in table.columns],
        "widths": [_WIDE.get(column.key, _WIDTHS[column.kind]) for column in table.columns],
        "numeric": [column.kind in {Kind.NUMBER, Kind.PERCENT} for column in table.columns],
        "rows": [[_cell(cell, column) for cell, column in zip(row.cells, table.columns, strict=True)] for row in rows],
    }


def _cell(cell: object, column: Column) -> object:
    if isinstance(cell, StatusCell):
        return {"status": cell.status.value, "words": _set(cell.words)}
    return _set(cell_words(cell, column.kind))


@lru_cache(maxsize=8192)  # sites, job titles, statuses and days repeat down the whole page
def _set(text: str) -> object:
    found = printable(text, fonts=coverage())
    if not found.right_to_left and all(run.family == _FIRST for run in found.runs):
        return found.text if not found.incomplete else asdict(found)
    return asdict(found)


def _has_box(words: object) -> bool:
    match words:
        case {"incomplete": incomplete}:
            return bool(incomplete)
        case dict():
            return any(map(_has_box, words.values()))
        case list() | tuple():
            return any(map(_has_box, words))
    return False
