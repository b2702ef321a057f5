"""Reports with a row for each person and item: everybody, what is expired or missing, and what falls due soon."""

from collections.abc import Iterable, Iterator

from training.domain.days import count_of
from training.domain.report import Column, Kind, Report, Row, StatusCell, Table
from training.domain.status import Status
from training.services.report_questions import SOON, Asked
from training.services.rosters import LATE, Lines, Listed, days_left
from training.services.staff import PersonLine, Worker

# However many lines somebody has, they stand on one page; whoever has one that is late, or falls due, has some.
ALIKE_EACH = 4
WHO = (Column("Name"), Column("Staff number"), Column("Sites"), Column("Job titles"))
COLUMNS = (
    *WHO,
    Column("Training"),
    Column("Status", Kind.STATUS),
    Column("In date until", Kind.DAY),
    Column("Due by", Kind.DAY),
    Column("Last passed", Kind.DAY),
    Column("Reason"),
)
STATUS_CELLS = {status: StatusCell(status, status.label) for status in Status}


def everybody(asked: Asked) -> Report:
    """Return every line of the people asked for."""
    roster = asked.roster()
    head = asked.head(roster, title="Everybody")
    each = min(len(roster.items), ALIKE_EACH)
    rows = line_rows(asked.people(roster, each=each, with_off_file=True))
    return Report("everybody", head, (Table("details", "Everybody", COLUMNS, rows),))


def overdue(asked: Asked) -> Report:
    """Return the lines that are expired, or were never passed in time."""
    roster = asked.roster(Listed(LATE))
    head = asked.head(roster, title="Expired and missing", shows=("Expired or overdue",))
    rows = line_rows(asked.people(roster, each=ALIKE_EACH))
    return Report("overdue", head, (Table("overdue", "Expired and missing", COLUMNS, rows),))


def due_soon(asked: Asked) -> Report:
    """Return the lines in date or not yet due whose last day comes within some days."""
    within = asked.question.within
    roster = asked.roster(Listed(within=within))
    head = asked.head(roster, title="Due soon", shows=(f"Due within {count_of(within, 'day')}",))
    columns = (*COLUMNS[:-1], Column("Days left", Kind.NUMBER), Column("Within"), COLUMNS[-1])
    rows = soon_rows(asked.people(roster, each=ALIKE_EACH), within=within)
    return Report("due-soon", head, (Table("due-soon", "Due soon", columns, rows),))


def who(worker: Worker) -> tuple[str, ...]:
    """Return the cells that say who somebody is."""
    sites = worker.sites[0][1] if len(worker.sites) == 1 else "; ".join(name for _, name in worker.sites)
    return worker.name, worker.staff_number, sites, "; ".join(worker.titles)


def line_rows(people: Iterable[Lines]) -> Iterator[Row]:
    """Yield a row for each line."""
    for worker, lines in people:
        theirs, leads_to = who(worker), ("person", str(worker.person_id))
        for line in lines:
            yield Row((*theirs, *line_cells(line), words_of(line)), leads_to)


def soon_rows(people: Iterable[Lines], *, within: int) -> Iterator[Row]:
    """Yield a row for each line with the days that are left of it."""
    for worker, lines in people:
        theirs, leads_to = who(worker), ("person", str(worker.person_id))
        for line in lines:
            left = days_left(line, within=within)
            band = next((days for days in SOON if left <= days), within)
            yield Row((*theirs, *line_cells(line), left, f"{band} days", words_of(line)), leads_to)


def line_cells(line: PersonLine) -> tuple[object, ...]:
    """Return what a line says but for the reason."""
    standing = line.standing
    if standing is None:
        return line.title, STATUS_CELLS[line.status], None, None, None
    due_by = None if standing.in_date_on(line.day) or line.status in NOTHING_DUE else standing.due_until
    return line.title, STATUS_CELLS[line.status], standing.valid_until, due_by, standing.last_passed_on


NOTHING_DUE = frozenset({Status.HELD, Status.NOT_NEEDED, Status.ON_LEAVE, Status.EXEMPT})


def words_of(line: PersonLine) -> str:
    """Return the reason and the notes of a line."""
    notes = line.notes
    return " ".join((line.reason, *notes)) if notes else line.reason
