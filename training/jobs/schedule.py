"""What runs without a click: each kind of work, how often it is looked for, and the function that does it."""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Clock, Means, StillOurs
from training.services import job_claims, reminders, report_schedules, roll_over, task_claims, trend_work
from training.services.task_claims import LONG_WORK

LOG = logging.getLogger(__name__)
BEATS_EVERY = timedelta(seconds=30)
# So often it is asked whether the work is still ours; a claim that nobody renews runs out after several of these.
ASKED_EVERY = timedelta(seconds=30)
# One run of looking round goes in so many steps, and may be stopped after each.
STEPS = 4
# After so long whatever was recorded has been committed, an import of everybody too.
SETTLED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work: every so often somebody looks whether there is any, and does it."""

    name: str
    every: timedelta
    do: Callable[[Means, Clock, str, StillOurs], tuple[str, str]]


def turn_the_day(means: Means, clock: Clock, _watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Work out anew what changes by itself; stop where somebody else has taken over."""
    people = 0
    for done in roll_over.roll_over(means.database, now=clock()):
        people = done
        if not still_ours():
            break
    return "", f"{people} people worked out anew"


def hold_against_facts(means: Means, clock: Clock, watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Compare some standings with the facts, going round everybody from run to run."""
    mended = 0
    for _ in range(STEPS):
        most = roll_over.CHECKED // STEPS
        watermark, drifts = roll_over.reconcile(means.database, now=clock(), watermark=watermark, most=most)
        mended += len(drifts)
        if not watermark or not still_ours():
            break
    return watermark, f"{mended} standings mended"


def add_up(means: Means, clock: Clock, watermark: str, _still_ours: StillOurs) -> tuple[str, str]:
    """Compare every counter with the standings, once a day."""
    today = clock().date().isoformat()
    if watermark == today:
        return today, "done today"
    return today, f"{len(roll_over.recount(means.database))} counters mended"


def send_reminders(means: Means, clock: Clock, _watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Send the reminders of the day once it is no longer quiet, and what is to be tried again."""
    if means.post is None:
        return "", "no mail server is set up"
    tried = 0
    with closing(reminders.send_due(means.database, post=means.post, clock=clock, once_a_day=True)) as told:
        for _ in told:
            tried += 1
            if not still_ours():
                break
    return "", f"{tried} messages tried"


def keep_the_trend(means: Means, clock: Clock, _watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Bring the figures of past months' ends to what was known a little while ago; the next run goes on from there."""
    now, people = clock(), 0
    for done in trend_work.bring_up_to_date(means.database, now=now, known_at=now - SETTLED):
        people = done
        if not still_ours():
            break
    return "", f"{people} people looked at"


def do_long_work(means: Means, clock: Clock, _watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Do what people ordered that takes longer than a page may."""
    return "", f"{do_orders(means, clock, still_ours, kinds=KINDS)} orders done"


def order_scheduled(means: Means, clock: Clock, _watermark: str, still_ours: StillOurs) -> tuple[str, str]:
    """Order the reports whose day has come."""
    ordered = 0
    for was_ordered in report_schedules.order_due(means.database, now=clock()):
        ordered += was_ordered
        if not still_ours():
            break
    return "", f"{ordered} reports ordered"


def remove_expired(means: Means, clock: Clock, _watermark: str, _still_ours: StillOurs) -> tuple[str, str]:
    """Remove the files that nobody may read any more."""
    return "", f"{task_claims.tidy(means.database, now=clock())} files removed"


# The day turns at another hour in every time zone, so it is looked for all the time; finding nothing costs one query.
WORKS = (
    Work("roll-over", timedelta(minutes=5), turn_the_day),
    Work("reconcile", timedelta(hours=1), hold_against_facts),
    Work("counters", timedelta(hours=1), add_up),
    Work("reminders", timedelta(minutes=1), send_reminders),
    *(Work(name, timedelta(minutes=1), do_long_work) for name in LONG_WORK),
    Work("trend", timedelta(hours=1), keep_the_trend),
    Work("expired-files", timedelta(hours=1), remove_expired),
    Work("scheduled-reports", timedelta(minutes=5), order_scheduled),
)


def run_once(means: Means, *, work: Work, clock: Clock, who: str, stopping: Event | None = None) -> bool:
    """Do one kind of work now, unless somebody else is at it; say whether it was done.

    Once `stopping` is set, it ends early; what is left is still due.
    """
    watermark = job_claims.claim(means.database, name=work.name, who=who, now=clock())
    if watermark is None:
        return False
    asked_at = clock()

    def still_ours() -> bool:
        nonlocal asked_at
        if stopping is not None and stopping.is_set():
            return False
        if clock() - asked_at < ASKED_EVERY:
            return True
        asked_at = clock()
        return job_claims.hold(means.database, name=work.name, who=who, now=asked_at)

    try:
        stopped_at, words = work.do(means, clock, watermark, still_ours)
    except Exception:
        job_claims.release(means.database, name=work.name, who=who, now=clock(), words="failed: see the log")
        raise
    job_claims.release(means.database, name=work.name, who=who, now=clock(), words=words, watermark=stopped_at)
    return True
