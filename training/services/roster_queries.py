"""The queries that find the people of a report: on file on a day, and whatever else was asked for."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, or_, select, tuple_

from training.domain.status import Status
from training.models import WHOLE_ID, Employment, OnFileRow, Person, StandingRow, TitleRole
from training.services.employments import covers
from training.services.status_queries import DAY, falls_due, has_turned, stands

if TYPE_CHECKING:
    from training.services.rosters import Roster

AFTER = tuple_(bindparam("after_name", type_=String()), bindparam("after_id", type_=Uuid()))


class Shape(NamedTuple):
    """What a query of people depends on but for the values: queries of one shape are built once.

    `statuses` and `is_due` narrow to those with such a line at present.
    """

    is_known_at: bool = False
    everywhere: bool = True
    title: bool = False
    role: bool = False
    item: bool = False
    statuses: frozenset[Status] = frozenset()
    is_due: bool = False
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
    query = select(Person.id, Person.name, Person.staff_number).where(*_at_work(shape))
    if shape.statuses or shape.is_due:
        query = query.where(_has_line(shape))
    if shape.after:
        query = query.where(tuple_(Person.name, Person.id) > AFTER)
    return query.order_by(Person.name, Person.id)


@lru_cache(maxsize=64)
def ids_query(shape: Shape) -> Select:
    """Return the query of the ids of the same people, for another query to look into."""
    return select(Person.id).where(*_at_work(shape))


def _at_work(shape: Shape) -> tuple[ColumnElement[bool], ...]:
    jobs = select(Employment.person_id).where(*_on_file(shape))
    if shape.title:
        jobs = jobs.where(Employment.job_title_id == bindparam("job_title_id"))
    if shape.role:
        known_at = bindparam("known_at") if shape.is_known_at else None
        jobs = jobs.join(TitleRole, TitleRole.job_title_id == Employment.job_title_id).where(
            TitleRole.role == bindparam("role"), *covers(TitleRole, DAY, known_at=known_at)
        )
    if shape.everywhere:
        # Among all people it is quicker to look at each in turn than to find them all first.
        return (jobs.where(Employment.person_id == Person.id).correlate(Person).exists(),)
    return (Person.id.in_(jobs.where(Employment.site_id.in_(bindparam("site_ids", expanding=True)))),)


def _on_file(shape: Shape) -> tuple[ColumnElement[bool], ...]:
    return tuple(covers(Employment, DAY, known_at=bindparam("known_at") if shape.is_known_at else None))


def _has_line(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a person has such a line, looked for person by person: each has but a few."""
    fits = [stands(shape.statuses)] if shape.statuses else []
    fits += [falls_due()] if shape.is_due else []
    lines = select(StandingRow.person_id).where(StandingRow.person_id == Person.id, or_(has_turned(), and_(*fits)))
    if shape.item:
        lines = lines.where(StandingRow.item == bindparam("item"))
    together = _any(lines.where(StandingRow.site_id == WHOLE_ID))
    if shape.everywhere:
        return together
    # Whoever works elsewhere too is judged here by the row that this site has of its own.
    jobs = select(Employment.person_id).where(Employment.person_id == Person.id, *_on_file(shape))
    turned = select(OnFileRow.person_id).where(OnFileRow.person_id == Person.id, OnFileRow.next_change_on <= DAY)
    return or_(
        and_(together, ~_any(jobs.where(Employment.site_id != bindparam("site_id")))),
        _any(lines.where(StandingRow.site_id == bindparam("site_id"))),
        _any(turned),
    )


def _any(rows: Select) -> ColumnElement[bool]:
    return rows.correlate(Person).exists()
