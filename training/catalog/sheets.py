"""Sheets to print: the words of `sheets.yaml`, read strictly, with room to write in every space."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec
from yaml.nodes import MappingNode, Node

from training.catalog.faults import Faults
from training.catalog.front_matter import SignOffEntry, SourceEntry, Version
from training.catalog.prose import CITATION
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import Day, Flag, Line, Slug, StrictReader, YamlUnfit, parse_yaml
from training.domain.module import SignOff, Source
from training.domain.sheet import Item, Part, PartKind, Phrase, Piece, Sheet

MOST_CHARACTERS = 256 * 1024
MOST_PAGES = 2
# Citations that stand beside each other, after the words that they belong to.
CITED = re.compile(rf"((?:\s*{CITATION.pattern.replace('(', '(?:')})+)")
Lines = Annotated[int, msgspec.Meta(ge=1, le=12, description="how many lines there are to write on, from 1 to 12")]
Rows = Annotated[int, msgspec.Meta(ge=1, le=20, description="how many empty rows there are, from 1 to 20")]
Width = Annotated[
    int, msgspec.Meta(ge=10, le=90, multiple_of=5, description="a per cent of the page, from 10 to 90 in steps of 5")
]


class ItemEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A question, column, row or point as `sheets.yaml` writes it."""

    words: Line
    hint: Line = ""
    lines: Lines | None = None
    width: Width | None = None


class PartEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a sheet as `sheets.yaml` writes it; its `lines` go for every item that names none of its own."""

    kind: PartKind
    heading: Line
    items: tuple[ItemEntry, ...]
    note: Line = ""
    lines: Lines | None = None
    rows: Rows | None = None
    new_page: Flag = False


class SheetEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as `sheets.yaml` writes it, under its slug."""

    title: Line
    summary: Line
    landscape: Flag
    blanks: tuple[Line, ...]
    parts: tuple[PartEntry, ...]
    version: Version
    sources: dict[str, SourceEntry]
    written_on: Day
    review_by: Day
    clinical_signoff: SignOffEntry | None = None


class Citing:
    """Turns `[^key]` into the numbers of sources, in the order in which they are listed, and knows which are unused."""

    def __init__(self, sources: Iterable[str], faults: Faults) -> None:
        self.numbers = {key: number for number, key in enumerate(sources, 1)}
        self.unused = dict.fromkeys(self.numbers)
        self.faults = faults

    def phrase(self, text: str, line: int) -> Phrase:
        """Return words with what they cite; what is no source is a fault at the line."""
        parts = CITED.split(text)
        pairs = zip_longest(parts[::2], parts[1::2], fillvalue="")
        return Phrase(tuple(self._piece(words, cited, line) for words, cited in pairs if words or cited))

    def _piece(self, words: str, cited: str, line: int) -> Piece:
        keys = CITATION.findall(cited)
        for key in keys:
            self.unused.pop(key, None)
            if key not in self.numbers:
                self.faults.add(line, f"[^{key}] is not one of the `sources`: add it, or correct the name")
        return Piece(words, tuple(self.numbers[key] for key in dict.fromkeys(keys) if key in self.numbers))


def read_sheets(path: Path, faults: Faults) -> Mapping[str, Sheet]:
    """Return the sheets of a file by slug; a content folder without one has none, and one with faults is left out."""
    reader = StrictReader(faults)
    sheets = {slug: _sheet(slug, line, node, reader) for slug, (line, node) in _entries(path, reader).items()}
    return MappingProxyType({slug: sheet for slug, sheet in sheets.items() if sheet})


def sheet_names(path: Path) -> frozenset[str]:
    """Return the slugs of the sheets of a file, those with faults too, for links to them."""
    return frozenset(_entries(path, StrictReader(Faults(str(path)))))


def _entries(path: Path, reader: StrictReader) -> dict[str, tuple[int, Node]]:
    if not path.is_file():
        return {}
    text = read_source(path, reader.faults)
    node = parse_yaml(text, reader.faults, most=MOST_CHARACTERS) if text is not None else None
    if node is None:
        return {}
    try:
        return reader.mapping(node, "")
    except YamlUnfit:
        return {}


def _sheet(slug: str, line: int, node: Node, reader: StrictReader) -> Sheet | None:
    faults, before = reader.faults, len(reader.faults)
    try:
        msgspec.convert(slug, Slug)
        entry = reader.struct(node, SheetEntry, f"{slug}.")
    except msgspec.ValidationError:
        faults.add(line, f"`{slug}` is the address of a sheet: use small letters, figures and hyphens")
        return None
    except YamlUnfit:
        return None
    citing = Citing(entry.sources, faults)
    lines = [reader.line(part) for part in _below(node, "parts")]
    parts = tuple(
        _part(part, below, citing, reader) for part, below in zip(entry.parts, _below(node, "parts"), strict=True)
    )
    for at, message in _faults_of_sheet(entry, line, lines, citing):
        faults.add(at, message)
    return _made(slug, entry, parts) if len(faults) == before else None


def _below(node: Node, key: str) -> list[Node]:
    """Return the nodes of a list, to know their lines; the mapping it stands in has been read without a fault."""
    assert isinstance(node, MappingNode)  # noqa: S101 (read as a struct before)
    return next(value.value for name, value in node.value if name.value == key)


def _faults_of_sheet(entry: SheetEntry, line: int, lines: list[int], citing: Citing) -> Iterator[tuple[int, str]]:
    if not entry.parts:
        yield line, "`parts` is empty: a sheet needs something to fill in"
    if entry.review_by <= entry.written_on:
        yield line, "`review_by` is not after `written_on`: give the day of the next review"
    for key in citing.unused:
        yield line, f"nothing cites the source `{key}`: cite it as [^{key}], or take it out"
    begun = [at for at, part in zip(lines[1:], entry.parts[1:], strict=True) if part.new_page]
    for at in begun[MOST_PAGES - 1 :]:
        yield at, f"this begins page {MOST_PAGES + 1}: a sheet has one page, or two on one piece of paper"
    for at, part in zip(lines, entry.parts, strict=True):
        if part.kind is PartKind.WEEK and not entry.landscape:
            yield at, "a week has no room on an upright page: write `landscape: true`"


def _part(entry: PartEntry, node: Node, citing: Citing, reader: StrictReader) -> Part:
    lines = [reader.line(item) for item in _below(node, "items")]
    for message in _faults_of_part(entry):
        reader.faults.add(reader.line(node), message)
    return Part(
        kind=entry.kind,
        heading=entry.heading,
        note=citing.phrase(entry.note, reader.line(node)),
        items=tuple(_item(item, at, entry, citing) for item, at in zip(entry.items, lines, strict=True)),
        rows=entry.rows or 0,
        lines=entry.lines or 0,
        new_page=entry.new_page,
    )


def _faults_of_part(entry: PartEntry) -> Iterator[str]:
    if not entry.items:
        yield "`items` is empty: name at least one"
    if entry.kind is PartKind.TABLE:
        yield from _faults_of_table(entry)
        return
    if entry.rows is not None or any(item.width is not None for item in entry.items):
        yield f"`rows` and `width` are for a table: take them out of this {entry.kind}"
    own_lines = [item.lines is not None for item in entry.items]
    if entry.kind is PartKind.LIST and (entry.lines is not None or any(own_lines)):
        yield "a list is there to read: take out its `lines`, or make it `spaces`"
    if entry.kind is not PartKind.LIST and entry.lines is None and not all(own_lines):
        yield "nobody can write where there is no room: give `lines` for the part, or for each item"


def _faults_of_table(entry: PartEntry) -> Iterator[str]:
    if entry.rows is None or entry.lines is None:
        yield "a table needs `rows`, and `lines` for the height of each"
    if any(item.lines is not None for item in entry.items):
        yield "the items of a table are its columns: give `lines` for the table, and a `width` for each column"
    if sum(item.width or 0 for item in entry.items) != 100 or not all(item.width for item in entry.items):
        yield "the columns do not fill the page: give each a `width`; together they make 100"


def _item(entry: ItemEntry, line: int, part: PartEntry, citing: Citing) -> Item:
    spaced = part.kind in {PartKind.SPACES, PartKind.WEEK}
    return Item(
        phrase=citing.phrase(entry.words, line),
        hint=citing.phrase(entry.hint, line),
        lines=(entry.lines or part.lines or 0) if spaced else 0,
        width=entry.width or 0,
    )


def _made(slug: str, entry: SheetEntry, parts: tuple[Part, ...]) -> Sheet:
    signoff = entry.clinical_signoff
    same = ("title", "summary", "landscape", "blanks", "version", "written_on", "review_by")
    return Sheet(
        slug=slug,
        parts=parts,
        sources=tuple(Source(key=key, **msgspec.structs.asdict(source)) for key, source in entry.sources.items()),
        clinical_signoff=SignOff(signoff.who, signoff.on) if signoff else None,
        **{name: getattr(entry, name) for name in same},
    )
