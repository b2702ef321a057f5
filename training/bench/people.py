"""People of the bench who are let in, so that their pages can be asked for: with accounts, sessions and cookies."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import delete, insert, select, update

from training.bench.stage import MANAGER, PASSWORD, SLUG
from training.db import Database
from training.models import Account, Draft, Employment, JobTitle, Permission, Person, Site
from training.services import accounts, organisations, passwords
from training.services.accounts import Viewer


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody who is signed in, with the token of the session."""

    viewer: Viewer
    token: str


def find_manager(database: Database, *, now: datetime) -> LetIn:
    """Sign the manager of the whole organisation in."""
    token = accounts.sign_in(database, sign_in_name=MANAGER, password=PASSWORD, now=now, client="the bench")
    return LetIn(_viewer(database, token, now=now), token)


def _viewer(database: Database, token: str, *, now: datetime) -> Viewer:
    viewer = accounts.find_viewer(database, token=token, now=now)
    if viewer is None:
        raise organisations.NotFound("Nobody is signed in by this token.")
    return viewer


def learners(database: Database, *, count: int, title: str, now: datetime) -> list[LetIn]:
    """Let so many people with a job title in, who work there now; whoever was let in before is let in again."""
    organisation_id = organisations.find_organisation(database, SLUG).id
    with database.read(organisation_id) as session:
        at_work = (
            select(Person.id, Person.account_id, Person.email)
            .join(Employment, Employment.person_id == Person.id)
            .join(JobTitle, JobTitle.id == Employment.job_title_id)
            .where(Employment.ends_on.is_(None), Employment.withdrawn_at.is_(None), JobTitle.name == title)
        )
        people = session.execute(at_work.distinct().order_by(Person.id).limit(count)).all()
    strangers = [(person_id, email) for person_id, account_id, email in people if account_id is None]
    opened = give_accounts(database, strangers, organisation_id=organisation_id, now=now)
    known = [account_id or opened[person_id] for person_id, account_id, _ in people]
    return [let_in(database, account_id=account_id, now=now) for account_id in known]


def give_accounts(
    database: Database, people: Sequence[tuple[uuid.UUID, str]], *, organisation_id: int, now: datetime
) -> dict[uuid.UUID, uuid.UUID]:
    """Give people accounts with one password, which nobody has the time to hash for each."""
    if not people:
        return {}
    hashed = passwords.hash_password(PASSWORD)
    opened = {person_id: uuid.uuid4() for person_id, _ in people}
    rows = [
        {"id": opened[person_id], "sign_in_name": email, "password_hash": hashed, "recorded_at": now}
        for person_id, email in people
    ]
    with database.engine.begin() as connection:
        connection.execute(insert(Account), rows)
        for person_id, account_id in opened.items():
            theirs = (Person.organisation_id == organisation_id) & (Person.id == person_id)
            connection.execute(update(Person).where(theirs).values(account_id=account_id))
    return opened


def let_in(database: Database, *, account_id: uuid.UUID, now: datetime) -> LetIn:
    """Open a session for an account."""
    token = accounts.open_session(database, account_id=account_id, now=now)
    return LetIn(_viewer(database, token, now=now), token)


def site_manager(database: Database, *, title: str, now: datetime) -> LetIn:
    """Let somebody in who manages one site, and give them leave to where they have none."""
    found = learners(database, count=2, title=title, now=now)[1]
    viewer = found.viewer
    with database.write(viewer.organisation_id) as session:
        if session.scalar(select(Permission.id).where(Permission.person_id == viewer.person_id)) is None:
            site_id = session.scalars(select(Site.id).order_by(Site.name)).first()
            theirs = {"organisation_id": viewer.organisation_id, "person_id": viewer.person_id, "recorded_at": now}
            session.add(Permission(**theirs, site_id=site_id))
    return replace(found, viewer=_viewer(database, found.token, now=now))


def close_drafts(database: Database, *, organisation_id: int) -> None:
    """Forget every attempt in progress, so that answers can be given anew."""
    with database.engine.begin() as connection:
        connection.execute(delete(Draft).where(Draft.organisation_id == organisation_id))


def cookie_of(app: Flask, token: str) -> tuple[str, str]:
    """Return the cookie of somebody signed in, and a token that their forms carry."""
    with app.test_request_context():
        from flask import session

        session["_user_id"], session["_fresh"] = token, True
        form_token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)
        return signer.dumps(dict(session)), form_token
