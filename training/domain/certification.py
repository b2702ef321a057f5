"""From passes to periods: until when each pass counts, and why, in English; `said` says it in any language."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from training.domain.days import MONTHS, ONE_DAY, count_of, english_day
from training.domain.expiry import last_valid_day, next_fixed_day
from training.domain.refusal import Refusal
from training.domain.requirement import Basis, Terms

# What the reason adds where the pass was of an older item, in whose place the present one stands.
OF_OLDER = "; that was the training which this one replaced"


class PassOutOfOrder(Refusal):
    """A pass made before the pass it would follow."""


class ExpiryNotAfterPass(Refusal):
    """An imported expiry on or before the day of its pass."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A day on which someone passed, and what they read.

    A pass on another system's record has `evidence`, which says where it comes from; it names no version of ours, and
    `given_until` is the expiry that came with it, if any. `of_older` says that it was of an item which the one asked
    about has replaced.
    """

    passed_on: date
    given_until: date | None = None
    content_hash: str = ""
    is_refresher: bool = False
    evidence: str = ""
    of_older: bool = False


def that_count(passes: Sequence[Pass]) -> list[Pass]:
    """Leave out each refresher that rests on nothing: no pass of the whole came before it, or none that counts."""
    first = min((each.passed_on for each in passes if not each.is_refresher), default=date.max)
    return [each for each in passes if not each.is_refresher or first <= each.passed_on]


@dataclass(frozen=True, slots=True)
class Expiry:
    """A last valid day still to come, the pass that earned it, and when its window opens."""

    passed_on: date
    until: date | None
    window_opens_on: date | None

    def can_be_renewed_on(self, day: date) -> bool:
        """Say whether a pass on this day may run on from here; never from a pass of the same day."""
        if self.until is None or self.window_opens_on is None or day == self.passed_on:
            return False
        return self.window_opens_on <= day <= self.until


@dataclass(frozen=True, slots=True)
class Cap:
    """Everyone passes again: earlier passes count no later than `on`, and may be renewed from the announcement.

    `lifted_on` is the day of the pass that did so, for one person, or of a later decision in its place.
    """

    on: date
    announced_on: date
    lifted_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it has been announced by a day, and no pass has lifted it."""
        return self.announced_on <= day and (self.lifted_on is None or day < self.lifted_on)


@dataclass(frozen=True, slots=True)
class Period:
    """What stands after a pass.

    `valid_until` None means that it does not expire. `reason` completes "In date until 13 Jan 2028: ". `moved` is False
    for a pass that gave no later date than there was: the dates are then those of the earlier pass. `ahead` remembers
    every expiry still to come, each with the window of the terms it was earned by, because a pass inside any of those
    windows may run on from it. Keeping them all is what makes sure that no extra pass ever costs anyone a day.
    """

    passed_on: date
    valid_from: date
    valid_until: date | None
    window_opens_on: date | None
    reason: str
    moved: bool = True
    ahead: tuple[Expiry, ...] = ()

    @property
    def reach(self) -> date:
        """The last day it covers, for comparing; the end of time where it does not expire."""
        return self.valid_until or date.max


def certify(
    terms: Terms, *, passed_on: date, previous: Period | None = None, given_until: date | None = None
) -> Period:
    """Return the period that stands after a pass, by the terms in force on its day.

    `previous` is the period that stood before it. An expiry given with an import is kept as given.

    Raises:
        PassOutOfOrder: the previous period belongs to a later pass.
        ExpiryNotAfterPass: the expiry given is not after the pass.
    """
    if previous is not None and passed_on < previous.passed_on:
        raise PassOutOfOrder(f"A pass on {english_day(passed_on)} comes before {english_day(previous.passed_on)}.")
    if given_until is not None:
        earned = [_as_imported(terms, passed_on, given_until)]
    else:
        earned = [*_running_on(terms, passed_on, previous), _from_the_pass(terms, passed_on, previous)]
    ahead = _still_to_come(previous, earned, passed_on)
    best = max(earned, key=lambda period: period.reach)
    if previous is None or previous.reach < best.reach:
        return replace(best, ahead=ahead)
    return replace(previous, passed_on=passed_on, reason=_moved_nothing(passed_on, previous), moved=False, ahead=ahead)


def certify_all(passes: Iterable[Pass], *, terms_on: Callable[[date], Terms]) -> tuple[Period, ...]:
    """Return the period after each pass, in order of the day passed, whatever order they arrived in."""
    periods: list[Period] = []
    for each in sorted(passes, key=lambda each: (each.passed_on, each.given_until or date.min)):
        previous = periods[-1] if periods else None
        terms = terms_on(each.passed_on)
        period = certify(terms, passed_on=each.passed_on, previous=previous, given_until=each.given_until)
        periods.append(replace(period, reason=period.reason + OF_OLDER) if each.of_older else period)
    return tuple(periods)


def capped(period: Period, cap: Cap) -> Period:
    """Return a period that counts no later than a cap, and whose window opens with the announcement."""
    window_opens_on = min(period.window_opens_on or cap.announced_on, cap.announced_on)
    if period.reach <= cap.on:
        return replace(period, window_opens_on=window_opens_on)
    reason = f"{period.reason}; everyone passes again, and earlier passes count no later than {english_day(cap.on)}"
    return replace(period, valid_until=cap.on, window_opens_on=window_opens_on, reason=reason)


def certify_waiting(terms: Terms, *, today: date, current: Period | None) -> Period | None:
    """Return what a pass on the first day of the window would give, or None where waiting gives no later date."""
    if current is None or current.window_opens_on is None or current.window_opens_on <= today:
        return None
    now = certify(terms, passed_on=today, previous=current)
    waited = certify(terms, passed_on=current.window_opens_on, previous=current)
    return waited if waited.reach > now.reach else None


def _as_imported(terms: Terms, passed_on: date, given_until: date) -> Period:
    if given_until <= passed_on:
        message = f"The expiry given, {english_day(given_until)}, is not after the pass on {english_day(passed_on)}."
        raise ExpiryNotAfterPass(message)
    reason = f"as imported, from a pass on {english_day(passed_on)}"
    return _period(terms, passed_on, starts_on=passed_on, until=given_until, reason=reason)


def _running_on(terms: Terms, passed_on: date, previous: Period | None) -> list[Period]:
    if previous is None or terms.valid_months is None or terms.basis is Basis.COMPLETION:
        return []
    old_ends = [expiry.until for expiry in previous.ahead if expiry.until and expiry.can_be_renewed_on(passed_on)]
    return [_run_on_from(terms, passed_on, old_end) for old_end in old_ends]


def _run_on_from(terms: Terms, passed_on: date, old_end: date) -> Period:
    reason = f"renewed early on {english_day(passed_on)}, so it runs on from {english_day(old_end)}"
    if passed_on == old_end:
        reason = f"renewed on its last day, {english_day(old_end)}, so it runs on from there"
    if terms.basis is Basis.FIXED_DATE:
        reason += f" to {_fixed_day_in_words(terms)}"
    starts_on = old_end + ONE_DAY
    return _period(terms, passed_on, starts_on=starts_on, until=_last_day(terms, starts_on), reason=reason)


def _from_the_pass(terms: Terms, passed_on: date, previous: Period | None) -> Period:
    reason = _how_passed(terms, passed_on, previous) + _how_it_counts(terms, previous)
    return _period(terms, passed_on, starts_on=passed_on, until=_last_day(terms, passed_on), reason=reason)


def _period(terms: Terms, passed_on: date, *, starts_on: date, until: date | None, reason: str) -> Period:
    """Put a period together; its window never opens before it starts."""
    opens_on = None if until is None else max(starts_on, until - timedelta(days=terms.window_days))
    return Period(passed_on, starts_on, until, opens_on, reason)


def _last_day(terms: Terms, starts_on: date) -> date | None:
    if terms.valid_months is None:
        return None
    if terms.basis is not Basis.FIXED_DATE:
        return last_valid_day(starts_on, terms.valid_months)
    at_least = last_valid_day(starts_on, terms.minimum_months)
    return next_fixed_day(terms.fixed_month, terms.fixed_day, on_or_after=at_least)


def _still_to_come(previous: Period | None, earned: Iterable[Period], today: date) -> tuple[Expiry, ...]:
    """Return the expiries ahead, in order of pass; one that repeats another, window and all, is left out."""
    remembered = previous.ahead if previous else ()
    new = (Expiry(period.passed_on, period.valid_until, period.window_opens_on) for period in earned)
    ahead: dict[tuple[date | None, date | None], Expiry] = {}
    for expiry in (*remembered, *new):
        if expiry.until is None or expiry.until >= today:
            ahead.setdefault((expiry.until, expiry.window_opens_on), expiry)
    return tuple(ahead.values())


def _how_passed(terms: Terms, passed_on: date, previous: Period | None) -> str:
    day = english_day(passed_on)
    if previous is None:
        return f"passed on {day}"
    if previous.reach < passed_on:
        return f"renewed late on {day} (it was in date until {english_day(previous.reach)})"
    if terms.basis is Basis.COMPLETION or terms.valid_months is None:
        return f"renewed on {day}"
    return f"renewed on {day}, before the window opened"


def _how_it_counts(terms: Terms, previous: Period | None) -> str:
    if terms.valid_months is None:
        return ", and it does not expire"
    if terms.basis is Basis.FIXED_DATE:
        return f", so it runs to {_fixed_day_in_words(terms)}"
    if previous is None:
        return f", and it lasts {count_of(terms.valid_months, 'month')}"
    return ", so it counts from the day of the pass"


def _fixed_day_in_words(terms: Terms) -> str:
    leap_day = (terms.fixed_month, terms.fixed_day) == (2, 29)
    day = "end of February" if leap_day else f"{terms.fixed_day} {MONTHS[terms.fixed_month - 1]}"
    return f"the first {day} at least {count_of(terms.minimum_months, 'month')} on"


def _moved_nothing(passed_on: date, previous: Period) -> str:
    gave_it = next(expiry.passed_on for expiry in previous.ahead if expiry.until == previous.valid_until)
    return (
        f"passed again on {english_day(passed_on)}, which moved nothing because "
        f"the pass on {english_day(gave_it)} already gave this date"
    )
