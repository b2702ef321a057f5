"""When someone needs an item, when it is first due, and what leave and exemption do to the due day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from training.domain.certification import Cap, Period
from training.domain.days import ONE_DAY, Span, common, count_of, english_day, in_order, join

BREAK_THAT_RESTARTS = 28
LONG_LEAVE = 28


@dataclass(frozen=True, slots=True)
class Exemption:
    """Someone is let off an item on these days, by whom and why."""

    span: Span
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is on record for one person and one requirement.

    `needs` are the days on which the requirement asked it of the role, title and site of the time; days off file drop
    out. `leaves` are absences, of any length, from every employment that brings the need. `periods`
    come from `certify_all`, in order; `caps` are what everyone must pass again by.
    """

    on_file: tuple[Span, ...]
    needs: tuple[Span, ...]
    due_days: int
    periods: tuple[Period, ...] = ()
    caps: tuple[Cap, ...] = ()
    leaves: tuple[Span, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    requirement: str = ""
    long_leave_days: int = LONG_LEAVE

    def needed(self) -> tuple[Span, ...]:
        """The days of need, joined: needed by the post, and on file."""
        return common(self.needs, join(self.on_file))

    def long_leaves(self) -> tuple[Span, ...]:
        """The absences that are long once those that overlap or adjoin are joined."""
        return tuple(leave for leave in join(self.leaves) if leave.lasts(self.long_leave_days))

    def exempt(self) -> list[Span]:
        """The days of exemption, in order."""
        return in_order(exemption.span for exemption in self.exemptions)


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something is due, and why, to follow "due by 2 Mar 2026, "."""

    on: date
    reason: str


def need_on(facts: Facts, day: date) -> Span | None:
    """Return the need that covers a day: from where it began, across short breaks, to the last day known."""
    needed = facts.needed()
    present = next((span for span in needed if day in span), None)
    if present is None:
        return None
    whole = next(span for span in join(needed, breaks_under=BREAK_THAT_RESTARTS) if day in span)
    return Span(whole.from_, present.until)


def first_due(facts: Facts, begins_on: date, *, first_in_date_on: date | None, as_at: date) -> Due | None:
    """Return the first due day of a need as it stands on a day, or None while leave or exemption has no end.

    Leave that has begun moves it by each day on or before it. An exemption that begins before it has passed starts the
    count again on the day after, for someone not in date by then.
    """
    leaves = _begun(facts.long_leaves(), as_at)
    starts_on, event = begins_on, "when the need began"
    for exempt in _begun(facts.exempt(), as_at):
        due_on = _count_days(facts.due_days, starts_on, leaves)
        in_time = due_on is None or exempt.from_ <= due_on
        if exempt.ends_before(starts_on) or not in_time:
            continue
        if exempt.until is None:
            return None
        if first_in_date_on is None or exempt.ends_before(first_in_date_on):
            starts_on, event = exempt.until + ONE_DAY, "after the exemption"
    due_on = _count_days(facts.due_days, starts_on, leaves)
    return None if due_on is None else Due(due_on, _why_due(facts.due_days, starts_on, due_on, event=event))


def due_again(facts: Facts, *, valid_until: date, first_due_on: date | None, as_at: date) -> Due | None:
    """Return the day by which to renew what lapsed during leave or exemption, or None where none is given.

    Leave and exemption that overlap or adjoin are one pause. A pause gives nothing to someone who was expired or
    overdue the day before it began, nor while it has no end.
    """
    leaves, exempt = facts.long_leaves(), facts.exempt()
    due = None
    last_day = valid_until
    for pause in join([*_begun(leaves, as_at), *_begun(exempt, as_at)]):
        begun_in_time = pause.from_ <= max(last_day, first_due_on or last_day) + ONE_DAY
        if begun_in_time and pause.until is not None and not pause.ends_before(last_day):
            last_day = pause.until + timedelta(days=facts.due_days)
            kinds = [name for name, spans in (("leave", leaves), ("exemption", exempt)) if common(spans, (pause,))]
            due = Due(last_day, f"after {' and '.join(kinds)} until {english_day(pause.until)}")
    return due


def _begun(spans: Iterable[Span], as_at: date) -> list[Span]:
    return [span for span in spans if span.from_ <= as_at]


def _count_days(days: int, starts_on: date, leaves: Iterable[Span]) -> date | None:
    """Count so many days on from a day, passing over the days of leave."""
    due_on = starts_on + timedelta(days=days)
    for leave in leaves:
        if leave.ends_before(starts_on):
            continue
        if leave.from_ > due_on:
            break
        if leave.until is None:
            return None
        due_on += leave.until - max(leave.from_, starts_on) + ONE_DAY
    return due_on


def _why_due(days: int, starts_on: date, due_on: date, *, event: str) -> str:
    moved_by = (due_on - starts_on).days - days
    leave = f", moved on by {count_of(moved_by, 'day')} of leave" if moved_by else ""
    return f"{count_of(days, 'day')} from {english_day(starts_on)}, {event}{leave}"
