"""What every test can ask for: databases made by the migrations, a catalogue, people and a signed-in browser."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from tests import postgresql
from tests.factories import Home, make_organisation
from tests.memory import folder_in_memory
from tests.postgresql import Server
from training.catalog.library import Catalog, load_catalog
from training.config import shipped
from training.db import Database
from training.migrate import migrate
from training.services import organisations, versions

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BOTH = ("sqlite", "postgresql")
# The same examples in every run, and none fails for being slow, as a machine may be busy; `wide` draws others:
# pytest --hypothesis-profile=wide.
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wide", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@dataclass(frozen=True, slots=True)
class Founded:
    """A database to copy from, by its file or by its name on the server, and the organisation in it."""

    template: Path | str
    home: Home


def pytest_configure(config: pytest.Config) -> None:  # noqa: ARG001 (pytest hands it over by its name)
    """Let pytest keep its folders in memory, unless somebody chose a place for them."""
    in_memory = folder_in_memory()
    if in_memory:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", in_memory)


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
    write_ahead_log_put_back(database)
    database.close()
    return path


def write_ahead_log_put_back(database: Database) -> None:
    """Let all that was written stand in the one file that is copied."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A real PostgreSQL server: the one in TRAINING_TEST_DATABASE_URL, or one started here."""
    given = os.environ.get("TRAINING_TEST_DATABASE_URL")
    with postgresql.reached(given) if given else postgresql.started() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server) -> Iterator[str]:
    """The name of a migrated PostgreSQL database to copy from."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    database = Database(postgresql_server.make(name))
    migrate(database)
    database.close()
    yield name
    postgresql_server.drop(name)


@pytest.fixture(scope="session")
def lasting_database(request, tmp_path_factory) -> Callable[[str], AbstractContextManager[Database]]:
    """Open a fresh database of a kind for as long as its user likes, which may be longer than one test."""

    @contextmanager
    def opened(kind: str) -> Iterator[Database]:
        with ExitStack() as until_the_end:
            if kind == "sqlite":
                path = tmp_path_factory.mktemp("lasting") / "lasting.sqlite"
                shutil.copy(request.getfixturevalue("sqlite_template"), path)
                address = f"sqlite:///{path}"
            else:
                template = request.getfixturevalue("postgresql_template")
                address = until_the_end.enter_context(request.getfixturevalue("postgresql_server").copied(template))
            database = Database(address)
            until_the_end.callback(database.close)
            yield database

    return opened


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The address of a fresh SQLite database."""
    path = tmp_path / "test.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server, postgresql_template) -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    with postgresql_server.copied(postgresql_template) as address:
        yield address


@pytest.fixture(scope="session")
def founded(request, tmp_path_factory) -> Iterator[Callable[[str, Catalog], Founded]]:
    """Found an organisation in a database to copy from, once for each kind and catalogue."""
    made: dict[tuple[str, int], Founded] = {}

    def found(kind: str, catalog: Catalog) -> Founded:
        key = (kind, id(catalog))
        if key not in made:
            made[key] = made_anew(kind, catalog)
        return made[key]

    def made_anew(kind: str, catalog: Catalog) -> Founded:
        if kind == "sqlite":
            template = tmp_path_factory.mktemp("founded") / "founded.sqlite"
            shutil.copy(request.getfixturevalue("sqlite_template"), template)
            return Founded(template, found_in(f"sqlite:///{template}", catalog))
        server, name = request.getfixturevalue("postgresql_server"), f"founded_{uuid.uuid4().hex[:12]}"
        address = server.make(name, template=request.getfixturevalue("postgresql_template"))
        until_the_end.callback(server.drop, name)
        return Founded(name, found_in(address, catalog))

    # A server of our own goes before this does, with all that is on it.
    with suppress(psycopg.OperationalError), ExitStack() as until_the_end:
        yield found


def found_in(address: str, catalog: Catalog) -> Home:
    """Keep the content in an empty database and found an organisation."""
    database = Database(address)
    organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW)
    if database.has_one_writer:
        write_ahead_log_put_back(database)
    database.close()
    return home


@pytest.fixture(params=BOTH)
def database_url(request, founded, tmp_path) -> Iterator[str]:
    """The address of a fresh database: the test runs once on SQLite and once on PostgreSQL.

    The organisation of a test that asks for `home` is there already.
    """
    if "home" not in request.fixturenames:
        yield request.getfixturevalue(f"{request.param}_url")
        return
    template = founded(request.param, request.getfixturevalue("catalog")).template
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'test.sqlite')}"
        return
    with request.getfixturevalue("postgresql_server").copied(template) as address:
        yield address


@pytest.fixture
def database(request, database_url, catalog) -> Iterator[Database]:
    """A fresh database with the built-in organisation and the content kept."""
    database = Database(database_url)
    if "home" not in request.fixturenames:
        organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
        versions.keep_versions(database, catalog=catalog, now=NOW)
    yield database
    database.close()


@pytest.fixture
def home(founded, catalog, database_url) -> Home:
    """An organisation with its manager, manager@home.example."""
    return founded(make_url(database_url).get_backend_name(), catalog).home
