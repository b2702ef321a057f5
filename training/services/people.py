"""People in one organisation: adding them, finding them, and the links that let them in."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.audit import Act, Actor
from training.domain.days import day_in
from training.domain.language import _
from training.domain.names import NameRefused, read_name, tidy_text
from training.models import Account, Employment, JobTitle, Person, Site
from training.services import audit, invites, slips
from training.services.accounts import Viewer, tidy_name
from training.services.employments import begin_job, bring_up_to_date, refuse_strange_day
from training.services.invites import Slip
from training.services.organisations import AlreadyThere, EmailTaken, NotFound, read_email
from training.services.reach import NOT_HERE, manages_some, refuse_other_sites

LONGEST_STAFF_NUMBER = 60
CONTACT = (
    select(Person.id, Person.name, Person.email, Person.staff_number, Account.sign_in_name)
    .outerjoin(Account, Account.id == Person.account_id)
    .where(Person.id == bindparam("person_id"))
)
JOBS = (
    select(
        Employment.id,
        JobTitle.name,
        Site.name,
        Employment.starts_on,
        Employment.ends_on,
        Employment.job_title_id,
        Employment.site_id,
    )
    .join(JobTitle, JobTitle.id == Employment.job_title_id)
    .join(Site, Site.id == Employment.site_id)
    .where(Employment.person_id == bindparam("person_id"), Employment.withdrawn_at.is_(None))
    .order_by(Employment.starts_on.desc())
)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add, as typed: name, how to reach them, and their job; the id is made up unless given."""

    name: str
    email: str
    staff_number: str
    job_title_id: uuid.UUID
    site_id: uuid.UUID
    starts_on: date
    person_id: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True, slots=True)
class Job:
    """One employment in words."""

    id: uuid.UUID
    job_title: str
    site: str
    starts_on: date
    ends_on: date | None
    job_title_id: uuid.UUID
    site_id: uuid.UUID


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
    staff_number = read_staff_number(new.staff_number)
    refuse_strange_day(new.starts_on, today=day_in(now, viewer.time_zone))
    refuse_other_sites(viewer, site_id=new.site_id)
    quicker = EmailTaken(_("Somebody has just added a person with this staff number or e-mail address."))
    with database.write(viewer.organisation_id, if_taken=quicker) as session:
        refuse_taken(session, staff_number=staff_number, email=email)
        person = Person(
            organisation_id=viewer.organisation_id,
            id=new.person_id,
            name=name,
            email=email,
            staff_number=staff_number,
            recorded_at=now,
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
        detail = {"job_title_id": new.job_title_id, "site_id": new.site_id, "starts_on": new.starts_on}
        audit.record(session, viewer=viewer, act=Act.PERSON_ADDED, subject_id=person.id, now=now, detail=detail)
        return person.id


def read_staff_number(text: str) -> str | None:
    """Return a tidy staff number, or None where none is given.

    Raises:
        NameRefused: when it is too long.
    """
    number = tidy_text(text)
    if len(number) > LONGEST_STAFF_NUMBER:
        raise NameRefused(_("A staff number has at most %(longest)s characters.", longest=LONGEST_STAFF_NUMBER))
    return number or None


def refuse_taken(session: Session, *, staff_number: str | None, email: str | None) -> None:
    """Refuse a staff number or e-mail address that somebody here has already."""
    if staff_number and session.scalar(select(Person.id).where(Person.staff_number == staff_number)):
        raise AlreadyThere(_("Somebody here has the staff number %(number)s already.", number=staff_number))
    if email and session.scalar(select(Person.id).where(Person.email == email)):
        raise EmailTaken(_("Somebody here has the e-mail address %(address)s already.", address=email))


def issue_slip(database: Database, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> Slip:
    """Make a new slip for a person; those made before stop working.

    Raises:
        NotFound: when the viewer may not see the person, or there is none.
        NotAllowed: when the person manages more than the viewer does, or has left the viewer's sites.
    """
    with database.write(viewer.organisation_id) as session:
        return slips.issue(session, viewer=viewer, person_id=person_id, now=now)


def find_contact(session: Session, *, viewer: Viewer, person_id: uuid.UUID) -> Contact:
    """Return who a person is and the jobs they have had, latest first.

    Raises:
        NotFound: when the viewer may not see them.
    """
    who = session.execute(CONTACT, {"person_id": person_id}).one_or_none()
    jobs = tuple(Job(*row) for row in session.execute(JOBS, {"person_id": person_id}))
    if who is None or not manages_some(viewer, {job.site_id for job in jobs}):
        raise NotFound(_(NOT_HERE))
    return Contact(*who, jobs=jobs)


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
        operator = audit.Source(kind=Actor.OPERATOR, organisation_id=person.organisation_id)
        audit.record(session, viewer=operator, act=Act.LINK_MADE, subject_id=person.id, now=now)
        return invites.make_invite(session, person=person, now=now, by_operator=True)


def ids_by_name(session: Session) -> dict[str, uuid.UUID]:
    """Return everybody's id by name; of several with one name, any."""
    return {name: person_id for person_id, name in session.execute(select(Person.id, Person.name))}
