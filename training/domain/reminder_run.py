"""A run of reminders as a whole: when it stops and asks first, and at what time of day it may send."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

MOST_PEOPLE = 200
SMALL_ORGANISATION = 20
QUIET_FROM = time(20)
QUIET_UNTIL = time(8)
ONE_MINUTE = timedelta(minutes=1)


class Limit(StrEnum):
    """Why a run is too big to go unasked."""

    MANY_PEOPLE = "more-than-200-people"
    MOST_OF_THEM = "more-than-half"


@dataclass(frozen=True, slots=True)
class Approval:
    """A manager saw the preview of a day's run, which would message so many people, and agreed."""

    day: date
    people: int

    def covers(self, people: int, *, day: date) -> bool:
        """Say whether a run of this size on this day was agreed: the same day, and grown by a tenth at most."""
        return self.day == day and people * 10 <= self.people * 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """A run that stops and asks: whom it would message, of how many on file, and the most agreed so far if any."""

    day: date
    people: int
    on_file: int
    limit: Limit
    agreed: int | None = None


def flood(
    people: int, *, on_file: int, day: date, approvals: Iterable[Approval] = (), sent_today: int = 0
) -> Flood | None:
    """Return why a run must stop and ask, or None where it may go ahead.

    `people` are those it would message, without those it cannot reach. Those messaged earlier in the day are added, so
    that a flood does not pass in slices; a run that sends nothing never stops. An approval is good for the day it names
    and no other: whoever agrees in the evening agrees to the day on which it will be sent.
    """
    total = people + sent_today
    limit = limit_of(total, on_file)
    agreed = [approval for approval in approvals if approval.day == day]
    if not people or limit is None or any(approval.covers(total, day=day) for approval in agreed):
        return None
    most = max((approval.people for approval in agreed), default=None)
    return Flood(day=day, people=total, on_file=on_file, limit=limit, agreed=most)


def is_quiet(at: time, *, quiet_from: time = QUIET_FROM, quiet_until: time = QUIET_UNTIL) -> bool:
    """Say whether a time on the clock lies in quiet hours: from the first, up to and without the last.

    Across midnight where the first is the later; there are none where both are the same.
    """
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def may_send_at(now: datetime, *, quiet_from: time = QUIET_FROM, quiet_until: time = QUIET_UNTIL) -> datetime:
    """Return the first instant, in UTC, from now on at which a clock on the wall is outside quiet hours.

    `now` carries the organisation's time zone. When the clock is put forward past the end of quiet hours, that is the
    moment of the change; when it is put back, an hour that comes twice is quiet both times. What was held back is
    worked out anew when its time comes, so that "today" is the day on which it is read.

    Raises:
        ValueError: `now` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("A time without a time zone is no instant.")
    instant = now.astimezone(UTC)
    # The clock is looked at minute by minute: no sum of hours is right on the days on which it changes.
    while is_quiet(instant.astimezone(now.tzinfo).time(), quiet_from=quiet_from, quiet_until=quiet_until):
        instant = instant.replace(second=0, microsecond=0) + ONE_MINUTE
    return instant


def limit_of(people: int, on_file: int) -> Limit | None:
    """Return why a run to so many people is too big to go unasked, or None where it is not."""
    if people > MOST_PEOPLE:
        return Limit.MANY_PEOPLE
    return Limit.MOST_OF_THEM if on_file > SMALL_ORGANISATION and people * 2 > on_file else None
