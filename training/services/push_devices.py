"""Phones and browsers that people are reminded on: added, seen again, and forgotten once they take nothing more."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Exists, delete, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.mail import Outcome
from training.domain.names import tidy_text
from training.domain.push import Handover, Phone, PhoneRefused, PushBatch, read_endpoint, read_keys, together
from training.models import Employment, Person, PushDevice, SignInSession
from training.services.accounts import Viewer, token_hash
from training.services.employments import covers
from training.services.organisations import NotFound

# Whoever has more has changed phones: those that were seen last stay.
MOST = 10
NAME_LETTERS = 80
# The row is touched this often at most.
SEEN_EVERY = timedelta(days=1)
ITS_SESSION = (SignInSession, SignInSession.token_hash == PushDevice.session_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """What a browser gives to be reached by: an address and two keys; and what it is called, such as Firefox."""

    endpoint: str
    p256dh: str
    auth: str
    name: str


@dataclass(frozen=True, slots=True)
class Device:
    """A phone or browser as its person sees it."""

    id: uuid.UUID
    name: str
    recorded_at: datetime


def add_device(
    database: Database,
    *,
    viewer: Viewer,
    device: NewDevice,
    token: str,
    push_key: str,
    may_be_here: bool,
    now: datetime,
) -> uuid.UUID:
    """Remind the viewer on a device from now on, and nobody else there; `token` is the session it is signed in with.

    Raises:
        PhoneRefused: on a shared tablet, or when its address or keys are of no use, or not safe to send to.
    """
    if viewer.tablet_id is not None:
        raise PhoneRefused("A shared tablet reminds nobody. Turn reminders on on a phone of your own.")
    endpoint = read_endpoint(device.endpoint, may_be_here=may_be_here)
    p256dh, auth = read_keys(p256dh=device.p256dh, auth=device.auth)
    row = PushDevice(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        person_id=viewer.person_id,
        name=tidy_text(device.name)[:NAME_LETTERS],
        endpoint=endpoint,
        endpoint_hash=hash_of(endpoint),
        p256dh=p256dh,
        auth=auth,
        push_key=push_key,
        session_hash=token_hash(token),
        recorded_at=now,
        seen_at=now,
    )
    with database.write(EVERYWHERE) as session:
        session.execute(delete(PushDevice).where(PushDevice.endpoint_hash == row.endpoint_hash))
        mine = session.scalars(select(PushDevice).where(*of_viewer(viewer)).order_by(PushDevice.seen_at.desc()))
        for other in list(mine)[MOST - 1 :]:
            session.delete(other)
        session.add(row)
    return row.id


def see_device(
    database: Database, *, viewer: Viewer, endpoint: str, token: str, push_key: str, now: datetime
) -> uuid.UUID | None:
    """Return which of the viewer's devices this is, None where it is not one, and keep that they were seen there.

    Where it reminded somebody else, who has not signed out, it does so no more: another person has it in hand.
    """
    with database.read(EVERYWHERE) as session:
        row = session.scalar(select(PushDevice).where(PushDevice.endpoint_hash == hash_of(endpoint)))
    if row is None:
        return None
    is_mine = (row.organisation_id, row.person_id, row.push_key) == (viewer.organisation_id, viewer.person_id, push_key)
    if is_mine and row.session_hash == token_hash(token) and now - row.seen_at < SEEN_EVERY:
        return row.id
    with database.write(EVERYWHERE) as session:
        kept = session.get(PushDevice, (row.organisation_id, row.id))
        if kept is not None and is_mine:
            kept.session_hash, kept.seen_at = token_hash(token), now
        elif kept is not None:
            session.delete(kept)
    return row.id if is_mine else None


def list_devices(database: Database, *, viewer: Viewer, push_key: str) -> list[Device]:
    """Return the devices on which the viewer is reminded, the newest first."""
    with database.read(viewer.organisation_id) as session:
        mine = select(PushDevice).where(*of_viewer(viewer), *is_live(push_key)).outerjoin(*ITS_SESSION)
        rows = session.scalars(mine.order_by(PushDevice.recorded_at.desc(), PushDevice.id))
        return [Device(row.id, row.name, row.recorded_at) for row in rows]


def remove_device(database: Database, *, viewer: Viewer, device_id: uuid.UUID) -> None:
    """Remind the viewer no more on one of their devices.

    Raises:
        NotFound: when it is not one of theirs.
    """
    with database.write(viewer.organisation_id) as session:
        row = session.get(PushDevice, (viewer.organisation_id, device_id))
        if row is None or row.person_id != viewer.person_id:
            raise NotFound("You are not reminded on that phone or browser any more.")
        session.delete(row)


def read_phones(
    session: Session, *, person_ids: Collection[uuid.UUID], push_key: str
) -> Mapping[uuid.UUID, tuple[Phone, ...]]:
    """Return the phones of some people that take messages under a key of ours; none where that is empty."""
    found: dict[uuid.UUID, list[Phone]] = defaultdict(list)
    if push_key:
        live = select(PushDevice).outerjoin(*ITS_SESSION).where(*is_live(push_key))
        query = live.where(PushDevice.person_id.in_(person_ids))
        for row in session.scalars(query.order_by(PushDevice.seen_at.desc(), PushDevice.id)):
            phone = Phone(id=row.id, endpoint=row.endpoint, p256dh=row.p256dh, auth=row.auth)
            found[row.person_id].append(phone)
    return {person_id: tuple(phones) for person_id, phones in found.items()}


def has_phone(push_key: str) -> Exists:
    """Return the condition under which a person has a phone that takes messages."""
    its = select(PushDevice.id).outerjoin(*ITS_SESSION)
    return its.where(PushDevice.person_id == Person.id, *is_live(push_key)).exists()


def deliver(
    database: Database, organisation_id: int, *, batch: PushBatch, phones: Collection[Phone], content: bytes
) -> Outcome:
    """Send a message to all phones of a person, forget those that take none any more, and return what became of it."""
    handovers: dict[uuid.UUID, Handover] = {phone.id: batch.send(phone, content) for phone in phones}
    forget(database, organisation_id, device_ids=[id_ for id_, each in handovers.items() if each.is_gone])
    return together(handovers.values())


def forget(database: Database, organisation_id: int, *, device_ids: Collection[uuid.UUID]) -> None:
    """Forget some devices."""
    if device_ids:
        with database.write(organisation_id) as session:
            session.execute(delete(PushDevice).where(PushDevice.id.in_(device_ids)))


def forget_unused(database: Database, organisation_id: int, *, day: date) -> None:
    """Forget the devices of people who have left by a day, and those that were signed out elsewhere."""
    jobs = select(Employment.id).where(Employment.person_id == PushDevice.person_id, Employment.withdrawn_at.is_(None))
    has_left = jobs.exists() & ~jobs.where(*covers(Employment, day)).exists()
    unused = select(PushDevice.id).outerjoin(*ITS_SESSION).where(SignInSession.ended_at.is_not(None) | has_left)
    with database.read(organisation_id) as session:
        found = list(session.scalars(unused))
    forget(database, organisation_id, device_ids=found)


def is_live(push_key: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a device takes messages: nobody signed out there, and it knows our key."""
    return SignInSession.ended_at.is_(None), PushDevice.push_key == push_key


def of_viewer(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a device is the viewer's."""
    return PushDevice.organisation_id == viewer.organisation_id, PushDevice.person_id == viewer.person_id


def hash_of(endpoint: str) -> str:
    """Return what tells addresses apart, whatever their length."""
    return hashlib.sha256(endpoint.encode()).hexdigest()
