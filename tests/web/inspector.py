"""What every page must have: rules that read a page's HTML and say what is wrong with it and what to do."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from justhtml import Element, JustHTML
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {*HEADINGS, "div", "p", "ul", "ol", "dl", "table", "section", "article", "form", "fieldset", "blockquote"}
# Elements that may hold words and their markup only; browsers forgive a block inside, screen readers do not always.
WORDS_ONLY = {"p", "label", "button", "span", "strong", "em", "code", "bdi", *HEADINGS}
NOT_ASKED = {"hidden", "submit", "button"}
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-errormessage")
SUFFIX = " – STOMP Training"


class PageFaulty(AssertionError):
    """The page cannot be shown to people because it breaks rules of the house."""


@dataclass(frozen=True)
class Page:
    """A parsed page: the address it was loaded from, its elements, and what the parser had to mend."""

    address: str
    root: Element
    mended: tuple[str, ...]
    app: Flask

    def all(self, selector: str) -> list[Element]:
        return self.root.query(selector)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the order of the page: the rules go through these, which is quicker than a selector."""
        return tuple(within(self.root))

    def named(self, *names: str) -> list[Element]:
        return [element for element in self.elements if element.name in names]

    def having(self, attribute: str) -> list[Element]:
        return [element for element in self.elements if attribute in element.attrs]

    @cached_property
    def links(self) -> list[Element]:
        return [link for link in self.named("a") if "href" in link.attrs]

    @cached_property
    def ids(self) -> set[str]:
        return {element.attrs["id"] for element in self.having("id")}


Rule = Callable[[Page], Iterator[str]]


def within(node: Element) -> Iterator[Element]:
    """Yield every element inside another, in the order of the page."""
    for child in node.children or ():
        if not child.name.startswith(("#", "!")):
            yield child
            yield from within(child)


def around(element: Element) -> Iterator[Element]:
    """Yield every element that another stands in, the nearest first."""
    while element.parent is not None:
        element = element.parent
        yield element


def words(element: Element) -> str:
    """Return the text of an element on one line."""
    return " ".join(element.to_text().split())


def parse(html: str, *, address: str, app: Flask, fragment: bool = False) -> Page:
    # Nothing is sanitised: it is the page as it was sent that is looked at. Every mend counts, as our templates are
    # ours: whatever the parser had to put right, a browser may put right in another way.
    document = JustHTML(html, sanitize=False, collect_errors=True, fragment=fragment)
    mended = tuple(f"{error.code} in line {error.line}, column {error.column}" for error in document.errors)
    return Page(address, document.root, mended, app)


def inspect(page: Page, *, fragment: bool = False) -> None:
    """Raise with everything that is wrong with a page; a fragment need not be a whole page."""
    rules = PART_RULES if fragment else (*PART_RULES, *WHOLE_RULES)
    if wrong := [fault for rule in rules for fault in rule(page)]:
        raise PageFaulty(f"{page.address} breaks rules of the house:\n" + "\n".join(f"  - {fault}" for fault in wrong))


def html_is_valid(page: Page) -> Iterator[str]:
    yield from (f"invalid HTML ({mend}): close what is opened, and nest it as HTML allows" for mend in page.mended)


def blocks_stand_in_blocks(page: Page) -> Iterator[str]:
    for element in page.elements:
        if element.name in BLOCKS and element.parent is not None and element.parent.name in WORDS_ONLY:
            yield f"<{element.name}> stands in <{element.parent.name}>, which holds words only: use a span or a div"


def ids_are_unique(page: Page) -> Iterator[str]:
    counted = Counter(element.attrs["id"] for element in page.having("id"))
    yield from (f"id {name!r} stands {count} times: make it unique" for name, count in counted.items() if count > 1)


def controls_are_labelled(page: Page) -> Iterator[str]:
    labelled = {label.attrs.get("for") for label in page.named("label") if words(label)}
    for control in page.named("input", "select", "textarea", "progress"):
        attrs = control.attrs
        named = attrs.get("id") in labelled or attrs.get("aria-label") or attrs.get("aria-labelledby")
        if attrs.get("type") not in NOT_ASKED and not named:
            yield f"<{control.name} name={attrs.get('name')!r}> has no label: give it a <label for> or an aria-label"


def labels_lead_somewhere(page: Page) -> Iterator[str]:
    for label in page.named("label"):
        if label.attrs.get("for") not in page.ids:
            yield f"the label {words(label)!r} is for {label.attrs.get('for')!r}, which is not there"


def choices_stand_in_groups(page: Page) -> Iterator[str]:
    choices = [control for control in page.named("input") if control.attrs.get("type") in {"radio", "checkbox"}]
    counted = Counter(choice.attrs.get("name") for choice in choices)
    for control in choices:
        # One box by itself, to tick or not, says all in its label.
        alone = control.attrs["type"] == "checkbox" and counted[control.attrs.get("name")] == 1
        if not alone and not legend_above(control):
            yield f"the choice {control.attrs.get('name')!r} stands in no <fieldset> with a <legend>"


def legend_above(element: Element) -> bool:
    nearest = next((outer for outer in around(element) if outer.name == "fieldset"), None)
    return nearest is not None and any(words(inner) for inner in within(nearest) if inner.name == "legend")


def what_can_be_pressed_has_a_name(page: Page) -> Iterator[str]:
    for element in page.named("a", "button", "summary"):
        if not (words(element) or element.attrs.get("aria-label")):
            yield f"<{element.name}> {dict(element.attrs)} has no words: say what it does or where it leads"


def pointers_point(page: Page) -> Iterator[str]:
    for pointer in POINTERS:
        for element in page.having(pointer):
            for name in element.attrs[pointer].split():
                if name not in page.ids:
                    yield f"{pointer}={name!r} of <{element.name}> points at nothing on the page"


def anchors_are_there(page: Page) -> Iterator[str]:
    for link in page.links:
        href = link.attrs["href"]
        if href.startswith("#") and href[1:] not in page.ids:
            yield f"the link {words(link)!r} leads to {href}, which is not on the page"


def nothing_is_inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        if element.name == "style" or (element.name == "script" and "src" not in element.attrs):
            yield f"inline <{element.name}>: put it in frontend/, the security policy forbids it here"
        for name, value in element.attrs.items():
            if name == "style" or name.startswith("on"):
                yield f"{name}= on <{element.name}>: put it in frontend/, the security policy forbids it here"
            if name in {"href", "src", "action"} and (value or "").strip().lower().startswith(("javascript:", "data:")):
                yield f"{name}={value!r}: an address must not be a programme"


def posts_carry_a_token(page: Page) -> Iterator[str]:
    for form in page.named("form"):
        token, address = form.query_one("input[name=csrf_token]"), form.attrs.get("action", page.address)
        # What these send is marked and forgotten, so a token would only leave a cookie on a stranger's device.
        stateless = re.match(r"/carers/modules/[^/]+/(cards/\d+|finish)$", address)
        has_token = bool(token and token.attrs.get("value"))
        if form.attrs.get("method", "get").lower() == "post" and has_token == bool(stateless):
            yield f"the form to {address} has {'a' if has_token else 'no'} csrf_token"


def pictures_are_described(page: Page) -> Iterator[str]:
    for picture in page.named("img"):
        if "alt" not in picture.attrs:
            yield f'the picture {picture.attrs.get("src")} has no alt: describe it, or give alt="" to decoration'
    for drawing in page.named("svg"):
        if drawing.attrs.get("aria-hidden") != "true" and not any(inner.name == "title" for inner in within(drawing)):
            yield "an <svg> is neither aria-hidden nor has a <title>"


def tables_have_headers(page: Page) -> Iterator[str]:
    for table in page.named("table"):
        if not {inner.name for inner in within(table)} >= {"caption", "th"}:
            yield "a table has no <caption> or no <th>: say what it shows, and name its columns"
    for header in page.named("th"):
        if header.attrs.get("scope") not in {"col", "row"}:
            yield f"the header {words(header)!r} has no scope: write scope=col or scope=row"


def addresses_lead_somewhere(page: Page) -> Iterator[str]:
    for element, name, method in addresses(page):
        address = urlsplit(urljoin(page.address, element.attrs[name]))
        if address.netloc and element.name != "a":
            yield f"<{element.name} {name}={element.attrs[name]!r}> loads from another site: bring it into this one"
        elif not address.scheme and not address.netloc and not leads_somewhere(page.app, address.path, method):
            yield f"<{element.name} {name}={element.attrs[name]!r}> leads to no page of this service by {method}"


def addresses(page: Page) -> Iterator[tuple[Element, str, str]]:
    """Yield every element with an address: which attribute holds it, and how it is asked for."""
    for element in page.having("href"):
        if not element.attrs["href"].startswith("#"):
            yield element, "href", "GET"
    for element in page.having("src"):
        yield element, "src", "GET"
    for form in page.named("form"):
        if "action" in form.attrs:
            yield form, "action", form.attrs.get("method", "get").upper()


def leads_somewhere(app: Flask, path: str, method: str) -> bool:
    """Say whether a path is a route's own address, and for a built file whether the file is there."""
    if path.startswith("/static/"):
        return Path(app.static_folder, path.removeprefix("/static/")).is_file()
    try:
        app.url_map.bind("localhost").match(path, method=method)
    except (HTTPException, RequestRedirect):
        return False
    return True


def same_words_lead_to_one_place(page: Page) -> Iterator[str]:
    places = defaultdict(set)
    for link in page.links:
        outer = {element.name for element in around(link)}
        # In a table the row's header already tells what a link is about.
        if "main" in outer and "tr" not in outer:
            places[link.attrs.get("aria-label") or words(link)].add(urljoin(page.address, link.attrs["href"]))
    for name, targets in places.items():
        if len(targets) > 1:
            yield f"the words {name!r} lead to {len(targets)} places: add what tells them apart, visually hidden"


def headings_do_not_skip(page: Page) -> Iterator[str]:
    levels = [int(element.name[1]) for element in page.named(*HEADINGS)]
    # An error summary stands above the h1, as the NHS pattern has it.
    levels = levels[levels.index(1) :] if 1 in levels else levels
    for above, level in pairwise(levels):
        if level > above + 1:
            yield f"an h{level} follows an h{above}: headings go down one level at a time"


def there_is_one_h1(page: Page) -> Iterator[str]:
    count = len(page.named("h1"))
    if count != 1:
        yield f"there are {count} h1: every page has exactly one"


def title_begins_with_the_heading(page: Page) -> Iterator[str]:
    title = "".join(words(element) for element in page.named("title") if element.parent.name == "head")
    plain, heading = title.removesuffix(SUFFIX), "".join(words(element) for element in page.named("h1")[:1])
    if title == plain or not plain or not heading.startswith(plain):
        yield f"the title {title!r} must be the beginning of the h1 {heading!r}, and end with {SUFFIX!r}"


def page_has_a_language_and_a_main(page: Page) -> Iterator[str]:
    if not any(element.attrs.get("lang") for element in page.named("html")):
        yield "<html> has no lang"
    if [element.attrs.get("id") for element in page.named("main")] != ["main"]:
        yield 'there must be one <main id="main">, where the skip link leads'


PART_RULES: tuple[Rule, ...] = (
    html_is_valid,
    blocks_stand_in_blocks,
    ids_are_unique,
    controls_are_labelled,
    labels_lead_somewhere,
    choices_stand_in_groups,
    what_can_be_pressed_has_a_name,
    pointers_point,
    nothing_is_inline,
    posts_carry_a_token,
    pictures_are_described,
    tables_have_headers,
    addresses_lead_somewhere,
)
WHOLE_RULES: tuple[Rule, ...] = (
    anchors_are_there,
    same_words_lead_to_one_place,
    headings_do_not_skip,
    there_is_one_h1,
    title_begins_with_the_heading,
    page_has_a_language_and_a_main,
)
