"""Writing the audit log, each act in the commit that does it, and following the chain of an organisation."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import event, exists, select
from sqlalchemy.orm import Session

from training.db import Database, ScopedSession, add_up, columns_of
from training.domain.audit import FIRST_PREVIOUS, Act, Actor, Entry, Head, Verdict, link, plain
from training.domain.audit import verify as verify_chain
from training.models import AuditEntry, AuditHead, Permission, Requirement
from training.services.accounts import Viewer, refuse_reader

WAITING = "audit entries"
AT_ONCE = 1000
# Written in the commit that sets an organisation up, and never all taken away again.
SIGNS = (Permission.id, Requirement.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who acts where nobody is signed in: the operator, the service by itself or a link, in which organisation."""

    kind: Actor
    organisation_id: int
    client: str = ""


def record(
    session: Session,
    *,
    viewer: Viewer | Source,
    act: Act | str,
    now: datetime,
    subject_id: uuid.UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an administrative act; its entry is written at the end of the commit that the session is in, or never.

    `detail` holds ids and changed values alone: no name, address, answer or reason, as these would outlive an erasure.

    Raises:
        NotAllowed: when whoever acts may only read, and the act is more than that.
        DetailRefused: when the detail cannot be kept.
    """
    known = Act(act)
    if isinstance(viewer, Viewer) and not known.is_reading:
        refuse_reader(viewer)
    entry = Entry(
        organisation_id=viewer.organisation_id,
        number=0,
        recorded_at=now,
        actor_kind=Actor.PERSON if isinstance(viewer, Viewer) else viewer.kind,
        actor_id=viewer.person_id if isinstance(viewer, Viewer) else None,
        act=known.value,
        subject_kind=known.subject.value,
        subject_id=subject_id,
        client=viewer.client,
        detail=plain(detail or {}),
    )
    session.info.setdefault(WAITING, []).append(entry)


@event.listens_for(ScopedSession, "before_commit")
def write_waiting(session: Session) -> None:
    """Write the entries of a transaction as the last thing it does.

    Until then it holds no lock on the chain: nobody waits for long, and no two transactions wait for each other.
    """
    if session.in_nested_transaction():
        return
    waiting = sorted(session.info.pop(WAITING, ()), key=lambda entry: entry.organisation_id)
    for organisation_id, entries in groupby(waiting, key=lambda entry: entry.organisation_id):
        append(session, organisation_id, list(entries))


@event.listens_for(ScopedSession, "after_rollback")
def forget_waiting(session: Session) -> None:
    """Forget the entries of what was not done."""
    session.info.pop(WAITING, None)


def append(session: Session, organisation_id: int, entries: list[Entry]) -> None:
    """Append entries to a chain; whoever comes second waits here until the first has committed."""
    added = {"organisation_id": organisation_id, "number": len(entries), "hash": FIRST_PREVIOUS}
    add_up(session, AuditHead, [added], numbers=["number"])
    head = session.get_one(AuditHead, organisation_id, populate_existing=True)
    for number, entry in enumerate(entries, start=head.number - len(entries) + 1):
        known = {field.name: getattr(entry, field.name) for field in fields(entry)}
        linked = link(Entry(**{**known, "number": number}), previous_hash=head.hash)
        session.add(AuditEntry(**{name: getattr(linked, name) for name in known}))
        head.hash = linked.hash
    session.flush()


def verify(
    database: Database, *, organisation_id: int, expected: str = "", told: Callable[[int], None] = lambda _more: None
) -> Verdict:
    """Follow an organisation's chain from its first entry to its head, holding a thousand entries at a time.

    `told` is called with how many entries more were read.
    """
    with database.read(organisation_id) as session:
        noted = session.get(AuditHead, organisation_id)
        head = Head(noted.number, noted.hash) if noted else None
        chain = read_chain(session, told=told)
        return verify_chain(chain, head=head, expected=expected, has_begun=is_set_up(session))


def is_set_up(session: Session) -> bool:
    """Say whether the session's organisation has what comes with its first entry: somebody's permission, a requirement.

    The one that is open to everybody has neither, and nobody acts in it.
    """
    return any(session.scalar(select(exists().where(column.is_not(None)))) for column in SIGNS)


def read_chain(session: Session, *, told: Callable[[int], None]) -> Iterator[Entry]:
    """Yield every entry of the session's organisation, in the order of numbers."""
    query = select(*columns_of(AuditEntry)).order_by(AuditEntry.number).execution_options(yield_per=AT_ONCE)
    for rows in session.execute(query).mappings().partitions(AT_ONCE):
        yield from (Entry(**row) for row in rows)
        told(len(rows))


def how_many(database: Database, *, organisation_id: int) -> int:
    """Return how many entries an organisation's log has by its head."""
    with database.read(organisation_id) as session:
        noted = session.get(AuditHead, organisation_id)
        return noted.number if noted else 0
