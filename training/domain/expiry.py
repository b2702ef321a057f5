"""The last valid day of a period, and the fixed days that come round each year."""

from calendar import monthrange
from datetime import date

from training.domain.refusal import Refusal


class ValidityTooShort(Refusal):
    """A period of less than a month."""


def last_valid_day(starts_on: date, months: int) -> date:
    """Return the last day that still counts of a period of whole months.

    A period that starts on the 1st ends with a month. Any other ends the day before the same day of the month, held
    back to the month's last day. This is what the Adult Social Care Workforce Data Set shows its users.

    Raises:
        ValidityTooShort: fewer than one month.
    """
    if months < 1:
        raise ValidityTooShort("A period lasts at least one month.")
    if starts_on.day == 1:
        return _day_in(starts_on, months - 1, 31)
    return _day_in(starts_on, months, starts_on.day - 1)


def next_fixed_day(month: int, day: int, *, on_or_after: date) -> date:
    """Return the first such day and month on or after a day; 29 February means the last of February."""
    this_year = _day_in(date(on_or_after.year, month, 1), 0, day)
    return this_year if this_year >= on_or_after else _day_in(date(on_or_after.year + 1, month, 1), 0, day)


def _day_in(first: date, months: int, day: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
