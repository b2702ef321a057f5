"""The text of one Twine passage: its links, its prose, and what only a story format understands left behind."""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from training.catalog.importing import markdown_of

COMMENTS = (("/*", "*/"), ("/%", "%/"), ("<!--", "-->"))
PROGRAMMES = (("<script", "</script>", "a script"), ("<style", "</style>", "a stylesheet"))
MACROS = (("<<", ">>"), ("<%", "%>"))
# Harlowe's macros look like words in brackets; where the format is not known, only the commonest count as such.
HARLOWE_MACRO = re.compile(r"\([A-Za-z][\w-]*+:")
LIKELY_MACRO = re.compile(r"\((?:set|if|else-if|else|unless|print|display|link|link-goto|go-to):")
CHAPBOOK_VARIABLES = re.compile(r"\A(?:[^\n]*\n){0,60}?--[ \t]*(?:\n|\Z)")
CHAPBOOK_LINE = re.compile(r"^[ \t]*\[[A-Za-z][^\[\]\n]*\][ \t]*$", re.MULTILINE)
INSERT = re.compile(r"\{[^{}\n]*+\}")
VARIABLE = re.compile(r"\$[A-Za-z_]\w*")
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*+)[^<>]*+>")
SHOWN = {"img", "audio", "video", "iframe", "object", "svg"}
BOLD, ITALIC = re.compile(r"''([^'\n]+)''"), re.compile(r"(?<![:/])//([^/\n]+)//(?!/)")
BULLET = re.compile(r"[\s*+\-•.,;:|>]*+(?:\d++[.)])?\s*+")


@dataclass(frozen=True, slots=True)
class LinkOut:
    """A link as it stands in a passage: its words, the passage it names, and its line."""

    line: int
    words: str
    target: str


class Stripper:
    """Takes out of a passage what cannot be carried, line by line accounted for in `left`."""

    def __init__(self, text: str, first_line: int, story_format: str) -> None:
        self.text = text
        self.first_line = first_line
        self.story_format = story_format.lower()
        self.left: list[tuple[int, str]] = []
        self._mapped, self._ends = "", []

    def strip(self) -> str:
        """Return the text with prose and links alone; every line stays on its own number."""
        for opener, closer in COMMENTS:
            self._cut(opener, closer, "")
        for opener, closer, what in PROGRAMMES:
            self._cut(opener, closer, what)
        for opener, closer in MACROS:
            self._cut(opener, closer, "the macro")
        self._cut("[img[", "]]", "a picture")
        if self.story_format.startswith("harlowe"):
            self._cut_macros(HARLOWE_MACRO)
        elif not self.story_format:
            self._cut_macros(LIKELY_MACRO)
        if self.story_format.startswith("chapbook"):
            self._sub(CHAPBOOK_VARIABLES, "the variables")
            self._sub(CHAPBOOK_LINE, "the modifier")
            self._sub(INSERT, "the insert")
        for found in VARIABLE.finditer(self.text):
            self._note(found.start(), f"the value of {found[0]}")
        return self._without_tags()

    def _note(self, offset: int, what: str) -> None:
        if self._mapped is not self.text:
            self._mapped, self._ends = self.text, [found.start() for found in re.finditer("\n", self.text)]
        self.left.append((self.first_line + bisect_left(self._ends, offset), what))

    def _cut(self, opener: str, closer: str, what: str) -> None:
        """Take out everything from an opener to its closer; one without a closer stays as words."""
        kept, at = [], 0
        while (start := self.text.find(opener, at)) >= 0:
            end = self.text.find(closer, start + len(opener))
            if end < 0:
                break
            piece = self.text[start : end + len(closer)]
            if what:
                self._note(start, f"{what} {_shown(piece)}" if what == "the macro" else what)
            kept += [self.text[at:start], "\n" * piece.count("\n")]
            at = end + len(closer)
        self.text = "".join([*kept, self.text[at:]])

    def _cut_macros(self, begins: re.Pattern) -> None:
        kept, at = [], 0
        while found := begins.search(self.text, at):
            end = _closing(self.text, found.start())
            if end < 0:
                break
            piece = self.text[found.start() : end]
            self._note(found.start(), f"the macro {_shown(piece)}")
            kept += [self.text[at : found.start()], "\n" * piece.count("\n")]
            at = end
        self.text = "".join([*kept, self.text[at:]])

    def _sub(self, pattern: re.Pattern, what: str) -> None:
        for found in pattern.finditer(self.text):
            self._note(found.start(), f"{what} {_shown(found[0])}")
        self.text = pattern.sub(lambda found: "\n" * found[0].count("\n"), self.text)

    def _without_tags(self) -> str:
        for found in TAG.finditer(self.text):
            name = found[1].lower()
            if name not in ("br", "p", "div", "span"):
                self._note(found.start(), "a picture, sound or film" if name in SHOWN else f"the formatting <{name}>")
        return TAG.sub("", self.text)


def _shown(piece: str) -> str:
    words = " ".join(piece.split())
    return words if len(words) <= 40 else f"{words[:39]}…"


def _closing(text: str, start: int) -> int:
    """Return where the bracket opened at `start` has been closed, or -1."""
    depth = 0
    for found in re.compile(r"[()]").finditer(text, start):
        depth += 1 if found[0] == "(" else -1
        if not depth:
            return found.end()
    return -1


def links_of(text: str, first_line: int) -> Iterator[tuple[LinkOut, tuple[int, int], bool]]:
    """Yield each `[[link]]` of a text, where it stands, and whether it sets something as well."""
    at = counted = 0
    line = first_line
    while (start := text.find("[[", at)) >= 0:
        # A link may be all that a Harlowe hook holds: [[[words]]].
        start += text.startswith("[[[", start)
        end = text.find("]]", start)
        if end < 0:
            return
        line += text.count("\n", counted, start)
        counted = start
        at = end + 2
        inner, _, setter = text[start + 2 : end].partition("][")
        if "\n" not in inner:
            yield LinkOut(line, *_parted(inner)), (start, at), bool(setter)


def _parted(inner: str) -> tuple[str, str]:
    """Return the words and the target of a link in any of Twine's ways to write one."""
    if "->" in inner:
        words, _, target = inner.rpartition("->")
    elif "<-" in inner:
        target, _, words = inner.partition("<-")
    elif "|" in inner:
        words, _, target = inner.partition("|")
    else:
        words = target = inner
    return words.strip() or target.strip(), target.strip()


def prose_of(text: str, spans: list[tuple[int, int]], words: list[str], *, hooks: bool) -> str:
    """Return a stripped text as Markdown, each link replaced by its words; a line of links alone is left out.

    `hooks` takes out the square brackets that Harlowe puts round words.
    """
    pieces, at = [], 0
    for (start, end), said in zip(spans, words, strict=True):
        pieces += [_unhooked(text[at:start], hooks=hooks), f"\0{said}\0"]
        at = end
    whole = "".join([*pieces, _unhooked(text[at:], hooks=hooks)])
    lines = (_line(line) for line in whole.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _unhooked(words: str, *, hooks: bool) -> str:
    return words.replace("[", "").replace("]", "") if hooks else words


def _line(line: str) -> str:
    if not line.strip():
        return ""
    # Odd pieces are the words of links.
    pieces = line.split("\0")
    around = "".join(pieces[::2])
    if len(pieces) > 1 and BULLET.fullmatch(around):
        return ""
    shown = html.unescape("".join(pieces))
    marked = markdown_of(shown, keep_emphasis=True)
    return ITALIC.sub(r"*\1*", BOLD.sub(r"**\1**", marked))
