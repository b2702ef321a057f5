"""Who may do what, as pages show it: every permission, those of one person, and finding somebody to give one to."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.language import _
from training.domain.permission import PermissionKind
from training.models import Account, Permission, Person, Site
from training.services.accounts import NotAllowed, Viewer
from training.services.organisations import NotFound, refuse_unless_all
from training.services.reach import NOT_HERE

MOST_FOUND = 20
GRANTS = (
    select(Permission, Person.name, Site.name, Account.sign_in_name)
    .join(Person, Person.id == Permission.person_id)
    .outerjoin(Site, Site.id == Permission.site_id)
    .outerjoin(Account, Account.id == Person.account_id)
    .order_by(Permission.kind.desc(), Site.name.is_not(None), Site.name, Person.name, Permission.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One permission in words: whose it is, what it lets them do and where; without a site, everywhere."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    kind: PermissionKind
    site_id: uuid.UUID | None
    site: str | None
    sign_in_name: str | None
    given_at: datetime

    @property
    def words(self) -> str:
        """What they are: manager or auditor."""
        return self.kind.label


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found by name or staff number."""

    person_id: uuid.UUID
    name: str
    staff_number: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    """One person with the permissions they have, and the sites there are to choose from."""

    person_id: uuid.UUID
    name: str
    sign_in_name: str | None
    grants: tuple[Grant, ...]
    sites: tuple[tuple[uuid.UUID, str], ...]


def refuse_unless_whole(viewer: Viewer) -> None:
    """Refuse whoever does not see to the whole organisation, as its manager or its auditor."""
    if not viewer.manages_all:
        raise NotAllowed(_("Only somebody who sees to the whole organisation can see that."))


def list_grants(database: Database, *, viewer: Viewer) -> tuple[Grant, ...]:
    """Return every permission: managers first, those of the whole organisation before those of sites.

    Raises:
        NotAllowed: unless the viewer sees to the whole organisation.
    """
    refuse_unless_whole(viewer)
    with database.read(viewer.organisation_id) as session:
        return grants_of(session, GRANTS)


def grants_of(session: Session, query: Select) -> tuple[Grant, ...]:
    """Return the permissions that a query finds."""
    return tuple(
        Grant(
            id=row.id,
            person_id=row.person_id,
            name=name,
            kind=PermissionKind(row.kind),
            site_id=row.site_id,
            site=site,
            sign_in_name=sign_in_name,
            given_at=row.recorded_at,
        )
        for row, name, site, sign_in_name in session.execute(query)
    )


def find_grant(session: Session, *, viewer: Viewer, permission_id: uuid.UUID) -> Grant:
    """Return one permission.

    Raises:
        NotFound: when there is none.
    """
    found = grants_of(session, GRANTS.where(Permission.id == permission_id))
    if not found or not viewer.manages_all:
        raise NotFound(_("There is no such permission."))
    return found[0]


def find_people(database: Database, *, viewer: Viewer, search: str) -> tuple[Found, ...]:
    """Return some people by a part of the name, or by staff number, for a manager to give one of them leave.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
    """
    refuse_unless_all(viewer)
    fits = Person.name.icontains(search, autoescape=True) | (func.lower(Person.staff_number) == search.lower())
    query = select(Person.id, Person.name, Person.staff_number).where(fits).order_by(Person.name, Person.id)
    with database.read(viewer.organisation_id) as session:
        return tuple(Found(*row) for row in session.execute(query.limit(MOST_FOUND)))


def show_holder(database: Database, *, viewer: Viewer, person_id: uuid.UUID) -> Holder:
    """Return one person with what they may do.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
        NotFound: when there is no such person.
    """
    refuse_unless_all(viewer)
    who = (
        select(Person.name, Account.sign_in_name)
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Person.id == person_id)
    )
    with database.read(viewer.organisation_id) as session:
        found = session.execute(who).one_or_none()
        if found is None:
            raise NotFound(_(NOT_HERE))
        grants = grants_of(session, GRANTS.where(Permission.person_id == person_id))
        sites = session.execute(select(Site.id, Site.name).order_by(Site.name))
        return Holder(person_id, found.name, found.sign_in_name, grants, tuple((row.id, row.name) for row in sites))
