"""The clock inside one process: APScheduler with its jobs in memory, because the database says what is due."""

import logging
import os
import signal
from contextlib import suppress
from threading import Event

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from training import clock
from training.db import Database
from training.jobs.means import Means, who_am_i
from training.jobs.schedule import BEATS_EVERY, WORKS, run_once
from training.services import job_claims, task_claims

LOG = logging.getLogger(__name__)


def start(means: Means) -> BackgroundScheduler:
    """Start the clock in a thread of this process."""
    scheduler = BackgroundScheduler(timezone="UTC")
    # There is no clock beside this one, so whoever held an order, or a kind of work, is dead.
    for claims in (job_claims, task_claims):
        claims.free_all(means.database, now=clock.now())
    arrange(scheduler, means)
    scheduler.start()
    return scheduler


def hurry(scheduler: BaseScheduler, name: str) -> None:
    """Look for a kind of work now instead of at its next turn."""
    scheduler.modify_job(name, next_run_time=clock.now())


def run(means: Means) -> None:
    """Run the clock as the whole of this process, until it is told to stop; then end after what is under way."""
    scheduler, stopping = BlockingScheduler(timezone="UTC"), Event()
    arrange(scheduler, means, stopping=stopping)
    # As at Ctrl+C: the main thread does nothing but wait, so it may be broken off anywhere.
    for number in (signal.SIGTERM, signal.SIGINT):  # A process begun in the background would not hear the second.
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        scheduler.start()
    stopping.set()
    scheduler.shutdown()


def arrange(scheduler: BaseScheduler, means: Means, *, stopping: Event | None = None) -> None:
    """Tell a scheduler what to do; everything once at the start, so that no stop loses a day."""
    who = who_am_i()
    scheduler.add_listener(say_what_failed, EVENT_JOB_ERROR)
    usual = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    now = clock.now()
    scheduler.add_job(
        beat, "interval", args=(means.database, who), seconds=BEATS_EVERY.seconds, next_run_time=now, **usual
    )
    for work in WORKS:
        scheduler.add_job(
            run_once,
            "interval",
            kwargs={"means": means, "work": work, "clock": clock.now, "who": who, "stopping": stopping},
            seconds=int(work.every.total_seconds()),
            next_run_time=now,
            id=work.name,
            **usual,
        )


def beat(database: Database, who: str) -> None:
    """Leave a sign that the clock goes."""
    job_claims.beat(database, who=who, now=clock.now())


def say_what_failed(event: JobExecutionEvent) -> None:
    """Log a failure with its trace; it is tried again at the next turn."""
    LOG.error("%s failed and will be tried again: %s\n%s", event.job_id, event.exception, event.traceback)


def watch(scheduler: BackgroundScheduler) -> None:
    """End the process where the clock's thread has died; whoever keeps the service up starts it again."""
    thread = scheduler._thread
    if scheduler.running and (thread is None or not thread.is_alive()):
        LOG.critical("the clock has stopped; this process ends so that it can be started again")
        os._exit(3)
