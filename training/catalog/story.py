"""A scenario as a map: whether every scene can be reached and every way leads to an ending."""

import heapq
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from training.catalog.faults import Faults
from training.catalog.timing import minutes_for
from training.catalog.wandering import first_stuck
from training.domain.scenario import BACK, UNSET, Choice, Ending, Scene, Tag


@dataclass(frozen=True, slots=True)
class Told:
    """A scene as its author told it: its line, its choices' lines, its words, and whether every choice was readable."""

    scene: Scene
    line: int
    choice_lines: tuple[int, ...]
    words: int
    readable: bool = True


class Story:
    """The scenes of one scenario, with the lines that they and their choices stand on."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self.facts = facts
        self.scenes: dict[str, Scene] = {}
        self.told: dict[str, Told] = {}
        self.minutes: dict[str, float] = {}
        self.whole = True

    def add(self, told: Told, faults: Faults) -> None:
        """Add a scene; one whose address is taken is a fault and left out."""
        slug = told.scene.slug
        self.whole = self.whole and told.readable and bool(slug) and slug not in self.scenes
        if slug in self.scenes and slug:
            first = self.line(slug)
            faults.add(told.line, f"the address `{slug}` is taken by line {first}: give this scene its own")
        elif slug:
            self.scenes[slug] = told.scene
            self.told[slug] = told
            self.minutes[slug] = minutes_for(told.words, 0 if told.scene.ending else 1)

    def line(self, slug: str) -> int:
        """Return the line that a scene's heading stands on."""
        return self.told[slug].line

    @property
    def start(self) -> str:
        """The scene that the story begins with."""
        return next(iter(self.scenes))

    def choices(self) -> Iterator[tuple[Scene, Choice, int]]:
        """Yield every choice with its scene and its line."""
        for slug, scene in self.scenes.items():
            for choice, line in zip(scene.choices, self.told[slug].choice_lines, strict=True):
                yield scene, choice, line

    def open_ways(self) -> dict[str, set[str]]:
        """Return, for each scene that can be reached, the scenes its choices can lead to, facts considered.

        A fact can be so once a choice that can be taken sets it; every fact begins as `no`. Going back is left out.
        """
        had: set[tuple[str, str]] = set()
        ways: dict[str, set[str]] = {self.start: set()}
        closed = [(self.start, choice) for choice in self.scenes[self.start].choices]
        while opened := [(slug, choice) for slug, choice in closed if _is_open(choice, had)]:
            closed = [(slug, choice) for slug, choice in closed if not _is_open(choice, had)]
            for slug, choice in opened:
                had |= choice.sets.items()
                ways[slug].add(choice.target)
                if choice.target in self.scenes and choice.target not in ways:
                    ways[choice.target] = set()
                    closed.extend((choice.target, onward) for onward in self.scenes[choice.target].choices)
        return ways

    def shortest_minutes(self) -> float:
        """Return the minutes of the quickest way from the start to an ending."""
        best: dict[str, float] = {}
        queue = [(self.minutes[self.start], self.start)]
        while queue:
            taken, slug = heapq.heappop(queue)
            if slug in best:
                continue
            best[slug] = taken
            for target in {choice.target for choice in self.scenes[slug].choices} & self.scenes.keys():
                heapq.heappush(queue, (taken + self.minutes[target], target))
        return min((taken for slug, taken in best.items() if self.scenes[slug].ending), default=0.0)


def _is_open(choice: Choice, had: Set[tuple[str, str]]) -> bool:
    return all(need in had or need[1] == UNSET for need in choice.needs.items())


def check_story(story: Story, faults: Faults) -> None:
    """Record scenes that cannot be reached or left, endings that are not told apart, and facts not named."""
    _check_facts(story, faults)
    _check_endings(story, faults)
    if story.scenes and story.whole and _targets_exist(story, faults) and _ways_lead_on(story, faults):
        _check_wandering(story, faults)


def _check_facts(story: Story, faults: Faults) -> None:
    for _, choice, line in story.choices():
        for name in {**choice.sets, **choice.needs}:
            if name not in story.facts:
                faults.add(line, f"the fact `{name}` is not named: add it to `facts` in the front matter")


def _check_endings(story: Story, faults: Faults) -> None:
    for slug, scene in story.scenes.items():
        if scene.ending and scene.choices:
            faults.add(story.line(slug), f"the ending `{slug}` has choices: take them out, or the mark {{ending}}")
    for slug in _dead_ends(story):
        message = f"the scene `{slug}` is a dead end: add a choice, or mark it {{ending: safe}} or {{ending: unsafe}}"
        faults.add(story.line(slug), message)
    if story.scenes and all(scene.ending is not Ending.SAFE for scene in story.scenes.values()):
        faults.add(story.line(story.start), "no ending is safe: mark at least one scene {ending: safe}")


def _dead_ends(story: Story) -> set[str]:
    return {
        slug for slug, told in story.told.items() if told.readable and not told.scene.choices and not told.scene.ending
    }


def _targets_exist(story: Story, faults: Faults) -> bool:
    before = len(faults)
    for _, choice, line in story.choices():
        if choice.target != BACK and choice.target not in story.scenes:
            faults.add(line, f"no scene has the address `{choice.target}`: correct the link, or write the scene")
    return len(faults) == before


def _ways_lead_on(story: Story, faults: Faults) -> bool:
    before = len(faults)
    ways = story.open_ways()
    for slug in story.scenes.keys() - ways.keys():
        faults.add(story.line(slug), f"the scene `{slug}` cannot be reached: link a choice to it that can be offered")
    out = _lead_to(ways, {slug for slug in ways if story.scenes[slug].ending})
    for slug in ways.keys() - out - _dead_ends(story):
        faults.add(story.line(slug), f"no way leads from `{slug}` to an ending: add a choice that goes on")
    safe = {slug for slug in ways if story.scenes[slug].ending is Ending.SAFE}
    if safe and story.start not in _lead_to(_without_critical(story, ways), safe):
        message = "no safe ending can be reached without a critical choice, so nobody could pass: add a way"
        faults.add(story.line(story.start), message)
    return len(faults) == before and not _dead_ends(story)


def _without_critical(story: Story, ways: Mapping[str, set[str]]) -> dict[str, set[str]]:
    allowed = {
        slug: {choice.target for choice in story.scenes[slug].choices if choice.tag is not Tag.CRITICAL}
        for slug in ways
    }
    return {slug: targets & allowed[slug] for slug, targets in ways.items()}


def _lead_to(ways: Mapping[str, set[str]], goals: set[str]) -> set[str]:
    """Return the scenes from which a goal can be reached, going back to any scene that leads here."""
    came_from: dict[str, set[str]] = {slug: set() for slug in ways}
    for slug, targets in ways.items():
        for target in targets & ways.keys():
            came_from[target].add(slug)
    found = set(goals)
    waiting = list(goals)
    while waiting:
        slug = waiting.pop()
        go_back_here = {after for after in ways[slug] & ways.keys() if BACK in ways[after]}
        more = (came_from[slug] | go_back_here) - found
        found |= more
        waiting.extend(more)
    return found


def _check_wandering(story: Story, faults: Faults) -> None:
    stuck = first_stuck(story.scenes, story.start)
    if stuck:
        facts = ", ".join(f"{name}: {value}" for name, value in stuck.facts) or "no facts"
        message = (
            f"a learner can get stuck in `{stuck.scene}` (with {facts}, once-only choices taken): "
            "add a choice that goes on without conditions"
        )
        faults.add(story.line(stuck.scene), message)
