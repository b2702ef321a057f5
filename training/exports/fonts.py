"""The fonts that paper is printed with: where they are, and which characters each of them has.

A font's character table is read here with `struct`, once in a process: it takes a tenth of a second for all of them,
cannot go stale as a list made at build time could, and spares the server a font library.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import error, unpack_from
from typing import TYPE_CHECKING

# The typesetter takes 7 MB, and most processes never print.
if TYPE_CHECKING:
    import typst

_FIRST = ("Noto Sans", "Noto Sans SC")  # our own words; Chinese before Korean, which has other shapes of some signs
_LAST = ("Noto Emoji",)  # it has digits too


class FontsNotBuilt(RuntimeError):
    """A document cannot be printed because the fonts are not in the static files yet."""


class FontNotReadable(ValueError):
    """A font cannot be used because its character table is not in a form that this module knows."""


def font_folder() -> Path:
    """Return the folder that building the assets copies the fonts to; it may not exist yet."""
    return Path(__file__).parent.parent / "static" / "dist" / "fonts"


def compiler_of(template: Path) -> "typst.Compiler":
    """Return what sets a template with these fonts; it is soon made, as the fonts are read once.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    import typst

    return typst.Compiler(template, root=template.parent, font_paths=fonts())


@cache
def fonts() -> "typst.Fonts":
    """Return the fonts that documents are printed with.

    Raises:
        FontsNotBuilt: the assets have not been built.
    """
    return load_fonts(font_folder())


def load_fonts(folder: Path) -> "typst.Fonts":
    """Load the fonts of a folder and no others, so that a page looks the same on every machine.

    Raises:
        FontsNotBuilt: the folder lacks one of the two fonts that no page can do without.
    """
    import typst

    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
    if not set(_FIRST) <= set(found.families()):
        raise FontsNotBuilt(f"{folder} lacks the fonts: build the assets first (`make run` and `make test` do)")
    return found


@cache
def coverage() -> dict[str, frozenset[int]]:
    """Return the code points of each font family, in the order in which they are preferred.

    Raises:
        FontsNotBuilt: the assets have not been built.
        FontNotReadable: a file in the folder has no character table.
    """
    files = {font.family: Path(font.path) for font in fonts().fonts() if font.path}
    order = sorted(files, key=lambda family: (family not in _FIRST, family in _LAST, family))
    return {family: code_points(files[family].read_bytes()) for family in order}


def code_points(font: bytes) -> frozenset[int]:
    """Return the code points that a font has a glyph for.

    Only table formats 4 (16 bit) and 12 (all of Unicode) are read: every Unicode font since the 1990s has one of them.

    Raises:
        FontNotReadable: there is no such table, or the bytes are no font.
    """
    try:
        found = frozenset(point for start in _tables(font) for point in _points(font, start))
    except error as fault:
        raise FontNotReadable("the file is damaged, or is no font") from fault
    if not found:
        raise FontNotReadable("the font has no character table of format 4 or 12")
    return found


def _tables(font: bytes) -> Iterator[int]:
    for entry in range(12, 12 + 16 * unpack_from(">H", font, 4)[0], 16):
        tag, _, offset, _ = unpack_from(">4s3I", font, entry)
        if tag == b"cmap":
            count = unpack_from(">H", font, offset + 2)[0]
            yield from {offset + unpack_from(">I", font, offset + 4 + 8 * i + 4)[0] for i in range(count)}


def _points(font: bytes, start: int) -> Iterator[int]:
    match unpack_from(">H", font, start)[0]:
        case 4:
            yield from _format_4(font, start)
        case 12:
            yield from _format_12(font, start)


def _format_4(font: bytes, start: int) -> Iterator[int]:
    width = unpack_from(">H", font, start + 6)[0]
    ends = start + 14
    columns = [ends, ends + width + 2, ends + 2 * width + 2, ends + 3 * width + 2]
    for segment in range(0, width, 2):
        last, first, delta, where = (unpack_from(">H", font, column + segment)[0] for column in columns)
        glyphs = columns[3] + segment + where
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", font, glyphs + 2 * (point - first))[0] if where else point + delta
            if glyph and (where or glyph & 0xFFFF):
                yield point


def _format_12(font: bytes, start: int) -> Iterator[int]:
    for group in range(unpack_from(">I", font, start + 12)[0]):
        first, last, glyph = unpack_from(">3I", font, start + 16 + 12 * group)
        yield from range(first + (glyph == 0), last + 1)
