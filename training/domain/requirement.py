"""A requirement: who must hold which item, and the terms on which a pass lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.domain.days import Span
from training.domain.language import _, ngettext
from training.domain.numbers import number_words
from training.domain.refusal import Refusal
from training.domain.roles import Role

LONGEST_VALIDITY = 600
A_LEAP_YEAR = 2024


class Basis(StrEnum):
    """From which day a renewal counts."""

    ANNIVERSARY = "anniversary"
    COMPLETION = "completion"
    FIXED_DATE = "fixed-date"


class UnworkableValidity(Refusal):
    """A validity of less than a month, of longer than a working life, or that its basis cannot have."""


class UnworkableWindow(Refusal):
    """A renewal window that lasts less than no time, or for more than half the validity."""


class UnworkableMinimum(Refusal):
    """A least time before a fixed date that is not 1 to 12 months, or is shorter than the window."""


class NoSuchFixedDate(Refusal):
    """A fixed date that is missing, or in no calendar."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a pass lasts and when it may be renewed.

    `valid_months` None means that a pass does not expire. `fixed_month`, `fixed_day` and `minimum_months` speak only
    of the fixed-date basis, which comes round every 12 months; 29 February means the last of February.
    """

    valid_months: int | None
    window_days: int = 90
    basis: Basis = Basis.ANNIVERSARY
    fixed_month: int | None = None
    fixed_day: int | None = None
    minimum_months: int = 3


class Reach(StrEnum):
    """Whom a change of a requirement or of content reaches."""

    FROM_NOW_ON = "from-now-on"
    AT_NEXT_RENEWAL = "at-next-renewal"
    EVERYONE_AGAIN = "everyone-again"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who must hold it: people in these roles; where job titles or sites are named, only with and at those."""

    roles: frozenset[Role]
    job_titles: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()

    def includes(self, *, role: Role, job_title: str, site: str) -> bool:
        """Say whether somebody in this post is meant."""
        named = (not self.job_titles or job_title in self.job_titles) and (not self.sites or site in self.sites)
        return role in self.roles and named


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a requirement asks on some days: of whom, which items, and the terms on which a pass lasts.

    `again_by` is set where everyone passes again: earlier passes count no later, and can be renewed once announced.
    """

    days: Span
    items: tuple[str, ...]
    audience: Audience
    terms: Terms
    due_days: int
    reach: Reach = Reach.AT_NEXT_RENEWAL
    again_by: date | None = None
    announced_on: date | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """People in the audience must hold every item; `versions` stand in the order of their days."""

    id: str
    name: str
    versions: tuple[Version, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item that any version asks for."""
        return tuple(dict.fromkeys(item for version in self.versions for item in version.items))

    def versions_of(self, item: str) -> tuple[Version, ...]:
        """Return the versions that ask for an item."""
        return tuple(version for version in self.versions if item in version.items)

    def on(self, day: date) -> Version | None:
        """Return the version in force on a day."""
        return next((version for version in self.versions if day in version.days), None)


def check_terms(terms: Terms) -> None:
    """Refuse terms that nobody could keep to.

    Where days are held against months, a month is a twelfth of 365 days.

    Raises:
        UnworkableValidity, UnworkableWindow, UnworkableMinimum, NoSuchFixedDate: with what to change.
    """
    _check_validity(terms)
    if terms.basis is Basis.FIXED_DATE:
        _check_fixed_date(terms)
    _check_window(terms)
    if terms.basis is Basis.FIXED_DATE:
        _check_minimum(terms)


def days_of(number: int) -> str:
    """Write a number of days."""
    return ngettext("%(number)s day", "%(number)s days", number, number=number_words(number))


def months_of(number: int) -> str:
    """Write a number of months."""
    return ngettext("%(number)s month", "%(number)s months", number, number=number_words(number))


def version_in_force(versions: Sequence[Version], day: date, *, need_began_on: date | None) -> Version:
    """Return the version by which a pass on a day counts; before the first one begins, it is the first.

    A version made "from now on only" leaves alone whoever's need began before it.
    """
    started = [version for version in versions if version.days.from_ <= day]
    reaching = [
        version
        for version in started
        if version.reach is not Reach.FROM_NOW_ON or need_began_on is None or version.days.from_ <= need_began_on
    ]
    return (reaching or list(versions)[:1])[-1]


def _check_validity(terms: Terms) -> None:
    if terms.basis is Basis.FIXED_DATE and terms.valid_months != 12:
        raise UnworkableValidity(_("A fixed date comes round every year, so the training must be valid for 12 months."))
    if terms.valid_months is None:
        return
    if terms.valid_months < 1:
        raise UnworkableValidity(_("The training must be valid for at least 1 month."))
    if terms.valid_months > LONGEST_VALIDITY:
        raise UnworkableValidity(_("Training valid for more than 50 years should be set not to expire."))


def _check_window(terms: Terms) -> None:
    if terms.window_days < 0:
        raise UnworkableWindow(_("The window to renew cannot be less than 0 days."))
    if terms.valid_months is not None and _outlasts(2 * terms.window_days, terms.valid_months):
        counts = {"window": days_of(terms.window_days), "validity": months_of(terms.valid_months)}
        raise UnworkableWindow(
            _("A window of %(window)s is longer than half of the %(validity)s the training is valid for.", **counts)
        )


def _check_fixed_date(terms: Terms) -> None:
    if terms.fixed_month is None or terms.fixed_day is None:
        raise NoSuchFixedDate(_("Give the day and the month by which everyone renews."))
    try:
        date(A_LEAP_YEAR, terms.fixed_month, terms.fixed_day)
    except ValueError:
        named = {"day": terms.fixed_day, "month": terms.fixed_month}
        message = _("There is no day %(day)s in month %(month)s: choose a day that the month has.", **named)
        raise NoSuchFixedDate(message) from None


def _check_minimum(terms: Terms) -> None:
    if not 1 <= terms.minimum_months <= 12:
        raise UnworkableMinimum(_("The least time before the fixed date must be 1 to 12 months."))
    if _outlasts(terms.window_days, terms.minimum_months):
        counts = {"window": days_of(terms.window_days), "least": months_of(terms.minimum_months)}
        raise UnworkableMinimum(
            _("The least time before the fixed date, %(least)s, is shorter than the window of %(window)s.", **counts)
        )


def _outlasts(days: int, months: int) -> bool:
    return days * 12 > months * 365
