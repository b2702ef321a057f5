"""How many comply: heads on file, counted and apart, always adding up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter

from training.domain.language import _, ngettext
from training.domain.numbers import number_words
from training.domain.status import Status

# A tally has a field for each status of somebody on file, named as that is.
FIELDS = {status: status.name.lower() for status in Status}
PEOPLE = ("person", "people")
PERSON_MODULES = ("person-module", "person-modules")
IN_FIGURE = (Status.UP_TO_DATE, Status.EXPIRING_SOON, Status.EXPIRED, Status.OVERDUE)
APART = (Status.NOT_YET_DUE, Status.ON_LEAVE, Status.EXEMPT, Status.HELD, Status.NOT_NEEDED)
COUNTS_IN_FIGURE = attrgetter(*(FIELDS[status] for status in IN_FIGURE))
COUNTS_APART = attrgetter(*(FIELDS[status] for status in APART))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many heads on file have each status; every total is a sum of these, so the figures cannot disagree."""

    up_to_date: int = 0
    expiring_soon: int = 0
    expired: int = 0
    overdue: int = 0
    not_yet_due: int = 0
    on_leave: int = 0
    exempt: int = 0
    held: int = 0
    not_needed: int = 0

    @property
    def compliant(self) -> int:
        """Those in date."""
        return self.up_to_date + self.expiring_soon

    @property
    def counted(self) -> int:
        """Those in the denominator."""
        return self.compliant + self.expired + self.overdue

    @property
    def in_figure(self) -> dict[Status, int]:
        """Each group that is in the denominator, in the order it is shown."""
        return dict(zip(IN_FIGURE, COUNTS_IN_FIGURE(self), strict=True))

    @property
    def apart(self) -> dict[Status, int]:
        """Each group on file that is in no figure, in the order it is shown."""
        return dict(zip(APART, COUNTS_APART(self), strict=True))

    @property
    def on_file(self) -> int:
        """All heads."""
        return self.counted + sum(COUNTS_APART(self))

    @property
    def percent(self) -> Decimal | None:
        """Compliant in a hundred counted, rounded down to one decimal; None where nobody is counted."""
        if not self.counted:
            return None
        return Decimal(self.compliant * 1000 // self.counted).scaleb(-1)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Tally)))


def tally(statuses: Iterable[Status | None]) -> Tally:
    """Tally one status a head; None is not on file."""
    return tally_counts(Counter(status for status in statuses if status is not None))


def tally_counts(counts: Mapping[Status, int]) -> Tally:
    """Tally statuses that are already counted; those not on file are outside every figure."""
    return Tally(**{field_of(status): count for status, count in counts.items() if status is not Status.NOT_ON_FILE})


def percent_words(figures: Tally) -> str:
    """Write the percentage, or say that nobody is counted."""
    return percent_cell(figures.percent)


def percent_cell(percent: Decimal | None) -> str:
    """Write a percentage, or where there is none, say that nobody is counted."""
    return _("Nobody is counted") if percent is None else f"{number_words(percent)} %"


def denominator_sentence(figures: Tally, *, unit: tuple[str, str] = PEOPLE) -> str:
    """Show how heads on file come to those counted and each group apart; groups of nobody are left out."""
    groups = [counted_words(figures.counted)]
    groups += [group_words(status, count) for status, count in figures.apart.items() if count]
    return f"{on_file_words(figures.on_file, unit=unit)} = {' + '.join(groups)}."


def counted_words(heads: int) -> str:
    """Say how many heads are counted."""
    return _("%(number)s counted", number=number_words(heads))


def group_words(status: Status, heads: int) -> str:
    """Say how many heads have a status."""
    return _("%(number)s %(status)s", number=number_words(heads), status=status.label.lower())


def listed_words(figures: Tally, statuses: Iterable[Status]) -> str:
    """Say how many heads have one of some statuses, in all and by status; nothing where none can."""
    found = {status: count for status, count in (figures.in_figure | figures.apart).items() if status in set(statuses)}
    groups = ", ".join(group_words(status, count) for status, count in found.items())
    if len(found) < 2:
        return groups
    return _("%(number)s listed: %(groups)s", number=number_words(sum(found.values())), groups=groups)


def on_file_words(heads: int, *, unit: tuple[str, str]) -> str:
    """Say how many heads are on file."""
    number = number_words(heads)
    if unit == PEOPLE:
        return ngettext("%(number)s person on file", "%(number)s people on file", heads, number=number)
    return ngettext("%(number)s person-module on file", "%(number)s person-modules on file", heads, number=number)


def field_of(status: Status) -> str:
    """Return the field of a tally that counts a status."""
    return FIELDS[status]
