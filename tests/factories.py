"""Plain makers of organisations and people, through the services that people use."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from training.answering import module_answers, story
from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.module import Module
from training.domain.roles import Role
from training.services import accounts, invites, learning, organisations, people
from training.services.accounts import Viewer
from training.services.learning import Receipt, Sent
from training.services.people import NewPerson

PASSWORD = "four green teapots"
# Beyond the numbers that tests give out themselves.
NUMBERS = count(900_001)


@dataclass(frozen=True)
class Home:
    """An organisation with a manager, one site and one job title for each role."""

    viewer: Viewer
    site_id: uuid.UUID
    titles: dict[Role, uuid.UUID]


def make_organisation(database: Database, *, catalog: Catalog, now: datetime, slug: str = "home") -> Home:
    """Make an organisation that requires each role's core items, with its manager signed in."""
    token = organisations.add_organisation(
        database,
        slug=slug,
        name=slug.title(),
        manager_email=f"manager@{slug}.example",
        required={role: catalog.tracks[role].core for role in Role if role is not Role.FAMILY_CARER},
        time_zone="Europe/London",
        today=day_in(now, "Europe/London"),
        now=now,
    )
    invites.accept_invite(database, token=token, password=PASSWORD, now=now)
    viewer = sign_in(database, f"manager@{slug}.example", now=now)
    return Home(
        viewer=viewer,
        site_id=organisations.add_site(database, viewer=viewer, name="First site", now=now),
        titles={
            role: organisations.add_job_title(database, viewer=viewer, name=role.label, role=role, now=now)
            for role in Role
        },
    )


def sign_in(database: Database, name: str, *, now: datetime, password: str = PASSWORD) -> Viewer:
    """Return somebody as they are once signed in."""
    token = accounts.sign_in(database, sign_in_name=name, password=password, now=now, client="a test")
    viewer = accounts.find_viewer(database, token=token, now=now)
    assert viewer is not None
    return viewer


def make_person(
    database: Database,
    home: Home,
    *,
    now: datetime,
    name: str = "",
    role: Role = Role.SOCIAL_CARE,
    starts_on: date | None = None,
    email: str = "",
    site_id: uuid.UUID | None = None,
) -> Viewer:
    """Add somebody with one job and return them as a viewer (without an account)."""
    number = next(NUMBERS)
    name = name or f"Person {number}"
    person_id = people.add_person(
        database,
        viewer=home.viewer,
        new=NewPerson(
            name=name,
            email=email,
            staff_number=str(number),
            job_title_id=home.titles[role],
            site_id=site_id or home.site_id,
            starts_on=starts_on or day_in(now, "Europe/London"),
        ),
        now=now,
    )
    return replace(home.viewer, person_id=person_id, name=name, manages_all=False)


def let_in(database: Database, home: Home, learner: Viewer, *, now: datetime) -> str:
    """Give somebody a password and return their sign-in name."""
    slip = people.issue_slip(database, viewer=home.viewer, person_id=learner.person_id, now=now)
    return invites.accept_invite(database, token=slip.token, password=PASSWORD, now=now)


def make_sent(
    catalog: Catalog, slug: str, *, role: Role, now: datetime, right: bool = True, attempt_id: uuid.UUID | None = None
) -> Sent:
    """Return an attempt as a client sends it, passing or not."""
    item = catalog.item(slug)
    answers = module_answers(item, role, right=right) if isinstance(item, Module) else story(item, safe=right)
    return Sent(
        attempt_id=attempt_id or uuid.uuid4(),
        item=slug,
        content_hash=item.content_hash,
        role=role,
        answers=answers,
        started_at=now - timedelta(minutes=item.minutes),
    )


def learn(
    database: Database,
    learner: Viewer,
    *,
    catalog: Catalog,
    slug: str = "",
    role: Role = Role.SOCIAL_CARE,
    now: datetime,
    right: bool = True,
) -> Receipt:
    """Send a whole attempt for somebody, at the first item of the role's track where none is named."""
    sent = make_sent(catalog, slug or catalog.tracks[role].core[0], role=role, now=now, right=right)
    return learning.submit_attempt(database, viewer=learner, sent=sent, now=now)


def begin(
    database: Database,
    learner: Viewer,
    *,
    catalog: Catalog,
    slug: str = "",
    role: Role = Role.SOCIAL_CARE,
    now: datetime,
    attempt_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Open an attempt for somebody, at the first item of the role's track where none is named; return its id."""
    return learning.begin(
        database,
        viewer=learner,
        attempt_id=attempt_id or uuid.uuid4(),
        slug=slug or catalog.tracks[role].core[0],
        role=role,
        catalog=catalog,
        now=now,
    )


def answer_all(database: Database, learner: Viewer, *, attempt_id: uuid.UUID, slug: str, now: datetime) -> None:
    """Answer every question of somebody's open module rightly, as it was when they began."""
    attempt = learning.open_attempt(database, viewer=learner, slug=slug)
    for question_id, answer in module_answers(attempt.item, attempt.role, right=True).items():
        learning.save_answer(
            database,
            viewer=learner,
            attempt_id=attempt_id,
            question_id=question_id,
            answer=tuple(answer),
            now=now,
        )
