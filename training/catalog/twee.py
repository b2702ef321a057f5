"""Twine stories in Twee 3 notation, read into the body of a scenario: passages as scenes, links as choices."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from training.catalog.importing import Addresses, CannotImport, Carried, heading_of, markdown_of
from training.catalog.prose import count_words
from training.catalog.timing import minutes_for
from training.catalog.twee_words import LinkOut, Stripper, links_of, prose_of
from training.domain.days import count_of
from training.domain.scenario import BACK

MOST_PASSAGES = 400
LONGEST_HEADER = 2_000
HEADER = re.compile(r"^::(?!:)[ \t]*(.*)$")
END_OF_NAME = re.compile(r"(?<!\\)(?:\\\\)*[\[{<]")
TAGS = re.compile(r"\[((?:\\.|[^\\\[\]])*+)\]")
UNESCAPED = re.compile(r"\\(.)")
OUTSIDE = re.compile(r"(?:https?:|mailto:|tel:|javascript:)", re.IGNORECASE)
TITLE, DATA, START = "StoryTitle", "StoryData", "Start"
NO_SCENES = {"script": "a script", "stylesheet": "a stylesheet", "widget": "macros of its own"}
NO_SCENES |= {tag: f"a {tag} passage" for tag in ("header", "footer", "startup", "annotation", "init")}
SPECIAL = {
    *(
        "StoryAuthor",
        "StoryBanner",
        "StoryCaption",
        "StoryDisplayTitle",
        "StoryIncludes",
        "StoryInit",
        "StoryInterface",
    ),
    *("StoryMenu", "StorySettings", "StoryShare", "StorySubtitle", "PassageDone", "PassageFooter", "PassageHeader"),
    *("PassageReady", "UserScript", "UserStylesheet"),
}
CHOICE_TAGS = ("critical", "unsafe", "safe")
ENDING_TAGS = {"ending-safe": "safe", "ending-unsafe": "unsafe"}
KNOWN_TAGS = {*CHOICE_TAGS, *ENDING_TAGS}


@dataclass(slots=True)
class Passage:
    """A passage as it stands in the file; its text begins on the line after `line`."""

    line: int
    name: str
    tags: tuple[str, ...]
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The passage below its header."""
        return "\n".join(self.lines)


@dataclass(slots=True)
class _Tale:
    """What has been read so far."""

    title: str
    scenes: dict[str, Passage] = field(default_factory=dict)
    start: str = ""
    story_format: str = ""
    left: list[tuple[int, str]] = field(default_factory=list)
    choices: int = 0
    words: int = 0
    asking: int = 0


def read_twee(text: str, *, title: str) -> Carried:
    """Return the story of a Twee text.

    A passage tagged `ending-safe` or `ending-unsafe` is that ending; one tagged `safe`, `unsafe` or `critical` gives
    the tag to the choices that lead to it.

    Raises: CannotImport, when it holds no passages or too many.
    """
    tale = _sorted_out(_passages(text), title)
    if not tale.scenes:
        raise CannotImport("There is nothing to carry in this Twee file: a passage begins with `:: Its name`.")
    first = tale.start if tale.start in tale.scenes else START if START in tale.scenes else next(iter(tale.scenes))
    if tale.start and first != tale.start:
        tale.left.append((1, f"the start “{tale.start}”, which is no passage: it begins with “{first}”"))
    given = Addresses()
    given.taken[BACK] = 1
    order = [first, *(name for name in tale.scenes if name != first)]
    addresses = {name: given.give(name, "scene") for name in order}
    body = "\n\n".join(_scene(tale.scenes[name], tale, addresses) for name in order)
    minutes = min(max(minutes_for(tale.words, tale.asking), 3), 15)
    amount = f"{count_of(len(order), 'scene')} and {count_of(tale.choices, 'choice')}"
    return Carried("scenario", tale.title, minutes, body, amount, tuple(tale.left))


def _passages(text: str) -> Iterator[Passage]:
    current = None
    for number, line in enumerate(text.split("\n"), 1):
        if not (found := HEADER.match(line)):
            if current:
                current.lines.append(line)
            continue
        if len(line) > LONGEST_HEADER:
            raise CannotImport(f"The passage header on line {number} is over {LONGEST_HEADER} characters: shorten it.")
        if current:
            yield current
        name, tags = _header(found[1])
        current = Passage(number, name, tags)
    if current:
        yield current


def _header(words: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the tags of a header; where its box stood on the screen is of no use here."""
    ends = END_OF_NAME.search(words)
    name = words[: ends.end() - 1] if ends else words
    tags = TAGS.match(words, ends.end() - 1) if ends else None
    return UNESCAPED.sub(r"\1", name).strip(), tuple(UNESCAPED.sub(r"\1", tags[1]).split()) if tags else ()


def _sorted_out(passages: Iterator[Passage], title: str) -> _Tale:
    """Return the passages that tell the story, and what the others say about it."""
    tale = _Tale(title)
    for number, passage in enumerate(passages, 1):
        if number > MOST_PASSAGES:
            raise CannotImport(f"The story has over {MOST_PASSAGES} passages: split it.")
        no_scene = next((what for tag, what in NO_SCENES.items() if tag in passage.tags), "")
        if passage.name == TITLE:
            tale.title = " ".join(passage.text.split()) or title
        elif passage.name == DATA:
            _read_data(passage, tale)
        elif no_scene or passage.name in SPECIAL or any(tag.startswith("Twine.") for tag in passage.tags):
            tale.left.append((passage.line, f"“{passage.name}”: {no_scene or 'a passage that is no scene'}"))
        elif not passage.name:
            tale.left.append((passage.line, "a passage without a name"))
        elif passage.name in tale.scenes:
            tale.left.append((passage.line, f"a second passage called “{passage.name}”"))
        else:
            tale.scenes[passage.name] = passage
    return tale


def _read_data(passage: Passage, tale: _Tale) -> None:
    try:
        data = json.loads(passage.text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        tale.left.append((passage.line, "StoryData, which is not valid JSON"))
        return
    tale.start = _text_of(data.get("start"))
    tale.story_format = _text_of(data.get("format"))


def _text_of(value: object) -> str:
    # JSON can spell halves of characters that no file can hold.
    return str(value or "").encode("utf-8", "replace").decode()


def _scene(passage: Passage, tale: _Tale, addresses: dict[str, str]) -> str:
    stripper = Stripper(passage.text, passage.line + 1, tale.story_format)
    text = stripper.strip()
    tale.left.extend(stripper.left)
    tale.left.extend((passage.line, f"the tag `{tag}`") for tag in passage.tags if tag not in KNOWN_TAGS)
    links = list(links_of(text, passage.line + 1))
    hooks = tale.story_format.lower().startswith("harlowe")
    told = prose_of(text, [span for _, span, _ in links], [link.words for link, _, _ in links], hooks=hooks)
    choices = []
    for link, _, sets in links:
        if sets:
            tale.left.append((link.line, f"what the link “{link.words}” sets: write {{set fact: value}}"))
        choices += _choice(link, tale, addresses)
    tale.choices += len(choices)
    tale.asking += bool(choices)
    tale.words += count_words("\n".join((told, *choices)))
    ending = next((f" {{ending: {kind}}}" for tag, kind in ENDING_TAGS.items() if tag in passage.tags), "")
    address = addresses[passage.name]
    heading = f"## {heading_of(passage.name, address)} {{#{address}}}{ending}"
    return "\n\n".join(part for part in (heading, told, "\n".join(choices)) if part)


def _choice(link: LinkOut, tale: _Tale, addresses: dict[str, str]) -> Iterator[str]:
    """Yield a link as a choice, with the tag of the passage that it leads to."""
    if OUTSIDE.match(link.target):
        tale.left.append((link.line, f"the link “{link.words}” to another site"))
        return
    if link.target not in addresses:
        tale.left.append((link.line, f"the link “{link.words}”, as there is no passage “{link.target}”"))
        return
    tags = tale.scenes[link.target].tags
    mark = next((f" {{{tag}}}" for tag in CHOICE_TAGS if tag in tags), "")
    yield f"- [{markdown_of(link.words)}](#{addresses[link.target]}){mark}"
