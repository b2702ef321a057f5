"""Those known here and not on file on a day: leavers, future starters, people in no job. They are in no figure."""

import uuid

from sqlalchemy import Select, func, select

from training.models import Employment, Person
from training.services.employments import covers
from training.services.rosters import Roster

Named = tuple[uuid.UUID, str]


def are_asked_for(roster: Roster) -> bool:
    """Say whether they belong on a list: it asks for nothing that only people on file have."""
    wanted = roster.wanted
    return not (wanted.status or wanted.site_id or wanted.item or wanted.role or wanted.job_title_id)


def count(roster: Roster) -> int:
    """Return how many there are, with the name looked for where one is."""
    if not are_asked_for(roster):
        return 0
    if roster.wanted.search:
        return len(named(roster))
    return roster.session.scalar(select(func.count()).select_from(_query(roster).order_by(None).subquery())) or 0


def read(roster: Roster, *, first: int, most: int) -> tuple[Named, ...]:
    """Return the id and name of so many of them, from one on, by name."""
    if roster.wanted.search:
        return named(roster)[first : first + most]
    return tuple(map(tuple, roster.session.execute(_query(roster).offset(first).limit(most))))


def named(roster: Roster) -> tuple[Named, ...]:
    """Return those with the name looked for."""
    asked = roster.wanted.search.casefold()
    return tuple((row.id, row.name) for row in roster.session.execute(_query(roster)) if asked in row.name.casefold())


def _query(roster: Roster) -> Select:
    here = select(Employment.person_id).where(
        Employment.person_id == Person.id, *covers(Employment, roster.as_of.day, known_at=roster.as_of.known_at)
    )
    on_file = here.correlate(Person).exists()
    query = select(Person.id, Person.name).where(~on_file).order_by(Person.name, Person.id)
    if roster.viewer.manages_all:
        return query
    jobs = select(Employment.person_id).where(
        Employment.site_id.in_(roster.viewer.site_ids), Employment.withdrawn_at.is_(None)
    )
    return query.where(Person.id.in_(jobs))
