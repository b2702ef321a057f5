"""Addresses and names as they may stand in a message: mended where they can be, else refused in words."""

import re
from dataclasses import dataclass
from email.utils import parseaddr

import idna

from training.domain.names import tidy_text

LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


class AddressRefused(ValueError):
    """Nothing can be sent to or from an address because it is malformed, or of a kind that servers do not take."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mail comes from: a name, which may be empty, and an address in ASCII."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


def read_address(text: str) -> str:
    """Return an e-mail address as servers take it, with an international domain in its ASCII form.

    Raises:
        AddressRefused: saying what is wrong with it, without repeating it.
    """
    local, at, domain = text.strip(" ").rpartition("@")
    if not at or not local or not domain:
        raise AddressRefused("The address needs an @ between a name and a domain.")
    if not local.isascii():
        raise AddressRefused("The part before the @ has letters outside A to Z, which many mail servers cannot take.")
    if not LOCAL_PART.fullmatch(local) or len(local) > 64:
        raise AddressRefused("The part before the @ is not one that mail servers take.")
    return f"{local}@{read_domain(domain)}"


def read_domain(text: str) -> str:
    """Return a domain in ASCII: `straße.example` is `xn--strae-oqa.example`, and no other domain.

    Raises:
        AddressRefused: when it is no name of a domain.
    """
    try:
        domain = idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused("The part behind the @ is not the name of a domain.") from error
    if "." not in domain or domain.endswith(".") or domain.rpartition(".")[2].isdigit():
        raise AddressRefused("The part behind the @ is not the name of a domain.")
    return domain


def read_sender(text: str) -> Sender:
    """Return the sender of `Name <address>`, or of an address alone.

    Raises:
        AddressRefused: saying what is wrong with it.
    """
    if tidy_text(text) != text:
        raise AddressRefused("The sender has line ends or signs that cannot be seen.")
    name, address = parseaddr(text)
    if not address:
        raise AddressRefused("The sender is written like this: Training <training@example.org>.")
    return Sender(tidy_text(name), read_address(address))
