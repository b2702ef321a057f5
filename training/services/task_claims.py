"""Claims on long work: one process at a time does an order, says how far it is, and keeps the file it makes."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database
from training.domain.language import N_
from training.models import Task, TaskPart

# Two claims to the same work, so that a short order need not wait for a long one.
LONG_WORK = ("long-work", "long-work-beside")
HELD_FOR = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
REMEMBERED_FOR = timedelta(days=30)
TOLD_EVERY = timedelta(seconds=2)
# Work that was broken off so often is given up: it may be what breaks the process.
MOST_STARTS = 3
PART = 1024 * 1024
BROKEN_OFF = N_(
    "It was broken off several times and is given up. Ask for less at once, or tell whoever runs this service."
)
# How far the work of this very process is: a transaction that holds SQLite's one lock cannot write it down meanwhile.
HERE: dict[uuid.UUID, tuple[int, int]] = {}


class TakenOver(Exception):
    """The work cannot go on here because the process is to stop, or because another has taken it over."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An order that this process has taken: whose, of which kind, and what is wanted."""

    organisation_id: int
    id: uuid.UUID
    kind: str
    title: str
    wanted: Mapping[str, Any]
    asked_by: uuid.UUID
    who: str


@dataclass(frozen=True, slots=True)
class Made:
    """What came of an order: in words, and a file where there is one, in pieces of any size."""

    words: str
    file_name: str = ""
    media_type: str = ""
    pieces: Iterable[bytes] = ()
    kept_for: timedelta = KEPT_FOR


def progress_here(task_id: uuid.UUID) -> tuple[int, int] | None:
    """Return how far an order is that this process is at."""
    return HERE.get(task_id)


def claim_next(database: Database, *, who: str, now: datetime) -> Claimed | None:
    """Take the order that has waited longest, or None where none waits; what was broken off waits again."""
    with database.read(EVERYWHERE) as session:
        if session.scalars(select(Task.id).where(waits(now)).limit(1)).first() is None:
            return None
    with database.write(EVERYWHERE) as session:
        waiting = select(Task).where(waits(now)).order_by(Task.asked_at).limit(1)
        row = session.scalars(waiting.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        if row.starts >= MOST_STARTS:
            row.finished_at, row.failed, row.words = now, True, BROKEN_OFF
            return None
        row.held_by, row.held_until, row.starts = who, now + HELD_FOR, row.starts + 1
        row.done = row.whole = 0
        return Claimed(row.organisation_id, row.id, row.kind, row.title, row.wanted, row.asked_by, who)


def waits(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an order is not over and nobody is at it."""
    return and_(Task.finished_at.is_(None), Task.held_until <= now)


def free_all(database: Database, *, now: datetime) -> None:
    """Let go of every order, where there is no other process that could be at one."""
    with database.write(EVERYWHERE) as session:
        session.execute(update(Task).where(Task.finished_at.is_(None)).values(held_until=now))


@dataclass(slots=True)
class Progress:
    """How far one order is, told to whoever waits for it; `locks` says that the work holds the database's one lock."""

    database: Database
    claimed: Claimed
    clock: Callable[[], datetime]
    is_stopping: Callable[[], bool]
    locks: bool = False
    told_at: datetime | None = None

    def say(self, done: int, whole: int) -> None:
        """Say how far it is.

        Raises:
            TakenOver: when the process is to stop, or another is at it.
        """
        HERE[self.claimed.id] = done, whole
        if self.locks:
            # To ask whether to stop writes as well, and would wait for the very transaction that this is said in.
            return
        if self.is_stopping():
            raise TakenOver("this process is to stop")
        now = self.clock()
        if self.told_at is not None and now - self.told_at < TOLD_EVERY:
            return
        self.told_at = now
        with held(self.database, self.claimed, held_until=now + HELD_FOR, done=done, whole=whole):
            pass

    def forget(self) -> None:
        """Leave what is written down as all there is to say."""
        HERE.pop(self.claimed.id, None)


@contextmanager
def held(database: Database, claimed: Claimed, **values: object) -> Iterator[Session]:
    """Open a transaction in which an order is surely ours, and change its row.

    Raises:
        TakenOver: when another is at it, or it is over.
    """
    mine = (Task.id == claimed.id) & (Task.held_by == claimed.who) & Task.finished_at.is_(None)
    with database.write(claimed.organisation_id) as session:
        if session.execute(update(Task).where(mine).values(**values)).rowcount != 1:
            raise TakenOver("another process is at it")
        yield session


def let_go(database: Database, claimed: Claimed, *, now: datetime) -> None:
    """Leave an order to whoever looks next; being stopped by hand is no fault of the order."""
    with suppress(TakenOver), held(database, claimed, held_until=now, starts=Task.starts - 1):
        pass


def fail(database: Database, claimed: Claimed, *, words: str, now: datetime) -> None:
    """End an order that came to nothing, and say why."""
    with held(database, claimed, finished_at=now, failed=True, words=words) as session:
        clear(session, claimed)


def finish(database: Database, claimed: Claimed, *, made: Made, progress: Progress) -> None:
    """Keep the file of an order, part by part, and end it; before the end nobody can read it.

    Raises:
        TakenOver: when another is at it; what that one keeps is left alone.
    """
    with held(database, claimed, held_until=progress.clock() + HELD_FOR) as session:
        clear(session, claimed)
    size = 0
    for number, body in enumerate(in_parts(made.pieces)):
        with held(database, claimed, held_until=progress.clock() + HELD_FOR) as session:
            part = TaskPart(organisation_id=claimed.organisation_id, task_id=claimed.id, number=number, body=body)
            session.add(part)
        size += len(body)
        progress.say(*HERE.get(claimed.id, (0, 0)))
    now = progress.clock()
    kept = {"file_name": made.file_name, "media_type": made.media_type, "size": size, "expires_at": now + made.kept_for}
    with held(database, claimed, finished_at=now, words=made.words, **kept):
        pass


def clear(session: Session, claimed: Claimed) -> None:
    """Remove the parts that an earlier start left."""
    session.execute(delete(TaskPart).where(TaskPart.task_id == claimed.id))


def in_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in parts of one size, the last one shorter."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        while len(gathered) >= PART:
            yield bytes(gathered[:PART])
            del gathered[:PART]
    if gathered:
        yield bytes(gathered)


def tidy(database: Database, *, now: datetime) -> int:
    """Remove the files that have expired, and after a month the orders themselves; return how many files."""
    forgotten = Task.finished_at <= now - REMEMBERED_FOR
    unkept = or_(Task.expires_at.is_(None), Task.expires_at <= now)
    with database.read(EVERYWHERE) as session:
        # A link may keep a file for longer than an order is remembered.
        old = or_(Task.expires_at <= now, and_(forgotten, unkept))
        found = session.execute(select(Task.organisation_id, Task.id, Task.finished_at).where(old)).all()
    removed = 0
    for organisation_id, task_id, finished_at in found:
        with database.write(organisation_id) as session:
            removed += bool(session.execute(delete(TaskPart).where(TaskPart.task_id == task_id)).rowcount)
            if finished_at <= now - REMEMBERED_FOR:
                session.execute(delete(Task).where(Task.id == task_id))
    return removed
