"""What a mail server's replies mean for one message."""

import re
from dataclasses import dataclass

from training.domain.mail import Outcome, Result

# These speak of our command or of our signing in, whatever address was in it.
ABOUT_US = {500, 502, 503, 504, 530, 534, 535, 538}
CLOSING = 421


class Unreachable(Exception):
    """Nothing can be sent because the server is out of reach, or does not let us in; the message says why."""


class Lost(Exception):
    """A message cannot be known to be sent because the connection was lost; `outcome` is what to say of it."""

    def __init__(self, outcome: Outcome, *, may_try_again: bool = False) -> None:
        super().__init__(outcome.why)
        self.outcome = outcome
        self.may_try_again = may_try_again


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: its code, and what the server says, which may hold somebody's address."""

    code: int
    said: bytes = b""

    @property
    def is_good(self) -> bool:
        """Whether the server does what it was asked."""
        return 200 <= self.code < 300

    @property
    def is_closing(self) -> bool:
        """Whether the server is going away, or what it says is no SMTP."""
        return self.code == CLOSING or not 200 <= self.code < 600

    def __str__(self) -> str:
        """Write the code, with the finer one (RFC 3463) where there is one: 550 5.1.1."""
        finer = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", self.said)
        return f"{self.code} {finer[0].decode('ascii')}" if finer else str(self.code)


def told(reply: Reply, *, what: str) -> Outcome:
    """Return what a reply other than yes means for one message."""
    if reply.code in ABOUT_US:
        return Outcome(Result.LATER, f"The mail server does not do what we ask ({reply}).")
    if reply.code >= 500:
        return Outcome(Result.REFUSED, f"The mail server refused {what} ({reply}).")
    return Outcome(Result.LATER, f"The mail server cannot take {what} now ({reply}).")
