"""What one line of an import of past completions says, read from its cells, or what is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from training.domain.days import EARLIEST
from training.domain.people_rows import read_number
from training.domain.upload import Cell, CellUnreadable, Fault, Field, Line, Table, day_of, shown, words_in

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
class WantedPass:
    """What a line says: who passed what, when, and until when it is said to count."""

    staff_number: str
    item: str
    passed_on: date | None = None
    given_until: date | None = None

    def stored(self) -> dict[str, str]:
        """Return it as it is kept until it is applied."""
        days = {name: day.isoformat() for name in ("passed_on", "given_until") if (day := getattr(self, name))}
        return {"staff_number": self.staff_number, "item": self.item} | days

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "WantedPass":
        """Return it from what was kept."""
        days = {name: date.fromisoformat(stored[name]) for name in ("passed_on", "given_until") if name in stored}
        return cls(**(dict(stored) | days))


@dataclass(frozen=True, slots=True)
class ReadPass:
    """One line read: what it says as far as it can be read, and what is wrong with it."""

    number: int
    wanted: WantedPass
    faults: tuple[Fault, ...] = ()


def read_passes(table: Table, *, today: date) -> Iterator[ReadPass]:
    """Yield what each line of a table says."""
    reader = Reader(table, today)
    return (reader.read(line) for line in table.lines)


class Reader:
    """Reads lines of a table, keeping what is wrong with the one in hand."""

    def __init__(self, table: Table, today: date) -> None:
        self._table, self._today = table, today
        self._faults: list[Fault] = []

    def read(self, line: Line) -> ReadPass:
        """Return what a line says."""
        self._faults = []
        wanted = WantedPass(
            staff_number=self._take(line, "staff_number", read_number) or "",
            item=self._take(line, "item", read_item) or "",
            passed_on=self._take(line, "passed_on", self._pass_day),
            given_until=self._take(line, "given_until", read_expiry),
        )
        if wanted.passed_on and wanted.given_until and wanted.given_until <= wanted.passed_on:
            self._fault(line, "given_until", "The expiry must come after the pass.")
        return ReadPass(line.number, wanted, tuple(self._faults))

    def _take(self, line: Line, slug: str, read: Callable):  # noqa: ANN202 (what `read` returns, or None)
        try:
            return read(self._table.cell(line, slug)) if slug in self._table.columns else None
        except CellUnreadable as refusal:
            self._fault(line, slug, str(refusal))
            return None

    def _fault(self, line: Line, slug: str, words: str) -> None:
        self._faults.append(Fault(self._table.heading(slug), shown(self._table.cell(line, slug)), words))

    def _pass_day(self, cell: Cell) -> date:
        day = day_of(cell)
        if day is None:
            raise CellUnreadable("Enter the day on which it was passed.")
        if day > self._today:
            raise CellUnreadable("The pass cannot be in the future.")
        if day < EARLIEST:
            raise CellUnreadable(f"The pass cannot be before {EARLIEST.year}.")
        return day


def read_item(cell: Cell) -> str:
    """Return what a file calls a training."""
    name = words_in(cell)
    if not name:
        raise CellUnreadable("Enter which training was passed.")
    return name[:LONGEST_ITEM]


def read_expiry(cell: Cell) -> date | None:
    """Return an expiry, or None where none is given; far ahead is how other systems write that there is none."""
    day = day_of(cell)
    if day is not None and day > LATEST:
        raise CellUnreadable(
            "So far ahead is no expiry. Leave the cell empty, and our rule gives one where there is one."
        )
    return day
