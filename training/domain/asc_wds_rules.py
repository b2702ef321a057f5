"""The strict column rules of an ASC-WDS training file, written down apart from what writes one.

Nothing here is taken from the writer: not its columns, not its categories, not how it counts months. A mistake that it
makes is found here and not shared.
"""

import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import MAXYEAR, date
from functools import lru_cache
from typing import Final, NamedTuple

from training.domain.days import ONE_DAY
from training.domain.language import N_, _
from training.domain.names import tidy_text
from training.domain.sheet_text import begins_a_formula

LONGEST_REFERENCE: Final = 50
LONGEST_NAME: Final = 120
LONGEST_NOTES: Final = 1000
LONGEST_PROVIDER: Final = 20
DOES_NOT_EXPIRE: Final = "none"
EMPTY: Final = N_("It is empty.")
UNSEEN: Final = N_("It holds a space too many, or characters that cannot be seen.")
EXTERNAL: Final = "2"
# The upload takes 1 to 999 months, but one of its versions refuses 1.
FEWEST_MONTHS, MOST_MONTHS = 2, 999

# The header of each layout, by its name; the upload compares it letter by letter.
HEADERS: Final[Mapping[str, str]] = {
    "asc-wds-training-v2-12col": "LOCALESTID,UNIQUEWORKERID,CATEGORY,TRAININGNAME,ACCREDITED,WHODELIVERED,PROVIDERNAME,"
    "HOWDELIVERED,VALIDITY,DATECOMPLETED,EXPIRYDATE,NOTES",
    "asc-wds-training-v1-8col": "LOCALESTID,UNIQUEWORKERID,CATEGORY,DESCRIPTION,DATECOMPLETED,EXPIRYDATE,ACCREDITED,"
    "NOTES",
}
CODES: Final[Mapping[str, int]] = {
    "LOCALESTID": 1000,
    "UNIQUEWORKERID": 1010,
    "DATECOMPLETED": 1020,
    "EXPIRYDATE": 1030,
    "DESCRIPTION": 1040,
    "TRAININGNAME": 1040,
    "CATEGORY": 1050,
    "ACCREDITED": 1060,
    "NOTES": 1070,
    "WHODELIVERED": 1080,
    "PROVIDERNAME": 1090,
    "HOWDELIVERED": 1100,
    "VALIDITY": 1110,
}
# What the upload only warns of.
PROVIDER_IGNORED, VALIDITY_DIFFERS = 2090, 2110
# No code is 3, 4 or 24; 41 to 43 name the Oliver McGowan training.
CATEGORY_CODES: Final = frozenset(map(str, (1, 2, *range(5, 24), *range(25, 41), *range(44, 52))))
MCGOWAN_CODES: Final = frozenset({"41", "42", "43"})


class Fault(NamedTuple):
    """What is wrong: the row as a spreadsheet counts it, the column, the number ASC-WDS has for it if any, and why."""

    row: int
    column: str
    code: int | None
    words: str


def check_cells(cells: Sequence[str], layout: str, *, today: date, row: int = 2) -> list[Fault]:
    """Return everything that is wrong with the cells of one row."""
    columns = HEADERS[layout].split(",")
    if len(cells) != len(columns):
        counts = {"cells": len(cells), "columns": len(columns)}
        words = _("The row has %(cells)s cells, and the layout %(columns)s columns.", **counts)
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
        found.append(("DATECOMPLETED", CODES["DATECOMPLETED"], _("It lies in the future.")))
    if completed and expires and expires <= completed:
        found.append(("EXPIRYDATE", CODES["EXPIRYDATE"], _("It does not come after the day of completion.")))
    if cells.get("PROVIDERNAME") and cells["WHODELIVERED"] != EXTERNAL:
        words = _("A provider is read only of training from an external provider (WHODELIVERED 2).")
        found.append(("PROVIDERNAME", PROVIDER_IGNORED, words))
    validity = cells.get("VALIDITY", "")
    if validity == DOES_NOT_EXPIRE and expires:
        words = _("It says that the training does not expire, beside a last day.")
        found.append(("VALIDITY", VALIDITY_DIFFERS, words))
    elif validity and completed and expires and end_of(completed, int(validity)) != expires:
        words = _("So many months from completion do not end on EXPIRYDATE.")
        found.append(("VALIDITY", VALIDITY_DIFFERS, words))
    return found


@lru_cache(maxsize=4096)
def end_of(completed: date, months: int) -> date | None:
    """Return the day before the same day so many months later, or before that month's last; none after all years."""
    later = completed.month + months
    year, month = completed.year + (later - 1) // 12, (later - 1) % 12 + 1
    if year > MAXYEAR:
        return None
    return date(year, month, min(completed.day, monthrange(year, month)[1])) - ONE_DAY


def read_day_cell(cell: str) -> date | None:
    """Return the day in a cell that is known to be right, or None where it is empty."""
    return date(int(cell[6:]), int(cell[3:5]), int(cell[:2])) if cell else None


Rule = Callable[[str], str]


def text_rule(most: int, *, is_needed: bool = True) -> Rule:
    """Return the rule of a column of text: whatever is wrong with a cell, in words, or nothing."""
    return lambda cell: what_is_wrong(cell, most=most) if cell or is_needed else ""


def what_is_wrong(text: str, *, most: int) -> str:
    """Say what is wrong with a text that is compared letter by letter there and opened in spreadsheets here."""
    words = _words_against(text, most)
    return words and _(words, most=most, first=text.lstrip()[:1])


@lru_cache(maxsize=4096)
def _words_against(text: str, most: int) -> str:
    if not text:
        return EMPTY
    if units(text) > most:
        return N_("It is longer than %(most)s characters.")
    if not is_tidy(text):
        return UNSEEN
    if begins_a_formula(text):
        return N_("It begins with %(first)s, which a spreadsheet takes for a formula.")
    return ""


def is_tidy(text: str) -> bool:
    """Say whether tidying a text would leave it as it is; plain letters and figures are known at a glance."""
    return (text.isascii() and text.isalnum()) or tidy_text(text) == text


def tidy_reference(text: str) -> str:
    """Return a reference as it is kept: tidy, and without the joints and spaces of no width that a name may have."""
    return tidy_text("".join(character for character in text if unicodedata.category(character) != "Cf"))


def wrong_reference(reference: str) -> str:
    """Say what is wrong with a reference, or nothing."""
    words = what_is_wrong(reference, most=LONGEST_REFERENCE)
    return words or ("" if reference.isascii() or tidy_reference(reference) == reference else _(UNSEEN))


def compared(reference: str) -> str:
    """Return a reference as the upload compares it: without any space."""
    return "".join(reference.split())


def units(text: str) -> int:
    """Return the length of a text as the upload counts it: a character outside the first 65,536 is two."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def choice_rule(*choices: str) -> Rule:
    """Return the rule of a column with a few values, or none."""
    said = ", ".join(choices)
    words = N_("It must be one of %(choices)s, or empty.")
    return lambda cell: "" if cell in choices or not cell else _(words, choices=said)


def category_rule(cell: str) -> str:
    """Say what is wrong with a category."""
    if cell in MCGOWAN_CODES:
        return _("It stands for the Oliver McGowan Mandatory Training, which this is not.")
    if cell not in CATEGORY_CODES:
        return _("It is no category of the list.") if cell else _(EMPTY)
    return ""


def validity_rule(cell: str) -> str:
    """Say what is wrong with a validity."""
    if cell in {"", DOES_NOT_EXPIRE} or (is_number(cell) and FEWEST_MONTHS <= int(cell) <= MOST_MONTHS):
        return ""
    words = N_("It must be the word %(word)s, or a number of months from %(fewest)s to %(most)s, or empty.")
    return _(words, word=DOES_NOT_EXPIRE, fewest=FEWEST_MONTHS, most=MOST_MONTHS)


def provider_rule(cell: str) -> str:
    """Say what is wrong with the code of a provider."""
    if not cell or (cell.isascii() and cell.isdigit() and len(cell) <= LONGEST_PROVIDER):
        return ""
    words = N_("It must be the number that ASC-WDS gives the provider, of at most %(most)s digits, or empty.")
    return _(words, most=LONGEST_PROVIDER)


def is_number(cell: str) -> bool:
    """Say whether a cell is a whole number in the one way of writing it, with no more digits than any column allows."""
    return cell.isascii() and cell.isdigit() and len(cell) <= 3 and str(int(cell)) == cell


def day_rule(cell: str) -> str:
    """Say what is wrong with a day."""
    return "" if is_day(cell) else _("It must be a day written DD/MM/YYYY, or empty.")


@lru_cache(maxsize=4096)
def is_day(cell: str) -> bool:
    """Say whether a cell is empty or holds a day."""
    if not cell:
        return True
    figures = cell[:2] + cell[3:5] + cell[6:]
    if len(cell) != 10 or cell[2] + cell[5] != "//" or not (figures.isascii() and figures.isdigit()):
        return False
    try:
        read_day_cell(cell)
    except ValueError:
        return False
    return True


RULES: Final[Mapping[str, Rule]] = {
    "LOCALESTID": wrong_reference,
    "UNIQUEWORKERID": wrong_reference,
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
