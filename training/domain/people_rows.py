"""What one line of a people import says, read from its cells: who, which job, since when; or what is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from training.domain.days import EARLIEST
from training.domain.names import NameRefused, read_email, read_name
from training.domain.upload import Cell, CellUnreadable, Fault, Field, Line, Table, day_of, shown, words_in

LONGEST_NUMBER = 60
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
            "payroll no",
            "personnel number",
            "assignment number",
            "worker id",
        ),
    ),
    Field("name", "Name", ("full name", "employee name", "staff name", "worker name"), needed=False),
    Field("first_name", "First name", ("forename", "forenames", "first names", "given name"), needed=False),
    Field("last_name", "Last name", ("surname", "family name"), needed=False),
    Field("job_title", "Job title", ("job", "position", "position title", "post", "post title", "job role")),
    Field("site", "Site", ("location", "workplace", "work place", "site name", "base", "service", "establishment")),
    Field(
        "starts_on",
        "Start date",
        ("date started", "started on", "first day", "starts on", "job start date", "date of joining", "hire date"),
        needed=False,
    ),
    Field(
        "ends_on",
        "Last day",
        ("leaving date", "end date", "date left", "left on", "leave date", "termination date", "date of leaving"),
        needed=False,
    ),
    Field("email", "E-mail", ("email", "email address", "e-mail address", "work email"), needed=False),
)
NO_NAME = "No column is called “Name”, nor “First name” and “Last name”."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line says of one person and one job of theirs; days and e-mail may be left out."""

    staff_number: str
    name: str
    job_title: str
    site: str
    starts_on: date | None = None
    ends_on: date | None = None
    email: str = ""

    def stored(self) -> dict[str, str]:
        """Return it as it is kept until it is applied."""
        days = {name: day.isoformat() for name in ("starts_on", "ends_on") if (day := getattr(self, name))}
        texts = {name: getattr(self, name) for name in ("staff_number", "name", "job_title", "site", "email")}
        return texts | days

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "Wanted":
        """Return it from what was kept."""
        days = {name: date.fromisoformat(stored[name]) for name in ("starts_on", "ends_on") if name in stored}
        return cls(**(dict(stored) | days))


@dataclass(frozen=True, slots=True)
class Read:
    """One line read: what it says as far as it can be read, and what is wrong with it."""

    number: int
    wanted: Wanted
    faults: tuple[Fault, ...] = ()


class Reader:
    """Reads lines of a table, keeping what is wrong with the one in hand."""

    def __init__(self, table: Table, *, today: date) -> None:
        self._table, self._today = table, today
        self._faults: list[Fault] = []

    def read(self, line: Line) -> Read:
        """Return what a line says."""
        self._faults = []
        wanted = Wanted(
            staff_number=self._take(line, "staff_number", read_number),
            name=self._name(line),
            job_title=self._take(line, "job_title", lambda cell: read_name(words_in(cell), what="job title")),
            site=self._take(line, "site", lambda cell: read_name(words_in(cell), what="site")),
            starts_on=self._take(line, "starts_on", self._day) or None,
            ends_on=self._take(line, "ends_on", self._day) or None,
            email=self._take(line, "email", read_address),
        )
        if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
            self._fault(line, "ends_on", "The last day comes before the first.")
        return Read(line.number, wanted, tuple(self._faults))

    def _take(self, line: Line, slug: str, read: Callable[[Cell], str | date | None]):  # noqa: ANN202 (what `read` returns, or nothing)
        cell = self._table.cell(line, slug)
        try:
            return read(cell) if slug in self._table.columns else ""
        except (CellUnreadable, NameRefused) as refusal:
            self._fault(line, slug, str(refusal))
            return ""

    def _fault(self, line: Line, slug: str, words: str) -> None:
        self._faults.append(Fault(self._table.heading(slug), shown(self._table.cell(line, slug)), words))

    def _name(self, line: Line) -> str:
        if "name" in self._table.columns:
            return self._take(line, "name", lambda cell: read_name(words_in(cell)))
        parts = [self._take(line, slug, words_in) for slug in ("first_name", "last_name")]
        return self._take(line, "last_name", lambda _cell: read_name(" ".join(parts)))

    def _day(self, cell: Cell) -> date | None:
        day = day_of(cell)
        if day and (day < EARLIEST or day.year > self._today.year + 1):
            raise CellUnreadable(f"The day must be between {EARLIEST.year} and the end of next year.")
        return day


def read_rows(table: Table, *, today: date) -> Iterator[Read]:
    """Yield what each line of a table says.

    Raises:
        CellUnreadable: where no column holds names.
    """
    if "name" not in table.columns and not {"first_name", "last_name"} <= table.columns.keys():
        raise CellUnreadable(NO_NAME)
    reader = Reader(table, today=today)
    return (reader.read(line) for line in table.lines)


def read_number(cell: Cell) -> str:
    """Return a staff number; a whole number that a spreadsheet wrote as 123.0 is 123.

    Raises:
        CellUnreadable: where there is none, or it is too long.
    """
    text = words_in(cell)
    whole = re.fullmatch(r"(\d+)\.0+", text)
    number = whole[1] if whole else text
    if not number:
        raise CellUnreadable("Enter a staff number: people are told apart by it.")
    if len(number) > LONGEST_NUMBER:
        raise CellUnreadable(f"A staff number has at most {LONGEST_NUMBER} characters.")
    return number


def read_address(cell: Cell) -> str:
    """Return an e-mail address, or nothing where none is given."""
    text = words_in(cell)
    return read_email(text) if text else ""
