"""Those known here and not on file on a day: leavers, future starters, people in no job. They are in no figure."""

import uuid
from functools import lru_cache

from sqlalchemy import Integer, Select, bindparam, func, or_, select

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
    return roster.session.scalar(_count(**_shape(roster)), _asked(roster)) or 0


def read(roster: Roster, *, first: int, most: int) -> tuple[Named, ...]:
    """Return the id and name of so many of them, from one on, by name."""
    if roster.wanted.search:
        return named(roster)[first : first + most]
    window = {"first": first, "most": most}
    return tuple(map(tuple, roster.session.execute(_page(**_shape(roster)), _asked(roster) | window)))


def named(roster: Roster) -> tuple[Named, ...]:
    """Return those with the name looked for."""
    asked = roster.wanted.search.casefold()
    found = roster.session.execute(_query(**_shape(roster)), _asked(roster))
    return tuple((person_id, name) for person_id, name in found if asked in name.casefold())


@lru_cache
def _query(*, is_known_at: bool, of_all: bool) -> Select:
    known_at = bindparam("known_at") if is_known_at else None
    here = select(Employment.person_id).where(
        Employment.person_id == Person.id, *covers(Employment, bindparam("day"), known_at=known_at)
    )
    on_file = here.correlate(Person).exists()
    query = select(Person.id, Person.name).where(~on_file).order_by(Person.name, Person.id)
    if of_all:
        return query
    jobs = select(Employment.person_id).where(
        Employment.site_id.in_(bindparam("sites", expanding=True)), Employment.withdrawn_at.is_(None)
    )
    if not is_known_at:
        # Whoever has a job here on the day is on file, so only the others are looked at.
        jobs = jobs.where(or_(Employment.starts_on > bindparam("day"), Employment.ends_on < bindparam("day")))
    return query.where(Person.id.in_(jobs))


@lru_cache
def _count(*, is_known_at: bool, of_all: bool) -> Select:
    found = _query(is_known_at=is_known_at, of_all=of_all)
    return select(func.count()).select_from(found.order_by(None).subquery())


@lru_cache
def _page(*, is_known_at: bool, of_all: bool) -> Select:
    found = _query(is_known_at=is_known_at, of_all=of_all)
    return found.offset(bindparam("first", type_=Integer())).limit(bindparam("most", type_=Integer()))


def _shape(roster: Roster) -> dict[str, bool]:
    return {"is_known_at": roster.as_of.known_at is not None, "of_all": roster.viewer.manages_all}


def _asked(roster: Roster) -> dict[str, object]:
    as_of = roster.as_of
    return {"day": as_of.day, "known_at": as_of.known_at, "sites": sorted(roster.viewer.site_ids)}
