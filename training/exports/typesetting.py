"""Words and tables in, a tagged PDF out: what every document is set by, and what of a text can stand on its pages."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from training.domain.report import Column, Kind, Row, StatusCell, Table, cell_words
from training.exports.fonts import compiler_of, coverage, fonts
from training.exports.printable import printable

_FIRST = "Noto Sans"
_NUMERIC = frozenset({Kind.NUMBER, Kind.PERCENT})
# What the typesetter has set it keeps for ten documents more: a tenth of a megabyte for each row of a report.
SET_HERE = 100_000
_APART = (sys.executable, "-m", "training.exports.typesetting")


class NotTypeset(RuntimeError):
    """A document cannot be made because the process that was to set it ended early, most likely for want of memory."""


def typeset(template: Path, words: Mapping[str, object], *, dated: datetime) -> bytes:
    """Set a document as PDF/UA-1 and return it; the same words and date give the same bytes.

    None waits for another. A large one is set by a process of its own, which takes its memory with it.

    Raises:
        FontsNotBuilt: the assets have not been built.
        NotTypeset: that process ended early.
    """
    given = json.dumps(words)
    if len(given) <= SET_HERE:
        return set_here(template, given, dated=dated)
    fonts()  # Where there are none, it is said here.
    order = json.dumps([str(template), given, dated.isoformat()]).encode()
    done = subprocess.run(_APART, input=order, capture_output=True, check=False)  # noqa: S603 (our own code)
    if done.returncode:
        raise NotTypeset(done.stderr.decode(errors="replace").strip() or f"it ended with {done.returncode}")
    return done.stdout


def set_here(template: Path, given: str, *, dated: datetime) -> bytes:
    """Set a document in this process."""
    return compiler_of(template).compile(
        format="pdf", pdf_standards=["ua-1"], sys_inputs={"given": given}, timestamp=dated
    )


@lru_cache(maxsize=8192)  # sites, job titles, statuses and days repeat down the whole page
def on_paper(text: str) -> object:
    """Return a text as the templates take it: as it is where one font has all of it, else in pieces."""
    found = printable(text, fonts=coverage())
    is_plain = not found.right_to_left and all(run.family == _FIRST for run in found.runs)
    return found.text if is_plain and not found.incomplete else asdict(found)


def table_on_paper(
    table: Table, rows: Iterable[Row], *, widths: Mapping[Kind, float], wide: Mapping[str, float]
) -> dict[str, object]:
    """Return a table as the templates take it; a column is as wide as its key says, else its kind."""
    return {
        "title": on_paper(table.title),
        "header": [on_paper(column.name) for column in table.columns],
        "widths": [wide.get(column.key, widths[column.kind]) for column in table.columns],
        "numeric": [column.kind in _NUMERIC for column in table.columns],
        "rows": [[_cell(cell, column) for cell, column in zip(row.cells, table.columns, strict=True)] for row in rows],
    }


def _cell(cell: object, column: Column) -> object:
    if isinstance(cell, StatusCell):
        return {"status": cell.status.value, "words": on_paper(cell.words)}
    return on_paper(cell_words(cell, column.kind))


def has_box(words: object) -> bool:
    """Say whether a box stands for something anywhere in what the templates take."""
    match words:
        case {"incomplete": incomplete}:
            return bool(incomplete)
        case dict():
            return any(map(has_box, words.values()))
        case list() | tuple():
            return any(map(has_box, words))
    return False


def main() -> None:
    """Set the document that another process hands over."""
    template, given, dated = json.load(sys.stdin)
    sys.stdout.buffer.write(set_here(Path(template), given, dated=datetime.fromisoformat(dated)))


if __name__ == "__main__":
    main()
