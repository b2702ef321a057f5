"""Messages to phones: which addresses a browser may give for them, the few words that a locked screen shows, and ends.

A browser hands over the address at which its maker's push service takes messages for it. Whoever sends it could send
any address, so it is looked at here, and once more when it is connected to (`is_public`).
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from training.domain.language import N_, _
from training.domain.mail import Outcome, Result
from training.domain.refusal import Refusal

LONGEST = 2_000
# One message replaces another on the phone, and at the push service while the phone is away.
TOPIC = "training-due"
# What stands for an address where a message goes to phones.
PHONE = "phone"
TITLE = N_("Training")
WORDS = N_("You have training due. Open to see.")
ALL_GONE = "No phone or browser of theirs takes messages any more."
NAT64 = IPv6Network("64:ff9b::/96")
UNCOMPRESSED, POINT_BYTES, SECRET_BYTES = 4, 65, 16


class PhoneRefused(Refusal):
    """A phone or browser cannot be reminded because what it gave to reach it by is of no use, or not safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phone or browser that takes messages: where, and the two keys that only it can read them with."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Handover:
    """What became of a message to one phone; `is_gone` where it takes none any more and is to be forgotten."""

    outcome: Outcome
    is_gone: bool = False


class PushBatch(Protocol):
    """A sender for any number of phones; a push service that is out of reach or has had enough is left alone."""

    def send(self, phone: Phone, content: bytes) -> Handover:
        """Send one message to one phone, and say what became of it. No failure of a push service raises."""
        ...


class PushSender(Protocol):
    """A way to send to phones; `public_key` is the one that browsers were asked with."""

    @property
    def public_key(self) -> str:
        """The key that a browser must have been asked with."""
        ...

    def batch(self) -> AbstractContextManager[PushBatch]:
        """Open a sender for any number of phones."""
        ...


def read_endpoint(text: str, *, may_be_here: bool) -> str:
    """Return the address of a push service: https, by a name on the internet, at the usual port.

    `may_be_here` lets this machine pass too, at any port, for trying it out.

    Raises:
        PhoneRefused: saying what is wrong with it.
    """
    if len(text) > LONGEST or not re.fullmatch(r"[!-~]+", text):
        raise PhoneRefused(_("That is no address of a push service."))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise PhoneRefused(_("That is no address of a push service.")) from error
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment or "\\" in text:
        raise PhoneRefused(_("A push service is reached by https alone."))
    if not (may_be_here and is_this_machine(parts)) and (port not in {None, 443} or not is_name(parts.hostname or "")):
        raise PhoneRefused(_("A push service is reached by a name on the internet."))
    return text


def is_this_machine(parts: SplitResult) -> bool:
    """Say whether an address leads to the machine itself."""
    host = parts.hostname or ""
    return host == "localhost" or (is_number(host) and ip_address(host).is_loopback)


def is_name(host: str) -> bool:
    """Say whether a host is a name that may be known outside: no number, and none of a network of one's own.

    The last part of a name on the internet is never a number, however numbers are written.
    """
    *above, last = host.rstrip(".").split(".")
    labels = all(re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", label) for label in (*above, last))
    return bool(above) and labels and last[0].isalpha() and last not in {"localhost", "local", "internal", "home"}


def is_number(host: str) -> bool:
    """Say whether a host is an IP address."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the open internet, also where an older one is wrapped in a newer."""
    found = ip_address(address)
    return found.is_global and not found.is_multicast and all(inner.is_global for inner in wrapped(found))


def wrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the older addresses that a newer one leads to."""
    if isinstance(address, IPv4Address):
        return []
    nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
    return [inner for inner in (address.ipv4_mapped, address.sixtofour, nat64) if inner is not None]


def read_keys(*, p256dh: str, auth: str) -> tuple[str, str]:
    """Return the two keys of a browser, by which only it can read what is sent.

    Raises:
        PhoneRefused: when they have not the form of keys.
    """
    point, secret = unpacked(p256dh), unpacked(auth)
    if len(point) != POINT_BYTES or point[0] != UNCOMPRESSED or len(secret) != SECRET_BYTES:
        raise PhoneRefused(_("The keys of this browser cannot be used."))
    return p256dh.rstrip("="), auth.rstrip("=")


def unpacked(text: str) -> bytes:
    """Return the bytes of base64url text, none where it is not."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}={0,2}", text):
        return b""
    bare = text.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        return b""


def content_of(due: int) -> bytes:
    """Return what a phone is sent: the same words to everybody, as others see a locked screen, and how many are due."""
    return json.dumps({"title": _(TITLE), "body": _(WORDS), "due": due}).encode()


def together(handovers: Iterable[Handover]) -> Outcome:
    """Return what became of a message that went to all phones of a person: one that took it is enough."""
    tried = list(handovers)
    for is_so in (lambda outcome: outcome.result is Result.SENT, lambda outcome: outcome.may_have_arrived):
        for each in tried:
            if is_so(each.outcome):
                return each.outcome
    left = [each.outcome for each in tried if not each.is_gone]
    return left[0] if left else Outcome(Result.LATER, ALL_GONE)
