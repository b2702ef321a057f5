"""On which days a report is made again, from what hour on, and what a message may say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from training.domain.compliance import Tally, percent_words
from training.domain.days import ONE_DAY, count_of, format_day
from training.domain.language import N_, _
from training.domain.refusal import Refusal

# Once the clock on the wall says so, the day's reports are made: before anybody begins, after the day has turned.
TURNS_AT = time(6)
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
EVERY_WEEK = (
    N_("every Monday"),
    N_("every Tuesday"),
    N_("every Wednesday"),
    N_("every Thursday"),
    N_("every Friday"),
    N_("every Saturday"),
    N_("every Sunday"),
)
# Every month has these days.
LAST_DAY = 28
# Why one comes to an end by itself, as the audit log says it.
OWNER_SEES_NOBODY = N_("its owner sees nobody any more")


class RhythmRefused(Refusal):
    """A report cannot be made on a day that not every week or month has."""


class Rhythm(StrEnum):
    """How often a report is made."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    FIRST_DAY = "first-day"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The days on which a report is made: weekly on a day from 1 (Monday) to 7, monthly from 1 to 28.

    Raises:
        RhythmRefused: for any other day.
    """

    rhythm: Rhythm
    on_day: int = 1

    def __post_init__(self) -> None:
        last = {Rhythm.WEEKLY: len(WEEKDAYS), Rhythm.MONTHLY: LAST_DAY, Rhythm.FIRST_DAY: 1}[self.rhythm]
        if not 1 <= self.on_day <= last:
            raise RhythmRefused(_("Choose a day from 1 to %(last)s.", last=last))

    @property
    def words(self) -> str:
        """The rhythm in words."""
        if self.rhythm is Rhythm.WEEKLY:
            return _(EVERY_WEEK[self.on_day - 1])
        if self.rhythm is Rhythm.MONTHLY:
            return _("every month on day %(day)s", day=self.on_day)
        return _("on the first day of each month")

    def falls_on(self, day: date) -> bool:
        """Say whether a report is made on a day."""
        return self.on_day == (day.isoweekday() if self.rhythm is Rhythm.WEEKLY else day.day)

    def first_from(self, day: date) -> date:
        """Return the first of its days from a day on, that day included."""
        while not self.falls_on(day):
            day += ONE_DAY
        return day

    def last_until(self, day: date) -> date:
        """Return the last of its days up to a day, that day included."""
        while not self.falls_on(day):
            day -= ONE_DAY
        return day

    def last_before(self, day: date) -> date:
        """Return the last of its days before a day."""
        return self.last_until(day - ONE_DAY)

    def next_after(self, day: date) -> date:
        """Return the first of its days after a day."""
        return self.first_from(day + ONE_DAY)


def turned_until(local: datetime) -> date:
    """Return the last day that has turned by a clock on the wall: today from six in the morning on."""
    return local.date() if local.time() >= TURNS_AT else local.date() - ONE_DAY


def due_day(recurrence: Recurrence, *, next_on: date, local: datetime) -> date | None:
    """Return the day for which a report is to be made now, or None; of several that were missed, the latest."""
    latest = recurrence.last_until(turned_until(local))
    return latest if latest >= next_on else None


def span_before(recurrence: Recurrence, day: date) -> tuple[date, date]:
    """Return the first and last day of what was done since the report before: whole days, the day itself left out."""
    return recurrence.last_before(day), day - ONE_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a report came to: of which day and place, how many rows its list has, and how all stand who were asked for.

    `lists` names what is listed, as in "expired or overdue", and `rows` is none of a form without the list.
    `is_narrowed` says that filters were used, and `is_partial` that one of them changes the figures too; `is_secret`
    says that one means somebody: then it is told only that nobody was found. It `asks_elsewhere` where the site is none
    of its owner's. One that is not `is_of_compliance` tells no percentage.
    """

    day: date
    place: str
    lists: str
    rows: int | None
    figures: Tally | None
    is_narrowed: bool = False
    is_partial: bool = False
    is_secret: bool = False
    is_of_compliance: bool = True
    asks_elsewhere: bool = False


# What the rows of a report are, where that is not everybody.
LISTS: Mapping[str, str] = {
    "overdue": "expired or overdue",
    "due-soon": "due within {within} days",
    "attempts": "on record as having tried anything",
}


def outcome_words(outcome: Outcome) -> str:
    """Say in a line what a report came to, with no name and no filter in it; of an empty one, why it is empty."""
    if outcome.asks_elsewhere:
        return "Nobody is counted: the site asked for is none of yours."
    if outcome.figures is None:
        return ""
    when = f"{outcome.place} on {format_day(outcome.day)}"
    whom = "Nobody of those asked for is" if outcome.is_narrowed else "Nobody is"
    if not outcome.figures.on_file:
        return f"{whom} on file {when}."
    if outcome.rows == 0:
        return f"{whom} {outcome.lists or 'as was asked for'} {when}."
    return "" if outcome.is_secret else found_words(outcome, outcome.figures, when=when)


def found_words(outcome: Outcome, figures: Tally, *, when: str) -> str:
    """Say what a report that is not empty came to: the figure, where it is about that, and how many rows it has."""
    rows = "" if outcome.rows is None else count_of(outcome.rows, "row")
    if outcome.is_of_compliance:
        return f"{figures_words(figures, when=when, is_partial=outcome.is_partial)}{rows and f' {rows}.'}"
    whose = "of those asked for " if outcome.is_partial else ""
    return rows and f"{rows} {whose}{when}."


def figures_words(figures: Tally, *, when: str, is_partial: bool = False) -> str:
    """Say how many comply of how many counted, and how many do not; where that is not everybody, of whom it is said."""
    if not figures.counted:
        return f"{'Nobody of those asked for is counted' if is_partial else percent_words(figures)} {when}."
    late = f"{figures.expired:,} expired, {figures.overdue:,} overdue"
    of = f"{figures.compliant:,} of {figures.counted:,}"
    whose = "of those asked for " if is_partial else ""
    return f"{percent_words(figures)} compliant {whose}{when} ({of}): {late}."
