"""Content as it was: every version that an attempt may point to, and which items took the place of which."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.catalog.snapshot import from_json, to_json
from training.db import EVERYWHERE, Database, insert_if_new
from training.domain.module import Module
from training.domain.scenario import Scenario
from training.models import ContentVersion, Replacement
from training.services import catching_up

# A version never changes, so what was read once is good for the life of the process.
READ: dict[str, Module | Scenario] = {}


class VersionUnknown(Exception):
    """It cannot be marked because this server never had that version of the content."""


def keep_versions(database: Database, *, catalog: Catalog, now: datetime) -> None:
    """Store every item of the catalogue whose content was not stored before, whole, and what it says to replace.

    Whoever passed an item that has been replaced is brought up to date, here or where an earlier start was cut short.
    """
    items = {item.content_hash: item for item in catalog.items()}
    with database.read(EVERYWHERE) as session:
        known = set(session.scalars(select(ContentVersion.content_hash).where(ContentVersion.content_hash.in_(items))))
        replaced = {(row.item, row.older) for row in session.execute(select(Replacement.item, Replacement.older))}
    contents = [content_row(item, now=now) for content_hash, item in items.items() if content_hash not in known]
    every = in_chains({*replaced, *((item.slug, item.replaces) for item in items.values() if item.replaces)})
    replacements = [{"item": item, "older": older, "recorded_at": now} for item, older in sorted(every - replaced)]
    if contents or replacements:
        with database.write(EVERYWHERE) as session:
            if contents:
                session.execute(insert_if_new(session, ContentVersion), contents)
            if replacements:
                session.execute(insert_if_new(session, Replacement), replacements)
    if every:
        catching_up.catch_up_with_replacements(database, now=now)


def content_row(item: Module | Scenario, *, now: datetime) -> dict[str, object]:
    """Return the content of an item as the columns of its row."""
    return {
        "content_hash": item.content_hash,
        "kind": item.kind,
        "item": item.slug,
        "version": item.version,
        "body": to_json(item),
        "recorded_at": now,
    }


def in_chains(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return pairs of an item and an older one with those that follow: what replaces C replaces what C replaced."""
    found = set(pairs)
    while more := {(item, oldest) for item, older in found for one, oldest in pairs if one == older} - found:
        found |= more
    return {(item, older) for item, older in found if item != older}


def with_replacing(session: Session, items: Collection[str]) -> set[str]:
    """Return items and those that replace them, because a pass of the older counts for the newer."""
    return {*items, *session.scalars(select(Replacement.item).where(Replacement.older.in_(items)))}


def read_version(session: Session, content_hash: str) -> Module | Scenario:
    """Return the item that a content hash stands for.

    Raises:
        VersionUnknown: when it was never stored here.
    """
    return read_versions(session, {content_hash})[content_hash]


def read_versions(session: Session, hashes: Collection[str]) -> dict[str, Module | Scenario]:
    """Return the items that content hashes stand for; each is read from the database once in a process.

    Raises:
        VersionUnknown: when one was never stored here.
    """
    unread = set(hashes) - READ.keys()
    if unread:
        rows = session.execute(
            select(ContentVersion.content_hash, ContentVersion.kind, ContentVersion.body).where(
                ContentVersion.content_hash.in_(unread)
            )
        )
        READ.update({row.content_hash: from_json(row.kind, row.body) for row in rows})
    if not READ.keys() >= set(hashes):
        raise VersionUnknown("This answer belongs to a version of the content that this service never had.")
    return {content_hash: READ[content_hash] for content_hash in hashes}
