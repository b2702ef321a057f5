"""Counters: how many stand how in each unit, moved in the same commit as the standings that they are the sums of."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, event, or_, select
from sqlalchemy.orm import Session

from training.db import EVERYWHERE, Base, Database, ScopedSession, add_up, columns_of
from training.domain.counting import EVERY_ITEM, Moves, Titles, count_person
from training.domain.due_soon import falls_due_on
from training.domain.standing import Standing, status_on, strictest
from training.domain.status import Status
from training.models import WHOLE_ID, CounterRow, DueRow, OnFileRow, StandingRow, TitlesRow
from training.services import everybody
from training.services.standing_rows import COUNTED, Line, OnFile, counted_line_of, on_file_of

KEY = ("organisation_id", "site_id", "item")
MEASURES = tuple(column.key for column in columns_of(CounterRow) if column.key not in KEY)
# Each table with the last column of its key, and the numbers in it.
TABLES = {CounterRow: ("item", MEASURES), TitlesRow: ("titles", MEASURES), DueRow: ("due_on", ("number",))}
ITEMS = select(CounterRow.site_id, CounterRow.item, *(getattr(CounterRow, measure) for measure in MEASURES))
HERE = CounterRow.site_id.in_(bindparam("units", expanding=True))
OF_UNITS = ITEMS.where(HERE)
WITH_SITES = ITEMS.where(or_(HERE, CounterRow.item == EVERY_ITEM))
TITLES = select(TitlesRow.site_id, TitlesRow.titles, *(getattr(TitlesRow, measure) for measure in MEASURES))
OF_TITLES = TITLES.where(TitlesRow.site_id == bindparam("unit"))
DUE = select(DueRow.due_on, DueRow.number).where(
    DueRow.site_id == bindparam("unit"), DueRow.due_on.between(bindparam("first"), bindparam("last"))
)
WAITING = "moves"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class CounterDrift:
    """A counter that is not the sum of the standings: how many it had too few, or too many where negative."""

    organisation: str
    site_id: uuid.UUID
    item: str | Titles
    measure: str | date
    lacking: int


def counted(places: Iterable[tuple[OnFile, date]], lines: Iterable[tuple[Line, date]]) -> Moves:
    """Return what people add, from their days on file and their lines, each as of the day it was worked out on."""
    sites: dict[uuid.UUID, dict[uuid.UUID, Titles]] = defaultdict(dict)
    for place, day in places:
        if day in place.days:
            sites[place.person_id][place.site_id] = place.titles
    held: dict[uuid.UUID, list[tuple[Line, date]]] = defaultdict(list)
    for each in lines:
        held[each[0].person_id].append(each)
    moves: dict[tuple[uuid.UUID, str | Titles, str | date], int] = defaultdict(int)
    for person_id, at in sites.items():
        by_item = by_unit(at, held.get(person_id, ()))
        statuses = {unit: {item: status for item, (status, _) in some.items()} for unit, some in by_item.items()}
        titles = {WHOLE_ID: tuple(sorted({title for here in at.values() for title in here})), **at}
        for (unit, item, measure), number in count_person(statuses).items():
            moves[unit, item, measure] += number
            if item == EVERY_ITEM and titles[unit]:
                moves[unit, titles[unit], measure] += number
        for unit, due_on in days_due(by_item):
            moves[unit, EVERY_ITEM, due_on] += 1
    return Counter(moves)


def days_due(
    by_item: Mapping[uuid.UUID, Mapping[str, tuple[Status, date | None]]],
) -> Iterator[tuple[uuid.UUID, date]]:
    """Yield each unit and day on which something falls due there, once for each item."""
    for unit, some in by_item.items():
        for _, due_on in some.values():
            if due_on is not None:
                yield unit, due_on


def by_unit(
    sites: Collection[uuid.UUID], lines: Collection[tuple[Line, date]]
) -> dict[uuid.UUID, dict[str, tuple[Status, date | None]]]:
    """Return a person's status by unit and item, and when it falls due; at one site it is as in the organisation."""
    held: dict[uuid.UUID, dict[str, list[tuple[Standing, date]]]] = {unit: {} for unit in (WHOLE_ID, *sites)}
    for line, day in lines:
        if line.site_id in held:
            held[line.site_id].setdefault(line.item, []).append((line.standing, day))
    statuses = {unit: {item: strictest_line(some) for item, some in by_item.items()} for unit, by_item in held.items()}
    if len(sites) == 1:
        statuses.update(dict.fromkeys(sites, statuses[WHOLE_ID]))
    return statuses


def strictest_line(lines: Sequence[tuple[Standing, date]]) -> tuple[Status, date | None]:
    """Return the status that is shown of several lines on one item, worked out together, and when that falls due."""
    standing, day = lines[0]
    if len(lines) > 1:
        standing = strictest((each for each, _ in lines), day=day)
    status = status_on(standing, day)
    return status, falls_due_on(standing, status, day)


def counted_rows(places: Iterable[Any], lines: Iterable[Any]) -> Moves:
    """Return what stored rows add."""
    return counted(
        ((on_file_of(row), row.worked_out_on) for row in places),
        ((counted_line_of(row), row.worked_out_on) for row in lines),
    )


def stored(session: Session, *, person_ids: Collection[uuid.UUID]) -> Moves:
    """Return what the rows of these people add, in two queries."""
    asked = [getattr(StandingRow, name) for name in COUNTED]
    places = session.execute(select(*columns_of(OnFileRow)).where(OnFileRow.person_id.in_(person_ids)))
    lines = session.execute(select(*asked).where(StandingRow.person_id.in_(person_ids)))
    return counted_rows(places, lines)


def move(session: Session, moves: Moves, *, organisation_id: int) -> None:
    """Have counters moved when the transaction commits; last of all, because everybody waits for these rows."""
    session.info.setdefault(WAITING, defaultdict(Counter))[organisation_id].update(moves)


def take_off(session: Session, *, person_ids: Collection[uuid.UUID], organisation_id: int) -> None:
    """Have what the rows of these people add taken off, because the rows are about to go."""
    moves: Moves = Counter()
    moves.subtract(stored(session, person_ids=person_ids))
    move(session, moves, organisation_id=organisation_id)


@event.listens_for(ScopedSession, "before_commit")
def settle(session: Session) -> None:
    """Move the counters by all that was worked out in a transaction."""
    changed: dict[type[Base], dict[tuple[object, ...], dict[str, int]]] = {table: {} for table in TABLES}
    for organisation_id, moves in session.info.pop(WAITING, {}).items():
        for (unit, item, measure), number in moves.items():
            table, last, column = place_of(item, measure)
            if number:
                changed[table].setdefault((organisation_id, unit, last), {})[column] = number
    for table, rows in changed.items():
        last, numbers = TABLES[table]
        none = dict.fromkeys(numbers, 0)
        key = ("organisation_id", "site_id", last)
        added = [dict(zip(key, each, strict=True)) | none | row for each, row in rows.items()]
        if added:
            add_up(session, table, added, numbers=numbers)


def place_of(item: str | Titles, measure: str | date) -> tuple[type[Base], str | date, str]:
    """Return where something is counted: the table, the last column of the key, and the column of the number."""
    if isinstance(measure, date):
        return DueRow, measure, "number"
    if isinstance(item, tuple):
        return TitlesRow, " ".join(item), measure
    return CounterRow, item, measure


def read(session: Session, *, units: Collection[uuid.UUID], with_sites: bool = False) -> Moves:
    """Return what is counted in some units by item, and over all items together; of these, in every site if asked."""
    return counted_in(session.execute(WITH_SITES if with_sites else OF_UNITS, {"units": list(units)}))


def read_titles(session: Session, *, unit: uuid.UUID | None = None) -> Moves:
    """Return what is counted in a unit, or in every one, of those who have just some job titles."""
    counted = counted_in(session.execute(TITLES if unit is None else OF_TITLES, {"unit": unit}))
    return Counter(
        {(unit, tuple(titles.split()), measure): number for (unit, titles, measure), number in counted.items()}
    )


def counted_in(rows: Iterable[Sequence[Any]]) -> Moves:
    """Return what some rows of counters count, by the unit and another column; there may be thousands."""
    return Counter(
        {
            (unit, last, measure): number
            for unit, last, *numbers in rows
            for measure, number in zip(MEASURES, numbers, strict=True)
            if number
        }
    )


def lacking(session: Session) -> Moves:
    """Return what the counters of the organisation in scope lack of the sums of its rows, by one snapshot of both."""
    sums: Moves = Counter()
    for people in everybody.in_batches(session, size=BATCH):
        sums.update(stored(session, person_ids=people))
    sums.subtract(counted_in(session.execute(ITEMS)))
    sums.subtract(read_titles(session))
    for row in session.execute(select(*columns_of(DueRow))):
        sums.subtract({(row.site_id, EVERY_ITEM, row.due_on): row.number})
    return Counter({key: number for key, number in sums.items() if number})


def read_due(session: Session, *, unit: uuid.UUID, first: date, last: date) -> Moves:
    """Return how much falls due in a unit on each of some days."""
    rows = session.execute(DUE, {"unit": unit, "first": first, "last": last})
    return Counter({(unit, EVERY_ITEM, due_on): number for due_on, number in rows})


def is_due_counted(database: Database) -> bool:
    """Say whether it is counted what falls due, wherever there is any standing; after a migration it may not be yet."""
    with database.read(EVERYWHERE) as session:
        counted = session.scalar(select(DueRow.number).limit(1)) is not None
        return counted or session.scalar(select(StandingRow.item).limit(1)) is None


def verify(database: Database) -> list[CounterDrift]:
    """Compare every counter with the sums of the rows."""
    drifts = []
    for organisation_id, slug, _ in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            drifts += [CounterDrift(slug, *key, number) for key, number in lacking(session).items()]
    return drifts


def recount(database: Database) -> list[CounterDrift]:
    """Compare every counter with the sums of the rows and mend what drifted.

    What a counter lacks is added to it, so that commits in between lose nothing.
    """
    drifts = []
    for organisation_id, slug, _ in everybody.list_organisations(database):
        with database.read(organisation_id) as session:
            found = lacking(session)
        with database.write(organisation_id) as session:
            session.execute(delete(DueRow).where(DueRow.number == 0))
            session.execute(delete(TitlesRow).where(*(getattr(TitlesRow, measure) == 0 for measure in MEASURES)))
            move(session, found, organisation_id=organisation_id)
        drifts += [CounterDrift(slug, *key, number) for key, number in found.items()]
    return drifts
