"""Reports made again and again: who wants which, when the next one is ordered, and when that ends by itself."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import EVERYWHERE, Database
from training.domain.audit import Act, Actor
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.refusal import Refusal
from training.domain.report import FORMS
from training.domain.report_schedule import OWNER_SEES_NOBODY, Recurrence, Rhythm, due_day, span_before
from training.models import Organisation, ReportSchedule
from training.services import audit, on_behalf, report_filters, tasks
from training.services.accounts import Viewer
from training.services.audit import Source
from training.services.organisations import NotAllowed, NotFound
from training.services.report_kinds import DAYS, KINDS, PERSON
from training.services.report_orders import Wanted, order_of
from training.services.report_questions import noted_of
from training.services.staff import managed_sites

MOST = 20
TOO_MANY = N_("You have %(most)s reports made regularly, which is the most. End one first.")
NO_SUCH = N_("There is no such report of yours that is made regularly.")
THE_SAME = N_("You have this report made on these days already.")
ELSEWHERE = N_("That site is none of yours, so nobody would be in the report. Choose another site.")
SEES_NOBODY = N_("It has ended by itself: you could not see anybody’s training any more.")
# Nowhere is it later than this, compared with UTC.
FURTHEST_EAST = timedelta(hours=14)


class ScheduleRefused(Refusal):
    """A person has the very same already, or as many as anybody may have, or asks for a site that is none of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    """A report that is to be made regularly: its name, its filters as the words of an address, form, and days."""

    report: str
    asked: Mapping[str, str]
    form: str
    recurrence: Recurrence
    starts_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A report that is made regularly, as its owner sees it; `next_on` is none once it has ended.

    It `asks_elsewhere` where its site is none of theirs any more.
    """

    id: uuid.UUID
    report: str
    title: str
    form: str
    when: str
    shows: tuple[str, ...]
    asks_elsewhere: bool
    asked: Mapping[str, str]
    starts_on: date
    next_on: date | None
    ended_at: datetime | None
    ended_why: str


def may_recur(report: str) -> bool:
    """Say whether a report can be made regularly: there is such a report, and it is not about one person."""
    return report in KINDS and PERSON not in KINDS[report].takes


def keep_asked(report: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that a schedule keeps: no days, as each report is as at its own."""
    if not may_recur(report):
        raise NotFound(_("There is no report %(name)s that can be made regularly.", name=repr(report)))
    return {name: words for name, words in asked.items() if name not in {"from", "until", "person"}}


def add_schedule(database: Database, *, viewer: Viewer, new: NewSchedule, now: datetime) -> uuid.UUID:
    """Have a report made regularly for the viewer, from a day on that is not past.

    Raises:
        NotAllowed: when the viewer sees nobody.
        NotFound: when there is no such report or form, or it is about one person.
        ScheduleRefused: when the viewer has the very same already, or as many as anybody may have, or when its site
            is none of theirs.
    """
    if not viewer.is_manager:
        raise NotAllowed(_("Only who sees to others has reports made."))
    if new.form not in FORMS:
        raise NotFound(_("There is no form %(form)s of a report.", form=repr(new.form)))
    row = ReportSchedule(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        owner_id=viewer.person_id,
        report=new.report,
        asked=keep_asked(new.report, new.asked),
        form=new.form,
        rhythm=new.recurrence.rhythm,
        on_day=new.recurrence.on_day,
        starts_on=new.starts_on,
        next_on=new.recurrence.first_from(max(new.starts_on, day_in(now, viewer.time_zone))),
        recorded_at=now,
    )
    with database.write(viewer.organisation_id) as session:
        refuse_elsewhere(session, row, viewer=viewer)
        refuse_another(session, row)
        session.add(row)
        audit.record(session, viewer=viewer, act=Act.SCHEDULE_MADE, now=now, subject_id=row.id, detail=detail_of(row))
    return row.id


def refuse_elsewhere(session: Session, row: ReportSchedule, *, viewer: Viewer) -> None:
    """Refuse a site that is none of the viewer's, in the same words whether there is such a site or not."""
    site = row.asked.get("site")
    if site is not None and site not in {str(site_id) for site_id, _name in managed_sites(session, viewer=viewer)}:
        raise ScheduleRefused(_(ELSEWHERE))


def refuse_another(session: Session, row: ReportSchedule) -> None:
    """Refuse the very same again, and more than the most."""
    mine = select(ReportSchedule).where(ReportSchedule.owner_id == row.owner_id, ReportSchedule.ended_at.is_(None))
    going_on = session.scalars(mine).all()
    if len(going_on) >= MOST:
        raise ScheduleRefused(_(TOO_MANY, most=MOST))
    if any(what(one) == what(row) for one in going_on):
        raise ScheduleRefused(_(THE_SAME))


def what(row: ReportSchedule) -> tuple[object, ...]:
    """Return what tells a schedule from its owner's others."""
    return row.report, row.form, recurrence_of(row), dict(row.asked)


def detail_of(row: ReportSchedule) -> dict[str, object]:
    """Return what the audit log keeps of a schedule; a search may hold a name."""
    days = {"rhythm": row.rhythm, "on_day": row.on_day, "starts_on": row.starts_on}
    return {"report": row.report, "form": row.form, **days, **noted_of(row.asked)}


def list_schedules(database: Database, *, viewer: Viewer, catalog: Catalog) -> tuple[Scheduled, ...]:
    """Return the viewer's schedules, those that go on first, each kind newest first."""
    mine = select(ReportSchedule).where(ReportSchedule.owner_id == viewer.person_id)
    order = (ReportSchedule.ended_at.is_not(None), ReportSchedule.recorded_at.desc(), ReportSchedule.id)
    with database.read(viewer.organisation_id) as session:
        rows = session.scalars(mine.order_by(*order).limit(5 * MOST)).all()
        names = report_filters.read_names(session, viewer=viewer, catalog=catalog) if rows else {}
        return tuple(shown(row, names) for row in rows)


def shown(row: ReportSchedule, names: Mapping[str, str]) -> Scheduled:
    """Return a schedule as its owner sees it."""
    recurrence = recurrence_of(row)
    return Scheduled(
        id=row.id,
        report=row.report,
        title=KINDS[row.report].title if row.report in KINDS else row.report,
        form=FORMS[row.form],
        when=recurrence.words,
        shows=report_filters.filter_words(row.asked, names),
        asks_elsewhere=report_filters.asks_elsewhere(row.asked, names),
        asked=row.asked,
        starts_on=row.starts_on,
        next_on=row.next_on,
        ended_at=row.ended_at,
        ended_why=_(row.ended_why) if row.ended_why else "",
    )


def recurrence_of(row: ReportSchedule) -> Recurrence:
    """Return on which days a schedule's reports are made."""
    return Recurrence(Rhythm(row.rhythm), row.on_day)


def own(session: Session, *, viewer: Viewer, schedule_id: uuid.UUID) -> ReportSchedule:
    """Return one of the viewer's own schedules.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    row = session.get(ReportSchedule, (viewer.organisation_id, schedule_id))
    if row is None or row.owner_id != viewer.person_id:
        raise NotFound(_(NO_SUCH))
    return row


def find_schedule(database: Database, *, viewer: Viewer, catalog: Catalog, schedule_id: uuid.UUID) -> Scheduled:
    """Return one of the viewer's schedules.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    with database.read(viewer.organisation_id) as session:
        row = own(session, viewer=viewer, schedule_id=schedule_id)
        return shown(row, report_filters.read_names(session, viewer=viewer, catalog=catalog))


def end_schedule(database: Database, *, viewer: Viewer, schedule_id: uuid.UUID, now: datetime) -> None:
    """End one of the viewer's schedules; one that has ended stays as it is. Files that were made stay.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    with database.write(viewer.organisation_id) as session:
        row = own(session, viewer=viewer, schedule_id=schedule_id)
        if row.ended_at is None:
            row.ended_at, row.next_on = now, None
            audit.record(session, viewer=viewer, act=Act.SCHEDULE_STOPPED, now=now, subject_id=row.id)


def stop(database: Database, organisation_id: int, *, wanted: Wanted, now: datetime) -> None:
    """End the schedule by which a report was ordered, where it was: its owner sees nobody any more."""
    if wanted.schedule_id is not None:
        with database.write(organisation_id) as session:
            end_by_itself(session, organisation_id, schedule_id=wanted.schedule_id, now=now)


def end_by_itself(session: Session, organisation_id: int, *, schedule_id: uuid.UUID, now: datetime) -> None:
    """End a schedule that goes on, and say why."""
    goes_on = (ReportSchedule.id == schedule_id, ReportSchedule.ended_at.is_(None))
    ended = {"ended_at": now, "next_on": None, "ended_why": SEES_NOBODY}
    if session.execute(update(ReportSchedule).where(*goes_on).values(**ended)).rowcount:
        service = Source(kind=Actor.SERVICE, organisation_id=organisation_id)
        detail = {"why": OWNER_SEES_NOBODY}
        audit.record(session, viewer=service, act=Act.SCHEDULE_STOPPED, now=now, subject_id=schedule_id, detail=detail)


def order_due(database: Database, *, now: datetime) -> Iterator[bool]:
    """Order the report of every schedule whose day has turned, yielding for each whether it was ordered."""
    might_be = ReportSchedule.next_on <= (now + FURTHEST_EAST).date()
    query = select(ReportSchedule.organisation_id, ReportSchedule.id, Organisation.time_zone).join(
        Organisation, Organisation.id == ReportSchedule.organisation_id
    )
    with database.read(EVERYWHERE) as session:
        found = session.execute(query.where(might_be).order_by(ReportSchedule.next_on, ReportSchedule.id)).all()
    for organisation_id, schedule_id, time_zone in found:
        yield order_one(database, organisation_id, schedule_id=schedule_id, local=now.astimezone(ZoneInfo(time_zone)))


def order_one(database: Database, organisation_id: int, *, schedule_id: uuid.UUID, local: datetime) -> bool:
    """Order the report of one schedule, if its day has turned there and nobody was quicker.

    The order, whose key is the schedule and the day, and the next day are one commit: both or neither.
    """
    with database.read(organisation_id) as session:
        row = session.get(ReportSchedule, (organisation_id, schedule_id))
    day = due_day(recurrence_of(row), next_on=row.next_on, local=local) if row and row.next_on else None
    if row is None or day is None:
        return False
    try:
        on_behalf.viewer_for(database, organisation_id=organisation_id, person_id=row.owner_id)
    except NotAllowed:
        with database.write(organisation_id) as session:
            end_by_itself(session, organisation_id, schedule_id=schedule_id, now=local)
        return False
    with database.write(organisation_id) as session:
        return add_order(session, row, day=day, now=local)


def add_order(session: Session, row: ReportSchedule, *, day: date, now: datetime) -> bool:
    """Move a schedule to its next day and order the report of this one; say whether nobody had."""
    mine = (ReportSchedule.id == row.id, ReportSchedule.next_on == row.next_on)
    moved = update(ReportSchedule).where(*mine).values(next_on=recurrence_of(row).next_after(day))
    if session.execute(moved).rowcount != 1:
        return False
    known = {"organisation_id": row.organisation_id, "asked_by": row.owner_id, "now": now}
    order = order_of(wanted_on(row, day), key=f"schedule {row.id} {day}")
    tasks.add_order(session, wanted=order, **known)
    service = Source(kind=Actor.SERVICE, organisation_id=row.organisation_id)
    detail = {"report": row.report, "form": row.form, "day": day}
    audit.record(session, viewer=service, act=Act.REPORT_ORDERED, now=now, subject_id=row.id, detail=detail)
    return True


def wanted_on(row: ReportSchedule, day: date) -> Wanted:
    """Return a schedule's report of a day; one of what was done is of the days since the report before."""
    asked = dict(row.asked)
    if DAYS in KINDS[row.report].takes:
        since, until = span_before(recurrence_of(row), day)
        asked |= {"from": since.isoformat(), "until": until.isoformat()}
    return Wanted(report=row.report, form=row.form, day=day, asked=asked, schedule_id=row.id)
