"""Every outside address that the content cites or links to, each once, with the places where it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode

from training.catalog.authored import Authored, item_files, read_authored
from training.catalog.easy_read import easy_read_files, read_easy_reads
from training.catalog.faults import Faults
from training.catalog.library import RESOURCES
from training.catalog.prose import LINK
from training.catalog.resources import MOST_CHARACTERS, read_resources
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import parse_yaml

WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One line of one file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Cited:
    """The addresses of some content, each with its places in order; `unread` are files that faults keep closed."""

    places: dict[str, tuple[Place, ...]]
    unread: tuple[str, ...]


def cited_in(path: Path) -> Cited:
    """Return what a content folder, a folder of items, or one file cites: resources, sources, and links in the text."""
    twins = easy_read_files(path)
    items = [file for file in item_files(path) if file not in twins]
    found: dict[str, list[Place]] = {}
    unread = []
    for file in [*items, *twins, *_resource_files(path)]:
        pairs = _in_twin(file) if file in twins else _in_resources(file) if file.name == RESOURCES else _in_item(file)
        if pairs is None:
            unread.append(str(file))
        for address, line in pairs or ():
            found.setdefault(address, []).append(Place(str(file), line))
    return Cited({address: tuple(sorted(set(places))) for address, places in found.items()}, tuple(unread))


def _resource_files(path: Path) -> list[Path]:
    file = path / RESOURCES if path.is_dir() else path
    return [file] if file.name == RESOURCES and file.is_file() else []


def _in_item(path: Path) -> list[tuple[str, int]] | None:
    authored, _ = read_authored(path)
    return None if authored is None else [*_in_sources(authored), *_in_text(authored)]


def _in_sources(authored: Authored) -> Iterator[tuple[str, int]]:
    for source in authored.item.sources:
        yield source.url, authored.line_of_source(source.key)


def _in_text(authored: Authored) -> Iterator[tuple[str, int]]:
    for link in LINK.finditer(authored.text):
        if link[1].startswith(WEB):
            yield link[1], authored.text.count("\n", 0, link.start()) + 1


def _in_twin(path: Path) -> list[tuple[str, int]] | None:
    twins, _ = read_easy_reads(path)
    if path.stem not in twins:
        return None
    lines = path.read_text(encoding="utf-8").split("\n")
    addresses = [source.url for source in twins[path.stem].sources]
    return [(url, next((number for number, line in enumerate(lines, 1) if url in line), 1)) for url in addresses]


def _in_resources(path: Path) -> Iterable[tuple[str, int]] | None:
    faults = Faults(str(path))
    resources = read_resources(path, faults)
    if len(faults):
        return None
    lines = _lines_of_addresses(path)
    return [(resource.url, lines[resource.slug]) for resource in resources]


def _lines_of_addresses(path: Path) -> dict[str, int]:
    """Return the line of each resource's address, by slug, in a file that was read without a fault."""
    faults = Faults(str(path))
    root = parse_yaml(read_source(path, faults) or "", faults, most=MOST_CHARACTERS)
    entries = root.value if isinstance(root, MappingNode) else []
    return {
        slug.value: key.start_mark.line + 1 for slug, entry in entries for key, _ in entry.value if key.value == "url"
    }
