"""What holds for a whole organisation: its name, and how long leave must be to count as long, with every change."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.names import read_name
from training.domain.refusal import Refusal
from training.models import Absence, LongLeaveChange, Organisation, Person
from training.services import audit, facts
from training.services.accounts import Viewer
from training.services.catching_up import catch_up
from training.services.impact import Comparison, Impact, work_out_impact
from training.services.organisations import refuse_unless_all
from training.services.requirements import shown_again

LONGEST = 365


class LongLeaveRefused(Refusal):
    """Leave cannot count as long from so many days on."""


class SettingsChangedMeanwhile(Refusal):
    """The settings cannot be changed because somebody else has changed them since they were opened."""


@dataclass(frozen=True, slots=True)
class LongLeaveDecision:
    """Who changed what leave is long, when, and the numbers it came to."""

    on: date
    who: str
    days_before: int
    days: int
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What a manager sees of the organisation's settings."""

    name: str
    time_zone: str
    long_leave_days: int
    on_leave: int
    changes: tuple[LongLeaveDecision, ...]


def settings_page(database: Database, *, viewer: Viewer) -> SettingsPage:
    """Return the settings with every change of what leave is long, latest first; `on_leave` have leave on record.

    Raises:
        NotAllowed: unless the viewer manages the whole organisation.
    """
    refuse_unless_all(viewer)
    with database.read(viewer.organisation_id) as session:
        organisation = session.get_one(Organisation, viewer.organisation_id)
        rows = session.execute(
            select(LongLeaveChange, Person.name)
            .join(Person, Person.id == LongLeaveChange.decided_by)
            .order_by(LongLeaveChange.recorded_at.desc())
        ).all()
        on_leave = len(session.scalars(with_leave().distinct()).all())
    return SettingsPage(
        name=organisation.name,
        time_zone=organisation.time_zone,
        long_leave_days=organisation.long_leave_days,
        on_leave=on_leave,
        changes=tuple(
            LongLeaveDecision(
                day_in(row.recorded_at, viewer.time_zone), who, row.days_before, row.days, shown_again(row.preview)
            )
            for row, who in rows
        ),
    )


def rename(database: Database, *, viewer: Viewer, name: str, now: datetime) -> None:
    """Give the organisation another name.

    Raises:
        NotAllowed, NameRefused: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    tidy = read_name(name, what=N_("name for the organisation"))
    with database.write(viewer.organisation_id) as session:
        organisation = session.get_one(Organisation, viewer.organisation_id)
        detail = {"name_before": organisation.name, "name": tidy}
        organisation.name = tidy
        audit.record(session, viewer=viewer, act=Act.ORGANISATION_RENAMED, now=now, detail=detail)


def preview_long_leave(database: Database, *, viewer: Viewer, days: int, catalog: Catalog, now: datetime) -> Impact:
    """Return whom it would move, and how, if leave were long from so many days on; nothing is written.

    Raises:
        NotAllowed, LongLeaveRefused: in words.
    """
    refuse_unless_all(viewer)
    with database.read(viewer.organisation_id) as session:
        refuse_days(days, present=session.get_one(Organisation, viewer.organisation_id).long_leave_days)
        return impact_of(session, days, viewer=viewer, catalog=catalog, now=now)


def change_long_leave(
    database: Database, *, viewer: Viewer, days: int, seen: int, catalog: Catalog, now: datetime
) -> None:
    """Let leave count as long from so many days on; `seen` is the number that stood when the form was opened.

    It counts from the moment it is recorded: what was known before keeps the number before.

    Raises:
        NotAllowed, LongLeaveRefused, SettingsChangedMeanwhile: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    with database.write(viewer.organisation_id) as session:
        locked = select(Organisation).where(Organisation.id == viewer.organisation_id).with_for_update()
        organisation = session.scalars(locked).one()
        if organisation.long_leave_days != seen:
            words = N_(
                "Somebody else has changed this to %(days)s days since you opened it. Nothing of yours was recorded."
            )
            raise SettingsChangedMeanwhile(_(words, days=organisation.long_leave_days))
        refuse_days(days, present=seen)
        impact = impact_of(session, days, viewer=viewer, catalog=catalog, now=now)
        session.add(
            LongLeaveChange(
                organisation_id=viewer.organisation_id,
                id=uuid.uuid4(),
                days_before=seen,
                days=days,
                decided_by=viewer.person_id,
                preview=impact.numbers(),
                recorded_at=now,
            )
        )
        organisation.long_leave_days = days
        session.flush()
        catch_up(session, viewer=viewer, today=day_in(now, viewer.time_zone), among=with_leave())
        detail = {"days_before": seen, "days": days}
        audit.record(session, viewer=viewer, act=Act.LONG_LEAVE_CHANGED, now=now, detail=detail)


def refuse_days(days: int, *, present: int) -> None:
    """Refuse a number that cannot be, or that stands already."""
    if not 1 <= days <= LONGEST:
        raise LongLeaveRefused(_("The number of days must be 1 to %(longest)s.", longest=LONGEST))
    if days == present:
        raise LongLeaveRefused(_("It is %(days)s days already.", days=present))


def with_leave() -> Select[tuple[uuid.UUID]]:
    """Select the people with leave on record: it touches nobody else."""
    return select(Absence.person_id).where(Absence.withdrawn_at.is_(None))


def impact_of(session: Session, days: int, *, viewer: Viewer, catalog: Catalog, now: datetime) -> Impact:
    """Compare what leave is long now with what would be."""
    today, before = day_in(now, viewer.time_zone), facts.read_house(session)
    items = sorted({item for each in before.requirements.values() for item in each.items})
    asked = Comparison(
        before=before, after=replace(before, long_leave_days=days), items=items, day=today, message_days=[today]
    )
    titles = {item: catalog.title(item) for item in items}
    return work_out_impact(session, asked=asked, titles=titles, among=with_leave())
