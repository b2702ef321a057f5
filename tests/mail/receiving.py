"""Real mail servers on ports of their own, which take mail, refuse it, dawdle or hang up as they are told."""

import asyncio
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socket import create_connection

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from training.domain.mail import Message
from training.mail.addresses import Sender
from training.mail.settings import SmtpServer

# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 120.0
SENDER = Sender("Training", "training@example.org")
USER, PASSWORD = "trainer", "a password, with: signs"


@dataclass
class Inbox:
    """What a server took and saw, and what it answers: one reply, or several in turn, of which the last one stays."""

    taken: list[Envelope] = field(default_factory=list)
    connections: int = 0
    rcpt: dict[str, list[str]] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    # How often to hang up: before anything, at a recipient, in the midst of a message, or when all of it has come.
    hang_up_at: dict[str, int] = field(default_factory=dict)
    dawdle_at: set[str] = field(default_factory=set)
    # After so many messages the next one is left without an answer, until there is room for more.
    room: int = sys.maxsize

    @property
    def messages(self) -> list[EmailMessage]:
        """What was taken, read as a mail programme reads it."""
        return [message_from_bytes(envelope.original_content, policy=default) for envelope in self.taken]

    def hangs_up(self, where: str) -> bool:
        """Say whether to hang up here, and count it."""
        left = self.hang_up_at.get(where, 0)
        self.hang_up_at[where] = max(0, left - 1)
        return left > 0


def next_of(replies: list[str], otherwise: str) -> str:
    """Return the next reply of several; the last one stays."""
    if not replies:
        return otherwise
    return replies.pop(0) if len(replies) > 1 else replies[0]


class Handler:
    """Answers as the inbox says."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox

    async def handle_RCPT(self, server, _session: Session, envelope: Envelope, address: str, _options) -> str:  # noqa: N802
        if self.inbox.hangs_up("rcpt"):
            server.transport.abort()
            return "451 gone"
        if "rcpt" in self.inbox.dawdle_at:
            await asyncio.Event().wait()
        reply = next_of(self.inbox.rcpt.get(address, []), "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.inbox.hangs_up("end"):
            self.inbox.taken.append(envelope)
            server.transport.abort()
            return "451 gone"
        if "end" in self.inbox.dawdle_at:
            await asyncio.Event().wait()
        while len(self.inbox.taken) >= self.inbox.room:
            await asyncio.sleep(0.01)
        reply = next_of(self.inbox.data, "250 OK")
        if reply.startswith("250"):
            self.inbox.taken.append(envelope)
        return reply


class Server(SMTP):
    """A server that counts its connections and can hang up in the midst of a message."""

    def connection_made(self, transport) -> None:
        # After STARTTLS the same connection is made once more.
        if self.transport is None:
            self.event_handler.inbox.connections += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not self.event_handler.inbox.hangs_up("data"):
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readline()
        self.transport.abort()


class Listening(Controller):
    """Runs servers of our kind."""

    def _trigger_server(self) -> None:
        # Asked for any free port, it would look for itself at port 0, and for one second. The look is not counted.
        self.port = self.server.sockets[0].getsockname()[1]
        with create_connection((self.hostname, self.port), PATIENCE) as looking:
            if self.ssl_context:
                anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
                looking = anybody.wrap_socket(looking)
            with looking:
                looking.recv(1024)
        self.handler.inbox.connections = 0

    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)


def sign_in(_server, _session, _envelope, _mechanism, login: LoginPassword) -> AuthResult:
    """Let one user in."""
    known = (login.login.decode(), login.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


@dataclass(frozen=True)
class Running:
    """A server that runs, what it has taken, and the context that trusts its certificate."""

    inbox: Inbox
    port: int
    trust: ssl.SSLContext

    def server(self, **changes) -> SmtpServer:
        """Return the settings that lead here."""
        return SmtpServer(**{"host": "127.0.0.1", "port": self.port, "tls": "none", "timeout": PATIENCE} | changes)


@contextmanager
def receiving(*, tls: str = "none", must_sign_in: bool = False, room: int = sys.maxsize) -> Iterator[Running]:
    """Run a mail server until the block ends."""
    authority = trustme.CA()
    theirs, trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    authority.configure_trust(trust)
    protection = {"starttls": {"tls_context": theirs}, "implicit": {"ssl_context": theirs}, "none": {}}[tls]
    signing = {"authenticator": sign_in, "auth_required": tls == "starttls", "auth_require_tls": tls == "starttls"}
    inbox = Inbox(room=room)
    options = protection | (signing if must_sign_in else {})
    controller = Listening(Handler(inbox), hostname="127.0.0.1", port=0, ready_timeout=PATIENCE, **options)
    controller.start()
    try:
        yield Running(inbox, controller.port, trust)
    finally:
        controller.stop()


def a_message(key: str = "one", **changes) -> Message:
    """Return a message."""
    words = {
        "to_address": "amina@example.net",
        "to_name": "Amina O’Connell-Śmigielska",
        "subject": "Your training: 1 thing to do",
        "text": "Sign in.\n.\n.hidden dot\nŻółw\n",
        "html": "<p>Sign in. Żółw</p>\n",
    }
    return Message(**{"key": key} | words | changes)
