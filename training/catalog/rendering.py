"""Markdown to HTML that is safe to show: our own few tags and classes, and nothing else."""

import re
import threading
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from training.catalog.blocks import LABELS
from training.catalog.label_words import ENGLISH, LabelWords
from training.catalog.plain_markdown import plain_html, with_marked_citations
from training.catalog.prose import IMAGE, Page

MARK = re.compile("\ue000([^\ue001]*)\ue001")
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

_OWN = threading.local()


class _OwnPage(Treeprocessor):
    """Gives outside links their `rel` and header cells their scope."""

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            if link.get("href", "").startswith(("http:", "https:")):
                link.set("rel", "noopener noreferrer")
        for cell in root.iter("th"):
            cell.set("scope", "col")


def _markdown() -> Markdown:
    # Setting it up takes as long as reading several cards, so there is one; each thread has its own, as it remembers.
    if not hasattr(_OWN, "markdown"):
        _OWN.markdown = _made()
    return _OWN.markdown


def _made() -> Markdown:
    made = Markdown(extensions=[TableExtension(), SaneListExtension()], output_format="html")
    made.preprocessors.deregister("html_block")
    for name in UNUSED_BLOCKS:
        made.parser.blockprocessors.deregister(name)
    for name in UNUSED_MARKS:
        made.inlinePatterns.deregister(name)
    made.treeprocessors.register(_OwnPage(made), "own-page", 5)
    return made


class Renderer:
    """Renders the texts of one file, whose sources number its citations. Texts must have passed `check_prose`."""

    def __init__(self, page: Page, words: LabelWords = ENGLISH) -> None:
        self.words = words
        self.numbers = {key: number for number, key in enumerate(page.sources, 1)}
        self.pictures = f"{PICTURES}/{page.folder.name}"

    def text(self, text: str) -> str:
        """Return a text as paragraphs, lists, tables and small headings."""
        plain = plain_html(text)
        if plain is not None:
            return MARK.sub(self._citation, plain) if "[" in text else plain
        marked = with_marked_citations(text)
        placed = IMAGE.sub(lambda found: f"![{found[1]}]({self.pictures}/{found[2]})", marked)
        return CLEANER.clean(MARK.sub(self._citation, _markdown().reset().convert(placed)))

    def inline(self, text: str) -> str:
        """Return a text as phrasing content, for a label, legend, link or button; paragraphs become spans."""
        made = self.text(text)
        if made.count("<p>") == 1 and made.startswith("<p>") and made.endswith("</p>"):
            return made[3:-4]
        return made.replace("<p>", '<span class="app-paragraph">').replace("</p>", "</span>")

    def block(self, name: str, text: str) -> str:
        """Return the text of a block under its label."""
        label = f'<p class="app-block__label">{self.words.labels[name]}</p>'
        return f'<div class="app-block app-block--{name}">{label}{self.text(text)}</div>'

    def _citation(self, found: re.Match) -> str:
        words = f'<span class="nhsuk-u-visually-hidden">{self.words.source} </span>{self.numbers[found[1]]}'
        return f'<sup class="app-citation"><a href="#source-{found[1]}">{words}</a></sup>'
