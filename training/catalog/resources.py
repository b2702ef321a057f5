"""The resources library: what others have made, linked and never copied."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from training.catalog.faults import Faults
from training.catalog.source_text import read_source
from training.catalog.strict_yaml import Day, Flag, Line, StrictReader, YamlUnfit, parse_yaml
from training.domain.language import N_, _

PEOPLE = "people"
MOST_CHARACTERS = 256 * 1024
Audience = Annotated[
    Literal["prescriber", "non-prescriber", "social-care", "family-carer", "people"],
    msgspec.Meta(description="a role, or `people` for people with a learning disability"),
]


class Format(StrEnum):
    """What kind of thing a resource is."""

    WEB_PAGE = "web-page"
    GUIDE = "guide"
    LEAFLET = "leaflet"
    TOOLKIT = "toolkit"
    FORM = "form"
    FILM = "film"
    E_LEARNING = "e-learning"
    REPORT = "report"

    @property
    def label(self) -> str:
        """The format in words."""
        return _(FORMATS[self])


class Topic(StrEnum):
    """What a resource is about."""

    BASICS = "basics"
    MEDICINES = "medicines"
    SIDE_EFFECTS = "side-effects"
    HEALTH_CHECK = "health-check"
    REVIEWS = "reviews"
    REDUCING = "reducing"
    BEHAVIOUR = "behaviour"
    COMMUNICATION = "communication"
    SENSORY = "sensory"
    SLEEP = "sleep"
    TRAUMA = "trauma"
    CHILDREN = "children"
    RIGHTS = "rights"
    SPEAKING_UP = "speaking-up"
    CARERS = "carers"

    @property
    def label(self) -> str:
        """The topic in words."""
        return _(TOPICS[self])


FORMATS = {
    Format.WEB_PAGE: N_("Web page"),
    Format.GUIDE: N_("Guide"),
    Format.LEAFLET: N_("Leaflet"),
    Format.TOOLKIT: N_("Toolkit"),
    Format.FORM: N_("Form"),
    Format.FILM: N_("Film"),
    Format.E_LEARNING: N_("E-learning"),
    Format.REPORT: N_("Report"),
}
TOPICS = {
    Topic.BASICS: N_("Basics"),
    Topic.MEDICINES: N_("Medicines"),
    Topic.SIDE_EFFECTS: N_("Side effects"),
    Topic.HEALTH_CHECK: N_("Health check"),
    Topic.REVIEWS: N_("Reviews"),
    Topic.REDUCING: N_("Reducing"),
    Topic.BEHAVIOUR: N_("Behaviour"),
    Topic.COMMUNICATION: N_("Communication"),
    Topic.SENSORY: N_("Sensory"),
    Topic.SLEEP: N_("Sleep"),
    Topic.TRAUMA: N_("Trauma"),
    Topic.CHILDREN: N_("Children"),
    Topic.RIGHTS: N_("Rights"),
    Topic.SPEAKING_UP: N_("Speaking up"),
    Topic.CARERS: N_("Carers"),
}


@dataclass(frozen=True, slots=True)
class Resource:
    """Something made by others, with where it is and the day we looked."""

    slug: str
    title: str
    publisher: str
    url: str
    audience: tuple[str, ...]
    format: Format
    topic: Topic
    easy_read: bool
    language: str
    checked_on: date


class ResourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A resource as `resources.yaml` writes it, under its slug."""

    title: Line
    publisher: Line
    url: Line
    audience: tuple[Audience, ...]
    format: Format
    topic: Topic
    easy_read: Flag
    language: Line
    checked_on: Day


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; nothing asked shows everything."""

    search: str = ""
    audience: str = ""
    format: str = ""
    topic: str = ""
    language: str = ""
    easy_read: bool = False

    def fits(self, resource: Resource) -> bool:
        """Say whether a resource is looked for; every word of the search must stand in its title or publisher."""
        words = f"{resource.title} {resource.publisher} {resource.topic.label}".casefold()
        return (
            all(word in words for word in self.search.casefold().split())
            and self.audience in {"", *resource.audience}
            and self.format in {"", resource.format}
            and self.topic in {"", resource.topic}
            and self.language in {"", resource.language}
            and (resource.easy_read or not self.easy_read)
        )


def find(resources: Iterable[Resource], wanted: Wanted) -> tuple[Resource, ...]:
    """Return the resources looked for, by title."""
    return tuple(sorted(filter(wanted.fits, resources), key=lambda resource: resource.title.casefold()))


def read_resources(path: Path, faults: Faults) -> tuple[Resource, ...]:
    """Return the resources of a file; a content folder without one has none."""
    if not path.is_file():
        return ()
    text = read_source(path, faults)
    node = parse_yaml(text, faults, most=MOST_CHARACTERS) if text is not None else None
    if node is None:
        return ()
    reader = StrictReader(faults)
    try:
        entries = reader.mapping(node, "")
    except YamlUnfit:
        return ()
    found: list[Resource] = []
    addresses: dict[str, str] = {}
    for slug, (line, value) in entries.items():
        try:
            entry = reader.struct(value, ResourceEntry, f"{slug}.")
        except YamlUnfit:
            continue
        if not entry.url.startswith(("https://", "http://")):
            faults.add(line, f"`{entry.url}` is no web address: write the whole of it, from https://")
        if addresses.setdefault(entry.url, slug) != slug:
            faults.add(line, f"the address is that of `{addresses[entry.url]}` already: keep one")
        found.append(Resource(slug, **msgspec.structs.asdict(entry)))
    return tuple(found)
