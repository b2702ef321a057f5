"""The manager's page of one new version of content: what is new in it, what each choice would do, and the decision."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from training.domain.days import format_day
from training.domain.language import _
from training.domain.requirement import Reach
from training.services import content_decisions, new_versions, organisations
from training.services.content_decisions import DecidedMeanwhile, Opened
from training.services.impact import Impact
from training.services.new_versions import VersionPage
from training.services.requirement_plans import RequirementRefused
from training.web import current
from training.web.report_asked import read_uuid
from training.web.requirement_forms import ChoiceForm, mark, read_choice, read_day_in
from training.web.requirements import ANOTHER_DAY, CONFIRM, USUAL_NOTICE, step

pages = Blueprint("content_decisions", __name__, url_prefix="/team/requirements/versions")


class VersionForm(ChoiceForm):
    """Whom a new version reaches; the hidden fields say which version, and after which decision, was open."""

    content_hash = HiddenField()
    decision_id = HiddenField()

    def opened(self, item: str) -> Opened:
        """Return what whoever sent the form had open."""
        decision_id: uuid.UUID | None = read_uuid(self.decision_id.data or "")
        return Opened(item, self.content_hash.data or "", decision_id)

    def open(self, page: VersionPage) -> None:
        """Let the form speak of the page as it is now."""
        self.content_hash.data = page.content_hash
        self.decision_id.data = str(page.decision_id or "")


def find(slug: str) -> VersionPage:
    """Return the new version of an item."""
    return new_versions.show_version(
        current.database(), viewer=current.viewer(), item=slug, catalog=current.catalog(), today=current.today()
    )


@pages.get("/<slug>")
def version(slug: str) -> ResponseReturnValue:
    """Show what is new and what was decided, to decide."""
    organisations.refuse_unless_all(current.viewer())
    page, form = find(slug), VersionForm()
    form.open(page)
    decided = page.line.decided
    form.again_by.data = format_day((decided and decided.again_by) or current.today() + USUAL_NOTICE)
    return drawn(page, form)


@pages.post("/<slug>")
def decide(slug: str) -> ResponseReturnValue:
    """Show what each choice would do, or decide where that has been seen."""
    organisations.refuse_unless_all(current.viewer())
    form = VersionForm()
    if step() != CONFIRM:
        return preview(slug, form)
    try:
        choice = read_choice(form)
        if choice.reach is Reach.EVERYONE_AGAIN and form.again_by.data != form.shown_for.data:
            raise RequirementRefused(_(ANOTHER_DAY), field="again_by")
        known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
        content_decisions.decide(current.database(), opened=form.opened(slug), choice=choice, **known)
    except DecidedMeanwhile as refusal:
        form.form_errors = [str(refusal)]
        return preview(slug, form, status=409)
    except RequirementRefused as refusal:
        mark(form, refusal)
        return preview(slug, form, status=400)
    flash(_("The decision is recorded, and everybody’s training is up to date with it."), "success")
    return redirect(url_for("content_decisions.version", slug=slug))


def preview(slug: str, form: VersionForm, *, status: int = 200) -> ResponseReturnValue:
    """Show what each choice would do; a day that cannot be is asked for again, without numbers."""
    page = find(slug)
    if form.opened(slug) != Opened(slug, page.content_hash, page.decision_id) and not form.form_errors:
        form.form_errors, status = [str(DecidedMeanwhile())], 409
    form.open(page)
    try:
        impacts = previews(slug, form, with_day=True)
        form.shown_for.data = form.again_by.data
    except RequirementRefused as refusal:
        mark(form, refusal)
        impacts, status = previews(slug, form, with_day=False), 400
        form.shown_for.data = ""
    return drawn(page, form, impacts=impacts, status=status)


def previews(slug: str, form: VersionForm, *, with_day: bool) -> dict[Reach, Impact]:
    """Return what each choice would do."""
    return dict(
        content_decisions.preview_decision(
            current.database(),
            viewer=current.viewer(),
            item=slug,
            again_by=read_day_in(form.again_by) if with_day else None,
            catalog=current.catalog(),
            now=current.now(),
        )
    )


def drawn(
    page: VersionPage, form: VersionForm, *, impacts: dict[Reach, Impact] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Return the page; without impacts it asks for the day to work them out for."""
    return render_template("requirements/version.html", page=page, form=form, impacts=impacts or {}), status
