"""The trend of a unit as it is shown: how many complied at each month's end, as those months stand by the facts."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.domain.compliance import Tally
from training.domain.counting import EVERY_ITEM, HEADS, tally_of
from training.domain.trend import month_ends
from training.models import WHOLE_ID, TrendFigure, TrendState
from training.services.counters import MEASURES

STATE = select(TrendState.days, TrendState.known_at, TrendState.draft_days)
COUNTED = (
    select(TrendFigure.site_id, TrendFigure.day, TrendFigure.item, *(getattr(TrendFigure, name) for name in MEASURES))
    .where(
        ~TrendFigure.draft,
        TrendFigure.site_id.in_(bindparam("units", expanding=True)),
        TrendFigure.item.in_(bindparam("items", expanding=True)),
        TrendFigure.day >= bindparam("first"),
    )
    .order_by(TrendFigure.day)
)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """How many stood how at the end of a month."""

    day: date
    tally: Tally
    heads: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The months of one unit in order, from the first with anybody on file."""

    unit: uuid.UUID
    name: str
    points: tuple[TrendPoint, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is of everybody, and not of one site."""
        return self.unit == WHOLE_ID


@dataclass(frozen=True, slots=True)
class Trends:
    """Trends with what was known when they were worked out; some months may still be missing, or be stale."""

    units: tuple[Trend, ...]
    known_at: datetime | None
    is_unfinished: bool


def read_trends(
    session: Session,
    *,
    units: Sequence[tuple[uuid.UUID, str]],
    titles: Mapping[str, str],
    today: date,
    present: Mapping[uuid.UUID, TrendPoint],
    item: str = EVERY_ITEM,
) -> Trends:
    """Return the trends of some units over one item or all, with how each stands today, in two queries."""
    state = session.execute(STATE).first()
    wanted = month_ends(today)
    read = set(map(date.fromisoformat, state.days)) if state else set()
    counted = read_counted(session, units=[unit for unit, _ in units], items={EVERY_ITEM, item}, first=wanted[0])
    lines = 1 if item else len(titles)
    return Trends(
        units=tuple(
            Trend(unit, name, (*points(counted[unit], item=item, lines=lines), present[unit])) for unit, name in units
        ),
        known_at=state.known_at if state else None,
        is_unfinished=not read.issuperset(wanted) or bool(state and state.draft_days),
    )


def read_counted(
    session: Session, *, units: Collection[uuid.UUID], items: Collection[str], first: date
) -> dict[uuid.UUID, dict[date, dict[str, dict[str, int]]]]:
    """Return what is counted by unit, day, item and measure."""
    asked = {"units": list(units), "items": list(items), "first": first}
    found: dict[uuid.UUID, dict[date, dict[str, dict[str, int]]]] = defaultdict(lambda: defaultdict(dict))
    for unit, day, item, *numbers in session.execute(COUNTED, asked):
        found[unit][day][item] = dict(zip(MEASURES, numbers, strict=True))
    return found


def points(counted: Mapping[date, Mapping[str, Mapping[str, int]]], *, item: str, lines: int) -> Iterator[TrendPoint]:
    """Yield a point for each day on which anybody was on file, with so many lines for each of them."""
    for day, by_item in counted.items():
        heads = by_item.get(EVERY_ITEM, {}).get(HEADS, 0)
        if heads:
            yield TrendPoint(day, tally_of(by_item.get(item, {}), lines=heads * lines), heads)
