"""What is written into the training file of ASC-WDS bulk upload: its layouts, and the record behind a row."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final

from training.domain.days import ONE_DAY
from training.domain.language import N_, _

FOREVER: Final = "none"
# One version of the upload refuses 1 month, another takes it: until that is settled, such a row has its last day alone.
FEWEST_MONTHS, MOST_MONTHS = 2, 999
E_LEARNING: Final = "2"
UNKNOWN: Final = "999"


class Layout(StrEnum):
    """A layout of the file: which columns, in which order."""

    TWELVE = "asc-wds-training-v2-12col"
    EIGHT = "asc-wds-training-v1-8col"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order; the header is these and nothing else."""
        return _COLUMNS[self]

    @property
    def label(self) -> str:
        """What people call it."""
        newer, older = N_("%(number)s columns (the newer layout)"), N_("%(number)s columns (the older layout)")
        return _(newer if self is Layout.TWELVE else older, number=len(self.columns))


_COLUMNS: Final[Mapping[Layout, tuple[str, ...]]] = {
    Layout.TWELVE: (
        "LOCALESTID",
        "UNIQUEWORKERID",
        "CATEGORY",
        "TRAININGNAME",
        "ACCREDITED",
        "WHODELIVERED",
        "PROVIDERNAME",
        "HOWDELIVERED",
        "VALIDITY",
        "DATECOMPLETED",
        "EXPIRYDATE",
        "NOTES",
    ),
    Layout.EIGHT: (
        "LOCALESTID",
        "UNIQUEWORKERID",
        "CATEGORY",
        "DESCRIPTION",
        "DATECOMPLETED",
        "EXPIRYDATE",
        "ACCREDITED",
        "NOTES",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One training of one worker at one workplace, as the file says it; an empty text is an empty cell."""

    workplace: str
    worker: str
    category: int
    name: str
    completed_on: date
    expires_on: date | None
    validity: str = ""
    accredited: str = "0"
    delivered_by: str = ""
    provider: str = ""
    how: str = E_LEARNING


def cells_of(record: Record, layout: Layout) -> tuple[str, ...]:
    """Return a record as the cells of its row."""
    first = (record.workplace, record.worker, str(record.category), record.name)
    days = (day_cell(record.completed_on), day_cell(record.expires_on))
    if layout is Layout.EIGHT:
        return (*first, *days, record.accredited, "")
    given = (record.accredited, record.delivered_by, record.provider, record.how)
    return (*first, *given, record.validity, *days, "")


@lru_cache(maxsize=4096)
def day_cell(day: date | None) -> str:
    """Write a day as the file has it, day first; none is an empty cell."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def validity_of(completed_on: date, *, valid_until: date | None, months: Collection[int]) -> tuple[str, date | None]:
    """Return the VALIDITY and the EXPIRYDATE of a pass that is valid until a day, or for ever.

    `months` are those that the rules may have given it. They are named only where ASC-WDS, counting them from the pass,
    comes to the same last day; wherever it would not, the last day stands alone.
    """
    if valid_until is None:
        return FOREVER, None
    named = next((each for each in sorted(months) if is_named(each, completed_on, valid_until)), None)
    return str(named) if named else "", valid_until


def is_named(months: int, completed_on: date, valid_until: date) -> bool:
    """Say whether a number of months may stand in a row beside its last day."""
    return FEWEST_MONTHS <= months <= MOST_MONTHS and last_day_there(completed_on, months) == valid_until


@lru_cache(maxsize=4096)
def last_day_there(completed_on: date, months: int) -> date:
    """Return the last day by the rule of the upload: the months are added, held back to a month's end, less one day."""
    year, month = divmod(completed_on.year * 12 + completed_on.month - 1 + months, 12)
    return date(year, month + 1, min(completed_on.day, monthrange(year, month + 1)[1])) - ONE_DAY
