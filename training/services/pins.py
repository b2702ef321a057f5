"""PINs: chosen by the person, cleared by a manager, and good for signing in on a shared tablet and nowhere else."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.pin import PinRefused, locked_words, pause_after, read_new_pin, read_pin, wrong_words
from training.models import Invite, Organisation, Person, Pin, SignInSession, Tablet
from training.services import audit, invites, passwords, throttles
from training.services.accounts import Viewer, token_hash
from training.services.invites import InviteUnusable
from training.services.organisations import NotFound
from training.services.reach import manageable_person
from training.services.standings import wait_for_turn
from training.services.tablets import NO_TABLET, Device, Listed, end_sessions, find_person, on_tablet

NO_PIN = N_("You have not chosen a PIN yet. Use the slip that your manager gives you.")


class PinMissing(Exception):
    """Nobody can sign in with a PIN because the person has none."""


class PinWrong(Exception):
    """Nobody can sign in with this PIN: it is not the person's; the message says what comes of it."""


class PinLocked(Exception):
    """The PIN cannot be tried because it was wrong too often; the message says for how long."""


@dataclass(frozen=True, slots=True)
class PinShown:
    """Whether somebody has a PIN, since when, and until when it is locked, if it is."""

    name: str
    since: datetime | None
    locked_until: datetime | None


def enter(database: Database, *, device: Device, person_id: uuid.UUID, pin: str, now: datetime) -> str:
    """Sign somebody in on a shared tablet by their PIN, and return the token of the session.

    Raises:
        PinMissing, PinWrong, PinLocked, TooManyTries: in words.
        NotFound: when they do not work at the tablet's sites any more, or it is shared no longer.
    """
    throttles.check(database, keys=[key_of(device)], now=now)
    checked = check(database, device=device, person_id=person_id, pin=pin, now=now)
    with database.write(device.organisation_id) as session:
        row = session.get(Pin, (device.organisation_id, person_id), with_for_update=True)
        if row is None or row.pin_hash != checked:
            raise PinMissing(_("The PIN was changed a moment ago. Enter the new one."))
        row.wrong, row.locked_until = 0, None
        return open_session(session, device=device, person_id=person_id, now=now)


def key_of(device: Device) -> str:
    """Return what counts the wrong tries on a tablet."""
    return f"pin tablet {device.tablet_id}"


def check(database: Database, *, device: Device, person_id: uuid.UUID, pin: str, now: datetime) -> str:
    """Return the hash that a PIN fits.

    Raises:
        PinMissing, PinWrong, PinLocked, NotFound: as `enter` does.
    """
    today = day_in(now, device.time_zone)
    with database.write(device.organisation_id) as session:
        find_person(session, device=device, person_id=person_id, today=today)
        row = begin_try(session, organisation_id=device.organisation_id, person_id=person_id, now=now)
        wrong, pin_hash = row.wrong, row.pin_hash
    if not fits(pin, pin_hash):
        throttles.count(database, keys=[key_of(device)], now=now)
        raise PinWrong(wrong_words(wrong))
    return pin_hash


def begin_try(session: Session, *, organisation_id: int, person_id: uuid.UUID, now: datetime) -> Pin:
    """Return a PIN's row with one more wrong try counted, until the try turns out right.

    Counted first, no number of tries at once is more than the same one after another.

    Raises:
        PinMissing, PinLocked: in words.
    """
    row = session.get(Pin, (organisation_id, person_id), with_for_update=True)
    if row is None:
        raise PinMissing(_(NO_PIN))
    if row.locked_until is not None and row.locked_until > now:
        raise PinLocked(locked_words(row.locked_until - now))
    row.wrong += 1
    pause = pause_after(row.wrong)
    row.locked_until = now + pause if pause else None
    return row


def fits(pin: str, pin_hash: str) -> bool:
    """Say whether a PIN, as typed, is the one of a hash."""
    try:
        return passwords.is_right(read_pin(pin), pin_hash)
    except PinRefused:
        return False


def open_session(session: Session, *, device: Device, person_id: uuid.UUID, now: datetime) -> str:
    """Open a session on a tablet, ending what was open there, and return its token.

    Raises:
        NotFound: when the tablet is shared no longer.
    """
    tablet = session.get(Tablet, (device.organisation_id, device.tablet_id), with_for_update=True)
    if tablet is None or tablet.ended_at is not None:
        raise NotFound(_(NO_TABLET))
    token, tablet.last_used_at = secrets.token_urlsafe(32), now
    end_sessions(session, *on_tablet(device.organisation_id, device.tablet_id), now=now)
    person = session.get_one(Person, (device.organisation_id, person_id))
    session.add(
        SignInSession(
            token_hash=token_hash(token),
            account_id=person.account_id,
            organisation_id=device.organisation_id,
            person_id=person_id,
            started_at=now,
            seen_at=now,
            device=device.name[:60],
            tablet_id=device.tablet_id,
        )
    )
    return token


def set_own(database: Database, *, viewer: Viewer, pin: str, old: str = "", now: datetime) -> None:
    """Choose one's own PIN; on a shared tablet, which somebody may have left signed in, the old one is asked first.

    Raises:
        PinRefused: when others would soon guess it.
        PinWrong, PinLocked: when the old one is asked and wrong.
    """
    if viewer.tablet_id is not None:
        refuse_wrong_old(database, viewer=viewer, old=old, now=now)
    with database.read(viewer.organisation_id) as session:
        number = session.scalar(select(Person.staff_number).where(Person.id == viewer.person_id))
    pin_hash = passwords.hash_password(read_new_pin(pin, staff_number=number))
    with database.write(viewer.organisation_id) as session:
        keep(session, organisation_id=viewer.organisation_id, person_id=viewer.person_id, pin_hash=pin_hash, now=now)


def refuse_wrong_old(database: Database, *, viewer: Viewer, old: str, now: datetime) -> None:
    """Refuse whoever does not know the PIN in force."""
    known = {"organisation_id": viewer.organisation_id, "person_id": viewer.person_id}
    with database.write(viewer.organisation_id) as session:
        row = begin_try(session, now=now, **known)
        wrong, pin_hash = row.wrong, row.pin_hash
    if not fits(old, pin_hash):
        raise PinWrong(wrong_words(wrong))


def keep(session: Session, *, organisation_id: int, person_id: uuid.UUID, pin_hash: str, now: datetime) -> None:
    """Write a new PIN in place of any there was; the wrong tries at that one are forgotten."""
    wait_for_turn(session, person_ids=[person_id])
    fresh = Pin(
        organisation_id=organisation_id,
        person_id=person_id,
        pin_hash=pin_hash,
        recorded_at=now,
        wrong=0,
        locked_until=None,
    )
    session.merge(fresh)


def set_by_slip(database: Database, *, device: Device, person_id: uuid.UUID, code: str, pin: str, now: datetime) -> str:
    """Choose a PIN on a shared tablet with a slip, which is then used up; return the token of the session.

    Whoever has no account gets one that no password opens.

    Raises:
        PinRefused: when others would soon guess it; the slip still works.
        InviteUnusable, SignInNameTaken, TooManyTries: in words.
        NotFound: when they do not work at the tablet's sites any more.
    """
    throttles.check(database, keys=[key_of(device)], now=now)
    try:
        number = look_at_slip(database, device=device, person_id=person_id, code=code, now=now)
    except InviteUnusable:
        throttles.count(database, keys=[key_of(device)], now=now)
        raise
    pin_hash = passwords.hash_password(read_new_pin(pin, staff_number=number))
    known = {"organisation_id": device.organisation_id, "person_id": person_id}
    with database.write(device.organisation_id) as session:
        invite, person, organisation = find_slip(session, device=device, person_id=person_id, code=code, now=now)
        give_account(session, person=person, organisation=organisation, invite=invite, now=now)
        invite.used_at = now
        keep(session, pin_hash=pin_hash, now=now, **known)
        return open_session(session, device=device, person_id=person_id, now=now)


def look_at_slip(database: Database, *, device: Device, person_id: uuid.UUID, code: str, now: datetime) -> str | None:
    """Return the staff number of the person whom a slip is for, once it is sure that it can be used."""
    with database.read(device.organisation_id) as session:
        find_person(session, device=device, person_id=person_id, today=day_in(now, device.time_zone))
        _, person, _ = find_slip(session, device=device, person_id=person_id, code=code, now=now, to_use=False)
        return person.staff_number


def find_slip(
    session: Session, *, device: Device, person_id: uuid.UUID, code: str, now: datetime, to_use: bool = True
) -> tuple[Invite, Person, Organisation]:
    """Return the slip of a code with its person and organisation.

    Raises:
        InviteUnusable: when it is over, or somebody else's.
    """
    found = invites.find_invite(session, token=code.strip(), now=now, to_use=to_use)
    if (found[1].organisation_id, found[1].id) != (device.organisation_id, person_id):
        raise InviteUnusable(_("This slip is somebody else's. Pick your own name, or ask for a slip of yours."))
    return found


def give_account(
    session: Session, *, person: Person, organisation: Organisation, invite: Invite, now: datetime
) -> None:
    """Give whoever has none an account: sessions are an account's; no password opens it until a slip sets one."""
    if person.account_id is None:
        account = invites.make_account(session, person=person, organisation=organisation, invite=invite, now=now)
        session.flush()
        person.account_id = account.id


def show_at(database: Database, *, device: Device, person_id: uuid.UUID, now: datetime) -> tuple[Listed, bool]:
    """Return somebody who may use a tablet, and whether they have a PIN.

    Raises:
        NotFound: when they do not work at its sites, or no longer.
    """
    with database.read(device.organisation_id) as session:
        person = find_person(session, device=device, person_id=person_id, today=day_in(now, device.time_zone))
        return person, shown(session, person_id=person_id, name=person.name, now=now).since is not None


def show_own(database: Database, *, viewer: Viewer, now: datetime) -> PinShown:
    """Return how one's own PIN stands."""
    with database.read(viewer.organisation_id) as session:
        return shown(session, person_id=viewer.person_id, name=viewer.name, now=now)


def shown(session: Session, *, person_id: uuid.UUID, name: str, now: datetime) -> PinShown:
    """Return how somebody's PIN stands."""
    row = session.scalar(select(Pin).where(Pin.person_id == person_id))
    locked = row.locked_until if row and row.locked_until and row.locked_until > now else None
    return PinShown(name, row.recorded_at if row else None, locked)


def show_of(database: Database, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> PinShown:
    """Return how the PIN of somebody stands whom the viewer manages.

    Raises:
        NotFound, NotAllowed: when they do not.
    """
    with database.read(viewer.organisation_id) as session:
        today = day_in(now, viewer.time_zone)
        person = manageable_person(session, viewer=viewer, person_id=person_id, today=today)
        return shown(session, person_id=person_id, name=person.name, now=now)


def clear(database: Database, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> None:
    """Take away somebody's PIN, and sign them out of every shared tablet; where there is none, nothing is changed.

    Raises:
        NotFound, NotAllowed: when the viewer does not manage them.
    """
    with database.write(viewer.organisation_id) as session:
        manageable_person(session, viewer=viewer, person_id=person_id, today=day_in(now, viewer.time_zone))
        row = session.get(Pin, (viewer.organisation_id, person_id), with_for_update=True)
        if row is None:
            return
        session.delete(row)
        theirs = (SignInSession.organisation_id == viewer.organisation_id, SignInSession.person_id == person_id)
        end_sessions(session, *theirs, SignInSession.tablet_id.is_not(None), now=now)
        audit.record(session, viewer=viewer, act=Act.PIN_CLEARED, subject_id=person_id, now=now)
