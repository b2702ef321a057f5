"""Exemptions: who lets a person off an item, for which days and why; put right and withdrawn, never deleted."""

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import _
from training.domain.names import read_name, tidy_text
from training.domain.person_record import House
from training.domain.twice_dated import days_in_words
from training.models import Exemption
from training.services import audit, facts, standings
from training.services.absences import refuse_strange_days
from training.services.accounts import Viewer
from training.services.employments import DayRefused, bring_up_to_date
from training.services.organisations import NotFound
from training.services.reach import manageable_person, refuse_whole_person
from training.services.signoffs import WordsRefused, read_words


class ExemptionOverlaps(DayRefused):
    """The exemption cannot be kept because there is one from the same item on some of its days."""


def add_exemption(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    person_id: uuid.UUID,
    item: str,
    starts_on: date,
    ends_on: date,
    who: str,
    why: str,
    now: datetime,
) -> uuid.UUID:
    """Let a person off an item on some days, both included, and return the exemption's id.

    `who` decided it: a name, or empty for the viewer.

    Raises:
        DayRefused, LastDayRefused, ExemptionOverlaps, NameRefused, WordsRefused: in words, with nothing written.
        NotFound, NotAllowed: when the person or item is not there, or the person also works where the viewer does not
            manage.
    """
    decided_by, reason = read_name(tidy_text(who) or viewer.name), read_why(why)
    refuse_strange_days(starts_on, ends_on, today=day_in(now, viewer.time_zone))
    with database.write(viewer.organisation_id) as session:
        refuse_out_of_reach(session, viewer=viewer, person_id=person_id, now=now)
        if catalog.find(item) is None and item not in required_items(session):
            raise NotFound(_("There is no such training."))
        words = {"who": decided_by, "why": reason}
        kept = {"item": item, "starts_on": starts_on, "ends_on": ends_on}
        audit.record(session, viewer=viewer, act=Act.EXEMPTION_RECORDED, subject_id=person_id, now=now, detail=kept)
        return keep_exemption(session, viewer=viewer, person_id=person_id, now=now, **words, **kept)


def end_exemption(
    database: Database, *, viewer: Viewer, exemption_id: uuid.UUID, ends_on: date, now: datetime
) -> uuid.UUID:
    """Give an exemption another last day: the row is withdrawn and another takes its place. Returns the new one's id.

    Raises:
        LastDayRefused, ExemptionOverlaps: in words, with nothing written.
        NotFound, NotAllowed: when it is not there, or not the viewer's to change.
    """
    with database.write(viewer.organisation_id) as session:
        row = own_exemption(session, viewer=viewer, exemption_id=exemption_id, now=now)
        refuse_strange_days(row.starts_on, ends_on, today=day_in(now, viewer.time_zone))
        row.withdrawn_at = now
        session.flush()
        kept = {"person_id": row.person_id, "item": row.item, "who": row.who, "why": row.why}
        detail = {"item": row.item, "ends_on_before": row.ends_on, "ends_on": ends_on}
        audit.record(session, viewer=viewer, act=Act.EXEMPTION_ENDED, subject_id=row.person_id, now=now, detail=detail)
        return keep_exemption(session, viewer=viewer, starts_on=row.starts_on, ends_on=ends_on, now=now, **kept)


def withdraw_exemption(database: Database, *, viewer: Viewer, exemption_id: uuid.UUID, now: datetime) -> None:
    """Take an exemption back that should never have been; the row stays, as withdrawn.

    Raises:
        NotFound, NotAllowed: when it is not there, or not the viewer's to change.
    """
    with database.write(viewer.organisation_id) as session:
        row = own_exemption(session, viewer=viewer, exemption_id=exemption_id, now=now)
        row.withdrawn_at = now
        session.flush()
        bring_up_to_date(session, viewer=viewer, person_id=row.person_id, now=now)
        gone = {"item": row.item, "starts_on": row.starts_on, "ends_on": row.ends_on}
        audit.record(
            session, viewer=viewer, act=Act.EXEMPTION_WITHDRAWN, subject_id=row.person_id, now=now, detail=gone
        )


def read_why(text: str) -> str:
    """Return a reason as it is kept.

    Raises:
        WordsRefused: when none is given, or it is too long.
    """
    reason = read_words(text, what="reason")
    if not reason:
        raise WordsRefused(_("Say why."))
    return reason


def required_items(session: Session) -> set[str]:
    """Return the items that somebody here must hold, or had to."""
    return items_of(facts.read_house(session))


def items_of(house: House) -> set[str]:
    """Return every item that any requirement of an organisation names, then or now."""
    return {item for each in house.requirements.values() for item in each.items}


def refuse_out_of_reach(session: Session, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> None:
    """Refuse a person who is not wholly the viewer's to manage, and wait for the turn to change what is on record."""
    today = day_in(now, viewer.time_zone)
    manageable_person(session, viewer=viewer, person_id=person_id, today=today)
    refuse_whole_person(session, viewer=viewer, person_id=person_id, today=today)
    standings.wait_for_turn(session, person_ids=[person_id])


def own_exemption(session: Session, *, viewer: Viewer, exemption_id: uuid.UUID, now: datetime) -> Exemption:
    """Return an exemption that stands and that the viewer may change."""
    row = session.get(Exemption, (viewer.organisation_id, exemption_id))
    if row is None:
        raise NotFound(_("There is no such exemption."))
    refuse_out_of_reach(session, viewer=viewer, person_id=row.person_id, now=now)
    session.refresh(row)
    if row.withdrawn_at is not None:
        raise NotFound(_("There is no such exemption."))
    return row


def keep_exemption(
    session: Session,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    item: str,
    starts_on: date,
    ends_on: date,
    who: str,
    why: str,
    now: datetime,
) -> uuid.UUID:
    """Add an exemption that overlaps none from the same item, with all that follows; return its id."""
    refuse_overlap(session, person_id=person_id, item=item, starts_on=starts_on, ends_on=ends_on)
    row = Exemption(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        person_id=person_id,
        item=item,
        starts_on=starts_on,
        ends_on=ends_on,
        who=who,
        why=why,
        recorded_by=viewer.person_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    bring_up_to_date(session, viewer=viewer, person_id=person_id, now=now)
    return row.id


def refuse_overlap(session: Session, *, person_id: uuid.UUID, item: str, starts_on: date, ends_on: date) -> None:
    """Refuse days on some of which the person is exempt from the item already."""
    same = select(Exemption).where(
        Exemption.person_id == person_id,
        Exemption.item == item,
        Exemption.withdrawn_at.is_(None),
        Exemption.starts_on <= ends_on,
        (Exemption.ends_on.is_(None)) | (Exemption.ends_on >= starts_on),
    )
    other = session.scalars(same.order_by(Exemption.starts_on)).first()
    if other is not None:
        days = days_in_words(other.starts_on, other.ends_on)
        raise ExemptionOverlaps(
            _("They are exempt from this %(days)s already. Change that exemption instead.", days=days)
        )
