"""The Markdown that most texts are made of, without the whole of it: paragraphs, flat lists, strong words, links."""

import html
import re
from functools import lru_cache

LONGEST_PARAGRAPH = 3_000
MOST_BRACKETS = 80
MOST_MARKS = 200

# Each pattern stops at the next bracket, so that a line of nothing but brackets is read once, not once a bracket.
CITATION = re.compile(r"\[\^([^\[\]\n]*)\]")
EMPTY_LINES = re.compile(r"\n[ \t]*\n")
LINK = re.compile(r"(?<!!)\[([^\[\]*_`<>&\\|\ue000]+)\]\(((?:https?://|/)[A-Za-z0-9./#-]+)\)")
# Anything else than words, `**strong**`, `*emphasis*`, links and lists is for the whole of Markdown.
OTHER_MARKS = re.compile(r"[_`\[\]<\\|\t]")
ENTITY = re.compile(r"&#?\w+;")
STARTS = re.compile(r"[ #>=+-]|\d+[.)](?: |$)")
ITEM = re.compile(r"^- ", re.MULTILINE)
CONTINUES = re.compile(r"[ ]{1,3}(?![ #>=+*-]|\d+[.)](?: |$))")
STRONG = re.compile(r"(?<!\*)\*\*(?![*\s])([^*]+)(?<!\s)\*\*(?!\*)")
EMPHASIS = re.compile(r"(?<!\*)\*(?![*\s])([^*]+)(?<!\s)\*(?!\*)")


@lru_cache(maxsize=64)
def plain_html(text: str) -> str | None:
    """Return the HTML of a text that holds nothing unusual, its citations marked, or None where it does.

    What is returned needs no cleaning, as all of it is escaped. Nearly every text is of this kind, and python-markdown
    takes twenty times as long over it for the same result. The last answers are kept, because a text is looked at
    once when it is checked and again when it is rendered.
    """
    if (
        text != text.strip()
        or len(text) > LONGEST_PARAGRAPH
        or text.count("[") > MOST_BRACKETS
        or text.count("*") > MOST_MARKS
    ):
        return None
    marked = with_marked_citations(text)
    if OTHER_MARKS.search(LINK.sub("", marked) if "](" in marked else marked) or ("&" in text and ENTITY.search(text)):
        return None
    made: list[str] = []
    for part in (part.strip("\n").rstrip() for part in EMPTY_LINES.split(marked)):
        # Two lists in a row are one list with space between its items, which is for the whole of Markdown.
        after_list = bool(made) and made[-1].startswith("<ul>")
        block = _list(part) if part.startswith("- ") and not after_list else _paragraph(part)
        if block is None:
            return None
        made.extend([block] if block else [])
    return "\n".join(made)


def with_marked_citations(text: str) -> str:
    """Return a text with its citations as names between private-use characters, which no file may hold itself."""
    return CITATION.sub(lambda found: f"\ue000{found[1]}\ue001", text) if "[^" in text else text


def _paragraph(text: str) -> str | None:
    if any(STARTS.match(line) or line.endswith("  ") for line in text.split("\n")):
        return None
    words = _words(text)
    return f"<p>{words}</p>" if words else words


def _list(text: str) -> str | None:
    _, *items = ITEM.split(text)
    made = [_item(item.rstrip("\n").split("\n")) for item in items]
    return "\n".join(["<ul>", *made, "</ul>"]) if all(made) else None


def _item(lines: list[str]) -> str:
    """Return a list item, or nothing where it holds more than words."""
    if STARTS.match(lines[0]) or any(not CONTINUES.match(line) for line in lines[1:]):
        return ""
    words = "" if any(line.endswith("  ") for line in lines) else _words("\n".join(lines))
    return f"<li>{words}</li>" if words else ""


def _words(text: str) -> str | None:
    made = html.escape(text, quote=False)
    if "*" in made:
        made = STRONG.sub(lambda found: f"<strong>{found[1]}</strong>", made)
        made = EMPHASIS.sub(lambda found: f"<em>{found[1]}</em>", made)
        if "*" in made:
            return None
    return LINK.sub(_link, made) if "](" in made else made


def _link(found: re.Match) -> str:
    rel = "" if found[2].startswith("/") else ' rel="noopener noreferrer"'
    return f'<a href="{found[2]}"{rel}>{found[1]}</a>'
