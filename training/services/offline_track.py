"""What a learner's device keeps to learn with no network: which items, in which words, and what is begun."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.catalog.tracks import Track
from training.db import Database
from training.domain.days import day_in
from training.domain.device_work import Ticket
from training.domain.module import Module
from training.domain.refresher import Refresher
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.models import Draft
from training.services import drafts, progress, refreshers
from training.services.accounts import Viewer
from training.services.drafts import OpenAttempt
from training.services.progress import OnTheWay, Shown
from training.services.versions import read_version


@dataclass(frozen=True, slots=True)
class Offered:
    """A refresher that is enough, with the ticket to take it, and in how many minutes."""

    ticket: Ticket
    refresher: Refresher
    minutes: int


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that is half-done on the server, and the ticket to go on with it."""

    attempt: OpenAttempt
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Kept:
    """An item as a device keeps it: where the learner stands with it, and the ticket to take the whole of it."""

    item: Module | Scenario
    role: Role
    shown: Shown
    ticket: Ticket
    offered: Offered | None
    begun: Begun | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """Everything that a learner's device keeps."""

    items: tuple[Kept, ...]
    tracks: tuple[Track, ...]


def to_keep(database: Database, *, viewer: Viewer, catalog: Catalog, now: datetime) -> Keeping:
    """Return what a learner's device keeps, what to do next first: what is required of them, and their tracks."""
    today = day_in(now, viewer.time_zone)
    with database.read(viewer.organisation_id) as session:
        known = progress.look_for_offers(session, viewer=viewer, catalog=catalog, today=today)
        begun = {draft.item: begun_in(session, draft, now=now) for draft in mine(session, viewer)}
    kept = [
        keep(
            item, known=known, begun=begun.get(item.slug), now=now, shown=progress.show(item, known=known, today=today)
        )
        for item in items_of(catalog, known, begun)
    ]
    places = progress.track_places(catalog, known.roles)
    tracks = tuple(catalog.tracks[role] for role in known.roles if role in catalog.tracks)
    return Keeping(tuple(sorted(kept, key=lambda one: progress.urgency(one.shown, places))), tracks)


def mine(session: Session, viewer: Viewer) -> list[Draft]:
    """Return everything that a learner has half-done."""
    return list(session.scalars(select(Draft).where(Draft.person_id == viewer.person_id)))


def items_of(catalog: Catalog, known: OnTheWay, begun: Mapping[str, Begun]) -> Iterator[Module | Scenario]:
    """Yield the items of the learner's tracks, those required of them, and those they have begun."""
    wanted = {*known.lines, *begun, *progress.track_places(catalog, known.roles)}
    return (item for item in catalog.items() if item.slug in wanted)


def begun_in(session: Session, draft: Draft, *, now: datetime) -> Begun:
    """Return a draft as a device goes on with it."""
    attempt = drafts.opened(session, draft)
    ticket = Ticket(item=draft.item, content_hash=draft.content_hash, role=attempt.role, given_at=now, why=draft.why)
    return Begun(attempt, ticket)


def keep(item: Module | Scenario, *, known: OnTheWay, begun: Begun | None, now: datetime, shown: Shown) -> Kept:
    """Return an item as a device keeps it, in the words of the learner's first role that it has words for."""
    role = next((role for role in known.roles if role in item.roles), item.roles[0])
    ticket = Ticket(item=item.slug, content_hash=item.content_hash, role=role, given_at=now)
    offer = known.offers.get(item.slug)
    offered = None
    if offer is not None and offer.refresher is not None:
        why = refreshers.why_of(offer.refresher)
        again = Ticket(item=item.slug, content_hash=item.content_hash, role=offer.role, given_at=now, why=why)
        offered = Offered(again, offer.refresher, offer.minutes)
    return Kept(item, role, shown, ticket, offered, begun)


def item_at(database: Database, *, viewer: Viewer, content_hash: str) -> Module | Scenario:
    """Return a version of an item.

    Raises:
        VersionUnknown: when the service never had it.
    """
    with database.read(viewer.organisation_id) as session:
        return read_version(session, content_hash)
