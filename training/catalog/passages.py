"""What cards and scenes are both made of: headings, texts and labelled blocks; and what reading a file gives."""

import re
from dataclasses import dataclass
from pathlib import Path

from training.catalog.blocks import LABELS, Block, Heading, Node, Text
from training.catalog.faults import Faults
from training.catalog.prose import Page, check_prose
from training.catalog.rendering import Renderer
from training.domain.module import Module
from training.domain.scenario import Scenario

FORMATTED = re.compile(r"[\[\]*`<>{}]")


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as read from its file, with what only the whole catalogue can check."""

    item: Module | Scenario
    path: Path
    lines: dict[str, int]
    links: tuple[tuple[int, str], ...]
    nodes: tuple[Node, ...]


def check_heading(heading: Heading, faults: Faults) -> None:
    """Record a heading that says nothing, or that holds marks where only plain words are shown."""
    if not heading.title.strip():
        faults.add(heading.line, "the heading says nothing: write `## What this is about`")
    elif FORMATTED.search(heading.title):
        faults.add(heading.line, "a heading is plain words: take out marks, links, citations and braces")


def read_prose(node: Text | Block, page: Page, renderer: Renderer) -> str:
    """Return the HTML of a text or of a block that only shows words; empty when it has faults."""
    if isinstance(node, Text):
        return renderer.text(node.text) if check_prose(node.text, node.line, page) else ""
    if node.arguments:
        page.faults.add(
            node.line, f"`::: {node.name}` takes nothing after its name: take out `{' '.join(node.arguments)}`"
        )
    if not node.body:
        page.faults.add(node.line, f"`::: {node.name}` is empty: write something in it, or take it out")
    fit = check_prose(node.text.text, node.text.line, page)
    return renderer.block(node.name, node.text.text) if fit and node.name in LABELS else ""
