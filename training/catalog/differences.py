"""What changed between two content files, or two folders of them, in lines for an author to read."""

import html
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from training.catalog.authored import item_files, read_authored
from training.catalog.faults import ContentFaulty, Fault
from training.domain.changes import Difference, changed_cards, changed_front, changed_scenes, changed_sources
from training.domain.module import Module, SignOff
from training.domain.scenario import Scenario

TAG = re.compile(r"<[^>]*>")


class NotComparable(Exception):
    """The two cannot be compared because they are not of one kind."""


def differences(before: Path, after: Path) -> list[str]:
    """Compare two files, or the items of two folders by kind and name.

    Raises: NotComparable, and ContentFaulty where either side has faults.
    """
    if before.is_dir() != after.is_dir():
        raise NotComparable(f"{before} and {after} are a file and a folder: give two files, or two folders.")
    first, second = _items(before), _items(after)
    if not before.is_dir():
        ((_, one),), ((name, other),) = first.items(), second.items()
        if type(one) is not type(other):
            raise NotComparable(f"{before} is a {one.kind} and {after} a {other.kind}: give two of one kind.")
        first, second = {name: one}, {name: other}
    return list(_between(first, second))


def _items(path: Path) -> dict[tuple[str, str], Module | Scenario]:
    faults: list[Fault] = []
    items = {}
    for file in item_files(path) if path.is_dir() else [path]:
        authored, of_file = read_authored(file)
        faults.extend(of_file.found)
        if authored:
            items[authored.item.kind, authored.item.slug] = authored.item
    if faults:
        raise ContentFaulty(faults)
    return items


def _between(first: dict, second: dict) -> Iterator[str]:
    for name in sorted({*first, *second}):
        kind, slug = name
        if name not in first:
            yield f"{kind} {slug}: added"
        elif name not in second:
            yield f"{kind} {slug}: removed"
        elif lines := [*_front(first[name], second[name]), *_body(first[name], second[name])]:
            yield f"{kind} {slug}: changed"
            yield from (f"  {line}" for line in lines)


def _front(before: Module | Scenario, after: Module | Scenario) -> Iterator[str]:
    for name, values in changed_front(before, after).items():
        yield f"{name}: {_shown(values[0])} -> {_shown(values[1])}"
    yield from _lines("source", changed_sources(before, after))


def _body(before: Module | Scenario, after: Module | Scenario) -> Iterator[str]:
    if isinstance(after, Scenario):
        story = changed_scenes(before, after)
        yield from _lines("scene", story.scenes)
        yield from _lines("choice", story.choices)
        return
    for role in dict.fromkeys((*before.roles, *after.roles)):
        changes = changed_cards(before, after, role)
        yield from (f"{role}: {line}" for line in _lines("card", changes.cards))
        yield from (f"{role}: {line}" for line in _lines("question", changes.questions))


def _lines(thing: str, found: Difference) -> Iterator[str]:
    for field in fields(found):
        for name in getattr(found, field.name):
            yield f"{thing} {field.name}: {html.unescape(TAG.sub('', name))}"


def _shown(value: object) -> str:
    """Return a front matter value as an author would write it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {words}" for name, words in value.items()) + "}"
    if isinstance(value, SignOff):
        return f"{value.who}, {value.on}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value not in ("", None) else "nothing"
