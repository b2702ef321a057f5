"""Zeros that only a cell's format shows: a staff number formatted 00000 is kept in a workbook as the number 123."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Final
from xml.parsers import expat

STYLES: Final = "xl/styles.xml"
SHEETS: Final = "xl/worksheets/"
# The first part of a format is that of numbers above zero; before it may stand a language in brackets.
ONLY_ZEROS: Final = re.compile(r"(?:\[[^\]]*\])*(00+)(?:;.*)?")
NUMBER: Final = re.compile(
    rb"(<(?:\w+:)?c\s)([^<>]*)(>\s*(?:<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>)(\d+)(?=</)"
)
STYLE, TYPE = re.compile(rb"""(?:^|\s)s=["'](\d+)["']"""), re.compile(rb"""(?:^|\s)t=["'](\w+)["']""")


def with_zeros(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a workbook with such numbers written out as texts, as they are shown."""
    widths = Formats().widths_in(parts[STYLES]) if STYLES in parts else {}
    if not widths:
        return dict(parts)
    write = partial(written_out, widths=widths)
    return {name: NUMBER.sub(write, part) if name.startswith(SHEETS) else part for name, part in parts.items()}


def written_out(cell: re.Match[bytes], *, widths: Mapping[int, int]) -> bytes:
    """Return a cell that holds a whole number as it is shown."""
    begin, attributes, between, digits = cell.groups()
    style, kind = STYLE.search(attributes), TYPE.search(attributes)
    width = widths.get(int(style[1]), 0) if style else 0
    if len(digits) >= width or (kind and kind[1] != b"n"):
        return cell[0]
    return b"%s%s t='str'%s%s" % (begin, TYPE.sub(b"", attributes), between, digits.zfill(width))


class Formats:
    """The formats of a workbook, of which only those with nothing but zeros are kept."""

    def __init__(self) -> None:
        self._zeros: dict[str, int] = {}
        self._widths: dict[int, int] = {}
        self._is_cells = False
        self._count = 0

    def widths_in(self, part: bytes) -> Mapping[int, int]:
        """Return how many digits a number has in cells of each style that fills it up with zeros."""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.Parse(part, True)
        return self._widths

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "numFmt" and (zeros := ONLY_ZEROS.fullmatch(attributes.get("formatCode", ""))):
            self._zeros[attributes.get("numFmtId", "")] = len(zeros[1])
        elif tag == "cellXfs":
            self._is_cells = True
        elif tag == "xf" and self._is_cells:
            if width := self._zeros.get(attributes.get("numFmtId", "")):
                self._widths[self._count] = width
            self._count += 1

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "cellXfs":
            self._is_cells = False
