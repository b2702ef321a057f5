"""Absences: the leave that managers record, put right, end and withdraw, each with its effect in the same commit."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import _
from training.domain.twice_dated import days_in_words
from training.models import Absence, Employment
from training.services import audit, standings
from training.services.accounts import Viewer
from training.services.employments import (
    DayRefused,
    LastDayRefused,
    bring_up_to_date,
    refuse_end_before_start,
    refuse_strange_day,
)
from training.services.organisations import NotFound
from training.services.reach import manageable_person, refuse_other_sites, refuse_whole_person

YEARS_AHEAD = 10


class AbsenceOverlaps(DayRefused):
    """The leave cannot be kept because there is leave from the same jobs on some of its days."""


def add_absence(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    starts_on: date,
    ends_on: date | None,
    site_id: uuid.UUID | None = None,
    now: datetime,
) -> uuid.UUID:
    """Record leave from every job, or with a site from the jobs there; without a last day it is open. Returns its id.

    Raises:
        DayRefused, LastDayRefused, AbsenceOverlaps: in words, with nothing written.
        NotFound, NotAllowed: when the person is not there, never works at the site, or works where the viewer does not
            manage.
    """
    refuse_strange_days(starts_on, ends_on, today=day_in(now, viewer.time_zone))
    with database.write(viewer.organisation_id) as session:
        refuse_out_of_reach(session, viewer=viewer, person_id=person_id, site_id=site_id, now=now)
        refuse_strange_site(session, person_id=person_id, site_id=site_id)
        kept = {"starts_on": starts_on, "ends_on": ends_on, "site_id": site_id}
        audit.record(session, viewer=viewer, act=Act.LEAVE_RECORDED, subject_id=person_id, now=now, detail=kept)
        return keep_absence(session, viewer=viewer, person_id=person_id, now=now, **kept)


def change_absence(
    database: Database,
    *,
    viewer: Viewer,
    absence_id: uuid.UUID,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> uuid.UUID:
    """Put the days of leave right: the row is withdrawn and another takes its place. Returns the new one's id.

    Raises:
        DayRefused, LastDayRefused, AbsenceOverlaps: in words, with nothing written.
        NotFound, NotAllowed: when it is not there, or not the viewer's to change.
    """
    refuse_strange_days(starts_on, ends_on, today=day_in(now, viewer.time_zone))
    with database.write(viewer.organisation_id) as session:
        row = own_absence(session, viewer=viewer, absence_id=absence_id, now=now)
        row.withdrawn_at = now
        session.flush()
        kept = {"starts_on": starts_on, "ends_on": ends_on, "site_id": row.site_id}
        detail = {**kept, "starts_on_before": row.starts_on, "ends_on_before": row.ends_on}
        audit.record(session, viewer=viewer, act=Act.LEAVE_CHANGED, subject_id=row.person_id, now=now, detail=detail)
        return keep_absence(session, viewer=viewer, person_id=row.person_id, now=now, **kept)


def end_absence(
    database: Database, *, viewer: Viewer, absence_id: uuid.UUID, ends_on: date, now: datetime
) -> uuid.UUID:
    """Record the last day of leave; what is due, and by when, follows from it. Returns the new row's id.

    Raises:
        LastDayRefused, AbsenceOverlaps: in words, with nothing written.
        NotFound, NotAllowed: when it is not there, or not the viewer's to change.
    """
    with database.read(viewer.organisation_id) as session:
        row = session.get(Absence, (viewer.organisation_id, absence_id))
    if row is None:
        raise NotFound(_("There is no such leave."))
    days = {"starts_on": row.starts_on, "ends_on": ends_on}
    return change_absence(database, viewer=viewer, absence_id=absence_id, now=now, **days)


def withdraw_absence(database: Database, *, viewer: Viewer, absence_id: uuid.UUID, now: datetime) -> None:
    """Take leave back that was recorded by mistake; the row stays, as withdrawn.

    Raises:
        NotFound, NotAllowed: when it is not there, or not the viewer's to change.
    """
    with database.write(viewer.organisation_id) as session:
        row = own_absence(session, viewer=viewer, absence_id=absence_id, now=now)
        row.withdrawn_at = now
        session.flush()
        bring_up_to_date(session, viewer=viewer, person_id=row.person_id, now=now)
        detail = {"starts_on": row.starts_on, "ends_on": row.ends_on, "site_id": row.site_id}
        audit.record(session, viewer=viewer, act=Act.LEAVE_WITHDRAWN, subject_id=row.person_id, now=now, detail=detail)


def refuse_strange_days(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Refuse days that are a slip of the keyboard, or end before they begin."""
    refuse_strange_day(starts_on, today=today)
    refuse_end_before_start(starts_on, ends_on)
    if ends_on is not None and ends_on.year > today.year + YEARS_AHEAD:
        raise LastDayRefused(_("The last day can be at most %(years)s years ahead.", years=YEARS_AHEAD))


def refuse_out_of_reach(
    session: Session, *, viewer: Viewer, person_id: uuid.UUID, site_id: uuid.UUID | None, now: datetime
) -> None:
    """Refuse leave that the viewer does not manage, and wait for the turn to change what is on record of the person."""
    today = day_in(now, viewer.time_zone)
    manageable_person(session, viewer=viewer, person_id=person_id, today=today)
    if site_id is None:
        refuse_whole_person(session, viewer=viewer, person_id=person_id, today=today)
    else:
        refuse_other_sites(viewer, site_id=site_id)
    standings.wait_for_turn(session, person_ids=[person_id])


def refuse_strange_site(session: Session, *, person_id: uuid.UUID, site_id: uuid.UUID | None) -> None:
    """Refuse leave from a site at which the person has no job."""
    jobs = select(Employment.id).where(
        Employment.person_id == person_id, Employment.site_id == site_id, Employment.withdrawn_at.is_(None)
    )
    if site_id is not None and session.scalars(jobs).first() is None:
        raise NotFound(_("They have no job at that site."))


def own_absence(session: Session, *, viewer: Viewer, absence_id: uuid.UUID, now: datetime) -> Absence:
    """Return leave that stands and that the viewer may change."""
    row = session.get(Absence, (viewer.organisation_id, absence_id))
    if row is None:
        raise NotFound(_("There is no such leave."))
    refuse_out_of_reach(session, viewer=viewer, person_id=row.person_id, site_id=row.site_id, now=now)
    session.refresh(row)
    if row.withdrawn_at is not None:
        raise NotFound(_("There is no such leave."))
    return row


def keep_absence(
    session: Session,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    site_id: uuid.UUID | None,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
) -> uuid.UUID:
    """Add leave that overlaps none from the same jobs, with all that follows; return its id."""
    same = select(Absence).where(
        Absence.person_id == person_id,
        Absence.site_id.is_(None) if site_id is None else Absence.site_id == site_id,
        Absence.withdrawn_at.is_(None),
        (Absence.ends_on.is_(None)) | (Absence.ends_on >= starts_on),
    )
    before = same if ends_on is None else same.where(Absence.starts_on <= ends_on)
    other = session.scalars(before.order_by(Absence.starts_on)).first()
    if other is not None:
        days = days_in_words(other.starts_on, other.ends_on)
        raise AbsenceOverlaps(_("Leave from the same jobs is recorded %(days)s. Change that one instead.", days=days))
    row = Absence(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        person_id=person_id,
        site_id=site_id,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=viewer.person_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    bring_up_to_date(session, viewer=viewer, person_id=person_id, now=now)
    return row.id
