"""What an organisation asks on the day of a pack, and why: requirements in force, decisions, job titles and roles."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.days import day_in, format_day
from training.domain.requirement import Reach
from training.domain.requirement_words import CHOICES
from training.domain.roles import Role
from training.models import ContentDecision, JobTitle, Requirement, RequirementVersion, TitleRole
from training.services.accounts import Viewer
from training.services.employments import covers
from training.services.fact_queries import known
from training.services.requirements import Names, VersionShown, read_names, shown_again

SET_UP = "Decided when the organisation was set up."


@dataclass(frozen=True, slots=True)
class Duty:
    """A requirement in force on the day: in words, since when, who decided it (an id), whom it reached, and why so."""

    name: str
    shown: VersionShown
    roles: frozenset[Role]
    items: tuple[str, ...]
    first_on: date
    decided_on: date
    decided_by: str
    reach: Reach
    again_by: date | None
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a new version of training: whom it reaches, from when, and by whom (an id)."""

    title: str
    reach: Reach
    starts_on: date
    again_by: date | None
    decided_on: date
    decided_by: str


@dataclass(frozen=True, slots=True)
class Duties:
    """All that is asked on the day, the decisions on new versions, and the role that each job title then has."""

    asked: tuple[Duty, ...]
    decided: tuple[Decided, ...]
    titles: tuple[tuple[str, Role, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The day and the instant of knowledge that a pack is about, and whose it is."""

    viewer: Viewer
    day: date
    known_at: datetime

    def on(self, instant: datetime) -> date:
        """Return the day of an instant where the organisation is."""
        return day_in(instant, self.viewer.time_zone)


def read_duties(session: Session, *, then: Then, catalog: Catalog) -> Duties:
    """Return what is asked on the day, as known at the instant, of the people whom the viewer sees to."""
    names = read_names(session, viewer=then.viewer, catalog=catalog)
    return Duties(
        asked=tuple(read_asked(session, then=then, names=names)),
        decided=tuple(read_decided(session, then=then, catalog=catalog)),
        titles=tuple(read_titles(session, then=then)),
    )


def read_asked(session: Session, *, then: Then, names: Names) -> Iterator[Duty]:
    """Yield the requirements in force on the day, by name."""
    joined = (RequirementVersion.organisation_id == Requirement.organisation_id) & (
        RequirementVersion.requirement_id == Requirement.id
    )
    query = (
        select(Requirement.id, Requirement.name, RequirementVersion)
        .join(RequirementVersion, joined)
        .where(known(RequirementVersion, then.known_at))
        .order_by(Requirement.name, Requirement.id, RequirementVersion.starts_on)
    )
    first_on: dict[uuid.UUID, date] = {}
    for key, name, row in session.execute(query):
        begun = first_on.setdefault(key, row.starts_on)
        in_force = row.starts_on <= then.day and (row.ends_on is None or row.ends_on >= then.day)
        if in_force and is_of_viewer(row, then.viewer):
            yield duty(name, row, first_on=begun, then=then, names=names)


def is_of_viewer(row: RequirementVersion, viewer: Viewer) -> bool:
    """Say whether a version may mean people at the sites that the viewer sees to."""
    theirs = {str(site_id) for site_id in viewer.site_ids}
    return viewer.manages_all or not row.site_ids or bool(theirs & set(row.site_ids))


def duty(name: str, row: RequirementVersion, *, first_on: date, then: Then, names: Names) -> Duty:
    """Return a version in force as it is told; the numbers behind it are of everybody, so only for who sees all."""
    return Duty(
        name=name,
        shown=names.shown(row),
        roles=frozenset(Role(role) for role in row.roles),
        items=tuple(row.items),
        first_on=first_on,
        decided_on=then.on(row.recorded_at),
        decided_by=str(row.decided_by) if row.decided_by else "",
        reach=Reach(row.reach),
        again_by=row.again_by,
        numbers=shown_again(row.preview) if then.viewer.manages_all else {},
    )


def read_decided(session: Session, *, then: Then, catalog: Catalog) -> Iterator[Decided]:
    """Yield the decisions on new versions of training that count by the day, in order."""
    query = (
        select(ContentDecision)
        .where(ContentDecision.recorded_at <= then.known_at, ContentDecision.starts_on <= then.day)
        .order_by(ContentDecision.recorded_at, ContentDecision.id)
    )
    for row in session.scalars(query):
        yield Decided(
            title=catalog.title(row.item),
            reach=Reach(row.reach),
            starts_on=row.starts_on,
            again_by=row.again_by,
            decided_on=then.on(row.recorded_at),
            decided_by=str(row.decided_by),
        )


def read_titles(session: Session, *, then: Then) -> Iterator[tuple[str, Role, date]]:
    """Yield every job title with the role it has on the day, and since when."""
    query = (
        select(JobTitle.name, TitleRole.role, TitleRole.starts_on)
        .join(TitleRole, TitleRole.job_title_id == JobTitle.id)
        .where(*covers(TitleRole, then.day, known_at=then.known_at))
        .order_by(JobTitle.name, JobTitle.id)
    )
    for name, role, starts_on in session.execute(query):
        yield name, Role(role), starts_on


def decision_words(duty: Duty) -> str:
    """Say who decided a requirement, when, and whom it reaches."""
    if not duty.decided_by:
        return SET_UP
    decided = f"Decided by person {duty.decided_by} on {format_day(duty.decided_on)}."
    return f"{decided} {reach_words(duty.reach, duty.again_by)}"


def reach_words(reach: Reach, again_by: date | None) -> str:
    """Say whom a decision reaches."""
    return f"Whom it reaches: {CHOICES[reach].lower()}" + (f", {format_day(again_by)}." if again_by else ".")


def numbers_words(numbers: Mapping[str, Any]) -> str:
    """Say what was shown to whoever decided, before they did."""
    if not numbers.get("day"):
        return ""
    said = [
        f"What was shown before it was decided: {people(numbers['people'])} concerned on {format_day(numbers['day'])}"
    ]
    said.append(f"{people(numbers['people_changing'])} changing status on that day")
    late = f"{people(numbers['newly_late'])} expired or overdue because of it within a year unless they pass"
    first = numbers.get("first_late_on")
    said.append(late + (f", the first on {format_day(first)}" if first else ""))
    said.append(f"{people(numbers['messages'])} to be told")
    return "; ".join(said) + "."


def people(number: int) -> str:
    """Write how many people."""
    return "1 person" if number == 1 else f"{number:,} people"


def track_words(shown: VersionShown) -> str:
    """Say what is asked: the core of a track, or single training."""
    number = len(shown.titles)
    training = "1 module or scenario" if number == 1 else f"{number:,} modules and scenarios"
    return f"{shown.track.label} track: {training}" if shown.track else training


def by_role(duties: Sequence[Duty]) -> Iterator[tuple[Role, Duty]]:
    """Yield each role with each requirement that means it, in the order of roles."""
    for role in Role:
        yield from ((role, one) for one in duties if role in one.roles)
