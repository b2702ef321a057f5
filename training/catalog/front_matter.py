"""The front matter of modules, scenarios, Easy Read twins and translations: split off, read strictly and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import msgspec

from training.catalog.faults import Faults
from training.catalog.strict_yaml import NAME, Day, Flag, Line, Slug, StrictReader, YamlUnfit, parse_yaml
from training.domain.module import SignOff, Source
from training.domain.roles import Role

Version = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]{1,20}$", description='a version in quotes, such as "1.0"')]
Tag = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}$", description="the tag of a language, such as pl")]
WordsHash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{12}$", description="the twelve signs that the check tells")]
Awaiting = Annotated[str, msgspec.Meta(pattern=r"^awaiting$", description="awaiting")]
Address = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s<>\"]+$", description="an address that begins https://")]
ModuleMinutes = Annotated[int, msgspec.Meta(ge=3, le=8, description="a whole number from 3 to 8")]
ScenarioMinutes = Annotated[int, msgspec.Meta(ge=3, le=15, description="a whole number from 3 to 15")]
PerCent = Annotated[int, msgspec.Meta(ge=1, le=100, description="a whole number from 1 to 100")]


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source as an author writes it; its key stands before it."""

    title: Line
    publisher: Line
    url: Address
    checked_on: Day


class SignOffEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clinical sign-off as an author writes it."""

    who: Line
    on: Day


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What modules and scenarios both say about themselves."""

    title: Line
    summary: Line
    roles: tuple[Role, ...]
    version: Version
    material: Flag
    outcomes: tuple[Line, ...]
    capability: Line
    sources: dict[str, SourceEntry]
    written_on: Day
    review_by: Day
    clinical_signoff: SignOffEntry | None = None
    replaces: Slug | None = None


class ModuleFront(FrontMatter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a module."""

    minutes: ModuleMinutes
    pass_mark: PerCent = 80


class ScenarioFront(FrontMatter, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a scenario."""

    minutes: ScenarioMinutes
    facts: dict[str, Line] = {}


class EasyReadFront(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of an Easy Read twin, which is named after its module."""

    title: Line
    summary: Line
    version: Version
    module_version: Version
    sources: dict[str, SourceEntry]
    written_on: Day
    review_by: Day
    clinical_signoff: SignOffEntry | None = None
    checked_by_people: SignOffEntry | None = None


class TranslationFront(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The front matter of a translation, which is named after its module; `original_...` say what it was made from."""

    language: Tag
    title: Line
    summary: Line
    outcomes: tuple[Line, ...]
    original_version: Version
    original_words: WordsHash
    translator: Line
    translated_on: Day
    review: Awaiting | None = None
    reviewed: SignOffEntry | None = None


Front = FrontMatter | EasyReadFront | TranslationFront


@dataclass(frozen=True, slots=True)
class Document:
    """A content file in two halves; `lines` tells where each front matter key stands."""

    front: Front
    lines: Mapping[str, int]
    body: str
    body_line: int


def read_document(text: str, kind: type[Front], faults: Faults) -> Document | None:
    """Return a normalised source text in its two halves, or None when the front matter has faults."""
    split = _split(text, faults)
    if not split:
        return None
    head, body, body_line = split
    node = parse_yaml(head, faults, first_line=2)
    if node is None:
        return None
    reader = StrictReader(faults, first_line=2)
    before = len(faults)
    try:
        front = reader.struct(node, kind)
    except YamlUnfit:
        return None
    lines = {key.value: reader.line(key) for key, _ in node.value}
    _check_sense(front, lines, faults)
    return Document(front, lines, body, body_line) if len(faults) == before else None


def _split(text: str, faults: Faults) -> tuple[str, str, int] | None:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        faults.add(1, "the file does not begin with front matter: put --- on line 1, the keys below it, and --- again")
        return None
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        faults.add(1, "the front matter is never closed: put --- on a line of its own after its last key")
        return None
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _check_sense(front: Front, lines: Mapping[str, int], faults: Faults) -> None:
    for name in ("roles", "outcomes", "sources"):
        if name in lines and not getattr(front, name):
            faults.add(lines[name], f"`{name}` is empty: name at least one")
    if "roles" in lines and len(set(front.roles)) < len(front.roles):
        faults.add(lines["roles"], "`roles` names a role twice: keep one")
    if isinstance(front, TranslationFront):
        _check_review(front, lines, faults)
        return
    if front.review_by <= front.written_on:
        faults.add(lines["review_by"], "`review_by` is not after `written_on`: give the day of the next review")
    for key in front.sources:
        if not re.fullmatch(NAME, key):
            faults.add(lines["sources"], f"the source `{key}`: write its name in small letters, figures and hyphens")


def _check_review(front: TranslationFront, lines: Mapping[str, int], faults: Faults) -> None:
    if (front.review is None) == (front.reviewed is None):
        faults.add(
            lines.get("reviewed", lines["translated_on"]),
            "say how the review stands: `review: awaiting`, or once somebody has made it `reviewed: {who: …, on: …}`",
        )


def sources_of(front: FrontMatter | EasyReadFront) -> tuple[Source, ...]:
    """Return the sources in the order they are listed, which is how citations are numbered."""
    return tuple(
        Source(key=key, title=entry.title, publisher=entry.publisher, url=entry.url, checked_on=entry.checked_on)
        for key, entry in front.sources.items()
    )


def sign_off(entry: SignOffEntry | None) -> SignOff | None:
    """Return who signed and when, where somebody did."""
    return SignOff(entry.who, entry.on) if entry else None


def common_fields(front: FrontMatter) -> dict:
    """Return the fields that a Module and a Scenario take over from their front matter unchanged."""
    return {
        **{name: getattr(front, name) for name in ("title", "summary", "roles", "minutes", "version", "material")},
        **{name: getattr(front, name) for name in ("outcomes", "capability", "written_on", "review_by")},
        "sources": sources_of(front),
        "clinical_signoff": sign_off(front.clinical_signoff),
        "replaces": front.replaces or "",
    }
