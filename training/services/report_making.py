"""A report in the making: how many of its people have been gone through, and what it came to in a line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.report import Report, Row, Table
from training.domain.report_schedule import LISTS, Outcome
from training.services.accounts import Viewer
from training.services.listings import Listed
from training.services.report_kinds import find_kind
from training.services.report_orders import Wanted, count_everybody
from training.services.report_questions import SOON, Asked
from training.services.rosters import LATE, Roster
from training.services.staff import Known

TOLD_EVERY = 100
# What is asked of days asks for nobody in particular.
DAYS = frozenset({"within", "from", "until"})


@dataclass(slots=True)
class Making:
    """A report while its file is made: how many looks at people it takes and has had, and the rows of each table."""

    told: Callable[[int, int], None]
    people: int = 0
    looks: int = 0
    looked: int = 0
    rows: Counter[str] = field(default_factory=Counter)

    def watch(self, people: Iterable[Known]) -> Iterator[Known]:
        """Pass people on, and tell after every hundred how far it is."""
        for one in people:
            yield one
            self.looked += 1
            if self.looked % TOLD_EVERY == 0:
                self.tell()

    def tell(self) -> None:
        """Say how many people of how many are done with."""
        self.told(min(self.people * self.looked // max(self.looks, 1), self.people), self.people)

    def counted(self, table: Table) -> Table:
        """Return a table whose rows are counted as they are read."""
        return replace(table, rows=self.count(table))

    def count(self, table: Table) -> Iterator[Row]:
        """Yield the rows of a table, and count them."""
        self.rows[table.slug] = 0
        for row in table.rows:
            self.rows[table.slug] += 1
            yield row


@dataclass(frozen=True, slots=True)
class Opened:
    """A report that can be read, and what came of it once it has been."""

    report: Report
    making: Making
    wanted: Wanted
    place: str
    asks_elsewhere: bool

    def outcome(self) -> Outcome:
        """Return what the report came to."""
        lists = LISTS.get(self.wanted.report, "").format(within=self.wanted.asked.get("within", SOON[-1]))
        return Outcome(
            day=self.wanted.day,
            place=self.place,
            lists=lists,
            rows=self.making.rows.get(self.report.main_table.slug),
            figures=None if "person" in self.wanted.asked else self.report.head.counts,
            is_narrowed=bool(self.wanted.asked.keys() - DAYS),
            is_partial=bool(self.wanted.asked.keys() - DAYS - {"status"}),
            asks_elsewhere=self.asks_elsewhere,
            is_secret="search" in self.wanted.asked,
            is_of_compliance=bool(self.report.head.percent),
        )


@contextmanager
def open_ordered(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    wanted: Wanted,
    now: datetime,
    told: Callable[[int, int], None],
) -> Iterator[Opened]:
    """Open a whole report as `report_kinds.open_report` does, telling how many of its people are done with.

    Raises:
        NotFound: when there is no such report, or the viewer may not see whom it is about.
    """
    kind, making = find_kind(wanted.report), Making(told)
    with database.read(viewer.organisation_id) as session:
        question = wanted.question(today=day_in(now, viewer.time_zone))
        asked = Asked(session, viewer, catalog, question, now=now, watch=making.watch)
        if wanted.report != "person":
            making.people, making.looks = count_everybody(asked.roster()), count_looks(wanted, asked)
            making.tell()
        report = kind.make(asked)
        tables = tuple(map(making.counted, report.tables))
        site_id, theirs = question.wanted.site_id, dict(asked.roster().sites)
        asks_elsewhere = site_id is not None and site_id not in theirs
        yield Opened(replace(report, tables=tables), making, wanted, place_words(viewer), asks_elsewhere)


def count_looks(wanted: Wanted, asked: Asked) -> int:
    """Return how many looks at people a report takes: at everybody for its figures, and at those in each table."""
    roster = asked.roster()
    tables = [replace(asked.roster(listed), watch=iter) for listed in lists_of(wanted, asked)]
    figures = 0 if roster.is_counted else count_everybody(roster)
    return figures + sum(count_looked_at(table) for table in tables)


def lists_of(wanted: Wanted, asked: Asked) -> Sequence[Listed]:
    """Return what the tables of a report that name people list, of those that its form holds."""
    everybody, late = Listed(), Listed(LATE)
    match wanted.report, wanted.form:
        case "compliance", "xlsx" | "json":
            return everybody, late, everybody
        case ("compliance", "pdf") | ("overdue", _):
            return (late,)
        case "due-soon", _:
            return (Listed(within=asked.question.within),)
        case (("compliance" | "everybody" | "matrix" | "training-hours"), _):
            return (everybody,)
    return ()


def count_looked_at(roster: Roster) -> int:
    """Return how many people are looked at to list some: those alone where the database knows whose lines these are."""
    if not roster.is_narrowed:
        return count_everybody(roster)
    return replace(roster, wanted=replace(roster.wanted, search="")).count_people()


def place_words(viewer: Viewer) -> str:
    """Say of which place a viewer's reports are, without its name."""
    if viewer.manages_all:
        return "in your organisation"
    return "at your site" if len(viewer.site_ids) == 1 else "at your sites"
