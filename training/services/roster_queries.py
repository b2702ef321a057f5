"""The queries that find the people of a report: on file on a day, and whatever else was asked for."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, String, Uuid, and_, bindparam, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from training.domain.status import Status
from training.models import WHOLE_ID, Employment, OnFileRow, Person, StandingRow, TitleRole
from training.services.employments import covers
from training.services.status_queries import DAY, LATE, falls_due, has_turned, is_strictest, stands

if TYPE_CHECKING:
    from training.services.rosters import Roster

AFTER = tuple_(bindparam("after_name", type_=String()), bindparam("after_id", type_=Uuid()))


class Shape(NamedTuple):
    """What a query of people depends on but for the values: queries of one shape are built once.

    `statuses` and `is_due` narrow to those with such a line at present, which is the strictest of several requirements
    where some `overlap`.
    """

    is_known_at: bool = False
    everywhere: bool = True
    title: bool = False
    role: bool = False
    item: bool = False
    statuses: frozenset[Status] = frozenset()
    is_due: bool = False
    overlap: bool = False
    after: bool = False

    @classmethod
    def of(cls, roster: "Roster", *, narrowed: bool = False) -> "Shape":
        """Return the shape of the query that finds a roster's people."""
        narrowed = narrowed and roster.is_narrowed
        return cls(
            is_known_at=roster.as_of.known_at is not None,
            everywhere=roster.is_everywhere,
            title=roster.wanted.job_title_id is not None,
            role=roster.wanted.role is not None,
            item=bool(roster.wanted.item),
            statuses=(narrowed and roster.listed.statuses) or frozenset(),
            is_due=narrowed and roster.listed.within is not None,
            overlap=narrowed and roster.listed.statuses != LATE and roster.house.overlaps,
        )


def asked(roster: "Roster") -> dict[str, Any]:
    """Return the values that any of the queries may ask for."""
    day = roster.as_of.day
    return {
        "day": day,
        "known_at": roster.as_of.known_at,
        "site_ids": sorted(roster.site_ids),
        "site_id": next(iter(roster.site_ids), None),
        "job_title_id": roster.wanted.job_title_id,
        "role": roster.wanted.role,
        "item": roster.wanted.item,
        "due_until": roster.due_until,
    }


@lru_cache(maxsize=64)
def people_query(shape: Shape) -> Select:
    """Return the query of id, name and staff number of people on file, by name."""
    query = select(Person.id, Person.name, Person.staff_number).where(_at_work(shape))
    if shape.after:
        query = query.where(tuple_(Person.name, Person.id) > AFTER)
    # SQLite would look for a site's people among everybody's names, to be spared putting them in order.
    return query.order_by(Person.name if shape.everywhere else Person.name.concat(""), Person.id)


@lru_cache(maxsize=64)
def page_query(shape: Shape) -> Select:
    """Return the query of `most` of these people, from the one after the `first` so many."""
    return people_query(shape).offset(bindparam("first", type_=Integer())).limit(bindparam("most", type_=Integer()))


@lru_cache(maxsize=64)
def count_query(shape: Shape) -> Select:
    """Return the query of how many these people are."""
    return select(func.count()).select_from(people_query(shape).order_by(None).subquery())


@lru_cache(maxsize=64)
def ids_query(shape: Shape) -> Select:
    """Return the query of the ids of the same people, for another query to look into."""
    return select(Person.id).where(_at_work(shape))


def _at_work(shape: Shape) -> ColumnElement[bool]:
    jobs = select(Employment.person_id).where(*_on_file(Employment, shape))
    if shape.title:
        jobs = jobs.where(Employment.job_title_id == bindparam("job_title_id"))
    if shape.role:
        known_at = bindparam("known_at") if shape.is_known_at else None
        jobs = jobs.join(TitleRole, TitleRole.job_title_id == Employment.job_title_id).where(
            TitleRole.role == bindparam("role"), *covers(TitleRole, DAY, known_at=known_at)
        )
    has_line = _has_line(shape) if shape.statuses or shape.is_due else true()
    if shape.everywhere:
        # Among all people it is quicker to look at each in turn than to find them all first.
        return and_(jobs.where(Employment.person_id == Person.id).correlate(Person).exists(), has_line)
    # At a site they are found first, and of those alone who have such a line anything more is read.
    return Person.id.in_(jobs.where(Employment.site_id.in_(bindparam("site_ids", expanding=True)), has_line))


def _on_file(jobs: type[Employment], shape: Shape) -> tuple[ColumnElement[bool], ...]:
    return tuple(covers(jobs, DAY, known_at=bindparam("known_at") if shape.is_known_at else None))


def _has_line(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a person has such a line, looked for person by person: each has but a few.

    Everywhere it is of a person, at a site of whoever has a job there.
    """
    person_id = Person.id if shape.everywhere else Employment.person_id
    lines = select(StandingRow.person_id).where(StandingRow.person_id == person_id)
    lines = lines.where(stands(shape.statuses)) if shape.statuses else lines
    lines = lines.where(falls_due()) if shape.is_due else lines
    lines = lines.where(is_strictest()) if shape.overlap else lines
    turned = select(StandingRow.person_id).where(has_turned())
    if shape.item:
        lines, turned = (each.where(StandingRow.item == bindparam("item")) for each in (lines, turned))
    for_all, for_site = StandingRow.site_id == WHOLE_ID, StandingRow.site_id == bindparam("site_id")
    if shape.everywhere:
        return or_(_any(lines.where(for_all)), person_id.in_(turned.where(for_all)))
    # Whoever works elsewhere too is judged here by the row that this site has of its own.
    other = aliased(Employment)
    jobs = select(other.person_id).where(other.person_id == person_id, *_on_file(other, shape))
    elsewhere = _any(jobs.where(other.site_id != bindparam("site_id")))
    moved = select(OnFileRow.person_id).where(OnFileRow.next_change_on <= DAY)
    return or_(
        _any(lines.where(or_(for_site, and_(for_all, ~elsewhere)))),
        person_id.in_(turned.where(for_site)),
        person_id.in_(moved),
        and_(person_id.in_(turned.where(for_all)), ~elsewhere),
    )


def _any(rows: Select) -> ColumnElement[bool]:
    return rows.correlate(Person, Employment).exists()
