"""People imports: a file becomes a plan, the plan changes with what is chosen, and nothing else is written yet."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import day_in
from training.domain.language import ENGLISH, _, spoken
from training.domain.people_import import Choices, House, Outcome, Plan
from training.domain.people_planning import make_plan
from training.domain.people_rows import FIELDS, Wanted, read_rows
from training.domain.roles import Role
from training.domain.row_reading import Read
from training.domain.upload import Fault, Line, read_table
from training.models import ImportRow, ImportRun
from training.services.employments import LastDayRefused, refuse_strange_day
from training.services.import_runs import (
    Importer,
    Kind,
    keep_rows,
    keep_run,
    open_run,
    refuse_not_importing,
    rows_of,
    rows_to_keep,
)
from training.services.organisations import NotAllowed
from training.services.people_on_record import read_house

# Only these many unknown names are offered to be made; more are a column mistaken for another.
MOST_NAMES = 200


def plan_file(
    database: Database, *, viewer: Importer, lines: Sequence[Line], file_name: str, now: datetime
) -> uuid.UUID:
    """Read a table of people, keep what it would do as a plan, and return the import's id.

    Raises:
        NotAllowed: when the viewer may not import.
        Refusal: when the columns that are needed cannot be found.
    """
    refuse_not_importing(viewer)
    today = day_in(now, viewer.time_zone)
    table = read_table(lines, FIELDS)
    rows = read_rows(table, today=today)
    with spoken(ENGLISH):
        read = list(rows)
    chosen = {"from_day": today.isoformat(), "new_sites": [], "new_titles": {}, "leavers": False, "last_day": ""}
    with database.read(viewer.organisation_id) as session:
        plan = plan_on(session, viewer=viewer, read=read, chosen=chosen, today=today)
    with database.write(viewer.organisation_id) as session:
        summary = {**summary_of(plan), "ignored": list(table.ignored), "columns": dict(table.headings)}
        kept = {"file_name": file_name[-255:], "choices": chosen, "summary": summary}
        run = keep_run(session, viewer=viewer, kind=Kind.PEOPLE, now=now, **kept)
        keep_rows(session, rows_to_keep(run, plan.rows, read=read))
        return run.id


def plan_on(
    session: Session, *, viewer: Importer, read: Sequence[Read], chosen: Mapping[str, Any], today: date
) -> Plan:
    """Return the plan of rows beside what is on record at this moment."""
    choices = choices_of(chosen)
    house: House = read_house(
        session,
        viewer=viewer,
        numbers={row.wanted.staff_number for row in read if row.wanted.staff_number},
        emails={row.wanted.email for row in read if row.wanted.email},
        today=today,
        new_sites=chosen["new_sites"],
        new_titles=chosen["new_titles"],
        everybody=choices.leavers,
    )
    # What a plan says is kept, and read again by whoever looks at it.
    with spoken(ENGLISH):
        return make_plan(read, house=house, choices=choices, today=today)


def choices_of(chosen: Mapping[str, Any]) -> Choices:
    """Return what was chosen as the rules see it."""
    last_day = date.fromisoformat(chosen["last_day"]) if chosen["last_day"] else None
    return Choices(from_day=date.fromisoformat(chosen["from_day"]), leavers=chosen["leavers"], last_day=last_day)


def summary_of(plan: Plan) -> dict[str, Any]:
    """Return the numbers of a plan and the names that are unknown."""
    return {
        "counts": {outcome.value: number for outcome, number in plan.counts.items()},
        "unknown_sites": dict(list(plan.unknown_sites.items())[:MOST_NAMES]),
        "unknown_titles": dict(list(plan.unknown_titles.items())[:MOST_NAMES]),
        "on_file": plan.on_file,
        "without_number": plan.without_number,
        "must_type": plan.must_type,
    }


def read_of(rows: Iterable[ImportRow]) -> list[Read]:
    """Return what the rows of a file said, from what was kept; whoever is not in the file has no line."""
    return [
        Read(row.line, Wanted.of(row.wanted), tuple(Fault(*fault) for fault in row.read_faults))
        for row in rows
        if row.line is not None
    ]


def choose(
    database: Database,
    *,
    viewer: Importer,
    import_id: uuid.UUID,
    from_day: date,
    new_sites: Sequence[str] = (),
    new_titles: Mapping[str, Role] | None = None,
    leavers: bool = False,
    last_day: date | None = None,
    now: datetime,
) -> None:
    """Change what was chosen for a plan, and make it anew.

    Raises:
        NotFound, ImportGone: when there is no such import to be applied.
        NotAllowed: when somebody who manages some sites asks for new ones or for job titles.
        DayRefused, LastDayRefused: for a day that nobody can mean.
    """
    if (new_sites or new_titles) and not viewer.manages_all:
        raise NotAllowed(_("Only a manager of the whole organisation can make sites and job titles."))
    today = day_in(now, viewer.time_zone)
    refuse_strange_day(from_day, today=today)
    if last_day is not None:
        refuse_strange_last_day(last_day, today=today)
    with database.write(viewer.organisation_id) as session:
        run = open_run(session, viewer=viewer, import_id=import_id, now=now)
        named = {"new_sites": new_sites, "new_titles": new_titles or {}}
        chosen = chosen_of(run, **named)
        days = {"from_day": from_day.isoformat(), "last_day": (last_day or today).isoformat() if leavers else ""}
        run.choices = {**chosen, **days, "leavers": leavers}
        run.summary = {**run.summary, **offers_kept(run)}
        replan(session, run, viewer=viewer, today=today)


def chosen_of(run: ImportRun, *, new_sites: Sequence[str], new_titles: Mapping[str, Role]) -> dict[str, Any]:
    """Return the names to be made, as far as the page offered them."""
    sites, titles = offered(run, "unknown_sites", "new_sites"), offered(run, "unknown_titles", "new_titles")
    return {
        "new_sites": [name for name in new_sites if name in sites],
        "new_titles": {name: role.value for name, role in new_titles.items() if name in titles},
    }


def refuse_strange_last_day(last_day: date, *, today: date) -> None:
    """Refuse a last day of leavers that is a slip of the keyboard."""
    if abs((last_day - today).days) > 366:
        raise LastDayRefused(_("The last day of those who left must be within a year of today."))


def offered(run: ImportRun, unknown: str, chosen: str) -> set[str]:
    """Return the names that may be ticked: those that are unknown, and those ticked before."""
    return {*run.summary[unknown], *run.summary.get(f"offered_{chosen}", ())}


def offers_kept(run: ImportRun) -> dict[str, list[str]]:
    """Return every name that was ever offered, so that a tick can be taken back."""
    pairs = (("unknown_sites", "new_sites"), ("unknown_titles", "new_titles"))
    return {f"offered_{chosen}": sorted(offered(run, unknown, chosen)) for unknown, chosen in pairs}


def replan(session: Session, run: ImportRun, *, viewer: Importer, today: date) -> Plan:
    """Make a plan anew from the rows that were kept, in the place of what was planned."""
    read = read_of(session.scalars(rows_of(run.id)))
    plan = plan_on(session, viewer=viewer, read=read, chosen=run.choices, today=today)
    session.flush()
    session.execute(delete(ImportRow).where(ImportRow.import_id == run.id))
    session.expunge_all()
    session.add(run)
    run.summary = {**run.summary, **summary_of(plan)}
    session.flush()
    keep_rows(session, rows_to_keep(run, plan.rows, read=read))
    return plan


def counts_of(plan: Plan) -> dict[str, int]:
    """Return the numbers of a plan as the audit log keeps them."""
    return {outcome.value: plan.counts[outcome] for outcome in Outcome if outcome is not Outcome.SAME}
