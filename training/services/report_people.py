"""Reports with a row for each person: the matrix of people and required items, and how far each person has come."""

from collections import Counter
from collections.abc import Iterable, Iterator

from training.domain.compliance import tally
from training.domain.language import N_, _
from training.domain.report import Column, Kind, Report, Row, StatusCell, Table
from training.domain.standing_words import short_words
from training.domain.status import Status
from training.services.listings import Listed
from training.services.report_lines import WHO, who
from training.services.report_questions import Asked
from training.services.rosters import Lines
from training.services.staff import PersonLine

# How many of a person's lines have which status, and what they come to.
COUNTED = (Status.UP_TO_DATE, Status.EXPIRING_SOON, Status.EXPIRED, Status.OVERDUE, Status.NOT_YET_DUE)
APART = (Status.ON_LEAVE, Status.EXEMPT, Status.HELD)
# A row with a cell for each item is read, and weighs, as much as so many others.
WIDE = 2
STAFF_COLUMNS = (
    *WHO,
    Column(N_("Percent"), Kind.PERCENT),
    *(Column(status.label, Kind.NUMBER) for status in (*COUNTED, *APART)),
)


def matrix(asked: Asked) -> Report:
    """Return a row for each person and a column for each item, with the status and its day in each cell."""
    roster = asked.roster(Listed())
    head = asked.head(roster, title=_("Matrix"))
    columns = (*WHO, *(Column(title, Kind.STATUS, key=item) for item, title in roster.items.items()))
    rows = matrix_rows(asked.people(roster, each=WIDE))
    return Report("matrix", head, (Table("matrix", _("Matrix"), columns, rows),))


def matrix_rows(people: Iterable[Lines]) -> Iterator[Row]:
    """Yield a row for each person."""
    for worker, lines in people:
        yield Row((*who(worker), *map(matrix_cell, lines)), ("person", str(worker.person_id)))


def matrix_cell(line: PersonLine) -> StatusCell:
    """Return a line in a few words."""
    if line.standing is None:
        return StatusCell(line.status, line.status.label)
    return StatusCell(line.status, short_words(line.standing, line.day))


def staff_table(people: Iterable[Lines]) -> Table:
    """Return a row for each person with how many of their lines have which status."""
    return Table("staff", _("By staff"), STAFF_COLUMNS, staff_rows(people))


def staff_rows(people: Iterable[Lines]) -> Iterator[Row]:
    """Yield a row for each person."""
    for worker, lines in people:
        counts = Counter(line.status for line in lines)
        numbers = (counts[status] for status in (*COUNTED, *APART))
        percent = tally(line.status for line in lines).percent
        yield Row((*who(worker), percent, *numbers), ("person", str(worker.person_id)))
