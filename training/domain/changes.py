"""What changed between two versions of an item: cards and questions of a role, scenes and choices of a story."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from training.domain.module import Card, Module, Option, Question
from training.domain.roles import Role
from training.domain.scenario import Choice, Scenario, Scene

# A citation shows its source's number in the list, which moves when another comes in; what is said has not changed.
NUMBER = re.compile(r'(<sup class="app-citation">.*?</span>)[0-9]+', re.DOTALL)
APART = {"slug", "kind", "content_hash", "cards", "scenes", "sources"}


@dataclass(frozen=True, slots=True)
class Difference:
    """The names of what was added, removed and changed, in reading order."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def new_or_changed(self) -> tuple[str, ...]:
        """What somebody who knew the version before has not seen as it is now."""
        return self.added + self.changed


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed for one role of a module: `cards` by slug, `questions` by id."""

    cards: Difference
    questions: Difference

    def __bool__(self) -> bool:
        return bool(self.cards or self.questions)


@dataclass(frozen=True, slots=True)
class StoryChanges:
    """What changed in a scenario: `scenes` by slug; `choices`, of scenes in both, by scene and words."""

    scenes: Difference
    choices: Difference

    def __bool__(self) -> bool:
        return bool(self.scenes or self.choices)


def changed_cards(before: Module, after: Module, role: Role) -> Changes:
    """Compare what a role reads and is asked; a version that does not serve the role has nothing for it.

    A card changes with its heading or its prose. A question counts for itself, wherever it stands.
    """
    return Changes(
        cards=difference(_cards(before, role), _cards(after, role)),
        questions=difference(_questions(before, role), _questions(after, role)),
    )


def all_changes(steps: Iterable[Changes]) -> Changes:
    """Return what several steps from one version to a later one changed together."""
    steps = tuple(steps)
    return Changes(
        cards=_together([step.cards for step in steps]), questions=_together([step.questions for step in steps])
    )


def changed_scenes(before: Scenario, after: Scenario) -> StoryChanges:
    """Compare two versions of a story; a choice in other words is one removed and one added."""
    both = before.scenes.keys() & after.scenes.keys()
    return StoryChanges(
        scenes=difference(
            {slug: _told(scene) for slug, scene in before.scenes.items()},
            {slug: _told(scene) for slug, scene in after.scenes.items()},
        ),
        choices=difference(_choices(before, both), _choices(after, both)),
    )


def changed_headings(before: Module | Scenario, after: Module | Scenario) -> tuple[str, ...]:
    """Return the headings of the cards or scenes that are new or different for anybody, their questions included."""
    if isinstance(before, Scenario):
        return _changed_scene_headings(before, after)
    headings: dict[str, None] = {}
    for role in after.roles:
        changes = changed_cards(before, after, role)
        seen = set(changes.cards.new_or_changed)
        asked = set(changes.questions.new_or_changed)
        for card in after.cards[role]:
            if card.slug in seen or asked.intersection(question.id for question in card.questions):
                headings[card.title] = None
    return tuple(headings)


def changed_front(before: Module | Scenario, after: Module | Scenario) -> dict[str, tuple[object, object]]:
    """Return the front matter fields that differ, each with its value before and after; sources stand apart."""
    names = (field.name for field in fields(after) if field.name not in APART)
    values = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: pair for name, pair in values.items() if pair[0] != pair[1]}


def changed_sources(before: Module | Scenario, after: Module | Scenario) -> Difference:
    """Compare the sources of two versions, by their keys."""
    return difference(
        {source.key: source for source in before.sources}, {source.key: source for source in after.sources}
    )


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> Difference:
    """Compare two sets of named things."""
    return Difference(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name in after if name in before and before[name] != after[name]),
    )


def _changed_scene_headings(before: Scenario, after: Scenario) -> tuple[str, ...]:
    story = changed_scenes(before, after)
    slugs = {*story.scenes.new_or_changed, *(name.partition(": ")[0] for name in story.choices.new_or_changed)}
    return tuple(scene.title for slug, scene in after.scenes.items() if slug in slugs)


def _together(steps: Sequence[Difference]) -> Difference:
    return Difference(
        added=tuple(dict.fromkeys(name for step in steps for name in step.added)),
        removed=tuple(dict.fromkeys(name for step in steps for name in step.removed)),
        changed=tuple(dict.fromkeys(name for step in steps for name in step.changed)),
    )


def _cards(module: Module, role: Role) -> dict[str, tuple[str, str]]:
    return {card.slug: (card.title, _prose(card)) for card in module.cards.get(role, ())}


def _prose(card: Card) -> str:
    return _unnumbered("\n".join(part.html for part in card.parts if not part.question))


def _questions(module: Module, role: Role) -> dict[str, Question]:
    asked = module.questions(role) if role in module.cards else ()
    return {question.id: _question(question) for question in asked}


def _question(question: Question) -> Question:
    options = tuple(_option(option) for option in question.options)
    return replace(question, prompt_html=_unnumbered(question.prompt_html), options=options)


def _option(option: Option) -> Option:
    return replace(option, html=_unnumbered(option.html), feedback_html=_unnumbered(option.feedback_html))


def _told(scene: Scene) -> tuple[str, str, str | None]:
    return scene.title, _unnumbered(scene.html), scene.ending


def _choices(scenario: Scenario, scenes: set[str]) -> dict[str, Choice]:
    return {
        f"{slug}: {choice.html}": replace(choice, key="", feedback_html=_unnumbered(choice.feedback_html))
        for slug, scene in scenario.scenes.items()
        if slug in scenes
        for choice in scene.choices
    }


def _unnumbered(html: str) -> str:
    return NUMBER.sub(r"\1", html)
