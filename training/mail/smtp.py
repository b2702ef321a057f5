"""Mail through an SMTP server: one connection for a batch, and every answer told apart."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from training import clock
from training.domain.mail import Message, Outcome, Result
from training.mail.addresses import AddressRefused, Sender, read_address
from training.mail.envelope import to_bytes
from training.mail.replies import Lost, Reply, Unreachable, told
from training.mail.settings import SmtpServer

# So many messages in a row whose connection was lost, and the rest of the batch waits: each may take a whole timeout.
PATIENCE = 3
LOST = "The connection to the mail server was lost."
SLOW = "The mail server did not answer in time."


class SmtpMailer:
    """Sends through one SMTP server. `tls` says whom to trust; without it, whom the machine trusts."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        sender: Sender,
        now: Callable[[], datetime] = clock.now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.server = server
        self.sender = sender
        self.now = now
        self.tls = tls or ssl.create_default_context()

    @contextmanager
    def batch(self) -> Iterator["SmtpBatch"]:
        """Open a sender with a connection of its own."""
        batch = SmtpBatch(self)
        try:
            yield batch
        finally:
            batch.close()


class SmtpBatch:
    """A connection, made when it is first needed and made anew when it was lost. For one thread."""

    def __init__(self, mailer: SmtpMailer) -> None:
        self._mailer = mailer
        self._connection: smtplib.SMTP | None = None
        self._lost_in_a_row = 0
        self._given_up = ""

    def send(self, message: Message) -> Outcome:
        """Send one message. Where the connection was lost before all of it was handed over, it is sent once more."""
        mailer = self._mailer
        try:
            address = read_address(message.to_address)
        except AddressRefused as refusal:
            return Outcome(Result.REFUSED, str(refusal))
        content = to_bytes(message, sender=mailer.sender, to_address=address, now=mailer.now())
        outcome = self._try(address, content=content)
        return outcome or self._try(address, content=content) or self._losing(Outcome(Result.LATER, LOST))

    def _try(self, address: str, *, content: bytes) -> Outcome | None:
        """Send, and say what became of it; None where the same may be sent again at once."""
        if self._given_up:
            return Outcome(Result.LATER, self._given_up)
        try:
            outcome = self._deliver(address, content=content)
        except Unreachable as unreachable:
            self._given_up = str(unreachable)
            return Outcome(Result.LATER, self._given_up)
        except Lost as lost:
            self.close()
            return None if lost.may_try_again else self._losing(lost.outcome)
        self._lost_in_a_row = 0
        return outcome

    def _losing(self, outcome: Outcome) -> Outcome:
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= PATIENCE:
            self._given_up = outcome.why
        return outcome

    def _deliver(self, address: str, *, content: bytes) -> Outcome:
        connection = self._connected()
        outcome = transact(connection, sender=self._mailer.sender.address, address=address, content=content)
        if outcome.result is not Result.SENT:
            # Should this be lost, the next message finds out.
            with suppress(smtplib.SMTPException):
                connection.rset()
        return outcome

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            mailer = self._mailer
            self._connection = connect(mailer.server, tls=mailer.tls, our_name=mailer.sender.domain)
        return self._connection

    def close(self) -> None:
        """Take leave of the server, where it is still there."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException):
                connection.quit()
            connection.close()


def connect(server: SmtpServer, *, tls: ssl.SSLContext, our_name: str) -> smtplib.SMTP:
    """Return a connection that is ready for mail.

    Raises:
        Unreachable: saying in words what was in the way.
    """
    connection = None
    try:
        connection = greet(server, tls=tls, our_name=our_name)
        if server.tls == "starttls":
            connection.starttls(context=tls)
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        if connection is not None:
            connection.close()
        raise Unreachable(in_words(error)) from error
    return connection


def greet(server: SmtpServer, *, tls: ssl.SSLContext, our_name: str) -> smtplib.SMTP:
    """Return a connection on which the server has said that it is there."""
    # Our name is given: the standard library would ask the network for it.
    if server.tls == "implicit":
        return smtplib.SMTP_SSL(server.host, server.port, our_name, timeout=server.timeout, context=tls)
    return smtplib.SMTP(server.host, server.port, our_name, timeout=server.timeout)


def in_words(error: Exception) -> str:
    """Say why there is no connection, without repeating what the server said: it may name somebody."""
    match error:
        case ssl.SSLCertVerificationError():
            return "The mail server's certificate is not one that this machine trusts."
        case ssl.SSLError():
            return "No protected connection to the mail server could be agreed."
        case smtplib.SMTPAuthenticationError():
            return f"The mail server refused our user or password ({error.smtp_code})."
        case smtplib.SMTPNotSupportedError():
            return "The mail server offers no STARTTLS, or no signing in."
        case smtplib.SMTPResponseException():
            return f"The mail server is not ready ({error.smtp_code})."
    return SLOW if is_slow(error) else "The mail server cannot be reached."


def is_slow(error: BaseException) -> bool:
    """Say whether an error comes of waiting too long; the standard library hides that behind an error of its own."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def transact(connection: smtplib.SMTP, *, sender: str, address: str, content: bytes) -> Outcome:
    """Hand one message over, step by step, and say what became of it.

    Raises:
        Lost: when the connection was lost or the server closes it.
    """
    reply = asked(connection, f"MAIL FROM:<{sender}>")
    if not reply.is_good:
        return Outcome(Result.LATER, f"The mail server refused our sender address ({reply}).")
    reply = asked(connection, f"RCPT TO:<{address}>")
    if not reply.is_good:
        return told(reply, what="the address")
    reply = asked(connection, "DATA")
    if reply.code != 354:
        return told(reply, what="the message")
    return hand_over(connection, content)


def hand_over(connection: smtplib.SMTP, content: bytes) -> Outcome:
    """Send the message itself. If the answer to its end is lost, nobody here can know whether it was taken."""
    try:
        connection.send(content.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    except smtplib.SMTPException as error:
        raise lost_by(error) from error
    try:
        reply = Reply(*connection.getreply())
    except smtplib.SMTPException as error:
        raise Lost(Outcome(Result.LATER, SLOW if is_slow(error) else LOST, may_have_arrived=True)) from error
    if reply.is_closing:
        raise Lost(Outcome(Result.LATER, LOST), may_try_again=True)
    return Outcome(Result.SENT) if reply.is_good else told(reply, what="the message")


def asked(connection: smtplib.SMTP, command: str) -> Reply:
    """Return the server's reply to a command.

    Raises:
        Lost: when there is none, or it is that the server closes the connection.
    """
    try:
        reply = Reply(*connection.docmd(command))
    except smtplib.SMTPException as error:
        raise lost_by(error) from error
    if reply.is_closing:
        raise Lost(Outcome(Result.LATER, LOST), may_try_again=True)
    return reply


def lost_by(error: smtplib.SMTPException) -> Lost:
    """Return what an error says about the connection: a slow server is not bothered with the same again at once."""
    slow = is_slow(error)
    return Lost(Outcome(Result.LATER, SLOW if slow else LOST), may_try_again=not slow)
