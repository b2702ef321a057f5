"""Who gets no messages: people on file who have no e-mail address, or whose address was refused for good."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import ceil

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from training.db import Database
from training.models import Employment, MessageRow, Person, Site
from training.services import push_devices
from training.services.accounts import Viewer
from training.services.employments import covers
from training.services.messages import State

PEOPLE_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom no message reaches: where they work, and whether an address was refused or there is none."""

    person_id: uuid.UUID
    name: str
    sites: tuple[str, ...]
    was_refused: bool


@dataclass(frozen=True, slots=True)
class UnreachedPage:
    """Some of those who cannot be reached, by name, and how many there are together."""

    total: int
    people: tuple[Unreached, ...]
    number: int
    last: int


def list_unreached(
    database: Database, *, viewer: Viewer, today: date, number: int = 1, most: int | None = None, push_key: str = ""
) -> UnreachedPage:
    """Return a page of the viewer's people whom no message reaches; a page beyond the last is the last.

    `push_key` is the key of ours that phones take messages under, if any.
    """
    most = most or PEOPLE_A_PAGE
    conditions = unreached_by(viewer, today=today, push_key=push_key)
    with database.read(viewer.organisation_id) as session:
        total = session.scalar(select(func.count(Person.id)).where(*conditions)) or 0
        last = max(1, ceil(total / most))
        number = min(max(1, number), last)
        people = read_some(session, conditions, viewer=viewer, today=today, before=(number - 1) * most, most=most)
    return UnreachedPage(total, people, number, last)


def unreached_by(viewer: Viewer, *, today: date, push_key: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which somebody is the viewer's, on file and out of reach."""
    here = select(Employment.person_id).where(*jobs_of(viewer, today=today))
    refused = select(MessageRow.person_id).where(
        MessageRow.status == State.REFUSED, MessageRow.person_id == Person.id, MessageRow.address == Person.email
    )
    not_by_mail = Person.id.in_(here), or_(Person.email.is_(None), refused.exists())
    return (*not_by_mail, ~push_devices.has_phone(push_key)) if push_key else not_by_mail


def jobs_of(viewer: Viewer, *, today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a job is one of today's at the viewer's sites."""
    mine = () if viewer.manages_all else (Employment.site_id.in_(viewer.site_ids),)
    return *covers(Employment, today), *mine


def read_some(
    session: Session,
    conditions: tuple[ColumnElement[bool], ...],
    *,
    viewer: Viewer,
    today: date,
    before: int,
    most: int,
) -> tuple[Unreached, ...]:
    """Return some of them by name, each with the sites that the viewer manages."""
    query = select(Person.id, Person.name, Person.email).where(*conditions).order_by(Person.name, Person.id)
    people = session.execute(query.offset(before).limit(most)).all()
    sites = read_sites(session, [row.id for row in people], viewer=viewer, today=today)
    return tuple(Unreached(row.id, row.name, sites[row.id], was_refused=row.email is not None) for row in people)


def read_sites(
    session: Session, people: Collection[uuid.UUID], *, viewer: Viewer, today: date
) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return the names of the viewer's sites at which some people work today."""
    found: dict[uuid.UUID, list[str]] = defaultdict(list)
    query = select(Employment.person_id, Site.name).join(Site, Site.id == Employment.site_id).distinct()
    query = query.where(Employment.person_id.in_(people), *jobs_of(viewer, today=today)).order_by(Site.name)
    for person_id, name in session.execute(query):
        found[person_id].append(name)
    return {person_id: tuple(names) for person_id, names in found.items()}
