"""A document in, a tagged PDF out on upright pages."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from training.domain.paper import Paper, Section
from training.domain.report import Kind
from training.exports.fonts import coverage
from training.exports.printable import printable
from training.exports.typesetting import has_box, on_paper, table_on_paper, typeset

_TEMPLATE = Path(__file__).with_name("paper.typ")
_WIDTHS = {Kind.DAY: 3, Kind.INSTANT: 5, Kind.NUMBER: 2.2, Kind.PERCENT: 2.6, Kind.STATUS: 4, Kind.TEXT: 5}
_WIDE = {"address": 9, "sha_256_of_the_content": 9, "what": 7, "name": 7, "title": 8}


def encode_paper(paper: Paper, *, day: date) -> bytes:
    """Encode a document as a PDF/UA-1 one that is dated midnight of a day; the same document gives the same bytes.

    No name makes it fail: what cannot be printed becomes a box, and a line at the end says so.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    return typeset(_TEMPLATE, _words(paper), dated=datetime.combine(day, time(), UTC))


def _words(paper: Paper) -> dict[str, object]:
    said = {
        "document_title": printable(f"{paper.title}, {paper.organisation}", fonts=coverage()).text,
        "document_author": printable(paper.organisation, fonts=coverage()).text,
        "title": on_paper(paper.title),
        "organisation": on_paper(paper.organisation),
        "said": [(name, on_paper(words)) for name, words in paper.said],
        "sections": [_section(section) for section in paper.sections],
    }
    return {**said, "incomplete": has_box(said)}


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": on_paper(section.heading),
        "level": section.level,
        "on_new_page": section.on_new_page,
        "words": [on_paper(words) for words in section.words],
        "points": [on_paper(words) for words in section.points],
        "tables": [table_on_paper(table, table.rows, widths=_WIDTHS, wide=_WIDE) for table in section.tables],
    }
