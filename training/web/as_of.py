"""The day, and the day of knowledge, that an address asks of a report; what is wrong with them, in words."""

from collections.abc import Iterable
from datetime import date

from flask import request

from training.domain.days import DayUnreadable, NoSuchDay, end_of_day, format_day, read_day
from training.domain.language import N_, _
from training.services.staff import AsOf
from training.web import current

SPOKEN_OF = AS_AT, KNOWN_AT = "as-at", "known-at"
# Reports speak of days in people's working lives.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)


class DayRefused(Exception):
    """A report cannot speak of what was typed as a day."""


def as_of_asked() -> AsOf:
    """Return the day and the day of knowledge in the address; what cannot be used is the present.

    A day of knowledge means its end where the organisation is.
    """
    today, day, known_on = current.today(), usable_day(AS_AT), usable_day(KNOWN_AT)
    return AsOf(
        day or today,
        today=today,
        known_at=end_of_day(known_on, current.viewer().time_zone) if known_on and known_on < today else None,
    )


def wrong_days(names: Iterable[str] = SPOKEN_OF) -> dict[str, str]:
    """Return why a day in the address cannot be used, by the name of its field."""
    found = {}
    for name in names:
        try:
            asked_day(name)
        except DayRefused as refusal:
            found[name] = str(refusal)
    return found


def days_asked() -> dict[str, str]:
    """Return the days in the address that can be used, as they stand there, for links that stay with them."""
    return {name: request.args[name] for name in SPOKEN_OF if usable_day(name)}


def usable_day(name: str) -> date | None:
    """Return a day in the address, or None where there is none that can be used."""
    try:
        return asked_day(name)
    except DayRefused:
        return None


def asked_day(name: str) -> date | None:
    """Return a day in the address, or None where its field was left empty.

    Raises:
        DayRefused: saying what is wrong with it and what would do.
    """
    text = request.args[name].strip() if name in request.args else ""
    if not text:
        return None
    try:
        day = read_day(text)
    except NoSuchDay as refusal:
        raise DayRefused(str(refusal)) from refusal
    except DayUnreadable as refusal:
        raise DayRefused(_("“%(text)s” is not a day. Write the day like this: 13 Jan 2027.", text=text)) from refusal
    if not EARLIEST <= day <= LATEST:
        words = N_("%(day)s is in nobody’s working life. Choose a day from %(earliest)s to %(latest)s.")
        raise DayRefused(_(words, day=text, earliest=EARLIEST.year, latest=LATEST.year))
    if name == KNOWN_AT and day > current.today():
        words = N_(
            "%(day)s is still to come, and nobody knows now what will be known then. "
            "Choose a day before today, or leave it empty."
        )
        raise DayRefused(_(words, day=format_day(day)))
    return day
