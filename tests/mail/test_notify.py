"""Mail through GOV.UK Notify, as a receiver on this machine plays it; the real one was not tried."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from tests.mail.receiving import PATIENCE, a_message
from tests.serving import refusing_port
from training.domain.mail import Attachment, Message, Outcome, Result
from training.mail.notify import NotifyMailer
from training.mail.opening import open_mailer
from training.mail.settings import NotifyService

NOW = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)
SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
SENT = Outcome(Result.SENT)


@dataclass
class Asked:
    """What a receiver was asked, and the answers that it gives in turn; the last one stays."""

    answers: list[tuple[int, object]]
    requests: list[tuple[str, dict[str, str], dict]] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def answer(self) -> tuple[int, object]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Receiver(BaseHTTPRequestHandler):
    """Answers as it is told: a status with JSON; 0 hangs up, and -1 never answers."""

    def do_POST(self) -> None:
        asked: Asked = self.server.asked
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked.requests.append((self.path, dict(self.headers), content))
        status, answer = asked.answer()
        if status == -1:
            asked.over.wait()
        if status > 0:
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_arguments) -> None:
        """Keep quiet."""


@contextmanager
def notify(*answers: tuple[int, object], timeout: float = PATIENCE) -> Iterator[tuple[Asked, NotifyMailer]]:
    """Run a receiver until the block ends, and give what it was asked and a mailer that leads there."""
    asked = Asked(list(answers))
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.asked = asked
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        service = NotifyService("127.0.0.1", server.server_address[1], "none", SERVICE, SECRET, TEMPLATE, timeout)
        try:
            yield asked, NotifyMailer(service, now=lambda: NOW)
        finally:
            asked.over.set()
            server.shutdown()
            thread.join()


def send(mailer: NotifyMailer, *messages: Message) -> list[Outcome]:
    with mailer.batch() as batch:
        return [batch.send(message) for message in messages]


def fault(status: int, *errors: tuple[str, str]) -> tuple[int, object]:
    return status, {
        "status_code": status,
        "errors": [{"error": error, "message": message} for error, message in errors],
    }


def unpacked(part: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_message_is_asked_for_as_the_documentation_says():
    with notify((201, {"id": "x"})) as (asked, mailer):
        calendar = Attachment("due.ics", "text/calendar", b"BEGIN")
        assert send(mailer, a_message(attachments=(calendar,))) == [SENT]
    [(path, headers, content)] = asked.requests
    assert path == "/v2/notifications/email"
    assert headers["Content-Type"] == "application/json"
    assert content == {
        "email_address": "amina@example.net",
        "template_id": TEMPLATE,
        "personalisation": {
            "subject": "Your training: 1 thing to do",
            "body": "Sign in.\n.\n.hidden dot\nŻółw\n",
        },
        "reference": "one",
    }


def test_a_request_is_signed_with_the_secret_and_never_holds_it():
    with notify((201, {})) as (asked, mailer):
        send(mailer, a_message())
    kind, _, token = asked.requests[0][1]["Authorization"].partition(" ")
    head, claims, signature = token.split(".")
    expected = hmac.digest(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256)
    assert kind == "Bearer"
    assert unpacked(head) == {"typ": "JWT", "alg": "HS256"}
    assert unpacked(claims) == {"iss": SERVICE, "iat": int(NOW.timestamp())}
    assert signature == base64.urlsafe_b64encode(expected).decode().rstrip("=")
    assert SECRET not in str(asked.requests)


def test_one_may_unsubscribe_at_an_https_address_alone():
    with notify((201, {})) as (asked, mailer):
        send(mailer, a_message(unsubscribe_url="https://training.example.org/stop/x"))
        send(mailer, a_message(unsubscribe_url="http://127.0.0.1/stop/x"))
    assert [content.get("one_click_unsubscribe_url") for _, _, content in asked.requests] == [
        "https://training.example.org/stop/x",
        None,
    ]


def test_a_bad_address_is_refused_for_good_and_harms_no_other():
    bad = fault(400, ("ValidationError", "email_address Not a valid email address"))
    with notify((200, {}), bad, (201, {})) as (asked, mailer):
        refused = Outcome(Result.REFUSED, "GOV.UK Notify refused the address (400).")
        assert send(mailer, a_message("a"), a_message("b"), a_message("c")) == [SENT, refused, SENT]
        assert len(asked.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        fault(400, ("BadRequestError", "Template not found")),
        fault(400, ("ValidationError", "template_id is not a valid UUID")),
        (400, b"<html>not ours</html>"),
        (400, []),
        (400, {"errors": ["email_address"]}),
        (404, {}),
        (302, {}),
    ],
)
def test_what_is_wrong_with_our_settings_burns_nobodys_message(answer):
    with notify(answer, (201, {})) as (_, mailer):
        why = f"GOV.UK Notify does not do what we ask ({answer[0]}): see the template."
        assert send(mailer, a_message("a"), a_message("b")) == [Outcome(Result.LATER, why), SENT]


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (429, "GOV.UK Notify takes no more for now (429)."),
        (403, "GOV.UK Notify does not let us in (403): see the API key."),
    ],
)
def test_when_it_takes_nothing_more_the_rest_of_the_batch_waits(status, why):
    with notify((201, {}), fault(status, ("Error", "x"))) as (asked, mailer):
        assert send(mailer, *map(a_message, "abcd")) == [SENT, *[Outcome(Result.LATER, why)] * 3]
        assert len(asked.requests) == 2


def test_an_error_of_its_own_puts_one_message_off():
    with notify(fault(500, ("Exception", "Internal server error")), (201, {})) as (_, mailer):
        unwell = Outcome(Result.LATER, "GOV.UK Notify is not well (500).")
        assert send(mailer, a_message("a"), a_message("b")) == [unwell, SENT]


def test_an_answer_that_is_lost_leaves_it_open_whether_the_message_goes_out():
    with notify((0, {}), (201, {})) as (asked, mailer):
        lost = Outcome(Result.LATER, "The answer of GOV.UK Notify was lost.", may_have_arrived=True)
        assert send(mailer, a_message("a"), a_message("b")) == [lost, SENT]
        assert len(asked.requests) == 2


def test_after_three_requests_without_an_answer_the_rest_waits():
    with notify((0, {})) as (asked, mailer):
        outcomes = send(mailer, *map(a_message, "abcde"))
        assert len(asked.requests) == 3
    why = "The answer of GOV.UK Notify was lost."
    assert outcomes[:3] == [Outcome(Result.LATER, why, may_have_arrived=True)] * 3
    assert outcomes[3:] == [Outcome(Result.LATER, why)] * 2


def test_an_answer_that_does_not_come_in_time_leaves_it_open_too():
    with notify((-1, {}), timeout=5.0) as (asked, mailer):
        slow = Outcome(Result.LATER, "GOV.UK Notify did not answer in time.", may_have_arrived=True)
        assert send(mailer, a_message()) == [slow]
        assert len(asked.requests) == 1


def test_when_it_cannot_be_reached_everything_is_for_later():
    with refusing_port() as port:
        mailer = open_mailer(f"notify://training-{SERVICE}-{SECRET}@127.0.0.1:{port}/{TEMPLATE}?tls=none")
        outcomes = send(mailer, a_message("a"), a_message("b"))
    assert outcomes == [Outcome(Result.LATER, "GOV.UK Notify cannot be reached.")] * 2


def test_an_address_that_nobody_takes_is_not_asked_about():
    with notify((201, {})) as (asked, mailer):
        assert send(mailer, a_message(to_address="amina"))[0].result is Result.REFUSED
        assert asked.requests == []
