"""Invite slips: a link and a short code, good once, with which a person gets a way to sign in, e-mail or none."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.days import day_in, end_of_day
from training.domain.language import _
from training.domain.slip import CodeUnreadable, read_code
from training.models import Account, Invite, Organisation, Person, SignInSession
from training.services import passwords
from training.services.accounts import tidy_name, token_hash
from training.services.slip_codes import Code, code_hash, new_code
from training.services.standings import wait_for_turn

# A slip works on the day it is made and on as many after it, the last one to its end.
LASTS = timedelta(days=14)
# No vowels and nothing that looks like something else: a made-up name must survive being copied from paper.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"


class InviteUnusable(Exception):
    """The link cannot be used because it was used, withdrawn, has run out or never was."""


class InviteUsed(InviteUnusable):
    """The link was used already, most likely by whoever comes with it again."""


class AccountShared(Exception):
    """The password cannot be set by this link because the account is used in other organisations too."""


class SignInNameTaken(Exception):
    """A new account cannot be made because somebody signs in with that e-mail address already."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a person so that they can sign in: the secrets are shown once and never stored."""

    person_id: uuid.UUID
    name: str
    token: str
    code: str
    sign_in_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InviteView:
    """What the page behind a link shows; `account_id` is the account's, or the one that it will have."""

    person_name: str
    organisation_name: str
    sign_in_name: str
    is_new: bool
    account_id: uuid.UUID


def make_invite(
    session: Session, *, person: Person, now: datetime, by_operator: bool = False, code: Code | None = None
) -> Slip:
    """Make a new slip for a person, ending those before it; its code may have been made up before.

    One made by the operator of the service may change the password of an account that several organisations share.
    """
    wait_for_turn(session, person_ids=[person.id])
    code = code or new_code()
    organisation = session.get_one(Organisation, person.organisation_id)
    account = session.get(Account, person.account_id) if person.account_id else None
    kept_name = None if account or person.email else name_to_keep(session, person=person, organisation=organisation)
    withdraw(session, person=person, now=now)
    token, last_on = secrets.token_urlsafe(24), day_in(now, organisation.time_zone) + LASTS
    invite = Invite(
        organisation_id=person.organisation_id,
        person_id=person.id,
        token_hash=token_hash(token),
        code_hash=code.hash,
        sign_in_name=kept_name,
        by_operator=by_operator,
        recorded_at=now,
        expires_at=end_of_day(last_on, organisation.time_zone),
    )
    session.add(invite)
    name = name_of(person, account=account, invite=invite)
    return Slip(person.id, person.name, token, code.text, name, invite.expires_at)


def withdraw(session: Session, *, person: Person, now: datetime) -> int:
    """End the slips of a person that nobody has used, and return how many still worked."""
    unused = (Invite.used_at.is_(None)) & (Invite.withdrawn_at.is_(None))
    mine = (Invite.organisation_id == person.organisation_id) & (Invite.person_id == person.id)
    working = session.scalar(select(func.count()).select_from(Invite).where(mine, unused, Invite.expires_at > now))
    session.execute(update(Invite).where(mine, unused).values(withdrawn_at=now))
    return working or 0


def name_of(person: Person, *, account: Account | None, invite: Invite) -> str:
    """Return what a person signs in with, or will; nothing where that is made up once they join."""
    if account is not None:
        return account.sign_in_name
    return invite.sign_in_name or tidy_name(person.email or "")


def name_to_keep(session: Session, *, person: Person, organisation: Organisation) -> str:
    """Return a name for somebody without an e-mail address: the one that their last slip said, or a new one."""
    mine = (Invite.person_id == person.id) & (Invite.sign_in_name.is_not(None))
    last = select(Invite.sign_in_name).where(mine).order_by(Invite.recorded_at.desc()).limit(1)
    kept = session.scalar(last)
    if kept and not session.scalar(select(Account.id).where(Account.sign_in_name == kept)):
        return kept
    return made_up_name(session, organisation=organisation)


def find_invite(
    session: Session, *, token: str, now: datetime, to_use: bool = False
) -> tuple[Invite, Person, Organisation]:
    """Return the invite behind a link or a code with its person and organisation, locked when it is to be used.

    Raises:
        InviteUnusable: when there is none, or it is over.
    """
    query = (
        select(Invite, Person, Organisation)
        .join(Person, (Person.organisation_id == Invite.organisation_id) & (Person.id == Invite.person_id))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(is_behind(token))
    )
    found = session.execute(query.with_for_update(of=Invite) if to_use else query).one_or_none()
    if found is None:
        raise InviteUnusable(_("There is no such link or code. Check each letter, or ask your manager for a new slip."))
    if found[0].withdrawn_at is not None:
        raise InviteUnusable(_("This link or code does not work any more. Ask your manager for a new slip."))
    if found[0].used_at is not None:
        raise InviteUsed(_("This link or code has been used already. Sign in, or ask your manager for a new slip."))
    if found[0].expires_at <= now:
        raise InviteUnusable(_("This link or code has run out. Ask your manager for a new slip."))
    return found[0], found[1], found[2]


def is_behind(key: str) -> ColumnElement[bool]:
    """Return the condition that an invite is the one of a link's token or of a typed code."""
    try:
        return Invite.code_hash == code_hash(read_code(key))
    except CodeUnreadable:
        return Invite.token_hash == token_hash(key)


def show_invite(database: Database, *, token: str, now: datetime) -> InviteView:
    """Return what the page behind a link or a code needs to say.

    Raises:
        InviteUnusable: when it is over.
    """
    with database.read(EVERYWHERE) as session:
        invite, person, organisation = find_invite(session, token=token, now=now)
        account = session.get(Account, person.account_id) if person.account_id else None
        return InviteView(
            person_name=person.name,
            organisation_name=organisation.name,
            sign_in_name=name_of(person, account=account, invite=invite),
            is_new=account is None,
            account_id=person.account_id or invite.id,
        )


def accept_invite(database: Database, *, token: str, password: str, now: datetime) -> str:
    """Set the password of the person behind a link or a code, making their account if need be; return its name.

    Raises:
        InviteUnusable: when it is over.
        PasswordTooWeak: when the password would be easy to guess; the slip still works.
        AccountShared: when the account serves other organisations too.
        SignInNameTaken: when the e-mail address signs somebody in already.
    """
    name = show_invite(database, token=token, now=now).sign_in_name
    passwords.check_new(password, sign_in_name=name)
    password_hash = passwords.hash_password(password)
    with database.write(EVERYWHERE) as session:
        account = use_up(session, token=token, now=now)
        account.password_hash = password_hash
        return account.sign_in_name


def use_up(session: Session, *, token: str, now: datetime) -> Account:
    """Use an invite up, and return its person's account, made if need be, with no session open and no password yet.

    Raises:
        InviteUnusable, AccountShared, SignInNameTaken: as for `accept_invite`.
    """
    invite, person, organisation = find_invite(session, token=token, now=now, to_use=True)
    if person.account_id:
        refuse_shared(session, account_id=person.account_id, by_operator=invite.by_operator)
        account = reset_account(session, account_id=person.account_id, now=now)
    else:
        account = make_account(session, person=person, organisation=organisation, invite=invite, now=now)
    invite.used_at = now
    session.flush()
    person.account_id = account.id
    return account


def join_account(database: Database, *, token: str, account_id: uuid.UUID, now: datetime) -> None:
    """Let an account that is signed in already lead to the person behind a link too.

    Raises:
        InviteUnusable: when the link is over, or its person has an account already.
    """
    with database.write(EVERYWHERE) as session:
        invite, person, _organisation = find_invite(session, token=token, now=now, to_use=True)
        if person.account_id and person.account_id != account_id:
            raise InviteUnusable(_("This link is for somebody who signs in with another account."))
        same = session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.organisation_id == person.organisation_id, Person.account_id == account_id)
        )
        if same and not person.account_id:
            raise InviteUnusable(_("Your account belongs to another person in this organisation. Tell your manager."))
        person.account_id = account_id
        invite.used_at = now


def refuse_shared(session: Session, *, account_id: uuid.UUID, by_operator: bool) -> None:
    """Refuse to let one organisation's link change a password that opens another organisation."""
    people = session.scalar(select(func.count()).select_from(Person).where(Person.account_id == account_id))
    if people != 1 and not by_operator:
        raise AccountShared(
            _(
                "You use this account in more than one organisation, so this link cannot change its password. "
                "Sign in with the password you have."
            )
        )


def reset_account(session: Session, *, account_id: uuid.UUID, now: datetime) -> Account:
    """Return the account that is to get a new way in, without its password and after ending its open sessions.

    Passkeys stay: each is on a device that asks for its owner, and can be taken away by them.
    """
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    account = session.get_one(Account, account_id)
    account.password_hash = ""
    return account


def make_account(
    session: Session, *, person: Person, organisation: Organisation, invite: Invite, now: datetime
) -> Account:
    """Make an account that signs in with the name on the slip: an e-mail address, or a made-up name without one.

    Its id is that of the invite, so that a passkey can be made for it before it is there.
    """
    name = name_of(person, account=None, invite=invite) or made_up_name(session, organisation=organisation)
    if session.scalar(select(Account.id).where(Account.sign_in_name == name)):
        raise SignInNameTaken(
            _(
                "Somebody signs in with this name already. If that is you, sign in first and open it again. "
                "If not, tell whoever runs this service."
            )
        )
    account = Account(id=invite.id, sign_in_name=name, password_hash="", recorded_at=now)
    session.add(account)
    return account


def made_up_name(session: Session, *, organisation: Organisation) -> str:
    """Return a short sign-in name that nobody has or will have by a slip, such as `demo-k7mx4`."""
    while True:
        name = f"{organisation.slug}-" + "".join(secrets.choice(LETTERS) for _ in range(5))
        is_kept = session.scalar(select(Invite.id).where(Invite.sign_in_name == name))
        if not is_kept and not session.scalar(select(Account.id).where(Account.sign_in_name == name)):
            return name
