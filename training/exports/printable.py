"""What of a text that a person typed can be put on paper: every letter that a font has, and a box for the rest.

The typesetter refuses a whole document for one character without a glyph, and for control characters; and it may lose a
letter whose accent an earlier font has. So the font of every letter, with the marks on it, is settled here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from unicodedata import bidirectional, category, combining, normalize

BOX = "\u25a1"
BREAK = "\u200b"
_JOINERS = "\u200c\u200d"
_TAGS = range(0xE0020, 0xE0080)
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_MOST_MARKS = 8
_VIRAMA = 9  # its combining class: the sign that joins a letter to the next one
_LONGEST_WORD = 36

Fonts = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font sets, and the family of that font."""

    text: str
    family: str


@dataclass(frozen=True, slots=True)
class Printable:
    """A text as it can be printed, the way its first letter runs, and whether part of it is a box or left out."""

    runs: tuple[Run, ...]
    right_to_left: bool
    incomplete: bool

    @property
    def text(self) -> str:
        """Return the text that will stand on the page."""
        return "".join(run.text for run in self.runs)


def printable(text: str, *, fonts: Fonts) -> Printable:
    """Return the text on one line, with only what the fonts, given in order of preference, can set.

    Control characters, line ends, unseen format characters and everything that turns the direction of writing go (a
    name must not be able to read as another one); the joiners that Persian, Sinhala and emoji need stay. A letter that
    no font has is printed as the plain letter it stands for, if it stands for one, and else as a box; so is a text of
    which nothing is left, but an empty text stays empty. A word too long for a line may break anywhere.
    """
    seen = " ".join("".join(map(_seen, normalize("NFC", text))).split())
    line = _breakable(_unstacked(seen))
    runs, whole = _set(line or (BOX if text else ""), fonts)
    incomplete = not whole or line.replace(BREAK, "") != seen or (bool(text) and not seen)
    return Printable(runs=runs, right_to_left=_runs_right_to_left(line), incomplete=incomplete)


def _runs_right_to_left(line: str) -> bool:
    return next((way for way in map(bidirectional, line) if way in {"L", "R", "AL"}), "L") != "L"


def _seen(character: str) -> str:
    kind = category(character)
    if kind in {"Cc", "Zl", "Zp"}:
        return " " if character.isspace() else ""
    unseen = kind == "Cs" or (kind == "Cf" and character not in _JOINERS and ord(character) not in _TAGS)
    return "" if unseen else character


def _unstacked(line: str) -> str:
    if line.isascii():
        return line
    return "".join(cluster[: 1 + _MOST_MARKS] for cluster in _clusters(line))


def _breakable(line: str) -> str:
    return " ".join(_with_breaks(word) if len(word) > _LONGEST_WORD else word for word in line.split(" "))


def _with_breaks(word: str) -> str:
    clusters = list(_clusters(word))
    if len(clusters) <= _LONGEST_WORD:
        return word
    return "".join(cluster if _joins_on(cluster[-1]) else cluster + BREAK for cluster in clusters).removesuffix(BREAK)


def _joins_on(character: str) -> bool:
    return character in _JOINERS or combining(character) == _VIRAMA


def _clusters(text: str) -> Iterator[str]:
    """Split the text into letters, each with the marks and joiners that cling to it."""
    start = 0
    for position in range(1, len(text)):
        if not _clings(text[position]):
            yield text[start:position]
            start = position
    if text:
        yield text[start:]


def _clings(character: str) -> bool:
    return category(character).startswith("M") or _may_be_lost(character)


def _may_be_lost(character: str) -> bool:
    return character in _JOINERS + BREAK or ord(character) in _TAGS or ord(character) in _SELECTORS


def _set(line: str, fonts: Fonts) -> tuple[tuple[Run, ...], bool]:
    """Return the runs of a line, and whether they hold all of it."""
    points = {ord(character) for character in line} - {ord(BREAK)}
    for family, has in fonts.items():
        if points <= has:
            return (Run(line, family),) if line else (), True
    pieces = [_piece(cluster, fonts) for cluster in _clusters(line)]
    runs = groupby((run for run, _ in pieces), key=lambda run: run.family)
    joined = tuple(Run("".join(run.text for run in group), family) for family, group in runs)
    return joined, all(whole for _, whole in pieces)


def _piece(cluster: str, fonts: Fonts) -> tuple[Run, bool]:
    """Return as much of a letter and its marks as one font has, and whether that is all of it."""
    letter, marks = cluster[0], cluster[1:]
    having = [family for family, has in fonts.items() if ord(letter) in has]
    if not having:
        return _stand_in(letter, fonts)
    family = max(having, key=lambda family: sum(ord(mark) in fonts[family] for mark in marks))
    kept = "".join(mark for mark in marks if ord(mark) in fonts[family] or mark == BREAK)
    return Run(letter + kept, family), all(mark in kept or _may_be_lost(mark) for mark in marks)


def _stand_in(letter: str, fonts: Fonts) -> tuple[Run, bool]:
    for text, whole in ((normalize("NFKC", letter), True), (BOX, False)):
        for family, has in fonts.items():
            if has.issuperset(map(ord, text)):
                return Run(text, family), whole
    return Run("?", next(iter(fonts))), False
