"""One's own ways in: passkeys to add, name and remove, and the devices that are signed in."""

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional

from training.domain.device_words import said_device
from training.domain.language import N_, _
from training.services import ways_in
from training.services.passkeys import LONGEST_NAME, PasskeyRefused
from training.services.throttles import TooManyTries
from training.services.ways_in import LastWayIn, NameMissing, NotFresh, TooManyPasskeys, Ways
from training.web import current, passkeys
from training.web.forms import Form
from training.web.later import later
from training.web.messages import local_time

pages = Blueprint("ways_in", __name__, url_prefix="/settings/sign-in")


class AddForm(Form):
    """A new passkey: what to call it, and the password where it is asked for again."""

    name = StringField(later("Name of this phone or computer"), [Optional(), Length(max=LONGEST_NAME)])
    password = PasswordField(
        later("Your password, once more"),
        [Optional(), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )


class NameForm(Form):
    """Another name for a passkey."""

    name = StringField(
        later("Name"), [InputRequired(later("Enter a name, such as “My phone”.")), Length(max=LONGEST_NAME)]
    )


@pages.get("")
def every() -> ResponseReturnValue:
    """Show the passkeys and the devices that are signed in."""
    return drawn(AddForm(formdata=None, data={"name": said_device(passkeys.device())}))


@pages.post("/passkeys/challenge")
def ask_to_add() -> ResponseReturnValue:
    """Return what to ask this device to make a passkey."""
    known = {"viewer": current.viewer(), "party": passkeys.party(), "now": current.now()}
    try:
        return passkeys.asked(ways_in.ask_to_add(current.database(), **known))
    except TooManyPasskeys as refusal:
        return jsonify(words=str(refusal)), 409


@pages.post("/passkeys")
def add() -> ResponseReturnValue:
    """Add the passkey that this device made."""
    form, known = AddForm(), {"viewer": current.viewer(), "token": current_user.get_id()}
    typed = {"password": form.password.data or "", "name": form.name.data or ""}
    try:
        name = ways_in.add_key(current.database(), passkeys.answer(), **known, **typed)
    except (NotFresh, TooManyTries) as refusal:
        form.password.errors = [str(refusal)]
        return drawn(form), 429 if isinstance(refusal, TooManyTries) else 400
    except (PasskeyRefused, TooManyPasskeys) as refusal:
        form.form_errors = [str(refusal)]
        return drawn(form), 400
    flash(_("The passkey “%(name)s” is added. Next time, choose “Sign in with a passkey”.", name=name))
    return redirect(url_for("ways_in.every"))


@pages.route("/passkeys/<uuid:passkey_id>", methods=["GET", "POST"])
def one(passkey_id: UUID) -> ResponseReturnValue:
    """Show one passkey, to be named or removed."""
    key = ways().key(passkey_id)
    form = NameForm() if request.method == "POST" else NameForm(data={"name": key.name})
    if request.method == "POST" and form.validate():
        try:
            known = {"viewer": current.viewer(), "key_id": passkey_id, "name": form.name.data or ""}
            ways_in.rename_key(current.database(), **known)
        except NameMissing as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash(_("The new name is kept."))
            return redirect(url_for("ways_in.every"))
    return one_drawn(passkey_id, form), 400 if form.errors else 200


@pages.post("/passkeys/<uuid:passkey_id>/remove")
def remove(passkey_id: UUID) -> ResponseReturnValue:
    """Remove a passkey, unless it is the last way in."""
    known = {"viewer": current.viewer(), "token": current_user.get_id(), "now": current.now()}
    try:
        name = ways_in.remove_key(current.database(), key_id=passkey_id, **known)
    except LastWayIn as refusal:
        form = NameForm(formdata=None, data={"name": ways().key(passkey_id).name})
        form.form_errors = [str(refusal)]
        return one_drawn(passkey_id, form), 409
    words = N_("The passkey “%(name)s” is removed, and whatever was signed in with it elsewhere is signed out.")
    flash(_(words, name=name))
    return redirect(url_for("ways_in.every"))


@pages.post("/devices/<uuid:device_id>/end")
def end_device(device_id: UUID) -> ResponseReturnValue:
    """Sign one device out."""
    name = ways_in.end_device(current.database(), viewer=current.viewer(), device_id=device_id, now=current.now())
    flash(_("%(name)s is signed out.", name=name))
    return redirect(url_for("ways_in.every"))


@pages.post("/devices/end-others")
def end_others() -> ResponseReturnValue:
    """Sign every other device out."""
    known = {"viewer": current.viewer(), "token": current_user.get_id(), "now": current.now()}
    ended = ways_in.end_others(current.database(), **known)
    flash(_("Every other device is signed out.") if ended else _("No other device was signed in."))
    return redirect(url_for("ways_in.every"))


def ways() -> Ways:
    """Return the viewer's ways in."""
    known = {"viewer": current.viewer(), "token": current_user.get_id(), "now": current.now()}
    return ways_in.list_ways(current.database(), **known)


def drawn(form: AddForm) -> str:
    """Return the page with the form that adds a passkey."""
    known = {"ways": ways(), "party": passkeys.party(), "local_time": local_time}
    return render_template("account/ways_in.html", form=form, **known)


def one_drawn(passkey_id: UUID, form: NameForm) -> str:
    """Return the page of one passkey."""
    found = ways()
    return render_template("account/passkey.html", form=form, ways=found, key=found.key(passkey_id))
