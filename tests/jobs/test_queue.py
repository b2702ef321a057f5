"""The queue on PostgreSQL: what fails is ordered again, what dead workers left is found, and old failures go."""

import asyncio
from datetime import timedelta
from threading import Event

import psycopg
import pytest

from training import clock
from training.db import Database
from training.jobs.distributed import cron_of, make_app, order_what_was_left, run
from training.jobs.means import Means
from training.jobs.orders import libpq, open_orders
from training.jobs.schedule import Work
from training.services import job_claims

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def means(postgresql_url):
    database = Database(postgresql_url)
    yield Means(database)
    database.close()


def ask(means, statement: str, *values) -> list[tuple]:
    with psycopg.connect(libpq(means.database.engine.url), autocommit=True) as connection:
        found = connection.execute(statement, values)
        return found.fetchall() if found.description else []


def orders(means) -> list[tuple]:
    """Return each order: what for, how it stands, how often it was tried, and in how many minutes it is due."""
    return ask(
        means,
        "SELECT task_name, status::text, (args->>'tries')::int,"
        " ceil(extract(epoch FROM scheduled_at - now()) / 60)::int FROM procrastinate_jobs ORDER BY id",
    )


def carry_out(means, do, *, every=HOUR, tries=0) -> None:
    """Order one kind of work, and carry out that order and no tick of the clock."""
    app = make_app(means, stopping=Event(), works=(Work("the-work", every, do),))
    app.periodic_registry.periodic_tasks.clear()

    async def work() -> None:
        async with app.open_async():
            await app.configure_task("the-work").defer_async(tries=tries)
            await app.run_worker_async(
                wait=False, delete_jobs="successful", install_signal_handlers=False, listen_notify=False
            )

    asyncio.run(work())


def break_down(*_how):
    raise RuntimeError("it broke")


def succeed(*_how):
    return "", "done"


def test_what_went_well_leaves_nothing_in_the_queue(means):
    carry_out(means, succeed)
    assert orders(means) == []
    assert [each.words for each in job_claims.last_runs(means.database)] == ["done"]


@pytest.mark.parametrize(("every", "tries", "minutes"), [(5, 0, 1), (5, 2, 4), (60, 0, 1), (60, 5, 32)])
def test_what_failed_is_ordered_again_later_each_time(means, every, tries, minutes):
    carry_out(means, break_down, every=every * MINUTE, tries=tries)
    assert orders(means) == [("the-work", "failed", tries, None), ("the-work", "todo", tries + 1, minutes)]


@pytest.mark.parametrize(("every", "tries"), [(1, 0), (5, 3), (60, 6)])
def test_what_failed_waits_for_its_own_turn_where_that_is_as_near(means, every, tries):
    carry_out(means, break_down, every=every * MINUTE, tries=tries)
    assert orders(means) == [("the-work", "failed", tries, None)]


def test_what_somebody_else_is_at_is_looked_for_again(means):
    assert job_claims.claim(means.database, name="the-work", who="somebody else", now=clock.now()) == ""
    carry_out(means, break_down)
    assert orders(means) == [("the-work", "todo", 1, 1)]


def test_an_order_tried_before_does_not_hold_up_a_new_one(means):
    carry_out(means, break_down)
    for _ in range(2):
        open_orders(libpq(means.database.engine.url))("the-work")
    assert [(status, tries) for _, status, tries, _ in orders(means)] == [("failed", 0), ("todo", 1), ("todo", 0)]


def test_where_the_queue_takes_no_order_the_work_is_left_to_its_turn(means, caplog):
    ask(means, "DROP FUNCTION procrastinate_defer_jobs_v1")
    open_orders(libpq(means.database.engine.url))("reminders")
    assert "reminders could not be ordered and is left to its next turn" in caplog.text


def test_what_dead_workers_had_in_hand_is_ordered_again_and_what_live_ones_have_is_left(means):
    for name, silent in (("reminders", 3), ("roll-over", 0), ("remove-old-orders", 3)):
        ask(
            means,
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id)"
            " INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, worker_id)"
            " SELECT 'default', %s, 'doing', %s, id FROM worker",
            silent * MINUTE,
            name,
            name,
        )

    async def look() -> None:
        app = make_app(means, stopping=Event())
        async with app.open_async():
            await order_what_was_left(app)

    asyncio.run(look())
    assert [(name, status) for name, status, _, _ in orders(means)] == [("roll-over", "doing"), ("reminders", "todo")]


def test_failures_are_removed_after_a_week(means):
    for _ in range(2):
        carry_out(means, break_down, every=MINUTE)
    (old,), (new,) = ask(means, "SELECT id FROM procrastinate_jobs ORDER BY id")
    ask(means, "UPDATE procrastinate_events SET at = at - %s WHERE job_id = %s", 169 * HOUR, old)
    ask(means, "UPDATE procrastinate_events SET at = at - %s WHERE job_id = %s", 167 * HOUR, new)

    async def remove() -> None:
        app = make_app(means, stopping=Event())
        async with app.open_async():
            await app.tasks["remove-old-orders"].func(timestamp=0)

    asyncio.run(remove())
    assert ask(means, "SELECT id FROM procrastinate_jobs") == [(new,)]


def test_a_worker_ends_with_a_fault_where_its_queue_broke(means, caplog):
    ask(means, "DROP FUNCTION procrastinate_fetch_job_v2")
    with pytest.raises(SystemExit) as ended:
        run(means)
    assert ended.value.code == 3
    assert "the queue has stopped" in caplog.text


@pytest.mark.parametrize(("minutes", "cron"), [(1, "*/1 * * * *"), (5, "*/5 * * * *"), (60, "0 * * * *")])
def test_an_interval_is_written_as_the_queue_reads_it(minutes, cron):
    assert cron_of(minutes * MINUTE) == cron


@pytest.mark.parametrize("every", [7 * MINUTE, 90 * MINUTE, 24 * HOUR, timedelta(seconds=90), timedelta(seconds=30)])
def test_an_interval_that_the_queue_cannot_keep_is_refused(every):
    with pytest.raises(ValueError, match="no multiple"):
        cron_of(every)
