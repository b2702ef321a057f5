"""A message in, the bytes that go over the wire out: nothing that anybody typed can add a header or a recipient."""

import base64
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from training.domain.mail import Message
from training.domain.names import tidy_text
from training.mail.addresses import Sender

ASCII_ONLY = SMTP.clone(cte_type="7bit")
# As many bytes as fit one encoded word (75 signs, RFC 2047).
BYTES = 45
PLAIN_NAME = re.compile(r"[A-Za-z0-9 ]{1,60}")
PLAIN_TEXT = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,59}")
WEB_ADDRESS = re.compile(r"https?://[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+")


class UnsubscribeUrlRefused(ValueError):
    """A message cannot offer to unsubscribe because the address is not one that may stand in a header."""


def to_bytes(message: Message, *, sender: Sender, to_address: str, now: datetime) -> bytes:
    """Return a message as it goes to a mail server, with lines of ASCII that end in CRLF.

    The headers are written here and not by the standard library, whose folding has lost quotes round long names.
    """
    headers = {
        "From": mailbox(message.from_name or sender.name, sender.address),
        "To": mailbox(message.to_name, to_address),
        "Subject": subject(message.subject),
        "Date": format_datetime(now),
        "Message-ID": f"<{message.key}@{sender.domain}>",
        # So that no out-of-office reply comes back (RFC 3834, and the header that Exchange heeds).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **unsubscribe(message.unsubscribe_url),
    }
    written = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return written.encode("ascii") + body(message).as_bytes()


def body(message: Message) -> EmailMessage:
    """Return the two bodies and what is attached."""
    content = EmailMessage(policy=ASCII_ONLY)
    content.set_content(readable(message.text))
    content.add_alternative(readable(message.html), subtype="html")
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        content.add_attachment(attachment.content, maintype=main, subtype=sub, filename=tidy_text(attachment.name))
    return content


def mailbox(name: str, address: str) -> str:
    """Write `Name <address>`; the name may be in any script, or hold anything that somebody typed."""
    name = tidy_text(name)
    if not name:
        return f"<{address}>"
    return f"{name if PLAIN_NAME.fullmatch(name) else encoded(name)}\r\n <{address}>"


def subject(text: str) -> str:
    """Write a subject on as many lines as it takes."""
    text = tidy_text(text)
    plain = PLAIN_TEXT.fullmatch(text) and "=?" not in text
    return text if plain or not text else encoded(text)


def encoded(text: str) -> str:
    """Write text of any script as encoded words, one a line (RFC 2047)."""
    words = (base64.b64encode(piece.encode()).decode("ascii") for piece in pieces(text))
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def pieces(text: str) -> Iterator[str]:
    """Return text in pieces that fit an encoded word, none of which ends within a character."""
    piece = ""
    for character in text:
        if len((piece + character).encode()) > BYTES:
            yield piece
            piece = ""
        piece += character
    yield piece


def unsubscribe(url: str) -> dict[str, str]:
    """Return the headers that offer to unsubscribe: with one click where the address is https (RFC 8058).

    Raises:
        UnsubscribeUrlRefused: when the address could end the header early.
    """
    if not url:
        return {}
    if not WEB_ADDRESS.fullmatch(url):
        raise UnsubscribeUrlRefused("an address to unsubscribe is https://, in ASCII, without spaces or brackets")
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url.startswith("https://") else {}
    return {"List-Unsubscribe": f"<{url}>", **one_click}


def readable(text: str) -> str:
    """Return text without what cannot be sent: controls other than line ends and tabs, and halves of pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in lines if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )
