"""Reminders sent by real processes through a real mail server: two at once, and one that is killed in the midst."""

import os
import signal
from collections import Counter
from datetime import time, timedelta

import pytest
from sqlalchemy import update

from tests.factories import make_organisation, make_person
from tests.mail.receiving import receiving
from tests.services.stored import rows
from tests.serving import wait_for, worker
from training import clock
from training.db import EVERYWHERE
from training.models import Job, MessageRow, Organisation
from training.services.messages import State

PEOPLE = 18


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


def told(running) -> Counter:
    """Count the messages that each address was sent."""
    return Counter(message["To"].addresses[0].addr_spec for message in running.inbox.messages)


def is_done(database) -> bool:
    return any(row.name == "reminders" and row.finished_at for row in rows(database, Job))


def test_two_workers_at_once_remind_everybody_once(waiting, database_url, tmp_path):
    with (
        receiving() as running,
        worker(database_url, output_file=tmp_path / "one.log", **mail_through(running.port)) as one,
        worker(database_url, output_file=tmp_path / "two.log", **mail_through(running.port)),
    ):
        wait_for(lambda: is_done(waiting), process=one)
        assert len(told(running)) == PEOPLE + 1
        assert set(told(running).values()) == {1}


def test_what_a_killed_worker_left_is_sent_by_the_next_and_nobody_is_told_twice(waiting, database_url, tmp_path):
    with receiving() as running:
        with worker(database_url, output_file=tmp_path / "one.log", **mail_through(running.port)) as one:
            wait_for(lambda: len(running.inbox.taken) >= 3, process=one)
            os.killpg(one.pid, signal.SIGKILL)
            one.wait(timeout=30)
        let_time_pass(waiting)
        with worker(database_url, output_file=tmp_path / "two.log", **mail_through(running.port)) as two:
            wait_for(lambda: is_done(waiting), process=two)
        assert set(told(running).values()) == {1}
        states = Counter(row.status for row in rows(waiting, MessageRow))
        unknown = states.pop(State.UNKNOWN, 0)
        assert unknown <= 1, "only what was under way when it was killed"
        assert states == {State.SENT: PEOPLE + 1 - unknown}
        assert len(told(running)) >= PEOPLE + 1 - unknown


def let_time_pass(database) -> None:
    """Let the time pass after which a silent worker has given up its work, and a message its answer."""
    past = clock.now() - timedelta(minutes=1)
    with database.write(EVERYWHERE) as session:
        session.execute(update(Job).values(held_until=past))
        session.execute(update(MessageRow).where(MessageRow.status == State.WAITING).values(next_try_at=past))
