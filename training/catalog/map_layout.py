"""Where a map's boxes stand and its arrows run: rows of boxes, and curves in the gaps between them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum

from training.catalog.map_layers import Layers, Link, layered

APART = 26.0
LANE = 12.0
GAP, GAP_FOR_EACH, WIDEST_GAP = 46.0, 2.5, 120.0
ARC_APART = 8.0
SETTLING = 16
MARGIN = 16.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box as large as what it holds, at its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The middle from left to right."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by name; `routes` has the points of each link, in pairs: a straight line down or up, then a curve on."""

    boxes: Mapping[str, Box]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float


@dataclass(slots=True)
class _Frame:
    """What is known of the whole while routes are drawn; `tops` and `foots` are of rows."""

    layers: Layers
    boxes: dict[str, Box]
    lanes: dict[str, float]
    tops: list[float]
    foots: list[float]
    ports: dict[tuple[int, bool], float] = field(default_factory=dict)
    drops: dict[int, float] = field(default_factory=dict)

    def x(self, name: str) -> float:
        return self.boxes[name].middle if name in self.boxes else self.lanes[name]


def lay_out(
    sizes: Mapping[str, tuple[float, float]], links: Sequence[Link], *, first: str, last: Iterable[str]
) -> Layout:
    """Give every box a place and every link a route. The same boxes and links always come out the same."""
    layers = layered(list(sizes), links, first=first, last=last)
    middles = _middles(layers, sizes)
    left = min(middles[name] - _width(name, sizes) / 2 for row in layers.rows for name in row) - MARGIN
    right = max(middles[name] + _width(name, sizes) / 2 for row in layers.rows for name in row) + MARGIN
    tops, foots = _heights(layers, sizes)
    boxes = {
        name: Box(middles[name] - left - width / 2, tops[layers.rank[name]], width, height)
        for name, (width, height) in sizes.items()
    }
    lanes = {name: middle - left for name, middle in middles.items() if name not in sizes}
    frame = _Frame(layers, boxes, lanes, tops, foots)
    _place_ports(frame)
    _hang_arcs(frame)
    routes = tuple(_route(number, frame) for number in range(len(links)))
    lowest = max((point[1] for route in routes for point in route), default=0.0)
    return Layout(boxes, routes, width=right - left, height=max(foots[-1], lowest) + MARGIN)


def _width(name: str, sizes: Mapping[str, tuple[float, float]]) -> float:
    return sizes[name][0] if name in sizes else LANE


def _heights(layers: Layers, sizes: Mapping[str, tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return where each row begins and ends; a gap is the wider, the more arrows run through it."""
    through, arcs = [0] * len(layers.rows), [0] * len(layers.rows)
    for chain in layers.chains:
        for name, other in pairwise(chain):
            through[min(layers.rank[name], layers.rank[other])] += 1
        arcs[layers.rank[chain[0]]] += layers.rank[chain[0]] == layers.rank[chain[-1]]
    tops, foots, y = [], [], MARGIN
    for row, count, arcing in zip(layers.rows, through, arcs, strict=True):
        tops.append(y)
        foots.append(y + max((sizes[name][1] for name in row if name in sizes), default=0.0))
        y = foots[-1] + min(GAP + GAP_FOR_EACH * count, WIDEST_GAP) + ARC_APART * arcing / 2
    return tops, foots


def _middles(layers: Layers, sizes: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return the middle of every box and lane: near what it is joined to, in its row's order, never overlapping."""
    apart = {id(row): _steps(row, sizes) for row in layers.rows}
    middles = {name: step for row in layers.rows for name, step in zip(row, apart[id(row)], strict=True)}
    for row in layers.rows:
        shift = fsum(middles[name] for name in row) / len(row)
        middles.update({name: middles[name] - shift for name in row})
    above, below = layers.neighbours()
    for turn in range(SETTLING):
        for row in layers.rows if turn % 2 == 0 else reversed(layers.rows):
            wanted = [_pull(name, middles, [*above[name], *below[name]]) for name in row]
            middles.update(zip(row, _settled(wanted, apart[id(row)]), strict=True))
    return middles


def _pull(name: str, middles: Mapping[str, float], joined: Sequence[str]) -> float:
    return fsum(middles[other] for other in joined) / len(joined) if joined else middles[name]


def _steps(row: Sequence[str], sizes: Mapping[str, tuple[float, float]]) -> list[float]:
    """Return the middles of a row packed as tightly as it may be."""
    steps = [0.0]
    for one, other in pairwise(row):
        room = APART if one in sizes or other in sizes else 0.0
        steps.append(steps[-1] + (_width(one, sizes) + _width(other, sizes)) / 2 + room)
    return steps


def _settled(wanted: Sequence[float], steps: Sequence[float]) -> list[float]:
    """Return places nearest to those wanted that keep the order and the room of a row.

    Neighbours that want to overlap become one group with one mean: the pool-adjacent-violators rule.
    """
    groups: list[list[float]] = []
    for want, step in zip(wanted, steps, strict=True):
        groups.append([want - step, 1])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            mean, count = groups.pop()
            groups[-1] = [
                (groups[-1][0] * groups[-1][1] + mean * count) / (groups[-1][1] + count),
                groups[-1][1] + count,
            ]
    means = [mean for mean, count in groups for _ in range(int(count))]
    return [mean + step for mean, step in zip(means, steps, strict=True)]


def _place_ports(frame: _Frame) -> None:
    """Spread the ends of arrows along the edge of each box, in the order of where they come from or go."""
    edges: dict[tuple[str, bool], list[tuple[float, int, bool]]] = {}
    for number, chain in enumerate(frame.layers.chains):
        ranks = [frame.layers.rank[name] for name in chain]
        leaves_down, arrives_from_above = ranks[1] >= ranks[0], ranks[-2] < ranks[-1]
        edges.setdefault((chain[0], leaves_down), []).append((frame.x(chain[1]), number, True))
        edges.setdefault((chain[-1], not arrives_from_above), []).append((frame.x(chain[-2]), number, False))
    for (name, _), ends in edges.items():
        box = frame.boxes[name]
        for place, (_, number, leaves) in enumerate(sorted(ends), 1):
            frame.ports[number, leaves] = box.x + box.width * place / (len(ends) + 1)


def _hang_arcs(frame: _Frame) -> None:
    """Let an arc between boxes of one row hang lower than the shorter arcs that it passes."""
    rank = frame.layers.rank
    arcs = [number for number, chain in enumerate(frame.layers.chains) if rank[chain[0]] == rank[chain[-1]]]
    hung: list[tuple[int, float, float, int]] = []
    for number in sorted(
        arcs, key=lambda number: (abs(frame.ports[number, True] - frame.ports[number, False]), number)
    ):
        row = rank[frame.layers.chains[number][0]]
        left, right = sorted((frame.ports[number, True], frame.ports[number, False]))
        passed = (depth for where, start, end, depth in hung if where == row and start < right and left < end)
        depth = max(passed, default=-1) + 1
        hung.append((row, left, right, depth))
        frame.drops[number] = ARC_APART * depth


def _route(number: int, frame: _Frame) -> tuple[Point, ...]:
    chain = frame.layers.chains[number]
    rank = frame.layers.rank
    start, end = frame.ports[number, True], frame.ports[number, False]
    source, target = frame.boxes[chain[0]], frame.boxes[chain[-1]]
    foot = frame.foots[rank[chain[0]]]
    if rank[chain[0]] == rank[chain[-1]]:
        low = foot + frame.drops[number]
        return ((start, source.y + source.height), (start, low), (end, low), (end, target.y + target.height))
    if rank[chain[0]] < rank[chain[-1]]:
        points = [(start, source.y + source.height), (start, foot)]
        for name in chain[1:-1]:
            points += [(frame.lanes[name], frame.tops[rank[name]]), (frame.lanes[name], frame.foots[rank[name]])]
        return (*points, (end, target.y), (end, target.y))
    points = [(start, source.y), (start, source.y)]
    for name in chain[1:-1]:
        points += [(frame.lanes[name], frame.foots[rank[name]]), (frame.lanes[name], frame.tops[rank[name]])]
    return (*points, (end, frame.foots[rank[chain[-1]]]), (end, target.y + target.height))
