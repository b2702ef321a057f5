"""The demonstration organisation: three sites, forty people, eighteen months, through the services people use."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from training.answering import module_answers, story
from training.cast import AUDITOR, CHARACTERS, HABITS, SITES, TITLES, WITHOUT_NUMBER, WORKERS, WORKPLACES, Character
from training.catalog.library import Catalog
from training.config import Config
from training.db import Database
from training.domain.days import day_in
from training.domain.module import Module
from training.domain.permission import PermissionKind
from training.domain.roles import Role
from training.services import (
    absences,
    accounts,
    employments,
    exemptions,
    invites,
    learning,
    organisations,
    people,
    permissions,
    references,
    standing_checks,
    trend_work,
    versions,
)
from training.services.accounts import Viewer
from training.services.learning import Sent
from training.services.organisations import AlreadyThere, NotFound
from training.services.people import NewPerson
from training.services.permissions import Outsider

SLUG = "demo"
NAME = "Willowbrook Support"
PASSWORD = "training-demo"  # noqa: S105 - printed on the screen of everybody who tries the service
BEGINS = timedelta(days=548)
ROLES = (Role.PRESCRIBER, Role.NON_PRESCRIBER, Role.SOCIAL_CARE)


class AlreadyLoaded(Exception):
    """The demonstration cannot be loaded because it is there already."""


@dataclass(slots=True)
class Stage:
    """What the loading needs at every step."""

    database: Database
    catalog: Catalog
    viewer: Viewer
    today: date
    sites: dict[str, uuid.UUID]
    titles: dict[str, uuid.UUID]
    chance: random.Random


def load(database: Database, *, catalog: Catalog, config: Config, now: datetime) -> None:
    """Load the demonstration: on the same day it is always the same.

    Raises:
        AlreadyLoaded: when the organisation is there.
    """
    began = now - BEGINS
    versions.keep_versions(database, catalog=catalog, now=began)
    viewer = open_organisation(database, catalog=catalog, config=config, now=began)
    stage = Stage(
        database=database,
        catalog=catalog,
        viewer=viewer,
        today=day_in(now, viewer.time_zone),
        sites={name: organisations.add_site(database, viewer=viewer, name=name, now=began) for name in SITES},
        titles={
            name: organisations.add_job_title(database, viewer=viewer, name=name, role=role, now=began)
            for name, role in TITLES.items()
        },
        chance=random.Random(SLUG),  # noqa: S311 - a story, not a secret
    )
    let_auditor_in(stage, now=began)
    for number, character in zip(count(1001), CHARACTERS, strict=False):
        play(stage, character, number=number)
    refer(stage, now=now)
    move_some(stage)
    for _ in standing_checks.rebuild(database, now=now):
        pass
    for _ in trend_work.bring_one(database, viewer.organisation_id, today=stage.today, known_at=now):
        pass


def open_organisation(database: Database, *, catalog: Catalog, config: Config, now: datetime) -> Viewer:
    """Start the organisation and return its manager, signed in as anybody would be."""
    try:
        token = organisations.add_organisation(
            database,
            slug=SLUG,
            name=NAME,
            manager_email=address("manager"),
            manager_name="Ruth Calloway",
            required={role: catalog.tracks[role].core for role in ROLES},
            time_zone=config.time_zone,
            today=day_in(now, config.time_zone),
            now=now,
        )
    except AlreadyThere as there:
        raise AlreadyLoaded from there
    invites.accept_invite(database, token=token, password=PASSWORD, now=now)
    return sign_in(database, name="manager", now=now)


def let_auditor_in(stage: Stage, *, now: datetime) -> None:
    """Let somebody in from outside who looks at everything and changes nothing."""
    outsider = Outsider(AUDITOR, address("auditor"))
    known = {"viewer": stage.viewer, "site_id": None, "kind": PermissionKind.AUDITOR, "now": now}
    person_id = permissions.let_in(stage.database, outsider=outsider, **known)
    slip = people.issue_slip(stage.database, viewer=stage.viewer, person_id=person_id, now=now)
    invites.accept_invite(stage.database, token=slip.token, password=PASSWORD, now=now)


def address(name: str) -> str:
    """Return a demonstration sign-in."""
    return f"{name}@demo.example"


def sign_in(database: Database, *, name: str, now: datetime) -> Viewer:
    """Return somebody of the demonstration as they are once signed in."""
    token = accounts.sign_in(
        database, sign_in_name=address(name), password=PASSWORD, now=now, client="the demonstration"
    )
    viewer = accounts.find_viewer(database, token=token, now=now)
    accounts.sign_out(database, token=token, now=now)
    if viewer is None:
        raise NotFound(f"{name} is not signed in.")
    return viewer


def at(day: date, hour: int, zone: str) -> datetime:
    """Return an instant at an hour of a day in the organisation."""
    return datetime.combine(day, time(hour, 17), ZoneInfo(zone)).astimezone(UTC)


def play(stage: Stage, character: Character, *, number: int) -> None:
    """Add one person on their first day and let them learn as their habit has it."""
    starts_on = stage.today - timedelta(days=character.days)
    now = at(starts_on, 9, stage.viewer.time_zone)
    person_id = people.add_person(
        stage.database,
        viewer=stage.viewer,
        new=NewPerson(
            name=character.name,
            email=address(character.sign_in) if character.sign_in else "",
            staff_number="" if character.name == WITHOUT_NUMBER else str(number),
            job_title_id=stage.titles[character.title],
            site_id=stage.sites[character.site],
            starts_on=starts_on,
            person_id=made_up_id(stage),
        ),
        now=now,
    )
    if character.sign_in:
        let_in(stage, character, person_id=person_id, now=now)
    learner = replace(stage.viewer, person_id=person_id, name=character.name, manages_all=False)
    role = TITLES[character.title]
    for learnt_on, slug in lessons(stage, character, starts_on=starts_on, role=role):
        learn(stage, learner, slug=slug, role=role, on=learnt_on)


def made_up_id(stage: Stage) -> uuid.UUID:
    """Return an id that is the same in every loading, so that receipt codes are the same too."""
    return uuid.UUID(int=stage.chance.getrandbits(128), version=4)


def let_in(stage: Stage, character: Character, *, person_id: uuid.UUID, now: datetime) -> None:
    """Give somebody a password, and a site to manage where their sign-in says so."""
    slip = people.issue_slip(stage.database, viewer=stage.viewer, person_id=person_id, now=now)
    invites.accept_invite(stage.database, token=slip.token, password=PASSWORD, now=now)
    if character.sign_in == "site-manager":
        site_id = stage.sites[character.site]
        permissions.give(stage.database, viewer=stage.viewer, person_id=person_id, site_id=site_id, now=now)


def lessons(stage: Stage, character: Character, *, starts_on: date, role: Role) -> Iterator[tuple[date, str]]:
    """Yield the days on which somebody learns which item, up to yesterday, in order."""
    slugs = stage.catalog.tracks[role].core
    for days in HABITS[character.habit]:
        for number, slug in enumerate(slugs):
            # Somebody who does it once often stops before the end of the track.
            if character.habit in {"once", "late"} and number and stage.chance.random() < 0.4:
                continue
            learnt_on = starts_on + timedelta(days=days + number * stage.chance.randint(1, 4))
            if learnt_on < stage.today:
                yield learnt_on, slug


def learn(stage: Stage, learner: Viewer, *, slug: str, role: Role, on: date) -> None:
    """Send an attempt that passes, now and then after one that does not."""
    tries = (False, True) if stage.chance.random() < 0.2 else (True,)
    for hour, passing in zip(count(11), tries, strict=False):
        now = at(on, hour, learner.time_zone)
        item = stage.catalog.item(slug)
        answers = module_answers(item, role, right=passing) if isinstance(item, Module) else story(item, safe=passing)
        learning.submit_attempt(
            stage.database,
            viewer=learner,
            sent=Sent(
                attempt_id=made_up_id(stage),
                item=slug,
                content_hash=item.content_hash,
                role=role,
                answers=answers,
                started_at=now - timedelta(minutes=item.minutes),
            ),
            now=now,
        )


def refer(stage: Stage, *, now: datetime) -> None:
    """Say what the organisation's files for ASC-WDS call some of its sites and people."""
    known = {"viewer": stage.viewer, "now": now}
    named = {stage.sites[name]: reference for name, reference in WORKPLACES.items()}
    references.save_workplaces(stage.database, references=named, **known)
    with stage.database.read(stage.viewer.organisation_id) as session:
        ids = people.ids_by_name(session)
    for name, reference in WORKERS.items():
        references.save_worker(stage.database, person_id=ids[name], reference=reference, **known)


def move_some(stage: Stage) -> None:
    """Let a few people move, leave or work in two places, so that those statuses have somebody too."""
    with stage.database.read(stage.viewer.organisation_id) as session:
        found = {
            name: people.find_contact(session, viewer=stage.viewer, person_id=person_id)
            for name, person_id in people.ids_by_name(session).items()
        }
    leave(stage, found["Bronwen Hughes"], days=60)
    become(stage, found["Tariq Mahmood"], title="Shared Lives carer", site="Community Team", days=100, leaving=True)
    become(stage, found["Abdi Hassan"], title="Senior support worker", site="Alder House", days=200, leaving=False)
    step_out(stage, away=found["Megan Roberts"], exempted=found["Jamie Archer"], item="new-home-new-noise")


def step_out(stage: Stage, *, away: people.Contact, exempted: people.Contact, item: str) -> None:
    """Let one person be on leave and another be let off an item, from some weeks ago for some to come."""
    starts_on, ends_on = stage.today - timedelta(days=60), stage.today + timedelta(days=60)
    now = at(starts_on, 9, stage.viewer.time_zone)
    days = {"viewer": stage.viewer, "starts_on": starts_on, "ends_on": ends_on, "now": now}
    absences.add_absence(stage.database, person_id=away.person_id, **days)
    why = "Goes through this story with the manager in person until the screen reader has arrived."
    let_off = {"catalog": stage.catalog, "person_id": exempted.person_id, "item": item, "who": "", "why": why}
    exemptions.add_exemption(stage.database, **let_off, **days)


def leave(stage: Stage, contact: people.Contact, *, days: int) -> None:
    """Let somebody's job end so many days ago."""
    ends_on = stage.today - timedelta(days=days)
    now = at(ends_on, 16, stage.viewer.time_zone)
    employments.end_job(stage.database, viewer=stage.viewer, job_id=contact.jobs[0].id, ends_on=ends_on, now=now)


def become(stage: Stage, contact: people.Contact, *, title: str, site: str, days: int, leaving: bool) -> None:
    """Let somebody begin another job so many days ago, leaving the one they had or keeping it."""
    if leaving:
        leave(stage, contact, days=days + 1)
    starts_on = stage.today - timedelta(days=days)
    employments.add_job(
        stage.database,
        viewer=stage.viewer,
        person_id=contact.person_id,
        job_title_id=stage.titles[title],
        site_id=stage.sites[site],
        starts_on=starts_on,
        now=at(starts_on, 9, stage.viewer.time_zone),
    )
