"""Family carers with an account of their own: making it, and taking over what a device had kept until then."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.days import day_in
from training.domain.language import _
from training.domain.names import read_name
from training.domain.roles import Role
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered
from training.models import Account, Employment, JobTitle, Organisation, Person, Site, TitleRole
from training.services import accounts, learning, passwords
from training.services.accounts import Viewer, tidy_name
from training.services.invites import SignInNameTaken
from training.services.learning import AttemptBelongsToAnother
from training.services.marking import AnswersMissing, Sent
from training.services.organisations import ALWAYS, PUBLIC, NotFound
from training.services.versions import VersionUnknown

SITE, TITLE = "At home", "Family carer"
UNFIT = (VersionUnknown, NotFound, AnswersMissing, AnswerUnknown, ChoiceNotOffered, AttemptBelongsToAnother)


class SignInNameRefused(Exception):
    """Nobody can sign in with this name because it could be mistyped, or taken for an e-mail address."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """The attempts on a device that are on the record now, and those that did not fit."""

    kept: tuple[uuid.UUID, ...]
    refused: tuple[uuid.UUID, ...]


def open_account(database: Database, *, name: str, sign_in_name: str, password: str, now: datetime) -> str:
    """Make an account in the organisation that is open to everyone, and return the token of its first session.

    Raises:
        NameRefused, SignInNameRefused, SignInNameTaken, PasswordTooWeak: in words, with nothing written.
    """
    tidy, signs_in_as = read_name(name), read_sign_in_name(sign_in_name)
    passwords.check_new(password, sign_in_name=signs_in_as)
    password_hash = passwords.hash_password(password)
    taken = SignInNameTaken(_("Somebody signs in with this name already. Choose another."))
    with database.write(EVERYWHERE, if_taken=taken) as session:
        if session.scalar(select(Account.id).where(Account.sign_in_name == signs_in_as)):
            raise taken
        account = Account(sign_in_name=signs_in_as, password_hash=password_hash, recorded_at=now)
        session.add(account)
        session.flush()
        add_carer(session, account_id=account.id, name=tidy, now=now)
        account_id = account.id
    return accounts.open_session(database, account_id=account_id, now=now)


def read_sign_in_name(text: str) -> str:
    """Return a tidy sign-in name: never an e-mail address, which nobody here could prove to be theirs.

    Raises:
        SignInNameRefused: in words.
    """
    name = tidy_name(text)
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]", name):
        raise SignInNameRefused(
            _(
                "Choose 3 to 40 letters without accents, digits, dots or hyphens, such as rosa.kelly. "
                "Not an e-mail address."
            )
        )
    return name


def add_carer(session: Session, *, account_id: uuid.UUID, name: str, now: datetime) -> None:
    """Add the account's person to the organisation that is open to everyone, in the one role it has."""
    organisation = session.scalars(select(Organisation).where(Organisation.slug == PUBLIC).with_for_update()).one()
    site, title = find_home(session, organisation_id=organisation.id, now=now)
    person = Person(organisation_id=organisation.id, name=name, account_id=account_id, recorded_at=now)
    session.add(person)
    session.flush()
    session.add(
        Employment(
            organisation_id=organisation.id,
            person_id=person.id,
            job_title_id=title.id,
            site_id=site.id,
            starts_on=day_in(now, organisation.time_zone),
            recorded_at=now,
        )
    )


def find_home(session: Session, *, organisation_id: int, now: datetime) -> tuple[Site, JobTitle]:
    """Return the one place and title of the open organisation, made for the first who comes."""
    site = session.scalar(select(Site).where(Site.organisation_id == organisation_id, Site.name == SITE))
    title = session.scalar(select(JobTitle).where(JobTitle.organisation_id == organisation_id, JobTitle.name == TITLE))
    if site is None or title is None:
        site = Site(organisation_id=organisation_id, name=SITE, recorded_at=now)
        title = JobTitle(organisation_id=organisation_id, name=TITLE, recorded_at=now)
        session.add_all([site, title])
        session.flush()
        role = {"role": Role.FAMILY_CARER, "starts_on": ALWAYS, "recorded_at": now}
        session.add(TitleRole(organisation_id=organisation_id, job_title_id=title.id, **role))
    return site, title


def take_over(database: Database, *, viewer: Viewer, sent: Sequence[Sent], now: datetime) -> TakenOver:
    """Record what a device kept, each attempt marked here against the content it was made with; twice is once."""
    kept, refused = [], []
    for one in sent:
        try:
            learning.submit_attempt(database, viewer=viewer, sent=one, now=now)
            kept.append(one.attempt_id)
        except UNFIT:
            refused.append(one.attempt_id)
    return TakenOver(kept=tuple(kept), refused=tuple(refused))
