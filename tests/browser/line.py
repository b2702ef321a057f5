"""The line between a phone and the server: it can be cut, as a basement does, be slow, or lose a reply on its way."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CHUNK = 65536
WORKER = b"GET /sw.js "
VERSION = re.compile(rb'(?<="version": ")[0-9a-f]')
# What a browser asks for packed, or only where it changed, could not be made another.
CHOOSY = (b"Accept-Encoding:", b"If-None-Match:")


@dataclass
class Line:
    """A proxy in front of a server. `lose` holds the beginnings of requests whose next reply is lost once each.

    `lost` are those whose reply was lost: the server had answered. Requests that begin with one of `refuse` never get
    to the server, and replies to those that begin with one of `delay` arrive once `arrive` is set. `silent` takes
    connections and answers nothing, as a line does that has a signal and no network. With `is_newer` the service worker
    comes as one of another version, as it does once the service was updated.
    """

    server: tuple[str, int]
    listener: socket.socket
    lose: list[bytes] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)
    refuse: list[bytes] = field(default_factory=list)
    delay: list[bytes] = field(default_factory=list)
    arrive: threading.Event = field(default_factory=threading.Event)
    passed: list[bytes] = field(default_factory=list)
    is_cut: bool = False
    silent: bool = False
    is_newer: bool = False
    open: set[socket.socket] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        """Return where the phone finds the server."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def cut(self) -> None:
        """Cut the line, with everything that is on it: nobody gets through, neither page nor service worker."""
        with self.lock:
            self.is_cut = True
            ends = list(self.open)
        for end in ends:
            hang_up(end)

    def mend(self) -> None:
        """Let everything through again."""
        self.is_cut = self.silent = False

    def take_calls(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                phone, _ = self.listener.accept()
                threading.Thread(target=self.carry, args=(phone,), daemon=True).start()

    def carry(self, phone: socket.socket) -> None:
        """Carry one connection in both directions until either side hangs up."""
        if self.is_cut:
            hang_up(phone)
            return
        with suppress(OSError), socket.create_connection(self.server) as server, phone:
            with self.lock:
                # Cut meanwhile: whoever cut it has not seen this connection.
                if self.is_cut:
                    return
                self.open |= {phone, server}
            back = threading.Thread(target=self.carry_back, args=(server, phone, call := Call()), daemon=True)
            back.start()
            while data := phone.recv(CHUNK):
                if data.startswith(tuple(self.refuse)):
                    break
                self.hear(data, call)
                if self.is_newer and data.startswith(WORKER):
                    for header in CHOOSY:
                        data = data.replace(header, b"X" + header[1:])
                if not self.silent:
                    server.sendall(data)
            hang_up(server)
            back.join()
        with self.lock:
            self.open -= {phone, server}

    def carry_back(self, server: socket.socket, phone: socket.socket, call: "Call") -> None:
        """Carry the replies, except one that is to be lost."""
        with suppress(OSError):
            while data := server.recv(CHUNK):
                if call.doomed is not None:
                    self.lost.append(call.doomed)
                    break
                if call.is_late:
                    self.arrive.wait()
                if not self.silent:
                    phone.sendall(VERSION.sub(b"z", data) if self.is_newer else data)
        hang_up(phone)

    def hear(self, data: bytes, call: "Call") -> None:
        """Take down what is asked, and whether its reply is to be late or lost."""
        if data.split(b" ", 1)[0] in {b"GET", b"POST"}:
            self.passed.append(data.split(b" HTTP/", 1)[0])
        call.is_late = data.startswith(tuple(self.delay))
        for beginning in self.lose:
            if data.startswith(beginning):
                self.lose.remove(beginning)
                call.doomed = beginning
                return


@dataclass
class Call:
    """One connection; `doomed` is the request whose reply is lost on it, `is_late` whether it has to wait for one."""

    doomed: bytes | None = None
    is_late: bool = False


def hang_up(end: socket.socket) -> None:
    """Break a connection off at once."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    """Lay a line to a server until the block ends."""
    found = urlsplit(address)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line((found.hostname, found.port), listener)
        threading.Thread(target=line.take_calls, daemon=True).start()
        try:
            yield line
        finally:
            line.arrive.set()
            line.cut()
            hang_up(listener)
