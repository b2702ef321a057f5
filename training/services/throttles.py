"""Counters in the database that slow down guessing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Database, insert_if_new
from training.domain.language import ngettext
from training.models import Throttle

WINDOW = timedelta(minutes=15)
# By the first word of a key's name; a whole home may sign in from one address.
MOST = {
    "sign-in name": 10,
    "sign-in client": 100,
    "invite client": 30,
    "passkey client": 100,
    "check client": 60,
    "pack client": 60,
    "new account client": 20,
    "pin tablet": 30,
}


class TooManyTries(Exception):
    """It cannot be tried again yet because it was tried too often."""


def most(key: str) -> int:
    """Return how often a key may be counted within the window."""
    return next(limit for name, limit in MOST.items() if key.startswith(name))


def check(database: Database, *, keys: Sequence[str], now: datetime) -> None:
    """Refuse when any of the keys has been counted too often.

    Raises:
        TooManyTries: with the minutes to wait in its message.
    """
    with database.read(EVERYWHERE) as session:
        rows = session.scalars(select(Throttle).where(Throttle.key.in_(keys), Throttle.window_at > now - WINDOW)).all()
    for row in rows:
        if row.count >= most(row.key):
            minutes = ceil((row.window_at + WINDOW - now) / timedelta(minutes=1))
            words = ngettext(
                "That was tried too often. Wait %(count)s minute and try again.",
                "That was tried too often. Wait %(count)s minutes and try again.",
                minutes,
            )
            raise TooManyTries(words)


def count(database: Database, *, keys: Sequence[str], now: datetime) -> None:
    """Count one more try for each key, in a new window where the old one has passed."""
    with database.write(EVERYWHERE) as session:
        for key in keys:
            session.execute(insert_if_new(session, Throttle).values(key=key, window_at=now, count=0))
            row = session.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one()
            if row.window_at <= now - WINDOW:
                row.window_at, row.count = now, 0
            row.count += 1


def clear(session: Session, *, key: str) -> None:
    """Forget a key's count, once the right person is in."""
    row = session.get(Throttle, key) if key else None
    if row is not None:
        session.delete(row)
