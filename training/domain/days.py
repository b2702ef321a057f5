"""Days in words, and spans of days with both ends included."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from training.domain import language
from training.domain.language import N_, _
from training.domain.refusal import Refusal

ONE_DAY = timedelta(days=1)
# Nobody who works today began, or passed anything, before.
EARLIEST = date(1950, 1, 1)
MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)

# How months begin in every language that pages have: a file is read as it is, whoever reads it and in whichever.
BEGINNINGS = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "ion chw maw ebr mai meh gor aws med hyd tac rha",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
)
MONTH_OF = {name: number for names in BEGINNINGS for number, name in enumerate(names.split(), start=1)}


class DayUnreadable(Refusal):
    """A day that cannot be read from what was typed."""


class NoSuchDay(DayUnreadable):
    """A day that is written as days are, in a month that has none such."""


class EndsBeforeItBegins(Refusal):
    """A span whose last day comes before its first."""


def format_day(day: date) -> str:
    """Write a day in the language that is spoken, whatever the locale of the machine: 13 Jan 2027."""
    return _day_said(day, language.current().code)


@lru_cache(maxsize=16384)
def _day_said(day: date, _code: str) -> str:
    return f"{day.day} {_(MONTHS[day.month - 1])} {day.year}"


def english_day(day: date) -> str:
    """Write a day in English, for words that are kept or leave the service: 13 Jan 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_in(instant: datetime, time_zone: str) -> date:
    """Return the calendar day on which an instant falls in a time zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the last instant of a day in a time zone, in UTC; of the last day there is, the last there is."""
    if day >= date.max - ONE_DAY:
        return datetime.max.replace(tzinfo=UTC)
    next_day = datetime.combine(day + ONE_DAY, time(), ZoneInfo(time_zone)).astimezone(UTC)
    return next_day - timedelta(microseconds=1)


def read_day(text: str) -> date:
    """Return the day that somebody typed: 13 Jan 2027, 13/1/2027 (day first) or 2027-01-13.

    Months have their names in any language that pages have.

    Raises:
        DayUnreadable: with an example; NoSuchDay where it is the month that has no such day.
    """
    parts = re.findall(r"[0-9]+|[^\W\d_]+", text.lower())
    if len(parts) == 3 and len(parts[0]) == 4:
        parts.reverse()
    spoken = {_(month)[:3].lower(): number for number, month in enumerate(MONTHS, start=1)}
    try:
        day, month, year = parts
        first, number = date(int(year), (MONTH_OF | spoken).get(month[:3]) or int(month), 1), int(day)
    except (ValueError, OverflowError) as error:
        raise DayUnreadable(_("Write the day like this: 13 Jan 2027.")) from error
    try:
        return first.replace(day=number)
    except (ValueError, OverflowError) as error:
        named = f"{_(MONTHS[first.month - 1])} {first.year}"
        raise NoSuchDay(_("%(month)s has no day %(day)s.", month=named, day=number)) from error


def count_of(number: int, thing: str) -> str:
    """Write a number of things in English: 1 month, 12 months."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


@dataclass(frozen=True, slots=True)
class Span:
    """Every day from `from_` to `until`, both included; without an end where `until` is None."""

    from_: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.from_:
            words = _("%(until)s comes before %(day)s.", until=format_day(self.until), day=format_day(self.from_))
            raise EndsBeforeItBegins(words)

    def __contains__(self, day: date) -> bool:
        return self.from_ <= day and not self.ends_before(day)

    def ends_before(self, day: date) -> bool:
        """Say whether the whole span lies before a day."""
        return self.until is not None and self.until < day

    def lasts(self, days: int) -> bool:
        """Say whether the span has at least so many days; one without an end has."""
        return self.until is None or (self.until - self.from_).days + 1 >= days

    def common_with(self, other: "Span") -> "Span | None":
        """Return the days that both spans hold, if any."""
        ends = [span.until for span in (self, other) if span.until is not None]
        from_, until = max(self.from_, other.from_), min(ends, default=None)
        return None if until is not None and until < from_ else Span(from_, until)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Sort spans by first day, then by last."""
    return sorted(spans, key=lambda span: (span.from_, span.until or date.max))


def join(spans: Iterable[Span], *, breaks_under: int = 1) -> tuple[Span, ...]:
    """Join spans that overlap, adjoin, or stand apart by a break of fewer than `breaks_under` days."""
    joined: list[Span] = []
    spans = tuple(spans)
    if len(spans) < 2:
        return spans
    for span in in_order(spans):
        last = joined[-1] if joined else None
        if last is None or (last.until is not None and (span.from_ - last.until).days > breaks_under):
            joined.append(span)
        elif last.until is not None and not span.ends_before(last.until):
            joined[-1] = Span(last.from_, span.until)
    return tuple(joined)


def present_or_next(spans: Iterable[Span], day: date) -> Span | None:
    """Return the span that holds a day, or else the first after it."""
    return next((span for span in in_order(spans) if not span.ends_before(day)), None)


def common(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days that both sets of spans hold, joined."""
    others = tuple(others)
    shared = (one.common_with(other) for one in some for other in others)
    return join(span for span in shared if span is not None)


def without(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """Return the days of some spans that none of the others holds, joined."""
    left = list(join(some))
    for other in join(others):
        left = [part for span in left for part in _cut(span, other)]
    return tuple(left)


def _cut(span: Span, other: Span) -> Iterator[Span]:
    if span.common_with(other) is None:
        yield span
        return
    if span.from_ < other.from_:
        yield Span(span.from_, other.from_ - ONE_DAY)
    if other.until is not None and not span.ends_before(other.until + ONE_DAY):
        yield Span(other.until + ONE_DAY, span.until)
