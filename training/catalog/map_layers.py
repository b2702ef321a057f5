"""A map's boxes in rows: which row each box belongs in, and its order there, so that few arrows cross."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import fsum

SWEEPS = 24


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one box to another, or to itself."""

    source: str
    target: str


@dataclass(slots=True)
class Layers:
    """The rows from top to bottom.

    An arrow that passes through rows between holds a place in each: `chains` has, for each link, the boxes and places
    that it runs through, source first.
    """

    rows: list[list[str]]
    rank: dict[str, int]
    chains: list[tuple[str, ...]] = field(default_factory=list)

    def neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Return what each box and place is joined to in the row above, and in the row below."""
        above: dict[str, list[str]] = {name: [] for row in self.rows for name in row}
        below: dict[str, list[str]] = {name: [] for row in self.rows for name in row}
        for chain in self.chains:
            for one, other in pairwise(chain):
                upper, lower = sorted((one, other), key=lambda name: self.rank[name])
                if self.rank[upper] < self.rank[lower]:
                    below[upper].append(lower)
                    above[lower].append(upper)
        return above, below


def layered(names: Sequence[str], links: Sequence[Link], *, first: str, last: Iterable[str]) -> Layers:
    """Put boxes in rows: `first` on top, each other one as many steps below as it is away, and `last` at the bottom."""
    rank = _ranks(names, links, first=first, last=frozenset(last))
    rows: list[list[str]] = [[] for _ in range(max(rank.values()) + 1)]
    for name in names:
        rows[rank[name]].append(name)
    layers = Layers(rows, rank)
    for number, link in enumerate(links):
        layers.chains.append(_chain(number, link, layers))
    _order(layers)
    return layers


def _ranks(names: Sequence[str], links: Sequence[Link], *, first: str, last: frozenset[str]) -> dict[str, int]:
    onward: dict[str, list[str]] = {name: [] for name in names}
    for link in links:
        onward[link.source].append(link.target)
    rank, edge = {first: 0}, [first]
    while edge:
        found = dict.fromkeys(target for name in edge for target in onward[name] if target not in rank)
        rank.update(dict.fromkeys(found, rank[edge[0]] + 1))
        edge = list(found)
    deepest = max((rank[name] for name in names if name in rank and name not in last), default=0)
    return {name: deepest + 1 if name in last else rank.get(name, deepest) for name in names}


def _chain(number: int, link: Link, layers: Layers) -> tuple[str, ...]:
    start, end = layers.rank[link.source], layers.rank[link.target]
    between = range(start + 1, end) if end > start else range(start - 1, end, -1)
    # A slug has no @, so a held place is never taken for a box.
    places = [f"{number}@{row}" for row in between]
    for place, row in zip(places, between, strict=True):
        layers.rank[place] = row
        layers.rows[row].append(place)
    return (link.source, *places, link.target)


def _order(layers: Layers) -> None:
    """Put each row in the order of what its boxes are joined to, down and up again, and keep the best."""
    above, below = layers.neighbours()
    best, fewest = [list(row) for row in layers.rows], _crossings(layers.rows, below)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        joined = above if downwards else below
        rows = layers.rows[1:] if downwards else layers.rows[-2::-1]
        for row in rows:
            _sort_row(row, joined, layers.rows)
        crossings = _crossings(layers.rows, below)
        if crossings < fewest:
            best, fewest = [list(row) for row in layers.rows], crossings
    layers.rows = best


def _sort_row(row: list[str], joined: Mapping[str, list[str]], rows: Iterable[list[str]]) -> None:
    place = {name: number / max(len(other) - 1, 1) for other in rows for number, name in enumerate(other)}

    def middle(name: str) -> float:
        others = joined[name]
        return fsum(place[other] for other in others) / len(others) if others else place[name]

    row.sort(key=middle)


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[str]]) -> int:
    """Count the pairs of arrows between neighbouring rows that cross."""
    crossings = 0
    for upper, lower in pairwise(rows):
        place = {name: number for number, name in enumerate(lower)}
        passed: list[int] = []
        for name in upper:
            ends = sorted(place[other] for other in below[name])
            crossings += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return crossings
