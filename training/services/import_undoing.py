"""Undoing the last import: what it wrote is withdrawn, what it took away is kept anew, and nothing is deleted."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.db import Base, Database
from training.domain.audit import Act as AuditAct
from training.domain.days import day_in
from training.domain.language import N_, _, ngettext
from training.domain.numbers import number_words
from training.models import (
    Absence,
    Attempt,
    Employment,
    Exemption,
    ImportedPass,
    ImportRow,
    ImportRun,
    Permission,
    Person,
)
from training.services import audit, standings
from training.services.import_runs import Importer, Kind, own_run, refuse_not_importing, source_of, why_not_undone
from training.services.people_on_record import parts
from training.services.quiet_steps import bring_up_to_date_quietly, steps_due

BATCH = 500
NAMED = 5
Say = Callable[[int, int], None]


class CannotUndo(Exception):
    """An import cannot be undone because it is not the last, is too long ago, or something rests on it."""


def undo(
    database: Database,
    *,
    viewer: Importer,
    import_id: uuid.UUID,
    now: datetime,
    say: Say = lambda _done, _of: None,
) -> None:
    """Undo the last import that was applied, in one transaction.

    Raises:
        NotFound, NotAllowed: when it is not the viewer's.
        CannotUndo: in words, with nothing written.
    """
    refuse_not_importing(viewer)
    today = day_in(now, viewer.time_zone)
    with database.write(viewer.organisation_id) as session:
        run = own_run(session, viewer=viewer, import_id=import_id, lock=True)
        refuse_not_last(session, run, now=now)
        people = list(people_of(session, run))
        for some in parts(each.person_id for each in people):
            standings.wait_for_turn(session, person_ids=some)
        refuse_rested_on(session, run, people)
        run.undone_at = now
        session.flush()
        session.expunge_all()
        taking_back = TakingBack(session, viewer, run, today, now)
        for start in range(0, len(people), BATCH):
            taking_back.of(people[start : start + BATCH])
            say(min(start + BATCH, len(people)), len(people))
        detail = {"kind": run.kind, "people": len(people)}
        act = AuditAct.IMPORT_UNDONE
        audit.record(session, viewer=source_of(viewer), act=act, subject_id=import_id, now=now, detail=detail)


def refuse_not_last(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Refuse an import that was undone, is too long ago, or has others after it."""
    if words := why_not_undone(session, run, now=now):
        raise CannotUndo(words)


@dataclass(frozen=True, slots=True)
class Touched:
    """One person whom an import touched: the facts it added and withdrew, and what their name and address were."""

    person_id: uuid.UUID
    is_new: bool
    added: tuple[uuid.UUID, ...]
    withdrawn: tuple[uuid.UUID, ...] = ()
    before: Mapping[str, str | None] | None = None
    after: Mapping[str, str | None] | None = None


def people_of(session: Session, run: ImportRun) -> Iterator[Touched]:
    """Yield everybody whom an import touched."""
    if run.kind == Kind.COMPLETIONS:
        found: dict[uuid.UUID, list[uuid.UUID]] = {}
        live = ImportedPass.import_id == run.id, ImportedPass.withdrawn_at.is_(None)
        for person_id, pass_id in session.execute(select(ImportedPass.person_id, ImportedPass.id).where(*live)):
            found.setdefault(person_id, []).append(pass_id)
        for person_id, ids in found.items():
            yield Touched(person_id, is_new=False, added=tuple(ids))
        return
    rows = select(ImportRow.done).where(ImportRow.import_id == run.id).order_by(ImportRow.place)
    for done in session.scalars(rows):
        if done:
            yield touched_of(done)


def touched_of(done: Mapping[str, Any]) -> Touched:
    """Return somebody from what was kept when the import was applied."""
    added, withdrawn = (tuple(map(uuid.UUID, done[name])) for name in ("added", "withdrawn"))
    return Touched(uuid.UUID(done["person"]), done["new"], added, withdrawn, done["before"], done["after"])


def refuse_rested_on(session: Session, run: ImportRun, people: Sequence[Touched]) -> None:
    """Refuse where something was recorded since that rests on what the import wrote; it names some of the people."""
    looks = resting_on_passes if run.kind == Kind.COMPLETIONS else resting_on_people
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(people), BATCH):
        for person_id, why in looks(session, run, people[start : start + BATCH]):
            found.setdefault(person_id, why)
    if found:
        some = list(found)[:NAMED]
        names = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(some))).all())
        told = "; ".join(_(found[person_id], name=names[person_id]) for person_id in some)
        raise CannotUndo(words_about(told, others=len(found) - NAMED))


def words_about(told: str, *, others: int) -> str:
    """Say what rests on an import, and of how many others more does."""
    if others <= 0:
        return _("Something later rests on this import: %(told)s. Nothing was changed.", told=told)
    return ngettext(
        "Something later rests on this import: %(told)s; and %(number)s others. Nothing was changed.",
        "Something later rests on this import: %(told)s; and %(number)s others. Nothing was changed.",
        others,
        told=told,
        number=number_words(others),
    )


def resting_on_passes(session: Session, run: ImportRun, people: Sequence[Touched]) -> Iterator[tuple[uuid.UUID, str]]:
    """Yield those who have since taken a refresher of what was imported: without the import it would not count."""
    ids = [each.person_id for each in people]
    same = (ImportedPass.person_id == Attempt.person_id) & (ImportedPass.item == Attempt.item)
    later = (
        select(Attempt.person_id)
        .join(ImportedPass, same)
        .where(
            ImportedPass.import_id == run.id,
            Attempt.person_id.in_(ids),
            Attempt.question_ids.is_not(None),
            Attempt.passed.is_(True),
            Attempt.recorded_at >= run.applied_at,
        )
    )
    for person_id in session.scalars(later.distinct()):
        yield person_id, N_("%(name)s has passed a refresher since")


def resting_on_people(session: Session, run: ImportRun, people: Sequence[Touched]) -> Iterator[tuple[uuid.UUID, str]]:
    """Yield those whose jobs or names were changed since, and newcomers of whom anything else is on record."""
    ids = [each.person_id for each in people]
    added = {job_id: each.person_id for each in people for job_id in each.added}
    new = [each.person_id for each in people if each.is_new]
    changed = select(Employment.id).where(Employment.id.in_(added), Employment.withdrawn_at.is_not(None))
    for job_id in session.scalars(changed):
        yield added[job_id], N_("%(name)s has had a job changed since")
    others = select(Employment.person_id).where(
        Employment.person_id.in_(ids),
        Employment.id.not_in(added),
        Employment.recorded_at >= run.applied_at,
        Employment.withdrawn_at.is_(None),
    )
    for person_id in session.scalars(others):
        yield person_id, N_("%(name)s has been given a job since")
    for query, why in since(new):
        for person_id in session.scalars(query):
            yield person_id, why
    renamed = {each.person_id: each.after for each in people if each.after}
    for row in session.scalars(select(Person).where(Person.id.in_(renamed))):
        if any(getattr(row, name) != value for name, value in renamed[row.id].items()):
            yield row.id, N_("%(name)s has been renamed or given another address since")


def since(new: Iterable[uuid.UUID]) -> Iterator[tuple[Select[tuple[uuid.UUID]], str]]:
    """Yield the questions after what stands on record of newcomers, each with its words."""
    new = list(new)
    tables: tuple[tuple[type[Base], str], ...] = (
        (Attempt, N_("%(name)s has learnt here since")),
        (Absence, N_("%(name)s has leave on record")),
        (Exemption, N_("%(name)s has an exemption on record")),
        (ImportedPass, N_("%(name)s has imported training on record")),
        (Permission, N_("%(name)s has been given leave to manage or to look")),
    )
    for table, why in tables:
        query = select(table.person_id).where(table.person_id.in_(new))
        yield (query.where(table.withdrawn_at.is_(None)) if hasattr(table, "withdrawn_at") else query), why
    yield select(Person.id).where(Person.id.in_(new), Person.account_id.is_not(None)), N_("%(name)s can sign in by now")


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Takes back what an import wrote, some people at a time."""

    session: Session
    viewer: Importer
    run: ImportRun
    today: date
    now: datetime

    def of(self, people: Sequence[Touched]) -> None:
        """Take back what was written of some people, and bring their standings up to date."""
        ids = sorted(each.person_id for each in people)
        before = steps_due(self.session, person_ids=ids, today=self.today)
        added = [fact for each in people for fact in each.added]
        table = ImportedPass if self.run.kind == Kind.COMPLETIONS else Employment
        for row in self.session.scalars(select(table).where(table.id.in_(added))):
            row.withdrawn_at = self.now
        self.session.flush()
        self.keep_anew([fact for each in people for fact in each.withdrawn])
        self.name_again({each.person_id: each.before for each in people if each.before})
        self.session.flush()
        bring_up_to_date_quietly(
            self.session,
            organisation_id=self.viewer.organisation_id,
            person_ids=ids,
            before=before,
            today=self.today,
            now=self.now,
        )
        self.session.flush()
        self.session.expunge_all()

    def keep_anew(self, jobs: Sequence[uuid.UUID]) -> None:
        """Keep jobs that the import withdrew, as they were, from now on."""
        for row in self.session.scalars(select(Employment).where(Employment.id.in_(jobs))).all():
            names = ("organisation_id", "person_id", "job_title_id", "site_id", "starts_on", "ends_on")
            self.session.add(Employment(**{name: getattr(row, name) for name in names}, recorded_at=self.now))

    def name_again(self, before: Mapping[uuid.UUID, Mapping[str, str | None]]) -> None:
        """Give people the names and addresses that they had."""
        for row in self.session.scalars(select(Person).where(Person.id.in_(before))):
            for name, value in before[row.id].items():
                setattr(row, name, value)
