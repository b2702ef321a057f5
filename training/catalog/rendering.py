"""Markdown to HTML that is safe to show: our own few tags and classes, and nothing else."""

import html
import re
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from training.catalog.blocks import LABELS
from training.catalog.prose import CITATION, IMAGE, Page, is_plain

EMPTY_LINES = re.compile(r"\n[ \t]*\n")
# Private-use characters stand for a citation while Markdown runs; reading a file refuses any of its own.
MARK = re.compile("\ue000(\\d+)\ue001")
PICTURES = "/pictures"
UNUSED_BLOCKS = ("reference", "code", "setextheader")
UNUSED_MARKS = ("reference", "image_reference", "short_reference", "short_image_ref", "html")

CLEANER = nh3.Cleaner(
    tags={
        *("p", "h3", "ul", "ol", "li", "strong", "em", "code", "blockquote", "br", "hr", "a", "img"),
        *("table", "thead", "tbody", "tr", "th", "td", "div", "span", "sup"),
    },
    attributes={"a": {"href", "rel"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"scope"}, "*": set()},
    allowed_classes={
        "div": {"app-block", *(f"app-block--{name}" for name in LABELS)},
        "p": {"app-block__label"},
        "span": {"app-paragraph", "nhsuk-u-visually-hidden"},
        "sup": {"app-citation"},
    },
    url_schemes={"https", "http", "mailto", "tel"},
    link_rel=None,
)


class _OwnPage(Treeprocessor):
    """Gives outside links their `rel` and header cells their scope."""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            if link.get("href", "").startswith(("http:", "https:")):
                link.set("rel", "noopener noreferrer")
        for cell in root.iter("th"):
            cell.set("scope", "col")


def _markdown() -> Markdown:
    made = Markdown(extensions=["tables", "sane_lists"], output_format="html")
    made.preprocessors.deregister("html_block")
    for name in UNUSED_BLOCKS:
        made.parser.blockprocessors.deregister(name)
    for name in UNUSED_MARKS:
        made.inlinePatterns.deregister(name)
    made.treeprocessors.register(_OwnPage(made), "own-page", 5)
    return made


class Renderer:
    """Renders the texts of one file, whose sources number its citations. Texts must have passed `check_prose`."""

    def __init__(self, page: Page) -> None:
        self.numbers = {key: number for number, key in enumerate(page.sources, 1)}
        self.keys = {number: key for key, number in self.numbers.items()}
        self.pictures = f"{PICTURES}/{page.folder.name}"
        self.markdown = _markdown()

    def text(self, text: str) -> str:
        """Return a text as paragraphs, lists, tables and small headings."""
        return _plain(text) if is_plain(text) else CLEANER.clean(self._converted(text))

    def inline(self, text: str) -> str:
        """Return a text as phrasing content, for a label, legend, link or button; paragraphs become spans."""
        converted = _plain(text) if is_plain(text) else self._converted(text)
        if converted.count("<p>") == 1 and converted.startswith("<p>") and converted.endswith("</p>"):
            return CLEANER.clean(converted[3:-4])
        spans = converted.replace("<p>", '<span class="app-paragraph">').replace("</p>", "</span>")
        return CLEANER.clean(spans)

    def block(self, name: str, text: str) -> str:
        """Return the text of a block under its label."""
        label = f'<p class="app-block__label">{LABELS[name]}</p>'
        return CLEANER.clean(f'<div class="app-block app-block--{name}">{label}{self._converted(text)}</div>')

    def _converted(self, text: str) -> str:
        marked = CITATION.sub(lambda found: f"\ue000{self.numbers[found[1]]}\ue001", text)
        if not is_plain(marked):
            placed = IMAGE.sub(lambda found: f"![{found[1]}]({self.pictures}/{found[2]})", marked)
            converted = self.markdown.reset().convert(placed)
        else:
            converted = _plain(marked)
        return MARK.sub(self._citation, converted)

    def _citation(self, found: re.Match) -> str:
        number = int(found[1])
        words = f'<span class="nhsuk-u-visually-hidden">Source </span>{number}'
        return f'<sup class="app-citation"><a href="#source-{self.keys[number]}">{words}</a></sup>'


def _plain(text: str) -> str:
    # Nothing here needs cleaning, as all of it is escaped. Most options and feedback are bare sentences, over which
    # python-markdown would take thirty times as long.
    paragraphs = (part.strip() for part in EMPTY_LINES.split(text))
    return "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs if part)
