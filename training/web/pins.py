"""One's own PIN for shared tablets."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import _
from training.domain.pin import PinRefused
from training.services import pins
from training.services.pins import PinLocked, PinMissing, PinWrong
from training.web import current
from training.web.tablet_forms import NewPinForm

pages = Blueprint("pins", __name__)


@pages.route("/pin", methods=["GET", "POST"])
def own() -> ResponseReturnValue:
    """Show whether one has a PIN, and let one choose it."""
    viewer, form = current.viewer(), NewPinForm()
    if request.method == "POST" and form.validate_twice() and is_set(form):
        flash(_("Your PIN is set. It works on shared tablets alone."))
        return redirect(url_for("pins.own"))
    shown = pins.show_own(current.database(), viewer=viewer, now=current.now())
    status = 400 if request.method == "POST" else 200
    return render_template("tablets/own_pin.html", form=form, shown=shown), status


def is_set(form: NewPinForm) -> bool:
    """Set the PIN of a form, or say at its field why it cannot be."""
    typed = {"pin": form.pin.data or "", "old": form.old.data or ""}
    try:
        pins.set_own(current.database(), viewer=current.viewer(), now=current.now(), **typed)
    except PinRefused as refusal:
        form.pin.errors = [str(refusal)]
    except (PinWrong, PinLocked, PinMissing) as refusal:
        form.old.errors = [str(refusal)]
    else:
        return True
    return False
