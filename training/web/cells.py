"""The cells of a report's tables as HTML: most of a page are these, and one call of a template for each is felt."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from training.domain.report import Column, Kind, StatusCell, cell_words
from training.domain.status import Status

# A status, its reason, and the training of which both are true.
Alike = tuple[Status, str, tuple[str, ...]]
NUMERIC = frozenset({Kind.NUMBER, Kind.PERCENT})
CELL = Markup('<td data-label="{0}" class="nhsuk-table__cell{1}">')
TAG = Markup('<strong class="app-status app-status--{0}">{1}</strong>')
WORDS = Markup('<span class="app-status app-status--{0}">{1}</span>')


def openings(columns: Sequence[Column]) -> list[tuple[Markup, Kind]]:
    """Return how the cells of each column but the first begin, and the column's kind."""
    numeric = {kind: " nhsuk-table__cell--numeric" if kind in NUMERIC else "" for kind in Kind}
    return [(CELL.format(column.said, numeric[column.kind]), column.kind) for column in columns[1:]]


def cells_html(cells: Sequence[object], begun: Sequence[tuple[Markup, Kind]]) -> Markup:
    """Return all cells of a row but the first, each as it is begun."""
    each = zip(begun, cells[1:], strict=True)
    return Markup("".join([f"{begins}{said_html(cell, kind)}</td>" for (begins, kind), cell in each]))  # noqa: S704


def cell_html(cell: object, kind: Kind) -> Markup:
    """Return what a cell says."""
    return Markup(said_html(cell, kind))  # noqa: S704


def said_html(cell: object, kind: Kind) -> str:
    """Return what a cell says as the text of HTML; a name may be written from right to left."""
    if isinstance(cell, StatusCell):
        return status_html(cell)
    if kind is Kind.TEXT:
        return f"<bdi>{escape(str(cell))}</bdi>" if cell else ""
    return escape(cell_words(cell, kind))


def lines_html(lines: Iterable[Alike]) -> Markup:
    """Return a list of somebody's lines, where there are any."""
    each = "".join([line_html(status, reason, trainings) for status, reason, trainings in lines])
    return Markup(f'<ul class="app-why">\n{each}</ul>') if each else Markup()  # noqa: S704


def line_html(status: Status, reason: str, trainings: Iterable[str]) -> str:
    """Return one line: a status, and its reason, with all the training of which both are true."""
    begun, about = line_begun(status, status.label), "".join(map(training_html, trainings))
    return f'{begun}{about}<span class="app-why__reason">{escape(reason)}</span></li>\n'


@lru_cache(maxsize=100)
def line_begun(status: Status, label: str) -> str:
    """Return how a line of a status begins; what is not needed is quiet."""
    quiet = " app-why__one--quiet" if status is Status.NOT_NEEDED else ""
    return f'<li class="app-why__one{quiet}">{status_html(StatusCell(status, label))}'


def status_tag(status: Status) -> Markup:
    """Return a status in words, with its colour and shape."""
    return status_html(StatusCell(status, status.label))


@lru_cache(maxsize=1_000)
def training_html(title: str) -> Markup:
    """Return the title of a training as it stands in such a line."""
    return Markup('<span class="app-why__training">{0}</span>').format(title)


@lru_cache(maxsize=1_000)
def status_html(cell: StatusCell) -> Markup:
    """Return a status with its colour and shape; there are few, and they stand in most cells."""
    return (TAG if cell.words == cell.status.label else WORDS).format(cell.status.value, cell.words)
