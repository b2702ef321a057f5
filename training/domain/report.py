"""A report as data: what its page and every file of it say, whichever form that takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from training.domain.compliance import Tally, percent_cell
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.domain.rule_version import RuleVersion
from training.domain.status import Status

LAST_INSTANT = time(23, 59, 59, 999999)
EVERYBODY = N_("Everybody, all training")
# The files that a report is made into, by the ends of their names.
FORMS: Mapping[str, str] = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF", "json": "JSON"}


class Kind(StrEnum):
    """What a column holds, on which its look in each form depends.

    A day is a `date`, an instant an aware `datetime`, a number an `int` or a `Decimal`. A per cent is a `Decimal`
    from 0 to 100, or `None` where nobody is counted. Any other cell may be `None`, which is an empty one.
    """

    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    NUMBER = "number"
    PERCENT = "percent"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class StatusCell:
    """A status in the words of a report, which may add a day to it; the status gives it its colour."""

    status: Status
    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for people, in English, and its key for scripts, which is made of the name unless given.

    `translated_as` is what translators know it by, where one word of English is several elsewhere.
    """

    name: str
    kind: Kind = Kind.TEXT
    key: str = ""
    translated_as: str = ""

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", self.name.lower().replace(" ", "_").replace("-", "_"))

    @property
    def said(self) -> str:
        """The name as pages have it, in the language that is spoken; the name of some training stays as it is."""
        words = _(self.translated_as or self.name)
        return self.name if words == self.translated_as else words


class Row(NamedTuple):
    """A row, and what a page may lead to from it: a kind of thing (person, site, item ...) and which one."""

    cells: tuple[object, ...]
    leads_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report. Its rows may be a stream, which is read once."""

    slug: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a report says of itself. `known_at` is none for all that is known now; `made_at` may be left out.

    Instants are in the time zone of the organisation. `counts` are what the denominator reconciles, and `listed` says
    how many of these stand in the report where it is about some statuses.
    """

    title: str
    organisation: str
    covers: str
    as_at: date
    rule_version: RuleVersion
    shows: tuple[str, ...] = ()
    is_forecast: bool = False
    known_at: datetime | None = None
    percent: str = ""
    denominator: str = ""
    counts: Tally | None = None
    listed: str = ""
    notes: tuple[str, ...] = ()
    made_at: datetime | None = None
    made_by: str = ""

    @property
    def shows_words(self) -> str:
        """What was asked for, in words."""
        return "; ".join(self.shows) or _(EVERYBODY)

    def said(self) -> Iterator[tuple[str, str]]:
        """Yield everything a report says of itself, each with its name, in the order it is shown."""
        yield _("Report"), self.title
        yield _("Organisation"), self.organisation
        yield _("Covers"), self.covers
        day = format_day(self.as_at)
        yield _("As at"), _("%(day)s (forecast)", day=day) if self.is_forecast else day
        yield _("As known at"), known_words(self.known_at)
        yield _("Shows"), self.shows_words
        if self.percent:
            yield _("Compliant"), self.percent
        if self.denominator:
            yield _("Denominator"), self.denominator
        for note in self.notes:
            yield _("Note"), note
        yield _("Rules"), self.rule_version.words
        if self.made_at is not None:
            yield _("Made"), made_words(self.made_at, by=self.made_by)


@dataclass(frozen=True, slots=True)
class Report:
    """A report: the head, and its tables in the order they are shown.

    `main` is the table of a form that can hold one alone, and `printed` those that are put on paper; unless they are
    named, the first and all.
    """

    name: str
    head: Head
    tables: tuple[Table, ...]
    main: str = ""
    printed: tuple[str, ...] = field(default=())

    @property
    def main_table(self) -> Table:
        """The table of a form that can hold one alone."""
        return next((table for table in self.tables if table.slug == self.main), self.tables[0])

    @property
    def printed_tables(self) -> tuple[Table, ...]:
        """The tables that are put on paper."""
        return tuple(table for table in self.tables if not self.printed or table.slug in self.printed)

    @property
    def file_name(self) -> str:
        """What a file of it is called, without its ending."""
        return f"{self.name}-{self.head.as_at.isoformat()}"


def made_words(made_at: datetime, *, by: str) -> str:
    """Say when a report was made, and by whom where that is known."""
    when = instant_words(made_at)
    return _("%(when)s by %(name)s", when=when, name=by) if by else when


def span_words(since: date | None, until: date) -> str:
    """Say in which days something was done; without a first day it is all up to the last."""
    if since is None:
        return _("up to %(until)s", until=format_day(until))
    return _("from %(since)s to %(until)s", since=format_day(since), until=format_day(until))


def known_words(known_at: datetime | None) -> str:
    """Say up to when what a report says was known."""
    if known_at is None:
        return _("now")
    if known_at.time() == LAST_INSTANT:
        return _("the end of %(day)s", day=format_day(known_at.date()))
    return instant_words(known_at)


def instant_words(instant: datetime) -> str:
    """Write an instant as the clock of its own time zone has it."""
    time_words = f"{instant:%H:%M} {instant.tzname()}"
    return _("%(day)s at %(time)s", day=format_day(instant.date()), time=time_words)


def cell_words(cell: object, kind: Kind) -> str:
    """Return a cell in words, as pages and paper have it."""
    match cell:
        case None:
            return percent_cell(None) if kind is Kind.PERCENT else ""
        case str():
            return cell
        case datetime():
            return instant_words(cell)
        case date():
            return format_day(cell)
        case Decimal() if kind is Kind.PERCENT:
            return percent_cell(cell)
        case int() | Decimal():
            return number_words(cell)
    return str(cell)
