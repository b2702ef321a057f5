"""What runs without a click: each kind of work, how often it is looked for, and the function that does it."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from training.db import Database
from training.services import job_claims, roll_over

LOG = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: every so often somebody looks whether there is any, and does it."""

    name: str
    every: timedelta
    do: Callable[[Database, Clock, str, Callable[[], bool]], tuple[str, str]]


def turn_the_day(database: Database, clock: Clock, _watermark: str, still_ours: Callable[[], bool]) -> tuple[str, str]:
    """Work out anew what changes by itself; stop where somebody else has taken over."""
    people = 0
    for done in roll_over.roll_over(database, now=clock()):
        people = done
        if not still_ours():
            break
    return "", f"{people} people worked out anew"


def hold_against_facts(
    database: Database, clock: Clock, watermark: str, _still_ours: Callable[[], bool]
) -> tuple[str, str]:
    """Compare some standings with the facts, going round everybody from run to run."""
    stopped_at, drifts = roll_over.reconcile(database, now=clock(), watermark=watermark)
    return stopped_at, f"{len(drifts)} standings mended"


# The day turns at another hour in every time zone, so it is looked for all the time; finding nothing costs one query.
WORKS = (
    Work("roll-over", timedelta(minutes=5), turn_the_day),
    Work("reconcile", timedelta(hours=1), hold_against_facts),
)


def who_am_i() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()} {os.getpid()}"


def run_once(database: Database, *, work: Work, clock: Clock, who: str) -> bool:
    """Do one kind of work now, unless somebody else is at it; say whether it was done."""
    watermark = job_claims.claim(database, name=work.name, who=who, now=clock())
    if watermark is None:
        return False

    def still_ours() -> bool:
        return job_claims.hold(database, name=work.name, who=who, now=clock())

    try:
        stopped_at, words = work.do(database, clock, watermark, still_ours)
    except Exception:
        job_claims.release(database, name=work.name, who=who, now=clock(), words="failed: see the log")
        raise
    job_claims.release(database, name=work.name, who=who, now=clock(), words=words, watermark=stopped_at)
    return True
