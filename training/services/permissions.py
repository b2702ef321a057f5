"""Giving and taking leave to see to others: managers and auditors, of the whole organisation or of sites."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.language import N_, _
from training.domain.names import read_email, read_name
from training.domain.permission import PermissionKind
from training.domain.refusal import Refusal
from training.models import Permission, Person, Site
from training.services import audit
from training.services.accounts import NotAllowed, Viewer
from training.services.organisations import AlreadyThere, EmailTaken, NotFound, refuse_unless_all
from training.services.people import refuse_taken
from training.services.permission_lists import Grant, find_grant
from training.services.reach import visible_person

ALREADY = N_("They may do that already.")


class HoldsOtherKind(Refusal):
    """The permission cannot be given because the person has one of the other kind."""


class OwnPermission(NotAllowed):
    """The permission cannot be taken because it is the viewer's own."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody who sees to others here and has no job here, as typed; the e-mail address may be empty."""

    name: str
    email: str


def give(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    site_id: uuid.UUID | None,
    kind: PermissionKind = PermissionKind.MANAGER,
    now: datetime,
) -> None:
    """Let a person manage, or look at, one site, or with no site the whole organisation.

    Raises:
        NotAllowed: when the viewer does not manage the whole organisation, or does so no longer.
        NotFound: when the organisation has no such person or site.
        AlreadyThere, HoldsOtherKind: when they may do so already, or are the other of manager and auditor.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id, if_taken=AlreadyThere(_(ALREADY))) as session:
        visible_person(session, viewer=viewer, person_id=person_id)
        held = [one for one in all_in_turn(session, viewer=viewer) if one.person_id == person_id]
        refuse_other_kind(held, kind=kind)
        if {None, site_id} & {one.site_id for one in held}:
            raise AlreadyThere(_(ALREADY))
        keep(session, viewer=viewer, person_id=person_id, site_id=site_id, kind=kind, now=now)
        detail = {"kind": kind, "site_id": site_id}
        audit.record(session, viewer=viewer, act=Act.PERMISSION_GIVEN, subject_id=person_id, now=now, detail=detail)


def let_in(
    database: Database,
    *,
    viewer: Viewer,
    outsider: Outsider,
    site_id: uuid.UUID | None,
    kind: PermissionKind,
    now: datetime,
) -> uuid.UUID:
    """Add somebody who has no job here, and so is in no figure, with leave to see to others; return the person's id.

    Raises:
        NotAllowed: when the viewer does not manage the whole organisation, or does so no longer.
        NameRefused, AlreadyThere, NotFound: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    name, email = read_name(outsider.name), read_email(outsider.email) if outsider.email.strip() else None
    quicker = EmailTaken(_("Somebody has just added a person with this e-mail address."))
    with database.write(viewer.organisation_id, if_taken=quicker) as session:
        all_in_turn(session, viewer=viewer)
        refuse_taken(session, staff_number=None, email=email)
        key = {"organisation_id": viewer.organisation_id, "id": uuid.uuid4()}
        person = Person(**key, name=name, email=email, recorded_at=now)
        session.add(person)
        session.flush()
        keep(session, viewer=viewer, person_id=person.id, site_id=site_id, kind=kind, now=now)
        detail = {"kind": kind, "site_id": site_id, "from_outside": True}
        audit.record(session, viewer=viewer, act=Act.PERMISSION_GIVEN, subject_id=person.id, now=now, detail=detail)
        return person.id


def keep(
    session: Session,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    site_id: uuid.UUID | None,
    kind: PermissionKind,
    now: datetime,
) -> None:
    """Add a permission.

    Raises:
        NotFound: when the organisation has no such site.
    """
    if site_id is not None and session.get(Site, (viewer.organisation_id, site_id)) is None:
        raise NotFound(_("There is no such site."))
    row = {"person_id": person_id, "site_id": site_id, "kind": kind, "recorded_at": now}
    session.add(Permission(organisation_id=viewer.organisation_id, **row))
    session.flush()


def take(database: Database, *, viewer: Viewer, permission_id: uuid.UUID, now: datetime) -> Grant:
    """Take a permission away, from the next page on; return what it was.

    The organisation keeps a manager: whoever takes is one still, and nobody takes their own.

    Raises:
        NotAllowed: when the viewer does not manage the whole organisation, or does so no longer.
        NotFound: when there is no such permission.
        OwnPermission: when it is the viewer's.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id) as session:
        all_in_turn(session, viewer=viewer)
        grant = find_grant(session, viewer=viewer, permission_id=permission_id)
        refuse_own(viewer, grant)
        session.delete(session.get_one(Permission, (viewer.organisation_id, grant.id)))
        detail = {"kind": grant.kind, "site_id": grant.site_id}
        known = {"act": Act.PERMISSION_TAKEN, "subject_id": grant.person_id, "now": now}
        audit.record(session, viewer=viewer, detail=detail, **known)
        return grant


def all_in_turn(session: Session, *, viewer: Viewer) -> Sequence[Permission]:
    """Return every permission there is, once nobody else is changing any.

    Raises:
        NotAllowed: when the viewer's own was taken while they waited.
    """
    session.execute(select(Permission.id).order_by(Permission.id).with_for_update())
    every = session.scalars(select(Permission)).all()
    whole = (viewer.person_id, None, PermissionKind.MANAGER)
    if whole not in {(one.person_id, one.site_id, one.kind) for one in every}:
        raise NotAllowed(_("You no longer manage the whole organisation."))
    return every


def refuse_other_kind(held: Sequence[Permission], *, kind: PermissionKind) -> None:
    """Refuse to make an auditor of a manager, or a manager of an auditor: each is one or the other."""
    if any(one.kind != kind for one in held):
        if kind is PermissionKind.MANAGER:
            raise HoldsOtherKind(_("They are an auditor, and nobody is both. Take that from them first."))
        raise HoldsOtherKind(_("They are a manager, and nobody is both. Take that from them first."))


def refuse_own(viewer: Viewer, grant: Grant) -> None:
    """Refuse to take what is the viewer's own."""
    if grant.person_id == viewer.person_id:
        raise OwnPermission(_("This is your own. Another manager of the whole organisation can take it from you."))


def show_grant(database: Database, *, viewer: Viewer, permission_id: uuid.UUID) -> Grant:
    """Return one permission that the viewer may take.

    Raises:
        NotAllowed, NotFound, OwnPermission: as `take` does.
    """
    refuse_unless_all(viewer)
    with database.read(viewer.organisation_id) as session:
        grant = find_grant(session, viewer=viewer, permission_id=permission_id)
    refuse_own(viewer, grant)
    return grant
