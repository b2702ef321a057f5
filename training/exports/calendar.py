"""A due day in, a calendar file out: one all-day event that blocks nobody's time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vUri

from training.domain.days import ONE_DAY
from training.domain.names import tidy_text

MEDIA_TYPE = "text/calendar"
# Seven days before, at nine in the morning: an alarm at midnight wakes people.
BEFORE = timedelta(hours=9) - timedelta(days=7)
MAKER = "-//STOMP Training//Due days//EN"


class NotAnInstant(ValueError):
    """A calendar file cannot be made because the moment of its making has no time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """Something due on a day.

    `uid` names the event for good and `sequence` counts its changes from 0: a calendar that has it takes the higher
    one. `made_at` is when this was so. `url` is an address in ASCII, or empty.
    """

    uid: str
    title: str
    description: str
    day: date
    made_at: datetime
    sequence: int = 0
    url: str = ""


def encode_calendar(due: DueDay) -> bytes:
    """Encode a due day as a calendar file (RFC 5545); the same one always gives the same bytes.

    Raises:
        NotAnInstant: `made_at` has no time zone.
    """
    if due.made_at.tzinfo is None:
        raise NotAnInstant("the moment at which a calendar file is made needs a time zone")
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(due))
    return calendar.to_ical()


def _event(due: DueDay) -> Event:
    title = tidy_text(due.title)
    event = Event()
    event.add("uid", tidy_text(due.uid))
    event.add("dtstamp", due.made_at.astimezone(UTC))
    event.add("sequence", due.sequence)
    event.add("dtstart", due.day)
    event.add("dtend", due.day + ONE_DAY)
    event.add("summary", title)
    event.add("description", "\n".join(tidy_text(line) for line in due.description.splitlines()))
    event.add("transp", "TRANSPARENT")
    if due.url:
        event.add("url", vUri(due.url))
    event.add_component(_alarm(title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", BEFORE)
    return alarm
