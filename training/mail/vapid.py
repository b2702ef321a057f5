"""Our own key towards push services (VAPID, RFC 8292): made once, kept in a setting, and shown with each message."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from py_vapid import Vapid02

# Push services take no more than a day.
GOOD_FOR = timedelta(hours=12)


class PushKeyRefused(ValueError):
    """Phones cannot be sent messages because the key is none that `training keys` printed."""


def make_key() -> str:
    """Return a new private key, 32 random bytes as text."""
    from py_vapid import Vapid02
    from py_vapid.utils import b64urlencode

    vapid = Vapid02()
    vapid.generate_keys()
    return b64urlencode(vapid.private_key.private_numbers().private_value.to_bytes(32, "big"))


@cache
def read_key(private_key: str) -> "Vapid02":
    """Return a key, ready to sign with.

    Raises:
        PushKeyRefused: when it is no key.
    """
    from py_vapid import Vapid02

    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]{43}", private_key):
            raise ValueError
        return Vapid02.from_raw(private_key.encode())
    except ValueError as error:
        raise PushKeyRefused("is no key: set what `training keys` prints.") from error


@cache
def public_key(private_key: str) -> str:
    """Return the public half of a private key as browsers want it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from py_vapid.utils import b64urlencode

    point = read_key(private_key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64urlencode(point)


def contact_of(*, base_url: str, mail_from: str) -> str:
    """Return by whom a push service learns to reach us: who sends our mail, else the address of the service."""
    found = re.search(r"[^\s<>]+@[^\s<>]+", mail_from)
    return f"mailto:{found[0]}" if found else f"https://{urlsplit(base_url).hostname}"


def authorisation(private_key: str, *, endpoint: str, contact: str, now: datetime) -> str:
    """Return the header that tells a push service who we are; it is good for that service alone, and for hours."""
    parts = urlsplit(endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"
    claims = {"aud": audience, "exp": int((now + GOOD_FOR).timestamp()), "sub": contact}
    return read_key(private_key).sign(claims)["Authorization"]
