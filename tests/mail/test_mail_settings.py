"""Where mail goes: what may stand in the two settings, and what is said of anything else."""

import logging

import pytest

from tests.mail.receiving import a_message
from training.config import Config, SettingRefused
from training.domain.mail import Outcome, Result
from training.mail.addresses import AddressRefused, Sender, read_address, read_sender
from training.mail.opening import open_mailer
from training.mail.settings import Log, MailUrlRefused, NotifyService, Nowhere, SmtpServer, read_mail_url

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
NOTIFY = "api.notifications.service.gov.uk"
FROM = "Training <training@example.org>"
PRODUCTION = {
    "TRAINING_ENV": "production",
    "TRAINING_SECRET_KEY": "thirty-two characters and then some",
    "TRAINING_BASE_URL": "https://training.example.org",
}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", Nowhere()),
        ("log://", Log()),
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25/?tls=none", SmtpServer("mail.example.org", 25, "none")),
        ("smtp://localhost?tls=none&timeout=2.5", SmtpServer("localhost", 25, "none", timeout=2.5)),
        ("smtps://u%40x:p%2F%3A@mail.example.org", SmtpServer("mail.example.org", 465, "implicit", "u@x", "p/:")),
        ("smtp://u:p@[::1]:2525?tls=none", SmtpServer("::1", 2525, "none", "u", "p")),
        (
            f"notify://some_key-{SERVICE}-{SECRET}@{NOTIFY}/{TEMPLATE}",
            NotifyService(NOTIFY, 443, "implicit", SERVICE, SECRET, TEMPLATE),
        ),
    ],
)
def test_an_address_says_where_mail_goes(url, place):
    assert read_mail_url(url) == place


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mail.example.org", "begin with smtp://"),
        ("http://mail.example.org", "begin with smtp://"),
        ("log://somewhere", "log:// alone"),
        ("smtp://", "needs a host"),
        ("smtp://[", "no address"),
        ("smtp://mail.example.org:smtp", "colon and a port"),
        ("smtp://mail.example.org:99999", "colon and a port"),
        ("smtp://mail example.org", "needs a host"),
        ("smtp://mail.example.org/inbox", "behind the host"),
        ("smtp://u:hunter2/x@mail.example.org", "colon and a port"),
        ("smtp://u:hunter2#x@mail.example.org", "colon and a port"),
        ("smtp://mail.example.org#x", "question mark"),
        ("smtp://mail.example.org?tls=maybe", "known are starttls and none"),
        ("smtp://mail.example.org?colour=blue", "known are timeout and tls"),
        ("smtp://mail.example.org?tls=none&tls=starttls", "once each"),
        ("smtps://mail.example.org?tls=none", "known are timeout"),
        ("smtp://mail.example.org?timeout=0", "seconds from 0.1 to 300"),
        ("smtp://mail.example.org?timeout=soon", "seconds from 0.1 to 300"),
        ("smtp://user@mail.example.org", "a user and a password, or neither"),
        ("smtp://u:hunter2%0A@mail.example.org", "outside ASCII"),
        ("smtp://u:hunter2%C3%A9@mail.example.org", "outside ASCII"),
        ("smtp://u:hunter2@mail.example.org?tls=none", "for all to read"),
        (f"notify://{SECRET}@{NOTIFY}/{TEMPLATE}", "whole API key"),
        (f"notify://k-{SERVICE}-{SECRET}@{NOTIFY}/", "id of a template"),
        (f"notify://k-{SERVICE}-{SECRET}@{NOTIFY}/{TEMPLATE}?tls=none", "only for a receiver on this machine"),
        (f"notify://k-{SERVICE}-{SECRET}@/{TEMPLATE}", "needs a host"),
    ],
)
def test_an_address_that_could_not_work_is_refused_in_words_that_keep_its_secret(url, words):
    with pytest.raises(SettingRefused, match=f"^TRAINING_MAIL_URL .*{words}") as refused:
        Config.from_env({"TRAINING_MAIL_URL": url, "TRAINING_MAIL_FROM": FROM})
    assert not {part for part in ("hunter2", SECRET) if part in str(refused.value)}


@pytest.mark.parametrize(
    "sender", ["", "Training", "training@", "a@example.org\nBcc: x@example.org", "<>", "Training <żółw@example.org>"]
)
def test_a_mail_server_needs_to_know_whom_mail_comes_from(sender):
    with pytest.raises(SettingRefused, match=r"^TRAINING_MAIL_FROM"):
        Config.from_env({"TRAINING_MAIL_URL": "smtp://mail.example.org", "TRAINING_MAIL_FROM": sender})


def test_notify_and_the_log_need_no_sender():
    for url in ("log://", f"notify://k-{SERVICE}-{SECRET}@{NOTIFY}/{TEMPLATE}"):
        assert Config.from_env({"TRAINING_MAIL_URL": url}).mail == url


def test_settings_that_are_printed_hold_no_password():
    config = Config.from_env({"TRAINING_MAIL_URL": "smtp://u:hunter2@mail.example.org", "TRAINING_MAIL_FROM": FROM})
    assert "hunter2" not in repr(config)


def test_unless_it_is_set_mail_goes_to_the_log_in_development_and_waits_in_production():
    assert Config.from_env({}).mail == "log://"
    assert Config.from_env(PRODUCTION).mail == ""
    with open_mailer("").batch() as batch:
        waits = batch.send(a_message())
    assert waits == Outcome(Result.LATER, "No mail server is set up: set TRAINING_MAIL_URL.")


def test_production_refuses_a_log_that_would_pass_for_a_mail_server():
    with pytest.raises(SettingRefused, match=r"^TRAINING_MAIL_URL is log://"):
        Config.from_env({**PRODUCTION, "TRAINING_MAIL_URL": "log://"})


def test_the_log_says_that_a_mail_would_be_sent_and_to_nobody(caplog):
    with caplog.at_level(logging.INFO, logger="training.mail"), open_mailer("log://").batch() as batch:
        assert batch.send(a_message("key-1")) == Outcome(Result.SENT)
        assert batch.send(a_message(to_address="nobody")).result is Result.REFUSED
    assert caplog.messages == ["mail key-1 would be sent, with 0 attached"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("amina@example.net", "amina@example.net"),
        (" amina@example.net ", "amina@example.net"),
        ("o'neil+work@EXAMPLE.net", "o'neil+work@example.net"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_an_address_is_written_as_servers_take_it(typed, address):
    assert read_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "", "@", "a@", "@b.example", "a", "a@localhost", "a@127.0.0.1", "a@[127.0.0.1]", "a@b.example.", "a@-b.example",
        "a@b_c.example", "a b@c.example", ".a@b.example", "a.@b.example", '"a"@b.example', "a@b@c.example",
        "a\r\nRCPT TO:<x>@b.example", "a@b.example\r\nDATA", "a@b.example\n", "a@b.example,c@d.example",
        "<a@b.example>", "a@b..example", "é@b.example", "x" * 65 + "@b.example", "a@" + "b" * 64 + ".example",
        "a\x00@b.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(typed):
    with pytest.raises(AddressRefused) as refused:
        read_address(typed)
    assert len(typed) < 3 or typed not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("training@example.org", Sender("", "training@example.org")),
        (FROM, Sender("Training", "training@example.org")),
        ('"Training, Hillside" <t@bücher.example>', Sender("Training, Hillside", "t@xn--bcher-kva.example")),
    ],
)
def test_a_sender_has_an_address_and_may_have_a_name(text, sender):
    assert read_sender(text) == sender


def test_every_refusal_of_an_address_is_a_sentence():
    with pytest.raises(MailUrlRefused, match=r"\.$"):
        read_mail_url("ftp://x")
