"""The training file of ASC-WDS bulk upload: its layouts, categories and column rules, and the record behind a row."""

from calendar import monthrange
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from training.domain.asc_wds_categories import CATEGORIES, MCGOWAN
from training.domain.days import ONE_DAY
from training.domain.names import tidy_text
from training.domain.sheet_text import begins_a_formula

LONGEST_REFERENCE: Final = 50
LONGEST_NAME: Final = 120
LONGEST_NOTES: Final = 1000
LONGEST_PROVIDER: Final = 20
FOREVER: Final = "none"
# One version of the upload refuses 1 month, another takes it: until that is settled, such a row has its last day alone.
FEWEST_MONTHS, MOST_MONTHS = 2, 999
E_LEARNING: Final = "2"
EXTERNAL: Final = "2"

CODES: Final[Mapping[str, int]] = {
    "LOCALESTID": 1000,
    "UNIQUEWORKERID": 1010,
    "CATEGORY": 1050,
    "DESCRIPTION": 1040,
    "TRAININGNAME": 1040,
    "ACCREDITED": 1060,
    "WHODELIVERED": 1080,
    "PROVIDERNAME": 1090,
    "HOWDELIVERED": 1100,
    "VALIDITY": 1110,
    "DATECOMPLETED": 1020,
    "EXPIRYDATE": 1030,
    "NOTES": 1070,
}
PROVIDER_IGNORED, VALIDITY_DIFFERS = 2090, 2110
_NEVER: Final = frozenset(map(str, MCGOWAN))
_CATEGORIES: Final = frozenset(map(str, CATEGORIES))


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
        return f"{len(self.columns)} columns ({'the newer' if self is Layout.TWELVE else 'the older'} layout)"


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


class Fault(NamedTuple):
    """What is wrong: the row as a spreadsheet counts it, the column, the number ASC-WDS has for it if any, and why."""

    row: int
    column: str
    code: int | None
    words: str


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


def cells_of(record: Record, layout: Layout) -> tuple[str, ...]:
    """Return a record as the cells of its row."""
    first = (record.workplace, record.worker, str(record.category), record.name)
    days = (day_cell(record.completed_on), day_cell(record.expires_on))
    if layout is Layout.EIGHT:
        return (*first, *days, record.accredited, "")
    how = (record.accredited, record.delivered_by, record.provider, E_LEARNING)
    return (*first, *how, record.validity, *days, "")


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


def check_cells(cells: Sequence[str], layout: Layout, *, today: date, row: int = 2) -> list[Fault]:
    """Return everything that is wrong with the cells of one row."""
    columns = layout.columns
    if len(cells) != len(columns):
        words = f"The row has {len(cells)} cells, and the layout {len(columns)} columns."
        return [Fault(row, "", None, words)]
    found = [(column, words) for column, cell in zip(columns, cells, strict=True) if (words := RULES[column](cell))]
    faults = [Fault(row, column, CODES[column], words) for column, words in found]
    if not faults:
        faults = [Fault(row, *each) for each in check_together(dict(zip(columns, cells, strict=True)), today=today)]
    return faults


def check_together(cells: Mapping[str, str], *, today: date) -> list[tuple[str, int, str]]:
    """Return what is wrong between the cells of a row, each of which may stand by itself."""
    found = []
    completed, expires = read_day_cell(cells["DATECOMPLETED"]), read_day_cell(cells["EXPIRYDATE"])
    if completed and completed > today:
        found.append(("DATECOMPLETED", CODES["DATECOMPLETED"], "It lies in the future."))
    if completed and expires and expires <= completed:
        found.append(("EXPIRYDATE", CODES["EXPIRYDATE"], "It does not come after the day of completion."))
    if cells.get("PROVIDERNAME") and cells["WHODELIVERED"] != EXTERNAL:
        words = "A provider is read only of training from an external provider (WHODELIVERED 2)."
        found.append(("PROVIDERNAME", PROVIDER_IGNORED, words))
    validity = cells.get("VALIDITY", "")
    if validity == FOREVER and expires:
        found.append(("VALIDITY", VALIDITY_DIFFERS, "It says that the training does not expire, beside a last day."))
    elif validity and completed and expires and last_day_there(completed, int(validity)) != expires:
        found.append(("VALIDITY", VALIDITY_DIFFERS, "So many months from completion do not end on EXPIRYDATE."))
    return found


def read_day_cell(cell: str) -> date | None:
    """Return the day in a cell that is known to be right, or None where it is empty."""
    return date(int(cell[6:]), int(cell[3:5]), int(cell[:2])) if cell else None


Rule = Callable[[str], str]


def text_rule(most: int, *, is_needed: bool = True) -> Rule:
    """Return the rule of a column of text: whatever is wrong with a cell, in words, or nothing."""
    return lambda cell: what_is_wrong(cell, most=most) if cell or is_needed else ""


@lru_cache(maxsize=4096)
def what_is_wrong(text: str, *, most: int) -> str:
    """Say what is wrong with a text that is compared letter by letter there and opened in spreadsheets here."""
    if not text:
        return "It is empty."
    if units(text) > most:
        return f"It is longer than {most} characters."
    if not is_tidy(text):
        return "It holds a space too many, or characters that cannot be seen."
    if begins_a_formula(text):
        return f"It begins with {text.lstrip()[:1]}, which a spreadsheet takes for a formula."
    return ""


def is_tidy(text: str) -> bool:
    """Say whether tidying a text would leave it as it is; plain letters and figures are known at a glance."""
    return (text.isascii() and text.isalnum()) or tidy_text(text) == text


def units(text: str) -> int:
    """Return the length of a text as the upload counts it: a character outside the first 65,536 is two."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def choice_rule(*choices: str) -> Rule:
    """Return the rule of a column with a few values, or none."""
    said = ", ".join(choices)
    return lambda cell: "" if cell in choices or not cell else f"It must be one of {said}, or empty."


def category_rule(cell: str) -> str:
    """Say what is wrong with a category."""
    if cell in _NEVER:
        return "It stands for the Oliver McGowan Mandatory Training, which this is not."
    if cell not in _CATEGORIES:
        return "It is no category of the list." if cell else "It is empty."
    return ""


def validity_rule(cell: str) -> str:
    """Say what is wrong with a validity."""
    if cell in {"", FOREVER} or (is_number(cell) and FEWEST_MONTHS <= int(cell) <= MOST_MONTHS):
        return ""
    return f"It must be the word {FOREVER}, or a number of months from {FEWEST_MONTHS} to {MOST_MONTHS}, or empty."


def provider_rule(cell: str) -> str:
    """Say what is wrong with the code of a provider."""
    if not cell or (cell.isascii() and cell.isdigit() and len(cell) <= LONGEST_PROVIDER):
        return ""
    return f"It must be the number that ASC-WDS gives the provider, of at most {LONGEST_PROVIDER} digits, or empty."


def is_number(cell: str) -> bool:
    """Say whether a cell is a whole number in the one way of writing it, with no more digits than any column allows."""
    return cell.isascii() and cell.isdigit() and len(cell) <= 3 and str(int(cell)) == cell


@lru_cache(maxsize=4096)
def day_rule(cell: str) -> str:
    """Say what is wrong with a day."""
    wrong = "It must be a day written DD/MM/YYYY, or empty."
    if not cell:
        return ""
    figures = cell[:2] + cell[3:5] + cell[6:]
    if len(cell) != 10 or cell[2] + cell[5] != "//" or not (figures.isascii() and figures.isdigit()):
        return wrong
    try:
        read_day_cell(cell)
    except ValueError:
        return wrong
    return ""


RULES: Final[Mapping[str, Rule]] = {
    "LOCALESTID": text_rule(LONGEST_REFERENCE),
    "UNIQUEWORKERID": text_rule(LONGEST_REFERENCE),
    "CATEGORY": category_rule,
    "DESCRIPTION": text_rule(LONGEST_NAME),
    "TRAININGNAME": text_rule(LONGEST_NAME),
    "ACCREDITED": choice_rule("0", "1", "999"),
    "WHODELIVERED": choice_rule("1", "2"),
    "PROVIDERNAME": provider_rule,
    "HOWDELIVERED": choice_rule("1", "2"),
    "VALIDITY": validity_rule,
    "DATECOMPLETED": day_rule,
    "EXPIRYDATE": day_rule,
    "NOTES": text_rule(LONGEST_NOTES, is_needed=False),
}
