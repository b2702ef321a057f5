"""The audit extract of a pack: administrative acts as the chain has them, by ids, so that each hash can be checked."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from training.db import columns_of
from training.domain.audit import Entry, Subject, canonical
from training.models import AuditEntry, Employment
from training.services.accounts import Viewer
from training.services.fact_queries import known

HEADER = (
    "Number",
    "Recorded at (UTC)",
    "Who",
    "Who (id)",
    "Act",
    "About",
    "About (id)",
    "Network",
    "Detail",
    "Previous hash",
    "Hash",
    "Hashed text",
)
SAYS = (
    "Each hash is the SHA-256 of the hashed text of its line, in ASCII, and the hashed text holds the hash before it. "
    "People stand as ids."
)
AT_ONCE = 500
NAMES = tuple(field.name for field in fields(Entry))


def acts(session: Session, *, viewer: Viewer, known_at: datetime) -> Iterator[tuple[object, ...]]:
    """Yield the acts known at an instant, in the order of the chain: all, or those about the people of some sites.

    They end before the first act that was recorded later, so that the chain has no gap.
    """
    later = select(func.min(AuditEntry.number)).where(AuditEntry.recorded_at > known_at)
    first_later = session.scalar(later)
    query = select(*columns_of(AuditEntry)).order_by(AuditEntry.number)
    if first_later is not None:
        query = query.where(AuditEntry.number < first_later)
    if not viewer.manages_all:
        query = query.where(about_theirs(viewer, known_at))
    rows = session.execute(query.execution_options(yield_per=AT_ONCE)).mappings()
    for row in rows:
        yield cells(Entry(**{name: row[name] for name in NAMES}))


def about_theirs(viewer: Viewer, known_at: datetime) -> ColumnElement[bool]:
    """Return the condition that an act is about somebody who was known to work at the viewer's sites."""
    theirs = select(Employment.person_id).where(Employment.site_id.in_(viewer.site_ids), known(Employment, known_at))
    return (AuditEntry.subject_kind == Subject.PERSON) & AuditEntry.subject_id.in_(theirs)


def cells(entry: Entry) -> tuple[object, ...]:
    """Return an act as cells."""
    text = canonical(entry)
    return (
        entry.number,
        json.loads(text)["recorded_at"],
        entry.actor_kind,
        str(entry.actor_id or ""),
        entry.act,
        entry.subject_kind,
        str(entry.subject_id or ""),
        entry.client,
        json.dumps(json.loads(text)["detail"], sort_keys=True),
        entry.previous_hash,
        entry.hash,
        text,
    )
