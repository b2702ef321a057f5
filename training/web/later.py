"""Sentences that are written down before anybody reads them, such as a field's label: each reader gets their own."""

from flask_babel.speaklater import LazyString

from training.domain import language


def later(message: str) -> LazyString:
    """Say a sentence when it is read."""
    return LazyString(language._, message)


def later_with(message: str, **values: object) -> LazyString:
    """Say a sentence with values in it when it is read; the sentence is marked with `N_` where it stands."""
    return LazyString(language._, message, **values)


def later_plural(one: str, many: str, count: int) -> LazyString:
    """Say a sentence that goes with a count when it is read; its forms are marked where a count is told at once."""
    return LazyString(language.ngettext, one, many, count)


def label_of(choice: object) -> LazyString:
    """Return what a choice is called, as each reader calls it."""
    return LazyString(getattr, choice, "label")
