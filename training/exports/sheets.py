"""One sheet in, a tagged PDF to print and fill in with a pen out."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import Lock

from training.domain.days import format_day
from training.domain.module import Source
from training.domain.sheet import DAYS, LINE_MM, STANDING, Item, Part, Phrase, Sheet
from training.exports.fonts import compiler_of, coverage
from training.exports.printable import printable

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_one_at_a_time = Lock()


@lru_cache(maxsize=16)
def encode_sheet(sheet: Sheet, *, address: str) -> bytes:
    """Encode a sheet as a PDF/UA-1 document; `address`, in ASCII, is where more can be printed.

    Kept in memory, as a sheet stays the same until its content is read anew; the same sheet gives the same bytes on
    any day.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    inputs = {"sheet": json.dumps(_words(sheet, address))}
    midnight = datetime.combine(sheet.written_on, time(), UTC)
    with _one_at_a_time:
        return _compiler().compile(format="pdf", pdf_standards=["ua-1"], sys_inputs=inputs, timestamp=midnight)


_compiler = cache(partial(compiler_of, _TEMPLATE))


def _words(sheet: Sheet, address: str) -> dict[str, object]:
    return {
        "document_title": printable(sheet.title, fonts=coverage()).text,
        "title": _runs(sheet.title),
        "landscape": sheet.landscape,
        "blanks": [_runs(blank) for blank in sheet.blanks],
        "pages": [[[_part(part) for part in column] for column in page] for page in sheet.pages],
        "sources": [_runs(words) for words in _sources(sheet.sources)],
        "signoff": _runs(_signoff(sheet)),
        "standing": _runs(STANDING),
        "address": address,
        "days": [_runs(day) for day in DAYS],
        "line_mm": LINE_MM,
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "kind": part.kind,
        "heading": _runs(part.heading),
        "note": _phrase(part.note),
        "items": [_item(item) for item in part.items],
        "rows": part.rows,
        "lines": part.lines,
    }


def _item(item: Item) -> dict[str, object]:
    return {"phrase": _phrase(item.phrase), "hint": _phrase(item.hint), "lines": item.lines, "width": item.width}


def _phrase(phrase: Phrase) -> list[dict[str, object]]:
    return [
        {"words": _runs(piece.words), "apart": piece.words.startswith(" "), "cites": piece.cites}
        for piece in phrase.pieces
    ]


def _sources(sources: tuple[Source, ...]) -> Iterator[str]:
    for number, source in enumerate(sources, 1):
        yield f"{number} {source.publisher}: {source.title}."


def _signoff(sheet: Sheet) -> str:
    signoff = sheet.clinical_signoff
    signed = (
        f"Clinical sign-off: {signoff.who}, {format_day(signoff.on)}." if signoff else "Awaiting clinical sign-off."
    )
    return f"Version {sheet.version}, to be reviewed by {format_day(sheet.review_by)}. {signed}"


def _runs(text: str) -> list[dict[str, str]]:
    return [asdict(run) for run in printable(text, fonts=coverage()).runs]
