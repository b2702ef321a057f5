"""Passkeys: challenges that one answer each may use up, making a passkey, and signing in with one."""

import ipaddress
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from types import ModuleType
from urllib.parse import urlsplit

from itsdangerous.encoding import base64_decode, base64_encode
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.language import N_, _
from training.domain.names import tidy_text
from training.models import Passkey, PasskeyChallenge
from training.services import accounts, invites, throttles
from training.services.accounts import SignInRefused, token_hash

# Long enough to find the finger, and no longer.
ANSWER_WITHIN = timedelta(minutes=5)
SIGN_IN = "sign-in"
LONGEST_NAME = 60
# An answer of a device is a few hundred bytes, some thousand where it proves its make.
LONGEST_ANSWER = 20_000
UNFIT = N_("This passkey does not open anything here. Use your password, or ask your manager for a new slip.")
NOT_MADE = N_("The passkey could not be made. Try again, or set a password.")
TOO_LATE = N_("That took too long, or was sent twice. Try again.")


class PasskeyRefused(Exception):
    """The passkey cannot be made or used because its answer does not fit; the same words whatever is wrong with it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whose passkeys they are: the host of this service, and the origin of its pages."""

    id: str
    origin: str
    name: str = "STOMP Training"

    @classmethod
    def of(cls, base_url: str) -> "Party":
        """Return the party of an address."""
        address = urlsplit(base_url)
        return cls(id=address.hostname or "", origin=f"{address.scheme}://{address.netloc}")

    @property
    def has_passkeys(self) -> bool:
        """Whether browsers make passkeys for this host: never for a bare number, and without https for this machine."""
        try:
            ipaddress.ip_address(self.id)
        except ValueError:
            return self.origin.startswith("https://") or self.id == "localhost"
        return False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked, as JSON, and the challenge in it, which the browser's session has to show again."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a new passkey is for: the account, there already or not yet, and the names that the device shows."""

    account_id: uuid.UUID
    sign_in_name: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a browser sent back, the challenge that its session holds, and when; `device` is what it is in words."""

    party: Party
    challenge: str
    credential: str
    device: str
    now: datetime


@cache
def ceremonies() -> ModuleType:
    """Return what speaks to devices, loaded with the first passkey: its library takes 13 MB and a tenth of a start."""
    return import_module("training.services.passkey_ceremonies")


def ask_to_sign_in(database: Database, *, party: Party, now: datetime) -> Asked:
    """Return what to ask whoever wants to sign in, without saying or knowing who that is."""
    challenge = secrets.token_bytes(32)
    options = ceremonies().options_to_sign_in(party, challenge=challenge)
    return keep(database, challenge, options, purpose=SIGN_IN, now=now)


def ask_to_make(database: Database, *, party: Party, owner: Owner, now: datetime) -> Asked:
    """Return what to ask a device that is to make a passkey which it finds again by itself."""
    with database.read(EVERYWHERE) as session:
        had = session.scalars(select(Passkey.credential_id).where(Passkey.account_id == owner.account_id)).all()
    challenge = secrets.token_bytes(32)
    options = ceremonies().options_to_make(party, owner, challenge=challenge, had=had)
    return keep(database, challenge, options, purpose=making(owner.account_id), now=now)


def making(account_id: uuid.UUID) -> str:
    """Return the purpose of a challenge that makes a passkey of one account."""
    return f"make {account_id}"


def keep(database: Database, challenge: bytes, options: str, *, purpose: str, now: datetime) -> Asked:
    """Keep a challenge until it is answered or too old, and forget those that are."""
    text = base64_encode(challenge).decode()
    with database.write(EVERYWHERE) as session:
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
        session.add(PasskeyChallenge(challenge_hash=token_hash(text), purpose=purpose, expires_at=now + ANSWER_WITHIN))
    return Asked(options, text)


def take(database: Database, answer: Answer, *, purpose: str) -> bytes:
    """Use a challenge up, whatever becomes of its answer, and return it.

    Raises:
        PasskeyRefused: when it was for something else, is too old or has been used.
    """
    waiting = (
        (PasskeyChallenge.challenge_hash == token_hash(answer.challenge))
        & (PasskeyChallenge.purpose == purpose)
        & (PasskeyChallenge.expires_at > answer.now)
    )
    with database.write(EVERYWHERE) as session:
        if session.execute(delete(PasskeyChallenge).where(waiting)).rowcount != 1:
            raise PasskeyRefused(_(TOO_LATE))
    return base64_decode(answer.challenge)


@contextmanager
def refusing(words: str) -> Iterator[None]:
    """Refuse in the same words whatever cannot be read or does not hold."""
    try:
        yield
    except ceremonies().UNREADABLE as fault:
        raise PasskeyRefused(words) from fault


def made(database: Database, answer: Answer, *, account_id: uuid.UUID, name: str = "") -> Passkey:
    """Return the new passkey of an account, checked and not stored yet.

    Raises:
        PasskeyRefused: when the answer does not fit.
    """
    challenge = take(database, answer, purpose=making(account_id))
    with refusing(_(NOT_MADE)):
        refuse_long(answer)
        found = ceremonies().read_made(answer, challenge=challenge)
    return Passkey(
        account_id=account_id,
        **found,
        name=tidy_text(name)[:LONGEST_NAME] or answer.device[:LONGEST_NAME],
        recorded_at=answer.now,
    )


def refuse_long(answer: Answer) -> None:
    """Refuse an answer that no device gives."""
    if len(answer.credential) > LONGEST_ANSWER:
        raise ValueError("longer than any answer")


def accept_invite(database: Database, answer: Answer, *, token: str) -> str:
    """Make a passkey the way in of the person behind a slip, making their account if need be; return its name.

    A password that was there opens nothing any more.

    Raises:
        PasskeyRefused: when the answer does not fit; the slip still works.
        InviteUnusable, AccountShared, SignInNameTaken: as for a password.
    """
    invite = invites.show_invite(database, token=token, now=answer.now)
    passkey = made(database, answer, account_id=invite.account_id)
    with database.write(EVERYWHERE, if_taken=PasskeyRefused(_(NOT_MADE))) as session:
        account = invites.use_up(session, token=token, now=answer.now)
        store(session, passkey, account_id=account.id)
        return account.sign_in_name


def store(session: Session, passkey: Passkey, *, account_id: uuid.UUID) -> None:
    """Store a new passkey, unless the account is another than it was made for."""
    if passkey.account_id != account_id:
        raise PasskeyRefused(_(NOT_MADE))
    session.add(passkey)
    session.flush()


def sign_in(database: Database, answer: Answer, *, client: str) -> str:
    """Check the answer of a passkey and return the token of a new session.

    Raises:
        PasskeyRefused: when it does not fit, in the same words whether or not we know the passkey.
        TooManyTries: after many failures from the same client.
    """
    keys = (f"sign-in client {client}",)
    throttles.check(database, keys=keys, now=answer.now)
    challenge = take(database, answer, purpose=SIGN_IN)
    try:
        passkey = checked(database, answer, challenge=challenge)
        return accounts.open_session(
            database, account_id=passkey.account_id, now=answer.now, device=answer.device, passkey_id=passkey.id
        )
    except (PasskeyRefused, SignInRefused) as refusal:
        throttles.count(database, keys=keys, now=answer.now)
        raise PasskeyRefused(str(refusal)) from refusal


def checked(database: Database, answer: Answer, *, challenge: bytes) -> Passkey:
    """Return the passkey that gave an answer, after noting its use; its counter has to go on where it has one.

    Raises:
        PasskeyRefused: when we do not know it, or the answer is not its own, or not for us.
    """
    with refusing(_(UNFIT)), database.write(EVERYWHERE) as session:
        refuse_long(answer)
        given = ceremonies().read_given(answer)
        passkey = session.scalars(
            select(Passkey).where(Passkey.credential_id == given.raw_id).with_for_update()
        ).one_or_none()
        if passkey is None or given.response.user_handle != passkey.account_id.bytes:
            raise PasskeyRefused(_(UNFIT))
        ceremonies().note_use(passkey, answer, given, challenge=challenge)
        return passkey
