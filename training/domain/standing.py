"""Where one person stands with one requirement: the dates, the status on a day, and the line that is shown."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from training.domain.certification import Period, capped
from training.domain.days import ONE_DAY, Span, join, present_or_next
from training.domain.need import Exemption, Facts, due_again, first_due, need_on
from training.domain.reason import notes_for, reason_for
from training.domain.status import Status

ACTIVE, EXEMPT, ON_LEAVE, NOT_NEEDED, NOT_ON_FILE = range(5)
GROUPS = {
    Status.EXEMPT: EXEMPT,
    Status.ON_LEAVE: ON_LEAVE,
    Status.HELD: NOT_NEEDED,
    Status.NOT_NEEDED: NOT_NEEDED,
    Status.NOT_ON_FILE: NOT_ON_FILE,
}
WORST_FIRST = (Status.OVERDUE, Status.EXPIRED, Status.NOT_YET_DUE, Status.EXPIRING_SOON, Status.UP_TO_DATE)


class Standing(NamedTuple):
    """The dates and reasons of one person's line on one requirement, as they stood on the day they were worked out.

    They give the status on that day and on every later day before `next_change_on`, and beyond it for as long as
    nothing but time passes. `on_leave` and `exemption` are the present ones, or the next. `last_passed_on` is the
    latest pass and `earned_on` the one that gave `valid_until`.
    """

    requirement: str = ""
    on_file: Span | None = None
    need_begins_on: date | None = None
    need_ends_on: date | None = None
    first_due_on: date | None = None
    first_due_reason: str = ""
    in_date_in_need: bool = False
    grace_until: date | None = None
    grace_reason: str = ""
    last_passed_on: date | None = None
    earned_on: date | None = None
    valid_until: date | None = None
    window_opens_on: date | None = None
    never_expires: bool = False
    valid_reason: str = ""
    on_leave: Span | None = None
    exemption: Exemption | None = None
    next_change_on: date | None = None

    def needed_on(self, day: date) -> bool:
        """Say whether the need covers a day."""
        begins_on, ends_on = self.need_begins_on, self.need_ends_on
        return begins_on is not None and begins_on <= day and (ends_on is None or day <= ends_on)

    def in_date_on(self, day: date) -> bool:
        """Say whether the latest date earned covers a day."""
        return self.never_expires or (self.valid_until is not None and day <= self.valid_until)

    @property
    def due_until(self) -> date | None:
        """The last day of being not yet due, for someone not in date; None where no day is set."""
        first, again = self.first_due_on, self.grace_until
        return max(first, again) if first and again else first or again


def work_out(facts: Facts, *, as_at: date) -> Standing:
    """Work out a standing as at a day, from passes up to that day and from leave and exemption begun by then.

    Leave and exemption still ahead are named as such and move nothing yet.
    """
    standing = work_out_dates(facts, as_at=as_at)
    return standing._replace(next_change_on=_next_change(facts, standing, as_at))


def work_out_dates(facts: Facts, *, as_at: date) -> Standing:
    """Work out a standing without the day of its next change, for whoever knows the turns of the facts already."""
    return _in_need(facts, as_at)._replace(
        requirement=facts.requirement,
        on_file=next((span for span in join(facts.on_file) if as_at in span), None),
        on_leave=present_or_next(facts.long_leaves(), as_at),
        exemption=_exemption(facts, as_at),
    )


def turns_of(facts: Facts) -> set[date]:
    """Return the days on which a fact begins or has ended; between them a standing changes by time alone."""
    turns = {period.passed_on for period in facts.periods}
    turns |= {day for cap in facts.caps for day in (cap.announced_on, cap.lifted_on) if day is not None}
    for span in (*join(facts.on_file), *facts.needed(), *facts.long_leaves(), *facts.exempt()):
        turns.add(span.from_)
        if span.until is not None:
            turns.add(span.until + ONE_DAY)
    return turns


def status_on(standing: Standing, day: date) -> Status:
    """Return the status on a day, the first that fits; the day is not before the one it was worked out for."""
    if standing.on_file is None or day not in standing.on_file:
        return Status.NOT_ON_FILE
    if not standing.needed_on(day):
        return Status.HELD if standing.last_passed_on else Status.NOT_NEEDED
    if standing.on_leave is not None and day in standing.on_leave:
        return Status.ON_LEAVE
    if standing.exemption is not None and day in standing.exemption.span:
        return Status.EXEMPT
    if standing.in_date_on(day):
        window_open = standing.window_opens_on is not None and standing.window_opens_on <= day
        return Status.EXPIRING_SOON if window_open else Status.UP_TO_DATE
    if standing.due_until is None or day <= standing.due_until:
        return Status.NOT_YET_DUE
    return Status.EXPIRED if standing.in_date_in_need else Status.OVERDUE


def reason_on(standing: Standing, day: date) -> str:
    """Say in one sentence why the status on a day is what it is."""
    return reason_for(standing, status_on(standing, day))


def notes_on(standing: Standing, day: date) -> tuple[str, ...]:
    """Say what else is so on a day, or is booked to come, a sentence each."""
    return notes_for(standing, status_on(standing, day), day=day)


def strictest(standings: Iterable[Standing], *, day: date) -> Standing:
    """Return the line to show of several requirements on one item: the soonest expiry, or due day where not in date.

    A line in need comes before one that is exempt, then on leave, then not needed, then not on file. Where days tie,
    the less good status comes first, then the requirement whose name sorts first.

    Raises:
        ValueError: there are no standings.
    """

    def strictness(standing: Standing) -> tuple[int, date, int, str]:
        status = status_on(standing, day)
        severity = WORST_FIRST.index(status) if status in WORST_FIRST else 0
        return GROUPS.get(status, ACTIVE), deadline_on(standing, day), severity, standing.requirement

    return min(standings, key=strictness)


def deadline_on(standing: Standing, day: date) -> date:
    """Return the last day on which all is well without another pass, as it stands on a day; for ever is `date.max`."""
    if standing.in_date_on(day):
        return standing.valid_until or date.max
    if standing.in_date_in_need:
        return max(standing.valid_until, standing.due_until or standing.valid_until)
    return standing.due_until or date.max


def _in_need(facts: Facts, as_at: date) -> Standing:
    """Return the dates of what was passed, and of the need that covers the day if there is one."""
    passed = _counting(facts, as_at)
    standing = _what_was_passed(passed)
    need = need_on(facts, as_at)
    if need is None:
        return standing
    in_date_on = _first_in_date(passed, need)
    due = first_due(facts, need.from_, first_in_date_on=in_date_on, as_at=as_at)
    first_due_on = due.on if due else None
    again = None
    if in_date_on is not None and standing.valid_until is not None:
        again = due_again(facts, valid_until=standing.valid_until, first_due_on=first_due_on, as_at=as_at)
    return standing._replace(
        need_begins_on=need.from_,
        need_ends_on=need.until,
        first_due_on=first_due_on,
        first_due_reason=due.reason if due else "",
        in_date_in_need=in_date_on is not None,
        grace_until=again.on if again else None,
        grace_reason=again.reason if again else "",
    )


def _counting(facts: Facts, as_at: date) -> list[Period]:
    """Return the periods of passes up to a day, as far as they count by the caps that hold on it."""
    passed = [period for period in facts.periods if period.passed_on <= as_at]
    for cap in facts.caps:
        if cap.holds_on(as_at):
            passed = [capped(period, cap) for period in passed]
    return passed


def _what_was_passed(passed: list[Period]) -> Standing:
    if not passed:
        return Standing()
    earned = next(period for period in reversed(passed) if period.moved)
    return Standing(
        last_passed_on=passed[-1].passed_on,
        earned_on=earned.passed_on,
        valid_until=earned.valid_until,
        window_opens_on=earned.window_opens_on,
        never_expires=earned.valid_until is None,
        valid_reason=earned.reason,
    )


def _first_in_date(passed: list[Period], need: Span) -> date | None:
    """Return the day of the first pass that counts in a need, made in it or still in date when it began."""
    return next((period.passed_on for period in passed if period.reach >= need.from_), None)


def _exemption(facts: Facts, day: date) -> Exemption | None:
    span = present_or_next(facts.exempt(), day)
    return min((each for each in facts.exemptions if each.span == span), key=lambda each: each.why, default=None)


def _next_change(facts: Facts, standing: Standing, as_at: date) -> date | None:
    """Return the first later day on which a fact begins or has ended, or on which time alone changes the status."""
    ahead = {day for day in turns_by_time(standing) if day > as_at and _differs(standing, day)}
    return min(ahead | {day for day in turns_of(facts) if day > as_at}, default=None)


def turns_by_time(standing: Standing) -> set[date]:
    """Return the days on which time alone may change the status."""
    last_days = (standing.valid_until, standing.first_due_on, standing.grace_until)
    return {standing.window_opens_on, *(day + ONE_DAY for day in last_days if day is not None)} - {None}


def _differs(standing: Standing, day: date) -> bool:
    return status_on(standing, day) is not status_on(standing, day - ONE_DAY)
