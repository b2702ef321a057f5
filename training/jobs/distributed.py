"""The clock on PostgreSQL: any number of workers take orders from a queue in the database, kept by Procrastinate."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from threading import Event

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from training import clock
from training.jobs.means import Means, who_am_i
from training.jobs.orders import libpq, put, slip
from training.jobs.schedule import BEATS_EVERY, WORKS, Work, run_once
from training.services import job_claims

LOG = logging.getLogger(__name__)
# A worker says every ten seconds that it lives. A machine may be slow; one that is silent for so long is dead.
SILENT_TOO_LONG = timedelta(minutes=2)
FAILURES_KEPT = timedelta(days=7)
HOUR = timedelta(hours=1)


def run(means: Means) -> None:
    """Carry out orders as the whole of this process, until it is told to stop."""
    # It says in words where the database is not as it should be; the queue would wait and then break.
    job_claims.beat(means.database, who=who_am_i(), now=clock.now())
    if not asyncio.run(carry_out_orders(means)):
        LOG.critical("the queue has stopped; this process ends so that it can be started again")
        sys.exit(3)


async def carry_out_orders(means: Means) -> bool:
    """Take orders until told to stop; False where the queue stopped by itself."""
    stopping = Event()
    app = make_app(means, stopping=stopping)
    async with app.open_async():
        for work in WORKS:
            await order(app, work.name)
        keeping = asyncio.create_task(keep(app, means))
        working = asyncio.create_task(take_orders(app))
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop, stopping, working)
        await asyncio.wait({working})
        keeping.cancel()
    if not working.cancelled() and (broken := working.exception()):
        LOG.error("the queue broke", exc_info=broken)
    return stopping.is_set()


async def take_orders(app: App) -> None:
    """Take orders from the queue, each kind in a thread of its own; those done well leave no row."""
    await app.run_worker_async(
        concurrency=len(WORKS) + 1,
        delete_jobs="successful",
        install_signal_handlers=False,
        stalled_worker_timeout=SILENT_TOO_LONG.total_seconds(),
    )


def stop(stopping: Event, working: asyncio.Task) -> None:
    """Take no more orders; the work under way ends after the message or the people it is at."""
    if not stopping.is_set():
        stopping.set()
        working.cancel()


def make_app(means: Means, *, stopping: Event, works: tuple[Work, ...] = WORKS) -> App:
    """Return the queue, with every kind of work known to it and ordered at its times."""
    app = App(connector=PsycopgConnector(conninfo=libpq(means.database.engine.url), min_size=1, max_size=4))
    for work in works:
        add(app, work, means=means, stopping=stopping)

    @app.periodic(cron="30 3 * * *")
    @app.task(name="remove-old-orders", queueing_lock="remove-old-orders")
    async def remove_old(**_tick: int) -> None:
        kept = FAILURES_KEPT // HOUR
        await app.job_manager.delete_old_jobs(kept, include_failed=True, include_cancelled=True, include_aborted=True)

    return app


def add(app: App, work: Work, *, means: Means, stopping: Event) -> None:
    """Make a kind of work known to the queue: what carries out an order for it, and when it is ordered."""

    def carry_out(tries: int = 0, **_tick: int) -> None:
        done = False
        try:
            # Each order claims the work under a name of its own, as one process may hold several orders.
            done = run_once(means, work=work, clock=clock.now, who=who_am_i(), stopping=stopping)
        finally:
            if not done:
                order_later(app, work, tries=tries)

    task = app.task(carry_out, name=work.name, queueing_lock=work.name)
    app.periodic(cron=cron_of(work.every))(task)


def order_later(app: App, work: Work, *, tries: int) -> None:
    """Order work again that failed or that somebody else was at, each time later, until its own turn is as near."""
    wait = timedelta(minutes=2**tries)
    if wait < work.every:
        put(app, work.name, wait=wait, tries=tries + 1)


def cron_of(every: timedelta) -> str:
    """Write an interval as the queue's clock reads it.

    Raises:
        ValueError: unless it is an hour or goes into one in whole minutes.
    """
    minutes, rest = divmod(every, timedelta(minutes=1))
    if rest or minutes < 1 or HOUR % every:
        raise ValueError(f"work cannot be looked for every {every}: an hour is no multiple of it")
    return "0 * * * *" if every == HOUR else f"*/{minutes} * * * *"


async def keep(app: App, means: Means) -> None:
    """Show that this worker lives, and look after what dead ones left.

    It is no order in the queue itself: it would be left lying with the others.
    """
    who = who_am_i()
    while True:
        try:
            await asyncio.to_thread(job_claims.beat, means.database, who=who, now=clock.now())
            await order_what_was_left(app)
        except Exception:
            LOG.exception("looking after the queue failed and will be tried again")
        await asyncio.sleep(BEATS_EVERY.total_seconds())


async def order_what_was_left(app: App) -> None:
    """Take the orders that dead workers had in hand out of the queue, and order the same work anew."""
    for left in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_TOO_LONG.total_seconds()):
        LOG.warning("a worker died with %s in hand; it is ordered again", left.task_name)
        with suppress(ConnectorException):  # Another worker was quicker.
            await app.job_manager.finish_job(left, Status.ABORTED, delete_job=True)
        if left.task_name in {work.name for work in WORKS}:
            await order(app, left.task_name)


async def order(app: App, name: str) -> None:
    """Put an order in the queue, unless one waits there already."""
    with suppress(AlreadyEnqueued):
        await slip(app, name).defer_async()
