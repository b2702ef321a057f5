"""The ways into one's own account: passkeys, the password, and the devices that are signed in."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.device_words import said_device
from training.domain.language import N_, _
from training.domain.names import tidy_text
from training.domain.refusal import Refusal
from training.models import Account, Passkey, SignInSession
from training.services import passkeys, passwords, throttles
from training.services.accounts import Viewer, is_over, token_hash
from training.services.organisations import NotFound
from training.services.passkeys import LONGEST_NAME, Answer, Asked, Owner, Party, PasskeyRefused

# Whoever signed in this lately is who they say; later, somebody may have picked up a phone that was left open.
FRESH = timedelta(minutes=15)
MOST_PASSKEYS = 20
NO_SUCH = N_("There is no such passkey or device of yours.")


class LastWayIn(Refusal):
    """A passkey that cannot be removed because nothing else would let its owner in."""


class NotFresh(Refusal):
    """A passkey that cannot be added because whoever asks has not shown lately who they are."""


class TooManyPasskeys(Refusal):
    """A passkey that cannot be added because the account has enough of them."""


class NameMissing(Refusal):
    """A passkey that cannot be renamed because nothing readable was typed."""


@dataclass(frozen=True, slots=True)
class Key:
    """A passkey as its owner sees it; `is_synced` says that it may be on several devices of theirs."""

    id: uuid.UUID
    name: str
    is_synced: bool
    recorded_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is signed in; `is_this` is the one that asks."""

    id: uuid.UUID
    name: str
    started_at: datetime
    seen_at: datetime
    by_passkey: bool
    is_this: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways into an account; `is_fresh` says that a passkey can be added without the password."""

    sign_in_name: str
    has_password: bool
    keys: tuple[Key, ...]
    devices: tuple[Device, ...]
    is_fresh: bool

    @property
    def is_last_key(self) -> bool:
        """Whether the one passkey is all that lets the owner in."""
        return not self.has_password and len(self.keys) == 1

    def key(self, key_id: uuid.UUID) -> Key:
        """Return one passkey.

        Raises:
            NotFound: when the account has no such one.
        """
        found = next((key for key in self.keys if key.id == key_id), None)
        if found is None:
            raise NotFound(_(NO_SUCH))
        return found


def list_ways(database: Database, *, viewer: Viewer, token: str, now: datetime) -> Ways:
    """Return the ways into the viewer's account, and the devices that are signed in, the one that asks first."""
    with database.read(viewer.organisation_id) as session:
        account = session.get_one(Account, viewer.account_id)
        keys = tuple(map(shown_key, own_keys(session, viewer=viewer)))
        rows = open_sessions(session, viewer=viewer, now=now)
    mine = token_hash(token)
    devices = sorted((shown_device(row, mine=mine) for row in rows), key=lambda each: each.seen_at, reverse=True)
    devices.sort(key=lambda each: not each.is_this)
    started_at = next((each.started_at for each in devices if each.is_this), None)
    is_fresh = started_at is not None and now - started_at <= FRESH
    return Ways(account.sign_in_name, bool(account.password_hash), keys, tuple(devices), is_fresh)


def own_keys(session: Session, *, viewer: Viewer) -> Sequence[Passkey]:
    """Return the passkeys of the viewer's account, oldest first."""
    query = select(Passkey).where(Passkey.account_id == viewer.account_id).order_by(Passkey.recorded_at, Passkey.id)
    return session.scalars(query).all()


def open_sessions(session: Session, *, viewer: Viewer, now: datetime) -> list[SignInSession]:
    """Return the sessions of the viewer's account that are not over."""
    query = select(SignInSession).where(SignInSession.account_id == viewer.account_id, SignInSession.ended_at.is_(None))
    return [row for row in session.scalars(query) if not is_over(row, now=now)]


def shown_key(row: Passkey) -> Key:
    """Return a passkey as its owner sees it."""
    return Key(row.id, row.name, row.backed_up, row.recorded_at, row.last_used_at)


def shown_device(row: SignInSession, *, mine: str) -> Device:
    """Return a session as its owner sees it."""
    return Device(
        id=session_id(row),
        name=said_device(row.device),
        started_at=row.started_at,
        seen_at=row.seen_at,
        by_passkey=row.passkey_id is not None,
        is_this=row.token_hash == mine,
    )


def session_id(row: SignInSession) -> uuid.UUID:
    """Return what names a session in an address: half of the hash of its token, from which nobody finds the token."""
    return uuid.UUID(row.token_hash[:32])


def ask_to_add(database: Database, *, viewer: Viewer, party: Party, now: datetime) -> Asked:
    """Return what to ask the viewer's device to make a passkey.

    Raises:
        TooManyPasskeys: when there are enough.
    """
    with database.read(viewer.organisation_id) as session:
        account = session.get_one(Account, viewer.account_id)
        refuse_more(session, viewer=viewer)
    owner = Owner(viewer.account_id, account.sign_in_name, viewer.name)
    return passkeys.ask_to_make(database, party=party, owner=owner, now=now)


def refuse_more(session: Session, *, viewer: Viewer) -> None:
    """Refuse a passkey more where there are enough."""
    if len(own_keys(session, viewer=viewer)) >= MOST_PASSKEYS:
        raise TooManyPasskeys(
            _("You have %(count)s passkeys. Remove one that you do not use first.", count=MOST_PASSKEYS)
        )


def add_key(database: Database, answer: Answer, *, viewer: Viewer, token: str, password: str, name: str) -> str:
    """Add a passkey to the viewer's account and return its name.

    Raises:
        NotFresh: when the viewer signed in a while ago, and the password is not right.
        TooManyTries: when passwords were tried too often.
        PasskeyRefused: when the answer does not fit.
        TooManyPasskeys: when there are enough.
    """
    refuse_stale(database, viewer=viewer, token=token, password=password, now=answer.now)
    passkey = passkeys.made(database, answer, account_id=viewer.account_id, name=name)
    there = PasskeyRefused(_("This device has a passkey for you already."))
    with database.write(viewer.organisation_id, if_taken=there) as session:
        refuse_more(session, viewer=viewer)
        passkeys.store(session, passkey, account_id=viewer.account_id)
        return passkey.name


def refuse_stale(database: Database, *, viewer: Viewer, token: str, password: str, now: datetime) -> None:
    """Refuse whoever signed in a while ago and does not know the password: it may be another's hand."""
    if viewer.tablet_id is not None:
        raise NotFresh(_("This is a shared tablet. Add a passkey on your own phone."))
    ways = list_ways(database, viewer=viewer, token=token, now=now)
    if ways.is_fresh:
        return
    if not ways.has_password:
        raise NotFresh(_("You signed in a while ago. Sign out, sign in with your passkey, and add the other one then."))
    keys = (f"sign-in name {ways.sign_in_name}",)
    throttles.check(database, keys=keys, now=now)
    with database.read(viewer.organisation_id) as session:
        password_hash = session.get_one(Account, viewer.account_id).password_hash
    if not passwords.is_right(password, password_hash):
        throttles.count(database, keys=keys, now=now)
        raise NotFresh(_("That is not your password. You signed in a while ago, so it is asked for again."))


def rename_key(database: Database, *, viewer: Viewer, key_id: uuid.UUID, name: str) -> None:
    """Give one of the viewer's passkeys another name.

    Raises:
        NameMissing: when there is nothing to read in it.
        NotFound: when it is none of theirs.
    """
    tidy = tidy_text(name)[:LONGEST_NAME]
    if not tidy:
        raise NameMissing(_("Enter a name, such as “My phone”."))
    with database.write(viewer.organisation_id) as session:
        own_key(session, viewer=viewer, key_id=key_id).name = tidy


def own_key(session: Session, *, viewer: Viewer, key_id: uuid.UUID) -> Passkey:
    """Return one of the viewer's passkeys.

    Raises:
        NotFound: when it is none of theirs.
    """
    row = session.get(Passkey, key_id)
    if row is None or row.account_id != viewer.account_id:
        raise NotFound(_(NO_SUCH))
    return row


def remove_key(database: Database, *, viewer: Viewer, token: str, key_id: uuid.UUID, now: datetime) -> str:
    """Remove a passkey, end what is signed in with it elsewhere, and return its name.

    Raises:
        LastWayIn: when nothing else would let the viewer in.
        NotFound: when it is none of theirs.
    """
    with database.write(viewer.organisation_id) as session:
        # Two removals at once wait for each other here, so that the last way in stays.
        account = session.scalars(select(Account).where(Account.id == viewer.account_id).with_for_update()).one()
        row = own_key(session, viewer=viewer, key_id=key_id)
        if not account.password_hash and len(own_keys(session, viewer=viewer)) == 1:
            raise LastWayIn(_("This is your only way in. Add another passkey first, or ask your manager for a slip."))
        end(session, viewer=viewer, but=token, now=now, passkey_id=key_id)
        session.delete(row)
        return row.name


def end(session: Session, *, viewer: Viewer, but: str, now: datetime, passkey_id: uuid.UUID | None = None) -> int:
    """End the viewer's sessions but one, those begun with one passkey alone where it is named; return how many."""
    others = (
        (SignInSession.account_id == viewer.account_id)
        & SignInSession.ended_at.is_(None)
        & (SignInSession.token_hash != token_hash(but))
    )
    if passkey_id is not None:
        others &= SignInSession.passkey_id == passkey_id
    return session.execute(update(SignInSession).where(others).values(ended_at=now)).rowcount


def end_device(database: Database, *, viewer: Viewer, device_id: uuid.UUID, now: datetime) -> str:
    """Sign one of the viewer's devices out, and return what it is called.

    Raises:
        NotFound: when it is none of theirs, or not signed in any more.
    """
    with database.write(viewer.organisation_id) as session:
        rows = open_sessions(session, viewer=viewer, now=now)
        row = next((each for each in rows if session_id(each) == device_id), None)
        if row is None:
            raise NotFound(_(NO_SUCH))
        row.ended_at = now
        return said_device(row.device)


def end_others(database: Database, *, viewer: Viewer, token: str, now: datetime) -> int:
    """Sign every other device of the viewer out, and return how many there were."""
    with database.write(viewer.organisation_id) as session:
        return end(session, viewer=viewer, but=token, now=now)
