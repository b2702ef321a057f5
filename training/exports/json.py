"""A report in, JSON out, one row at a time: keys in words, days and instants in ISO form, one object for each row.

Numbers are numbers: a per cent is one from 0 to 100, and null where nobody is counted. Text is as it was typed, because
no programme that reads JSON runs it; half of a surrogate pair becomes a question mark.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from training.domain.report import Head, Report, StatusCell, Table

_BATCH = 500
_encoder = json.JSONEncoder(ensure_ascii=False, default=lambda value: _plain(value))


def encode_report(report: Report) -> Iterator[bytes]:
    """Encode a report as one JSON object, some hundred rows at a time: its head, and every table with its rows."""
    yield _bytes(f'{{"report": {_encoder.encode(report.name)},\n"head": {_encoder.encode(_head(report.head))},\n')
    yield b'"tables": [\n'
    for place, table in enumerate(report.tables):
        yield from _table(table, is_first=place == 0)
    yield b"]}\n"


def _table(table: Table, *, is_first: bool) -> Iterator[bytes]:
    columns = [{"key": column.key, "name": column.name, "kind": column.kind} for column in table.columns]
    about = _encoder.encode({"slug": table.slug, "title": table.title, "columns": columns})
    yield _bytes(f'{"" if is_first else ","}{about[:-1]}, "rows": [\n')
    keys = [column.key for column in table.columns]
    rows, comma = iter(table.rows), ""
    while batch := list(islice(rows, _BATCH)):
        lines = ",\n".join(_encoder.encode(dict(zip(keys, row.cells, strict=True))) for row in batch)
        yield _bytes(comma + lines)
        comma = ",\n"
    yield b"\n]}\n"


def _head(head: Head) -> dict[str, object]:
    made = {"made_at": head.made_at, "made_by": head.made_by} if head.made_at else {}
    return {
        "title": head.title,
        "organisation": head.organisation,
        "covers": head.covers,
        "as_at": head.as_at,
        "is_forecast": head.is_forecast,
        "known_at": head.known_at,
        "shows": head.shows_words,
        "compliant": head.percent,
        "denominator": head.denominator,
        "counts": asdict(head.counts) if head.counts else None,
        "notes": head.notes,
        "rules": {"version": head.rule_version.code, "changed_on": head.rule_version.changed_on},
        **made,
    }


def _plain(value: object) -> object:
    match value:
        case StatusCell():
            return value.words
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
    raise TypeError(f"no way to write {type(value).__name__} in JSON has been decided")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")
