"""Inspector packs: what can be asked for, and those that were made, with the hash of each manifest."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain import language
from training.domain.audit import Act
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.pack import full_instant
from training.domain.refusal import Refusal
from training.models import Pack, PackLink, Person, Site, Task
from training.services import audit
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.pack_contents import NO_SITE, Wanted, within
from training.services.tasks import Order

KIND = "inspector-pack"
SHOWN = 50
# Reports speak of days in people's working lives.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)
NO_SUCH = N_("There is no such pack of yours.")


class PackRefused(Refusal):
    """A pack of a day that is in nobody's working life, or by what nobody can know yet."""


class KnownTooLate(PackRefused):
    """A pack by what was known at an instant that cannot be read, or is still to come."""


@dataclass(frozen=True, slots=True)
class MadePack:
    """What came of the making: whom the pack covers, in words, and the SHA-256 of its manifest."""

    covers: str
    manifest_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackShown:
    """A pack that was made. `expires_at` is when its file goes, or None where it has gone; `links` are those that work.

    `is_own` says that the viewer asked for it and so can download it.
    """

    id: uuid.UUID
    as_at: date
    known_at: datetime
    site_id: uuid.UUID | None
    covers: str
    manifest_hash: str
    made_at: datetime
    made_by: str
    is_own: bool
    expires_at: datetime | None
    size: int
    links: int

    @property
    def known_words(self) -> str:
        """The instant of knowledge whole, as it is asked for again."""
        return full_instant(self.known_at)


def order_of(database: Database, *, viewer: Viewer, wanted: Wanted, now: datetime) -> Order:
    """Return the order for a pack.

    Raises:
        PackRefused: saying what to ask for instead.
        NotFound: when the site is none of the viewer's.
    """
    if wanted.site_id is not None and wanted.site_id not in dict(list_sites(database, viewer=viewer)):
        raise NotFound(_(NO_SITE))
    if not EARLIEST <= wanted.as_at <= LATEST:
        raise PackRefused(_("Choose a day from %(first)s to %(last)s.", first=EARLIEST.year, last=LATEST.year))
    if wanted.known_at > now:
        words = _("Nobody knows now what will be known then. Choose an instant that is past, or leave it empty.")
        raise KnownTooLate(words)
    with language.spoken(language.ENGLISH):  # The order keeps its title in English.
        return Order(kind=KIND, title=title_of(wanted.as_at), wanted=wanted.kept())


def title_of(as_at: date) -> str:
    """Return what a pack of a day is called."""
    return _("Inspector pack as at %(day)s", day=format_day(as_at))


def list_sites(database: Database, *, viewer: Viewer) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return the sites of which the viewer can have a pack, by name."""
    query = select(Site.id, Site.name).order_by(Site.name)
    if not viewer.manages_all:
        query = query.where(Site.id.in_(viewer.site_ids))
    with database.read(viewer.organisation_id) as session:
        return tuple((row.id, row.name) for row in session.execute(query))


def note_made(
    database: Database, *, viewer: Viewer, pack_id: uuid.UUID, wanted: Wanted, made: MadePack, now: datetime
) -> None:
    """Note that a pack was made, once however often the work on it was begun anew.

    Whatever the clocks of two machines say, this act is not among those that were known when it was asked for.
    """
    seen = within(viewer, wanted.site_id)
    now = max(now, wanted.known_at + timedelta(microseconds=1))
    row = Pack(
        organisation_id=viewer.organisation_id,
        id=pack_id,
        as_at=wanted.as_at,
        known_at=wanted.known_at,
        site_ids=None if seen.manages_all else sorted(str(site_id) for site_id in seen.site_ids),
        covers=made.covers,
        manifest_hash=made.manifest_hash,
        asked_by=viewer.person_id,
        recorded_at=now,
    )
    detail = {"as_at": wanted.as_at, "known_at": wanted.known_at, "manifest_hash": made.manifest_hash}
    with database.write(viewer.organisation_id) as session:
        if session.get(Pack, (viewer.organisation_id, pack_id)) is None:
            session.add(row)
            audit.record(session, viewer=viewer, act=Act.PACK_MADE, now=now, subject_id=pack_id, detail=detail)


def list_packs(database: Database, *, viewer: Viewer, now: datetime) -> tuple[PackShown, ...]:
    """Return the latest packs that the viewer made, newest first; who manages everything sees everybody's."""
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(packs_query(viewer, now=now).order_by(Pack.recorded_at.desc(), Pack.id).limit(SHOWN))
        return tuple(shown(row, viewer=viewer, now=now) for row in rows if covers(viewer, row.Pack.site_ids))


def find_pack(session: Session, *, viewer: Viewer, pack_id: uuid.UUID, now: datetime) -> PackShown:
    """Return one pack.

    Raises:
        NotFound: when it is not there, or not the viewer's to see.
    """
    row = session.execute(packs_query(viewer, now=now).where(Pack.id == pack_id)).one_or_none()
    if row is None or not covers(viewer, row.Pack.site_ids):
        raise NotFound(_(NO_SUCH))
    return shown(row, viewer=viewer, now=now)


def packs_query(viewer: Viewer, *, now: datetime) -> Select:
    """Return the query of packs with who made them, their files, and how many links to each work."""
    works = (PackLink.withdrawn_at.is_(None)) & (PackLink.expires_at > now) & (PackLink.pack_id == Pack.id)
    links = select(func.count()).select_from(PackLink).where(works).correlate(Pack).scalar_subquery()
    query = (
        select(Pack, Person.name, Task.expires_at, Task.size, Task.file_name, links.label("links"))
        .join(Person, Person.id == Pack.asked_by)
        .outerjoin(Task, Task.id == Pack.id)
    )
    return query if viewer.may_change_all else query.where(Pack.asked_by == viewer.person_id)


def covers(viewer: Viewer, site_ids: Iterable[str] | None) -> bool:
    """Say whether a viewer still sees to everybody whom a pack is about."""
    if viewer.manages_all:
        return True
    return site_ids is not None and set(site_ids) <= {str(site_id) for site_id in viewer.site_ids}


def shown(row: tuple, *, viewer: Viewer, now: datetime) -> PackShown:
    """Return a pack as a page shows it."""
    pack, made_by, expires_at, size, name, links = row
    is_kept = bool(name) and expires_at is not None and now < expires_at
    return PackShown(
        id=pack.id,
        as_at=pack.as_at,
        known_at=pack.known_at,
        site_id=uuid.UUID(pack.site_ids[0]) if pack.site_ids and len(pack.site_ids) == 1 else None,
        covers=_(pack.covers),
        manifest_hash=pack.manifest_hash,
        made_at=pack.recorded_at,
        made_by=made_by,
        is_own=pack.asked_by == viewer.person_id,
        expires_at=expires_at if is_kept else None,
        size=size or 0,
        links=links,
    )
