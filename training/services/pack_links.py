"""Links to packs: made for somebody without an account, shown once, noted at each opening, and ended at once."""

import secrets
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.audit import Act, Actor, network_of
from training.domain.language import N_, _
from training.domain.permission import PermissionKind
from training.domain.refusal import Refusal
from training.models import AuditEntry, Organisation, Pack, PackLink, Permission, Person, Task
from training.services import audit, tasks
from training.services.accounts import Viewer, refuse_reader, token_hash
from training.services.audit import Source
from training.services.organisations import NotFound
from training.services.packs import PackShown, find_pack
from training.services.tasks import Told

# How many days a link may last.
LASTS = (1, 7, 30)
NO_SUCH = "This link does not work. Ask whoever sent it to you for a new one."


ENDED, STOPPED = N_("ended"), N_("stopped: whoever made it does not manage these people any more")


class FileGone(Refusal):
    """No link can be made because the file of the pack is not kept any more."""


class NoSuchTime(Refusal):
    """A link cannot last so long."""


class LinkUnusable(Exception):
    """The link cannot be followed because it has run out, was ended or never was; nobody is told which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """A link that was made: by whom, until when, how often its page and its file were opened, and how it stands."""

    id: uuid.UUID
    made_by: str
    made_at: datetime
    expires_at: datetime
    opened: int
    downloaded: int
    last_opened_at: datetime | None
    state: str

    @property
    def works(self) -> bool:
        """Whether it can be followed."""
        return self.state == "works"

    @property
    def state_words(self) -> str:
        """How it stands, as it is said."""
        return _(self.state)


@dataclass(frozen=True, slots=True)
class PackPage:
    """One pack with every link to it, newest first."""

    pack: PackShown
    links: tuple[LinkShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is behind a link: the pack in words, and its file."""

    organisation_id: int
    organisation_name: str
    time_zone: str
    pack_id: uuid.UUID
    as_at: date
    known_at: datetime
    covers: str
    manifest_hash: str
    made_at: datetime
    expires_at: datetime
    file_name: str
    media_type: str
    size: int
    size_words: str


def show_pack(database: Database, *, viewer: Viewer, pack_id: uuid.UUID, now: datetime) -> PackPage:
    """Return one pack with its links.

    Raises:
        NotFound: when it is not the viewer's to see.
    """
    with database.read(viewer.organisation_id) as session:
        pack = find_pack(session, viewer=viewer, pack_id=pack_id, now=now)
        return PackPage(pack, tuple(read_links(session, pack_id=pack_id, now=now)))


def read_links(session: Session, *, pack_id: uuid.UUID, now: datetime) -> Iterator[LinkShown]:
    """Yield the links to a pack, newest first."""
    query = (
        select(PackLink, Person.name, Pack.site_ids)
        .join(Person, Person.id == PackLink.made_by)
        .join(Pack, Pack.id == PackLink.pack_id)
        .where(PackLink.pack_id == pack_id)
        .order_by(PackLink.recorded_at.desc(), PackLink.id)
    )
    rows = session.execute(query).all()
    reach = reach_of(session, {row.PackLink.made_by for row in rows})
    downloads = read_downloads(session, pack_id=pack_id)
    for link, made_by, site_ids in rows:
        yield LinkShown(
            id=link.id,
            made_by=made_by,
            made_at=link.recorded_at,
            expires_at=link.expires_at,
            opened=link.opened - downloads[link.id],
            downloaded=downloads[link.id],
            last_opened_at=link.last_opened_at,
            state=state_of(link, reach=reach.get(link.made_by, set()), site_ids=site_ids, now=now),
        )


def read_downloads(session: Session, *, pack_id: uuid.UUID) -> Counter[uuid.UUID]:
    """Return how often the file of a pack was downloaded by each link, as the audit log has it."""
    query = select(AuditEntry.detail).where(AuditEntry.subject_id == pack_id, AuditEntry.act == Act.PACK_OPENED.value)
    return Counter(uuid.UUID(detail["link_id"]) for detail in session.scalars(query) if detail["downloaded"])


def reach_of(session: Session, people: set[uuid.UUID]) -> dict[uuid.UUID, set[str | None]]:
    """Return the sites that some people manage now; None among them is the whole organisation."""
    query = select(Permission.person_id, Permission.site_id).where(
        Permission.person_id.in_(people), Permission.kind == PermissionKind.MANAGER
    )
    found: dict[uuid.UUID, set[str | None]] = {}
    for person_id, site_id in session.execute(query):
        found.setdefault(person_id, set()).add(str(site_id) if site_id else None)
    return found


def state_of(link: PackLink, *, reach: set[str | None], site_ids: list[str] | None, now: datetime) -> str:
    """Return how a link stands: it works as long as whoever made it manages everybody whom the pack is about."""
    if link.withdrawn_at is not None:
        return ENDED
    if link.expires_at <= now:
        return "run out"
    if None in reach or (site_ids is not None and set(site_ids) <= reach):
        return "works"
    return STOPPED


def make_link(database: Database, *, viewer: Viewer, pack_id: uuid.UUID, days: int, now: datetime) -> str:
    """Make a link to a pack and return its token, which is kept nowhere; the file is kept as long as the link lasts.

    Raises:
        NotAllowed, NotFound: when the viewer only reads, or the pack is not theirs to see.
        NoSuchTime, FileGone: in words.
    """
    refuse_reader(viewer)
    token = secrets.token_urlsafe(32)
    with database.write(viewer.organisation_id) as session:
        pack = find_pack(session, viewer=viewer, pack_id=pack_id, now=now)
        if days not in LASTS:
            raise NoSuchTime(_("Choose 1, 7 or 30 days."))
        if pack.expires_at is None:
            words = _("The file of this pack has expired. Ask for the pack again: it has the same hashes.")
            raise FileGone(words)
        link = PackLink(
            organisation_id=viewer.organisation_id,
            id=uuid.uuid4(),
            pack_id=pack_id,
            token_hash=token_hash(token),
            made_by=viewer.person_id,
            recorded_at=now,
            expires_at=now + timedelta(days=days),
        )
        task = session.get_one(Task, (viewer.organisation_id, pack_id))
        task.expires_at = max(task.expires_at, link.expires_at)
        session.add(link)
        detail = {"link_id": link.id, "days": days}
        audit.record(session, viewer=viewer, act=Act.PACK_LINK_MADE, now=now, subject_id=pack_id, detail=detail)
    return token


def end_link(database: Database, *, viewer: Viewer, link_id: uuid.UUID, now: datetime) -> uuid.UUID:
    """End a link at once, and return its pack; one that has ended already stays as it is.

    Raises:
        NotAllowed, NotFound: when the viewer only reads, or the pack is not theirs to see.
    """
    refuse_reader(viewer)
    with database.write(viewer.organisation_id) as session:
        link = session.get(PackLink, (viewer.organisation_id, link_id), with_for_update=True)
        if link is None:
            raise NotFound(_("There is no such link."))
        find_pack(session, viewer=viewer, pack_id=link.pack_id, now=now)
        if link.withdrawn_at is None:
            link.withdrawn_at = now
            act, detail = Act.PACK_LINK_WITHDRAWN, {"link_id": link_id}
            audit.record(session, viewer=viewer, act=act, now=now, subject_id=link.pack_id, detail=detail)
        return link.pack_id


def look_behind(database: Database, *, token: str, now: datetime) -> Opened:
    """Return what is behind a link for whoever asks that alone and is given nothing: a mail programme, mostly.

    Raises:
        LinkUnusable: when there is nothing, for whatever reason.
    """
    with database.read(organisation_of(database, token=token)) as session:
        return follow(session, token=token, now=now, to_note=False)[1]


def organisation_of(database: Database, *, token: str) -> int:
    """Return whose a link is.

    Raises:
        LinkUnusable: when there is none such.
    """
    query = select(PackLink.organisation_id).where(PackLink.token_hash == token_hash(token))
    with database.read(EVERYWHERE) as session:
        organisation_id = session.scalar(query)
    if organisation_id is None:
        raise LinkUnusable(NO_SUCH)
    return organisation_id


def open_link(database: Database, *, token: str, now: datetime, address: str, to_download: bool = False) -> Opened:
    """Return what is behind a link, and note that it was opened, when, and from which network.

    Raises:
        LinkUnusable: when there is nothing, for whatever reason.
    """
    organisation_id = organisation_of(database, token=token)
    with database.write(organisation_id) as session:
        link, opened = follow(session, token=token, now=now)
        link.opened, link.last_opened_at = link.opened + 1, now
        source = Source(kind=Actor.LINK, organisation_id=organisation_id, client=network_of(address))
        detail = {"link_id": link.id, "downloaded": to_download}
        audit.record(session, viewer=source, act=Act.PACK_OPENED, now=now, subject_id=link.pack_id, detail=detail)
    return opened


def follow(session: Session, *, token: str, now: datetime, to_note: bool = True) -> tuple[PackLink, Opened]:
    """Return a link that works, and what is behind it; `to_note` keeps others from noting an opening at once.

    Raises:
        LinkUnusable: when it does not work, or the file is gone.
    """
    query = (
        select(PackLink, Pack, Task, Organisation)
        .join(Pack, Pack.id == PackLink.pack_id)
        .join(Task, Task.id == Pack.id)
        .join(Organisation, Organisation.id == PackLink.organisation_id)
        .where(PackLink.token_hash == token_hash(token))
    )
    found = session.execute(query.with_for_update(of=PackLink) if to_note else query).one_or_none()
    if found is None:
        raise LinkUnusable(NO_SUCH)
    link, pack, task, organisation = found
    reach = reach_of(session, {link.made_by}).get(link.made_by, set())
    told = tasks.told(task, now=now)
    if state_of(link, reach=reach, site_ids=pack.site_ids, now=now) != "works" or not told.is_kept:
        raise LinkUnusable(NO_SUCH)
    return link, opened_by(link, pack, organisation, told)


def opened_by(link: PackLink, pack: Pack, organisation: Organisation, told: Told) -> Opened:
    """Return what is behind a link that works."""
    return Opened(
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        time_zone=organisation.time_zone,
        pack_id=pack.id,
        as_at=pack.as_at,
        known_at=pack.known_at,
        covers=_(pack.covers),
        manifest_hash=pack.manifest_hash,
        made_at=pack.recorded_at,
        expires_at=link.expires_at,
        file_name=told.file_name,
        media_type=told.media_type,
        size=told.size,
        size_words=told.size_words,
    )


def read_parts(database: Database, opened: Opened) -> Iterator[bytes]:
    """Yield the file behind a link, a part at a time."""
    return tasks.parts(database, organisation_id=opened.organisation_id, task_id=opened.pack_id)
