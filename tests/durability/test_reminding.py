"""Reminders sent by real processes through a real mail server: two at once, and one that is killed in the midst."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from subprocess import Popen

import pytest
from sqlalchemy import text, update

from tests.factories import make_organisation, make_person
from tests.mail.receiving import receiving
from tests.services.stored import rows
from tests.serving import STOPS_WITHIN, wait_for, worker
from training import clock
from training.db import EVERYWHERE
from training.jobs.orders import open_orders
from training.models import Job, MessageRow, Organisation
from training.services.messages import State

PEOPLE = 18
# Room for everybody, and for messages that nobody should get.
EVERYBODY = 10 * PEOPLE
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def mail_through(port: int) -> dict[str, str]:
    """Return the settings of a worker that sends through a mail server on this machine."""
    return {"TRAINING_MAIL_URL": f"smtp://127.0.0.1:{port}?tls=none", "TRAINING_MAIL_FROM": "training@example.org"}


@pytest.fixture
def waiting(database, catalog):
    """People to remind today, at whatever hour it is."""
    now = clock.now()
    home = make_organisation(database, catalog=catalog, now=now)
    for number in range(PEOPLE):
        make_person(database, home, now=now, email=f"p{number}@home.example")
    with database.write(EVERYWHERE) as session:
        session.execute(update(Organisation).values(quiet_from=time(0), quiet_until=time(0)))
    return database


@contextmanager
def two_workers(database_url, tmp_path, *, running) -> Iterator[tuple[Popen, Popen]]:
    """Run two workers that send through the same mail server, until the block ends."""
    mail = mail_through(running.port)
    with (
        worker(database_url, output_file=tmp_path / "one.log", **mail) as one,
        worker(database_url, output_file=tmp_path / "two.log", **mail) as two,
    ):
        yield one, two


def told(running) -> Counter:
    """Count the messages that each address was sent."""
    return Counter(message["To"].addresses[0].addr_spec for message in running.inbox.messages)


def is_done(database) -> bool:
    return any(row.name == "reminders" and row.finished_at for row in rows(database, Job))


def test_two_workers_at_once_remind_everybody_once(waiting, database_url, tmp_path):
    with receiving() as running, two_workers(database_url, tmp_path, running=running) as (one, _):
        wait_for(lambda: running.inbox.taken, process=one)
        for _ in range(2):
            open_orders(database_url)("reminders")
        wait_for(lambda: is_done(waiting), process=one)
        assert len(told(running)) == PEOPLE + 1
        assert set(told(running).values()) == {1}


def test_what_a_killed_worker_left_is_sent_by_the_next_and_nobody_is_told_twice(waiting, database_url, tmp_path):
    with receiving(room=3) as running:
        with worker(database_url, output_file=tmp_path / "one.log", **mail_through(running.port)) as one:
            wait_for(lambda: len(running.inbox.taken) == 3, process=one)
            os.killpg(one.pid, signal.SIGKILL)
            one.wait(timeout=STOPS_WITHIN)
        running.inbox.room = EVERYBODY
        let_time_pass(waiting)
        with worker(database_url, output_file=tmp_path / "two.log", **mail_through(running.port)) as two:
            wait_for(lambda: is_done(waiting) and not in_hand(waiting), process=two)
        assert set(told(running).values()) == {1}
        states = Counter(row.status for row in rows(waiting, MessageRow))
        unknown = states.pop(State.UNKNOWN, 0)
        assert unknown <= 1, "only what was under way when it was killed"
        assert states == {State.SENT: PEOPLE + 1 - unknown}
        assert len(told(running)) >= PEOPLE + 1 - unknown


@ON_POSTGRESQL
def test_when_the_worker_that_reminds_is_killed_the_other_goes_on(waiting, database_url, tmp_path):
    with receiving(room=3) as running, two_workers(database_url, tmp_path, running=running) as workers:
        wait_for(lambda: len(running.inbox.taken) == 3, process=workers[0])
        at_it, other = whoever_reminds(waiting, workers)
        os.killpg(at_it.pid, signal.SIGKILL)
        at_it.wait(timeout=STOPS_WITHIN)
        running.inbox.room = EVERYBODY
        let_time_pass(waiting)
        open_orders(database_url)("reminders")
        wait_for(lambda: is_done(waiting), process=other)
        assert set(told(running).values()) == {1}
        assert len(told(running)) >= PEOPLE, "all but the one that may have been under way"


@ON_POSTGRESQL
def test_a_worker_told_to_stop_lets_go_and_the_other_goes_on(waiting, database_url, tmp_path):
    with receiving(room=3) as running, two_workers(database_url, tmp_path, running=running) as workers:
        wait_for(lambda: len(running.inbox.taken) == 3, process=workers[0])
        at_it, other = whoever_reminds(waiting, workers)
        at_it.send_signal(signal.SIGTERM)
        running.inbox.room = EVERYBODY
        assert at_it.wait(timeout=STOPS_WITHIN) == 0
        open_orders(database_url)("reminders")
        everybody = {State.SENT: PEOPLE + 1}
        wait_for(lambda: Counter(row.status for row in rows(waiting, MessageRow)) == everybody, process=other)
        assert set(told(running).values()) == {1}


def whoever_reminds(database, workers) -> list[Popen]:
    """Return the workers, the one first that is at the reminders."""
    (held_by,) = [row.held_by for row in rows(database, Job) if row.name == "reminders"]
    return sorted(workers, key=lambda worker: str(worker.pid) not in held_by.split())


def in_hand(database) -> list[str]:
    """Return the orders that a worker took from the queue, where there is one."""
    if database.engine.dialect.name == "sqlite":
        return []
    with database.read(EVERYWHERE) as session:
        return list(session.scalars(text("SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'")))


def let_time_pass(database) -> None:
    """Let the time pass after which a silent worker has given up its work and is dead, and a message its answer."""
    past = clock.now() - timedelta(minutes=1)
    with database.write(EVERYWHERE) as session:
        session.execute(update(Job).values(held_until=past))
        session.execute(update(MessageRow).where(MessageRow.status == State.WAITING).values(next_try_at=past))
        if database.engine.dialect.name == "postgresql":
            session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"))
