"""Which managers get their weekly digest, and what it says of their people, who are gone through some at a time."""

import uuid
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from training.domain.reminder import Topic
from training.domain.reminder_digest import Digest, Member, digest, digest_due, digest_key
from training.models import Employment, MessageRow
from training.services import everybody, messages
from training.services.employments import covers
from training.services.messages import Kind
from training.services.reminder_reading import BATCH, Employer, Manager, read_chased, read_managers, read_people

TWO_WEEKS = timedelta(days=14)
# Of some sites or, where it is None, of the whole organisation.
Sites = frozenset[uuid.UUID] | None


def managers_due(session: Session, *, employer: Employer, day: date, now: datetime) -> list[Manager]:
    """Return the managers who have people and want a digest, and have none of this week."""
    if not digest_due(day, sent=(), weekday=employer.digest_weekday):
        return []
    recent = select(MessageRow.key).where(MessageRow.kind == Kind.DIGEST, MessageRow.recorded_at >= now - TWO_WEEKS)
    sent = set(session.scalars(recent))
    return [
        manager
        for manager in read_managers(session, day=day)
        if digest_name(manager, day) not in sent
        and wants_digest(manager)
        and has_people(session, site_ids=manager.site_ids, day=day)
    ]


def wants_digest(manager: Manager) -> bool:
    """Say whether a manager can be reached and has not turned digests off."""
    return manager.who.way is not None and Topic.DIGESTS not in manager.who.muted


def digest_name(manager: Manager, day: date) -> str:
    """Return what makes a digest the same one all week."""
    return f"digest-{manager.who.person_id}-{digest_key(day)}"


def read_digest(session: Session, *, site_ids: Sites, day: date) -> Digest | None:
    """Return what is to be told of the people of some sites on a day, or None where they have none."""
    people = count_people(session, site_ids=site_ids, day=day)
    return digest(read_members(session, site_ids=site_ids, day=day), people=people, today=day)


def read_members(session: Session, *, site_ids: Sites, day: date) -> Iterator[Member]:
    """Yield the people of some sites of whom something is chased or whose address was refused."""
    query = at_work(site_ids=site_ids, day=day).distinct().order_by(Employment.person_id).limit(BATCH)
    after = everybody.NOBODY
    while person_ids := list(session.scalars(query.where(Employment.person_id > after))):
        yield from members_of(session, person_ids=person_ids, day=day)
        after = person_ids[-1]


def members_of(session: Session, *, person_ids: Collection[uuid.UUID], day: date) -> Iterator[Member]:
    """Yield those of some people of whom there may be something to say."""
    lines = read_chased(session, person_ids=person_ids, day=day)
    refused = {person_id for person_id, _ in messages.read_bounced(session, person_ids=person_ids)}
    for person in read_people(session, person_ids=lines.keys() | refused, day=day).values():
        yield Member(
            person=person.person_id,
            name=person.name,
            lines=tuple(line.standing for line in lines.get(person.person_id, {}).values()),
            bounced=person.bounced,
        )


def count_people(session: Session, *, site_ids: Sites, day: date) -> int:
    """Return how many people have a job at some sites on a day."""
    at_these = at_work(site_ids=site_ids, day=day)
    return session.scalar(at_these.with_only_columns(func.count(Employment.person_id.distinct()))) or 0


def has_people(session: Session, *, site_ids: Sites, day: date) -> bool:
    """Say whether anybody has a job at some sites on a day."""
    return session.scalar(at_work(site_ids=site_ids, day=day).limit(1)) is not None


def at_work(*, site_ids: Sites, day: date) -> Select[tuple[uuid.UUID]]:
    """Return the query of who has a job at some sites on a day."""
    query = select(Employment.person_id).where(*covers(Employment, day))
    return query if site_ids is None else query.where(Employment.site_id.in_(site_ids))
