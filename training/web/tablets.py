"""The manager's pages on shared tablets: making this browser one, ending one, and clearing somebody's PIN."""

import uuid

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from training.domain.language import N_, _
from training.domain.names import NameRefused
from training.services import organisations, pins, tablets
from training.services.tablets import NoSites
from training.web import current, shared
from training.web.tablet_forms import TabletForm

pages = Blueprint("tablets", __name__, url_prefix="/team")


@pages.get("/tablets")
def every() -> ResponseReturnValue:
    """List the shared tablets of the viewer's sites."""
    shown = tablets.list_tablets(current.database(), viewer=current.viewer())
    return render_template("tablets/every.html", tablets=shown)


@pages.route("/tablets/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make the browser in use a shared tablet, which signs the manager out on it."""
    form = TabletForm()
    sites = organisations.list_sites(current.database(), viewer=current.viewer())
    form.sites.choices = [(str(site.id), site.name) for site in sites]
    if request.method == "POST" and form.validate():
        token = made(form)
        if token:
            logout_user()
            return shared.keep(shared.forget(make_response(redirect(url_for("tablet.names")))), token)
    return render_template("tablets/new.html", form=form), 400 if request.method == "POST" else 200


def made(form: TabletForm) -> str:
    """Make the tablet of a form and return its token, or say at its field why not and return nothing."""
    offered = {value for value, _ in form.sites.choices}
    try:
        return tablets.make(
            current.database(),
            viewer=current.viewer(),
            name=form.name.data or "",
            site_ids=[uuid.UUID(value) for value in form.sites.data or () if value in offered],
            session_token=current_user.get_id(),
            now=current.now(),
        )
    except NameRefused as refusal:
        form.name.errors = [str(refusal)]
    except NoSites as refusal:
        form.sites.errors = [str(refusal)]
    return ""


@pages.route("/tablets/<uuid:tablet_id>/end", methods=["GET", "POST"])
def end(tablet_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a tablet is shared no longer, and end it."""
    known = {"viewer": current.viewer(), "tablet_id": tablet_id}
    if request.method == "POST":
        ended = tablets.end(current.database(), now=current.now(), **known)
        words = N_("%(tablet)s is not shared any more. Whoever was signed in on it is signed out.")
        flash(_(words, tablet=ended.name))
        return redirect(url_for("tablets.every"))
    return render_template("tablets/end.html", tablet=tablets.show_tablet(current.database(), **known))


@pages.route("/people/<uuid:person_id>/pin", methods=["GET", "POST"])
def pin(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show whether somebody has a PIN, and let a manager clear it; nobody but its owner sets one."""
    known = {"viewer": current.viewer(), "person_id": person_id, "now": current.now()}
    if request.method == "POST":
        pins.clear(current.database(), **known)
        flash(_("There is no PIN now. They choose a new one with a slip, or signed in on their own phone."))
        return redirect(url_for("tablets.pin", person_id=person_id))
    shown = pins.show_of(current.database(), **known)
    return render_template("tablets/person_pin.html", shown=shown, person_id=person_id)
