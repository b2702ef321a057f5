"""Claims on work: one process at a time does each kind, and one that died gives it up by falling silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from training.db import EVERYWHERE, Database, insert_if_new
from training.models import Job

HELD_FOR = timedelta(minutes=5)
HEARTBEAT = "heartbeat"


@dataclass(frozen=True, slots=True)
class LastRun:
    """How one kind of work stands: when it last ended, who is at it until when, and what it said."""

    name: str
    held_by: str
    held_until: datetime
    finished_at: datetime | None
    words: str


def claim(database: Database, *, name: str, who: str, now: datetime) -> str | None:
    """Take a kind of work and return its watermark, or None while somebody else is at it."""
    with database.write(EVERYWHERE) as session:
        session.execute(
            insert_if_new(session, Job).values(name=name, held_by="", held_until=now, watermark="", words="")
        )
        free = or_(Job.held_until <= now, Job.held_by == who)
        taken = session.execute(
            update(Job).where(Job.name == name, free).values(held_by=who, held_until=now + HELD_FOR)
        )
        if taken.rowcount != 1:
            return None
        return session.scalars(select(Job.watermark).where(Job.name == name)).one()


def hold(database: Database, *, name: str, who: str, now: datetime) -> bool:
    """Give a sign of life; False where somebody else has taken over, and the work must stop."""
    with database.write(EVERYWHERE) as session:
        kept = session.execute(
            update(Job).where(Job.name == name, Job.held_by == who).values(held_until=now + HELD_FOR)
        )
        return kept.rowcount == 1


def release(
    database: Database, *, name: str, who: str, now: datetime, words: str, watermark: str | None = None
) -> None:
    """Let go of work that is done, and say what came of it."""
    changed = {"held_until": now, "finished_at": now, "words": words}
    if watermark is not None:
        changed["watermark"] = watermark
    with database.write(EVERYWHERE) as session:
        session.execute(update(Job).where(Job.name == name, Job.held_by == who).values(**changed))


def free_all(database: Database, *, now: datetime) -> None:
    """Let go of every kind of work, where there is no other process that could be at it."""
    with database.write(EVERYWHERE) as session:
        session.execute(update(Job).where(Job.held_until > now).values(held_until=now))


def beat(database: Database, *, who: str, now: datetime) -> None:
    """Leave a sign that some process looks for work; the latest stands for all."""
    with database.write(EVERYWHERE) as session:
        row = {"held_by": who, "held_until": now, "finished_at": now, "words": "the clock goes", "watermark": ""}
        session.execute(insert_if_new(session, Job).values(name=HEARTBEAT, **row))
        session.execute(update(Job).where(Job.name == HEARTBEAT).values(**row))


def silent_since(database: Database) -> datetime | None:
    """Return when a process last looked for work, or None where none ever did."""
    with database.read(EVERYWHERE) as session:
        return session.scalar(select(Job.finished_at).where(Job.name == HEARTBEAT))


def last_runs(database: Database) -> list[LastRun]:
    """Return how every kind of work stands, by name."""
    with database.read(EVERYWHERE) as session:
        rows = session.scalars(select(Job).order_by(Job.name)).all()
    return [LastRun(row.name, row.held_by, row.held_until, row.finished_at, row.words) for row in rows]
