"""What the customer's own files call a site (LOCALESTID) and a person (UNIQUEWORKERID)."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.asc_wds_rules import compared, tidy_reference, wrong_reference
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.refusal import Refusal
from training.models import Person, Site, WorkerReference, WorkplaceReference
from training.services import audit, people
from training.services.accounts import Viewer, refuse_reader
from training.services.organisations import NotAllowed
from training.services.people import read_staff_number
from training.services.reach import manageable_person, refuse_other_sites, visible_person

MEANWHILE = N_("Somebody else has just given the same reference elsewhere. Nothing was changed.")


class ReferenceRefused(Refusal):
    """A reference cannot be kept because the file could not hold it, or because another has it."""


class ReferencesRefused(Refusal):
    """References of sites cannot be kept; `at` says why, by site."""

    def __init__(self, at: Mapping[uuid.UUID, str]) -> None:
        super().__init__(_("Some references cannot be kept. Nothing was changed."))
        self.at = at


@dataclass(frozen=True, slots=True)
class Workplace:
    """A site with its reference, empty where it has none."""

    site_id: uuid.UUID
    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class WorkerPage:
    """A person with their staff number and the reference that stands in its place, each empty where there is none."""

    person_id: uuid.UUID
    name: str
    staff_number: str
    reference: str


def list_workplaces(database: Database, *, viewer: Viewer) -> tuple[Workplace, ...]:
    """Return the viewer's sites with their references, by name."""
    query = (
        select(Site.id, Site.name, WorkplaceReference.reference)
        .outerjoin(WorkplaceReference, WorkplaceReference.site_id == Site.id)
        .order_by(Site.name)
    )
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(query if viewer.manages_all else query.where(Site.id.in_(viewer.site_ids))).all()
    return tuple(Workplace(site_id, name, reference or "") for site_id, name, reference in rows)


def save_workplaces(database: Database, *, viewer: Viewer, references: Mapping[uuid.UUID, str], now: datetime) -> int:
    """Keep the references of some of the viewer's sites, all or none, and return how many change; empty is none.

    Raises:
        NotAllowed: for a site that is not theirs to change, and for whoever may only read.
        ReferencesRefused: naming the sites.
    """
    refuse_reader(viewer)
    for site_id in references:
        refuse_other_sites(viewer, site_id=site_id)
    wanted = {site_id: tidy_reference(reference) for site_id, reference in references.items()}
    with database.write(viewer.organisation_id, if_taken=ReferenceRefused(_(MEANWHILE))) as session:
        before = {row.site_id: row for row in session.scalars(select(WorkplaceReference))}
        refuse_wrong(wanted, before={site_id: row.reference for site_id, row in before.items()})
        changed = [
            site_id
            for site_id, reference in wanted.items()
            if reference != (before[site_id].reference if site_id in before else "")
        ]
        # Taken away first, so that two sites may change places.
        session.execute(delete(WorkplaceReference).where(WorkplaceReference.site_id.in_(changed)))
        session.expunge_all()
        for site_id in changed:
            key = {"organisation_id": viewer.organisation_id, "site_id": site_id}
            if wanted[site_id]:
                session.add(WorkplaceReference(**key, reference=wanted[site_id], recorded_at=now))
            detail = {"reference": wanted[site_id]}
            act = Act.SITE_REFERENCE_CHANGED
            audit.record(session, viewer=viewer, act=act, subject_id=site_id, now=now, detail=detail)
        return len(changed)


def refuse_wrong(wanted: Mapping[uuid.UUID, str], *, before: Mapping[uuid.UUID, str]) -> None:
    """Refuse references that the file could not hold, or that two sites would share."""
    used = Counter(map(compared, (before | wanted).values()))
    at = {}
    for site_id, reference in wanted.items():
        words = words_against(reference)
        if not words and used[compared(reference)] > 1 and reference:
            words = _("Another site has this reference already.")
        if words:
            at[site_id] = words
    if at:
        raise ReferencesRefused(at)


def words_against(reference: str) -> str:
    """Say why a reference cannot be kept, or nothing; an empty one can."""
    return wrong_reference(reference) if reference else ""


def find_worker(database: Database, *, viewer: Viewer, person_id: uuid.UUID) -> WorkerPage:
    """Return a person with their reference.

    Raises:
        NotFound, NotAllowed: when the viewer may not see them, or may only read.
    """
    refuse_reader(viewer)
    with database.read(viewer.organisation_id) as session:
        person = visible_person(session, viewer=viewer, person_id=person_id)
        row = session.get(WorkerReference, (viewer.organisation_id, person_id))
        return WorkerPage(person.id, person.name, person.staff_number or "", row.reference if row else "")


def save_worker(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    reference: str,
    staff_number: str | None = None,
    now: datetime,
) -> bool:
    """Keep a person's own reference, or take it away where it is empty; return whether that changes anything.

    The staff number stands in the file wherever there is no own reference; where one is given it is kept too.

    Raises:
        NotFound, NotAllowed: when the viewer may not act on them.
        ReferenceRefused, NameRefused, AlreadyThere: in words, the last two about the staff number.
    """
    refuse_reader(viewer)
    wanted = tidy_reference(reference)
    if words := words_against(wanted):
        raise ReferenceRefused(words)
    with database.write(viewer.organisation_id, if_taken=ReferenceRefused(_(MEANWHILE))) as session:
        today = day_in(now, viewer.time_zone)
        person = manageable_person(session, viewer=viewer, person_id=person_id, today=today)
        is_renumbered = staff_number is not None and renumber(session, person, read_staff_number(staff_number))
        row = session.get(WorkerReference, (viewer.organisation_id, person_id))
        if wanted == (row.reference if row else "") and not is_renumbered:
            return False
        refuse_taken(session, wanted or person.staff_number or "", person_id=person_id)
        if row:
            session.delete(row)
            session.flush()
        if wanted:
            key = {"organisation_id": viewer.organisation_id, "person_id": person_id}
            session.add(WorkerReference(**key, reference=wanted, recorded_at=now))
        act, detail = Act.PERSON_REFERENCE_CHANGED, {"is_own": bool(wanted), "is_renumbered": is_renumbered}
        audit.record(session, viewer=viewer, act=act, subject_id=person_id, now=now, detail=detail)
        return True


def renumber(session: Session, person: Person, number: str | None) -> bool:
    """Give somebody another staff number, or none, unless somebody else has it; return whether it is another."""
    if number == person.staff_number:
        return False
    people.refuse_taken(session, staff_number=number, email=None)
    person.staff_number = number
    return True


def refuse_taken(session: Session, reference: str, *, person_id: uuid.UUID) -> None:
    """Refuse a reference that stands for somebody else in the file: their own, or their staff number without one."""
    own, wanted = select(WorkerReference.person_id), compared(reference)
    others = own.where(without_spaces(WorkerReference.reference) == wanted, WorkerReference.person_id != person_id)
    numbers = select(Person.id).where(
        without_spaces(Person.staff_number) == wanted, Person.id != person_id, Person.id.not_in(own.scalar_subquery())
    )
    if reference and (session.scalars(others).first() or session.scalars(numbers).first()):
        raise ReferenceRefused(_("This reference stands for somebody else here already."))


def without_spaces(column: ColumnElement[str]) -> ColumnElement[str]:
    """Return a column as the upload compares it; tidy text has no space but the plain one."""
    return func.replace(column, " ", "")


def refuse_unless_managing(viewer: Viewer) -> None:
    """Refuse whoever sees to nothing here."""
    if not viewer.is_manager:
        raise NotAllowed(_("This is for managers and auditors."))
