"""List items with feedback quoted under each: the shape that options and choices share."""

import re
from dataclasses import dataclass, field

from training.catalog.faults import Faults

ITEM = re.compile(r"^([-*+]|\d+[.)])[ \t]+(\S.*)$")
FEEDBACK = re.compile(r"^[ \t]+>[ ]?(.*)$")
MORE = re.compile(r"^[ \t]+(\S.*)$")


@dataclass(slots=True)
class Item:
    """One list item; `feedback` is the quotation under it, without its marks."""

    line: int
    marker: str
    text: str
    feedback_line: int = 0
    feedback_lines: list[str] = field(default_factory=list)

    @property
    def feedback(self) -> str:
        """The Markdown of the feedback, empty when there is none."""
        return "\n".join(self.feedback_lines).strip()

    @property
    def numbered(self) -> bool:
        """Whether it stands in an ordered list."""
        return self.marker[0].isdigit()


def read_items(text: str, line: int, faults: Faults) -> list[Item]:
    """Return the items of a list that begins at a line; anything that is no item or feedback is a fault."""
    items: list[Item] = []
    for number, words in enumerate(text.split("\n"), line):
        if found := ITEM.match(words):
            items.append(Item(number, found[1], found[2].rstrip()))
        elif items and (found := FEEDBACK.match(words)):
            items[-1].feedback_line = items[-1].feedback_line or number
            items[-1].feedback_lines.append(found[1])
        elif items and (found := MORE.match(words)):
            _go_on(items[-1], found[1].rstrip())
        elif words.startswith(">"):
            faults.add(number, "feedback must be indented: put two spaces before the >")
            if items:
                items[-1].feedback_lines.append(words[1:])
        elif words.strip():
            faults.add(number, "this stands among the list items: move it above them, or indent it under its item")
    return items


def _go_on(item: Item, words: str) -> None:
    if item.feedback_lines:
        item.feedback_lines.append(words)
    else:
        item.text += f" {words}"
