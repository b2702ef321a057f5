"""The manager's pages of requirements: the list, one with its history, and to make, change and retire one.

What is typed is previewed first; the preview carries it in hidden fields until it is confirmed.
"""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.requirement import Reach
from training.domain.requirement_words import terms_in_words
from training.services import impact, new_versions, organisations, requirement_changes, requirements
from training.services.requirement_changes import ChangedMeanwhile, Opened
from training.services.requirement_plans import Asked, RequirementRefused
from training.services.requirements import RequirementPage
from training.web import current
from training.web.forms import Form
from training.web.requirement_forms import (
    ChoiceForm,
    RequirementForm,
    RetireForm,
    mark,
    offer,
    present,
    read_asked,
    read_choice,
    read_day_in,
    read_edition,
    usual,
)

pages = Blueprint("requirements", __name__, url_prefix="/team/requirements")

# The pages of one requirement send which button was pressed: none on the form, one of these on the preview.
CONFIRM, EDIT = "confirm", "edit"
USUAL_NOTICE = timedelta(days=90)
ANOTHER_DAY = N_("You changed the day. The numbers are now for the new one: look at them, then confirm.")


@pages.get("")
def every() -> ResponseReturnValue:
    listed = requirements.list_requirements_page(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today()
    )
    versions = new_versions.list_versions(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today()
    )
    return render_template("requirements/every.html", listed=listed, versions=versions, today=current.today())


@pages.get("/<uuid:requirement_id>")
def requirement(requirement_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a requirement asks, asked and will ask, and who decided it."""
    return render_template("requirements/requirement.html", page=find(requirement_id), today=current.today())


def find(requirement_id: uuid.UUID) -> RequirementPage:
    """Return a requirement of the viewer's organisation."""
    return requirements.show_requirement(
        current.database(),
        viewer=current.viewer(),
        requirement_id=requirement_id,
        catalog=current.catalog(),
        today=current.today(),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a requirement: a form, then what it will do, then done."""
    organisations.refuse_unless_all(current.viewer())
    if request.method != "POST":
        return form_page(usual(current.today()))
    form = RequirementForm()
    if step() == EDIT:
        return form_page(form)
    if not form.validate():
        return form_page(form, status=400)
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    try:
        asked = read_asked(form)
        if step() == CONFIRM:
            added = requirement_changes.add_requirement(current.database(), asked=asked, **known)
            flash(_("The requirement is recorded, and everybody’s training is up to date with it."), "success")
            return redirect(url_for("requirements.requirement", requirement_id=added))
        seen = requirement_changes.preview_new(current.database(), asked=asked, **known)
    except RequirementRefused as refusal:
        mark(form, refusal)
        return form_page(form, status=400)
    return render_template("requirements/preview_new.html", asked=asked, impact=seen, hidden=hidden(form))


@pages.route("/<uuid:requirement_id>/change", methods=["GET", "POST"])
def change(requirement_id: uuid.UUID) -> ResponseReturnValue:
    """Change a requirement: a form, then what each choice will do, then done."""
    organisations.refuse_unless_all(current.viewer())
    page = find(requirement_id)
    if request.method != "POST":
        return form_page(present(page, current.today()), page=page)
    form = RequirementForm()
    if step() == EDIT:
        return form_page(form, page=page)
    if not form.validate():
        return form_page(form, page=page, status=400)
    try:
        return previewed_or_changed(page, form, read_asked(form))
    except ChangedMeanwhile as refusal:
        form.edition.data, form.form_errors = str(page.edition), [str(refusal)]
        return form_page(form, page=page, status=409)
    except RequirementRefused as refusal:
        mark(form, refusal)
        return form_page(form, page=page, status=400)


def previewed_or_changed(page: RequirementPage, form: RequirementForm, asked: Asked) -> ResponseReturnValue:
    """Change a requirement where its preview was confirmed; otherwise show what each choice would do."""
    choices = ChoiceForm()
    opened = Opened(page.id, read_edition(form.edition.data))
    if step() == CONFIRM:
        try:
            choice = read_choice(choices)
            if choice.reach is not Reach.EVERYONE_AGAIN or choices.again_by.data == choices.shown_for.data:
                requirement_changes.change_requirement(
                    current.database(),
                    viewer=current.viewer(),
                    opened=opened,
                    asked=asked,
                    choice=choice,
                    catalog=current.catalog(),
                    now=current.now(),
                )
                flash(_("The change is recorded, and everybody’s training is up to date with it."), "success")
                return redirect(url_for("requirements.requirement", requirement_id=page.id))
            choices.again_by.errors = [_(ANOTHER_DAY)]
        except RequirementRefused as refusal:
            if refusal.field not in choices:
                raise
            mark(choices, refusal)
    return preview_page(page, form, choices, opened=opened, asked=asked)


def preview_page(
    page: RequirementPage, form: RequirementForm, choices: ChoiceForm, *, opened: Opened, asked: Asked
) -> ResponseReturnValue:
    """Show what each choice would do; a day that cannot be is asked for again, without numbers."""
    if not choices.again_by.data and not choices.errors:
        choices.again_by.data = format_day(max(asked.starts_on, current.today()) + USUAL_NOTICE)
    try:
        impacts = previews(opened, asked, again_by=read_day_in(choices.again_by))
        choices.shown_for.data = choices.again_by.data
    except RequirementRefused as refusal:
        if refusal.field not in choices:
            raise
        mark(choices, refusal)
        impacts = previews(opened, asked, again_by=None)
        choices.shown_for.data = ""
    status = 400 if choices.errors else 200
    drawn = {"asked": asked, "choices": choices, "impacts": impacts, "hidden": hidden(form)}
    return render_template("requirements/preview_change.html", **drawn, differ=differing_terms(page, asked)), status


def differing_terms(page: RequirementPage, asked: Asked) -> dict[str, list[str]]:
    """Return the sentences on terms that would be others, as they would be and as they are."""
    now, then = page.versions[-1].terms, terms_in_words(asked.terms, due_days=asked.due_days)
    return {
        "then": [sentence for sentence in then if sentence not in now],
        "now": [sentence for sentence in now if sentence not in then],
    }


def previews(opened: Opened, asked: Asked, *, again_by: date | None) -> dict:
    """Return what a change would do by each choice."""
    return dict(
        requirement_changes.preview_change(
            current.database(),
            viewer=current.viewer(),
            opened=opened,
            asked=asked,
            again_by=again_by,
            catalog=current.catalog(),
            now=current.now(),
        )
    )


@pages.route("/<uuid:requirement_id>/retire", methods=["GET", "POST"])
def retire(requirement_id: uuid.UUID) -> ResponseReturnValue:
    """End a requirement: its last day, then what that will do, then done."""
    organisations.refuse_unless_all(current.viewer())
    page = find(requirement_id)
    form = RetireForm()
    if request.method != "POST":
        form.edition.data = str(page.edition)
        form.last_on.data = format_day(page.ends_on or current.today())
        return retire_page(page, form)
    if step() == EDIT:
        return retire_page(page, form)
    if not form.validate():
        return retire_page(page, form, status=400)
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    try:
        last_on = read_day_in(form.last_on)
        known |= {"opened": Opened(page.id, read_edition(form.edition.data)), "last_on": last_on}
        if step() == CONFIRM:
            requirement_changes.retire_requirement(current.database(), **known)
            flash(_("The requirement ends on %(day)s. Every record stays.", day=format_day(last_on)), "success")
            return redirect(url_for("requirements.requirement", requirement_id=page.id))
        seen = requirement_changes.preview_retirement(current.database(), **known)
    except ChangedMeanwhile as refusal:
        form.edition.data, form.form_errors = str(page.edition), [str(refusal)]
        return retire_page(page, form, status=409)
    except RequirementRefused as refusal:
        mark(form, refusal)
        return retire_page(page, form, status=400)
    drawn = {"page": page, "last_on": last_on, "impact": seen, "hidden": hidden(form)}
    return render_template("requirements/preview_retire.html", **drawn)


def retire_page(page: RequirementPage, form: RetireForm, *, status: int = 200) -> ResponseReturnValue:
    seconds = seconds_to_preview(page)
    return render_template("requirements/retire.html", page=page, form=form, seconds=seconds), status


def form_page(form: RequirementForm, *, page: RequirementPage | None = None, status: int = 200) -> ResponseReturnValue:
    """Return the form; `page` is the requirement that is changed, where there is one."""
    database, viewer = current.database(), current.viewer()
    offer(
        form,
        catalog=current.catalog(),
        titles=organisations.list_job_titles(database, viewer=viewer),
        sites=organisations.list_sites(database, viewer=viewer),
    )
    drawn = {"form": form, "page": page, "tracks": titles_of_tracks(), "seconds": seconds_to_preview(page)}
    return render_template("requirements/form.html", **drawn), status


def titles_of_tracks() -> dict[str, list[str]]:
    """Return what is in each track, by its role."""
    catalog = current.catalog()
    return {role.value: [catalog.title(item) for item in track.core] for role, track in catalog.tracks.items()}


def seconds_to_preview(page: RequirementPage | None) -> int:
    """Return about how long a preview takes here; of a requirement still to be made, for the longest track."""
    tracks = (len(track.core) for track in current.catalog().tracks.values())
    items = len(page.latest.items) if page else max(tracks, default=1)
    return impact.seconds_here(current.database(), viewer=current.viewer(), items=items)


def step() -> str:
    """Return which button was pressed."""
    return request.form.get("step", "")


def hidden(form: Form) -> list[tuple[str, str]]:
    """Return everything that was typed into a form, as pairs for hidden fields."""
    return list(typed(form))


def typed(form: Form) -> Iterator[tuple[str, str]]:
    for field in form:
        values = field.data if isinstance(field.data, list) else [field.data]
        yield from ((field.name, value) for value in values if value)
