"""Facts as known now or at an earlier instant: what is on record of people, and what an organisation requires."""

import json
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from training.domain.certification import Pass, that_count
from training.domain.days import Span, day_in
from training.domain.need import Exemption as Exempted
from training.domain.person_record import ContentChange, House, Leave, PersonRecord, Post
from training.domain.requirement import Audience, Basis, Reach, Requirement, Terms, Version
from training.domain.roles import Role
from training.models import ContentDecision, ContentVersion, Replacement, RequirementVersion
from training.services.fact_queries import REQUIREMENT, VERSION_LISTS, house_query, posts_query, record_query

# A statement names so many people at once; databases limit how many it may.
AT_ONCE = 5_000
# What a version's row holds: lists, and what is plain.
LISTS_OF = attrgetter(*VERSION_LISTS)
TERMS = ("valid_months", "window_days", "fixed_month", "fixed_day", "minimum_months")
PLAIN_OF = attrgetter("starts_on", "ends_on", "due_days", "reach", "again_by", "announced_on", "basis", *TERMS)


def read_records(
    session: Session,
    *,
    person_ids: Collection[uuid.UUID],
    known_at: datetime | None = None,
    items: Collection[str] | None = None,
    with_jobs: bool = True,
) -> Mapping[uuid.UUID, PersonRecord]:
    """Return what is on record of these people, as known at an instant, in two queries for each few thousand.

    With `items`, their passes and exemptions of those alone, and their passes of what those replace. Without jobs it is
    one query.
    """
    found: dict[uuid.UUID, PersonRecord] = defaultdict(PersonRecord)
    older: dict[str, set[str]] = defaultdict(set)
    every = sorted(person_ids)
    for start in range(0, max(len(every), 1), AT_ONCE):
        some = every[start : start + AT_ONCE]
        if with_jobs:
            add_posts(found, session, person_ids=some, known_at=known_at)
        add_records(found, session, person_ids=some, known_at=known_at, items=items, older=older)
    for record in found.values():
        record.passes = passes_counting(record.passes, older=older)
    return found


def imported_pass(item: str, passed_on: date, given_until: date | None, *, evidence: str) -> Pass:
    """Return a pass on another system's record; a mark stands in the place of the content, which is none of ours."""
    return Pass(passed_on, given_until=given_until, content_hash=f"elsewhere: {item}", evidence=evidence)


def passes_counting(passes: Mapping[str, list[Pass]], *, older: Mapping[str, Collection[str]]) -> dict[str, list[Pass]]:
    """Return the passes that count for each item: its own, and those of the older items that it replaces.

    A refresher rests on a pass of its own item alone.
    """
    own = {item: that_count(some) for item, some in passes.items()}
    found = dict(own)
    for item, replaced in older.items():
        theirs = [replace(each, of_older=True) for one in sorted(replaced) for each in own.get(one, ())]
        if theirs:
            found[item] = [*own.get(item, ()), *theirs]
    return found


def add_records(
    found: Mapping[uuid.UUID, PersonRecord],
    session: Session,
    *,
    person_ids: Collection[uuid.UUID],
    known_at: datetime | None,
    items: Collection[str] | None,
    older: Mapping[str, set[str]],
) -> None:
    """Add what is on record of some people but their jobs, and by item which older ones it replaces."""
    asked = {"person_ids": person_ids} if items is None else {"person_ids": person_ids, "items": list(items)}
    query = record_query(known_at, of_items=items is not None)
    for kind, person_id, what, from_, until, first, second in session.execute(query, asked):
        if kind == "replacement":
            older[what].add(first)
            continue
        record = found[person_id]
        if kind == "pass":
            passed = Pass(from_, content_hash=first, is_refresher=bool(second))
            record.passes.setdefault(what, []).append(passed)
        elif kind == "imported":
            record.passes.setdefault(what, []).append(imported_pass(what, from_, until, evidence=second))
        elif kind == "absence":
            record.leaves.append(Leave(Span(from_, until), str(uuid.UUID(what)) if what else None))
        else:
            record.exemptions.setdefault(what, []).append(Exempted(Span(from_, until), first, second))


def add_posts(
    found: Mapping[uuid.UUID, PersonRecord],
    session: Session,
    *,
    person_ids: Collection[uuid.UUID],
    known_at: datetime | None,
) -> None:
    """Add people's jobs, each with the days on which its title has which role."""
    posts: dict[uuid.UUID, tuple[uuid.UUID, Post]] = {}
    roles: dict[uuid.UUID, list[tuple[Role, Span]]] = defaultdict(list)
    for job_id, person_id, site_id, title_id, *worked, role, from_, until in session.execute(
        posts_query(known_at), {"person_ids": person_ids}
    ):
        days = Span(*worked)
        in_role = days.common_with(Span(from_, until)) if role else None
        if in_role:
            roles[job_id].append((Role(role), in_role))
        posts[job_id] = person_id, Post(str(site_id), str(title_id), days, tuple(roles[job_id]))
    for person_id, post in posts.values():
        found[person_id].posts.append(post)


def read_house(session: Session, *, known_at: datetime | None = None) -> House:
    """Return what the organisation in scope has decided, as known at an instant, in one query.

    A second asks for the content that everyone passes again, where there is any.
    """
    rows = session.execute(house_query(known_at), {"organisation_id": session.info["scope"]}).all()
    now = rows[0]
    changes = read_changes(session, time_zone=now.time_zone, known_at=known_at) if now.passed_again else ()
    return House(
        requirements=requirements_read(tuple(rows)),
        changes=tuple(changes),
        long_leave_days=now.long_leave_days if now.days_before is None else now.days_before,
    )


def read_requirement(session: Session, *, requirement_id: uuid.UUID) -> Requirement:
    """Return one requirement as it is known now."""
    rows = session.execute(REQUIREMENT, {"requirement_id": requirement_id})
    return requirements_read(tuple(rows))[str(requirement_id)]


# The same few are read for every page.
@lru_cache(maxsize=100)
def requirements_read(rows: tuple[Row, ...]) -> dict[str, Requirement]:
    """Return the requirements in some rows by id, each with its versions in the order given."""
    versions: dict[str, list[Version]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in rows:
        if row.requirement_id is None:
            continue
        key = str(row.requirement_id)
        versions[key].append(version_of(row))
        names[key] = row.name
    return {key: Requirement(key, name, tuple(versions[key])) for key, name in names.items()}


def version_of(row: RequirementVersion | Row) -> Version:
    """Return a version's row, or the columns of one, as the rules see it."""
    items, roles, titles, sites = map(read_list, LISTS_OF(row))
    starts_on, ends_on, due_days, reach, again_by, announced_on, basis, *terms = PLAIN_OF(row)
    return Version(
        days=Span(starts_on, ends_on),
        items=tuple(items),
        audience=Audience(
            roles=frozenset(Role(role) for role in roles), job_titles=frozenset(titles), sites=frozenset(sites)
        ),
        terms=Terms(basis=Basis(basis), **dict(zip(TERMS, terms, strict=True))),
        due_days=due_days,
        reach=Reach(reach),
        again_by=again_by,
        announced_on=announced_on,
    )


def read_list(kept: str | list[str]) -> list[str]:
    """Return a list that is kept, or its text."""
    return json.loads(kept) if isinstance(kept, str) else kept


def read_changes(
    session: Session, *, time_zone: str, known_at: datetime | None, also: ContentDecision | None = None
) -> Iterable[ContentChange]:
    """Yield the new versions of items that everyone passes again, with the contents that no longer serve.

    Content of an item that was replaced is older than any of the new one, and where everyone passes it again, what it
    still counts for ends by the same day. `also` is a decision that is not written yet.
    """
    query = select(ContentDecision).order_by(ContentDecision.recorded_at)
    if known_at:
        query = query.where(ContentDecision.recorded_at <= known_at)
    decisions = [*session.scalars(query), *([also] if also else [])]
    items = {decision.item for decision in decisions}
    contents = session.execute(contents_of(items, known_at=known_at)).all()
    kept_at = {row.content_hash: row.recorded_at for row in contents}
    for decision, replaced_by in in_turn(decisions):
        newest = kept_at[decision.content_hash]
        own = [row for row in contents if row.item == decision.item]
        older = {row.content_hash for row in own if row.recorded_at < newest}
        older |= {row.content_hash for row in contents if row.replaced_by == decision.item}
        change = change_of(decision, older=older, replaced_by=replaced_by, time_zone=time_zone)
        yield change
        yield from (replace(change, item=newer) for newer in sorted({row.replaced_by for row in own} - {None}))


def contents_of(items: Collection[str], *, known_at: datetime | None) -> Select:
    """Return the query of every content of some items and of those that they replace, with each that replaces it."""
    replaced = Replacement.older == ContentVersion.item
    if known_at:
        replaced &= Replacement.recorded_at <= known_at
    columns = (ContentVersion.item, ContentVersion.content_hash, ContentVersion.recorded_at)
    return (
        select(*columns, Replacement.item.label("replaced_by"))
        .outerjoin(Replacement, replaced)
        .where(or_(ContentVersion.item.in_(items), Replacement.item.in_(items)))
    )


def in_turn(decisions: Iterable[ContentDecision]) -> Iterator[tuple[ContentDecision, ContentDecision | None]]:
    """Yield each decision that everyone passes again with the next one about the same version, in order of time."""
    by_version: dict[str, list[ContentDecision]] = defaultdict(list)
    for decision in decisions:
        by_version[decision.content_hash].append(decision)
    for some in by_version.values():
        for decision, replaced_by in zip_longest(some, some[1:]):
            if decision.reach == Reach.EVERYONE_AGAIN:
                yield decision, replaced_by


def change_of(
    decision: ContentDecision, *, older: Collection[str], replaced_by: ContentDecision | None, time_zone: str
) -> ContentChange:
    """Return a decision that everyone passes again as the rules see it."""
    return ContentChange(
        item=decision.item,
        again_by=decision.again_by,
        announced_on=day_in(decision.recorded_at, time_zone),
        older=frozenset(older),
        replaced_on=day_in(replaced_by.recorded_at, time_zone) if replaced_by else None,
    )
