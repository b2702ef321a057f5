"""What runs without a click: each kind of work, how often it is looked for, and the function that does it."""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from training.db import Database
from training.services import job_claims, reminders, roll_over
from training.services.letters import Post

LOG = logging.getLogger(__name__)
Clock = Callable[[], datetime]
# After so many messages it is asked whether the work is still this process's to do.
ASKED_EVERY = 25


@dataclass(frozen=True, slots=True)
class Means:
    """What work is done with: the database, and the post where there is a way to send."""

    database: Database
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: every so often somebody looks whether there is any, and does it."""

    name: str
    every: timedelta
    do: Callable[[Means, Clock, str, Callable[[], bool]], tuple[str, str]]


def turn_the_day(means: Means, clock: Clock, _watermark: str, still_ours: Callable[[], bool]) -> tuple[str, str]:
    """Work out anew what changes by itself; stop where somebody else has taken over."""
    people = 0
    for done in roll_over.roll_over(means.database, now=clock()):
        people = done
        if not still_ours():
            break
    return "", f"{people} people worked out anew"


def hold_against_facts(means: Means, clock: Clock, watermark: str, _still_ours: Callable[[], bool]) -> tuple[str, str]:
    """Compare some standings with the facts, going round everybody from run to run."""
    stopped_at, drifts = roll_over.reconcile(means.database, now=clock(), watermark=watermark)
    return stopped_at, f"{len(drifts)} standings mended"


def send_reminders(means: Means, clock: Clock, _watermark: str, still_ours: Callable[[], bool]) -> tuple[str, str]:
    """Send the reminders of the day once it is no longer quiet, and what is to be tried again."""
    if means.post is None:
        return "", "no mail server is set up"
    tried = 0
    with closing(reminders.send_due(means.database, post=means.post, clock=clock, once_a_day=True)) as told:
        for _ in told:
            tried += 1
            if tried % ASKED_EVERY == 0 and not still_ours():
                break
    return "", f"{tried} messages tried"


# The day turns at another hour in every time zone, so it is looked for all the time; finding nothing costs one query.
WORKS = (
    Work("roll-over", timedelta(minutes=5), turn_the_day),
    Work("reconcile", timedelta(hours=1), hold_against_facts),
    Work("reminders", timedelta(minutes=1), send_reminders),
)


def who_am_i() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()} {os.getpid()}"


def run_once(means: Means, *, work: Work, clock: Clock, who: str) -> bool:
    """Do one kind of work now, unless somebody else is at it; say whether it was done."""
    watermark = job_claims.claim(means.database, name=work.name, who=who, now=clock())
    if watermark is None:
        return False

    def still_ours() -> bool:
        return job_claims.hold(means.database, name=work.name, who=who, now=clock())

    try:
        stopped_at, words = work.do(means, clock, watermark, still_ours)
    except Exception:
        job_claims.release(means.database, name=work.name, who=who, now=clock(), words="failed: see the log")
        raise
    job_claims.release(means.database, name=work.name, who=who, now=clock(), words=words, watermark=stopped_at)
    return True
