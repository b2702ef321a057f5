"""An item as a device keeps it: its cards, or its scenes, as the pages draw them, and what marking on sight needs."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from flask import current_app, get_template_attribute, render_template, url_for

from training.domain import language, translation
from training.domain.module import Card, Module, Question
from training.domain.roles import Role
from training.domain.scenario import Scenario, Scene
from training.web import current, reading


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item drawn for a role, in bytes of JSON, and the address that changes when they do."""

    body: bytes
    address: str


def drawn(item: Module | Scenario, role: Role) -> Drawn:
    """Return an item as a device keeps it, in its reader's words; what was drawn once is kept, as it never changes."""
    kept, said = current_app.extensions.setdefault("drawn", {}), reading.item(item)
    languages = language.current().code, translation.language_of(said)
    key = (item.content_hash, role, *languages, id(current.catalog().glossary))
    if key not in kept:
        shown = module(said, role) if isinstance(said, Module) else story(said, role)
        body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
        mark = hashlib.sha256(body).hexdigest()[:12]
        kept[key] = Drawn(body, url_for("offline.item", content_hash=item.content_hash, role=role.value, v=mark))
    return kept[key]


def head(item: Module | Scenario, role: Role) -> dict[str, Any]:
    """Return what modules and stories have in common."""
    return {
        "kind": item.kind,
        "slug": item.slug,
        "hash": item.content_hash,
        "role": role.value,
        "title": item.title,
        "lang": translation.language_of(item),
        "summary": item.summary,
        "minutes": item.minutes,
    }


def module(item: Module, role: Role) -> dict[str, Any]:
    """Return a module as a role reads it."""
    return {
        **head(item, role),
        "pass_mark": item.pass_mark,
        "cards": [card(item, shown) for shown in item.cards[role]],
        "questions": {asked.id: question(asked) for asked in item.questions(role)},
    }


def card(item: Module, shown: Card) -> dict[str, Any]:
    """Return a card with its questions unanswered."""
    return {
        "slug": shown.slug,
        "title": shown.title,
        "html": render_template("offline/card.html", item=item, card=shown),
        "sources": sources(item, shown.sources),
        "questions": [asked.id for asked in shown.questions],
    }


def question(asked: Question) -> dict[str, Any]:
    """Return what a device needs to say at once how an answer was; the server alone decides what passes."""
    return {
        "kind": asked.kind.value,
        "must": asked.must,
        "prompt": asked.prompt_html,
        "options": [
            {"key": one.key, "right": one.right, "feedback": one.feedback_html, "partner": one.partner}
            for one in asked.options
        ],
    }


def story(item: Scenario, role: Role) -> dict[str, Any]:
    """Return a scenario with every scene and choice."""
    return {
        **head(item, role),
        "start": item.start,
        "scenes": {slug: scene(item, shown) for slug, shown in item.scenes.items()},
    }


def scene(item: Scenario, shown: Scene) -> dict[str, Any]:
    """Return a scene with its choices."""
    return {
        "title": shown.title,
        "html": current.catalog().glossary.explain(shown.html),
        "sources": sources(item, shown.sources),
        "ending": shown.ending.value if shown.ending else None,
        "choices": [
            {
                "key": choice.key,
                "html": choice.html,
                "target": choice.target,
                "feedback": choice.feedback_html,
                "tag": choice.tag.value,
                "sets": dict(choice.sets),
                "needs": dict(choice.needs),
                "once": choice.once,
            }
            for choice in shown.choices
        ],
    }


def sources(item: Module | Scenario, keys: tuple[str, ...]) -> str:
    """Return the list of what a card or scene cites."""
    return str(get_template_attribute("components/sources.html", "sources")(item, keys)).strip()
