"""A push service on a port of its own, with a browser behind it that reads what comes; real ones were not tried."""

import base64
import json
import os
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import http_ece
import trustme
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.jwt import decode

from training.domain.push import Phone
from training.mail.push import PushMailer
from training.mail.vapid import make_key

# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 120.0
CONTACT = "mailto:training@example.org"
SILENT, HANGS_UP, DRIPS = -1, 0, -2


def base64url(content: bytes) -> str:
    """Write bytes as browsers hand keys over."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass(frozen=True)
class Browser:
    """A browser's own keys: only it can read what is sent to it."""

    path: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64url(point)

    def read(self, body: bytes) -> dict:
        """Decrypt a message."""
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"))


@dataclass(frozen=True)
class Posted:
    """A request that the push service took: for whom, with which headers, and the bytes."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def claims(self) -> dict:
        """What the sender says of itself, once its signature has been checked."""
        scheme, _, rest = self.headers["Authorization"].partition(" ")
        parts = dict(part.split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        assert Vapid02.verify(self.headers["Authorization"])
        return decode(parts["t"], parts["k"]) | {"key": parts["k"]}


class Service(BaseHTTPRequestHandler):
    """Answers as it is told."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        taken = self.server.taken
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken.posted.append(Posted(self.path, dict(self.headers), body))
        status, headers = taken.answer_to(self.path)
        if status == SILENT:
            taken.over.wait()
        if status == DRIPS:
            self.drip()
        if status <= 0:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def drip(self) -> None:
        """Say a letter now and then, without an end."""
        self.wfile.write(b"HTTP/1.1 ")
        try:
            while not self.server.taken.over.wait(0.02):
                self.wfile.write(b"x")
        except OSError:
            self.server.taken.was_left.set()

    def log_message(self, *_arguments) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """Says nothing of those who hang up."""

    def handle_error(self, _request, _client_address) -> None:
        """Keep quiet."""


@dataclass
class Taken:
    """A push service: what it took, what it answers (for each path, in turn; the last stays), and how to reach it."""

    port: int
    trust: ssl.SSLContext
    posted: list[Posted] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    over: Event = field(default_factory=Event)
    was_left: Event = field(default_factory=Event)

    def answer_to(self, path: str) -> tuple[int, dict[str, str]]:
        answers = self.answers.get(path, [(201, {})])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def answers_with(self, browser: Browser, *statuses: int, **headers: str) -> None:
        """Answer what is sent to a browser like this."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[browser.path] = [(status, named) for status in statuses]

    def address_of(self, browser: Browser) -> str:
        return f"https://127.0.0.1:{self.port}{browser.path}"

    def phone(self, browser: Browser) -> Phone:
        """Return a browser as we know it."""
        return Phone(
            id=uuid.uuid4(),
            endpoint=self.address_of(browser),
            p256dh=browser.p256dh,
            auth=base64url(browser.secret),
        )

    def mailer(self, **changes) -> PushMailer:
        """Return what leads here."""
        known = {"contact": CONTACT, "may_be_here": True, "tls": self.trust, "timeout": PATIENCE, "whole": PATIENCE}
        return PushMailer(changes.pop("key", make_key()), **known | changes)

    def messages_to(self, browser: Browser) -> list[dict]:
        """Return what a browser was sent, read as it reads it."""
        return [browser.read(each.body) for each in self.posted if each.path == browser.path]


@contextmanager
def push_service() -> Iterator[Taken]:
    """Run a push service until the block ends."""
    authority = trustme.CA()
    theirs, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(trust)
    with Server(("127.0.0.1", 0), Service) as server:
        server.socket = theirs.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.taken = Taken(server.server_address[1], trust)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.taken
        finally:
            server.taken.over.set()
            server.shutdown()
            thread.join()
