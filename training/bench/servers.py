"""Real servers, started as people start them: the service itself, and bare ones of the same kind beside it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection

from flask import Flask, request
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert

from training.config import Config
from training.db import Database
from training.server import Gunicorn

READY_WITHIN = 60.0
PATIENCE = 60
SERVE = "import sys; from training.cli import main; main(['serve', '--port', sys.argv[1]])"
SERVE_BARE = "import sys; from training.bench.servers import serve_bare; serve_bare(int(sys.argv[1]))"
# What production asks for; the key signs nothing but the bench's own cookies.
SERVED = {"env": "production", "base_url": "https://127.0.0.1", "secret_key": "of a bench that nobody else signs in to"}
BARE = Table("bench_floor", MetaData(), Column("id", Integer, primary_key=True), Column("answer", Text))


class NotReady(Exception):
    """The server cannot be measured because it never answered."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers at a port, and how long it took to."""

    port: int
    seconds: float


def bare_app(database: Database) -> Flask:
    """Return an application that does one durable insert for each POST, and nothing else."""
    app = Flask("bare")

    def keep() -> str:
        with database.engine.execution_options(begin_immediately=True).begin() as connection:
            connection.execute(insert(BARE).values(answer=request.form["answer"]))
        return "kept"

    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>Hello</title><p>Hello.")
    app.add_url_rule("/answer", view_func=keep, methods=["POST"])
    return app


class BareServer(Gunicorn):
    """The same kind of server with the bare application in it."""

    def load(self) -> Flask:
        """Make the application, in each worker."""
        return bare_app(Database(self.config.database_url))


def serve_bare(port: int) -> None:
    """Serve the bare application until stopped; what it keeps goes when it is served again."""
    config = Config.from_env(os.environ)
    database = Database(config.database_url)
    BARE.drop(database.engine, checkfirst=True)
    BARE.create(database.engine)
    database.close()
    BareServer(config, host="127.0.0.1", port=port).run()


def clear_bare(database: Database) -> None:
    """Drop what the bare application kept."""
    BARE.drop(database.engine, checkfirst=True)


@contextmanager
def serving(config: Config, *, code: str = SERVE) -> Iterator[Served]:
    """Serve a database until the block ends.

    Raises:
        NotReady: when nothing answers in time.
    """
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(port)],
        env=environment(config),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield Served(port, wait_for_page(process, port=port))
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=30)


def environment(config: Config) -> dict[str, str]:
    """Return our environment with the settings of a server in place of any of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAINING_")}
    settings = {f"TRAINING_{name.upper()}": value for name, value in SERVED.items()}
    return {**inherited, **settings, "TRAINING_DATABASE_URL": config.database_url}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_page(process: subprocess.Popen, *, port: int) -> float:
    """Ask for the first page until it comes, and return the seconds since the asking began."""
    began = time.perf_counter()
    while process.poll() is None and time.perf_counter() - began < READY_WITHIN:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                connection.close()
                return time.perf_counter() - began
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
    raise NotReady("The server never answered.")
