"""Imports: from the file of a large staff list to a full plan, and what applying one takes, undone again."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import xlsxwriter

from training import clock
from training.bench.clocks import peak_memory, seconds
from training.bench.lines import Ground, Line
from training.domain import people_rows
from training.domain.upload import fits
from training.services import import_runs, organisations, people_import_writing, people_imports
from training.services.effects import Rehearsal
from training.uploads.reading import read_upload

PEOPLE, APPLIED = 20_000, 1_000
MOST_SECONDS = 30
# People begin on many days, so that few of them stand alike.
STARTS_ON, DAYS = date(2026, 1, 5), 3_000


def staff_lists(ground: Ground) -> Iterator[Line]:
    """Measure an import of many people who are not there yet."""
    data = workbook(ground, people=PEOPLE)
    planned: list[uuid.UUID] = []
    taken = seconds(lambda: planned.append(plan(ground, data)))
    note = f"{len(data) / 1024 / 1024:.1f} MB of .xlsx, read, planned and kept"
    yield Line(what="staff list of 20,000: to a full plan", value=taken, unit="s", most=MOST_SECONDS, note=note)
    yield Line(what="staff list of 20,000: memory", value=peak_memory(), unit="MB")
    forget(ground, planned[0])
    few = plan(ground, workbook(ground, people=APPLIED))
    taken = seconds(lambda: rehearse(ground, few))
    forget(ground, few)
    what = "staff list applied, in one transaction: each person"
    yield Line(what=what, value=taken / APPLIED * 1000, unit="ms", note=f"{APPLIED:,} people, undone again")


def workbook(ground: Ground, *, people: int) -> bytes:
    """Return a staff list as a workbook, of people with numbers that nobody has."""
    known = {"viewer": ground.manager}
    sites = [site.name for site in organisations.list_sites(ground.database, **known)]
    titles = [title.name for title in organisations.list_job_titles(ground.database, **known)]
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("People")
    headings = ("Staff number", "Name", "Job title", "Site", "Start date", "E-mail")
    sheet.write_row(0, 0, headings)
    for number in range(1, people + 1):
        words = (f"BENCH-{number:06}", f"Somebody {number}", titles[number % len(titles)], sites[number % len(sites)])
        sheet.write_row(number, 0, words)
        sheet.write_datetime(number, len(words), STARTS_ON - timedelta(days=number * 7 % DAYS), day)
        sheet.write_string(number, len(words) + 1, f"bench-{number}@staff-list.example")
    book.close()
    return file.getvalue()


def plan(ground: Ground, data: bytes) -> uuid.UUID:
    """Read a file and keep its plan."""
    lines = read_upload(data, name="staff.xlsx", fits=lambda some: fits(some, people_rows.FIELDS))
    known = {"viewer": ground.manager, "now": clock.now()}
    return people_imports.plan_file(ground.database, lines=lines, file_name="staff.xlsx", **known)


def rehearse(ground: Ground, import_id: uuid.UUID) -> None:
    """Apply a plan in a transaction that is undone."""
    with ground.database.write(ground.manager.organisation_id) as session:
        people_import_writing.apply(
            Rehearsal(session), viewer=ground.manager, import_id=import_id, leave_out_faults=True, now=clock.now()
        )
        session.rollback()


def forget(ground: Ground, import_id: uuid.UUID) -> None:
    """Forget a plan."""
    import_runs.forget(ground.database, viewer=ground.manager, import_id=import_id, now=clock.now())
