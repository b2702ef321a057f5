"""A document in, a tagged PDF on upright pages out."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

import typst

from training.domain.paper import Paper, Section
from training.domain.report import Kind, StatusCell, Table, cell_words
from training.exports.fonts import coverage, fonts
from training.exports.printable import printable

_TEMPLATE = Path(__file__).with_name("paper.typ")
_WIDTHS = {Kind.DAY: 3, Kind.INSTANT: 5, Kind.NUMBER: 2.2, Kind.PERCENT: 2.6, Kind.STATUS: 4, Kind.TEXT: 5}
_WIDE = {"address": 9, "sha_256_of_the_content": 9, "what": 7, "name": 7, "title": 8}
_one_at_a_time = Lock()


def encode_paper(paper: Paper, *, day: date) -> bytes:
    """Encode a document as a PDF/UA-1 one that is dated midnight of a day; the same document gives the same bytes.

    No name makes it fail: what cannot be printed becomes a box, and a line at the end says so.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    inputs = {"paper": json.dumps(_words(paper))}
    midnight = datetime.combine(day, time(), UTC)
    with _one_at_a_time:
        return _compiler().compile(format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=midnight)


@cache
def _compiler() -> typst.Compiler:
    """Keep one compiler for the life of the process: reading the fonts costs more than many pages."""
    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts())


def _words(paper: Paper) -> dict[str, object]:
    said = {
        "document_title": printable(f"{paper.title}, {paper.organisation}", fonts=coverage()).text,
        "document_author": printable(paper.organisation, fonts=coverage()).text,
        "title": _set(paper.title),
        "organisation": _set(paper.organisation),
        "said": [(name, _set(words)) for name, words in paper.said],
        "sections": [_section(section) for section in paper.sections],
    }
    return {**said, "incomplete": _has_box(said)}


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": _set(section.heading),
        "level": section.level,
        "words": [_set(words) for words in section.words],
        "points": [_set(words) for words in section.points],
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "title": _set(table.title),
        "header": [_set(column.name) for column in table.columns],
        "widths": [_WIDE.get(column.key, _WIDTHS[column.kind]) for column in table.columns],
        "numeric": [column.kind in {Kind.NUMBER, Kind.PERCENT} for column in table.columns],
        "rows": [
            [_set(_cell(cell, column.kind)) for cell, column in zip(row.cells, table.columns, strict=True)]
            for row in table.rows
        ],
    }


def _cell(cell: object, kind: Kind) -> str:
    return cell.words if isinstance(cell, StatusCell) else cell_words(cell, kind)


@lru_cache(maxsize=8192)  # names of sites, roles and training repeat down the page
def _set(text: str) -> dict[str, object]:
    return asdict(printable(text, fonts=coverage()))


def _has_box(words: object) -> bool:
    match words:
        case {"incomplete": incomplete}:
            return bool(incomplete)
        case dict():
            return any(map(_has_box, words.values()))
        case list() | tuple():
            return any(map(_has_box, words))
    return False
