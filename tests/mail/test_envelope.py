"""The bytes of a message: names in any script come through, and nothing typed adds a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mail.receiving import SENDER, a_message
from training.domain.mail import KeyRefused
from training.domain.names import tidy_text
from training.mail.envelope import UnsubscribeUrlRefused, to_bytes

NOW = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type",
}  # fmt: skip
TYPED = st.text(max_size=255) | st.text(alphabet='\r\n\t <>@,;:"\\=?Aé日\u202e\ud800', max_size=80)


def written(**changes) -> bytes:
    return to_bytes(a_message(**changes), sender=SENDER, to_address="amina@example.net", now=NOW)


def read(**changes):
    return message_from_bytes(written(**changes), policy=default)


@given(name=TYPED, subject=TYPED)
@example(name="Amina\r\nBcc: all@example.net", subject="Hello\nBcc: all@example.net")
@example(name='"><all@example.net>, "x', subject="=?utf-8?q?=0ABcc:_x?=")
@example(name="Müller, Doe (she), " + "é" * 200, subject="x" * 250)
def test_names_and_subjects_come_through_whole_and_add_nothing(name, subject):
    # Not with the newer reader of the standard library: some versions put a blank between encoded words in a name.
    message = message_from_bytes(written(to_name=name, from_name=name, subject=subject), policy=compat32)
    assert set(message.keys()) == HEADERS
    assert mailbox_in(message["To"]) == (tidy_text(name), "amina@example.net")
    assert mailbox_in(message["From"]) == (tidy_text(name or "Training"), "training@example.org")
    assert decoded(message["Subject"]) == tidy_text(subject)


def decoded(header: str) -> str:
    return str(make_header(decode_header(header)))


def mailbox_in(header: str) -> tuple[str, str]:
    """Read `Name <address>` as a mail programme does: the address first, and only then what the name stands for."""
    name, address = parseaddr(header)
    return decoded(name), address


@given(name=TYPED, subject=TYPED, text=st.text())
def test_lines_are_short_ascii_and_end_in_crlf(name, subject, text):
    content = written(to_name=name, subject=subject, text=text, html=f"<p>{text}</p>")
    assert content.isascii()
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert all(len(line) <= 98 and b"\r" not in line and b"\n" not in line for line in lines)


def test_a_text_keeps_its_lines_and_loses_what_cannot_be_sent():
    text = read(text="one\r\ntwo\rthree\x00\x1b\tfour\ud800\n日本\n").get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == "one\ntwo\nthree\tfour\n日本\n"


def test_a_message_says_when_it_was_written_and_its_key():
    message = read(key="3f2a.reminder-7_a")
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == "<3f2a.reminder-7_a@example.org>"


@pytest.mark.parametrize("key", ["", " ", "a b", "a@b", "a>b", "a\r\nBcc: x", "a\n", "-a", "é", "a" * 101])
def test_a_key_that_makes_no_message_id_is_refused(key):
    with pytest.raises(KeyRefused):
        a_message(key)


def test_the_organisation_may_be_named_as_whom_it_is_from():
    assert read(from_name="Hillside, Ltd").get("From") == '"Hillside, Ltd" <training@example.org>'


def test_one_may_unsubscribe_where_the_message_says_so():
    https = read(unsubscribe_url="https://training.example.org/stop/3f2a")
    assert https["List-Unsubscribe"] == "<https://training.example.org/stop/3f2a>"
    assert https["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    http = read(unsubscribe_url="http://127.0.0.1:8000/stop/3f2a")
    assert (http["List-Unsubscribe"], http["List-Unsubscribe-Post"]) == ("<http://127.0.0.1:8000/stop/3f2a>", None)
    assert read()["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "url", ["javascript:x", "https://a b", "https://a>,<https://b", "https://a\r\nBcc: x", "https://é"]
)
def test_an_address_to_unsubscribe_cannot_end_its_header(url):
    with pytest.raises(UnsubscribeUrlRefused):
        written(unsubscribe_url=url)
