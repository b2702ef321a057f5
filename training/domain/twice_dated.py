"""The days of something that has a first day and may have a last, in words."""

from datetime import date

from training.domain.days import format_day
from training.domain.language import _


def days_in_words(starts_on: date, ends_on: date | None) -> str:
    """Return the days of something twice dated, for the middle of a sentence."""
    first = format_day(starts_on)
    if ends_on is None:
        return _("from %(first)s with no end given", first=first)
    return _("from %(first)s until %(last)s", first=first, last=format_day(ends_on))
