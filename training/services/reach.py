"""How far a viewer reaches: which people they may see, and at which sites they may act."""

import uuid
from collections.abc import Set
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.domain.audit import Act
from training.domain.language import N_, _
from training.models import AuditEntry, Employment, Person
from training.services.accounts import Viewer, refuse_reader
from training.services.organisations import NotAllowed, NotFound

NOT_HERE = N_("There is no such person here.")


def last_narrowed(session: Session, *, viewer: Viewer) -> datetime | None:
    """Return when leave to see to others was last taken from the viewer, if it ever was.

    What they had made before may name people whom they see no more.
    """
    taken = (AuditEntry.subject_id == viewer.person_id) & (AuditEntry.act == Act.PERMISSION_TAKEN.value)
    return session.scalar(select(func.max(AuditEntry.recorded_at)).where(taken))


def manages_some(viewer: Viewer, site_ids: Set[uuid.UUID]) -> bool:
    """Say whether the viewer manages one of some sites, or every site there is."""
    return viewer.manages_all or bool(viewer.site_ids & site_ids)


def manages_every(viewer: Viewer, site_ids: Set[uuid.UUID]) -> bool:
    """Say whether the viewer manages all of some sites."""
    return viewer.manages_all or viewer.site_ids >= site_ids


def refuse_other_sites(viewer: Viewer, *, site_id: uuid.UUID) -> None:
    """Refuse whoever does not manage the site."""
    refuse_reader(viewer)
    if not viewer.manages_all and site_id not in viewer.site_ids:
        raise NotAllowed(_("You manage other sites."))


def visible_person(session: Session, *, viewer: Viewer, person_id: uuid.UUID) -> Person:
    """Return a person whom the viewer may see: anyone here, or anyone who has worked at their sites.

    Raises:
        NotFound: otherwise, whether or not the person exists.
    """
    person = session.get(Person, (viewer.organisation_id, person_id))
    if person is not None and not viewer.manages_all:
        sites = session.scalars(
            select(Employment.site_id).where(Employment.person_id == person_id, Employment.withdrawn_at.is_(None))
        ).all()
        person = person if viewer.site_ids.intersection(sites) else None
    if person is None:
        raise NotFound(_(NOT_HERE))
    return person


def manageable_person(session: Session, *, viewer: Viewer, person_id: uuid.UUID, today: date) -> Person:
    """Return a person whom the viewer may act on: anyone here, or anyone with a job at their sites now or later.

    Raises:
        NotFound: when the viewer may not see them.
        NotAllowed: when they have left the viewer's sites, or the viewer may only look.
    """
    person = visible_person(session, viewer=viewer, person_id=person_id)
    refuse_reader(viewer)
    still_there = select(Employment.id).where(
        Employment.person_id == person_id,
        Employment.site_id.in_(viewer.site_ids),
        Employment.withdrawn_at.is_(None),
        (Employment.ends_on.is_(None)) | (Employment.ends_on >= today),
    )
    if not viewer.manages_all and session.scalars(still_there).first() is None:
        raise NotAllowed(_("This person has left your sites. Ask a manager of the whole organisation."))
    return person


def works_elsewhere(session: Session, *, viewer: Viewer, person_id: uuid.UUID, today: date) -> bool:
    """Say whether a person has a job, now or later, at a site that the viewer does not manage."""
    elsewhere = select(Employment.id).where(
        Employment.person_id == person_id,
        Employment.site_id.not_in(viewer.site_ids),
        Employment.withdrawn_at.is_(None),
        (Employment.ends_on.is_(None)) | (Employment.ends_on >= today),
    )
    return not viewer.manages_all and session.scalars(elsewhere).first() is not None


def refuse_whole_person(session: Session, *, viewer: Viewer, person_id: uuid.UUID, today: date) -> None:
    """Refuse to change what holds in every job of a person who has one that the viewer does not manage."""
    if works_elsewhere(session, viewer=viewer, person_id=person_id, today=today):
        raise NotAllowed(_("This person also works at other sites. Ask a manager of the whole organisation."))
