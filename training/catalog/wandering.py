"""Every way a learner can wander through a story, to find one where no ending can be reached any more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from training.domain.scenario import BACK, UNSET, Choice, Scene

MOST_STATES = 2_000
MOST_REMEMBERED = 1
# Stands below the scenes that are remembered for going back: more lie there, and one of them surely leads on.
FORGOTTEN = "…"


@dataclass(frozen=True, slots=True)
class Wanderer:
    """A learner somewhere in the story: what is so, what is used up, and the scenes to go back through."""

    scene: str
    facts: tuple[tuple[str, str], ...] = ()
    used: frozenset[str] = frozenset()
    came_through: tuple[str, ...] = ()


def first_stuck(scenes: Mapping[str, Scene], start: str) -> Wanderer | None:
    """Return a wanderer who can reach no ending, or None.

    A story with too many states to look at is taken to be well: it has passed the checks that look at scenes alone.
    """
    choices = [choice for scene in scenes.values() for choice in scene.choices]
    if _always_a_way(scenes):
        return None
    remembers = any(choice.target == BACK for choice in choices)
    asked = {name for choice in choices for name in choice.needs}
    scenes = {slug: _without_idle_facts(scene, asked) for slug, scene in scenes.items()}
    onward: dict[Wanderer, list[Wanderer]] = {}
    waiting = [Wanderer(start)]
    while waiting:
        wanderer = waiting.pop()
        if wanderer in onward or wanderer.scene == FORGOTTEN:
            continue
        onward[wanderer] = list(_next(wanderer, scenes, remembers=remembers))
        waiting.extend(onward[wanderer])
        if len(onward) > MOST_STATES:
            return None
    ending = _able_to_end(onward, scenes)
    return next((wanderer for wanderer in onward if wanderer not in ending), None)


def _always_a_way(scenes: Mapping[str, Scene]) -> bool:
    """Tell whether every scene leads to an ending by choices that are always offered; then nobody gets stuck."""
    lasting = {
        slug: {choice.target for choice in scene.choices if not (choice.needs or choice.once or choice.target == BACK)}
        for slug, scene in scenes.items()
    }
    well = {slug for slug, scene in scenes.items() if scene.ending}
    while more := {slug for slug, targets in lasting.items() if slug not in well and targets & well}:
        well |= more
    return len(well) == len(scenes)


def _without_idle_facts(scene: Scene, asked: set[str]) -> Scene:
    """Return a scene whose choices set only facts that some choice asks about: the others tell nobody apart."""
    choices = (
        replace(choice, sets={name: value for name, value in choice.sets.items() if name in asked})
        for choice in scene.choices
    )
    return replace(scene, choices=tuple(choices))


def _next(wanderer: Wanderer, scenes: Mapping[str, Scene], *, remembers: bool) -> Iterator[Wanderer]:
    facts = dict(wanderer.facts)
    for choice in scenes[wanderer.scene].choices:
        if choice.key in wanderer.used or any(facts.get(name, UNSET) != so for name, so in choice.needs.items()):
            continue
        if choice.target != BACK or wanderer.came_through:
            yield _moved(wanderer, choice, remembers=remembers)


def _moved(wanderer: Wanderer, choice: Choice, *, remembers: bool) -> Wanderer:
    facts = tuple(sorted({**dict(wanderer.facts), **choice.sets}.items()))
    used = wanderer.used | {choice.key} if choice.once else wanderer.used
    if choice.target == BACK:
        return Wanderer(wanderer.came_through[-1], facts, used, wanderer.came_through[:-1])
    if not remembers:
        return Wanderer(choice.target, facts, used)
    came_through = (*wanderer.came_through, wanderer.scene)
    if len(came_through) > MOST_REMEMBERED:
        came_through = (FORGOTTEN, *came_through[-MOST_REMEMBERED:])
    return Wanderer(choice.target, facts, used, came_through)


def _able_to_end(onward: Mapping[Wanderer, list[Wanderer]], scenes: Mapping[str, Scene]) -> set[Wanderer]:
    before: dict[Wanderer, list[Wanderer]] = {}
    for wanderer, targets in onward.items():
        for target in targets:
            before.setdefault(target, []).append(wanderer)
    waiting = [target for target in {*onward, *before} if target.scene == FORGOTTEN or scenes[target.scene].ending]
    able: set[Wanderer] = set()
    while waiting:
        wanderer = waiting.pop()
        if wanderer not in able:
            able.add(wanderer)
            waiting.extend(before.get(wanderer, []))
    return able
