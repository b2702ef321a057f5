"""The real server, started as people start it, on a free port and a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

# Long, as a machine may be busy: nothing that goes well waits for it.
READY_WITHIN = 180.0
STOPS_WITHIN = 120.0
# Below the ports that the system gives to connections: one of those could take a port before its server listens.
LOWEST_PORT, PORTS = 20_000, 12_000
TRIED = count()


class NotReady(Exception):
    """The browser cannot be sent to the server because the server never became ready."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers, and the database behind it."""

    address: str
    database_url: str
    process: subprocess.Popen

    def kill(self) -> None:
        """Kill the server with all its workers at once, as a power cut would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=STOPS_WITHIN)


@contextmanager
def serve(database_url: str, *, output_file: Path, host: str = "127.0.0.1", **settings: str) -> Iterator[Served]:
    """Serve a database until the block ends, with what the server prints in a file, as a host that means this machine.

    Raises:
        NotReady: with what the server printed.
    """
    port = free_port()
    address = f"http://{host}:{port}"
    command = [Path(sys.executable).with_name("training"), "serve", "--port", str(port)]
    with output_file.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment(address=address, database_url=database_url) | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        served = Served(address, database_url, process)
        try:
            wait_until_ready(served, output_file=output_file)
            yield served
        finally:
            process.terminate()
            # It gives whoever it is serving twenty seconds first.
            process.wait(timeout=STOPS_WITHIN)


def free_port() -> int:
    """Return a port that nobody listens on: another one at each call, and in each of the processes that run tests."""
    for number in TRIED:
        port = LOWEST_PORT + (os.getpid() * 61 + number) % PORTS
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there is always another number")


@contextmanager
def refusing_port() -> Iterator[int]:
    """Hold a port until the block ends; whoever connects to it is refused, as nobody can listen there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def environment(*, address: str, database_url: str) -> dict[str, str]:
    """Return our environment with the server's settings in place of any of ours."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TRAINING_")}
    return inherited | {"TRAINING_DATABASE_URL": database_url, "TRAINING_BASE_URL": address}


@contextmanager
def worker(database_url: str, *, output_file: Path, **settings: str) -> Iterator[subprocess.Popen]:
    """Run `training worker` until the block ends, with what it prints in a file."""
    with output_file.open("wb") as output:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("training"), "worker"],
            env=environment(address="http://127.0.0.1:1", database_url=database_url) | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=STOPS_WITHIN)


def wait_for(what: Callable[[], object], *, process: subprocess.Popen) -> None:
    """Wait until something is so, as long as the process lives."""
    deadline, pause = time.monotonic() + READY_WITHIN, Event()
    while not what():
        assert process.poll() is None, "the process ended"
        assert time.monotonic() < deadline, "it did not come about in time"
        pause.wait(0.05)


def wait_until_ready(served: Served, *, output_file: Path) -> None:
    """Ask until the server says that it is ready, has stopped, or has had long enough."""
    deadline = time.monotonic() + READY_WITHIN
    while not is_ready(served):
        if stopped_within(served.process, seconds=0.05) or time.monotonic() > deadline:
            raise NotReady(f"{served.address} is not ready; the server printed:\n{output_file.read_text()}")


def is_ready(served: Served) -> bool:
    """Say whether the server answers and finds its database well."""
    try:
        with urlopen(f"{served.address}/readyz", timeout=30) as answer:  # noqa: S310 - our own address
            return answer.status == 200
    except (URLError, ConnectionError, TimeoutError, HTTPException):
        return False


def stopped_within(process: subprocess.Popen, *, seconds: float) -> bool:
    """Wait a moment for a process, and say whether it has stopped."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
