"""People in one organisation: adding them, finding them, and the links that let them in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.days import day_in, format_day
from training.domain.names import read_name, tidy_text
from training.domain.roles import Role
from training.models import Account, Employment, JobTitle, Permission, Person, Site, TitleRole
from training.services import invites, standings
from training.services.accounts import Viewer, tidy_name
from training.services.organisations import AlreadyThere, NotAllowed, NotFound, read_email

EARLIEST = date(1950, 1, 1)


class DayRefused(Exception):
    """The day cannot be kept because nobody could have begun or ended a job on it."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add, as typed: name, how to reach them, and their job."""

    name: str
    email: str
    staff_number: str
    job_title_id: uuid.UUID
    site_id: uuid.UUID
    starts_on: date


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a person so that they can sign in: the secret is shown once and never stored."""

    person_id: uuid.UUID
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class Job:
    """One employment in words."""

    id: uuid.UUID
    job_title: str
    site: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who a person is, for a manager."""

    person_id: uuid.UUID
    name: str
    email: str | None
    staff_number: str | None
    sign_in_name: str | None
    jobs: tuple[Job, ...]


def add_person(database: Database, *, viewer: Viewer, new: NewPerson, now: datetime) -> uuid.UUID:
    """Add somebody with their job, and work out what they need.

    Raises:
        NameRefused, DayRefused, AlreadyThere, NotFound, NotAllowed: in words, with nothing written.
    """
    name, email = read_name(new.name), read_email(new.email) if new.email.strip() else None
    staff_number = tidy_text(new.staff_number) or None
    refuse_strange_day(new.starts_on, today=day_in(now, viewer.time_zone))
    refuse_other_sites(viewer, site_id=new.site_id)
    with database.write(viewer.organisation_id) as session:
        refuse_taken(session, staff_number=staff_number, email=email)
        person = Person(
            organisation_id=viewer.organisation_id, name=name, email=email, staff_number=staff_number, recorded_at=now
        )
        session.add(person)
        session.flush()
        begin_job(
            session,
            viewer=viewer,
            person_id=person.id,
            job_title_id=new.job_title_id,
            site_id=new.site_id,
            starts_on=new.starts_on,
            now=now,
        )
        bring_up_to_date(session, viewer=viewer, person_id=person.id, now=now)
        return person.id


def begin_job(
    session: Session,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    job_title_id: uuid.UUID,
    site_id: uuid.UUID,
    starts_on: date,
    now: datetime,
) -> None:
    """Record that a person begins a job.

    Raises:
        NotFound: when the organisation has no such site or job title.
    """
    if session.get(Site, (viewer.organisation_id, site_id)) is None:
        raise NotFound("There is no such site.")
    if session.get(JobTitle, (viewer.organisation_id, job_title_id)) is None:
        raise NotFound("There is no such job title.")
    session.add(
        Employment(
            organisation_id=viewer.organisation_id,
            person_id=person_id,
            job_title_id=job_title_id,
            site_id=site_id,
            starts_on=starts_on,
            recorded_at=now,
        )
    )
    session.flush()


def bring_up_to_date(session: Session, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> None:
    """Work out anew what a person needs and holds, in the same commit as what changed."""
    standings.bring_up_to_date(
        session,
        organisation_id=viewer.organisation_id,
        person_ids=[person_id],
        today=day_in(now, viewer.time_zone),
    )


def add_job(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    job_title_id: uuid.UUID,
    site_id: uuid.UUID,
    starts_on: date,
    now: datetime,
) -> None:
    """Give a person another job, beside or after those they have.

    Raises:
        DayRefused, NotFound, NotAllowed: in words, with nothing written.
    """
    refuse_strange_day(starts_on, today=day_in(now, viewer.time_zone))
    refuse_other_sites(viewer, site_id=site_id)
    with database.write(viewer.organisation_id) as session:
        visible_person(session, viewer=viewer, person_id=person_id)
        begin_job(
            session,
            viewer=viewer,
            person_id=person_id,
            job_title_id=job_title_id,
            site_id=site_id,
            starts_on=starts_on,
            now=now,
        )
        bring_up_to_date(session, viewer=viewer, person_id=person_id, now=now)


def end_job(database: Database, *, viewer: Viewer, job_id: uuid.UUID, ends_on: date, now: datetime) -> uuid.UUID:
    """Record the last day of a job: the row without it is withdrawn and one with it takes its place.

    Returns the person's id.

    Raises:
        DayRefused: when the last day is before the first.
        NotFound, NotAllowed: when there is no such job, or it is at a site that the viewer does not manage.
    """
    with database.write(viewer.organisation_id) as session:
        job = session.get(Employment, (viewer.organisation_id, job_id), with_for_update=True)
        if job is None or job.withdrawn_at is not None:
            raise NotFound("There is no such job.")
        refuse_other_sites(viewer, site_id=job.site_id)
        refuse_strange_day(ends_on, today=day_in(now, viewer.time_zone))
        if ends_on < job.starts_on:
            raise DayRefused(f"The last day cannot be before the first, {format_day(job.starts_on)}.")
        job.withdrawn_at = now
        session.add(
            Employment(
                organisation_id=viewer.organisation_id,
                person_id=job.person_id,
                job_title_id=job.job_title_id,
                site_id=job.site_id,
                starts_on=job.starts_on,
                ends_on=ends_on,
                recorded_at=now,
            )
        )
        session.flush()
        bring_up_to_date(session, viewer=viewer, person_id=job.person_id, now=now)
        return job.person_id


def refuse_strange_day(starts_on: date, *, today: date) -> None:
    """Refuse a first day that is a slip of the keyboard."""
    if starts_on < EARLIEST or starts_on.year > today.year + 1:
        raise DayRefused(f"The day must be between {EARLIEST.year} and the end of next year.")


def refuse_taken(session: Session, *, staff_number: str | None, email: str | None) -> None:
    """Refuse a staff number or e-mail address that somebody here has already."""
    if staff_number and session.scalar(select(Person.id).where(Person.staff_number == staff_number)):
        raise AlreadyThere(f"Somebody here has the staff number {staff_number} already.")
    if email and session.scalar(select(Person.id).where(Person.email == email)):
        raise AlreadyThere(f"Somebody here has the e-mail address {email} already.")


def refuse_other_sites(viewer: Viewer, *, site_id: uuid.UUID) -> None:
    """Refuse whoever does not manage the site."""
    if not viewer.manages_all and site_id not in viewer.site_ids:
        raise NotAllowed("You manage other sites.")


def let_manage(
    database: Database, *, viewer: Viewer, person_id: uuid.UUID, site_id: uuid.UUID | None, now: datetime
) -> None:
    """Let a person manage one site, or with no site the whole organisation.

    Raises:
        NotAllowed: when the viewer does not manage the whole organisation.
    """
    if not viewer.manages_all:
        raise NotAllowed("Only a manager of the whole organisation can do that.")
    with database.write(viewer.organisation_id) as session:
        session.add(
            Permission(organisation_id=viewer.organisation_id, person_id=person_id, site_id=site_id, recorded_at=now)
        )


def issue_slip(database: Database, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> Slip:
    """Make a new one-time link for a person; links made before stop working.

    Raises:
        NotFound: when the viewer may not see the person, or there is none.
        NotAllowed: when the person manages more than the viewer does.
    """
    with database.write(viewer.organisation_id) as session:
        person = visible_person(session, viewer=viewer, person_id=person_id)
        managed = session.scalars(select(Permission.site_id).where(Permission.person_id == person_id)).all()
        if not viewer.manages_all and not viewer.site_ids.issuperset(managed):
            raise NotAllowed("This person manages more than you do. Ask a manager of the whole organisation.")
        return Slip(person_id=person.id, name=person.name, token=invites.make_invite(session, person=person, now=now))


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
        raise NotFound("There is no such person here.")
    return person


def find_contact(session: Session, *, viewer: Viewer, person_id: uuid.UUID) -> Contact:
    """Return who a person is and the jobs they have had, latest first.

    Raises:
        NotFound: when the viewer may not see them.
    """
    person = visible_person(session, viewer=viewer, person_id=person_id)
    jobs = session.execute(
        select(Employment.id, JobTitle.name, Site.name, Employment.starts_on, Employment.ends_on)
        .join(JobTitle, JobTitle.id == Employment.job_title_id)
        .join(Site, Site.id == Employment.site_id)
        .where(Employment.person_id == person_id, Employment.withdrawn_at.is_(None))
        .order_by(Employment.starts_on.desc())
    ).all()
    account = session.get(Account, person.account_id) if person.account_id else None
    return Contact(
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_number=person.staff_number,
        sign_in_name=account.sign_in_name if account else None,
        jobs=tuple(Job(*row) for row in jobs),
    )


def roles_on(session: Session, *, person_id: uuid.UUID, day: date) -> tuple[Role, ...]:
    """Return the roles that a person's job titles give them on a day; a person in no job is a family carer."""
    found = session.scalars(
        select(TitleRole.role)
        .join(Employment, Employment.job_title_id == TitleRole.job_title_id)
        .where(Employment.person_id == person_id, *covers(Employment, day), *covers(TitleRole, day))
    ).all()
    return tuple(role for role in Role if role in set(found)) or (Role.FAMILY_CARER,)


def covers(table: type[Employment] | type[TitleRole], day: date) -> Sequence:
    """Return the conditions under which a twice-dated row covers a day as known now."""
    return (table.withdrawn_at.is_(None), table.starts_on <= day, (table.ends_on.is_(None)) | (table.ends_on >= day))


def reset(database: Database, *, sign_in_name: str, now: datetime) -> Slip:
    """Make a one-time link for whoever signs in with this name, as the operator of the service.

    Raises:
        NotFound: when nobody does.
    """
    with database.write(EVERYWHERE) as session:
        person = session.scalars(
            select(Person)
            .join(Account, Account.id == Person.account_id)
            .where(Account.sign_in_name == tidy_name(sign_in_name))
            .order_by(Person.organisation_id)
            .limit(1)
        ).one_or_none()
        if person is None:
            raise NotFound(f"Nobody signs in as {sign_in_name!r}.")
        return Slip(
            person_id=person.id,
            name=person.name,
            token=invites.make_invite(session, person=person, now=now, by_operator=True),
        )


def ids_by_name(session: Session) -> dict[str, uuid.UUID]:
    """Return everybody's id by name; of several with one name, any."""
    return {name: person_id for person_id, name in session.execute(select(Person.id, Person.name))}
