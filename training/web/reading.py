"""The content in the words of whoever reads it: translated where that may be shown, and saying its language."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from training.catalog.label_words import IN_OTHER_LANGUAGES
from training.domain import language, translation
from training.domain.module import Module
from training.domain.scenario import Scenario
from training.domain.translation import ENGLISH, TranslatedModule
from training.services.learning import Answered, OpenAttempt
from training.services.progress import Home, ItemPage, Shown, TrackPage
from training.services.records import Result
from training.web import current

CHOICE, ORIGINAL, TRANSLATED = "words", "original", "translated"


def init(app: Flask) -> None:
    """Give templates what they say of languages, and let a reader change between a translation and the English."""
    app.jinja_env.globals.update(
        tagged=tagged,
        said_in=IN_OTHER_LANGUAGES,
        translation_of=translation.translation_of,
        translation_left=translation_left,
    )
    app.before_request(choose)


def choose() -> ResponseReturnValue | None:
    """Remember for this session which words a reader wants, where an address asks for them."""
    wanted = request.args.get(CHOICE)
    if request.method != "GET" or request.endpoint is None or wanted not in {ORIGINAL, TRANSLATED}:
        return None
    session[CHOICE] = wanted
    return redirect(url_for(request.endpoint, **(request.view_args or {})))


def on_offer(slug: str) -> TranslatedModule | None:
    """Return an item in the language of the page, if it has been translated and may be shown."""
    spoken = language.current()
    if spoken.tag == ENGLISH:
        return None
    shown = current.config().show_unreviewed_translations
    return current.catalog().translation(slug, language=spoken.code, with_unreviewed=shown)


def translated(slug: str) -> TranslatedModule | None:
    """Return an item in the language of the page, unless its reader asked for the English."""
    found = on_offer(slug)
    return None if found is None or session.get(CHOICE) == ORIGINAL else found


def translation_left(item: Module | Scenario) -> bool:
    """Say whether a reader of the English could have a translation of these very words instead."""
    found = on_offer(item.slug) if translation.translation_of(item) is None else None
    return found is not None and found.content_hash == item.content_hash


def item(found: Module | Scenario) -> Module | Scenario:
    """Return an item in its reader's words; a version that has no translation is read in English."""
    other = translated(found.slug)
    said = other if other and other.content_hash == found.content_hash else found
    tag = translation.language_of(said)
    if tag == language.current().tag == ENGLISH:
        return said
    kept = current_app.extensions.setdefault("tagged", {})
    key = said.content_hash, tag
    if key not in kept or kept[key][0] is not said:
        kept[key] = said, translation.tagged(said, tag)
    return kept[key][1]


def tagged(what: Module | Scenario | str) -> Markup:
    """Return the attributes of an element with words of an item, or of the one with that name: which language, if any.

    On an English page English content needs none.
    """
    if isinstance(what, str):
        what = translated(what)
    tag = translation.language_of(what) if what else ENGLISH
    return Markup("") if tag == language.current().tag == ENGLISH else Markup(' lang="{}" dir="ltr"').format(tag)


def shown(found: Shown) -> Shown:
    """Return a line of a list with its title and summary in its reader's words."""
    other = translated(found.slug)
    return replace(found, title=other.title, summary=other.summary) if other else found


def home(found: Home) -> Home:
    return replace(found, next=found.next and shown(found.next), lines=tuple(map(shown, found.lines)))


def track(found: TrackPage) -> TrackPage:
    return replace(found, core=tuple(map(shown, found.core)), further=tuple(map(shown, found.further)))


def item_page(found: ItemPage) -> ItemPage:
    return replace(found, item=item(found.item), shown=shown(found.shown))


def attempt(found: OpenAttempt) -> OpenAttempt:
    """Return an attempt, and its refresher if it is one, in its reader's words."""
    said = item(found.item)
    if said is found.item:
        return found
    refresher = found.refresher and translation.reworded(found.refresher, said, found.role)
    return replace(found, item=said, refresher=refresher)


def answered(found: Answered) -> Answered:
    """Return an answer, as it was marked, with its question in its reader's words."""
    said = attempt(found.attempt)
    questions = {one.id: one for one in said.item.questions(said.role)}
    return replace(found, attempt=said, question=questions[found.question.id])


def result(found: Result) -> Result:
    """Return how an attempt went, as it was marked, with its questions or choices in its reader's words."""
    said = item(found.item)
    if isinstance(said, Scenario):
        choices = {one.key: one for scene in said.scenes.values() for one in scene.choices}
        return replace(found, item=said, choices=tuple(choices[one.key] for one in found.choices))
    questions = {one.id: one for one in said.questions(found.role)}
    return replace(found, item=said, wrong=tuple((questions[one.id], verdict) for one, verdict in found.wrong))


def items(found: Iterable[Module | Scenario]) -> list[Module | Scenario]:
    """Return items in their reader's words."""
    return [item(one) for one in found]
