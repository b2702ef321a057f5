"""Reports with a row for each person and item: everybody, what is expired or missing, and what falls due soon."""

from collections.abc import Iterable, Iterator, Mapping

from training.domain.language import N_, _, ngettext
from training.domain.report import Column, Kind, Report, Row, StatusCell, Table
from training.domain.status import Status
from training.services.listings import Listed, days_left
from training.services.report_questions import SOON, Asked
from training.services.rosters import LATE, Lines, Roster
from training.services.staff import PersonLine, Worker

# However many lines somebody has, they stand on one page; about so many, where as many items are asked for.
LINES_EACH = 10
WHO = (Column(N_("Name")), Column(N_("Staff number")), Column(N_("Sites")), Column(N_("Job titles")))
COLUMNS = (
    *WHO,
    Column(N_("Training")),
    Column(N_("Status"), Kind.STATUS),
    Column(N_("In date until"), Kind.DAY),
    Column(N_("Due by"), Kind.DAY),
    Column(N_("Last passed"), Kind.DAY),
    Column(N_("Reason")),
)
UNEXPLAINED = (None, None, None, "")


def everybody(asked: Asked) -> Report:
    """Return every line of the people asked for."""
    roster = asked.roster()
    head = asked.head(roster, title=_("Everybody"))
    people = asked.people(roster, each=lines_each(roster), with_off_file=True)
    rows = line_rows(people, unexplained=asked.unexplained)
    return Report("everybody", head, (Table("details", _("Everybody"), COLUMNS, rows),))


def overdue(asked: Asked) -> Report:
    """Return the lines that are expired, or were never passed in time."""
    roster = asked.roster(Listed(LATE))
    head = asked.head(roster, title=_("Expired and missing"), shows=(_("Expired or overdue"),))
    rows = line_rows(asked.people(roster, each=lines_each(roster)))
    return Report("overdue", head, (Table("overdue", _("Expired and missing"), COLUMNS, rows),))


def due_soon(asked: Asked) -> Report:
    """Return the lines in date or not yet due whose last day comes within some days."""
    within = asked.question.within
    roster = asked.roster(Listed(within=within))
    shows = ngettext("Due within %(count)s day", "Due within %(count)s days", within)
    head = asked.head(roster, title=_("Due soon"), shows=(shows,))
    columns = (*COLUMNS[:-1], Column(N_("Days left"), Kind.NUMBER), Column(N_("Within")), COLUMNS[-1])
    rows = soon_rows(asked.people(roster, each=lines_each(roster)), within=within)
    return Report("due-soon", head, (Table("due-soon", _("Due soon"), columns, rows),))


def lines_each(roster: Roster) -> int:
    """Return about how many lines somebody has who is listed."""
    return min(len(roster.items), LINES_EACH)


def who(worker: Worker) -> tuple[str, ...]:
    """Return the cells that say who somebody is."""
    sites = worker.sites[0][1] if len(worker.sites) == 1 else "; ".join(name for _, name in worker.sites)
    return worker.name, worker.staff_number, sites, "; ".join(worker.titles)


def line_rows(people: Iterable[Lines], *, unexplained: frozenset[Status] = frozenset()) -> Iterator[Row]:
    """Yield a row for each line."""
    statuses = status_cells()
    for worker, lines in people:
        theirs, leads_to = who(worker), ("person", str(worker.person_id))
        for line in lines:
            if line.status in unexplained:
                yield Row((*theirs, line.title, statuses[line.status], *UNEXPLAINED), leads_to)
            else:
                yield Row((*theirs, line.title, *line_cells(line, statuses)), leads_to)


def soon_rows(people: Iterable[Lines], *, within: int) -> Iterator[Row]:
    """Yield a row for each line with the days that are left of it."""
    bands = {days: ngettext("%(count)s day", "%(count)s days", days) for days in (*SOON, within)}
    statuses = status_cells()
    for worker, lines in people:
        theirs, leads_to = who(worker), ("person", str(worker.person_id))
        for line in lines:
            left = days_left(line, within=within)
            band = next((days for days in SOON if left <= days), within)
            *stands, reason = line_cells(line, statuses)
            yield Row((*theirs, line.title, *stands, left, bands[band], reason), leads_to)


def line_cells(line: PersonLine, statuses: Mapping[Status, StatusCell]) -> tuple[object, ...]:
    """Return what a line says of its training: the status, the three dates, and the reason with the notes."""
    status, standing, day = line.status, line.standing, line.day
    if standing is None:
        return statuses[status], None, None, None, line.reason
    due_by = None if standing.in_date_on(day) or status in NOTHING_DUE else standing.due_until
    words = " ".join((line.reason, *line.notes))
    return statuses[status], standing.valid_until, due_by, standing.last_passed_on, words


def status_cells() -> Mapping[Status, StatusCell]:
    """Return each status as a cell, in the language that is spoken."""
    return {status: StatusCell(status, status.label) for status in Status}


NOTHING_DUE = frozenset({Status.HELD, Status.NOT_NEEDED, Status.ON_LEAVE, Status.EXEMPT})
