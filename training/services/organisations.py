"""Organisations and what a manager sets up in one: sites, job titles and the roles they have."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database, insert_if_new
from training.domain.audit import Act, Actor
from training.domain.language import N_, _
from training.domain.names import read_email, read_name
from training.domain.requirement import Reach, Terms
from training.domain.roles import Role
from training.models import JobTitle, Organisation, Permission, Person, Requirement, RequirementVersion, Site, TitleRole
from training.services import audit, invites
from training.services.accounts import NotAllowed, Viewer, refuse_reader

PUBLIC = "public"
# A title's first role has always been its role: it must not look as if a need began when somebody typed it in.
ALWAYS = date(1900, 1, 1)
DUE_DAYS = 30
TERMS = Terms(valid_months=12)


class SlugRefused(Exception):
    """The organisation cannot have this short name."""


class AlreadyThere(Exception):
    """It cannot be added because there is one of that name."""


class EmailTaken(AlreadyThere):
    """Somebody cannot be added because an e-mail address is somebody else's, or was only just taken."""


class NotFound(Exception):
    """It cannot be shown because the organisation has no such thing."""


@dataclass(frozen=True, slots=True)
class JobTitleRow:
    """A job title with the role it has now."""

    id: uuid.UUID
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site's id and name."""

    id: uuid.UUID
    name: str


def ensure_public(database: Database, *, time_zone: str, now: datetime) -> None:
    """Make the built-in organisation that family carers belong to, where it is missing."""
    public = {"slug": PUBLIC, "name": "Open to everyone", "time_zone": time_zone, "created_at": now}
    with database.write(EVERYWHERE) as session:
        if session.scalar(select(Organisation.id).where(Organisation.slug == PUBLIC)) is None:
            session.execute(insert_if_new(session, Organisation).values(**public))


def add_organisation(
    database: Database,
    *,
    slug: str,
    name: str,
    manager_email: str,
    manager_name: str = "",
    required: Mapping[Role, Sequence[str]],
    time_zone: str,
    today: date,
    now: datetime,
) -> str:
    """Start an organisation with its manager and the first requirements; return the token of the manager's link.

    `required` are the items that each role must hold from the first day.

    Raises:
        SlugRefused, AlreadyThere, NameRefused: in words, with nothing written.
    """
    refuse_strange_slug(slug)
    email = read_email(manager_email)
    taken = AlreadyThere(f"There is an organisation {slug!r} already.")
    with database.write(EVERYWHERE, if_taken=taken) as session:
        if session.scalar(select(Organisation.id).where(Organisation.slug == slug)):
            raise taken
        organisation = Organisation(slug=slug, name=read_name(name), time_zone=time_zone, created_at=now)
        session.add(organisation)
        session.flush()
        manager = add_manager(session, organisation, name=manager_name, email=email, now=now)
        add_requirements(session, organisation_id=organisation.id, required=required, starts_on=today, now=now)
        operator = audit.Source(kind=Actor.OPERATOR, organisation_id=organisation.id)
        detail = {"manager_id": manager.id, "roles": list(required)}
        audit.record(session, viewer=operator, act=Act.ORGANISATION_SET_UP, now=now, detail=detail)
        return invites.make_invite(session, person=manager, now=now).token


def add_manager(session: Session, organisation: Organisation, *, name: str, email: str, now: datetime) -> Person:
    """Add the first person, who manages everything; without a name they have that of their e-mail address."""
    key = {"organisation_id": organisation.id, "recorded_at": now}
    manager = Person(**key, name=read_name(name or email.split("@")[0]), email=email)
    session.add(manager)
    session.flush()
    session.add(Permission(**key, person_id=manager.id))
    return manager


def refuse_strange_slug(slug: str) -> None:
    """Refuse a short name that could not stand in an address."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        raise SlugRefused(
            "The short name may have small letters, digits and single hyphens, and at most 60 characters."
        )


def add_requirements(
    session: Session,
    *,
    organisation_id: int,
    required: Mapping[Role, Sequence[str]],
    starts_on: date,
    now: datetime,
) -> None:
    """Ask of each role the items given, first within 30 days and then yearly: one requirement for each role."""
    for role, items in required.items():
        requirement = Requirement(organisation_id=organisation_id, name=role.label, recorded_at=now)
        session.add(requirement)
        session.flush()
        session.add(
            RequirementVersion(
                organisation_id=organisation_id,
                requirement_id=requirement.id,
                items=list(items),
                track=role,
                roles=[role],
                job_title_ids=[],
                site_ids=[],
                due_days=DUE_DAYS,
                valid_months=TERMS.valid_months,
                window_days=TERMS.window_days,
                basis=TERMS.basis,
                minimum_months=TERMS.minimum_months,
                reach=Reach.AT_NEXT_RENEWAL,
                starts_on=starts_on,
                recorded_at=now,
            )
        )


def find_organisation(database: Database, slug: str) -> Organisation:
    """Return an organisation by its short name.

    Raises:
        NotFound: when there is none.
    """
    with database.read(EVERYWHERE) as session:
        organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound(f"There is no organisation {slug!r}.")
    return organisation


def refuse_unless_all(viewer: Viewer) -> None:
    """Refuse whoever does not manage the whole organisation."""
    refuse_reader(viewer)
    if not viewer.manages_all:
        raise NotAllowed(_("Only a manager of the whole organisation can do that."))


def add_site(database: Database, *, viewer: Viewer, name: str, now: datetime) -> uuid.UUID:
    """Add a site and return its id.

    Raises:
        NameRefused, AlreadyThere, NotAllowed: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    tidy = read_name(name, what=N_("site name"))
    taken = AlreadyThere(_("There is a site called %(name)s already.", name=tidy))
    with database.write(viewer.organisation_id, if_taken=taken) as session:
        if session.scalar(select(Site.id).where(Site.name == tidy)):
            raise taken
        site = Site(organisation_id=viewer.organisation_id, name=tidy, recorded_at=now)
        session.add(site)
        session.flush()
        audit.record(session, viewer=viewer, act=Act.SITE_ADDED, subject_id=site.id, now=now)
        return site.id


def add_job_title(database: Database, *, viewer: Viewer, name: str, role: Role, now: datetime) -> uuid.UUID:
    """Add a job title with the role it has and return its id.

    Raises:
        NameRefused, AlreadyThere, NotAllowed: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    tidy = read_name(name, what=N_("job title"))
    taken = AlreadyThere(_("There is a job title %(name)s already.", name=tidy))
    with database.write(viewer.organisation_id, if_taken=taken) as session:
        if session.scalar(select(JobTitle.id).where(JobTitle.name == tidy)):
            raise taken
        title = JobTitle(organisation_id=viewer.organisation_id, name=tidy, recorded_at=now)
        session.add(title)
        session.flush()
        session.add(
            TitleRole(
                organisation_id=viewer.organisation_id,
                job_title_id=title.id,
                role=role,
                starts_on=ALWAYS,
                recorded_at=now,
            )
        )
        detail = {"role": role}
        audit.record(session, viewer=viewer, act=Act.TITLE_ADDED, subject_id=title.id, now=now, detail=detail)
        return title.id


def list_sites(database: Database, *, viewer: Viewer) -> list[SiteRow]:
    """Return the sites that the viewer manages, by name."""
    with database.read(viewer.organisation_id) as session:
        sites = session.scalars(select(Site).order_by(Site.name)).all()
    return [SiteRow(site.id, site.name) for site in sites if viewer.manages_all or site.id in viewer.site_ids]


def list_job_titles(database: Database, *, viewer: Viewer) -> list[JobTitleRow]:
    """Return the organisation's job titles with their roles, by name."""
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(
            select(JobTitle.id, JobTitle.name, TitleRole.role)
            .join(
                TitleRole,
                (TitleRole.organisation_id == JobTitle.organisation_id) & (TitleRole.job_title_id == JobTitle.id),
            )
            .where(TitleRole.withdrawn_at.is_(None), TitleRole.ends_on.is_(None))
            .order_by(JobTitle.name)
        ).all()
    return [JobTitleRow(row.id, row.name, Role(row.role)) for row in rows]
