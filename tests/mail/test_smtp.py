"""Mail through real mail servers: those that take it, refuse it, dawdle or hang up."""

import pytest

from tests.mail.receiving import PASSWORD, SENDER, USER, Running, a_message, receiving
from tests.serving import refusing_port
from training.domain.mail import Attachment, Message, Outcome, Result
from training.mail.opening import open_mailer
from training.mail.settings import SmtpServer
from training.mail.smtp import SmtpMailer

# How long to wait for a server that dawdles, and for each step before: those take a moment, too, on a busy machine.
A_WHILE = 5.0
LOST = Outcome(Result.LATER, "The connection to the mail server was lost.")
SLOW = Outcome(Result.LATER, "The mail server did not answer in time.")
MAYBE_LOST = Outcome(LOST.result, LOST.why, may_have_arrived=True)
MAYBE_SLOW = Outcome(SLOW.result, SLOW.why, may_have_arrived=True)
SENT = Outcome(Result.SENT)


@pytest.fixture
def running():
    with receiving() as running:
        yield running


def send(running: Running, *messages: Message, **changes) -> list[Outcome]:
    """Send messages in one batch, and return what became of each."""
    mailer = SmtpMailer(running.server(**changes), sender=SENDER, tls=running.trust)
    with mailer.batch() as batch:
        return [batch.send(message) for message in messages]


def keys(running: Running) -> list[str]:
    """Return the keys of what was taken, in order."""
    return [message["Message-ID"].strip("<>").partition("@")[0] for message in running.inbox.messages]


def numbered(count: int, **changes) -> list[Message]:
    return [a_message(f"m{number}", to_address=f"p{number}@example.net", **changes) for number in range(count)]


def test_a_message_arrives_as_it_was_written(running):
    calendar = Attachment("due.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n")
    assert send(running, a_message(attachments=(calendar,))) == [SENT]
    [message] = running.inbox.messages
    assert message["To"] == "Amina O’Connell-Śmigielska <amina@example.net>"
    assert message["From"] == "Training <training@example.org>"
    assert message["Subject"] == "Your training: 1 thing to do"
    assert message["Message-ID"] == "<one@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content() == "Sign in.\r\n.\r\n.hidden dot\r\nŻółw\r\n"
    assert message.get_body(("html",)).get_content() == "<p>Sign in. Żółw</p>\r\n"
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("due.ics", "text/calendar")
    assert attached.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\n"
    assert running.inbox.taken[0].mail_from == "training@example.org"


def test_a_batch_is_sent_through_one_connection(running):
    assert send(running, *numbered(5)) == [SENT] * 5
    assert keys(running) == ["m0", "m1", "m2", "m3", "m4"]
    assert running.inbox.connections == 1


def test_nobody_is_bothered_for_an_empty_batch(running):
    assert send(running) == []
    assert running.inbox.connections == 0


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_protected_connection_is_agreed_before_signing_in(tls):
    with receiving(tls=tls, must_sign_in=True) as running:
        assert send(running, *numbered(2), tls=tls, user=USER, password=PASSWORD) == [SENT, SENT]
        assert running.inbox.connections == 1


def test_a_wrong_password_burns_nobodys_message():
    with receiving(tls="starttls", must_sign_in=True) as running:
        refused = Outcome(Result.LATER, "The mail server refused our user or password (535).")
        assert send(running, *numbered(3), tls="starttls", user=USER, password="wrong") == [refused] * 3
        assert running.inbox.connections == 1


def test_a_server_that_wants_us_to_sign_in_is_not_taken_to_refuse_anybody():
    with receiving(tls="starttls", must_sign_in=True) as running:
        [outcome] = send(running, a_message(), tls="starttls")
        assert outcome == Outcome(Result.LATER, "The mail server refused our sender address (530 5.7.0).")


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tls):
    with receiving(tls=tls) as running:
        mailer = SmtpMailer(running.server(tls=tls), sender=SENDER)
        with mailer.batch() as batch:
            outcome = batch.send(a_message())
        assert outcome == Outcome(Result.LATER, "The mail server's certificate is not one that this machine trusts.")
        assert running.inbox.taken == []


def test_a_server_without_starttls_gets_nothing_in_clear(running):
    [outcome] = send(running, a_message(), tls="starttls")
    assert outcome == Outcome(Result.LATER, "The mail server offers no STARTTLS, or no signing in.")
    assert running.inbox.taken == []


def test_one_bad_recipient_among_many_harms_no_other(running):
    running.inbox.rcpt["p2@example.net"] = ["550 5.1.1 <p2@example.net>: User unknown"]
    outcomes = send(running, *numbered(5))
    refused = Outcome(Result.REFUSED, "The mail server refused the address (550 5.1.1).")
    assert outcomes == [SENT, SENT, refused, SENT, SENT]
    assert keys(running) == ["m0", "m1", "m3", "m4"]
    assert running.inbox.connections == 1


@pytest.mark.parametrize(
    ("reply", "result", "why"),
    [
        ("550 5.1.1 no such user", Result.REFUSED, "The mail server refused the address (550 5.1.1)."),
        ("553 what a name", Result.REFUSED, "The mail server refused the address (553)."),
        ("501 5.1.3 bad syntax", Result.REFUSED, "The mail server refused the address (501 5.1.3)."),
        ("450 4.2.0 greylisted", Result.LATER, "The mail server cannot take the address now (450 4.2.0)."),
        ("452 too many", Result.LATER, "The mail server cannot take the address now (452)."),
        ("503 bad sequence", Result.LATER, "The mail server does not do what we ask (503)."),
        ("530 5.7.0 sign in", Result.LATER, "The mail server does not do what we ask (530 5.7.0)."),
    ],
)
def test_a_reply_to_a_recipient_is_told_in_words_without_the_address(running, reply, result, why):
    running.inbox.rcpt["amina@example.net"] = [reply]
    assert send(running, a_message()) == [Outcome(result, why)]


@pytest.mark.parametrize(
    ("reply", "result", "why"),
    [
        ("554 5.7.1 looks like spam", Result.REFUSED, "The mail server refused the message (554 5.7.1)."),
        ("451 4.3.0 disk full", Result.LATER, "The mail server cannot take the message now (451 4.3.0)."),
    ],
)
def test_a_message_that_is_not_taken_leaves_the_connection_for_the_next(running, reply, result, why):
    running.inbox.data = [reply, "250 OK"]
    assert send(running, *numbered(2)) == [Outcome(result, why), SENT]
    assert (keys(running), running.inbox.connections) == (["m1"], 1)


@pytest.mark.parametrize(
    "address", ["", "amina", "@example.net", "a b@example.net", "a@b@example.net", "żółw@example.net"]
)
def test_an_address_that_no_server_takes_is_refused_before_anybody_is_asked(running, address):
    [outcome] = send(running, a_message(to_address=address))
    assert outcome.result is Result.REFUSED
    assert running.inbox.connections == 0


def test_an_international_domain_is_written_as_servers_know_it(running):
    assert send(running, a_message(to_address="amina@straße.example")) == [SENT]
    assert running.inbox.taken[0].rcpt_tos == ["amina@xn--strae-oqa.example"]


def test_a_connection_that_was_dropped_is_made_once_more(running):
    running.inbox.hang_up_at["rcpt"] = 1
    assert send(running, *numbered(3)) == [SENT, SENT, SENT]
    assert (keys(running), running.inbox.connections) == (["m0", "m1", "m2"], 2)


def test_a_server_that_closes_politely_is_asked_once_more(running):
    running.inbox.data = ["421 4.3.2 going down", "250 OK"]
    assert send(running, *numbered(2)) == [SENT, SENT]
    assert (keys(running), running.inbox.connections) == (["m0", "m1"], 2)


def test_a_message_whose_connection_is_dropped_twice_is_for_later(running):
    running.inbox.hang_up_at["rcpt"] = 2
    assert send(running, *numbered(2)) == [LOST, SENT]
    assert (keys(running), running.inbox.connections) == (["m1"], 3)


def test_a_small_message_cut_in_its_midst_may_have_arrived_for_all_we_know(running):
    running.inbox.hang_up_at["data"] = 1
    assert send(running, *numbered(2)) == [MAYBE_LOST, SENT]
    assert keys(running) == ["m1"]


def test_a_large_message_cut_in_its_midst_is_tried_again_at_once_and_has_not_arrived(running):
    running.inbox.hang_up_at["data"] = 2
    # More than the two sockets hold between them, so that its end cannot have left us.
    large = Attachment("large.bin", "application/octet-stream", bytes(16 * 1024 * 1024))
    assert send(running, a_message(attachments=(large,))) == [LOST]
    assert (keys(running), running.inbox.connections) == ([], 2)


def test_a_message_taken_whose_answer_is_lost_is_never_sent_again_by_us(running):
    running.inbox.hang_up_at["end"] = 1
    assert send(running, *numbered(2)) == [MAYBE_LOST, SENT]
    assert keys(running) == ["m0", "m1"]


def test_after_three_connections_lost_in_a_row_the_rest_waits(running):
    running.inbox.hang_up_at["end"] = 99
    assert send(running, *numbered(5)) == [MAYBE_LOST] * 3 + [LOST] * 2
    assert running.inbox.connections == 3


def test_a_slow_server_is_not_asked_the_same_again_at_once(running):
    running.inbox.dawdle_at.add("rcpt")
    assert send(running, a_message(), timeout=A_WHILE) == [SLOW]
    assert running.inbox.connections == 1


def test_a_server_slow_to_say_that_it_took_a_message_may_have_taken_it(running):
    running.inbox.dawdle_at.add("end")
    assert send(running, a_message(), timeout=A_WHILE) == [MAYBE_SLOW]


def test_without_a_server_everything_is_for_later():
    with refusing_port() as port:
        nobody = SmtpServer("127.0.0.1", port, "none", timeout=A_WHILE)
        with SmtpMailer(nobody, sender=SENDER).batch() as batch:
            outcomes = [batch.send(message) for message in numbered(3)]
    assert outcomes == [Outcome(Result.LATER, "The mail server cannot be reached.")] * 3


def test_the_mailer_of_the_settings_sends(running):
    mailer = open_mailer(f"smtp://127.0.0.1:{running.port}?tls=none", sender="Training <training@example.org>")
    with mailer.batch() as batch:
        assert batch.send(a_message()) == SENT
    assert keys(running) == ["one"]
