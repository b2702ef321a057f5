"""Shared tablets: a home's browsers on which several people learn, making and ending them, and whom each lists."""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.audit import Act
from training.domain.language import N_, _
from training.domain.names import read_name
from training.domain.refusal import Refusal
from training.domain.short_names import Named, folded, short_names
from training.models import Employment, JobTitle, Organisation, Person, SignInSession, Site, Tablet, TabletSite
from training.services import audit
from training.services.accounts import NotAllowed, Viewer, refuse_reader, token_hash
from training.services.employments import covers
from training.services.organisations import NotFound
from training.services.reach import NOT_HERE, manages_every, manages_some

NO_TABLET = N_("There is no such shared tablet.")
DEVICE = (
    select(
        Tablet.organisation_id,
        Organisation.name.label("organisation_name"),
        Organisation.time_zone,
        Tablet.id.label("tablet_id"),
        Tablet.name,
    )
    .join(Organisation, Organisation.id == Tablet.organisation_id)
    .where(Tablet.token_hash == bindparam("token_hash"), Tablet.ended_at.is_(None))
)
PEOPLE = (
    select(Person.id, Person.name, Person.staff_number, JobTitle.name.label("job_title"))
    .join(Employment, Employment.person_id == Person.id)
    .join(JobTitle, JobTitle.id == Employment.job_title_id)
    .join(TabletSite, TabletSite.site_id == Employment.site_id)
    .where(TabletSite.tablet_id == bindparam("tablet_id"), *covers(Employment, bindparam("day")))
    .order_by(Person.name, Person.id, JobTitle.name)
)
TABLETS = (
    select(Tablet, Person.name.label("made_by"), Site.id.label("site_id"), Site.name.label("site"))
    .join(Person, Person.id == Tablet.made_by)
    .join(TabletSite, TabletSite.tablet_id == Tablet.id)
    .join(Site, Site.id == TabletSite.site_id)
    .where(Tablet.ended_at.is_(None))
    .order_by(Tablet.name, Tablet.recorded_at, Site.name)
)


class NoSites(Refusal):
    """The tablet cannot be shared because nobody's site was chosen."""


@dataclass(frozen=True, slots=True)
class Device:
    """The shared tablet that a browser is, by its cookie."""

    organisation_id: int
    organisation_name: str
    time_zone: str
    tablet_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody who may use a shared tablet: the whole name, and what the list calls them."""

    person_id: uuid.UUID
    name: str
    called: str

    @property
    def letter(self) -> str:
        """The letter under which a long list has them."""
        return folded(self.called)[:1].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletShown:
    """A shared tablet for a manager: which of its sites they see to, and whether there are `others`."""

    id: uuid.UUID
    name: str
    sites: tuple[str, ...]
    others: bool
    made_by: str
    made_at: datetime
    last_used_at: datetime | None


def make(
    database: Database,
    *,
    viewer: Viewer,
    name: str,
    site_ids: Sequence[uuid.UUID],
    session_token: str,
    now: datetime,
) -> str:
    """Make the manager's browser a shared tablet and sign them out on it; return the token for its cookie.

    Raises:
        NameRefused, NoSites, NotAllowed, NotFound: in words, with nothing written.
    """
    tidy = read_name(name, what=N_("name for the tablet"))
    if not site_ids:
        raise NoSites(_("Choose at least one site."))
    refuse_sites(viewer, frozenset(site_ids))
    token, tablet_id = secrets.token_urlsafe(32), uuid.uuid4()
    key = {"organisation_id": viewer.organisation_id, "id": tablet_id}
    with database.write(viewer.organisation_id) as session:
        if len(session.scalars(select(Site.id).where(Site.id.in_(site_ids))).all()) != len(set(site_ids)):
            raise NotFound(_("There is no such site."))
        hashed = token_hash(token)
        session.add(Tablet(**key, name=tidy, token_hash=hashed, made_by=viewer.person_id, recorded_at=now))
        session.flush()
        for site_id in set(site_ids):
            session.add(TabletSite(organisation_id=viewer.organisation_id, tablet_id=tablet_id, site_id=site_id))
        end_sessions(session, SignInSession.token_hash == token_hash(session_token), now=now)
        detail = {"site_ids": sorted(set(site_ids), key=str)}
        audit.record(session, viewer=viewer, act=Act.TABLET_MADE, subject_id=tablet_id, now=now, detail=detail)
    return token


def refuse_sites(viewer: Viewer, site_ids: frozenset[uuid.UUID]) -> None:
    """Refuse whoever does not manage all of some sites."""
    refuse_reader(viewer)
    if not manages_every(viewer, site_ids):
        raise NotAllowed(_("You do not manage all of these sites. Ask a manager of the whole organisation."))


def end_sessions(session: Session, *which: object, now: datetime) -> None:
    """End the sessions that fit, where they are open."""
    open_ones = update(SignInSession).where(*which, SignInSession.ended_at.is_(None))
    session.execute(open_ones.values(ended_at=now), execution_options={"synchronize_session": False})


def list_tablets(database: Database, *, viewer: Viewer) -> tuple[TabletShown, ...]:
    """Return the shared tablets of the viewer's sites, by name."""
    with database.read(viewer.organisation_id) as session:
        return tuple(shown for shown, _ in read_tablets(session, viewer=viewer))


def read_tablets(session: Session, *, viewer: Viewer) -> Iterator[tuple[TabletShown, frozenset[uuid.UUID]]]:
    """Yield each shared tablet of the viewer's sites with the ids of all its sites."""
    rows = session.execute(TABLETS).all()
    sites: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    for tablet, _made_by, site_id, site in rows:
        sites[tablet.id][site_id] = site
    for tablet, made_by in {row.Tablet.id: (row.Tablet, row.made_by) for row in rows}.values():
        theirs = sites[tablet.id]
        if manages_some(viewer, theirs.keys()):
            seen = tuple(name for site_id, name in theirs.items() if manages_some(viewer, {site_id}))
            shown = TabletShown(
                id=tablet.id,
                name=tablet.name,
                sites=seen,
                others=len(seen) < len(theirs),
                made_by=made_by,
                made_at=tablet.recorded_at,
                last_used_at=tablet.last_used_at,
            )
            yield shown, frozenset(theirs)


def show_tablet(database: Database, *, viewer: Viewer, tablet_id: uuid.UUID) -> TabletShown:
    """Return one shared tablet that the viewer may end.

    Raises:
        NotFound: when there is none at the viewer's sites.
        NotAllowed: when it is also of sites that they do not manage.
    """
    with database.read(viewer.organisation_id) as session:
        return endable(session, viewer=viewer, tablet_id=tablet_id)


def endable(session: Session, *, viewer: Viewer, tablet_id: uuid.UUID) -> TabletShown:
    """Return one shared tablet, as `show_tablet` does."""
    for shown, site_ids in read_tablets(session, viewer=viewer):
        if shown.id == tablet_id:
            refuse_sites(viewer, site_ids)
            return shown
    raise NotFound(_(NO_TABLET))


def end(database: Database, *, viewer: Viewer, tablet_id: uuid.UUID, now: datetime) -> TabletShown:
    """End a shared tablet and every session open on it; return what it was.

    Raises:
        NotFound, NotAllowed: as `show_tablet` does.
    """
    with database.write(viewer.organisation_id) as session:
        # Whoever is signing in on it at this moment holds the row, and is signed out below.
        tablet = session.get(Tablet, (viewer.organisation_id, tablet_id), with_for_update=True)
        shown = endable(session, viewer=viewer, tablet_id=tablet_id)
        if tablet is None:
            raise NotFound(_(NO_TABLET))
        tablet.ended_at = now
        end_sessions(session, *on_tablet(viewer.organisation_id, tablet_id), now=now)
        audit.record(session, viewer=viewer, act=Act.TABLET_ENDED, subject_id=tablet_id, now=now)
        return shown


def on_tablet(organisation_id: int, tablet_id: uuid.UUID) -> tuple[object, object]:
    """Return the conditions of the sessions on a tablet."""
    return SignInSession.organisation_id == organisation_id, SignInSession.tablet_id == tablet_id


def find_device(database: Database, *, token: str) -> Device | None:
    """Return the shared tablet whose cookie this is, or None where it is none, or no longer."""
    with database.read(EVERYWHERE) as session:
        found = session.execute(DEVICE, {"token_hash": token_hash(token)}).one_or_none()
    return Device(*found) if found else None


def whose_session(database: Database, *, device: Device, token: str) -> uuid.UUID | None:
    """Return the person whose session was open on a tablet, over or not, or None where it was on another."""
    known = (SignInSession.token_hash == token_hash(token), *on_tablet(device.organisation_id, device.tablet_id))
    with database.read(device.organisation_id) as session:
        return session.scalar(select(SignInSession.person_id).where(*known))


def list_people(database: Database, *, device: Device, today: date, search: str = "") -> tuple[Listed, ...]:
    """Return those who work today at the tablet's sites and have what is looked for in the name, in order."""
    with database.read(device.organisation_id) as session:
        everybody = read_people(session, device=device, today=today)
    wanted = folded(search).split()
    return tuple(one for one in everybody if all(word in folded(one.name) for word in wanted))


def read_people(session: Session, *, device: Device, today: date) -> list[Listed]:
    """Return everybody who works today at the tablet's sites, by what the list calls them."""
    rows = session.execute(PEOPLE, {"tablet_id": device.tablet_id, "day": today})
    jobs: dict[uuid.UUID, tuple[str, str, list[str]]] = {}
    for row in rows:
        jobs.setdefault(row.id, (row.name, row.staff_number or "", []))[2].append(row.job_title)
    named = [Named(name, tuple(hint for hint in (titles[0], number) if hint)) for name, number, titles in jobs.values()]
    called = short_names(named)
    found = [Listed(person_id, who.name, word) for person_id, who, word in zip(jobs, named, called, strict=True)]
    return sorted(found, key=lambda one: folded(one.called))


def find_person(session: Session, *, device: Device, person_id: uuid.UUID, today: date) -> Listed:
    """Return somebody who works today at one of the tablet's sites.

    Raises:
        NotFound: otherwise.
    """
    for one in read_people(session, device=device, today=today):
        if one.person_id == person_id:
            return one
    raise NotFound(_(NOT_HERE))


def show_person(database: Database, *, device: Device, person_id: uuid.UUID, today: date) -> Listed:
    """Return somebody who may use the tablet.

    Raises:
        NotFound: when they do not work at its sites, or no longer.
    """
    with database.read(device.organisation_id) as session:
        return find_person(session, device=device, person_id=person_id, today=today)
