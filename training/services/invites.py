"""One-time links: how a person gets a way to sign in, with or without an e-mail address."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.models import Account, Invite, Organisation, Person, SignInSession
from training.services import passwords
from training.services.accounts import tidy_name, token_hash
from training.services.standings import wait_for_turn

LASTS = timedelta(days=14)
# No vowels and nothing that looks like something else: a made-up name must survive being copied from paper.
LETTERS = "bcdfghjkmnpqrstvwxz23456789"


class InviteUnusable(Exception):
    """The link cannot be used because it was used, withdrawn, has run out or never was."""


class AccountShared(Exception):
    """The password cannot be set by this link because the account is used in other organisations too."""


class SignInNameTaken(Exception):
    """A new account cannot be made because somebody signs in with that e-mail address already."""


@dataclass(frozen=True, slots=True)
class InviteView:
    """What the page behind a link shows."""

    person_name: str
    organisation_name: str
    sign_in_name: str
    is_new: bool


def make_invite(session: Session, *, person: Person, now: datetime, by_operator: bool = False) -> str:
    """Make a new link for a person, ending those before it, and return its token.

    A link made by the operator of the service may change the password of an account that several organisations share.
    """
    wait_for_turn(session, person_ids=[person.id])
    session.execute(
        update(Invite)
        .where(
            Invite.organisation_id == person.organisation_id,
            Invite.person_id == person.id,
            Invite.used_at.is_(None),
            Invite.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    token = secrets.token_urlsafe(24)
    session.add(
        Invite(
            organisation_id=person.organisation_id,
            person_id=person.id,
            token_hash=token_hash(token),
            by_operator=by_operator,
            recorded_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find_invite(
    session: Session, *, token: str, now: datetime, to_use: bool = False
) -> tuple[Invite, Person, Organisation]:
    """Return the invite behind a token with its person and organisation, locked when it is to be used.

    Raises:
        InviteUnusable: when there is none, or it is over.
    """
    query = (
        select(Invite, Person, Organisation)
        .join(Person, (Person.organisation_id == Invite.organisation_id) & (Person.id == Invite.person_id))
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Invite.token_hash == token_hash(token))
    )
    found = session.execute(query.with_for_update(of=Invite) if to_use else query).one_or_none()
    if found is None or found[0].withdrawn_at is not None:
        raise InviteUnusable("This link does not work any more. Ask your manager for a new one.")
    if found[0].used_at is not None:
        raise InviteUnusable("This link has been used already. Sign in, or ask your manager for a new one.")
    if found[0].expires_at <= now:
        raise InviteUnusable("This link has run out. Ask your manager for a new one.")
    return found[0], found[1], found[2]


def show_invite(database: Database, *, token: str, now: datetime) -> InviteView:
    """Return what the link's page needs to say.

    Raises:
        InviteUnusable: when the link is over.
    """
    with database.read(EVERYWHERE) as session:
        _, person, organisation = find_invite(session, token=token, now=now)
        account = session.get(Account, person.account_id) if person.account_id else None
        return InviteView(
            person_name=person.name,
            organisation_name=organisation.name,
            sign_in_name=account.sign_in_name if account else tidy_name(person.email or ""),
            is_new=account is None,
        )


def accept_invite(database: Database, *, token: str, password: str, now: datetime) -> str:
    """Set the password of the person behind a link, making their account if need be; return the sign-in name.

    Raises:
        InviteUnusable: when the link is over.
        PasswordTooWeak: when the password would be easy to guess; the link still works.
        AccountShared: when the account serves other organisations too.
        SignInNameTaken: when the e-mail address signs somebody in already.
    """
    name = show_invite(database, token=token, now=now).sign_in_name
    passwords.check_new(password, sign_in_name=name)
    password_hash = passwords.hash_password(password)
    with database.write(EVERYWHERE) as session:
        invite, person, organisation = find_invite(session, token=token, now=now, to_use=True)
        if person.account_id:
            refuse_shared(session, account_id=person.account_id, by_operator=invite.by_operator)
            account = reset_account(session, account_id=person.account_id, now=now)
        else:
            account = make_account(session, person=person, organisation=organisation, now=now)
        account.password_hash = password_hash
        invite.used_at = now
        session.flush()
        person.account_id = account.id
        return account.sign_in_name


def join_account(database: Database, *, token: str, account_id: uuid.UUID, now: datetime) -> None:
    """Let an account that is signed in already lead to the person behind a link too.

    Raises:
        InviteUnusable: when the link is over, or its person has an account already.
    """
    with database.write(EVERYWHERE) as session:
        invite, person, _ = find_invite(session, token=token, now=now, to_use=True)
        if person.account_id and person.account_id != account_id:
            raise InviteUnusable("This link is for somebody who signs in with another account.")
        same = session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.organisation_id == person.organisation_id, Person.account_id == account_id)
        )
        if same and not person.account_id:
            raise InviteUnusable("Your account belongs to another person in this organisation. Tell your manager.")
        person.account_id = account_id
        invite.used_at = now


def refuse_shared(session: Session, *, account_id: uuid.UUID, by_operator: bool) -> None:
    """Refuse to let one organisation's link change a password that opens another organisation."""
    people = session.scalar(select(func.count()).select_from(Person).where(Person.account_id == account_id))
    if people != 1 and not by_operator:
        raise AccountShared(
            "You use this account in more than one organisation, so this link cannot change its password. "
            "Sign in with the password you have."
        )


def reset_account(session: Session, *, account_id: uuid.UUID, now: datetime) -> Account:
    """Return the account whose password is to be set anew, after ending every session it has open."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    return session.get_one(Account, account_id)


def make_account(session: Session, *, person: Person, organisation: Organisation, now: datetime) -> Account:
    """Make an account that signs in with the person's e-mail address, or with a made-up name where there is none."""
    name = tidy_name(person.email) if person.email else made_up_name(session, organisation=organisation)
    if session.scalar(select(Account.id).where(Account.sign_in_name == name)):
        raise SignInNameTaken(
            "Somebody signs in with this e-mail address already. If that is you, sign in first and open it again. "
            "If not, tell whoever runs this service."
        )
    account = Account(sign_in_name=name, password_hash="", recorded_at=now)
    session.add(account)
    return account


def made_up_name(session: Session, *, organisation: Organisation) -> str:
    """Return a short sign-in name that nobody has, such as `demo-k7mx`."""
    while True:
        name = f"{organisation.slug}-" + "".join(secrets.choice(LETTERS) for _ in range(5))
        if not session.scalar(select(Account.id).where(Account.sign_in_name == name)):
            return name
