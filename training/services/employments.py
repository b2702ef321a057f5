"""Employments: the jobs people begin and end, and the roles these give them on a day."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.days import EARLIEST, ONE_DAY, day_in, format_day
from training.domain.language import N_, _
from training.domain.roles import Role
from training.domain.twice_dated import days_in_words
from training.models import Employment, JobTitle, Site, TitleRole
from training.services import audit, fact_queries, standings
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.reach import refuse_other_sites, visible_person


class DayRefused(Exception):
    """The day cannot be kept because nothing could have begun on it."""


class LastDayRefused(DayRefused):
    """The last day cannot be kept because it comes before the first, or lies too far ahead."""


class JobOverlaps(DayRefused):
    """The job cannot be kept because the person has one with this title, at this site, on some of its days."""


class JobUnchanged(Exception):
    """The job cannot change because the title and the site are the ones it has."""


def begin_job(
    session: Session,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    job_title_id: uuid.UUID,
    site_id: uuid.UUID,
    starts_on: date,
    ends_on: date | None = None,
    now: datetime,
) -> None:
    """Record that a person begins a job.

    Raises:
        NotFound: when the organisation has no such site or job title.
        JobOverlaps: when they have this job on some of these days already.
    """
    if session.get(Site, (viewer.organisation_id, site_id)) is None:
        raise NotFound(_("There is no such site."))
    if session.get(JobTitle, (viewer.organisation_id, job_title_id)) is None:
        raise NotFound(_("There is no such job title."))
    keep_job(
        session,
        Employment(
            organisation_id=viewer.organisation_id,
            person_id=person_id,
            job_title_id=job_title_id,
            site_id=site_id,
            starts_on=starts_on,
            ends_on=ends_on,
            recorded_at=now,
        ),
    )


def keep_job(session: Session, job: Employment) -> None:
    """Add a job, unless the person has one with the same title and site on some of its days."""
    same = select(Employment).where(
        Employment.person_id == job.person_id,
        Employment.job_title_id == job.job_title_id,
        Employment.site_id == job.site_id,
        Employment.withdrawn_at.is_(None),
        (Employment.ends_on.is_(None)) | (Employment.ends_on >= job.starts_on),
    )
    before = same if job.ends_on is None else same.where(Employment.starts_on <= job.ends_on)
    other = session.scalars(before.order_by(Employment.starts_on)).first()
    if other is not None:
        first = format_day(other.starts_on)
        days = days_in_words(other.starts_on, other.ends_on) if other.ends_on else _("from %(first)s", first=first)
        raise JobOverlaps(_("They have this job at this site %(days)s already. Choose days outside those.", days=days))
    session.add(job)
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
        DayRefused, JobOverlaps, NotFound, NotAllowed: in words, with nothing written.
    """
    refuse_strange_day(starts_on, today=day_in(now, viewer.time_zone))
    refuse_other_sites(viewer, site_id=site_id)
    with database.write(viewer.organisation_id) as session:
        visible_person(session, viewer=viewer, person_id=person_id)
        standings.wait_for_turn(session, person_ids=[person_id])
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
        detail = {"job_title_id": job_title_id, "site_id": site_id, "starts_on": starts_on}
        audit.record(session, viewer=viewer, act=Act.JOB_ADDED, subject_id=person_id, now=now, detail=detail)


def end_job(database: Database, *, viewer: Viewer, job_id: uuid.UUID, ends_on: date, now: datetime) -> uuid.UUID:
    """Record the last day of a job: the row without it is withdrawn and one with it takes its place.

    Returns the person's id.

    Raises:
        LastDayRefused, JobOverlaps: when the last day is before the first, or runs into the same job's next days.
        NotFound, NotAllowed: when there is no such job, or it is at a site that the viewer does not manage.
    """
    with database.write(viewer.organisation_id) as session:
        job = own_job(session, viewer=viewer, job_id=job_id)
        refuse_strange_day(ends_on, today=day_in(now, viewer.time_zone))
        refuse_end_before_start(job.starts_on, ends_on)
        replace_job(session, job, starts_on=job.starts_on, ends_on=ends_on, now=now)
        bring_up_to_date(session, viewer=viewer, person_id=job.person_id, now=now)
        detail = {**what(job), "ends_on_before": job.ends_on, "ends_on": ends_on}
        audit.record(session, viewer=viewer, act=Act.JOB_ENDED, subject_id=job.person_id, now=now, detail=detail)
        return job.person_id


def correct_job(database: Database, *, viewer: Viewer, job_id: uuid.UUID, starts_on: date, now: datetime) -> uuid.UUID:
    """Put the first day of a job right, as if it had always been so; return the person's id.

    Raises:
        DayRefused, JobOverlaps: when nobody could have begun then, or the last day comes before.
        NotFound, NotAllowed: when there is no such job, or it is at a site that the viewer does not manage.
    """
    with database.write(viewer.organisation_id) as session:
        job = own_job(session, viewer=viewer, job_id=job_id)
        refuse_strange_day(starts_on, today=day_in(now, viewer.time_zone))
        if job.ends_on is not None and job.ends_on < starts_on:
            raise DayRefused(_("The first day cannot be after the last, %(day)s.", day=format_day(job.ends_on)))
        replace_job(session, job, starts_on=starts_on, ends_on=job.ends_on, now=now)
        bring_up_to_date(session, viewer=viewer, person_id=job.person_id, now=now)
        detail = {**what(job), "starts_on_before": job.starts_on, "starts_on": starts_on}
        audit.record(session, viewer=viewer, act=Act.JOB_CORRECTED, subject_id=job.person_id, now=now, detail=detail)
        return job.person_id


def change_job(
    database: Database,
    *,
    viewer: Viewer,
    job_id: uuid.UUID,
    job_title_id: uuid.UUID,
    site_id: uuid.UUID,
    starts_on: date,
    now: datetime,
) -> uuid.UUID:
    """Let a job become another from a day: it ends the day before, and the other begins. Returns the person's id.

    Raises:
        DayRefused, JobOverlaps, JobUnchanged: in words, with nothing written.
        NotFound, NotAllowed: when there is no such job, title or site, or the viewer does not manage both sites.
    """
    with database.write(viewer.organisation_id) as session:
        job = own_job(session, viewer=viewer, job_id=job_id)
        refuse_other_sites(viewer, site_id=site_id)
        refuse_strange_day(starts_on, today=day_in(now, viewer.time_zone))
        if (job.job_title_id, job.site_id) == (job_title_id, site_id):
            raise JobUnchanged(_("This is the job title and the site that the job has. Choose another of either."))
        until = job.ends_on
        refuse_change_outside(job, starts_on)
        replace_job(session, job, starts_on=job.starts_on, ends_on=starts_on - ONE_DAY, now=now)
        new = {"job_title_id": job_title_id, "site_id": site_id, "starts_on": starts_on, "ends_on": until}
        begin_job(session, viewer=viewer, person_id=job.person_id, now=now, **new)
        bring_up_to_date(session, viewer=viewer, person_id=job.person_id, now=now)
        detail = {**new, **{f"{name}_before": value for name, value in what(job).items()}}
        audit.record(session, viewer=viewer, act=Act.JOB_CHANGED, subject_id=job.person_id, now=now, detail=detail)
        return job.person_id


def what(job: Employment) -> dict[str, uuid.UUID]:
    """Return which job it is, for the audit log."""
    return {"job_title_id": job.job_title_id, "site_id": job.site_id}


def own_job(session: Session, *, viewer: Viewer, job_id: uuid.UUID) -> Employment:
    """Return a job that the viewer may change, once it is their turn to change what is on record of the person."""
    job = session.get(Employment, (viewer.organisation_id, job_id))
    if job is None:
        raise NotFound(_("There is no such job."))
    standings.wait_for_turn(session, person_ids=[job.person_id])
    session.refresh(job)
    if job.withdrawn_at is not None:
        raise NotFound(_("There is no such job."))
    refuse_other_sites(viewer, site_id=job.site_id)
    return job


def replace_job(session: Session, job: Employment, *, starts_on: date, ends_on: date | None, now: datetime) -> None:
    """Withdraw a job and keep it with other days in its place."""
    job.withdrawn_at = now
    session.flush()
    kept = {"person_id": job.person_id, "job_title_id": job.job_title_id, "site_id": job.site_id}
    days = {"starts_on": starts_on, "ends_on": ends_on, "recorded_at": now}
    keep_job(session, Employment(organisation_id=job.organisation_id, **kept, **days))


def refuse_change_outside(job: Employment, starts_on: date) -> None:
    """Refuse a change that would leave nothing of the job before it, or comes after its end."""
    if starts_on <= job.starts_on:
        words = N_(
            "The job began on %(day)s, so it can change from the day after. "
            "If that first day is wrong, put it right instead."
        )
        raise DayRefused(_(words, day=format_day(job.starts_on)))
    if job.ends_on is not None and starts_on > job.ends_on:
        raise DayRefused(_("The job ends on %(day)s. Add another job instead.", day=format_day(job.ends_on)))


def refuse_strange_day(starts_on: date, *, today: date) -> None:
    """Refuse a first day that is a slip of the keyboard."""
    if starts_on < EARLIEST or starts_on.year > today.year + 1:
        raise DayRefused(_("The day must be between %(year)s and the end of next year.", year=EARLIEST.year))


def refuse_end_before_start(starts_on: date, ends_on: date | None) -> None:
    """Refuse a last day that comes before the first."""
    if ends_on is not None and ends_on < starts_on:
        raise LastDayRefused(_("The last day cannot be before the first, %(day)s.", day=format_day(starts_on)))


def may_learn_as(session: Session, *, person_id: uuid.UUID, role: Role, roles: Sequence[Role], day: date) -> bool:
    """Say whether a person may take an item made for `roles` as `role`: in a role of theirs, if it has any of them."""
    own = set(roles_on(session, person_id=person_id, day=day)).intersection(roles)
    return role in (own or roles)


def roles_on(session: Session, *, person_id: uuid.UUID, day: date) -> tuple[Role, ...]:
    """Return the roles that a person's job titles give them on a day; a person in no job may learn as any."""
    return roles_of(session.scalars(ROLES, {"person_id": person_id, "day": day}))


def roles_of(found: Iterable[str]) -> tuple[Role, ...]:
    """Return the roles that were found in their order; somebody without any may learn as any."""
    own = set(found)
    return tuple(role for role in Role if role in own) or tuple(Role)


def covers(
    table: type[Employment] | type[TitleRole], day: date | BindParameter, *, known_at: datetime | None = None
) -> Sequence[ColumnElement[bool]]:
    """Return the conditions under which a twice-dated row covers a day as known now, or at an earlier instant."""
    return (
        fact_queries.known(table, known_at),
        table.starts_on <= day,
        (table.ends_on.is_(None)) | (table.ends_on >= day),
    )


ROLES = (
    select(TitleRole.role)
    .join(Employment, Employment.job_title_id == TitleRole.job_title_id)
    .where(
        Employment.person_id == bindparam("person_id"),
        *covers(Employment, bindparam("day")),
        *covers(TitleRole, bindparam("day")),
    )
)
