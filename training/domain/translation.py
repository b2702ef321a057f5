"""A module in another language: its words alone differ, and everything that counts is the original's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from training.domain.module import Card, Module, Option, Part, Question, SignOff
from training.domain.refresher import Refresher
from training.domain.roles import Role
from training.domain.scenario import Choice, Scenario, Scene

ENGLISH = "en-GB"


@dataclass(frozen=True, slots=True)
class Translation:
    """Which language the words are in, who put them into it, and who reviewed that, where somebody did."""

    language: str
    translator: str
    translated_on: date
    reviewed: SignOff | None = None

    @property
    def awaits_review(self) -> bool:
        """Whether nobody has reviewed it yet."""
        return self.reviewed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedModule(Module):
    """A module in the words of a translation; ids, right answers, version and content hash are the original's."""

    translation: Translation


@dataclass(frozen=True, slots=True)
class Words:
    """What a translation says in place of the original; its cards stand in the same order and have the same parts."""

    title: str
    summary: str
    outcomes: tuple[str, ...]
    cards: Mapping[Role, tuple[Card, ...]]


def translation_of(item: Module | Scenario) -> Translation | None:
    """Return how an item was translated, or None where it stands in its own words."""
    return item.translation if isinstance(item, TranslatedModule) else None


def language_of(item: Module | Scenario) -> str:
    """Return the tag of the language that an item's words are in."""
    found = translation_of(item)
    return found.language if found else ENGLISH


def translated(module: Module, words: Words, translation: Translation) -> TranslatedModule:
    """Return a module in other words.

    Raises:
        ValueError: when the words have another number of cards, parts or options than the module.
    """
    kept = {name: getattr(module, name) for name in Module.__dataclass_fields__}
    cards = {
        role: tuple(_card(card, said) for card, said in zip(module.cards[role], words.cards[role], strict=True))
        for role in module.roles
    }
    changed = {"title": words.title, "summary": words.summary, "outcomes": words.outcomes, "cards": cards}
    return TranslatedModule(**{**kept, **changed}, translation=translation)


def _card(card: Card, said: Card) -> Card:
    parts = tuple(_part(part, other) for part, other in zip(card.parts, said.parts, strict=True))
    return replace(card, title=said.title, parts=parts)


def _part(part: Part, said: Part) -> Part:
    if (part.question is None) != (said.question is None):
        raise ValueError("a question stands where the module has text, or text where it has a question")
    return Part(html=said.html, question=_question(part.question, said.question) if part.question else None)


def _question(question: Question, said: Question) -> Question:
    options = tuple(_option(one, other) for one, other in zip(question.options, said.options, strict=True))
    return replace(question, prompt_html=said.prompt_html, options=options)


def _option(option: Option, said: Option) -> Option:
    return replace(option, html=said.html, feedback_html=said.feedback_html, partner=said.partner)


def reworded(refresher: Refresher, module: Module, role: Role) -> Refresher:
    """Return a refresher with its cards and questions as they stand in a module of the same content."""
    cards = {card.slug: card for card in module.cards[role]}
    questions = {question.id: question for question in module.questions(role)}
    return Refresher(
        asked=tuple(
            replace(each, question=questions[each.question.id], card=cards[each.card.slug]) for each in refresher.asked
        ),
        cards=tuple(replace(each, card=cards[each.card.slug]) for each in refresher.cards),
    )


def tagged(item: Module | Scenario, language: str) -> Module | Scenario:
    """Return an item whose every stretch of HTML says which language it is in, for a page in another."""
    if isinstance(item, Scenario):
        return replace(item, scenes={slug: _tagged_scene(scene, language) for slug, scene in item.scenes.items()})
    cards = {role: tuple(_tagged_card(card, language) for card in some) for role, some in item.cards.items()}
    return replace(item, cards=cards)


def block(html: str, language: str) -> str:
    """Return blocks of text in an element that says their language; nothing stays nothing."""
    return f'<div lang="{language}" dir="ltr">{html}</div>' if html else ""


def phrase(html: str, language: str) -> str:
    """Return a label or legend in an element that says its language."""
    return f'<span lang="{language}" dir="ltr">{html}</span>'


def _tagged_card(card: Card, language: str) -> Card:
    return replace(card, parts=tuple(_tagged_part(part, language) for part in card.parts))


def _tagged_part(part: Part, language: str) -> Part:
    return Part(block(part.html, language), _tagged_question(part.question, language) if part.question else None)


def _tagged_question(question: Question, language: str) -> Question:
    options = tuple(
        replace(one, html=phrase(one.html, language), feedback_html=block(one.feedback_html, language))
        for one in question.options
    )
    return replace(question, prompt_html=phrase(question.prompt_html, language), options=options)


def _tagged_scene(scene: Scene, language: str) -> Scene:
    choices = tuple(_tagged_choice(choice, language) for choice in scene.choices)
    return replace(scene, html=block(scene.html, language), choices=choices)


def _tagged_choice(choice: Choice, language: str) -> Choice:
    feedback = block(choice.feedback_html, language)
    return replace(choice, html=phrase(choice.html, language), feedback_html=feedback)
