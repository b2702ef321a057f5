"""A body taken apart into its smallest stretches of words, each with the mark that says what stands there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from training.catalog.blocks import Block, Heading, Node, Text
from training.catalog.faults import Faults
from training.catalog.list_items import Item
from training.catalog.questions import BOX, PAIR, halves

PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
END = "the end of the file"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words and the line that they begin on; `mark` names what they are, in the words of a fault."""

    line: int
    mark: str
    text: str = ""


def stretches(nodes: tuple[Node, ...]) -> Iterator[Stretch]:
    """Yield a body's headings, paragraphs, options and feedback in order, and where blocks begin and end."""
    for node in nodes:
        if isinstance(node, Heading):
            yield Stretch(node.line, "a `##` heading", node.title)
        elif isinstance(node, Text):
            yield from _paragraphs(node)
        else:
            yield Stretch(node.line, f"`::: {' '.join([node.name, *node.arguments])}`")
            yield from _asked(node) if node.name == "question" else stretches(node.body)
            yield Stretch(node.line, f"the end of `::: {node.name}`")


def _paragraphs(text: Text) -> Iterator[Stretch]:
    at = 0
    for gap in [*PARAGRAPHS.finditer(text.text), None]:
        words = text.text[at : gap.start() if gap else None]
        yield Stretch(text.line + text.text.count("\n", 0, at), "a paragraph", words)
        at = gap.end() if gap else at


def _asked(block: Block) -> Iterator[Stretch]:
    prompt, items = halves(block, Faults(""))
    yield Stretch(block.text.line, "what is asked", prompt)
    for item in items:
        yield from _option(item)
        yield Stretch(item.feedback_line or item.line, "feedback", item.feedback)


def _option(item: Item) -> Iterator[Stretch]:
    pair = PAIR.match(item.text)
    if item.numbered:
        yield Stretch(item.line, "a numbered step", item.text)
    elif box := BOX.match(item.text):
        yield Stretch(item.line, "an option that is ticked" if box[1] in "xX" else "an option without a tick", box[2])
    elif pair:
        yield Stretch(item.line, "the left of a pair", pair[1])
        yield Stretch(item.line, "the right of a pair", pair[2])
    else:
        yield Stretch(item.line, "an option that is none", item.text)
