"""Reviewing content: every item with its sign-offs, and the page on which a clinical lead reads one and signs it."""

from collections import Counter

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional

from training.catalog.notes import Notebook, Notes
from training.domain.language import _
from training.domain.module import Module
from training.domain.names import NameRefused
from training.domain.review import cards_read
from training.domain.scenario import Scenario
from training.services import organisations, signoffs
from training.services.signoffs import AlreadyWithdrawn, ContentChanged, WordsRefused
from training.web import current, errors
from training.web.forms import Form
from training.web.later import later
from training.web.report_asked import read_uuid

pages = Blueprint("review", __name__, url_prefix="/team/content")


class SignOffForm(Form):
    """A signing: the version that was read, as what, and anything to add."""

    content_hash = HiddenField()
    profession = StringField(later("Your professional role"), [InputRequired(later("Enter a professional role."))])
    note = TextAreaField(later("Note (optional)"), [Optional()], render_kw={"rows": 3})
    declared = BooleanField("", [DataRequired(later("Tick the box to say that you have read this version."))])


@pages.record_once
def keep_notebook(setup: BlueprintSetupState) -> None:
    """Give the application one notebook, in which the pages find what was worked out before."""
    setup.app.extensions["notebook"] = Notebook(setup.app.extensions["training"].config.content_dir)


def notes_on(item: Module | Scenario) -> Notes:
    notebook: Notebook = current_app.extensions["notebook"]
    return notebook.notes_on(item, catalog=current.catalog(), today=current.today())


@pages.get("")
def content() -> ResponseReturnValue:
    """List every item with its state."""
    listed = signoffs.list_reviewed(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today()
    )
    return render_template(
        "review/content.html",
        listed=listed,
        notes={one.item.slug: notes_on(one.item) for one in listed},
        counts=Counter(one.state for one in listed),
        overdue=sum(one.is_overdue for one in listed),
    )


@pages.get("/<slug>")
def item(slug: str) -> ResponseReturnValue:
    """Show one item whole, to be read in one go, with the form that signs it off."""
    form = SignOffForm()
    return item_page(slug, form)


def item_page(slug: str, form: SignOffForm, *, status: int = 200) -> ResponseReturnValue:
    """Return the page of an item; a form that is filled in keeps the version that its sender had read."""
    shown = signoffs.show_reviewed(
        current.database(), viewer=current.viewer(), catalog=current.catalog(), slug=slug, today=current.today()
    )
    found = shown.item
    form.content_hash.data = form.content_hash.data or found.content_hash
    organisation = current.viewer().organisation_name
    words = _("I have read this version and sign it off for %(organisation)s", organisation=organisation)
    form.declared.label.text = words
    cards = {role: cards_read(found, role) for role in found.roles} if isinstance(found, Module) else {}
    page = render_template("review/item.html", shown=shown, notes=notes_on(found), cards=cards, form=form)
    return page, status


@pages.post("/<slug>")
def sign(slug: str) -> ResponseReturnValue:
    """Sign an item off; whoever read another version is shown this one, and asked again whether they have read it."""
    organisations.refuse_unless_all(current.viewer())
    form = SignOffForm()
    if not form.validate():
        return item_page(slug, form, status=400)
    try:
        signoffs.sign_off(
            current.database(),
            viewer=current.viewer(),
            catalog=current.catalog(),
            slug=slug,
            content_hash=form.content_hash.data or "",
            profession=form.profession.data or "",
            note=form.note.data or "",
            now=current.now(),
        )
    except ContentChanged as refusal:
        form.content_hash.data, form.declared.data = "", False
        form.declared.errors = [_("%(why)s Read it again, and then tick the box.", why=refusal)]
    except NameRefused as refusal:
        form.profession.errors = [str(refusal)]
    except WordsRefused as refusal:
        form.note.errors = [str(refusal)]
    else:
        flash(_("Signed off."))
        return redirect(url_for("review.item", slug=slug))
    return item_page(slug, form, status=400)


@pages.post("/<slug>/withdraw")
def withdraw(slug: str) -> ResponseReturnValue:
    try:
        signoffs.withdraw(
            current.database(),
            viewer=current.viewer(),
            signoff_id=read_uuid(request.form.get("signoff_id", "")),
            reason=request.form.get("reason", ""),
            now=current.now(),
        )
    except (WordsRefused, AlreadyWithdrawn) as refusal:
        words = _("%(why)s Nothing was changed.", why=refusal)
        return errors.page(400, heading=_("That sign-off was not withdrawn"), words=words)
    flash(_("Withdrawn."))
    return redirect(url_for("review.item", slug=slug))
