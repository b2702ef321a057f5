"""What one line of a people import says, read from its cells: who, which job, since when; or what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from training.domain.days import EARLIEST
from training.domain.language import N_, _
from training.domain.names import read_email, read_name
from training.domain.row_reading import Kept, Read, Reader
from training.domain.upload import Cell, CellUnreadable, Field, Line, Table, day_of, words_in

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
NO_NAME = N_("No column is called “Name”, nor “First name” and “Last name”.")


@dataclass(frozen=True, slots=True)
class Wanted(Kept):
    """What a line says of one person and one job of theirs; days and e-mail may be left out."""

    DAYS: ClassVar = ("starts_on", "ends_on")
    staff_number: str
    name: str
    job_title: str
    site: str
    starts_on: date | None = None
    ends_on: date | None = None
    email: str = ""


class PeopleReader(Reader[Wanted]):
    """Reads lines about people."""

    def wanted(self, line: Line) -> Wanted:
        """Return what a line says."""
        wanted = Wanted(
            staff_number=self.take(line, "staff_number", read_number, otherwise=""),
            name=self._name(line),
            job_title=self.take(line, "job_title", partial(read_words, what=N_("job title")), otherwise=""),
            site=self.take(line, "site", partial(read_words, what=N_("site")), otherwise=""),
            starts_on=self.take(line, "starts_on", self._day, otherwise=None),
            ends_on=self.take(line, "ends_on", self._day, otherwise=None),
            email=self.take(line, "email", read_address, otherwise=""),
        )
        if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
            self.note(line, "ends_on", _("The last day comes before the first."))
        return wanted

    def _name(self, line: Line) -> str:
        if "name" in self.table.columns:
            return self.take(line, "name", read_words, otherwise="")
        parts = [self.take(line, slug, words_in, otherwise="") for slug in ("first_name", "last_name")]
        return self.take(line, "last_name", lambda _cell: read_name(" ".join(parts)), otherwise="")

    def _day(self, cell: Cell) -> date | None:
        day = day_of(cell)
        if day and (day < EARLIEST or day.year > self.today.year + 1):
            words = _("The day must be between %(year)s and the end of next year.", year=EARLIEST.year)
            raise CellUnreadable(words)
        return day


def read_rows(table: Table, *, today: date) -> Iterator[Read[Wanted]]:
    """Yield what each line of a table says.

    Raises:
        CellUnreadable: where no column holds names.
    """
    if "name" not in table.columns and not {"first_name", "last_name"} <= table.columns.keys():
        raise CellUnreadable(_(NO_NAME))
    return PeopleReader(table, today=today).read_all()


def read_words(cell: Cell, *, what: str = N_("name")) -> str:
    """Return a name of somebody or something.

    Raises:
        CellUnreadable, NameRefused: where there is none, or it is too long.
    """
    return read_name(words_in(cell), what=what)


def read_number(cell: Cell) -> str:
    """Return a staff number; a whole number that a spreadsheet wrote as 123.0 is 123.

    Raises:
        CellUnreadable: where there is none, or it is too long.
    """
    text = words_in(cell)
    whole = re.fullmatch(r"(\d+)\.0+", text)
    number = whole[1] if whole else text
    if not number:
        raise CellUnreadable(_("Enter a staff number: people are told apart by it."))
    if len(number) > LONGEST_NUMBER:
        raise CellUnreadable(_("A staff number has at most %(most)s characters.", most=LONGEST_NUMBER))
    return number


def read_address(cell: Cell) -> str:
    """Return an e-mail address, or nothing where none is given."""
    text = words_in(cell)
    return read_email(text) if text else ""
