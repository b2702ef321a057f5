"""Imports as they are looked at: one with a page of its rows, its faults, and the list of those that were applied."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.import_said import said_row
from training.domain.language import N_, _
from training.domain.people_import import Outcome
from training.domain.upload import Fault
from training.models import ImportRow, ImportRun, Person
from training.services.accounts import Viewer
from training.services.import_runs import Importer, Kind, own_run, rows_of, why_not_undone

PAGE = 100
LISTED = 20
OPERATOR = N_("the operator of the service")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row of an import as it is shown: its number in the file, what comes of it, and what is wrong with it."""

    line: int | None
    outcome: Outcome
    says: str
    wanted: Mapping[str, str]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import with one page of its rows; `why_not_undone` says why it cannot be undone, if so."""

    id: uuid.UUID
    kind: Kind
    file_name: str
    evidence: str
    who: str
    recorded_at: datetime
    expires_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    choices: Mapping[str, Any]
    summary: Mapping[str, Any]
    rows: tuple[KeptRow, ...]
    shown: str
    number: int
    last: int
    is_over: bool
    why_not_undone: str

    @property
    def may_undo(self) -> bool:
        """Whether it can be undone, as far as is known without looking at what rests on it."""
        return self.applied_at is not None and not self.why_not_undone

    def count(self, outcome: str) -> int:
        """Return how many rows come to something."""
        return self.summary["counts"].get(outcome, 0)

    @property
    def shown_as(self) -> str:
        """What the rows that are shown come to, where they are those of one outcome."""
        return Outcome(self.shown).label if self.shown else ""

    @property
    def faults(self) -> int:
        """How many rows are wrong."""
        return self.count(Outcome.FAULT)

    @property
    def changes(self) -> int:
        """How many rows change anything."""
        return sum(self.count(outcome) for outcome in Outcome if outcome not in {Outcome.SAME, Outcome.FAULT})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan that was not applied yet, in a list of them."""

    id: uuid.UUID
    kind: Kind
    file_name: str
    recorded_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """An import that was applied, in a list of them."""

    id: uuid.UUID
    kind: Kind
    file_name: str
    who: str
    applied_at: datetime
    undone_at: datetime | None
    changes: int


def read_page(
    database: Database, *, viewer: Importer, import_id: uuid.UUID, shown: str = "", number: int = 1, now: datetime
) -> ImportPage:
    """Return an import with a page of its rows, or of those that come to one outcome.

    Raises:
        NotFound: when it is not the viewer's.
    """
    with database.read(viewer.organisation_id) as session:
        run = own_run(session, viewer=viewer, import_id=import_id)
        rows = rows_of(import_id)
        counting = select(func.count()).select_from(ImportRow).where(ImportRow.import_id == import_id)
        if shown in set(Outcome):
            rows, counting = rows.where(ImportRow.outcome == shown), counting.where(ImportRow.outcome == shown)
        last = max(-(-(session.scalar(counting) or 0) // PAGE), 1)
        number = min(max(number, 1), last)
        found = session.scalars(rows.offset((number - 1) * PAGE).limit(PAGE)).all()
        return ImportPage(
            **{name: getattr(run, name) for name in ("id", "file_name", "evidence", "recorded_at", "expires_at")},
            **{name: getattr(run, name) for name in ("applied_at", "undone_at", "choices", "summary")},
            kind=Kind(run.kind),
            who=name_of(session, run),
            rows=tuple(said_again(kept_row(row)) for row in found),
            shown=shown if shown in set(Outcome) else "",
            number=number,
            last=last,
            is_over=run.applied_at is None and run.expires_at <= now,
            why_not_undone=why_not_undone(session, run, now=now),
        )


def name_of(session: Session, run: ImportRun) -> str:
    """Return who made an import."""
    person = session.get(Person, (run.organisation_id, run.made_by)) if run.made_by else None
    return person.name if person else _(OPERATOR)


def kept_row(row: ImportRow) -> KeptRow:
    """Return a row as it is shown."""
    faults = tuple(Fault(*fault) for fault in row.faults)
    return KeptRow(row.line, Outcome(row.outcome), row.says, row.wanted, faults)


def said_again(row: KeptRow) -> KeptRow:
    """Return a row in the language that is spoken, as far as it can be: its words are kept in English."""
    faults = tuple(replace(fault, words=said_row(fault.words)) for fault in row.faults)
    return replace(row, says=said_row(row.says), faults=faults)


def faults_of(database: Database, *, viewer: Importer, import_id: uuid.UUID) -> list[KeptRow]:
    """Return every row that is wrong, in order."""
    with database.read(viewer.organisation_id) as session:
        own_run(session, viewer=viewer, import_id=import_id)
        wrong = rows_of(import_id).where(ImportRow.outcome == Outcome.FAULT)
        return [kept_row(row) for row in session.scalars(wrong)]


def list_waiting(database: Database, *, viewer: Viewer, now: datetime) -> tuple[Waiting, ...]:
    """Return the viewer's own plans that can still be applied, the latest first."""
    asked = (ImportRun.id, ImportRun.kind, ImportRun.file_name, ImportRun.recorded_at, ImportRun.expires_at)
    query = select(*asked).where(
        ImportRun.made_by == viewer.person_id, ImportRun.applied_at.is_(None), ImportRun.expires_at > now
    )
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(query.order_by(ImportRun.recorded_at.desc()).limit(LISTED))
        return tuple(Waiting(row.id, Kind(row.kind), *row[2:]) for row in rows)


def list_applied(database: Database, *, viewer: Importer) -> tuple[Listed, ...]:
    """Return the latest imports that were applied: all, or the viewer's own where they manage some sites."""
    query = select(ImportRun, Person.name).outerjoin(
        Person, (Person.organisation_id == ImportRun.organisation_id) & (Person.id == ImportRun.made_by)
    )
    query = query.where(ImportRun.applied_at.is_not(None)).order_by(ImportRun.applied_at.desc()).limit(LISTED)
    if not viewer.manages_all:
        query = query.where(ImportRun.made_by == viewer.person_id)
    with database.read(viewer.organisation_id) as session:
        return tuple(
            Listed(
                run.id,
                Kind(run.kind),
                run.file_name,
                name or _(OPERATOR),
                run.applied_at,
                run.undone_at,
                run.summary.get("applied", 0),
            )
            for run, name in session.execute(query)
        )
