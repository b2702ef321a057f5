"""People to be in a browser test: added to the demonstration through the services."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from training.db import Database
from training.demonstration import sign_in
from training.domain.days import day_in
from training.services import invites, organisations, people
from training.services.people import NewPerson

PASSWORD = "four green teapots"
NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who can sign in."""

    person_id: uuid.UUID
    sign_in_name: str
    password: str = PASSWORD


def add_learner(database: Database, *, now: datetime, name: str = "", title: str = "Support worker") -> Learner:
    """Add somebody who starts today, and set their password by a one-time link."""
    viewer = sign_in(database, name="manager", now=now)
    titles = {one.name: one.id for one in organisations.list_job_titles(database, viewer=viewer)}
    new = NewPerson(
        name=name or f"Learner {next(NUMBERS)}",
        email="",
        staff_number="",
        job_title_id=titles[title],
        site_id=organisations.list_sites(database, viewer=viewer)[0].id,
        starts_on=day_in(now, viewer.time_zone),
    )
    person_id = people.add_person(database, viewer=viewer, new=new, now=now)
    slip = people.issue_slip(database, viewer=viewer, person_id=person_id, now=now)
    return Learner(person_id, invites.accept_invite(database, token=slip.token, password=PASSWORD, now=now))
