"""How dates, statuses and addresses are worded in templates, and what every template knows."""

from collections.abc import Callable, Mapping, MutableMapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Flask, request
from flask.templating import Environment
from flask_login import current_user
from jinja2 import StrictUndefined

from training.domain import scoring
from training.domain.chart import band_of
from training.domain.compliance import percent_words
from training.domain.days import day_in, format_day
from training.domain.device_words import said_device
from training.domain.numbers import number_words
from training.domain.report import instant_words
from training.domain.roles import Role
from training.domain.said import said, said_sentence
from training.web import current, offline_tokens, preferences, shared
from training.web.as_of import days_asked
from training.web.cells import cell_html, cells_html, lines_html, openings, status_tag
from training.web.figure_cells import figure_rows, groups_html


class Templates(Environment):
    """Flask's templates, whose globals are one plain dictionary: each page and each include of one copies it."""

    def make_globals(self, added: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template may name beside what it is given; only a template with globals of its own differs."""
        return super().make_globals(added) if added else self.globals


def init(app: Flask) -> None:
    """Give templates the words, and let a typo in one fail."""
    app.jinja_environment = Templates
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=format_day, local_day=local_day, explained=explained, lower_first=lower_first)
    app.jinja_env.globals.update(
        url_for=kept_addresses(app),
        address=address,
        roles=tuple(Role),
        days_asked=days_asked,
        shuffled=scoring.shuffled,
    )
    app.jinja_env.globals.update(percent_words=percent_words, band_of=band_of, openings=openings)
    app.jinja_env.globals.update(figure_rows=figure_rows, groups=groups_html)
    app.jinja_env.filters.update(
        thousands=number_words,
        local_instant=local_instant,
        cell_html=cell_html,
        cells_html=cells_html,
        lines_html=lines_html,
        status_tag=status_tag,
    )
    app.jinja_env.globals.update(person_key=offline_tokens.person_key)
    app.jinja_env.filters.update(said=said, said_sentence=said_sentence, said_device=said_device)
    app.jinja_env.globals["seconds_left"] = shared.seconds_left
    app.context_processor(what_every_page_knows)


def what_every_page_knows() -> Mapping[str, object]:
    """Return whoever is signed in, or nobody, how pages look to them, and the shared tablet that the browser is."""
    return {
        "viewer": current.viewer() if current_user.is_authenticated else None,
        "shared_tablet": shared.device(),
        "looks": preferences.shown(),
    }


def kept_addresses(app: Flask) -> Callable[..., str]:
    """Return Flask's `url_for` for templates, which asks the routes once for each address: a page has dozens."""

    @lru_cache(maxsize=4_000, typed=True)
    def found(_root: str, endpoint: str, **values: object) -> str:
        return app.url_for(endpoint, **values)

    def url_for(endpoint: str, **values: object) -> str:
        # What is asked for several times over in one address comes as a list, which no cache holds.
        if any(isinstance(value, list) for value in values.values()):
            return app.url_for(endpoint, **values)
        return found(request.script_root, endpoint, **values)

    return url_for


def address(kind: str, slug: str) -> str:
    """Return the address of a module or scenario; lists have many, and to ask the routes takes thirty times as long."""
    return f"/{kind}s/{quote(slug)}"


def local_day(instant: datetime) -> date:
    """Return the day of an instant where the viewer's organisation is."""
    return day_in(instant, current.viewer().time_zone)


def local_instant(instant: datetime) -> str:
    """Return an instant in words, by the clock where the viewer's organisation is."""
    return instant_words(instant.astimezone(ZoneInfo(current.viewer().time_zone)))


def explained(text: str) -> str:
    """Return a card's HTML with the words of the glossary explained where they first stand."""
    return current.catalog().glossary.explain(text)


def lower_first(text: str) -> str:
    """Return words for the middle of a sentence."""
    return text[:1].lower() + text[1:]
