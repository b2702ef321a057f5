"""Questions as authors write them: a prompt, then a task list, an ordered list or pairs."""

import re
from dataclasses import replace

from training.catalog.blocks import Block
from training.catalog.faults import Faults
from training.catalog.list_items import ITEM, Item, read_items
from training.catalog.prose import Page, check_prose, cited
from training.catalog.rendering import Renderer
from training.catalog.strict_yaml import NAME
from training.domain.module import Option, Question, QuestionKind

KEYS = "abcdefghijkl"
BOX = re.compile(r"^\[([ xX])\][ \t]+(\S.*)$")
PAIR = re.compile(r"^(\S.*?)[ \t]+->[ \t]+(\S.*)$")
FORMATTED = re.compile(r"[*`\[\]<>]")


def read_question(block: Block, page: Page, renderer: Renderer) -> Question | None:
    """Return the question of a `::: question` block, or None when it has faults."""
    before = len(page.faults)
    name, must = _heading(block, page.faults)
    prompt, items = halves(block, page.faults)
    kind = _kind(block, items, page.faults)
    _check_words(block, prompt, items, page)
    if kind is None or len(page.faults) > before:
        return None
    options = tuple(_option(key, item, kind=kind, renderer=renderer) for key, item in zip(KEYS, items, strict=False))
    return Question(
        id=name,
        kind=kind,
        prompt_html=renderer.inline(prompt),
        options=options,
        must=must,
        sources=cited(block.text.text),
    )


def _heading(block: Block, faults: Faults) -> tuple[str, bool]:
    name, *marks = block.arguments or ("",)
    if not re.fullmatch(NAME, name):
        faults.add(
            block.line, "the question has no id of small letters, figures and hyphens: `::: question first-step`"
        )
    if marks not in ([], ["must"]):
        faults.add(block.line, f"after a question's id only `must` may stand, not `{' '.join(marks)}`")
    return name, bool(marks)


def halves(block: Block, faults: Faults) -> tuple[str, list[Item]]:
    """Return what a question block asks, and the items below it."""
    lines = block.text.text.split("\n")
    first = next((number for number, line in enumerate(lines) if ITEM.match(line)), len(lines))
    prompt = "\n".join(lines[:first]).strip()
    if not prompt:
        faults.add(block.line, "the question has no prompt: write what is asked above the options")
    return prompt, read_items("\n".join(lines[first:]), block.text.line + first, faults)


def _kind(block: Block, items: list[Item], faults: Faults) -> QuestionKind | None:
    if len(items) < 2:
        faults.add(block.line, "the question has fewer than two options: write each as a list item, `- [ ] words`")
        return None
    if len(items) > len(KEYS):
        faults.add(block.line, f"the question has {len(items)} options: keep to {len(KEYS)} at most")
        return None
    if all(item.numbered for item in items):
        return QuestionKind.ORDER
    pairs = [item for item in items if not item.numbered and PAIR.match(item.text) and not BOX.match(item.text)]
    if len(pairs) == len(items):
        return _checked_pairs(items, faults)
    return _ticked(block, items, faults)


def _checked_pairs(items: list[Item], faults: Faults) -> QuestionKind:
    for item in items:
        if FORMATTED.search(PAIR.match(item.text)[2]):
            faults.add(item.line, "the words after -> are shown in a menu: write them without marks or citations")
    return QuestionKind.MATCH


def _ticked(block: Block, items: list[Item], faults: Faults) -> QuestionKind | None:
    plain = [item for item in items if item.numbered or not BOX.match(item.text)]
    for item in plain:
        faults.add(
            item.line, "the options are of different kinds: begin each with `- [ ]`, or `1.`, or join pairs with ->"
        )
    if plain:
        return None
    right = sum(_is_right(item) for item in items)
    if not right:
        faults.add(block.line, "no option is right: tick the right one with [x]")
    if {_label(item).lower() for item in items} == {"true", "false"}:
        if right > 1:
            faults.add(block.line, "True and False are both ticked: tick one")
        return QuestionKind.TRUE_FALSE
    return QuestionKind.SEVERAL if right > 1 else QuestionKind.SINGLE


def _is_right(item: Item) -> bool:
    box = BOX.match(item.text)
    return bool(box and box[1] in "xX")


def _label(item: Item) -> str:
    """Return what the learner reads: the words after the box, or the left of a pair."""
    if box := BOX.match(item.text):
        return box[2].strip()
    if not item.numbered and (pair := PAIR.match(item.text)):
        return pair[1].strip()
    return item.text


def _check_words(block: Block, prompt: str, items: list[Item], page: Page) -> None:
    check_prose(prompt, block.text.line, page)
    seen: dict[str, int] = {}
    for item in items:
        label = _label(item)
        if label.lower() in seen:
            page.faults.add(item.line, f"this option is the same as that of line {seen[label.lower()]}: change one")
        seen.setdefault(label.lower(), item.line)
        check_prose(label, item.line, page)
        if item.feedback:
            check_prose(item.feedback, item.feedback_line, page)
        else:
            page.faults.add(
                item.line, "this option has no feedback: quote it on the next line, `  > What would happen`"
            )


def _option(key: str, item: Item, *, kind: QuestionKind, renderer: Renderer) -> Option:
    made = Option(key, renderer.inline(_label(item)), renderer.text(item.feedback), right=_is_right(item))
    if kind is QuestionKind.MATCH:
        return replace(made, partner=PAIR.match(item.text)[2].strip())
    return made
