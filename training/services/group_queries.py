"""Queries that add up stored lines, as they stand on the present day, by group of people.

A person of whom a row has turned since it was stored, or with two requirements on one item, is left out of them: only
the rules can say which line speaks.
"""

from enum import StrEnum
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    null,
    or_,
    select,
    union,
    union_all,
)

from training.models import WHOLE_ID, Employment, OnFileRow, StandingRow, TitleRole
from training.services.employments import covers
from training.services.status_queries import DAY, has_turned, is_on_file, status_of


class Group(StrEnum):
    """What people are put together by, known by its slug in addresses."""

    ROLE = "role"
    JOB_TITLE = "job-title"


def only_rules_know() -> Select:
    """Return the query of the people of whom the stored lines do not speak for themselves.

    `shared` are the items that more than one requirement asks for.
    """
    turned = select(StandingRow.person_id).where(has_turned())
    moved = select(OnFileRow.person_id).where(OnFileRow.next_change_on <= DAY)
    several = (
        select(StandingRow.person_id)
        .where(StandingRow.item.in_(bindparam("shared", expanding=True)))
        .group_by(StandingRow.person_id, StandingRow.item, StandingRow.site_id)
        .having(func.count() > 1)
    )
    return select(union(turned, moved, several).subquery().c.person_id)


@lru_cache
def groups_query(group: Group, *, everywhere: bool) -> CompoundSelect:
    """Return the query of how many people are in each group and, by status, how many lines these have."""
    jobs = members(group, everywhere=everywhere)
    spoken_for = jobs.c.person_id.not_in(only_rules_know())
    theirs = and_(
        StandingRow.organisation_id == jobs.c.organisation_id,
        StandingRow.person_id == jobs.c.person_id,
        lines_here(everywhere=everywhere),
    )
    status = status_of()
    lines = select(jobs.c.of, status.label("status"), func.count().label("number")).join(StandingRow, theirs)
    heads = select(jobs.c.of, cast(null(), String), func.count()).where(spoken_for).group_by(jobs.c.of)
    return union_all(lines.where(is_on_file(), spoken_for).group_by(jobs.c.of, status), heads)


def members(group: Group, *, everywhere: bool) -> Subquery:
    """Return who is in which group on the day, each once; whoever has jobs of two groups is in both."""
    of = TitleRole.role if group is Group.ROLE else Employment.job_title_id
    query = select(Employment.organisation_id, Employment.person_id, of.label("of")).where(*at_work(everywhere))
    if group is Group.ROLE:
        query = query.join(TitleRole, TitleRole.job_title_id == Employment.job_title_id).where(*covers(TitleRole, DAY))
    return query.distinct().subquery()


def at_work(everywhere: bool) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a job on the day, anywhere or at the site."""
    here = () if everywhere else (Employment.site_id == bindparam("site_id"),)
    return (*covers(Employment, DAY), *here)


def lines_here(*, everywhere: bool) -> ColumnElement[bool]:
    """Return the condition that a row is the one by which its person is judged: together, or at the site.

    Whoever works elsewhere too is judged at the site by a row of its own.
    """
    if everywhere:
        return StandingRow.site_id == WHOLE_ID
    here = select(Employment.person_id).where(*at_work(False))
    elsewhere = select(Employment.person_id).where(*at_work(True), Employment.site_id != bindparam("site_id"))
    alone = and_(StandingRow.person_id.in_(here), StandingRow.person_id.not_in(elsewhere))
    return or_(StandingRow.site_id == bindparam("site_id"), and_(StandingRow.site_id == WHOLE_ID, alone))
