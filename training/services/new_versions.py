"""New versions of content that matter: which wait for an organisation's decision, and what it decided of them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.changes import changed_headings
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.requirement import Reach
from training.models import Completion, ContentDecision, ContentVersion, Employment, Person, Revocation
from training.services import facts, impact
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.requirements import shown_again
from training.services.versions import read_versions

NOTHING_NEW = N_("There is no new version of this training to decide about.")


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The latest version of an item that matters; `older` are the contents that came before it, in their order."""

    item: str
    kind: str
    title: str
    version: str
    content_hash: str
    kept_at: datetime
    older: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holders:
    """How many people at work here passed only older versions, and when the oldest of these came."""

    people: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided what of which version, when, and the numbers it came to; the latest of a version stands."""

    id: uuid.UUID
    content_hash: str
    version: str
    reach: Reach
    again_by: date | None
    on: date
    who: str
    numbers: Mapping[str, Any]
    stands: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A new version: since when it is there, how many people passed only older ones, and what is decided.

    The list counts people only where nothing is decided yet.
    """

    item: str
    title: str
    version: str
    came_on: date
    people: int
    decided: Decided | None


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """New versions by title: those that wait for a decision, and those that have one."""

    waiting: tuple[VersionLine, ...] = ()
    decided: tuple[VersionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One new version: what is different in it since an older one, and every decision, newest first.

    `seconds` is about how long the numbers take to work out.
    """

    line: VersionLine
    content_hash: str
    since: str
    headings: tuple[str, ...]
    decisions: tuple[Decided, ...]
    seconds: int

    @property
    def decision_id(self) -> uuid.UUID | None:
        """The decision that stands."""
        return self.line.decided.id if self.line.decided else None


def list_versions(database: Database, *, viewer: Viewer, catalog: Catalog, today: date) -> VersionsPage:
    """Return the new versions that this organisation has to decide about, or has decided about."""
    with database.read(viewer.organisation_id) as session:
        found = new_versions(session, catalog=catalog)
        if not found:
            return VersionsPage()
        lines = list(read_lines(session, found, viewer=viewer, today=today).values())
        asked = asked_for(session, today=today)
    lines.sort(key=lambda line: line.title.casefold())
    return VersionsPage(
        waiting=tuple(line for line in lines if line.people and line.item in asked and not line.decided),
        decided=tuple(line for line in lines if line.decided),
    )


def show_version(database: Database, *, viewer: Viewer, item: str, catalog: Catalog, today: date) -> VersionPage:
    """Return one new version with what is different in it and what was decided.

    Raises:
        NotFound: when the item has no version that matters beside its first.
    """
    with database.read(viewer.organisation_id) as session:
        version = find_version(session, item=item, catalog=catalog)
        held = holders(session, [version], today=today).get(item)
        decisions = read_decisions(session, [item], viewer=viewer)[item]
        kept = {row.content_hash: row.recorded_at for row in kept_contents(session) if row.item == item}
        before = oldest_in_use(version, kept, held)
        items = read_versions(session, {before, version.content_hash})
        seconds = impact.seconds_for(session, items=1)
    return VersionPage(
        line=line_of(version, held, decisions, time_zone=viewer.time_zone),
        content_hash=version.content_hash,
        since=items[before].version,
        headings=changed_headings(items[before], items[version.content_hash]),
        decisions=tuple(decisions[::-1]),
        seconds=seconds,
    )


def oldest_in_use(version: NewVersion, kept: Mapping[str, datetime], held: Holders | None) -> str:
    """Return the oldest content that somebody here passed last, or else the one just before the new version."""
    if held is None:
        return version.older[-1]
    return next(each for each in version.older if kept[each] == held.oldest_at)


def find_version(session: Session, *, item: str, catalog: Catalog) -> NewVersion:
    """Return the latest version of an item that matters.

    Raises:
        NotFound: when there is none.
    """
    found = new_versions(session, catalog=catalog)
    if item not in found:
        raise NotFound(_(NOTHING_NEW))
    return found[item]


def new_versions(session: Session, *, catalog: Catalog) -> dict[str, NewVersion]:
    """Return, by item, the latest raised version that says that it matters, as far as it is learnt now.

    A change of words under the same version raises nothing, and neither does the first version of all.
    """
    contents: dict[str, list[Row]] = defaultdict(list)
    for row in kept_contents(session):
        contents[row.item].append(row)
    raised: dict[str, list[int]] = {}
    for item in catalog.items():
        rows = contents[item.slug]
        taught = next((place for place, row in enumerate(rows) if row.content_hash == item.content_hash), 0)
        raised[item.slug] = [at for at in range(1, taught + 1) if rows[at].version != rows[at - 1].version]
    hashes = {contents[slug][at].content_hash for slug, places in raised.items() for at in places}
    versions = read_versions(session, hashes) if hashes else {}
    found = {}
    for slug, places in raised.items():
        matters = [at for at in places if versions[contents[slug][at].content_hash].material]
        if matters:
            found[slug] = version_at(matters[-1], contents[slug], catalog=catalog)
    return found


def kept_contents(session: Session) -> Sequence[Row]:
    """Return every content that there ever was, without its body, in the order in which it came."""
    columns = (ContentVersion.item, ContentVersion.content_hash, ContentVersion.version, ContentVersion.recorded_at)
    return session.execute(select(*columns).order_by(ContentVersion.recorded_at)).all()


def version_at(place: int, rows: Sequence[Row], *, catalog: Catalog) -> NewVersion:
    """Return one of the contents of an item as a new version."""
    row, item = rows[place], catalog.item(rows[place].item)
    older = tuple(each.content_hash for each in rows[:place])
    return NewVersion(item.slug, item.kind, item.title, row.version, row.content_hash, row.recorded_at, older)


def asked_for(session: Session, *, today: date) -> set[str]:
    """Return the items that anybody must hold today or later."""
    house = facts.read_house(session)
    versions = (version for each in house.requirements.values() for version in each.versions)
    return {item for version in versions if not version.days.ends_before(today) for item in version.items}


def holders(session: Session, versions: Iterable[NewVersion], *, today: date) -> dict[str, Holders]:
    """Return by item how many of those who work here now or later passed it, but not the new version or a newer one."""
    kept_at = {each.item: each.kept_at for each in versions}
    working = select(Employment.person_id).where(
        Employment.withdrawn_at.is_(None), or_(Employment.ends_on.is_(None), Employment.ends_on >= today)
    )
    latest = (
        select(Completion.item, Completion.person_id, func.max(ContentVersion.recorded_at).label("at"))
        .join(ContentVersion, ContentVersion.content_hash == Completion.content_hash)
        .outerjoin(Revocation, Revocation.completion_id == Completion.id)
        .where(Completion.item.in_(kept_at), Revocation.completion_id.is_(None), Completion.person_id.in_(working))
        .group_by(Completion.item, Completion.person_id)
        .subquery()
    )
    older = or_(*(and_(latest.c.item == item, latest.c.at < at) for item, at in kept_at.items()))
    query = select(latest.c.item, func.count(), func.min(latest.c.at)).where(older).group_by(latest.c.item)
    return {item: Holders(people, oldest_at) for item, people, oldest_at in session.execute(query)}


def read_lines(
    session: Session, versions: Mapping[str, NewVersion], *, viewer: Viewer, today: date
) -> dict[str, VersionLine]:
    """Return new versions as lines of the list; people are counted only of those that nothing is decided of."""
    decisions = read_decisions(session, versions, viewer=viewer)
    hashes = {each.content_hash for some in decisions.values() for each in some}
    undecided = [version for version in versions.values() if version.content_hash not in hashes]
    held = holders(session, undecided, today=today) if undecided else {}
    return {
        item: line_of(version, held.get(item), decisions[item], time_zone=viewer.time_zone)
        for item, version in versions.items()
    }


def line_of(version: NewVersion, held: Holders | None, decisions: Sequence[Decided], *, time_zone: str) -> VersionLine:
    """Return a new version with the decision that stands about it, if there is one."""
    about = [each for each in decisions if each.stands and each.content_hash == version.content_hash]
    return VersionLine(
        item=version.item,
        title=version.title,
        version=version.version,
        came_on=day_in(version.kept_at, time_zone),
        people=held.people if held else 0,
        decided=about[-1] if about else None,
    )


def read_decisions(session: Session, items: Collection[str], *, viewer: Viewer) -> dict[str, list[Decided]]:
    """Return every decision about these items by item, in order of time."""
    rows = session.execute(
        select(ContentDecision, Person.name, ContentVersion.version)
        .join(Person, Person.id == ContentDecision.decided_by)
        .join(ContentVersion, ContentVersion.content_hash == ContentDecision.content_hash)
        .where(ContentDecision.item.in_(items))
        .order_by(ContentDecision.recorded_at)
    ).all()
    latest = {row.content_hash: row.id for row, _, _ in rows}
    found: dict[str, list[Decided]] = defaultdict(list)
    for row, who, version in rows:
        found[row.item].append(
            Decided(
                id=row.id,
                content_hash=row.content_hash,
                version=version,
                reach=Reach(row.reach),
                again_by=row.again_by,
                on=day_in(row.recorded_at, viewer.time_zone),
                who=who,
                numbers=shown_again(row.preview),
                stands=latest[row.content_hash] == row.id,
            )
        )
    return found
