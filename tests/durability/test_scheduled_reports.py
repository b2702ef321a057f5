"""Reports made regularly by real processes: one file and one message, whoever is killed in the midst of it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from threading import Event

import pytest
from sqlalchemy import text, update

from tests.durability.test_reminding import ON_POSTGRESQL, is_done, let_time_pass, mail_through, two_workers
from tests.factories import make_organisation, make_person
from tests.mail.receiving import receiving
from tests.services.stored import rows
from tests.serving import STOPS_WITHIN, wait_for, worker
from training import clock
from training.db import EVERYWHERE
from training.domain.days import day_in
from training.domain.report_schedule import Recurrence, Rhythm
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.jobs.orders import open_orders
from training.models import MessageRow, Organisation, ReportSchedule, Task, TaskPart
from training.services import report_schedules, tasks
from training.services.messages import State
from training.services.report_schedules import NewSchedule

PEOPLE = 12
ONE_DAY = timedelta(days=1)


@pytest.fixture
def waiting(database, catalog):
    """A report that is due, at whatever hour it is: its day was yesterday."""
    now = clock.now()
    home = make_organisation(database, catalog=catalog, now=now - 30 * ONE_DAY)
    for number in range(PEOPLE):
        make_person(database, home, now=now, name=f"Person {number}")
    day = day_in(now, "Europe/London") - ONE_DAY
    weekly = Recurrence(Rhythm.WEEKLY, day.isoweekday())
    new = NewSchedule(report="everybody", asked={}, form="pdf", recurrence=weekly, starts_on=day)
    report_schedules.add_schedule(database, viewer=home.viewer, new=new, now=now)
    with database.write(EVERYWHERE) as session:
        session.execute(update(ReportSchedule).values(next_on=day))
        session.execute(update(Organisation).values(quiet_from=time(0), quiet_until=time(0)))
    return home.viewer


def told(running) -> list[str]:
    """Return the keys of the messages on files that were taken."""
    found = (message["Message-ID"].strip("<>").partition("@")[0] for message in running.inbox.messages)
    return [key for key in found if key.startswith("report-")]


def is_made(database) -> bool:
    return any(row.finished_at for row in rows(database, Task))


def check_one_file(database, viewer) -> None:
    """Fail unless there is one order, and one whole file of it."""
    (order,) = rows(database, Task)
    assert not order.failed, order.words
    found, parts = tasks.read_file(database, viewer=viewer, task_id=order.id, now=clock.now())
    whole = b"".join(parts)
    assert (whole[:5], whole.rstrip()[-5:], len(whole)) == (b"%PDF-", b"%%EOF", found.size)
    (schedule,) = rows(database, ReportSchedule)
    assert schedule.next_on > clock.now().date() - ONE_DAY


def hurry(database_url) -> None:
    """Have everything looked for at once, where there is a queue."""
    for name in ("scheduled-reports", "long-work", "reminders"):
        open_orders(database_url)(name)


@ON_POSTGRESQL
def test_two_workers_make_one_file_and_send_one_message(waiting, database, database_url, tmp_path):
    with receiving() as running, two_workers(database_url, tmp_path, running=running) as (one, _):
        for _ in range(2):
            hurry(database_url)
        wait_until(lambda: rows(database, Task), database_url, process=one)
        wait_until(lambda: is_made(database), database_url, process=one)
        wait_until(lambda: told(running), database_url, process=one)
        hurry(database_url)
        wait_for(lambda: is_done(database), process=one)
        check_one_file(database, waiting)
        assert len(told(running)) == 1


@ON_POSTGRESQL
def test_a_worker_killed_while_it_orders_leaves_the_day_to_the_next(waiting, database, database_url, tmp_path):
    with worker(database_url, output_file=tmp_path / "one.log") as one, database.write(EVERYWHERE) as session:
        session.execute(text("LOCK TABLE audit_head IN EXCLUSIVE MODE"))
        wait_until(lambda: is_waited_for(database), database_url, process=one)
        os.killpg(one.pid, signal.SIGKILL)
        one.wait(timeout=STOPS_WITHIN)
    wait_until_gone(database)
    assert rows(database, Task) == []
    let_time_pass(database)
    with worker(database_url, output_file=tmp_path / "two.log") as two:
        wait_until(lambda: is_made(database), database_url, process=two)
    check_one_file(database, waiting)


def test_a_worker_killed_half_way_leaves_no_half_file_and_the_next_makes_it_whole(
    waiting, database, database_url, tmp_path
):
    assert sum(report_schedules.order_due(database, now=clock.now())) == 1
    with (
        worker(database_url, output_file=tmp_path / "one.log") as one,
        keeping_held_back(database, database_url, process=one),
    ):
        os.killpg(one.pid, signal.SIGKILL)
        one.wait(timeout=STOPS_WITHIN)
    (order,) = rows(database, Task)
    assert (order.starts, order.finished_at, rows(database, TaskPart)) == (1, None, [])
    let_time_pass(database)
    with database.write(EVERYWHERE) as session:
        session.execute(update(Task).values(held_until=clock.now() - ONE_DAY))
    with worker(database_url, output_file=tmp_path / "two.log") as two:
        wait_until(lambda: is_made(database), database_url, process=two)
    check_one_file(database, waiting)


def test_a_message_under_way_when_its_worker_was_killed_is_not_sent_again(
    waiting, database, database_url, catalog, tmp_path
):
    assert sum(report_schedules.order_due(database, now=clock.now())) == 1
    do_orders(Means(database, catalog=catalog), clock.now, lambda: True, kinds=KINDS)
    with receiving(room=0) as running:
        mail = mail_through(running.port)
        with worker(database_url, output_file=tmp_path / "one.log", **mail) as one:
            wait_until(lambda: told_of(database), database_url, process=one)
            os.killpg(one.pid, signal.SIGKILL)
            one.wait(timeout=STOPS_WITHIN)
        running.inbox.room = 1_000
        let_time_pass(database)
        with worker(database_url, output_file=tmp_path / "two.log", **mail) as two:
            wait_until(lambda: told_of(database) == [State.UNKNOWN], database_url, process=two)
            wait_until(lambda: is_done(database), database_url, process=two)
        assert len(told(running)) <= 1, "what was under way may have arrived"
    check_one_file(database, waiting)


def told_of(database) -> list[str]:
    """Return the states of the messages on files."""
    return [row.status for row in rows(database, MessageRow) if row.key.startswith("report-")]


def is_waited_for(database) -> bool:
    """Say whether another connection waits for a lock."""
    with database.read(EVERYWHERE) as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def wait_until_gone(database) -> None:
    """Wait until the database has noticed that whoever waited for a lock has been killed."""
    pause = Event()
    while is_waited_for(database):
        pause.wait(0.05)


def wait_until(what, database_url, *, process) -> None:
    """Wait for something while all work is ordered again and again, as its own turn is minutes away."""
    asked = 0

    def look() -> object:
        nonlocal asked
        asked += 1
        if asked % 40 == 0:
            hurry(database_url)
        return what()

    wait_for(look, process=process)


@contextmanager
def keeping_held_back(database, database_url, *, process) -> Iterator[None]:
    """Hold a file back before its first part is kept, until the block ends; the work on it has begun."""
    is_sqlite = database_url.startswith("sqlite")
    if is_sqlite:
        wait_for(lambda: any(row.starts for row in rows(database, Task)), process=process)
    with database.write(EVERYWHERE) as session:
        if not is_sqlite:
            session.execute(text("LOCK TABLE task_part IN EXCLUSIVE MODE"))
            wait_until(lambda: any(row.starts for row in rows(database, Task)), database_url, process=process)
        yield
