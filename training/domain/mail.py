"""What is sent by mail, to whom, and what became of it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class KeyRefused(ValueError):
    """A message cannot be told from others because its key is too long, or not of letters, digits and `._-`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along: its name in ASCII, its media type such as `text/calendar`, and its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person.

    `key` becomes the Message-ID: the same message keeps its key however often it is tried, so that a second copy can
    be recognised. Say nothing personal in it. `from_name` is whom the message is from, where that is not the name of
    the service. `unsubscribe_url` is given where the person may stop such messages; an https one has to unsubscribe on
    a bare POST (RFC 8058), as mail programmes offer a button for it.

    Raises:
        KeyRefused: when the key would not make a Message-ID.
    """

    key: str
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    from_name: str = ""
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str = ""

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise KeyRefused(f"{self.key!r} is no key for a message")


class Result(StrEnum):
    """What became of a message: taken by a server, refused for good, or to be tried again later."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message, and why in words for a manager, without anybody's address.

    `may_have_arrived` is true where all of the message had been handed over and the answer to that was lost. `wait` is
    how long a server asked to be left alone.
    """

    result: Result
    why: str = ""
    may_have_arrived: bool = False
    wait: timedelta | None = None


class Batch(Protocol):
    """A sender with an open connection; once the server is out of reach, every further message is for later."""

    def send(self, message: Message) -> Outcome:
        """Send one message, and say what became of it. No failure of a server or an address raises."""
        ...


class Mailer(Protocol):
    """A way to send mail."""

    def batch(self) -> AbstractContextManager[Batch]:
        """Open a sender for any number of messages; it connects when the first one is sent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLine:
    """One thing to do: its title, what to do in a few words, by when, and why in one sentence.

    `mandated` is true of what the person's organisation requires; such reminders cannot be stopped.
    """

    title: str
    act: str
    by: date
    why: str
    mandated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderMail:
    """What one person is asked to do, written on a day. `stop_url` is empty where nothing may be stopped."""

    name: str
    organisation_name: str
    written_on: date
    lines: tuple[ReminderLine, ...]
    sign_in_url: str
    stop_url: str = ""


@dataclass(frozen=True, slots=True)
class DigestCount:
    """A figure of the digest and what it counts, such as 12 `people overdue`."""

    number: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One person in a list, what it is about, and one sentence that says why the person is there."""

    name: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestList:
    """People under a heading; `more` is how many were left out of a long list."""

    heading: str
    lines: tuple[DigestLine, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMail:
    """A manager's week: figures, and lists of the people to act on. `place` is the site or organisation it covers."""

    name: str
    organisation_name: str
    place: str
    written_on: date
    counts: tuple[DigestCount, ...]
    lists: tuple[DigestList, ...]
    overview_url: str
    stop_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMail:
    """A file that somebody waits for is ready, or came to nothing: what it is and came to, without a name in either.

    `shows` are the filters that were used, in words that repeat no search, and empty where it is no report.
    `kept_until` is none where there is no file, and `schedules_url` empty unless it is made regularly.
    """

    name: str
    organisation_name: str
    written_on: date
    title: str
    came_to: str
    kept_until: date | None
    file_url: str
    schedules_url: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedMail:
    """A report that was made regularly has ended by itself: which, in what form, on which days, and why."""

    name: str
    organisation_name: str
    written_on: date
    title: str
    form: str
    when: str
    why: str
    home_url: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message's words, ready to send."""

    subject: str
    text: str
    html: str


Mail = ReminderMail | DigestMail | FileMail | EndedMail
Render = Callable[[Mail], Words]
