"""Exchanging training with the NHS staff record (ESR): a mapping that the customer makes, and what it makes of rows.

No official layout is known here. What a column is called, where it stands, how days are written and which competence
stands for which item is the customer's to say, for the export and the import alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from training.domain.days import MONTHS
from training.domain.language import N_, _
from training.domain.names import tidy_text
from training.domain.refusal import Refusal
from training.domain.sheet_text import begins_a_formula
from training.domain.upload import Field, Line, Table, shown, text_of

LONGEST: Final = 255
# Where a mapping is wrong: an item or a column may have the slug of anything else.
COLUMN, ITEM = "column: ", "item: "

MISSING: Final = N_(
    "No column is called %(named)s. Row %(number)s has %(seen)s. Change the headings in the mapping, or in the file."
)


class MappingRefused(Refusal):
    """A mapping cannot be kept; `field` says where: "name", "competences", or a slug behind `COLUMN` or `ITEM`."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class NothingMapped(Refusal):
    """A file from ESR in which no competence stands for an item."""


class Holds(StrEnum):
    """What a column holds."""

    called: str

    def __new__(cls, slug: str, called: str) -> "Holds":
        """Make one with what people call it, in English."""
        holds = str.__new__(cls, slug)
        holds._value_ = slug
        holds.called = called
        return holds

    @property
    def label(self) -> str:
        """What people call it."""
        return _(self.called)

    STAFF_NUMBER = "staff-number", N_("Staff number")
    NAME = "name", N_("Name")
    COMPETENCE = "competence", N_("Competence")
    PASSED_ON = "passed-on", N_("Passed on")
    UNTIL = "in-date-until", N_("In date until")
    TRAINING = "training", N_("Title of our training")
    SITES = "sites", N_("Sites")
    JOB_TITLES = "job-titles", N_("Job titles")
    FIXED = "fixed", N_("The same in every row")


# What is handed to the import of past training, by its own slugs and in this order.
HANDED_OVER: Final = {
    "staff_number": Holds.STAFF_NUMBER,
    "item": Holds.COMPETENCE,
    "passed_on": Holds.PASSED_ON,
    "given_until": Holds.UNTIL,
}
NEEDED: Final = (Holds.STAFF_NUMBER, Holds.COMPETENCE, Holds.PASSED_ON)
NEEDED_WORDS: Final = {
    Holds.STAFF_NUMBER: N_("Write what the column with the staff number is called: no row means anything without."),
    Holds.COMPETENCE: N_("Write what the column with the competence is called: no row means anything without."),
    Holds.PASSED_ON: N_("Write what the column with the passed on is called: no row means anything without."),
}
# What a text of a mapping may be, with what is said where there is none and where it is too long.
NAME: Final = (N_("Enter a name."), N_("The name is longer than %(most)s characters."))
HEADING: Final = (N_("Enter a heading."), N_("The heading is longer than %(most)s characters."))
TEXT: Final = (N_("Enter a text."), N_("The text is longer than %(most)s characters."))
COMPETENCE: Final = (
    N_("Enter a name of the competence."),
    N_("The name of the competence is longer than %(most)s characters."),
)


class DayForm(StrEnum):
    """How days are written."""

    MONTH_NAME = "DD-Mon-YYYY"
    SLASHES = "DD/MM/YYYY"
    ISO = "YYYY-MM-DD"

    def written(self, day: date | None) -> str:
        """Write a day so, in English whatever the locale of the machine; none is nothing."""
        if day is None:
            return ""
        if self is DayForm.ISO:
            return day.isoformat()
        month = MONTHS[day.month - 1] if self is DayForm.MONTH_NAME else f"{day.month:02}"
        between = "-" if self is DayForm.MONTH_NAME else "/"
        return f"{day.day:02}{between}{month}{between}{day.year:04}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, its heading, and what every row says where that is the same."""

    holds: Holds
    heading: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class EsrMapping:
    """Columns in their order, the name of the competence that stands for each item, and how days are written."""

    name: str
    columns: tuple[Column, ...]
    competences: Mapping[str, str] = field(default_factory=dict)
    day_form: DayForm = DayForm.MONTH_NAME

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, in order."""
        return tuple(column.heading for column in self.columns)

    def heading_of(self, holds: Holds) -> str:
        """Return the heading of what a column holds, or nothing where there is none."""
        return next((column.heading for column in self.columns if column.holds is holds), "")

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a file must say to be read with this mapping."""
        fields = [Field(holds, self.heading_of(holds)) for holds in NEEDED]
        until = self.heading_of(Holds.UNTIL)
        return (*fields, Field(Holds.UNTIL, until, needed=False)) if until else tuple(fields)


@dataclass(frozen=True, slots=True)
class Held:
    """What one row of the export is made of."""

    staff_number: str
    name: str
    item: str
    title: str
    passed_on: date
    until: date | None
    sites: str
    job_titles: str


def cells_of(held: Held, mapping: EsrMapping) -> tuple[str, ...]:
    """Return a row as the cells of a mapping."""
    said = {
        Holds.STAFF_NUMBER: held.staff_number,
        Holds.NAME: held.name,
        Holds.COMPETENCE: mapping.competences[held.item],
        Holds.PASSED_ON: mapping.day_form.written(held.passed_on),
        Holds.UNTIL: mapping.day_form.written(held.until),
        Holds.TRAINING: held.title,
        Holds.SITES: held.sites,
        Holds.JOB_TITLES: held.job_titles,
    }
    return tuple(said.get(column.holds, column.text) for column in mapping.columns)


def tidy(mapping: EsrMapping) -> EsrMapping:
    """Return a mapping as it is kept.

    Raises:
        MappingRefused: saying what is wrong, and where.
    """
    columns = tuple(Column(each.holds, tidy_text(each.heading), tidy_text(each.text)) for each in mapping.columns)
    competences = {item: tidy_text(name) for item, name in mapping.competences.items() if tidy_text(name)}
    kept = EsrMapping(tidy_text(mapping.name), columns, competences, mapping.day_form)
    for where, words in wrong_in(kept):
        raise MappingRefused(where, words)
    return kept


def wrong_in(mapping: EsrMapping) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a mapping, and where."""
    if words := wrong_text(mapping.name, what=NAME):
        yield "name", words
    for holds in NEEDED:
        if not mapping.heading_of(holds):
            yield COLUMN + holds, _(NEEDED_WORDS[holds])
    yield from wrong_columns(mapping.columns)
    yield from wrong_competences(mapping.competences)


def wrong_columns(columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with columns, by what they hold."""
    used = Counter(alike(column.heading) for column in columns)
    for column in columns:
        words = wrong_text(column.heading, what=HEADING)
        if not words and column.text:
            words = wrong_text(column.text, what=TEXT)
        if not words and used[alike(column.heading)] > 1:
            words = _("Two columns are called “%(heading)s”.", heading=column.heading)
        if words:
            yield COLUMN + column.holds, words


def wrong_competences(competences: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the names of competences, by item."""
    if not competences:
        yield "competences", _("Name the competence of at least one item.")
    used = Counter(alike(name) for name in competences.values())
    for item, name in competences.items():
        if words := wrong_text(name, what=COMPETENCE):
            yield ITEM + item, words
        elif used[alike(name)] > 1:
            words = _("Two items have the competence “%(name)s”, so nobody could tell which is meant.", name=name)
            yield ITEM + item, words


def wrong_text(text: str, *, what: tuple[str, str]) -> str:
    """Say what is wrong with a text of a mapping, or nothing; ESR compares it, so it is never altered on its way."""
    empty, too_long = what
    if not text:
        return _(empty)
    if len(text) > LONGEST:
        return _(too_long, most=LONGEST)
    return formula_words(text) if begins_a_formula(text) else ""


def formula_words(text: str) -> str:
    """Say why a text cannot begin as it does."""
    return _("It begins with %(character)s, which a spreadsheet takes for a formula.", character=text.lstrip()[:1])


def alike(name: str) -> str:
    """Return a name for comparing: without capitals, spaces too many, or the bars at its end that ESR may write."""
    return tidy_text(name).casefold().rstrip("| ")


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What is handed to the import of past training, and how many rows of which other competences were passed over.

    The lines begin with the headings of the file, by which `fields` are called, so that faults are named by them.
    """

    fields: tuple[Field, ...]
    lines: tuple[Line, ...]
    others: Mapping[str, int]


def hand_over(table: Table, mapping: EsrMapping) -> HandedOver:
    """Return the rows of a file from ESR that mean an item, as the import of past training reads them.

    A row without a competence goes with them, for the import to say that it is wrong.

    Raises:
        NothingMapped: where no row means an item.
    """
    items = {alike(name): item for item, name in mapping.competences.items()}
    others: Counter[str] = Counter()
    names: dict[str, str] = {}
    means = False
    columns = {slug: holds for slug, holds in HANDED_OVER.items() if holds in table.columns}
    lines = []
    for line in table.lines:
        competence = text_of(table.cell(line, Holds.COMPETENCE))
        item = items.get(alike(competence), "") if competence else ""
        if competence and not item:
            others[names.setdefault(alike(competence), shown(competence))] += 1
            continue
        means = means or bool(item)
        cells = (item if holds is Holds.COMPETENCE else table.cell(line, holds) for holds in columns.values())
        lines.append(Line(line.number, tuple(cells)))
    if not means:
        raise NothingMapped(nothing_words(others))
    fields = tuple(Field(slug, table.heading(holds)) for slug, holds in columns.items())
    headings = Line(lines[0].number - 1, tuple(field.heading for field in fields))
    return HandedOver(fields, (headings, *lines), others)


def nothing_words(others: Iterable[str]) -> str:
    """Say that no competence of a file means anything here, and which there are."""
    named: Sequence[str] = [f"“{name}”" for name in list(others)[:5]]
    if not named:
        return _("No row of the file has a competence that stands for an item in this mapping.")
    return _(
        "No row of the file has a competence that stands for an item in this mapping. It has %(names)s.",
        names=", ".join(named),
    )
