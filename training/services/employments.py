"""Employments: the jobs people begin and end, and the roles these give them on a day."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import day_in, format_day
from training.domain.roles import Role
from training.models import Employment, JobTitle, Site, TitleRole
from training.services import standings
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.reach import refuse_other_sites, visible_person

EARLIEST = date(1950, 1, 1)


class DayRefused(Exception):
    """The day cannot be kept because nobody could have begun or ended a job on it."""


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


def may_learn_as(session: Session, *, person_id: uuid.UUID, role: Role, roles: Sequence[Role], day: date) -> bool:
    """Say whether a person may take an item made for `roles` as `role`: in a role of theirs, if it has any of them."""
    own = set(roles_on(session, person_id=person_id, day=day)).intersection(roles)
    return role in (own or roles)


def roles_on(session: Session, *, person_id: uuid.UUID, day: date) -> tuple[Role, ...]:
    """Return the roles that a person's job titles give them on a day; a person in no job may learn as any."""
    found = session.scalars(
        select(TitleRole.role)
        .join(Employment, Employment.job_title_id == TitleRole.job_title_id)
        .where(Employment.person_id == person_id, *covers(Employment, day), *covers(TitleRole, day))
    ).all()
    return tuple(role for role in Role if role in set(found)) or tuple(Role)


def covers(table: type[Employment] | type[TitleRole], day: date) -> Sequence:
    """Return the conditions under which a twice-dated row covers a day as known now."""
    return (table.withdrawn_at.is_(None), table.starts_on <= day, (table.ends_on.is_(None)) | (table.ends_on >= day))
