"""A content file as its author sees it: the item it makes, and the lines that things stand on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from training.catalog.blocks import Node
from training.catalog.faults import Faults
from training.catalog.glossary import Glossary, read_glossary
from training.catalog.library import GLOSSARY, READERS
from training.catalog.modules import read_module
from training.catalog.scenarios import read_scenario
from training.catalog.source_text import read_source
from training.domain.module import Module
from training.domain.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Authored:
    """An item beside the text it was made of."""

    path: Path
    item: Module | Scenario
    text: str
    nodes: tuple[Node, ...]
    lines: Mapping[str, int]

    def line_of_source(self, key: str) -> int:
        """Return the line on which a source is listed."""
        first = self.lines["sources"]
        named = re.compile(rf"""(?:^\s*|[{{,]\s*)["']?{re.escape(key)}["']?\s*:""")
        lines = self.text.split("\n")[first - 1 :]
        return next((number for number, line in enumerate(lines, first) if named.search(line)), first)


def item_files(path: Path) -> list[Path]:
    """Return the module and scenario files of a content folder, of one folder of them, or the one file."""
    if path.is_dir():
        inside = [file for name in READERS for file in sorted((path / name).glob("*.md"))]
        return inside or sorted(path.glob("*.md"))
    return [path] if path.suffix == ".md" else []


def read_authored(path: Path) -> tuple[Authored | None, Faults]:
    """Return the item of a file with its lines, or None with faults."""
    faults = Faults(str(path))
    text = read_source(path, faults)
    if text is None:
        return None, faults
    read = READERS.get(path.parent.name) or (read_scenario if "{#" in text else read_module)
    reading = read(path, text, faults)
    if reading is None:
        return None, faults
    return Authored(path, reading.item, text, reading.nodes, reading.lines), faults


def authored_in(path: Path) -> Iterator[Authored]:
    """Yield the items of a content folder, of one folder of them, or of one file; those with faults are left out."""
    for file in item_files(path):
        authored, _ = read_authored(file)
        if authored:
            yield authored


def glossary_near(path: Path, otherwise: Path) -> Glossary:
    """Return the glossary of the content folder that a path lies in, or that of another content folder."""
    folders = [path, *path.absolute().parents[:2]]
    found = next((folder for folder in folders if (folder / GLOSSARY).is_file()), otherwise)
    return read_glossary(found / GLOSSARY, Faults(str(found / GLOSSARY)))
