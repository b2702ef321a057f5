"""The pages on who may do what: managers and auditors, of the whole organisation or of sites."""

import uuid
from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import InputRequired, Optional

from training.domain.language import _
from training.domain.names import EmailRefused, NameRefused
from training.domain.permission import PermissionKind
from training.services import organisations, permission_lists, permissions
from training.services.organisations import AlreadyThere, EmailTaken, refuse_unless_all
from training.services.permission_lists import Holder
from training.services.permissions import HoldsOtherKind, Outsider
from training.web import current
from training.web.forms import Form, Menu
from training.web.later import later

pages = Blueprint("permissions", __name__, url_prefix="/team")
WHOLE = "whole"
KINDS = (
    SelectChoice(PermissionKind.MANAGER.value, later("Manager: sees and changes")),
    SelectChoice(PermissionKind.AUDITOR.value, later("Auditor: sees and changes nothing")),
)


class GiveForm(Form):
    """What somebody may do, and where."""

    kind = RadioField(later("As what"), choices=KINDS, validate_choice=False)
    place = Menu(later("Place"))

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in set(PermissionKind):
            raise ValidationError(_("Choose manager or auditor."))


class OutsiderForm(GiveForm):
    """Somebody who has no job here."""

    name = StringField(later("Full name"), [InputRequired(later("Enter a name."))])
    email = StringField(later("E-mail address"), [Optional()])


@pages.get("/permissions")
def every() -> ResponseReturnValue:
    """List who may do what, and find somebody to give leave to."""
    viewer, search = current.viewer(), request.args.get("search", "").strip()[:255]
    grants = permission_lists.list_grants(current.database(), viewer=viewer)
    found = ()
    if search and viewer.may_change_all:
        found = permission_lists.find_people(current.database(), viewer=viewer, search=search)
    return render_template("permissions/every.html", grants=grants, search=search, found=found)


@pages.route("/people/<uuid:person_id>/permissions", methods=["GET", "POST"])
def give(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what one person may do, and let them do more."""
    holder = permission_lists.show_holder(current.database(), viewer=current.viewer(), person_id=person_id)
    form = GiveForm()
    form.place.choices = places_of(holder.sites)
    if request.method == "POST" and form.validate() and is_given(form, holder):
        flash(_("Given. It counts from their next page on."))
        return redirect(url_for("permissions.every"))
    status = 400 if request.method == "POST" else 200
    return render_template("permissions/give.html", form=form, holder=holder), status


def places_of(sites: Iterable[tuple[uuid.UUID, str]]) -> list[SelectChoice]:
    """Return where somebody may see to others."""
    whole = [SelectChoice("", _("Choose a place")), SelectChoice(WHOLE, _("The whole organisation"))]
    return [*whole, *(SelectChoice(str(site_id), name) for site_id, name in sites)]


def place_of(form: GiveForm) -> uuid.UUID | None:
    """Return the site chosen, or None for the whole organisation."""
    return None if form.place.data == WHOLE else uuid.UUID(form.place.data)


@pages.route("/permissions/outside", methods=["GET", "POST"])
def outside() -> ResponseReturnValue:
    """Let somebody in who has no job here, such as an auditor of a commissioner."""
    viewer, form = current.viewer(), OutsiderForm()
    refuse_unless_all(viewer)
    sites = organisations.list_sites(current.database(), viewer=viewer)
    form.place.choices = places_of((site.id, site.name) for site in sites)
    if request.method == "POST" and form.validate():
        try:
            person_id = permissions.let_in(
                current.database(),
                viewer=viewer,
                outsider=Outsider(form.name.data or "", form.email.data or ""),
                site_id=place_of(form),
                kind=PermissionKind(form.kind.data),
                now=current.now(),
            )
        except (NameRefused, AlreadyThere) as refusal:
            field = form.email if isinstance(refusal, EmailRefused | EmailTaken) else form.name
            field.errors = [str(refusal)]
        else:
            flash(_("Added. Make a link so that they can sign in."))
            return redirect(url_for("team.person", person_id=person_id))
    return render_template("permissions/outside.html", form=form), 400 if request.method == "POST" else 200


def is_given(form: GiveForm, holder: Holder) -> bool:
    """Give what a form asks, or say at its field why it cannot be."""
    try:
        permissions.give(
            current.database(),
            viewer=current.viewer(),
            person_id=holder.person_id,
            site_id=place_of(form),
            kind=PermissionKind(form.kind.data),
            now=current.now(),
        )
    except AlreadyThere as refusal:
        form.place.errors = [str(refusal)]
    except HoldsOtherKind as refusal:
        form.kind.errors = [str(refusal)]
    else:
        return True
    return False


@pages.route("/permissions/<uuid:permission_id>/take", methods=["GET", "POST"])
def take(permission_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a permission is taken, and take it."""
    known = {"viewer": current.viewer(), "permission_id": permission_id}
    if request.method == "POST":
        permissions.take(current.database(), now=current.now(), **known)
        flash(_("Taken. It counts from their next page on."))
        return redirect(url_for("permissions.every"))
    return render_template("permissions/take.html", grant=permissions.show_grant(current.database(), **known))
