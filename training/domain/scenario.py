"""A scenario: scenes joined by choices, ending safely or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from training.domain.module import SignOff, Source
from training.domain.roles import Role

BACK = "back"
# What a fact is until a choice sets it, so that `{if told_gp: no}` needs nothing to have been done.
UNSET = "no"


class Tag(StrEnum):
    """What a choice means for the person in the story."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    CRITICAL = "critical"
    NONE = "none"


class Ending(StrEnum):
    """How a story ends."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on from a scene.

    `key` is the scene's slug, a colon and the choice's number there. `target` is a scene slug, or "back" for the scene
    before. `sets` are facts that become so when it is taken, `needs` facts that must be so for it to be offered; `once`
    offers it until it has been taken.
    """

    key: str
    html: str
    target: str
    feedback_html: str = ""
    tag: Tag = Tag.NONE
    sets: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    once: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment in the story. `ending` is set where the story stops."""

    slug: str
    title: str
    html: str
    choices: tuple[Choice, ...] = ()
    ending: Ending | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario at one version; the story begins at scene `start`."""

    slug: str
    title: str
    summary: str
    roles: tuple[Role, ...]
    minutes: int
    version: str
    material: bool
    outcomes: tuple[str, ...]
    capability: str
    sources: tuple[Source, ...]
    written_on: date
    review_by: date
    start: str
    facts: Mapping[str, str]
    scenes: Mapping[str, Scene]
    content_hash: str
    clinical_signoff: SignOff | None = None
    replaces: str = ""
    kind: str = field(default="scenario")
