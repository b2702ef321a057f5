"""Paragraphs that claim something a reader could look up, and say nothing of where."""

import re
from collections.abc import Iterable, Iterator

from training.catalog.blocks import Block, Node, Text
from training.catalog.prose import CITATION

NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
FIGURES = rf"\b\d+(?:[.,]\d+)?\s?%|\bper cent\b|\b{NUMBER} (?:in|out of) (?:every )?{NUMBER}\b|\b(?:19|20)\d\d\b"
PUBLISHED = (
    r"\b(?:study|studies|(?:clinical|controlled|in an?|in one) trials?|researchers?|survey|guidance|guidelines?)\b"
    r"|\b(?:the|no|little|good|strong) evidence\b"
    r"|\b(?:legal|lawful|by law|the law)\b"
    r"|\b(?:NICE|NHS England|CQC|MHRA|GMC|NMC|Mental Capacity Act|Equality Act)\b"
)
EFFECTS = (
    r"\b(?:can|may|could|often) (?:cause|lead to|raise|lower|worsen|trigger)\b|\b(?:higher|lower|more|less) risk\b"
)
CLAIM = re.compile(f"(?i:{FIGURES})|{PUBLISHED}|{EFFECTS}")
# A question cites its own source; the other blocks tell a story, put a belief or ask the reader to do something.
TOLD_AS_TRUE = ("fact", "key")
CHOICE = re.compile(r"^[-*+][ \t]+\[")


def uncited_claims(nodes: Iterable[Node]) -> Iterator[tuple[int, str]]:
    """Yield the line and the telling words of each paragraph that seems to claim something and cites nothing."""
    for node in nodes:
        if isinstance(node, Block) and node.name == "role":
            yield from uncited_claims(node.body)
        elif isinstance(node, Text):
            yield from _in_text(node)
        elif isinstance(node, Block) and node.name in TOLD_AS_TRUE and not CITATION.search(node.text.text):
            yield from _in_text(node.text)


def _in_text(text: Text) -> Iterator[tuple[int, str]]:
    for line, paragraph in _paragraphs(text):
        claim = CLAIM.search(paragraph)
        if claim and not CITATION.search(paragraph) and not CHOICE.match(paragraph):
            yield line + paragraph.count("\n", 0, claim.start()), claim[0]


def _paragraphs(text: Text) -> Iterator[tuple[int, str]]:
    """Yield each paragraph with its first line; one that ends in a colon goes together with what it announces."""
    gathered: list[str] = []
    first = text.line
    for number, words in enumerate([*text.text.split("\n"), ""], text.line):
        if words.strip():
            first = first if gathered else number
            gathered.append(words)
        elif gathered and not gathered[-1].rstrip().endswith(":"):
            yield first, "\n".join(gathered)
            gathered = []
        elif gathered:
            gathered.append("")
    if any(gathered):
        yield first, "\n".join(gathered)
