"""The choices at the foot of a scene: list items that link to scenes, with marks in braces."""

import re
from collections.abc import Iterable

from training.catalog.blocks import Node, Text
from training.catalog.faults import Faults
from training.catalog.list_items import ITEM, MORE, Item, read_items
from training.catalog.prose import Page, check_prose
from training.catalog.rendering import Renderer
from training.domain.scenario import Choice, Tag

CHOICE = re.compile(r"^\[(.*)\]\(#([^()\s]*)\)(.*)$")
BEGINS = re.compile(r"^[-*+][ \t]+\[(?!\^)")
MARKS = re.compile(r"(?:\s*\{[^{}]*\})*\s*")
KNOWN_MARKS = "{safe}, {unsafe}, {critical}, {once}, {set fact: value} and {if fact: value}"
MARK = re.compile(r"\{([^{}]*)\}")
FACT = re.compile(r"(set|if)\s+([a-z0-9]+(?:[-_][a-z0-9]+)*)\s*:\s*(\S[^:]*)")


def split_choices(nodes: Iterable[Node], faults: Faults) -> tuple[list[Node], Text | None]:
    """Return what a scene tells, and the text of its list of choices, which must come last."""
    before: list[Node] = []
    listed: Text | None = None
    for node in nodes:
        if listed:
            faults.add(node.line, "this stands after the choices: move it above them")
        elif isinstance(node, Text):
            told, listed = _halves(node)
            before.extend([told] if told else [])
        else:
            before.append(node)
    return before, listed


def _halves(node: Text) -> tuple[Text | None, Text | None]:
    lines = node.text.split("\n")
    first = next((number for number in range(len(lines)) if _begins_choices(lines, number)), None)
    if first is None:
        return node, None
    told = "\n".join(lines[:first]).rstrip()
    listed = Text(node.line + first, "\n".join(lines[first:]))
    return (Text(node.line, told) if told.strip() else None), listed


def _begins_choices(lines: list[str], number: int) -> bool:
    if not BEGINS.match(lines[number]):
        return False
    words = lines[number]
    for more in lines[number + 1 : number + 6]:
        if ITEM.match(more) or not MORE.match(more):
            break
        words += more
    return "](#" in words


def read_choices(
    listed: Text, scene: str, page: Page, renderer: Renderer
) -> tuple[tuple[tuple[Choice, int], ...], bool]:
    """Return the choices of a scene, each with its line, and whether every one could be read as a choice."""
    items = read_items(listed.text, listed.line, page.faults)
    made = [(_choice(f"{scene}:{number}", item, page, renderer), item.line) for number, item in enumerate(items, 1)]
    choices = tuple((choice, line) for choice, line in made if choice)
    return choices, len(choices) == len(items)


def _choice(key: str, item: Item, page: Page, renderer: Renderer) -> Choice | None:
    before = len(page.faults)
    found = CHOICE.match(item.text)
    if not found or item.numbered:
        page.faults.add(item.line, "this is no choice: write `- [What you do](#address-of-a-scene) {safe}`")
        return None
    if not found[1].strip():
        page.faults.add(item.line, "the choice says nothing: write what the learner does in the square brackets")
    if "[" in found[1] or "](" in found[1]:
        page.faults.add(item.line, "a choice is itself a link: cite and link in the scene or the feedback instead")
    if not MARKS.fullmatch(found[3]):
        page.faults.add(item.line, f"only marks in braces may follow a choice, not `{found[3].strip()[:40]}`")
    marks = _marks(MARK.findall(found[3]), item, page.faults)
    check_prose(found[1], item.line, page)
    check_prose(item.feedback, item.feedback_line, page)
    if marks["tag"] is Tag.CRITICAL and not item.feedback:
        page.faults.add(item.line, "a critical choice has no feedback: quote it below, `  > What would happen`")
    if len(page.faults) > before:
        return Choice(key, "", found[2], **marks)
    feedback = renderer.text(item.feedback) if item.feedback else ""
    return Choice(key, renderer.inline(found[1]), found[2], feedback, **marks)


def _marks(words: list[str], item: Item, faults: Faults) -> dict:
    """Return the tag, facts and once-only mark of a choice, as fields of a Choice."""
    tags: list[Tag] = []
    facts: dict[str, dict[str, str]] = {"set": {}, "if": {}}
    once = False
    for mark in (word.strip() for word in words):
        if mark in ("safe", "unsafe", "critical"):
            tags.append(Tag(mark))
        elif mark == "once":
            once = True
        elif (found := FACT.fullmatch(mark)) and found[2] not in facts[found[1]]:
            facts[found[1]][found[2]] = found[3].strip()
        elif found:
            faults.add(item.line, f"`{{{found[1]} {found[2]}: …}}` stands here twice: keep one")
        else:
            faults.add(item.line, f"`{{{mark}}}` is not a mark: the marks are {KNOWN_MARKS}")
    if len(tags) > 1:
        faults.add(item.line, "a choice has one meaning: keep one of {safe}, {unsafe} and {critical}")
    return {"tag": tags[0] if tags else Tag.NONE, "sets": facts["set"], "needs": facts["if"], "once": once}
