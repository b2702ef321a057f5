"""Values of audit entries that are known by a slug or a number, in the words of the pages where they were chosen."""

from collections.abc import Callable, Mapping
from typing import Any

from training.domain.asc_wds import Layout
from training.domain.language import N_, _
from training.domain.permission import PermissionKind
from training.domain.report import FORMS
from training.domain.report_schedule import WEEKDAYS
from training.domain.requirement import Reach
from training.domain.requirement_words import CHOICES
from training.domain.roles import Role
from training.domain.status import Status

# What a message was, by what its kind begins with.
MESSAGES = {"reminder": N_("reminder"), "digest": N_("weekly digest"), "report-": N_("file ready")}


def kind_words(value: str) -> str:
    """Return what a permission or a message is."""
    if value in set(PermissionKind):
        return PermissionKind(value).label
    return _(next((words for kind, words in MESSAGES.items() if value.startswith(kind)), value))


def labelled(kind: type) -> Callable[[Any], str]:
    """Return a function that gives the label of a value, or the value where there is none such any more."""
    return lambda value: kind(value).label if value in set(kind) else f"{value}"


def weekday_words(value: int) -> str:
    """Return the name of a day of the week from 1, Monday, to 7."""
    return _(WEEKDAYS[value - 1]) if value in range(1, 8) else f"{value}"


SAID: Mapping[str, Callable[[Any], str]] = {
    "act": lambda value: _(value),
    "digest_weekday": weekday_words,
    "form": lambda value: FORMS.get(value, value),
    "kind": kind_words,
    "layout": labelled(Layout),
    "reach": lambda value: _(CHOICES[Reach(value)]) if value in set(Reach) else value,
    "role": labelled(Role),
    "roles": labelled(Role),
    "status": labelled(Status),
    "why": lambda value: _(value),
}
