"""The language of a page: what its reader chose, in Flask-Babel's templates and in every sentence."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from gettext import NullTranslations

from flask import Flask, request
from flask_babel import Babel
from markupsafe import Markup, escape

from training.domain import language
from training.domain.language import Language
from training.domain.pseudo_language import PSEUDO
from training.speeches import speech_of
from training.web import current

VALUE = re.compile(r"%\(\w+\)s")
# Files, and signs of life, say nothing to anybody.
WORDLESS = {"static", "public.livez", "public.readyz"}


def init(app: Flask, *, chosen: Callable[[], Language]) -> None:
    """Speak the language that the reader chose, in every sentence and template of a request."""
    Babel(app, configure_jinja=False, locale_selector=lambda: chosen().value)
    give_words(app)

    def begin() -> None:
        if request.endpoint not in WORDLESS:
            speak(chosen())

    app.before_request(begin)
    app.teardown_request(fall_silent)


def give_words(app: Flask) -> None:
    """Let templates say sentences, and know which language they say them in."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(said, said_of, newstyle=True)
    # The library's own wrapping of these takes ten times as long, and a page says a hundred things.
    app.jinja_env.globals.update({"_": said, "gettext": said, "ngettext": said_of})
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals.update(speech=language.current, content_lang=content_lang)
    app.jinja_env.globals["languages_there"] = tuple((one.value, one.label) for one in Language)


def said(message: str, /, **values: object) -> Markup:
    """Return a sentence of a template, which is HTML; its values are not, and are escaped."""
    form = marked(language.current().words, message)
    return filled(form, values) if values else form


def filled(form: str, values: Mapping[str, object]) -> Markup:
    """Return a sentence with its values escaped: Markup's own way of it takes three times as long."""
    return Markup(str.__mod__(form, {name: escape(value) for name, value in values.items()}))  # noqa: S704


@lru_cache(maxsize=20_000)
def marked(words: NullTranslations, message: str) -> Markup:
    """Return a sentence in a language; a percent sign stands twice where values could follow."""
    form = words.gettext(message)
    return Markup(form if VALUE.search(form) else form.replace("%%", "%"))  # noqa: S704 (translators are trusted)


def said_of(one: str, many: str, num: int, /, **values: object) -> Markup:
    """Return the form of a sentence of a template that goes with a count."""
    form = language.current().words.ngettext(one, many, num)
    return filled(form, {"num": num, **values})


def content_lang() -> Markup:
    """Return the attributes of an element that is English whatever the page is; nothing on an English page."""
    return Markup("") if language.current().code == Language.ENGLISH else Markup(' lang="en-GB" dir="ltr"')


def speak(chosen: Language) -> None:
    """Speak a language from now on; whoever builds the pages may have them in one that nobody speaks."""
    language.speak(PSEUDO if current.config().is_pseudo else speech_of(chosen))


def fall_silent(_error: BaseException | None) -> None:
    """Speak English again: the thread goes on to somebody else."""
    language.speak(language.ENGLISH)
