"""What one line of an import of past completions says, read from its cells, or what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from training.domain.days import EARLIEST
from training.domain.language import _
from training.domain.people_rows import read_number
from training.domain.row_reading import Kept, Read, Reader
from training.domain.upload import Cell, CellUnreadable, Field, Line, Table, day_of, words_in

LATEST = date(2199, 12, 31)
LONGEST_ITEM = 255
FIELDS = (
    Field(
        "staff_number",
        "Staff number",
        (
            "staff no",
            "staff id",
            "employee number",
            "employee no",
            "employee id",
            "payroll number",
            "assignment number",
            "worker id",
        ),
    ),
    Field(
        "item",
        "Training",
        ("item", "module", "course", "course name", "course title", "competence", "competence name", "subject"),
    ),
    Field(
        "passed_on",
        "Passed on",
        (
            "completed on",
            "date completed",
            "completion date",
            "date passed",
            "achieved on",
            "date achieved",
            "achievement date",
            "date of training",
        ),
    ),
    Field(
        "given_until",
        "Expiry date",
        ("expiry", "expires", "expires on", "valid until", "in date until", "renewal date", "expiration date"),
        needed=False,
    ),
)


@dataclass(frozen=True, slots=True)
class WantedPass(Kept):
    """What a line says: who passed what, when, and until when it is said to count."""

    DAYS: ClassVar = ("passed_on", "given_until")
    staff_number: str
    item: str
    passed_on: date | None = None
    given_until: date | None = None


class PassReader(Reader[WantedPass]):
    """Reads lines about past completions."""

    def wanted(self, line: Line) -> WantedPass:
        """Return what a line says."""
        wanted = WantedPass(
            staff_number=self.take(line, "staff_number", read_number, otherwise=""),
            item=self.take(line, "item", read_item, otherwise=""),
            passed_on=self.take(line, "passed_on", self._pass_day, otherwise=None),
            given_until=self.take(line, "given_until", read_expiry, otherwise=None),
        )
        if wanted.passed_on and wanted.given_until and wanted.given_until <= wanted.passed_on:
            self.note(line, "given_until", _("The expiry must come after the pass."))
        return wanted

    def _pass_day(self, cell: Cell) -> date:
        day = day_of(cell)
        if day is None:
            raise CellUnreadable(_("Enter the day on which it was passed."))
        if day > self.today:
            raise CellUnreadable(_("The pass cannot be in the future."))
        if day < EARLIEST:
            raise CellUnreadable(_("The pass cannot be before %(year)s.", year=EARLIEST.year))
        return day


def read_passes(table: Table, *, today: date) -> Iterator[Read[WantedPass]]:
    """Yield what each line of a table says."""
    return PassReader(table, today=today).read_all()


def read_item(cell: Cell) -> str:
    """Return what a file calls a training."""
    name = words_in(cell)
    if not name:
        raise CellUnreadable(_("Enter which training was passed."))
    return name[:LONGEST_ITEM]


def read_expiry(cell: Cell) -> date | None:
    """Return an expiry, or None where none is given; far ahead is how other systems write that there is none."""
    day = day_of(cell)
    if day is not None and day > LATEST:
        raise CellUnreadable(
            _("So far ahead is no expiry. Leave the cell empty, and our rule gives one where there is one.")
        )
    return day
