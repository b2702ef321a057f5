"""Messages to phones: encrypted for the one browser, and handed to the push service that the browser named."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from training import clock
from training.domain.mail import Outcome, Result
from training.domain.push import TOPIC, Handover, Phone, is_public, is_this_machine
from training.mail import vapid

# So long a push service keeps a message for a phone that is off; the next step of a reminder comes within a week.
KEPT_FOR = timedelta(days=7)
TIMEOUT = 10.0
# The whole of one message: a server that says a letter now and then would hold up everybody else's.
WHOLE = 30.0
LONGEST_ANSWER = 4 * 1024
# So many in a row without an answer, and the rest of the batch leaves that push service alone.
PATIENCE = 3
NOT_TAKEN = "The phone's keys cannot be used."


class NotPublic(OSError):
    """A push service cannot be connected to because its name leads to an address that is not of the open internet."""


class PushMailer:
    """Sends to phones with our key. `may_be_here` lets this machine play the push service, for trying it out."""

    def __init__(
        self,
        private_key: str,
        *,
        contact: str,
        may_be_here: bool = False,
        timeout: float = TIMEOUT,
        whole: float = WHOLE,
        now: Callable[[], datetime] = clock.now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.private_key = private_key
        self.contact = contact
        self.may_be_here = may_be_here
        self.timeout = timeout
        self.whole = whole
        self.now = now
        self.tls = tls or ssl.create_default_context()

    @property
    def public_key(self) -> str:
        """The key that browsers are asked with."""
        return vapid.public_key(self.private_key)

    @contextmanager
    def batch(self) -> Iterator["PushMailerBatch"]:
        """Open a sender."""
        yield PushMailerBatch(self)


class PushMailerBatch:
    """Sends one by one, and leaves a push service alone that is out of reach or has had enough. For one thread."""

    def __init__(self, mailer: PushMailer) -> None:
        self._mailer = mailer
        self._unanswered: dict[str, int] = {}
        self._given_up: dict[str, Outcome] = {}

    def send(self, phone: Phone, content: bytes) -> Handover:
        """Send one message to one phone."""
        service = urlsplit(phone.endpoint).netloc
        if service in self._given_up:
            return Handover(self._given_up[service])
        try:
            body = encrypted(phone, content)
        except ValueError:
            return Handover(Outcome(Result.LATER, NOT_TAKEN), is_gone=True)
        handover, goes_on = self._post(phone, body)
        if not goes_on:
            self._given_up[service] = handover.outcome
        return handover

    def _post(self, phone: Phone, body: bytes) -> tuple[Handover, bool]:
        mailer, service = self._mailer, urlsplit(phone.endpoint).netloc
        connection = Guarded(phone.endpoint, mailer=mailer)
        try:
            connection.connect()
        except NotPublic:
            return Handover(Outcome(Result.LATER, "The push service's address is not one of the internet.")), True
        except OSError:
            return Handover(Outcome(Result.LATER, "The push service cannot be reached.")), False
        cut_off = Timer(mailer.whole, cut, [connection.sock])
        cut_off.start()
        try:
            answer = self._ask(connection, phone=phone, body=body)
        except (OSError, HTTPException, ValueError) as error:
            return self._without_answer(error, service=service)
        finally:
            cut_off.cancel()
            connection.close()
        self._unanswered[service] = 0
        return answer

    def _ask(self, connection: "Guarded", *, phone: Phone, body: bytes) -> tuple[Handover, bool]:
        mailer, parts = self._mailer, urlsplit(phone.endpoint)
        now = mailer.now()
        signed = vapid.authorisation(mailer.private_key, endpoint=phone.endpoint, contact=mailer.contact, now=now)
        headers = {
            "Authorization": signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT_FOR.total_seconds())),
            "Topic": TOPIC,
            "Urgency": "normal",
        }
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
        return told(answer.status, wait=read_wait(answer.headers.get("Retry-After", ""), now=now))

    def _without_answer(self, error: Exception, *, service: str) -> tuple[Handover, bool]:
        self._unanswered[service] = self._unanswered.get(service, 0) + 1
        slow = isinstance(error, TimeoutError)
        why = "The push service did not answer in time." if slow else "The answer of the push service was lost."
        return Handover(Outcome(Result.LATER, why, may_have_arrived=True)), self._unanswered[service] < PATIENCE


class Guarded(HTTPSConnection):
    """A connection to an address of the open internet, looked up once: what was looked at is what is connected to."""

    def __init__(self, endpoint: str, *, mailer: PushMailer) -> None:
        parts = urlsplit(endpoint)
        super().__init__(parts.hostname or "", parts.port or 443, timeout=mailer.timeout, context=mailer.tls)
        self._tls = mailer.tls
        self._may_be_here = mailer.may_be_here and is_this_machine(parts)

    def connect(self) -> None:
        """Connect.

        Raises:
            NotPublic: where the name leads to no address of the open internet.
        """
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(address[0]) for *_, address in found]
        allowed = [each for each in addresses if self._may_be_here or is_public(each.partition("%")[0])]
        if not allowed:
            raise NotPublic(self.host)
        plain = connected(allowed, port=self.port, timeout=self.timeout)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def connected(addresses: Sequence[str], *, port: int, timeout: float) -> socket.socket:
    """Return a connection to the first of some addresses that answers; many machines have no way to the newer kind."""
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout)
    return socket.create_connection((last, port), timeout)


def cut(connection: socket.socket) -> None:
    """End a connection under whoever waits at it."""
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def encrypted(phone: Phone, content: bytes) -> bytes:
    """Return a message that only the one browser can read (RFC 8291).

    Raises:
        ValueError: when its keys are none.
    """
    # It brings two clients of HTTP along that nothing else here needs.
    from pywebpush import WebPusher

    known = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
    return WebPusher(known).encode(content)["body"]


def told(status: int, *, wait: timedelta | None) -> tuple[Handover, bool]:
    """Return what an answer means for the message, and whether to go on with this push service.

    What is wrong with our key or request holds for everybody, and is for later: nobody is forgotten because of it.
    """
    if status in {200, 201, 202, 204}:
        return Handover(Outcome(Result.SENT)), True
    if status in {404, 410}:
        return Handover(Outcome(Result.LATER, f"The phone takes no messages any more ({status})."), is_gone=True), True
    if status == 429:
        return Handover(Outcome(Result.LATER, "The push service takes no more for now (429).", wait=wait)), False
    if status < 500:
        return Handover(Outcome(Result.LATER, f"The push service does not do what we ask ({status}).")), True
    return Handover(Outcome(Result.LATER, f"The push service is not well ({status}).", wait=wait)), True


def read_wait(text: str, *, now: datetime) -> timedelta | None:
    """Return how long a server asks to be left alone, in seconds or until a day and hour; None where it does not."""
    if text.isascii() and text.isdigit() and len(text) < 9:
        return timedelta(seconds=int(text))
    with suppress(ValueError, TypeError):
        until = parsedate_to_datetime(text)
        return max(until.astimezone(UTC) - now, timedelta())
    return None
