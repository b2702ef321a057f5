"""The shape of a body, line by line: `##` headings, `:::` blocks and the text between them."""

import re
from dataclasses import dataclass

from training.catalog.faults import Faults

LABELS = {
    "myth": "Myth",
    "fact": "Fact",
    "good-practice": "Good practice",
    "say": "Say it like this",
    "key": "Key point",
    "reflect": "Reflect",
    "try": "Try it",
}
NAMES = ("role", "question", *LABELS)
FENCE = re.compile(r"^:{3,}[ \t]*(.*)$")
HEADING = re.compile(r"^##(?!#)[ \t]*(.*)$")


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of Markdown; `line` is where its first line stands."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A `##` heading: the start of a card or a scene."""

    line: int
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    """A `:::` block; only role blocks hold headings and other blocks."""

    line: int
    name: str
    arguments: tuple[str, ...]
    body: tuple["Node", ...]

    @property
    def text(self) -> Text:
        """The Markdown of a block that holds nothing else."""
        return next((node for node in self.body if isinstance(node, Text)), Text(self.line, ""))


Node = Text | Heading | Block


def parse_blocks(text: str, first_line: int, faults: Faults) -> tuple[Node, ...]:
    """Return the nodes of a body; blocks that are not closed or not known are faults, and the rest is still read."""
    shape = _Shape(faults)
    lines = text.split("\n")
    done = 0
    for number in [number for number, line in enumerate(lines) if line.startswith("##") or ":::" in line]:
        shape.gather(first_line + done, lines[done:number])
        shape.take(first_line + number, lines[number])
        done = number + 1
    shape.gather(first_line + done, lines[done:])
    return shape.finish()


@dataclass(slots=True)
class _Open:
    line: int
    name: str
    arguments: tuple[str, ...]
    body: list[Node]


class _Shape:
    """The parser's memory: the blocks now open (a role block, a block inside it) and the text being gathered."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.nodes: list[Node] = []
        self.open: list[_Open] = []
        self.lines: list[str] = []
        self.lines_from = 0

    def take(self, number: int, line: str) -> None:
        if fence := FENCE.match(line):
            self._flush()
            self._fence(number, fence[1].split())
        elif heading := HEADING.match(line):
            self._flush()
            self._heading(number, heading[1].rstrip(" \t#"))
        elif line.lstrip().startswith(":::"):
            self.faults.add(number, "::: must begin at the margin: take out the spaces before it")
        else:
            self.gather(number, [line])

    def gather(self, number: int, lines: list[str]) -> None:
        self.lines_from = self.lines_from if self.lines else number
        self.lines.extend(lines)

    def finish(self) -> tuple[Node, ...]:
        self._flush()
        while self.open:
            self._never_closed()
        return tuple(self.nodes)

    @property
    def _here(self) -> list[Node]:
        return self.open[-1].body if self.open else self.nodes

    def _flush(self) -> None:
        blank = next((count for count, line in enumerate(self.lines) if line.strip()), None)
        if blank is not None:
            self._here.append(Text(self.lines_from + blank, "\n".join(self.lines[blank:]).rstrip()))
        self.lines = []

    def _heading(self, number: int, title: str) -> None:
        if self.open and self.open[-1].name != "role":
            self._never_closed()
        self._here.append(Heading(number, title))

    def _fence(self, number: int, words: list[str]) -> None:
        if not words:
            self._close(number)
            return
        name, *arguments = words
        if name not in NAMES:
            self.faults.add(number, f"there is no block `{name}`: the blocks are {', '.join(NAMES)}")
        while self.open and (self.open[-1].name != "role" or name == "role"):
            outer = self.open[-1]
            still_open = f"`::: {outer.name}` is still open where `::: {name}` begins on line {number}"
            self.faults.add(outer.line, f"{still_open}: blocks do not nest, so close it with ::: first")
            self._end()
        self.open.append(_Open(number, name, tuple(arguments), []))

    def _close(self, number: int) -> None:
        if self.open:
            self._end()
        else:
            self.faults.add(number, "there is no block open to close: take out this :::, or open one with `::: name`")

    def _never_closed(self) -> None:
        outer = self.open[-1]
        self.faults.add(outer.line, f"`::: {outer.name}` is never closed: put ::: on a line of its own after it")
        self._end()

    def _end(self) -> None:
        block = self.open.pop()
        if block.name in NAMES:
            self._here.append(Block(block.line, block.name, block.arguments, tuple(block.body)))
