"""Standings: worked out from facts and kept in the same commit as the facts."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain import requirement as rules
from training.domain.certification import Pass, Period, certify_all
from training.domain.days import Span
from training.domain.need import Facts
from training.domain.roles import Role
from training.domain.standing import work_out
from training.models import Completion, Employment, Person, Requirement, StandingRow, TitleRole
from training.services.standing_rows import Line, columns, line_of


@dataclass(frozen=True, slots=True)
class Post:
    """One employment: where, when, and the days on which its title has a role."""

    site_id: uuid.UUID
    worked: Span
    roles: tuple[tuple[str, Span], ...]


@dataclass(slots=True)
class OnRecord:
    """What is on record of one person: posts, and passes of each item."""

    posts: dict[uuid.UUID, Post] = field(default_factory=dict)
    passes: dict[str, list[Pass]] = field(default_factory=lambda: defaultdict(list))


def wait_for_turn(session: Session, *, person_ids: Collection[uuid.UUID]) -> None:
    """Let one transaction at a time change what is on record of a person; whoever comes second waits for the first.

    The lock leaves room for rows that refer to the person, so that whoever has added one can still wait here.
    """
    people = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(people.with_for_update(key_share=True))


def bring_up_to_date(session: Session, *, organisation_id: int, person_ids: Collection[uuid.UUID], today: date) -> None:
    """Work out anew the standings of these people and store what changed; part of the caller's commit."""
    wait_for_turn(session, person_ids=person_ids)
    worked_out = {
        (line.person_id, line.requirement_id): line
        for line in work_out_lines(session, person_ids=person_ids, today=today)
    }
    rows = session.scalars(select(StandingRow).where(StandingRow.person_id.in_(person_ids)))
    stored = {(row.person_id, row.requirement_id): row for row in rows}
    for key in stored.keys() - worked_out.keys():
        session.delete(stored[key])
    for key, line in worked_out.items():
        row = stored.get(key) or StandingRow(organisation_id=organisation_id)
        for name, value in columns(line).items():
            setattr(row, name, value)
        row.worked_out_on = today
        session.add(row)


def work_out_lines(
    session: Session, *, person_ids: Collection[uuid.UUID], today: date, site_ids: Collection[uuid.UUID] | None = None
) -> Iterator[Line]:
    """Yield the lines of these people as their facts have it on a day: what they need or needed, and what they hold.

    With `site_ids` they are judged by their posts at those sites alone.
    """
    on_record = read_facts(session, person_ids=person_ids)
    yield from lines_of(on_record, required=list_requirements(session), today=today, site_ids=site_ids)


def lines_of(
    on_record: Mapping[uuid.UUID, OnRecord],
    *,
    required: Mapping[uuid.UUID, rules.Requirement],
    today: date,
    site_ids: Collection[uuid.UUID] | None = None,
) -> Iterator[Line]:
    """Yield the lines that facts already read come to."""
    for person_id, record in on_record.items():
        for requirement_id, requirement in required.items():
            facts = facts_of(record, requirement, site_ids=site_ids)
            if facts.needed() or facts.periods:
                yield Line(person_id, requirement_id, requirement.item, work_out(facts, as_at=today))


def list_requirements(session: Session) -> dict[uuid.UUID, rules.Requirement]:
    """Return the requirements in scope as the rules see them."""
    rows = session.scalars(select(Requirement).where(Requirement.withdrawn_at.is_(None)))
    return {row.id: requirement_of(row) for row in rows}


def requirement_of(row: Requirement) -> rules.Requirement:
    """Return a requirement's row as the rules see it."""
    return rules.Requirement(
        id=str(row.id),
        name=Role(row.role).label,
        item=row.item,
        role=Role(row.role),
        terms=rules.Terms(
            valid_months=row.valid_months,
            window_days=row.window_days,
            basis=rules.Basis(row.basis),
            fixed_month=row.fixed_month,
            fixed_day=row.fixed_day,
            minimum_months=row.minimum_months,
        ),
        due_days=row.due_days,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def read_facts(session: Session, *, person_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, OnRecord]:
    """Return what is on record of these people, in two queries."""
    found: dict[uuid.UUID, OnRecord] = defaultdict(OnRecord)
    rows = session.execute(
        select(Employment, TitleRole)
        .outerjoin(
            TitleRole,
            (TitleRole.organisation_id == Employment.organisation_id)
            & (TitleRole.job_title_id == Employment.job_title_id)
            & (TitleRole.withdrawn_at.is_(None)),
        )
        .where(Employment.person_id.in_(person_ids), Employment.withdrawn_at.is_(None))
    )
    for employment, title_role in rows:
        posts = found[employment.person_id].posts
        posts[employment.id] = post_of(employment, title_role, before=posts.get(employment.id))
    passes = session.execute(
        select(Completion.person_id, Completion.item, Completion.passed_on).where(Completion.person_id.in_(person_ids))
    )
    for person_id, item, passed_on in passes:
        found[person_id].passes[item].append(Pass(passed_on))
    return found


def post_of(employment: Employment, title_role: TitleRole | None, *, before: Post | None) -> Post:
    """Return a post with the days of one more role."""
    worked = Span(employment.starts_on, employment.ends_on)
    roles = before.roles if before else ()
    in_role = worked.common_with(Span(title_role.starts_on, title_role.ends_on)) if title_role else None
    return Post(employment.site_id, worked, (*roles, (title_role.role, in_role)) if in_role else roles)


def facts_of(
    on_record: OnRecord, requirement: rules.Requirement, *, site_ids: Collection[uuid.UUID] | None = None
) -> Facts:
    """Return what the rules need to know of one person and one requirement."""
    posts = [post for post in on_record.posts.values() if site_ids is None or post.site_id in site_ids]
    return Facts(
        requirement=requirement.name,
        on_file=tuple(post.worked for post in posts),
        needs=tuple(span for post in posts for role, span in post.roles if role == requirement.role),
        due_days=requirement.due_days,
        periods=certify_all(on_record.passes.get(requirement.item, ()), terms_on=lambda _day: requirement.terms),
        requirement_starts_on=requirement.starts_on,
        requirement_ends_on=requirement.ends_on,
    )


def read_lines(session: Session, *, today: date, person_ids: Collection[uuid.UUID] | None = None) -> tuple[Line, ...]:
    """Return the lines of these people, or of everybody in scope, as they are on a day.

    A row whose day of change has come is worked out anew from the facts, so that no answer is ever a day old.
    """
    query = select(StandingRow, Requirement.role).join(
        Requirement,
        (Requirement.organisation_id == StandingRow.organisation_id) & (Requirement.id == StandingRow.requirement_id),
    )
    if person_ids is not None:
        query = query.where(StandingRow.person_id.in_(person_ids))
    rows = session.execute(query).all()
    stale = {row.person_id for row, _ in rows if row.next_change_on is not None and row.next_change_on <= today}
    kept = [line_of(row, requirement=Role(role).label) for row, role in rows if row.person_id not in stale]
    return (*kept, *work_out_lines(session, person_ids=stale, today=today)) if stale else tuple(kept)


def read_periods(session: Session, *, person_id: uuid.UUID, requirement: rules.Requirement) -> tuple[Period, ...]:
    """Return the periods of one person's passes by the terms of one requirement, in order of pass."""
    return facts_of(read_facts(session, person_ids=[person_id])[person_id], requirement).periods
