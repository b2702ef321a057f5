"""Content as it was: every version that an attempt may point to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.catalog.snapshot import from_json, to_json
from training.db import EVERYWHERE, Database, insert_if_new
from training.domain.module import Module
from training.domain.scenario import Scenario
from training.models import ContentVersion

# A version never changes, so what was read once is good for the life of the process.
READ: dict[str, Module | Scenario] = {}


class VersionUnknown(Exception):
    """It cannot be marked because this server never had that version of the content."""


def keep_versions(database: Database, *, catalog: Catalog, now: datetime) -> None:
    """Store every item of the catalogue whose content was not stored before, whole."""
    items = {item.content_hash: item for item in catalog.items()}
    with database.read(EVERYWHERE) as session:
        known = set(session.scalars(select(ContentVersion.content_hash).where(ContentVersion.content_hash.in_(items))))
    new = [item for content_hash, item in items.items() if content_hash not in known]
    if not new:
        return
    with database.write(EVERYWHERE) as session:
        rows = [
            {
                "content_hash": item.content_hash,
                "kind": item.kind,
                "item": item.slug,
                "version": item.version,
                "body": to_json(item),
                "recorded_at": now,
            }
            for item in new
        ]
        session.execute(insert_if_new(session, ContentVersion), rows)


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
