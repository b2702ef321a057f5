"""The content of a pack: every version that had been kept by its day, and a catalogue of the content as it then was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from training.catalog.library import Catalog
from training.domain.days import day_in, end_of_day
from training.domain.module import Module
from training.domain.scenario import Scenario
from training.models import ContentSignoff, ContentVersion, SignoffWithdrawal
from training.services.versions import read_versions

WITHDRAWAL = aliased(SignoffWithdrawal)


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of an item: its hash, and the day on which it was kept here first."""

    version: str
    content_hash: str
    kept_on: date


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign-off of an organisation: of which content, by whom (an id), as what, and the days it stood."""

    content_hash: str
    by: str
    profession: str
    signed_on: date
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class ItemThen:
    """An item as it was on the day, every version of it known by then, and the organisation's sign-offs of it."""

    item: Module | Scenario
    versions: tuple[Kept, ...]
    signoffs: tuple[Signed, ...]


def read_items(session: Session, *, day: date, known_at: datetime, time_zone: str) -> dict[str, ItemThen]:
    """Return every item that had been kept here by an instant, as it was at the end of a day.

    Where an item was kept here later than that day, its first version stands for what went before it.
    """
    query = (
        select(ContentVersion.item, ContentVersion.version, ContentVersion.content_hash, ContentVersion.recorded_at)
        .where(ContentVersion.recorded_at <= known_at)
        .order_by(ContentVersion.item, ContentVersion.recorded_at, ContentVersion.content_hash)
    )
    rows: dict[str, list] = defaultdict(list)
    for row in session.execute(query):
        rows[row.item].append(row)
    until = end_of_day(day, time_zone)
    then = {item: ([row for row in some if row.recorded_at <= until] or some[:1])[-1] for item, some in rows.items()}
    contents = read_versions(session, {row.content_hash for row in then.values()})
    signed = read_signed(session, known_at=known_at, time_zone=time_zone)
    return {
        item: ItemThen(
            item=contents[then[item].content_hash],
            versions=tuple(Kept(row.version, row.content_hash, day_in(row.recorded_at, time_zone)) for row in some),
            signoffs=tuple(signed.get(item, ())),
        )
        for item, some in rows.items()
    }


def read_signed(session: Session, *, known_at: datetime, time_zone: str) -> Mapping[str, Sequence[Signed]]:
    """Return the organisation's sign-offs by item, as known at an instant, oldest first."""
    withdrawn = (WITHDRAWAL.signoff_id == ContentSignoff.id) & (WITHDRAWAL.recorded_at <= known_at)
    query = (
        select(ContentSignoff, WITHDRAWAL.recorded_at)
        .outerjoin(WITHDRAWAL, withdrawn)
        .where(ContentSignoff.recorded_at <= known_at)
        .order_by(ContentSignoff.recorded_at, ContentSignoff.id)
    )
    found: dict[str, list[Signed]] = defaultdict(list)
    for row, withdrawn_at in session.execute(query):
        found[row.item].append(
            Signed(
                content_hash=row.content_hash,
                by=str(row.person_id),
                profession=row.profession,
                signed_on=day_in(row.recorded_at, time_zone),
                withdrawn_on=day_in(withdrawn_at, time_zone) if withdrawn_at else None,
            )
        )
    return found


def catalog_then(items: Iterable[ItemThen]) -> Catalog:
    """Return a catalogue of the content as it was, for titles; the tracks are as the requirements keep them."""
    contents = {each.item.slug: each.item for each in items}
    return Catalog(
        modules={slug: item for slug, item in contents.items() if isinstance(item, Module)},
        scenarios={slug: item for slug, item in contents.items() if isinstance(item, Scenario)},
        tracks={},
    )
