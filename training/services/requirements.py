"""Requirements as managers see them: the list, and one with every version and the decision behind it."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.requirement import Reach, Terms
from training.domain.requirement_words import audience_in_words, terms_in_words
from training.domain.roles import Role
from training.models import JobTitle, Person, Requirement, RequirementVersion, Site
from training.services.accounts import Viewer
from training.services.facts import version_of
from training.services.organisations import NotFound

FIRST = "first"
ELSEWHERE = N_("a site that you do not manage")


@dataclass(frozen=True, slots=True)
class VersionShown:
    """What a requirement asks on some days, in words."""

    track: Role | None
    titles: tuple[str, ...]
    audience: str
    terms: tuple[str, ...]
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """A requirement in the list, by the version in force, else the next, else the last."""

    id: uuid.UUID
    name: str
    shown: VersionShown
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RequirementsPage:
    """Every requirement by name: those that run or will, and those that have ended."""

    running: tuple[RequirementLine, ...]
    ended: tuple[RequirementLine, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what about a requirement, when, whom it reaches, and the numbers it came to."""

    act: str
    on: date
    who: str
    reach: Reach
    again_by: date | None
    shown: VersionShown
    numbers: Mapping[str, Any]
    stands: bool


@dataclass(frozen=True, slots=True)
class RequirementAsked:
    """What the latest version asks, as a form is filled in with it."""

    items: tuple[str, ...]
    track: Role | None
    roles: tuple[Role, ...]
    job_title_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    terms: Terms
    due_days: int


@dataclass(frozen=True, slots=True)
class RequirementPage:
    """One requirement: its versions by day, and the decisions about it, newest first."""

    id: uuid.UUID
    name: str
    edition: int
    begins_on: date
    ends_on: date | None
    has_ended: bool
    versions: tuple[VersionShown, ...]
    decisions: tuple[Decision, ...]
    latest: RequirementAsked


@dataclass(frozen=True, slots=True)
class Names:
    """What ids stand for; a site that the viewer does not manage has no name here."""

    titles: Mapping[str, str]
    sites: Mapping[str, str]
    catalog: Catalog

    def shown(self, row: RequirementVersion) -> VersionShown:
        """Return a version in words."""
        version = version_of(row)
        sites = sorted(self.sites[each] for each in row.site_ids if each in self.sites)
        hidden = [_(ELSEWHERE)] if len(sites) < len(row.site_ids) else []
        return VersionShown(
            track=Role(row.track) if row.track else None,
            titles=tuple(self.catalog.title(item) for item in row.items),
            audience=audience_in_words(
                tuple(version.audience.roles),
                job_titles=sorted(self.titles[each] for each in row.job_title_ids),
                sites=[*sites, *hidden],
            ),
            terms=terms_in_words(version.terms, due_days=version.due_days),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )


def list_requirements_page(database: Database, *, viewer: Viewer, catalog: Catalog, today: date) -> RequirementsPage:
    """Return every requirement of the organisation."""
    with database.read(viewer.organisation_id) as session:
        names = read_names(session, viewer=viewer, catalog=catalog)
        rows = session.execute(
            select(Requirement, RequirementVersion)
            .join(
                RequirementVersion,
                (RequirementVersion.organisation_id == Requirement.organisation_id)
                & (RequirementVersion.requirement_id == Requirement.id),
            )
            .where(RequirementVersion.withdrawn_at.is_(None))
            .order_by(RequirementVersion.starts_on)
        ).all()
    versions: dict[uuid.UUID, list[RequirementVersion]] = defaultdict(list)
    for _requirement, version in rows:
        versions[version.requirement_id].append(version)
    called = {requirement.id: requirement.name for requirement, _ in rows}
    lines = [
        RequirementLine(key, called[key], names.shown(telling(some, today)), some[-1].ends_on)
        for key, some in sorted(versions.items(), key=lambda each: called[each[0]].casefold())
    ]
    return RequirementsPage(
        running=tuple(line for line in lines if not has_ended(line.ends_on, today)),
        ended=tuple(line for line in lines if has_ended(line.ends_on, today)),
    )


def show_requirement(
    database: Database, *, viewer: Viewer, requirement_id: uuid.UUID, catalog: Catalog, today: date
) -> RequirementPage:
    """Return one requirement with its versions and the decisions about it.

    Raises:
        NotFound: when the organisation has no such requirement.
    """
    with database.read(viewer.organisation_id) as session:
        requirement = session.get(Requirement, (viewer.organisation_id, requirement_id))
        every = session.scalars(
            select(RequirementVersion)
            .where(RequirementVersion.requirement_id == requirement_id)
            .order_by(RequirementVersion.recorded_at, RequirementVersion.starts_on)
        ).all()
        names = read_names(session, viewer=viewer, catalog=catalog)
        people = dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(deciders(every)))).all())
    known = sorted((row for row in every if row.withdrawn_at is None), key=lambda row: row.starts_on)
    if requirement is None or not known:
        raise NotFound(_("There is no such requirement."))
    return RequirementPage(
        id=requirement.id,
        name=requirement.name,
        edition=requirement.edition,
        begins_on=known[0].starts_on,
        ends_on=known[-1].ends_on,
        has_ended=has_ended(known[-1].ends_on, today),
        versions=tuple(names.shown(row) for row in known),
        decisions=tuple(decisions(every, names=names, people=people, time_zone=viewer.time_zone)),
        latest=asked_by(known[-1]),
    )


def telling(versions: Sequence[RequirementVersion], today: date) -> RequirementVersion:
    """Return the version to tell of: the one in force, else the next, else the last."""
    return next((row for row in versions if row.ends_on is None or row.ends_on >= today), versions[-1])


def has_ended(ends_on: date | None, today: date) -> bool:
    """Say whether the last day is past."""
    return ends_on is not None and ends_on < today


def deciders(rows: Sequence[RequirementVersion]) -> set[uuid.UUID]:
    """Return the ids of those who decided."""
    return {row.decided_by for row in rows if row.decided_by}


def decisions(
    every: Sequence[RequirementVersion], *, names: Names, people: Mapping[uuid.UUID, str], time_zone: str
) -> Iterator[Decision]:
    """Yield each decision once, newest first: a version that was closed later is a row more, and no decision more."""
    rows: dict[str, list[RequirementVersion]] = defaultdict(list)
    for row in every:
        rows[(row.preview or {}).get("decision", FIRST)].append(row)
    for some in reversed(rows.values()):
        first = some[0]
        numbers = first.preview or {}
        yield Decision(
            act=numbers.get("act", "add"),
            on=day_in(first.recorded_at, time_zone),
            who=people.get(first.decided_by, ""),
            reach=Reach(first.reach),
            again_by=first.again_by,
            shown=names.shown(first),
            numbers=shown_again(numbers),
            stands=any(row.withdrawn_at is None for row in some),
        )


def shown_again(numbers: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the numbers that were kept with a decision, with days as days."""
    kept = (numbers or {}).items()
    return {name: date.fromisoformat(value) if is_day(value) else value for name, value in kept}


def is_day(value: str | int | None) -> bool:
    """Say whether a kept number is a day."""
    return isinstance(value, str) and value[:1].isdigit() and len(value) == len("2026-01-31")


def asked_by(row: RequirementVersion) -> RequirementAsked:
    """Return what a version asks, for a form."""
    version = version_of(row)
    return RequirementAsked(
        items=version.items,
        track=Role(row.track) if row.track else None,
        roles=tuple(Role(role) for role in row.roles),
        job_title_ids=tuple(row.job_title_ids),
        site_ids=tuple(row.site_ids),
        terms=version.terms,
        due_days=version.due_days,
    )


def read_names(session: Session, *, viewer: Viewer, catalog: Catalog) -> Names:
    """Return what job titles and sites are called."""
    titles = session.execute(select(JobTitle.id, JobTitle.name)).all()
    sites = session.execute(select(Site.id, Site.name)).all()
    return Names(
        titles={str(each.id): each.name for each in titles},
        sites={str(each.id): each.name for each in sites if viewer.manages_all or each.id in viewer.site_ids},
        catalog=catalog,
    )
