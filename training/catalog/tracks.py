"""Tracks: for each role, the items to take in order, and those for going further."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from training.catalog.faults import Faults
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import Line, Slug, StrictReader, YamlUnfit, parse_yaml
from training.domain.module import Module
from training.domain.roles import Role
from training.domain.scenario import Scenario

Items = Mapping[str, Module | Scenario]


@dataclass(frozen=True, slots=True)
class Track:
    """The items of a role, modules and scenarios by slug: `core` in the order to take them, `further` for later."""

    role: Role
    title: str
    purpose: str
    core: tuple[str, ...]
    further: tuple[str, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Every slug of the track, the core first."""
        return self.core + self.further


class TrackEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A track as `tracks.yaml` writes it, under its role."""

    title: Line
    purpose: Line
    core: tuple[Slug, ...]
    further: tuple[Slug, ...]


def read_tracks(path: Path, items: Items | None, faults: Faults) -> dict[Role, Track]:
    """Return the tracks of a file; `items` are those that may be named, or None where they are not known.

    A track with faults is left out.
    """
    text = read_source(path, faults)
    node = parse_yaml(text, faults) if text is not None else None
    if node is None:
        return {}
    reader = StrictReader(faults)
    try:
        entries = reader.mapping(node, "")
    except YamlUnfit:
        return {}
    tracks = {}
    for name, (line, value) in entries.items():
        if name not in list(Role):
            faults.add(line, f"`{name}` is not a role: write one of {', '.join(Role)}")
        elif track := _track(Role(name), value, reader):
            tracks[track.role] = track
            _check_items(track, line, items, faults)
    for role in Role:
        if role not in entries:
            faults.add(1, f"there is no track for {role}: add one with title, purpose, core and further")
    return tracks


def _track(role: Role, node: object, reader: StrictReader) -> Track | None:
    try:
        entry = reader.struct(node, TrackEntry, f"{role}.")
    except YamlUnfit:
        return None
    return Track(role, entry.title, entry.purpose, entry.core, entry.further)


def _check_items(track: Track, line: int, items: Items | None, faults: Faults) -> None:
    for slug in dict.fromkeys(track.items):
        if track.items.count(slug) > 1:
            faults.add(line, f"the track of {track.role} names `{slug}` twice: keep one")
        if items is None:
            continue
        if slug not in items:
            faults.add(line, f"the track of {track.role} names `{slug}`, which is no module or scenario: correct it")
        elif items[slug] is not None and track.role not in items[slug].roles:
            faults.add(line, f"`{slug}` is not for {track.role}: add the role to its `roles`, or take it off the track")
