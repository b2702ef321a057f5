"""The clock in real processes: it turns the day by itself, survives being killed, and two of it do the work once."""

import os
import signal
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from tests.factories import make_organisation, make_person
from tests.services.stored import rows
from tests.serving import STOPS_WITHIN, serve, wait_for, worker
from training import clock
from training.db import EVERYWHERE, Database
from training.models import Job, Organisation, Person
from training.services import job_claims, organisations, roll_over, standing_checks, versions


@pytest.fixture
def waiting(database, catalog):
    """People whose standings wait for a day that has come since."""
    then = clock.now() - timedelta(days=40)
    home = make_organisation(database, catalog=catalog, now=then)
    for _ in range(30):
        make_person(database, home, now=then)
    assert roll_over.list_due(database, now=clock.now())
    return database


def is_done(database) -> bool:
    return not roll_over.list_due(database, now=clock.now())


def test_a_worker_turns_the_day(waiting, database_url, tmp_path):
    with worker(database_url, output_file=tmp_path / "worker.log") as process:
        wait_for(lambda: is_done(waiting), process=process)
        wait_for(lambda: job_claims.silent_since(waiting) is not None, process=process)
    assert standing_checks.verify(waiting, now=clock.now()) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_hour_of_missed_ticks_loses_nothing(waiting, database_url, tmp_path):
    started = clock.now()
    an_hour_ago, half_way = started - timedelta(hours=1), sorted(row.id for row in rows(waiting, Person))[15]
    (home,) = rows(waiting, Organisation, slug="home")
    for name, mark in (("roll-over", ""), ("reconcile", f"{home.id} {half_way}")):
        leave_from_an_hour_ago(waiting, name=name, mark=mark, then=an_hour_ago)
    with worker(database_url, output_file=tmp_path / "worker.log") as process:
        wait_for(lambda: {"roll-over", "reconcile"} <= finished_since(waiting, started), process=process)
    assert is_done(waiting)
    assert [row.watermark for row in rows(waiting, Job) if row.name == "reconcile"] == [""]
    assert standing_checks.verify(waiting, now=clock.now()) == []


def leave_from_an_hour_ago(database, *, name, mark, then) -> None:
    """Leave one kind of work, and the last tick for it, as a worker did that has been away since."""
    job_claims.claim(database, name=name, who="a worker", now=then)
    job_claims.release(database, name=name, who="a worker", now=then, words="", watermark=mark)
    tick = text("INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES (:name, :tick)")
    with database.write(EVERYWHERE) as session:
        session.execute(tick, {"name": name, "tick": int(then.timestamp())})


def finished_since(database, instant) -> set[str]:
    """Return the kinds of work that were finished after an instant."""
    runs = job_claims.last_runs(database)
    return {run.name for run in runs if run.finished_at is not None and run.finished_at > instant}


def let_claims_run_out(database) -> None:
    """Let the time pass after which a silent worker has given up its work."""
    with database.write(EVERYWHERE) as session:
        session.execute(update(Job).values(held_until=clock.now() - timedelta(minutes=1)))


def test_what_a_killed_worker_left_is_done_by_the_next(waiting, database_url, tmp_path):
    with worker(database_url, output_file=tmp_path / "one.log") as one:
        wait_for(lambda: job_claims.last_runs(waiting), process=one)
        os.killpg(one.pid, signal.SIGKILL)
        one.wait(timeout=STOPS_WITHIN)
    let_claims_run_out(waiting)
    with worker(database_url, output_file=tmp_path / "two.log") as two:
        wait_for(lambda: is_done(waiting), process=two)
    assert standing_checks.verify(waiting, now=clock.now()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_says_what_it_serves_and_when_it_has_stopped(waiting, database_url, tmp_path, number):
    output_file = tmp_path / "worker.log"
    with worker(database_url, output_file=output_file) as process:
        wait_for(lambda: is_done(waiting), process=process)
        process.send_signal(number)
        assert process.wait(timeout=STOPS_WITHIN) == 0
    first, *_, last = output_file.read_text().splitlines()
    assert first.startswith("Serving SQLite, " if database_url.startswith("sqlite") else "Serving PostgreSQL, ")
    assert last == "Stopped: what is left stays due, and is done by the next that runs."


def test_two_workers_at_once_do_the_work_once(waiting, database_url, tmp_path):
    with (
        worker(database_url, output_file=tmp_path / "one.log") as one,
        worker(database_url, output_file=tmp_path / "two.log") as two,
    ):
        wait_for(lambda: is_done(waiting), process=one)
        wait_for(lambda: {run.finished_at is None for run in job_claims.last_runs(waiting)} == {False}, process=two)
    assert standing_checks.verify(waiting, now=clock.now()) == []
    assert "Traceback" not in (tmp_path / "one.log").read_text() + (tmp_path / "two.log").read_text()


def test_on_sqlite_the_server_itself_turns_the_day(sqlite_url, catalog, tmp_path):
    database = Database(sqlite_url)
    then = clock.now() - timedelta(days=40)
    organisations.ensure_public(database, time_zone="Europe/London", now=then)
    versions.keep_versions(database, catalog=catalog, now=then)
    home = make_organisation(database, catalog=catalog, now=then)
    make_person(database, home, now=then)
    try:
        with serve(sqlite_url, output_file=tmp_path / "server.log") as served:
            wait_for(lambda: is_done(database), process=served.process)
    finally:
        database.close()
