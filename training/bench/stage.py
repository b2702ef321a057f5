"""The cast comes on: an organisation and some hundred people with their histories, through the services people use."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from training.answering import module_answers, story
from training.bench.cast import AGE, ROLES, Part, parts
from training.catalog.library import Catalog
from training.db import Database
from training.demonstration import at
from training.domain.days import day_in
from training.domain.module import Module
from training.domain.requirement import Terms
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
    requirement_changes,
    versions,
)
from training.services.accounts import Viewer
from training.services.learning import Sent
from training.services.people import NewPerson
from training.services.requirement_plans import Asked

SLUG = "bench"
MANAGER = "manager@bench.example"
PASSWORD = "training-bench"  # noqa: S105 - of made-up people in a throw-away database
ZONE = "Europe/London"
TERMS = Terms(valid_months=12)
DUE_DAYS = 30
FIRST = ("Ada", "Bela", "Chen", "Dara", "Efe", "Fay", "Gus", "Hana", "Ivo", "Jo", "Kit", "Lena", "Mo", "Nia", "Oz")
LAST = ("Abara", "Bird", "Cole", "Doyle", "Eze", "Finch", "Grant", "Hall", "Imre", "Jones", "Khan", "Lund", "Mara")


@dataclass(slots=True)
class Stage:
    """What every act needs: who manages, what each role must hold, and where and as what people work."""

    database: Database
    catalog: Catalog
    viewer: Viewer
    today: date
    items: Mapping[Role, Sequence[str]]
    sites: Sequence[uuid.UUID]
    titles: Mapping[Role, uuid.UUID]
    chance: random.Random


def items_of(catalog: Catalog, *, requirements: int) -> dict[Role, tuple[str, ...]]:
    """Return so many items for each role, its core first."""
    tracks = {role: catalog.tracks[role] for role in dict.fromkeys(ROLES)}
    return {role: (*track.core, *track.further)[:requirements] for role, track in tracks.items()}


def open_stage(
    database: Database, *, catalog: Catalog, name: str, requirements: int, sites: int, now: datetime
) -> Stage:
    """Start the organisation with its sites, job titles and a requirement for each item, as it was once."""
    began = now - timedelta(days=AGE)
    versions.keep_versions(database, catalog=catalog, now=began)
    viewer = open_organisation(database, name=name, now=began)
    where = {"database": database, "viewer": viewer, "now": began}
    items = items_of(catalog, requirements=requirements)
    for slug in dict.fromkeys(slug for slugs in items.values() for slug in slugs):
        asked = Asked(
            name=catalog.title(slug),
            items=(slug,),
            roles=tuple(role for role, slugs in items.items() if slug in slugs),
            terms=TERMS,
            due_days=DUE_DAYS,
            starts_on=day_in(began, viewer.time_zone),
        )
        requirement_changes.add_requirement(asked=asked, catalog=catalog, **where)
    return Stage(
        database=database,
        catalog=catalog,
        viewer=viewer,
        today=day_in(now, viewer.time_zone),
        items=items,
        sites=[organisations.add_site(name=f"Site {number:05}", **where) for number in range(1, sites + 1)],
        titles={role: organisations.add_job_title(name=role.label, role=role, **where) for role in items},
        chance=random.Random(SLUG),  # noqa: S311 - a story, not a secret
    )


def open_organisation(database: Database, *, name: str, now: datetime) -> Viewer:
    """Start the organisation and return its manager, signed in as anybody would be."""
    token = organisations.add_organisation(
        database,
        slug=SLUG,
        name=name,
        manager_email=MANAGER,
        required={},
        time_zone=ZONE,
        today=day_in(now, ZONE),
        now=now,
    )
    invites.accept_invite(database, token=token, password=PASSWORD, now=now)
    token = accounts.sign_in(database, sign_in_name=MANAGER, password=PASSWORD, now=now, client="the bench")
    viewer = accounts.find_viewer(database, token=token, now=now)
    accounts.sign_out(database, token=token, now=now)
    if viewer is None:
        raise organisations.NotFound("The manager of the bench is not signed in.")
    return viewer


def play_all(stage: Stage, *, count: int) -> Iterator[uuid.UUID]:
    """Let so many people live their histories; yields the id of each when it is done."""
    fewest = min(len(items) for items in stage.items.values())
    for number, part in enumerate(parts(count, items=fewest)):
        yield play(stage, part, number=number, place=number * len(stage.sites) // count)


def play(stage: Stage, part: Part, *, number: int, place: int) -> uuid.UUID:
    """Add one person on their first day, and let come what their part has for them."""
    came = stage.today - timedelta(days=part.came)
    person_id = people.add_person(
        stage.database,
        viewer=stage.viewer,
        new=NewPerson(
            name=f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}",
            # The first five characters of what is unique are what the copies have of their own.
            email=f"00000.{number:05}@bench.example",
            staff_number=f"00000-{number:05}",
            job_title_id=stage.titles[part.role],
            site_id=stage.sites[place],
            starts_on=came,
            person_id=made_up_id(stage),
        ),
        now=at(came, 8, ZONE),
    )
    learner = replace(stage.viewer, person_id=person_id, manages_all=False)
    for days, item in sorted(part.passes, reverse=True):
        learn(stage, learner, slug=stage.items[part.role][item], role=part.role, on=stage.today - timedelta(days=days))
    happen(stage, part, person_id=person_id, place=place)
    return person_id


def made_up_id(stage: Stage) -> uuid.UUID:
    """Return an id that is the same in every seeding."""
    return uuid.UUID(int=stage.chance.getrandbits(128), version=4)


def learn(stage: Stage, learner: Viewer, *, slug: str, role: Role, on: date) -> None:
    """Send an attempt that passes, now and then after one that does not."""
    item = stage.catalog.item(slug)
    tries = (False, True) if stage.chance.random() < 0.15 else (True,)
    for hour, right in zip((11, 12), tries, strict=False):
        now = at(on, hour, ZONE)
        answers = module_answers(item, role, right=right) if isinstance(item, Module) else story(item, safe=right)
        sent = Sent(
            attempt_id=made_up_id(stage),
            item=slug,
            content_hash=item.content_hash,
            role=role,
            answers=answers,
            started_at=now - timedelta(minutes=item.minutes),
        )
        learning.submit_attempt(stage.database, viewer=learner, sent=sent, now=now)


def happen(stage: Stage, part: Part, *, person_id: uuid.UUID, place: int) -> None:
    """Let what else there is in a part come about: leave, exemptions, another post, another role, the end."""
    if part.away:
        days = days_around(stage, part.away)
        absences.add_absence(stage.database, viewer=stage.viewer, person_id=person_id, **days)
    if part.exempt:
        for slug in stage.items[part.role][-part.exempt :]:
            let_off(stage, person_id=person_id, slug=slug)
    if part.second:
        site_id = stage.sites[(place + 1) % len(stage.sites)]
        add_job(stage, part.role, person_id=person_id, site_id=site_id, days=part.second)
    if part.moved or part.left:
        end_job(stage, person_id=person_id, days=part.moved + 1 if part.moved else part.left)
    if part.moved:
        role = Role.NON_PRESCRIBER if part.role is Role.PRESCRIBER else Role.PRESCRIBER
        add_job(stage, role, person_id=person_id, site_id=stage.sites[place], days=part.moved)


def days_around(stage: Stage, days: int) -> dict:
    """Return some days from so many ago for as many to come, as they were known when they began."""
    starts_on = stage.today - timedelta(days=days)
    return {"starts_on": starts_on, "ends_on": stage.today + timedelta(days=days), "now": at(starts_on, 9, ZONE)}


def let_off(stage: Stage, *, person_id: uuid.UUID, slug: str) -> None:
    """Exempt a person from an item for some weeks around today."""
    exemptions.add_exemption(
        stage.database,
        viewer=stage.viewer,
        catalog=stage.catalog,
        person_id=person_id,
        item=slug,
        who="",
        why="Learns this with the manager in person.",
        **days_around(stage, 40),
    )


def add_job(stage: Stage, role: Role, *, person_id: uuid.UUID, site_id: uuid.UUID, days: int) -> None:
    """Let a job begin so many days ago."""
    starts_on = stage.today - timedelta(days=days)
    employments.add_job(
        stage.database,
        viewer=stage.viewer,
        person_id=person_id,
        job_title_id=stage.titles[role],
        site_id=site_id,
        starts_on=starts_on,
        now=at(starts_on, 9, ZONE),
    )


def end_job(stage: Stage, *, person_id: uuid.UUID, days: int) -> None:
    """Let a person's only job end so many days ago."""
    ends_on = stage.today - timedelta(days=days)
    with stage.database.read(stage.viewer.organisation_id) as session:
        job = people.find_contact(session, viewer=stage.viewer, person_id=person_id).jobs[0]
    now = at(ends_on, 16, ZONE)
    employments.end_job(stage.database, viewer=stage.viewer, job_id=job.id, ends_on=ends_on, now=now)
