"""Connections: one that the server has ended is found out and replaced, and one query alone begins no transaction."""

from contextlib import suppress

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import NOW
from tests.factories import make_person
from training import engines
from training.db import Database
from training.models import Person

COUNT = select(func.count()).select_from(Person)


def end_every_connection(server: Database) -> None:
    """End every connection to the database but the one that says so."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with server.engine.connect() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))


@pytest.fixture
def server(postgresql_url):
    database = Database(postgresql_url)
    yield database
    database.close()


@pytest.fixture
def asking(postgresql_url):
    database = Database(postgresql_url)
    database.ask(1, COUNT)
    yield database
    database.close()


def test_a_connection_that_the_server_ended_meanwhile_is_replaced(server, asking, monkeypatch):
    monkeypatch.setattr(engines, "SURELY_ALIVE", 0)
    end_every_connection(server)
    assert asking.ask(1, COUNT)[0][0] == 0
    end_every_connection(server)
    with asking.read(1) as session:
        assert session.scalar(COUNT) == 0


def test_one_that_was_ended_a_moment_ago_is_let_go_of_with_all_like_it(server, asking, monkeypatch):
    monkeypatch.setattr(engines, "SURELY_ALIVE", 60)
    end_every_connection(server)
    with pytest.raises(DBAPIError):
        asking.ask(1, COUNT)
    assert asking.ask(1, COUNT)[0][0] == 0


def test_a_connection_in_use_a_moment_ago_is_not_asked_whether_it_lives(asking, monkeypatch):
    asked = []
    monkeypatch.setattr(asking.engine.dialect, "do_ping", lambda _connection: asked.append(1))
    monkeypatch.setattr(engines, "SURELY_ALIVE", 60)
    asking.ask(1, COUNT)
    assert not asked
    monkeypatch.setattr(engines, "SURELY_ALIVE", 0)
    asking.ask(1, COUNT)
    assert asked


def ready_on(database: Database) -> int:
    """Return how many statements are ready on the server, on the connection that is in the pool."""
    with database.engine.connect() as connection:
        return connection.connection.driver_connection.execute(
            "SELECT count(*) FROM pg_prepared_statements"
        ).fetchone()[0]


def test_what_was_read_often_stays_ready_on_the_server(server):
    before = ready_on(server)
    for _ in range(10):
        with server.read(1) as session:
            assert session.scalar(COUNT) == 0
    assert ready_on(server) == before + 1


def test_what_fails_while_it_is_read_is_rolled_back(server):
    with suppress(ZeroDivisionError), server.read(1) as session:
        session.scalar(COUNT)
        raise ZeroDivisionError
    with server.read(1) as session:
        assert session.scalar(COUNT) == 0
    assert server.engine.pool.checkedout() == 0


def test_one_query_alone_leaves_the_connection_fit_to_write(database, home):
    begun = []
    event.listen(database.engine, "begin", begun.append)
    for _ in range(3):
        database.ask(home.viewer.organisation_id, COUNT)
    before = len(begun)
    database.ask(home.viewer.organisation_id, COUNT)
    assert len(begun) == before
    make_person(database, home, now=NOW)
    with suppress(ZeroDivisionError), database.write(home.viewer.organisation_id) as session:
        for person in session.scalars(select(Person)):
            person.name = "Nobody"
        session.flush()
        raise ZeroDivisionError
    names = database.ask(home.viewer.organisation_id, select(Person.name))
    assert len(names) == 2
    assert ("Nobody",) not in names
