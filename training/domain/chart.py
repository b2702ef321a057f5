"""The geometry of charts as numbers: where each point of a line lies, and which shade a cell of a heat map has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from training.domain.compliance import percent_cell
from training.domain.days import MONTHS, format_day
from training.domain.language import N_, _

# Made for the narrowest phone and drawn larger where there is room: the letters grow with it.
WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 14, 12, 26
RULES = (0, 25, 50, 75, 100)
# Under each of these per cents begins a darker shade of a heat map; the lightest is for a hundred.
BANDS = (Decimal(50), Decimal(75), Decimal(90), Decimal(100))
EVERY_MONTHS = 6

# A day and the per cent of it; none where nobody was counted.
Value = tuple[date, Decimal | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its words, and where these are held: at their start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line of per cents over months; where nobody was counted it is broken, so there may be several lines."""

    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    rules: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    latest: Mark | None
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def line_chart(values: Sequence[Value]) -> LineChart:
    """Return the chart of some values in order of day, evenly spaced, on a scale from 0 to 100 %."""
    marks = [
        None
        if percent is None
        else Mark(x_of(place, len(values)), y_of(percent), f"{percent_cell(percent)}, {format_day(day)}")
        for place, (day, percent) in enumerate(values)
    ]
    drawn = tuple(mark for mark in marks if mark is not None)
    return LineChart(
        lines=tuple(" ".join(f"{mark.x},{mark.y}" for mark in run) for run in runs(marks) if len(run) > 1),
        marks=drawn,
        rules=tuple(Mark(LEFT - 4, y_of(Decimal(percent)), percent_cell(Decimal(percent)), "end") for percent in RULES),
        ticks=tuple(ticks(values)),
        latest=drawn[-1] if drawn else None,
        words=said(values),
    )


def x_of(place: int, count: int) -> float:
    """Return how far to the right one of some values lies; a single one lies in the middle."""
    width = WIDTH - LEFT - RIGHT
    return round(LEFT + (width / 2 if count == 1 else width * place / (count - 1)), 1)


def y_of(percent: Decimal) -> float:
    """Return how far down a per cent lies."""
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - float(percent)) / 100, 1)


def runs(marks: Sequence[Mark | None]) -> Iterator[list[Mark]]:
    """Yield the stretches of marks without a gap."""
    run: list[Mark] = []
    for mark in (*marks, None):
        if mark is not None:
            run.append(mark)
        elif run:
            yield run
            run = []


def ticks(values: Sequence[Value]) -> Iterator[Mark]:
    """Yield the months named below: the last, and every half a year before it."""
    last = len(values) - 1
    for place, (day, _percent) in enumerate(values):
        if (last - place) % EVERY_MONTHS == 0:
            anchor = "end" if place == last and last else "start" if place == 0 and last else "middle"
            yield Mark(x_of(place, len(values)), HEIGHT - 8, f"{_(MONTHS[day.month - 1])} {day.year}", anchor)


def said(values: Sequence[Value]) -> str:
    """Say in a sentence what the chart shows, for whoever cannot see it."""
    counted = [(day, percent) for day, percent in values if percent is not None]
    if not counted:
        return _("Nobody was counted in these months.")
    lowest, highest = (choose(counted, key=lambda each: each[1]) for choose in (min, max))
    ends = {"first": at(counted[0]), "last": at(counted[-1])}
    if len(counted) <= 2:
        return _("From %(first)s to %(last)s.", **ends)
    words = N_("From %(first)s to %(last)s; lowest %(lowest)s, highest %(highest)s.")
    return _(words, **ends, lowest=at(lowest), highest=at(highest))


def at(value: Value) -> str:
    """Write one value."""
    day, percent = value
    return _("%(percent)s on %(day)s", percent=percent_cell(percent), day=format_day(day))


def band_of(percent: Decimal | None) -> int:
    """Return the shade of a cell: 0 where nobody is counted, then from 1, the darkest, to 5 for a hundred."""
    return 0 if percent is None else 1 + sum(percent >= band for band in BANDS)
