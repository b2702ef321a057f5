"""Applying a people import: everything in one transaction, set by set, or nothing."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act as AuditAct
from training.domain.days import day_in
from training.domain.language import _
from training.domain.numbers import number_words
from training.domain.people_import import Outcome, Plan
from training.services import audit, standings
from training.services.import_runs import (
    Importer,
    Overtaken,
    PlanChanged,
    open_run,
    refuse_not_importing,
    refuse_other_plan,
    rows_of,
    source_of,
)
from training.services.people_import_acts import Writing, make_places
from training.services.people_imports import counts_of, plan_on, read_of, replan
from training.services.people_on_record import ids_at_work, ids_of_numbers, parts

Say = Callable[[int, int], None]


class FaultsLeft(Exception):
    """An import cannot be applied because rows of it are wrong, and nobody said to leave them out."""


class LeaversNotTyped(Exception):
    """An import cannot be applied because many would leave, and their number was not typed."""


def apply(
    database: Database,
    *,
    viewer: Importer,
    import_id: uuid.UUID,
    leave_out_faults: bool = False,
    typed_leavers: int | None = None,
    now: datetime,
    say: Say = lambda _done, _of: None,
) -> None:
    """Do what a plan says, all of it in one transaction; `say` is told how many people are done, and of how many.

    Raises:
        NotFound, NotAllowed, ImportGone: when there is no such import to be applied.
        FaultsLeft, LeaversNotTyped: when it has to be asked for more plainly.
        PlanChanged: when what is on record has changed since; the plan is made anew and nothing else is written.
        Overtaken: when somebody wrote something that it stands on in the same moment.
    """
    refuse_not_importing(viewer)
    try:
        quicker = Overtaken(_("Somebody else has just changed something that this import stands on. Nothing was done."))
        with database.write(viewer.organisation_id, if_taken=quicker) as session:
            write(session, viewer, import_id, now, say, leave_out=leave_out_faults, typed=typed_leavers)
    except PlanChanged:
        with database.write(viewer.organisation_id) as session:
            run = open_run(session, viewer=viewer, import_id=import_id, now=now)
            replan(session, run, viewer=viewer, today=day_in(now, viewer.time_zone))
        raise


def write(
    session: Session,
    viewer: Importer,
    import_id: uuid.UUID,
    now: datetime,
    say: Say,
    *,
    leave_out: bool,
    typed: int | None,
) -> None:
    """Check a plan anew and write what it says."""
    today = day_in(now, viewer.time_zone)
    run = open_run(session, viewer=viewer, import_id=import_id, now=now)
    kept = session.scalars(rows_of(import_id)).all()
    read = read_of(kept)
    concerned = ids_at_work(session, viewer=viewer, today=today) if run.choices["leavers"] else []
    for some in parts({*concerned, *ids_of_numbers(session, {row.wanted.staff_number for row in read})}):
        standings.wait_for_turn(session, person_ids=some)
    plan = plan_on(session, viewer=viewer, read=read, chosen=run.choices, today=today)
    refuse_other_plan(kept, plan.rows)
    refuse_unasked(plan, leave_out=leave_out, typed=typed)
    run.applied_at = now
    detail = counts_of(plan)
    run.summary = {**run.summary, "applied": sum(bool(row.acts) for row in plan.rows)}
    session.flush()
    session.expunge_all()
    made = make_places(session, viewer=viewer, run=run, plan=plan, now=now)
    Writing(session, viewer, run, made, today, now).carry_out(plan, say)
    act = AuditAct.PEOPLE_IMPORTED
    audit.record(session, viewer=source_of(viewer), act=act, subject_id=import_id, now=now, detail=detail)


def refuse_unasked(plan: Plan, *, leave_out: bool, typed: int | None) -> None:
    """Refuse what has to be asked for more plainly."""
    if plan.counts[Outcome.FAULT] and not leave_out:
        raise FaultsLeft(_("Some rows are wrong. Mend them in the file and send it again, or tick to leave them out."))
    leavers = plan.counts[Outcome.LEAVES]
    if plan.must_type and typed != leavers:
        counts = {"number": number_words(leavers), "all": number_words(plan.on_file)}
        raise LeaversNotTyped(_("%(number)s of %(all)s people would leave. Type that number to go on.", **counts))
