"""Reports: files of every line beside the least that writing them takes, and each report's page."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import cycle, islice
from tempfile import TemporaryFile
from time import process_time

import xlsxwriter

from training import clock
from training.app import create_app
from training.bench import people
from training.bench.clocks import peak_memory
from training.bench.lines import Ground, Line
from training.bench.pages import EACH_MANAGER, MANAGER_QUERIES, page_lines
from training.domain.days import day_in
from training.domain.report import Report, Row, StatusCell
from training.domain.roles import Role
from training.exports.formats import FORMATS
from training.services import staff
from training.services.report_kinds import KINDS, PERSON, open_report
from training.services.report_questions import Question
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, open_roster
from training.services.staff import AsOf

CSV_TIMES, CSV_MB = 2.5, 150
# Of a million people more rows would say no more, and take hours.
MOST_ROWS = 1_000_000
XLSX_ROWS, XLSX_LEAST = 100_000, 70
ROUNDS = 3


def files(ground: Ground) -> Iterator[Line]:
    """Measure the CSV of every line there is, up to a million, and the workbook of a hundred thousand."""
    before = peak_memory()
    rows = sum(piece.count(b"\r\n") for piece in pieces(ground, "csv"))
    yield from csv_lines(ground, rows=rows, memory=peak_memory(), before=before)
    yield from xlsx_lines(ground)


def csv_lines(ground: Ground, *, rows: int, memory: float, before: float) -> Iterator[Line]:
    """Yield what a CSV of everybody takes, by turns with draining the same statements."""
    times = []
    for _ in range(ROUNDS):
        times.append((worked(lambda: drain(pieces(ground, "csv"))), worked(lambda: drain_statements(ground))))
    value, floor = (sorted(each)[ROUNDS // 2] for each in zip(*times, strict=True))
    note = f"{rows:,} rows; the floor drains the same statements into csv.writer"
    yield Line(what="CSV of everybody", value=value, unit="s", floor=floor, most_times=CSV_TIMES, note=note)
    yield Line(what="CSV of everybody: rows", value=rows / value, unit="rows/s")
    yield Line(what="CSV of everybody: memory", value=memory, unit="MB", most=CSV_MB, note=f"{before:.0f} MB before")


def xlsx_lines(ground: Ground) -> Iterator[Line]:
    """Yield how fast a workbook of a hundred thousand rows is written, beside bare XlsxWriter on the same rows."""
    with opened(ground) as report:
        table = report.main_table
        some = list(islice(table.rows, XLSX_ROWS))
    rows = list(islice(cycle(some), XLSX_ROWS))
    times = []
    for _ in range(ROUNDS):
        again = replace(report, tables=(replace(table, rows=rows),))
        times.append((worked(lambda: drain(FORMATS["xlsx"].encode(again))), worked(lambda: write_bare(rows))))  # noqa: B023
    value, floor = (sorted(each)[ROUNDS // 2] for each in zip(*times, strict=True))
    note = f"{floor:.1f} s bare, {value:.1f} s ours"
    what = "workbook of 100,000 rows, as fast as bare XlsxWriter"
    yield Line(what=what, value=floor / value * 100, unit="% of it", least=XLSX_LEAST, note=note)


def opened(ground: Ground) -> AbstractContextManager[Report]:
    """Open the report of everybody."""
    now = clock.now()
    question = Question(AsOf.present(day_in(now, ground.manager.time_zone)))
    known = {"viewer": ground.manager, "catalog": ground.catalog, "question": question}
    return open_report(ground.database, name="everybody", now=now, **known)


def pieces(ground: Ground, form: str) -> Iterator[bytes]:
    """Yield the pieces of a file of everybody, of a million rows at most."""
    with opened(ground) as report:
        table = replace(report.main_table, rows=islice(report.main_table.rows, MOST_ROWS))
        yield from FORMATS[form].encode(replace(report, tables=(table,)))


def drain(some: Iterable[object]) -> None:
    """Take everything, and keep nothing."""
    deque(some, maxlen=0)


def worked(act: Callable[[], object]) -> float:
    """Return the processor's seconds of an act."""
    began = process_time()
    act()
    return process_time() - began


def drain_statements(ground: Ground) -> None:
    """Send the statements that such a file sends, and hand their rows to csv.writer as they are."""
    today = day_in(clock.now(), ground.manager.time_zone)
    as_of, kept = AsOf.present(today), csv.writer(Nowhere())
    with ground.database.read(ground.manager.organisation_id) as session:
        roster = open_roster(session, viewer=ground.manager, catalog=ground.catalog, as_of=as_of)
        everybody = islice(roster.people(Shape.of(roster)), MOST_ROWS // len(roster.items))
        while some := list(islice(everybody, BATCH)):
            ids = [person_id for person_id, *_ in some]
            asked = {"person_ids": ids, "day": today, "known_at": None}
            kept.writerows(some)
            kept.writerows(session.execute(staff.jobs_query(has_known_at=False), asked))
            kept.writerows(session.execute(staff.STORED, asked))


class Nowhere:
    """A file that forgets what is written to it."""

    def write(self, text: str) -> int:
        """Forget it."""
        return len(text)


def write_bare(rows: Sequence[Row]) -> None:
    """Write rows as anybody would with XlsxWriter alone."""
    with TemporaryFile() as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "d mmm yyyy"})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [str(cell) if isinstance(cell, StatusCell) else cell for cell in row.cells])
        book.close()


def report_pages(ground: Ground) -> Iterator[Line]:
    """Measure the first page of each report, of a manager of one site of about 500 people."""
    app, now = create_app(ground.config), clock.now()
    who = people.site_manager(ground.database, title=Role.SOCIAL_CARE.label, now=now)
    shown = {f"report {name}": f"/reports/{name}" for name, kind in KINDS.items() if PERSON not in kind.takes}
    yield from page_lines(app, who, shown, queries=MANAGER_QUERIES, each=EACH_MANAGER)
