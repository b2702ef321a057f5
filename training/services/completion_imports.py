"""Imports of past completions: planned beside our own rule, applied in one transaction, with their evidence source."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act as AuditAct
from training.domain.certification import Pass
from training.domain.completion_import import PassPlan, PassPlanner, PlannedPass, Rule, Shelf
from training.domain.completion_rows import FIELDS, WantedPass, read_passes
from training.domain.days import day_in
from training.domain.language import ENGLISH, N_, _, spoken
from training.domain.names import read_name
from training.domain.people_import import Outcome
from training.domain.person_record import House, PersonRecord, facts_for
from training.domain.row_reading import Read
from training.domain.upload import Fault, Field, Line, read_table
from training.models import ImportedPass, ImportRow, ImportRun
from training.services import audit, exemptions, facts, standings
from training.services.import_runs import (
    Importer,
    Kind,
    Overtaken,
    PlanChanged,
    keep_rows,
    keep_run,
    open_run,
    refuse_not_importing,
    refuse_other_plan,
    rows_of,
    rows_to_keep,
    source_of,
)
from training.services.people_import_writing import FaultsLeft
from training.services.people_on_record import ids_of_numbers, parts, read_house
from training.services.quiet_steps import bring_up_to_date_quietly, steps_due

BATCH = 500
MOST_NAMES = 200
WRITTEN = (Outcome.CREATE, Outcome.DIFFERS)


def plan_file(
    database: Database,
    *,
    viewer: Importer,
    catalog: Catalog,
    lines: Sequence[Line],
    file_name: str,
    evidence: str,
    fields: Sequence[Field] = FIELDS,
    about: Mapping[str, Any] | None = None,
    now: datetime,
) -> uuid.UUID:
    """Read a table of completions, keep what it would do as a plan, and return the import's id.

    `evidence` says where they come from, `fields` what columns may be called, `about` what else is kept of the file.

    Raises:
        NotAllowed: when the viewer may not import.
        NameRefused: when no source of evidence is given, or its name is too long.
        Refusal: when the columns that are needed cannot be found.
    """
    refuse_not_importing(viewer)
    source = read_name(evidence, what=N_("source of evidence"))
    today = day_in(now, viewer.time_zone)
    table = read_table(lines, fields)
    with spoken(ENGLISH):
        read = list(read_passes(table, today=today))
    with database.read(viewer.organisation_id) as session:
        plan = plan_on(session, viewer=viewer, catalog=catalog, read=read, meant={}, called=table.headings, today=today)
    with database.write(viewer.organisation_id) as session:
        of_file = {**(about or {}), "ignored": list(table.ignored), "columns": dict(table.headings)}
        summary = {**summary_of(plan), **of_file}
        kept = {"file_name": file_name[-255:], "evidence": source, "choices": {"items": {}}, "summary": summary}
        run = keep_run(session, viewer=viewer, kind=Kind.COMPLETIONS, now=now, **kept)
        keep_rows(session, rows_to_keep(run, plan.rows, read=read))
        return run.id


def list_items(database: Database, *, viewer: Importer, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """Return the slug and title of everything that could be meant, by title."""
    with database.read(viewer.organisation_id) as session:
        titles = titles_of(facts.read_house(session), catalog)
    return tuple(sorted(titles.items(), key=lambda one: one[1]))


def titles_of(house: House, catalog: Catalog) -> dict[str, str]:
    """Return the title of every item that there is, or that is required, by slug."""
    slugs = {item.slug for item in catalog.items()} | exemptions.items_of(house)
    return {slug: catalog.title(slug) for slug in slugs}


def plan_on(
    session: Session,
    *,
    viewer: Importer,
    catalog: Catalog,
    read: Sequence[Read],
    meant: Mapping[str, str],
    called: Mapping[str, str],
    today: date,
) -> PassPlan:
    """Return the plan of rows beside what is on record at this moment; `called` is what the file calls its columns."""
    numbers = {row.wanted.staff_number for row in read if row.wanted.staff_number}
    people = read_house(session, viewer=viewer, numbers=numbers, today=today)
    house = facts.read_house(session)
    shelf = Shelf(titles_of(house, catalog), meant)
    ids = [uuid.UUID(known.id) for known in people.people]
    beside = Beside(facts.read_records(session, person_ids=ids), house, today)
    planner = PassPlanner(house=people, shelf=shelf, on_record=beside.on_record, by_rule=beside.by_rule, called=called)
    # What a plan says is kept, and read again by whoever looks at it.
    with spoken(ENGLISH):
        return planner.plan(read)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is on record of people and what is required, for comparing an expiry with."""

    records: Mapping[uuid.UUID, PersonRecord]
    house: House
    today: date

    def on_record(self, person_id: str, item: str) -> Sequence[Pass]:
        """Return a person's passes of an item."""
        return self.records[uuid.UUID(person_id)].passes.get(item, ())

    def by_rule(self, person_id: str, item: str, passes: Sequence[Pass]) -> Rule | None:
        """Return what our rule makes of the last of some passes: by the requirement that gives the earliest date."""
        record = self.records[uuid.UUID(person_id)]
        with_it = replace(record, passes={**record.passes, item: list(passes)})
        asking = [one for one in self.house.requirements.values() if item in one.items]
        found = [
            (requirement, facts_for(with_it, requirement, item, house=self.house, as_at=self.today))
            for requirement in asking
        ]
        meant = [one for one in found if one[1].needed()] or found
        rules = [Rule(known.periods[-1], requirement.name) for requirement, known in meant if known.periods]
        return min(rules, key=lambda rule: (rule.period.reach, rule.requirement), default=None)


def summary_of(plan: PassPlan) -> dict[str, Any]:
    """Return the numbers of a plan and the names that mean nothing yet."""
    return {
        "counts": {outcome.value: number for outcome, number in plan.counts.items()},
        "unknown_items": dict(list(plan.unknown_items.items())[:MOST_NAMES]),
    }


def read_of(rows: Iterable[ImportRow]) -> list[Read]:
    """Return what the rows of a file said, from what was kept."""
    return [
        Read(row.line or 0, WantedPass.of(row.wanted), tuple(Fault(*fault) for fault in row.read_faults))
        for row in rows
    ]


def choose(
    database: Database,
    *,
    viewer: Importer,
    catalog: Catalog,
    import_id: uuid.UUID,
    items: Mapping[str, str],
    now: datetime,
) -> None:
    """Say which items the names in a file mean, and make the plan anew; a name without one stays unknown.

    Raises:
        NotFound, ImportGone: when there is no such import to be applied.
    """
    with database.write(viewer.organisation_id) as session:
        run = open_run(session, viewer=viewer, import_id=import_id, now=now)
        asked = {*run.summary["unknown_items"], *run.choices["items"]}
        run.choices = {"items": {name: slug for name, slug in items.items() if name in asked and slug}}
        replan(session, run, viewer=viewer, catalog=catalog, today=day_in(now, viewer.time_zone))


def kept_with(run: ImportRun) -> dict[str, Mapping[str, str]]:
    """Return what was said of an import's names, and what its file calls its columns."""
    return {"meant": run.choices["items"], "called": run.summary["columns"]}


def replan(session: Session, run: ImportRun, *, viewer: Importer, catalog: Catalog, today: date) -> None:
    """Make a plan anew from the rows that were kept, in the place of what was planned."""
    read = read_of(session.scalars(rows_of(run.id)))
    plan = plan_on(session, viewer=viewer, catalog=catalog, read=read, today=today, **kept_with(run))
    session.flush()
    session.execute(delete(ImportRow).where(ImportRow.import_id == run.id))
    session.expunge_all()
    session.add(run)
    run.summary = {**run.summary, **summary_of(plan)}
    session.flush()
    keep_rows(session, rows_to_keep(run, plan.rows, read=read))


def apply(
    database: Database,
    *,
    viewer: Importer,
    catalog: Catalog,
    import_id: uuid.UUID,
    leave_out_faults: bool = False,
    now: datetime,
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> None:
    """Put the passes of a plan on record, all in one transaction; `say` is told how many people are done, of how many.

    Raises:
        NotFound, NotAllowed, ImportGone: when there is no such import to be applied.
        FaultsLeft: when rows are wrong, and nobody said to leave them out.
        PlanChanged: when what is on record has changed since; the plan is made anew and nothing else is written.
        Overtaken: when somebody wrote something that it stands on in the same moment.
    """
    refuse_not_importing(viewer)
    today = day_in(now, viewer.time_zone)
    quicker = Overtaken(_("Somebody else has just changed something that this import stands on. Nothing was done."))
    try:
        with database.write(viewer.organisation_id, if_taken=quicker) as session:
            run = open_run(session, viewer=viewer, import_id=import_id, now=now)
            plan = checked_plan(session, run, viewer=viewer, catalog=catalog, today=today, leave_out=leave_out_faults)
            write(session, run, plan, viewer=viewer, today=today, now=now, say=say)
    except PlanChanged:
        with database.write(viewer.organisation_id) as session:
            run = open_run(session, viewer=viewer, import_id=import_id, now=now)
            replan(session, run, viewer=viewer, catalog=catalog, today=today)
        raise


def checked_plan(
    session: Session, run: ImportRun, *, viewer: Importer, catalog: Catalog, today: date, leave_out: bool
) -> PassPlan:
    """Return the plan, once it is everybody's turn and it is still what was shown."""
    kept = session.scalars(rows_of(run.id)).all()
    read = read_of(kept)
    for some in parts(ids_of_numbers(session, {row.wanted.staff_number for row in read})):
        standings.wait_for_turn(session, person_ids=some)
    plan = plan_on(session, viewer=viewer, catalog=catalog, read=read, today=today, **kept_with(run))
    refuse_other_plan(kept, plan.rows)
    if plan.counts[Outcome.FAULT] and not leave_out:
        raise FaultsLeft(_("Some rows are wrong. Mend them in the file and send it again, or tick to leave them out."))
    return plan


def write(
    session: Session,
    run: ImportRun,
    plan: PassPlan,
    *,
    viewer: Importer,
    today: date,
    now: datetime,
    say: Callable[[int, int], None],
) -> None:
    """Write the passes, some people at a time, and bring their standings up to date without telling anybody."""
    people: dict[uuid.UUID, list[PlannedPass]] = {}
    for row in plan.rows:
        if row.outcome in WRITTEN:
            people.setdefault(uuid.UUID(row.person_id), []).append(row)
    run.applied_at = now
    run.summary = {**run.summary, "applied": sum(map(len, people.values()))}
    session.flush()
    session.expunge_all()
    ids = sorted(people)
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        before = steps_due(session, person_ids=some, today=today)
        session.add_all(pass_of(row, run=run, now=now) for person_id in some for row in people[person_id])
        session.flush()
        known = {"organisation_id": run.organisation_id, "person_ids": some, "before": before}
        bring_up_to_date_quietly(session, today=today, now=now, **known)
        session.flush()
        # Tens of thousands of rows would weigh on every flush that follows.
        session.expunge_all()
        say(min(start + BATCH, len(ids)), len(ids))
    detail = {outcome.value: plan.counts[outcome] for outcome in (*WRITTEN, Outcome.FAULT)}
    act = AuditAct.PASSES_IMPORTED
    audit.record(session, viewer=source_of(viewer), act=act, subject_id=run.id, now=now, detail=detail)


def pass_of(row: PlannedPass, *, run: ImportRun, now: datetime) -> ImportedPass:
    """Return a row of a plan as the fact that it becomes."""
    return ImportedPass(
        organisation_id=run.organisation_id,
        person_id=uuid.UUID(row.person_id),
        import_id=run.id,
        item=row.item,
        passed_on=row.wanted.passed_on,
        given_until=row.wanted.given_until,
        evidence=run.evidence,
        recorded_at=now,
    )
