"""Imports between being sent in, applied and undone: whose they are, their rows, and when they expire."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Actor
from training.domain.completion_import import PlannedPass
from training.domain.language import N_, _, ngettext
from training.domain.numbers import number_words
from training.domain.people_import import Planned as PlannedPerson
from training.domain.row_reading import Read
from training.domain.upload import Fault
from training.models import ImportRow, ImportRun
from training.services import audit
from training.services.accounts import Viewer, refuse_reader
from training.services.organisations import NotAllowed, NotFound
from training.services.reach import last_narrowed

EXPIRES = timedelta(days=7)
UNDO_WITHIN = timedelta(days=30)
BATCH = 1_000


class ImportGone(Exception):
    """An import cannot be applied because it has been, or its time is over."""


class PlanChanged(Exception):
    """An import cannot be applied because what is on record has changed since its plan was made."""


class Overtaken(Exception):
    """An import cannot be applied because somebody else wrote something that it stands on, a moment ago."""


class Kind(StrEnum):
    """What a file is about, known everywhere by its slug."""

    PEOPLE = "people"
    COMPLETIONS = "completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The operator of the service, who imports at the command line as a manager of the whole organisation would."""

    organisation_id: int
    time_zone: str
    name: str = "the operator"
    person_id: None = None
    manages_all: bool = True
    reads_only: bool = False
    site_ids: frozenset[uuid.UUID] = frozenset()


Importer = Viewer | Operator
Planned = PlannedPerson | PlannedPass


def source_of(viewer: Importer) -> Viewer | audit.Source:
    """Return who acts, as the audit log knows them."""
    if isinstance(viewer, Viewer):
        return viewer
    return audit.Source(kind=Actor.OPERATOR, organisation_id=viewer.organisation_id)


def refuse_not_importing(viewer: Importer) -> None:
    """Refuse whoever may not import: auditors, and whoever manages nothing."""
    if isinstance(viewer, Viewer):
        refuse_reader(viewer)
    if not (viewer.manages_all or viewer.site_ids):
        raise NotAllowed(_("Only a manager can import."))


def keep_run(
    session: Session,
    *,
    viewer: Importer,
    kind: Kind,
    file_name: str,
    evidence: str = "",
    choices: Mapping[str, Any],
    summary: Mapping[str, Any],
    now: datetime,
) -> ImportRun:
    """Keep an import, and clear away what has expired of others; its rows follow."""
    clear_expired(session, now=now)
    run = ImportRun(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        kind=kind,
        made_by=viewer.person_id,
        file_name=file_name,
        evidence=evidence,
        choices=dict(choices),
        summary=dict(summary),
        recorded_at=now,
        expires_at=now + EXPIRES,
    )
    session.add(run)
    session.flush()
    return run


def clear_expired(session: Session, *, now: datetime) -> None:
    """Forget the rows of imports that nobody applied in time, or that can be undone no more: they hold names."""
    over = select(ImportRun.id).where(
        ((ImportRun.applied_at.is_(None)) & (ImportRun.expires_at <= now))
        | (ImportRun.applied_at <= now - UNDO_WITHIN)
        | (ImportRun.undone_at <= now - UNDO_WITHIN)
    )
    gone = session.scalars(over).all()
    session.execute(delete(ImportRow).where(ImportRow.import_id.in_(gone)))
    session.execute(delete(ImportRun).where(ImportRun.id.in_(gone), ImportRun.applied_at.is_(None)))


def keep_rows(session: Session, rows: Iterable[ImportRow]) -> None:
    """Add rows, some at a time."""
    batch: list[ImportRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            add_batch(session, batch)
            batch = []
    add_batch(session, batch)


def rows_to_keep(run: ImportRun, rows: Iterable[Planned], *, read: Iterable[Read]) -> Iterator[ImportRow]:
    """Yield the rows of a plan as they are kept, with what was wrong with each before it was compared with anything."""
    faults = {row.number: row.faults for row in read}
    for place, row in enumerate(rows):
        yield ImportRow(
            organisation_id=run.organisation_id,
            import_id=run.id,
            place=place,
            line=row.line,
            outcome=row.outcome.value,
            says=row.says,
            wanted=row.wanted.stored(),
            read_faults=stored_faults(faults.get(row.line, ())),
            faults=stored_faults(row.faults),
        )


def stored_faults(faults: Iterable[Fault]) -> list[list[str]]:
    """Return faults as they are kept."""
    return [list(astuple(fault)) for fault in faults]


def refuse_other_plan(kept: Sequence[ImportRow], rows: Sequence[Planned]) -> None:
    """Refuse to do anything but what was shown.

    Raises:
        PlanChanged: saying how many rows come out differently.
    """
    shown = [(row.line, row.outcome, row.says, row.faults) for row in kept]
    found = [(row.line, row.outcome.value, row.says, stored_faults(row.faults)) for row in rows]
    if shown != found:
        now = {repr(row) for row in found}
        changed = sum(repr(row) not in now for row in shown) or abs(len(shown) - len(found))
        raise PlanChanged(
            ngettext(
                "Something on record has changed since this plan was made, so 1 row comes out differently now. "
                "Nothing was done. Look at the plan again: it is up to date.",
                "Something on record has changed since this plan was made, so %(number)s rows come out differently "
                "now. Nothing was done. Look at the plan again: it is up to date.",
                changed,
                number=number_words(changed),
            )
        )


def add_batch(session: Session, rows: Sequence[ImportRow]) -> None:
    """Write some rows and let go of them."""
    session.add_all(rows)
    session.flush()
    for row in rows:
        session.expunge(row)


def own_run(session: Session, *, viewer: Importer, import_id: uuid.UUID, lock: bool = False) -> ImportRun:
    """Return an import of the viewer's: one they made, or one that was applied, where they manage everything.

    Raises:
        NotFound: otherwise.
    """
    query = select(ImportRun).where(ImportRun.id == import_id)
    run = session.scalars(query.with_for_update() if lock else query).one_or_none()
    theirs = run is not None and run.made_by == viewer.person_id
    if theirs and not viewer.manages_all:
        narrowed_at = last_narrowed(session, viewer=viewer)
        theirs = narrowed_at is None or run.recorded_at > narrowed_at
    seen = run is not None and run.applied_at is not None and viewer.manages_all
    if run is None or not (theirs or seen):
        raise NotFound(_("There is no such import."))
    return run


def open_run(session: Session, *, viewer: Importer, import_id: uuid.UUID, now: datetime) -> ImportRun:
    """Return an import that can still be applied, locked.

    Raises:
        NotFound: when it is not the viewer's.
        ImportGone: when it was applied, or has expired.
    """
    run = own_run(session, viewer=viewer, import_id=import_id, lock=True)
    if run.applied_at is not None:
        raise ImportGone(_("This import has been applied already. Nothing was done twice."))
    if run.expires_at <= now:
        raise ImportGone(_("This import was not applied in time and has expired. Send the file again."))
    return run


def forget(database: Database, *, viewer: Importer, import_id: uuid.UUID, now: datetime) -> None:
    """Forget a plan that is not to be applied.

    Raises:
        NotFound, ImportGone: when there is no such plan.
    """
    with database.write(viewer.organisation_id) as session:
        open_run(session, viewer=viewer, import_id=import_id, now=now)
        session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        session.execute(delete(ImportRun).where(ImportRun.id == import_id))


def rows_of(import_id: uuid.UUID) -> Select[tuple[ImportRow]]:
    """Return the query of an import's rows, in order."""
    return select(ImportRow).where(ImportRow.import_id == import_id).order_by(ImportRow.place)


def is_last(session: Session, run: ImportRun) -> bool:
    """Say whether an import is the last of the organisation's that were applied and not undone."""
    if run.applied_at is None or run.undone_at is not None:
        return False
    last = select(ImportRun.id).where(ImportRun.applied_at.is_not(None), ImportRun.undone_at.is_(None))
    return session.scalars(last.order_by(ImportRun.applied_at.desc(), ImportRun.id).limit(1)).one() == run.id


def why_not_undone(session: Session, run: ImportRun, *, now: datetime) -> str:
    """Say why an import cannot be undone: it has been, has others after it, or is too long ago; else nothing."""
    if run.undone_at is not None:
        return _("This import has been undone already.")
    if not is_last(session, run):
        return _("Only the last import can be undone, and this is not the last. Undo the later ones first.")
    if run.applied_at is not None and run.applied_at <= now - UNDO_WITHIN:
        words = N_("It was applied more than %(days)s days ago. Put people right on their own pages.")
        return _(words, days=UNDO_WITHIN.days)
    return ""
