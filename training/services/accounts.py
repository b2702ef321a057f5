"""Signing in and out, and who somebody is once signed in."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.audit import network_of
from training.domain.language import _
from training.domain.names import tidy_text
from training.domain.permission import PermissionKind
from training.models import Account, Organisation, Permission, Person, PushDevice, SignInSession
from training.services import passwords, throttles

IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
# The row is touched this often at most: a write on every page would cost more than the page.
SEEN_EVERY = timedelta(minutes=10)
# On a shared tablet, whoever puts it down is soon signed out.
TABLET_IDLE = timedelta(minutes=3)
TABLET_LONGEST = timedelta(minutes=60)
TABLET_SEEN_EVERY = timedelta(seconds=5)


# Whoever a session stands for, in a row for each permission they have.
VIEWER = (
    select(
        SignInSession.account_id,
        SignInSession.started_at,
        SignInSession.seen_at,
        SignInSession.ended_at,
        SignInSession.tablet_id,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation_name"),
        Organisation.slug.label("organisation_slug"),
        Organisation.time_zone,
        Person.id.label("person_id"),
        Person.name,
        Permission.id.label("permission_id"),
        Permission.site_id,
        Permission.kind,
        Account.looks,
    )
    .join(Account, Account.id == SignInSession.account_id)
    .join(Person, (Person.organisation_id == SignInSession.organisation_id) & (Person.id == SignInSession.person_id))
    .join(Organisation, Organisation.id == Person.organisation_id)
    .outerjoin(Permission, (Permission.organisation_id == Person.organisation_id) & (Permission.person_id == Person.id))
    .where(SignInSession.token_hash == bindparam("token_hash"))
)
SEEN = (
    "organisation_id",
    "organisation_name",
    "organisation_slug",
    "time_zone",
    "account_id",
    "person_id",
    "name",
    "tablet_id",
    "looks",
)


class SignInRefused(Exception):
    """Nobody can sign in with this name and password."""


class SessionUnknown(Exception):
    """The session cannot be used because it has ended or never was."""


class NotAllowed(Exception):
    """It cannot be done because the viewer has no leave to do it."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is signed in, as one organisation's person.

    `site_ids` are the sites they see to, and `manages_all` is leave to see to every site; `reads_only` makes them an
    auditor, who looks at all that and changes nothing. `client` is the network that they come from. On a shared
    tablet, where nobody sees to others, `tablet_id` is which, and `leaves_at` when they are signed out at the latest.
    `looks` is what they chose of how pages look, as it is kept; None where they never chose.
    """

    organisation_id: int
    organisation_name: str
    organisation_slug: str
    time_zone: str
    account_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    manages_all: bool = False
    site_ids: frozenset[uuid.UUID] = frozenset()
    reads_only: bool = False
    client: str = ""
    tablet_id: uuid.UUID | None = None
    leaves_at: datetime | None = None
    looks: str | None = None

    @property
    def is_manager(self) -> bool:
        """Whether any page on the team is theirs to see, as a manager or as an auditor."""
        return self.manages_all or bool(self.site_ids)

    @property
    def may_change(self) -> bool:
        """Whether they may change anything on the team's pages."""
        return self.is_manager and not self.reads_only

    @property
    def may_change_all(self) -> bool:
        """Whether they may change what holds for the whole organisation."""
        return self.manages_all and not self.reads_only


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation that an account leads to, for somebody who belongs to several."""

    organisation_id: int
    person_id: uuid.UUID
    organisation_name: str


def refuse_reader(viewer: Viewer) -> None:
    """Refuse whoever may look and no more."""
    if viewer.reads_only:
        raise NotAllowed(_("An auditor can look at this and change nothing."))


def token_hash(token: str) -> str:
    """Return what is stored of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def tidy_name(sign_in_name: str) -> str:
    """Return a sign-in name as it is stored: tidy text in lower case."""
    return tidy_text(sign_in_name.lower())


def sign_in(
    database: Database, *, sign_in_name: str, password: str, now: datetime, client: str, device: str = ""
) -> str:
    """Check a name and password and return the token of a new session; `device` is what it is begun on, in words.

    Raises:
        SignInRefused: when name and password do not fit, whether or not anybody has the name.
        TooManyTries: after many failures for the name or from the same client.
    """
    name = tidy_name(sign_in_name)
    keys = (f"sign-in name {name[:320]}", f"sign-in client {client}")
    throttles.check(database, keys=keys, now=now)
    with database.read(EVERYWHERE) as session:
        account = session.scalar(select(Account).where(Account.sign_in_name == name))
    is_right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not is_right:
        throttles.count(database, keys=keys, now=now)
        raise SignInRefused(_("That name and password do not fit together."))
    known = {"rehash": rehashed(account, password), "clear": keys[0], "device": device}
    return open_session(database, account_id=account.id, now=now, **known)


def rehashed(account: Account, password: str) -> str | None:
    """Return a new hash of the password where the stored one is dated."""
    return passwords.hash_password(password) if passwords.is_dated(account.password_hash) else None


def open_session(
    database: Database,
    *,
    account_id: uuid.UUID,
    now: datetime,
    rehash: str | None = None,
    clear: str = "",
    device: str = "",
    passkey_id: uuid.UUID | None = None,
) -> str:
    """Open a session as the first of the account's people and return its token.

    Raises:
        SignInRefused: when the account leads to nobody.
    """
    token = secrets.token_urlsafe(32)
    with database.write(EVERYWHERE) as session:
        place = next(iter(places(session, account_id)), None)
        if place is None:
            raise SignInRefused(_("This account belongs to no organisation any more. Ask your manager for a new link."))
        if rehash:
            session.get_one(Account, account_id).password_hash = rehash
        throttles.clear(session, key=clear)
        session.add(
            SignInSession(
                token_hash=token_hash(token),
                account_id=account_id,
                organisation_id=place.organisation_id,
                person_id=place.person_id,
                started_at=now,
                seen_at=now,
                device=device or None,
                passkey_id=passkey_id,
            )
        )
    return token


def places(session: Session, account_id: uuid.UUID) -> list[Place]:
    """Return the organisations that an account leads to, by name."""
    rows = session.execute(
        select(Person.organisation_id, Person.id, Organisation.name)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.account_id == account_id)
        .order_by(Organisation.name)
    )
    return [Place(*row) for row in rows]


def list_places(database: Database, *, viewer: Viewer) -> list[Place]:
    """Return the organisations that the viewer could be seen as belonging to."""
    with database.read(EVERYWHERE) as session:
        return places(session, viewer.account_id)


def change_place(database: Database, *, token: str, organisation_id: int) -> None:
    """Go on in the same session as the account's person in another organisation.

    Raises:
        SessionUnknown: when the session or the person is not there.
    """
    with database.write(EVERYWHERE) as session:
        row = session.get(SignInSession, token_hash(token))
        fitting = [p for p in places(session, row.account_id) if p.organisation_id == organisation_id] if row else []
        if row is None or not fitting:
            raise SessionUnknown(_("You do not belong to that organisation."))
        row.organisation_id, row.person_id = organisation_id, fitting[0].person_id


def find_viewer(database: Database, *, token: str, now: datetime, address: str = "") -> Viewer | None:
    """Return whoever the token is signed in as, or None when the session is over; of `address` the network is kept."""
    rows = database.ask(EVERYWHERE, VIEWER, token_hash=token_hash(token))
    if not rows or is_over(rows[0], now=now):
        return None
    on_tablet = rows[0].tablet_id is not None
    if now - rows[0].seen_at > (TABLET_SEEN_EVERY if on_tablet else SEEN_EVERY):
        touch(database, token=token, now=now)
    managed = {row.site_id for row in rows if row.permission_id is not None and not on_tablet}
    return Viewer(
        **{name: getattr(rows[0], name) for name in SEEN},
        manages_all=None in managed,
        site_ids=frozenset(managed - {None}),
        reads_only=any(row.kind == PermissionKind.AUDITOR for row in rows) and not on_tablet,
        client=network_of(address),
        leaves_at=rows[0].started_at + TABLET_LONGEST if on_tablet else None,
    )


def is_over(row: SignInSession | Row, *, now: datetime) -> bool:
    """Say whether a session has been ended, left idle, or open for too long."""
    if row.tablet_id is None:
        idle, longest = IDLE, LONGEST
    else:
        idle, longest = TABLET_IDLE + TABLET_SEEN_EVERY, TABLET_LONGEST
    return row.ended_at is not None or now - row.seen_at > idle or now - row.started_at > longest


def touch(database: Database, *, token: str, now: datetime) -> None:
    """Remember that a session is in use."""
    with database.write(EVERYWHERE) as session:
        row = session.get(SignInSession, token_hash(token))
        if row is not None:
            row.seen_at = now


def sign_out(database: Database, *, token: str, now: datetime) -> None:
    """End a session, and reminders on its device; ending it twice changes nothing."""
    with database.write(EVERYWHERE) as session:
        row = session.get(SignInSession, token_hash(token))
        if row is not None and row.ended_at is None:
            row.ended_at = now
            session.execute(delete(PushDevice).where(PushDevice.session_hash == row.token_hash))
