"""Mail through GOV.UK Notify: one request for each message, signed as its documentation asks."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from training import clock
from training.domain.mail import Message, Outcome, Result
from training.domain.names import tidy_text
from training.mail.addresses import AddressRefused, read_address
from training.mail.envelope import readable
from training.mail.settings import NotifyService

PATH = "/v2/notifications/email"
LONGEST_ANSWER = 64 * 1024
# So many requests in a row without an answer, and the rest of the batch waits: each may take a whole timeout.
PATIENCE = 3


class NotifyMailer:
    """Sends through a service of GOV.UK Notify, whose template has `((subject))` and `((body))` and nothing else.

    Attachments and HTML are left out: Notify makes the HTML itself, and takes no calendar files.
    """

    def __init__(
        self,
        service: NotifyService,
        *,
        now: Callable[[], datetime] = clock.now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.service = service
        self.now = now
        self.tls = tls or ssl.create_default_context()

    @contextmanager
    def batch(self) -> Iterator["NotifyBatch"]:
        """Open a sender."""
        yield NotifyBatch(self)


class NotifyBatch:
    """Sends one by one until Notify lets nobody in, is out of reach or has had enough for now. For one thread."""

    def __init__(self, mailer: NotifyMailer) -> None:
        self._mailer = mailer
        self._unanswered = 0
        self._given_up = ""

    def send(self, message: Message) -> Outcome:
        """Send one message."""
        try:
            address = read_address(message.to_address)
        except AddressRefused as refusal:
            return Outcome(Result.REFUSED, str(refusal))
        if self._given_up:
            return Outcome(Result.LATER, self._given_up)
        outcome, goes_on = self._post(payload(message, address=address, template=self._mailer.service.template))
        if not goes_on:
            self._given_up = outcome.why
        return outcome

    def _post(self, content: Mapping[str, object]) -> tuple[Outcome, bool]:
        """Return what became of a request, and whether there is any sense in sending the next one."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError:
            return Outcome(Result.LATER, "GOV.UK Notify cannot be reached."), False
        try:
            answer = self._ask(connection, content)
        except (OSError, HTTPException) as error:
            return self._without_answer(error)
        finally:
            connection.close()
        self._unanswered = 0
        return answer

    def _connection(self) -> HTTPConnection:
        service = self._mailer.service
        if service.tls == "none":
            return HTTPConnection(service.host, service.port, timeout=service.timeout)
        return HTTPSConnection(service.host, service.port, timeout=service.timeout, context=self._mailer.tls)

    def _ask(self, connection: HTTPConnection, content: Mapping[str, object]) -> tuple[Outcome, bool]:
        service = self._mailer.service
        headers = {
            "Authorization": f"Bearer {token(service, now=self._mailer.now())}",
            "Content-Type": "application/json",
        }
        connection.request("POST", PATH, body=json.dumps(content), headers=headers)
        answer = connection.getresponse()
        return told(answer.status, answer.read(LONGEST_ANSWER))

    def _without_answer(self, error: Exception) -> tuple[Outcome, bool]:
        self._unanswered += 1
        slow = isinstance(error, TimeoutError)
        why = "GOV.UK Notify did not answer in time." if slow else "The answer of GOV.UK Notify was lost."
        return Outcome(Result.LATER, why, may_have_arrived=True), self._unanswered < PATIENCE


def payload(message: Message, *, address: str, template: str) -> dict[str, object]:
    """Return what is asked of Notify; it offers to unsubscribe only at an https address."""
    content: dict[str, object] = {
        "email_address": address,
        "template_id": template,
        "personalisation": {"subject": tidy_text(message.subject), "body": readable(message.text)},
        "reference": message.key,
    }
    if message.unsubscribe_url.startswith("https://"):
        content["one_click_unsubscribe_url"] = message.unsubscribe_url
    return content


def token(service: NotifyService, *, now: datetime) -> str:
    """Return a JSON Web Token (RFC 7519) that says which service asks, and when; Notify takes it for 30 seconds."""
    parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service.service, "iat": int(now.timestamp())})
    signed = b".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    signature = hmac.new(service.secret.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + base64url(signature)).decode("ascii")


def base64url(content: bytes) -> bytes:
    """Write bytes as tokens have them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def told(status: int, answer: bytes) -> tuple[Outcome, bool]:
    """Return what an answer means for the message, and whether to go on.

    Only a fault of the address is refused for good. What is wrong with our key, template or service holds for
    everybody, and is for later: nobody may go without a message because of it.
    """
    if status in {200, 201}:
        return Outcome(Result.SENT), True
    if status == 400 and is_about_the_address(answer):
        return Outcome(Result.REFUSED, "GOV.UK Notify refused the address (400)."), True
    if status == 429:
        return Outcome(Result.LATER, "GOV.UK Notify takes no more for now (429)."), False
    if status in {401, 403}:
        return Outcome(Result.LATER, f"GOV.UK Notify does not let us in ({status}): see the API key."), False
    if status < 500:
        return Outcome(Result.LATER, f"GOV.UK Notify does not do what we ask ({status}): see the template."), True
    return Outcome(Result.LATER, f"GOV.UK Notify is not well ({status})."), True


def is_about_the_address(answer: bytes) -> bool:
    """Say whether the errors of an answer name the field with the address."""
    with suppress(ValueError, AttributeError, TypeError):
        errors = json.loads(answer)["errors"]
        return any(
            error["error"] == "ValidationError" and error["message"].startswith("email_address") for error in errors
        )
    return False
