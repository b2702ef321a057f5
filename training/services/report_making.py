"""A report in the making: how many of its people have been gone through, and what it came to in a line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.report import Report, Row, Table
from training.domain.report_schedule import LISTS, Outcome
from training.services.accounts import Viewer
from training.services.report_kinds import find_kind
from training.services.report_orders import Wanted, count_everybody
from training.services.report_questions import SOON, Asked
from training.services.rosters import Roster
from training.services.staff import Known

TOLD_EVERY = 100


@dataclass(slots=True)
class Making:
    """A report while its file is made: how many of its people have been gone through, and the rows of each table."""

    told: Callable[[int, int], None]
    people: int = 0
    rounds: int = 1
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
        self.told(min(self.looked // self.rounds, self.people), self.people)

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

    def outcome(self) -> Outcome:
        """Return what the report came to."""
        lists = LISTS.get(self.wanted.report, "").format(within=self.wanted.asked.get("within", SOON[-1]))
        return Outcome(
            day=self.wanted.day,
            place=self.place,
            lists=lists,
            rows=self.making.rows.get(self.report.main_table.slug),
            figures=self.report.head.counts,
            is_narrowed=bool(self.wanted.asked.keys() - {"within", "from", "until"}),
            is_secret="search" in self.wanted.asked or "person" in self.wanted.asked,
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
            making.people = count_everybody(asked.roster())
            making.rounds = rounds_of(wanted, asked.roster())
            making.tell()
        report = kind.make(asked)
        tables = tuple(map(making.counted, report.tables))
        yield Opened(replace(report, tables=tables), making, wanted, place_words(viewer))


def rounds_of(wanted: Wanted, roster: Roster) -> int:
    """Return how often everybody is gone through: for the figures, and for each table that names people."""
    figures = 0 if roster.is_counted else 1
    if wanted.report == "compliance":
        late = 0 if roster.is_stored else 1  # The present one finds those alone who are late.
        return figures + (2 + late if wanted.form in {"xlsx", "json"} else 1)
    if wanted.report in {"overview", "site-summary", "requirement-summary"}:
        return max(figures, 1)
    return figures + (2 if wanted.report == "training-hours" else 1)


def place_words(viewer: Viewer) -> str:
    """Say of which place a viewer's reports are, without its name."""
    if viewer.manages_all:
        return "in your organisation"
    return "at your site" if len(viewer.site_ids) == 1 else "at your sites"
