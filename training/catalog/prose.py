"""What may stand in a stretch of Markdown: checked line by line before anything is rendered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from training.catalog.faults import Faults
from training.catalog.plain_markdown import CITATION, LONGEST_PARAGRAPH, MOST_BRACKETS, MOST_MARKS, plain_html

DEEPEST_BRACKETS = 4
DEEPEST_INDENT = 8

# Each pattern stops at the next bracket, so that a line of nothing but brackets is read once, not once a bracket.
IMAGE = re.compile(r"!\[([^\[\]\n]*)\]\(([^()\n]*)\)")
LINK = re.compile(r"(?<!!)\[[^\[\]]*\]\(([^()\n]*)\)")
ADDRESS = re.compile(r"\]\([^()\n]*\)")
REFERENCE = re.compile(r"^[ ]{0,3}\[[^\[\]^]+\]:[ ]|\[[^\[\]^][^\[\]]*\]\[[^\[\]^]", re.MULTILINE)
OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"]+")
INSIDE = re.compile(r"/(?:[a-z0-9-]+(?:/[a-z0-9-]+)*/?)?(?:#[a-z0-9-]+)?")
PICTURE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*\.(svg|png|jpg|webp)")
HTML = re.compile(r"<(?=[A-Za-z/!?])")
AUTOLINK = re.compile(r"<https?://[^\s<>]+>")
SETEXT = re.compile(r"^(=+|-+)\s*$")
MARKERS = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])[ \t]+|>[ \t]*){4}")
LICENCE = re.compile(r"^\s*Licence:\s*\S")
WORD = re.compile(r"[^\W_]")
WORD_AND_REST = re.compile(r"[^\W_]\S*")
BRACKET = re.compile(r"[\[\]]")
HASHES = re.compile(r"^\s{0,3}#")
SMALL_HEADING = re.compile(r"^###[ \t]+[^\s#]")


@dataclass(slots=True)
class Page:
    """What the words of one file may point at, and what is wrong in it so far."""

    faults: Faults
    sources: dict[str, int]
    folder: Path
    links: list[tuple[int, str]] = field(default_factory=list)


def count_words(text: str) -> int:
    """Count the words a reader sees: addresses, citations and marks are none, and `don't` is one."""
    shown = ADDRESS.sub("]", CITATION.sub(" ", text)) if "[" in text else text
    return len(WORD_AND_REST.findall(shown))


def cited(text: str) -> tuple[str, ...]:
    """Return the keys of the sources that a text cites, in order of first mention."""
    return tuple(dict.fromkeys(CITATION.findall(text)))


def check_prose(text: str, line: int, page: Page) -> bool:
    """Record what is wrong in a text that begins at a line; tell whether it is fit to be rendered."""
    before = len(page.faults)
    if plain_html(text) is not None:
        if "[" in text:
            _check_citations(text, line, page)
            _check_links(text, line, page)
        return len(page.faults) == before
    _check_lines(text, line, page.faults)
    _check_paragraphs(text, line, page.faults)
    _check_html(text, line, page.faults)
    if len(page.faults) == before:
        _check_citations(text, line, page)
        _check_images(text, line, page)
        _check_links(text, line, page)
    return len(page.faults) == before


def _at(text: str, offset: int, line: int) -> int:
    return line + text.count("\n", 0, offset)


def _check_lines(text: str, line: int, faults: Faults) -> None:
    above = ""
    for number, words in enumerate(text.split("\n"), line):
        if HASHES.match(words) and not SMALL_HEADING.match(words):
            faults.add(number, "only ## (a card or scene) and ### (inside one) are headings: write `### Heading`")
        elif above.strip() and SETEXT.match(words):
            faults.add(number, "underlined headings are not used: write `### Heading`")
        elif MARKERS.match(words):
            faults.add(number, "lists and quotations are nested too deeply: use one level, or two")
        elif words[: DEEPEST_INDENT + 1].isspace() and words.strip():
            faults.add(number, "this is indented too far: move it towards the margin")
        above = words


def _check_paragraphs(text: str, line: int, faults: Faults) -> None:
    # python-markdown takes seconds over thousands of open brackets, so such text never reaches it.
    for at, paragraph in _paragraphs(text, line):
        if len(paragraph) > LONGEST_PARAGRAPH:
            faults.add(at, "this paragraph is far too long: split it with empty lines")
        depth = deepest = 0
        for mark in BRACKET.findall(paragraph):
            depth = depth + 1 if mark == "[" else max(depth - 1, 0)
            deepest = max(deepest, depth)
        if deepest > DEEPEST_BRACKETS or paragraph.count("[") > MOST_BRACKETS:
            faults.add(at, "there are too many [ brackets here: close each one, or take them out")
        if paragraph.count("*") + paragraph.count("_") > MOST_MARKS:
            faults.add(at, "there are too many * or _ marks here: take out what is not needed")


def _paragraphs(text: str, line: int) -> Iterator[tuple[int, str]]:
    gathered: list[str] = []
    for number, words in enumerate([*text.split("\n"), ""], line):
        if words.strip():
            gathered.append(words)
        elif gathered:
            yield number - len(gathered), "\n".join(gathered)
            gathered = []


def _check_html(text: str, line: int, faults: Faults) -> None:
    shown = AUTOLINK.sub(lambda link: " " * len(link[0]), text)
    for tag in HTML.finditer(shown):
        message = "HTML is not allowed: write Markdown, and a less-than sign as `&lt;`"
        faults.add(_at(text, tag.start(), line), message)


def _check_citations(text: str, line: int, page: Page) -> None:
    for citation in CITATION.finditer(text):
        if citation[1] not in page.sources:
            message = f"[^{citation[1]}] is not one of the `sources`: add it in the front matter, or correct the name"
            page.faults.add(_at(text, citation.start(), line), message)


def _check_images(text: str, line: int, page: Page) -> None:
    for image in IMAGE.finditer(text):
        at = _at(text, image.start(), line)
        if not image[1].strip():
            page.faults.add(at, "the image has no alt text: say what it shows, ![here](file.svg)")
        if not PICTURE.fullmatch(image[2]):
            page.faults.add(at, f"`{image[2]}` is not a picture beside this file: write a name such as bowel-chart.svg")
        elif not (page.folder / image[2]).is_file():
            page.faults.add(at, f"the picture `{image[2]}` is missing: put the file beside this one")
        below = text[image.end() :].lstrip().split("\n", 1)[0]
        if not LICENCE.match(below):
            page.faults.add(at, "the image has no licence: put a line `Licence: whose work, which licence` under it")
    if "![" in IMAGE.sub("", text):
        page.faults.add(_at(text, text.index("!["), line), "the image cannot be read: write ![what it shows](file.svg)")


def _check_links(text: str, line: int, page: Page) -> None:
    if "](" not in text and "][" not in text and "]:" not in text:
        return
    for link in LINK.finditer(text):
        at, address = _at(text, link.start(), line), link[1]
        if INSIDE.fullmatch(address):
            page.links.append((at, address))
        elif address.startswith("#"):
            page.faults.add(at, f"`{address}` leads nowhere: scenes are linked only by choices, as list items")
        elif not OUTSIDE.fullmatch(address):
            page.faults.add(at, f"the link `{address[:60]}` leads nowhere: begin it with https://, mailto:, tel: or /")
    without = LINK.sub("", IMAGE.sub("", text))
    if REFERENCE.search(without):
        page.faults.add(line, "a link by name is not used: write [words](https://address)")
    elif "](" in without:
        page.faults.add(line, "a link is not closed, or holds brackets: write [words](https://address)")
