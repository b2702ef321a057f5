"""The whole content folder: read into one frozen catalogue, or checked for every fault in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from training.catalog.easy_read import FOLDER as EASY_READ
from training.catalog.easy_read import easy_read_files, read_easy_reads
from training.catalog.faults import ContentFaulty, Fault, Faults
from training.catalog.glossary import Glossary, read_glossary
from training.catalog.modules import read_module
from training.catalog.passages import Reading
from training.catalog.pausing import collector_paused
from training.catalog.resources import Resource, read_resources
from training.catalog.scenarios import read_scenario
from training.catalog.sheets import read_sheets, sheet_names
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import NAME
from training.catalog.tracks import Track, read_tracks
from training.catalog.translations import Translations, is_of_translations, read_translations
from training.domain.easy_read import EasyRead
from training.domain.module import Module
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.sheet import Sheet
from training.domain.translation import TranslatedModule

READERS = {"modules": read_module, "scenarios": read_scenario}
TRACKS, GLOSSARY, RESOURCES, SHEETS = "tracks.yaml", "glossary.yaml", "resources.yaml", "sheets.yaml"
NAME_OF_FILE = re.compile(NAME[:-1] + r"\.md$")
Read = Callable[[Path], tuple[Reading | None, Faults]]


class ItemUnknown(LookupError):
    """The item cannot be found because the catalogue has no module or scenario of that name."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything there is to learn, by slug; modules and scenarios share one set of names.

    An Easy Read twin has the slug of its module.
    """

    modules: Mapping[str, Module]
    scenarios: Mapping[str, Scenario]
    tracks: Mapping[Role, Track]
    glossary: Glossary = field(default_factory=lambda: Glossary({}))
    resources: tuple[Resource, ...] = ()
    sheets: Mapping[str, Sheet] = field(default_factory=lambda: MappingProxyType({}))
    easy_reads: Mapping[str, EasyRead] = field(default_factory=lambda: MappingProxyType({}))
    translations: Translations = field(default_factory=lambda: MappingProxyType({}))

    def item(self, slug: str) -> Module | Scenario:
        """Return the module or scenario of a slug.

        Raises: ItemUnknown.
        """
        found = self.find(slug)
        if found is None:
            raise ItemUnknown(slug)
        return found

    def items_for(self, role: Role) -> tuple[Module | Scenario, ...]:
        """Return what a role may take: its track in order, then the rest that serves it by title."""
        on_track = [self.item(slug) for slug in self.tracks[role].items]
        others = [item for item in self.items() if role in item.roles and item not in on_track]
        return (*on_track, *sorted(others, key=lambda item: item.title))

    def title(self, slug: str) -> str:
        """Return the title of an item; of one that was withdrawn, its slug, which is all that is left here."""
        found = self.find(slug)
        return found.title if found else slug

    def find(self, slug: str) -> Module | Scenario | None:
        """Return the module or scenario of a slug, if there is one."""
        return self.modules.get(slug) or self.scenarios.get(slug)

    def translation(self, slug: str, *, language: str, with_unreviewed: bool) -> TranslatedModule | None:
        """Return an item in another language, if it has been translated and may be shown."""
        found = self.translations.get(language, {}).get(slug)
        return found if found and (with_unreviewed or not found.translation.awaits_review) else None

    def items(self) -> tuple[Module | Scenario, ...]:
        """Return every module and scenario."""
        return (*self.modules.values(), *self.scenarios.values())


@collector_paused()
def load_catalog(content_dir: Path) -> Catalog:
    """Read every file of a content folder.

    Raises: ContentFaulty, with all the faults of all the files.
    """
    readings, tracks, faults = _read_folder(content_dir)
    glossary, resources, sheets, of_library = _read_library(content_dir)
    easy_reads, of_twins = read_easy_reads(content_dir)
    translations, of_translations = read_translations(content_dir, lambda path: readings.get(path.stem))
    if faults or of_library or of_twins or of_translations:
        raise ContentFaulty([*faults, *of_library, *of_twins, *of_translations])
    items = {slug: reading.item for slug, reading in readings.items()}
    return Catalog(
        modules=MappingProxyType({slug: item for slug, item in items.items() if isinstance(item, Module)}),
        scenarios=MappingProxyType({slug: item for slug, item in items.items() if isinstance(item, Scenario)}),
        tracks=MappingProxyType(tracks),
        glossary=glossary,
        resources=resources,
        sheets=sheets,
        easy_reads=MappingProxyType(easy_reads),
        translations=MappingProxyType(translations),
    )


def read_item(path: Path) -> tuple[Reading | None, Faults]:
    """Return the reading of one file, or None, with what is wrong in the file taken by itself."""
    faults = Faults(str(path))
    text = read_source(path, faults)
    if not NAME_OF_FILE.fullmatch(path.name):
        faults.add(1, "the file's name is its address: use small letters, figures and hyphens, then .md")
    if text is None:
        return None, faults
    read = READERS.get(path.parent.name) or (read_scenario if "{#" in text else read_module)
    return read(path, text, faults), faults


@collector_paused()
def check_content(path: Path, *, read: Read = read_item) -> list[Fault]:
    """Return every fault of a content folder, of one folder of modules, scenarios or twins, or of one file; raise none.

    What only a whole content folder can tell (tracks, links between items, names used twice) is checked when the path
    is one. `read` may remember files that have not changed; it gives `Faults` that may be added to.
    """
    if path.name == TRACKS:
        return sorted(fault for fault in _read_folder(path.parent)[2] if fault.file == str(path))
    if path.name in {GLOSSARY, RESOURCES, SHEETS}:
        return sorted(fault for fault in _read_library(path.parent)[-1] if fault.file == str(path))
    if path.absolute().name == EASY_READ or (path.is_file() and easy_read_files(path)):
        return sorted(read_easy_reads(path)[1])
    of_translations = read_translations(path, lambda original: read(original)[0])[1]
    if is_of_translations(path):
        return sorted(set(of_translations))
    files = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if path.is_dir() and path.name not in READERS and not files:
        of_items, of_library, of_twins = _read_folder(path, read)[2], _read_library(path)[-1], read_easy_reads(path)[1]
        return sorted({*of_items, *of_library, *of_twins, *of_translations})
    return sorted([*set(of_translations), *(fault for file in files for fault in read(file)[1].found)])


def _read_folder(folder: Path, read: Read = read_item) -> tuple[dict[str, Reading], dict[Role, Track], list[Fault]]:
    faults: list[Fault] = []
    found: dict[str, Reading | None] = {}
    paths: dict[str, Path] = {}
    for path in _item_files(folder):
        reading, of_file = read(path)
        if path.stem in paths:
            of_file.add(1, f"the name `{path.stem}` is taken by {paths[path.stem]}: rename this file")
        paths.setdefault(path.stem, path)
        found[path.stem] = reading
        faults.extend(of_file.found)
    readings = {slug: reading for slug, reading in found.items() if reading}
    of_tracks = Faults(str(folder / TRACKS))
    items = {slug: reading and reading.item for slug, reading in found.items()}
    tracks = read_tracks(folder / TRACKS, items, of_tracks)
    lost = [*_broken_links(readings, paths), *_broken_sheet_links(readings, sheet_names(folder / SHEETS))]
    together = [*lost, *_replaced_in_circles(readings)]
    return readings, tracks, [*faults, *of_tracks.found, *together]


def _read_library(folder: Path) -> tuple[Glossary, tuple[Resource, ...], Mapping[str, Sheet], list[Fault]]:
    of_glossary, of_resources, of_sheets = (Faults(str(folder / name)) for name in (GLOSSARY, RESOURCES, SHEETS))
    glossary = read_glossary(folder / GLOSSARY, of_glossary)
    resources = read_resources(folder / RESOURCES, of_resources)
    sheets = read_sheets(folder / SHEETS, of_sheets)
    return glossary, resources, sheets, [*of_glossary.found, *of_resources.found, *of_sheets.found]


def _item_files(folder: Path) -> list[Path]:
    return [path for name in READERS for path in sorted((folder / name).glob("*.md"))]


def _broken_links(readings: Mapping[str, Reading], known: Mapping[str, Path]) -> Iterable[Fault]:
    for reading in readings.values():
        for line, address in reading.links:
            kind, _, slug = address.split("#")[0].strip("/").partition("/")
            if kind in READERS and (slug not in known or known[slug].parent.name != kind):
                yield Fault(str(reading.path), line, f"`{address}` leads nowhere: link to a file of content/{kind}")


def _broken_sheet_links(readings: Mapping[str, Reading], sheets: frozenset[str]) -> Iterable[Fault]:
    for reading in readings.values():
        for line, address in reading.links:
            kind, _, slug = address.split("#")[0].strip("/").partition("/")
            if kind == "sheets" and slug and slug not in sheets:
                yield Fault(str(reading.path), line, f"`{address}` leads nowhere: link to a sheet of content/{SHEETS}")


def _replaced_in_circles(readings: Mapping[str, Reading]) -> Iterable[Fault]:
    for slug, reading in readings.items():
        seen, at = [slug], reading.item.replaces
        while at in readings and at not in seen:
            seen.append(at)
            at = readings[at].item.replaces
        if at == slug:
            message = f"`replaces` goes in a circle ({' -> '.join([*seen, slug])}): an item replaces only older ones"
            yield Fault(str(reading.path), reading.lines["replaces"], message)
