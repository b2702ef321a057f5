"""Long work: ordering it, how far it is, what came of it, and the file it made; whoever ordered it alone sees it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.models import Task, TaskPart
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.reach import last_narrowed
from training.services.task_claims import progress_here

SHOWN = 50
NO_SUCH = N_("There is no such file of yours, or it has expired. Ask for it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is wanted: the kind of work, its title for people, and what it works with, as JSON.

    Ordered again with the same `key`, it is the same order.
    """

    kind: str
    title: str
    wanted: Mapping[str, Any]
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one order stands: how far, what came of it, and the file as long as it is kept."""

    id: uuid.UUID
    kind: str
    title: str
    wanted: Mapping[str, Any]
    asked_at: datetime
    is_begun: bool
    done: int
    whole: int
    finished_at: datetime | None
    failed: bool
    words: str
    file_name: str
    media_type: str
    size: int
    expires_at: datetime | None
    is_kept: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.finished_at is not None

    @property
    def percent(self) -> int:
        """How much of it is done, in a hundred, never rounded up to all."""
        if self.is_over:
            return 100
        return min(99, self.done * 100 // self.whole) if self.whole else 0

    @property
    def size_words(self) -> str:
        """The size of the file as people say it."""
        if self.size >= 1_000_000:
            return f"{number_words(round(Decimal(self.size) / 1_000_000, 1))} MB"
        return f"{number_words(max(1, round(self.size / 1000)))} KB"


def order(database: Database, *, viewer: Viewer, wanted: Order, now: datetime) -> uuid.UUID:
    """Order long work for the viewer and return its id; the same key gives the order that is there."""
    with database.write(viewer.organisation_id) as session:
        return add_order(
            session, organisation_id=viewer.organisation_id, asked_by=viewer.person_id, wanted=wanted, now=now
        )


def add_order(
    session: Session, *, organisation_id: int, asked_by: uuid.UUID, wanted: Order, now: datetime
) -> uuid.UUID:
    """Add an order as part of a commit, unless its key is there; return its id."""
    if wanted.key is not None:
        there = session.scalar(select(Task.id).where(Task.key == wanted.key))
        if there is not None:
            return there
    task = Task(
        organisation_id=organisation_id,
        id=uuid.uuid4(),
        kind=wanted.kind,
        title=wanted.title,
        wanted=dict(wanted.wanted),
        key=wanted.key,
        asked_by=asked_by,
        asked_at=now,
        held_until=now,
    )
    session.add(task)
    session.flush()
    return task.id


def list_orders(database: Database, *, viewer: Viewer, now: datetime) -> tuple[Told, ...]:
    """Return the viewer's latest orders, newest first, and note that they were seen."""
    query = select(Task).where(Task.asked_by == viewer.person_id).order_by(Task.asked_at.desc()).limit(SHOWN)
    with database.read(viewer.organisation_id) as session:
        rows, narrowed_at = session.scalars(query).all(), last_narrowed(session, viewer=viewer)
        found = tuple(told(row, now=now, narrowed_at=narrowed_at) for row in rows)
        unseen = [row.id for row in rows if row.finished_at is not None and row.seen_at is None]
    if unseen:
        with database.write(viewer.organisation_id) as session:
            for row in session.scalars(select(Task).where(Task.id.in_(unseen))):
                row.seen_at = now
    return found


def count_unseen(session: Session, *, viewer: Viewer) -> int:
    """Return how many of the viewer's orders have ended since they last looked."""
    ended = (Task.asked_by == viewer.person_id) & Task.finished_at.is_not(None) & Task.seen_at.is_(None)
    return session.scalar(select(func.count()).select_from(Task).where(ended)) or 0


def find_order(database: Database, *, viewer: Viewer, task_id: uuid.UUID, now: datetime) -> Told:
    """Return how one of the viewer's orders stands.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    with database.read(viewer.organisation_id) as session:
        narrowed_at = last_narrowed(session, viewer=viewer)
        return told(own(session, viewer=viewer, task_id=task_id), now=now, narrowed_at=narrowed_at)


def read_file(database: Database, *, viewer: Viewer, task_id: uuid.UUID, now: datetime) -> tuple[Told, Iterator[bytes]]:
    """Return one of the viewer's files as what is said of it and its parts, read one at a time.

    Raises:
        NotFound: when it is not theirs, not made or not kept any more.
    """
    found = find_order(database, viewer=viewer, task_id=task_id, now=now)
    if not found.is_kept:
        raise NotFound(_(NO_SUCH))
    return found, parts(database, organisation_id=viewer.organisation_id, task_id=task_id)


def parts(database: Database, *, organisation_id: int, task_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the parts of a file in order, holding no more than one."""
    number = 0
    while True:
        with database.read(organisation_id) as session:
            wanted = (TaskPart.task_id == task_id) & (TaskPart.number == number)
            body = session.scalar(select(TaskPart.body).where(wanted))
        if body is None:
            return
        yield body
        number += 1


def own(session: Session, *, viewer: Viewer, task_id: uuid.UUID) -> Task:
    """Return one of the viewer's own orders.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    row = session.get(Task, (viewer.organisation_id, task_id))
    if row is None or row.asked_by != viewer.person_id:
        raise NotFound(_(NO_SUCH))
    return row


def told(row: Task, *, now: datetime, narrowed_at: datetime | None = None) -> Told:
    """Return how an order stands; what a process has not written down yet is asked of it where it is this one.

    What was ordered before `narrowed_at` may name people whom nobody sees by it any more, so it is not kept for them.
    """
    done, whole = progress_here(row.id) or (row.done, row.whole)
    is_theirs = narrowed_at is None or row.asked_at > narrowed_at
    return Told(
        id=row.id,
        kind=row.kind,
        title=row.title,
        wanted=row.wanted,
        asked_at=row.asked_at,
        is_begun=row.starts > 0,
        done=done,
        whole=whole,
        finished_at=row.finished_at,
        failed=row.failed,
        words=_(row.words) if row.words else "",
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        expires_at=row.expires_at,
        is_kept=is_theirs and bool(row.file_name) and row.expires_at is not None and now < row.expires_at,
    )
