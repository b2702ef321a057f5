"""How a change to one person goes: the form, what would change in numbers, and only then the change."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.db import Database
from training.domain.days import ONE_DAY
from training.domain.names import NameRefused
from training.services import effects, timelines
from training.services.employments import DayRefused, JobUnchanged, LastDayRefused
from training.services.signoffs import WordsRefused
from training.services.timelines import PersonFile
from training.web import current
from training.web.forms import Form

# Which field of a form each refusal is about; the first that fits.
FIELDS = (
    (JobUnchanged, "job_title_id"),
    (LastDayRefused, "ends_on"),
    (DayRefused, "starts_on"),
    (NameRefused, "who"),
    (WordsRefused, "why"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What is about to be done: in words, what does it, and the days ahead on which something may differ."""

    heading: str
    says: str
    button: str
    done: str
    act: Callable[[Database], object]
    days: tuple[date, ...] = ()


def read_file(person_id: uuid.UUID) -> PersonFile:
    """Return what is recorded of the person, who must be the viewer's to see."""
    return timelines.person_file(
        current.database(),
        viewer=current.viewer(),
        person_id=person_id,
        catalog=current.catalog(),
        today=current.today(),
    )


def carry_out(change: Change, *, file: PersonFile, form: Form | None = None) -> ResponseReturnValue:
    """Show what a change would do, or do it where that has been seen."""
    person_id = file.contact.person_id
    if request.form.get("confirmed"):
        change.act(current.database())
        flash(change.done)
        return redirect(url_for("team.person", person_id=person_id))
    effect = effects.preview(
        current.database(),
        viewer=current.viewer(),
        person_id=person_id,
        act=change.act,
        catalog=current.catalog(),
        today=current.today(),
        days=change.days,
    )
    return render_template(
        "people/confirm.html", change=change, contact=file.contact, effect=effect, form=form, today=current.today()
    )


def is_sent(form: Form) -> bool:
    """Say whether a form was sent that can be acted on; not where its sender wants to see it again."""
    return request.method == "POST" and "again" not in request.form and form.validate()


@contextmanager
def refusals_at_their_fields(form: Form) -> Iterator[None]:
    """Say what a service refused at the field that it is about."""
    try:
        yield
    except tuple(kind for kind, _ in FIELDS) as refusal:
        name = next(name for kind, name in FIELDS if isinstance(refusal, kind))
        field = form[name] if name in form else next(iter(form))
        field.errors = [str(refusal)]


def page(template: str, *, form: Form, file: PersonFile, **more: object) -> ResponseReturnValue:
    """Return a page with its form, as a refusal where something in it is wrong."""
    status = 400 if form.errors else 200
    return render_template(template, form=form, file=file, contact=file.contact, today=current.today(), **more), status


def days_of(starts_on: date, ends_on: date | None) -> tuple[date, ...]:
    """Return the days on which something that lasts begins to matter, and no longer does."""
    return (starts_on,) if ends_on is None else (starts_on, ends_on + ONE_DAY)
