"""A shared tablet's own pages: pick your name, enter your PIN, and switch to the next person."""

import uuid
from datetime import date

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain.days import day_in
from training.domain.language import _
from training.domain.pin import PinRefused
from training.services import accounts, pins, tablets
from training.services.invites import InviteUnusable, SignInNameTaken
from training.services.pins import PinLocked, PinMissing, PinWrong
from training.services.tablets import Device, Listed
from training.services.throttles import TooManyTries
from training.web import account, current, errors, held, shared
from training.web.tablet_forms import PinForm, SlipForm, pin_page

pages = Blueprint("tablet", __name__, url_prefix="/tablet")
LONGEST_SEARCH = 60


@pages.get("")
def names() -> ResponseReturnValue:
    """List those who may use this tablet; whoever was signed in on it is forgotten here."""
    device = shared.device()
    if device is None:
        return not_shared()
    if current_user.is_authenticated:
        return redirect(url_for("learn.home"))
    search = request.args.get("search", "").strip()[:LONGEST_SEARCH]
    people = tablets.list_people(current.database(), device=device, today=today_at(device), search=search)
    was_somebody = "_user_id" in session
    page = make_response(render_template("tablets/names.html", people=people, search=search))
    return shared.forget(page) if was_somebody else page


def today_at(device: Device) -> date:
    """Return the present day where the tablet is."""
    return day_in(current.now(), device.time_zone)


def not_shared() -> ResponseReturnValue:
    """Say that this browser is nobody's shared tablet, or is one no longer."""
    was = shared.cookie_name() in request.cookies
    words = (
        _("This tablet is not shared any more. A manager can make it a shared tablet again.")
        if was
        else _("This browser is not a shared tablet. A manager can make it one, signed in on it.")
    )
    response = make_response(*as_pair(errors.page(404, heading=_("Not a shared tablet"), words=words)))
    if was:
        response.delete_cookie(shared.cookie_name(), secure=current.config().is_secure, httponly=True, samesite="Lax")
    return response


def as_pair(answer: ResponseReturnValue) -> tuple[str, int]:
    """Return a page and its status."""
    body, code = answer
    return body, code


@pages.route("/people/<uuid:person_id>", methods=["GET", "POST"])
def enter(person_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody for their PIN, and sign them in on this tablet alone."""
    device = shared.device()
    if device is None:
        return not_shared()
    known = {"device": device, "person_id": person_id, "now": current.now()}
    person, has_pin = pins.show_at(current.database(), **known)
    form, status = PinForm(), 200
    if request.method == "POST" and form.validate():
        try:
            token = pins.enter(current.database(), pin=form.pin.data or "", **known)
        except (PinWrong, PinLocked, PinMissing, TooManyTries) as refusal:
            form.pin.errors = [str(refusal)]
        else:
            return let_in(token, person, held_text=form.held.data or "")
    if request.method == "POST":
        status = 400
    return pin_page(person, form=form, has_pin=has_pin), status


def let_in(token: str, person: Listed, *, held_text: str = "") -> ResponseReturnValue:
    """Begin a session on this tablet; offer what they sent when it had locked, or go home."""
    if not account.begin_session(token):
        return errors.page(401)
    waiting = held.read(held_text, whose=str(person.person_id)) if held_text else None
    if waiting:
        response = make_response(render_template("account/held.html", held=waiting, reason="signed-in"))
    else:
        response = make_response(redirect(url_for("learn.home")))
    return shared.keep(response, request.cookies[shared.cookie_name()])


@pages.route("/people/<uuid:person_id>/slip", methods=["GET", "POST"])
def slip(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody choose a PIN with the slip that their manager gave them."""
    device = shared.device()
    if device is None:
        return not_shared()
    person = tablets.show_person(current.database(), device=device, person_id=person_id, today=today_at(device))
    form = SlipForm()
    if request.method == "POST" and form.validate_twice():
        token = set_by_slip(form, device=device, person=person)
        if token:
            return let_in(token, person)
    status = 400 if request.method == "POST" else 200
    return render_template("tablets/slip.html", person=person, form=form), status


def set_by_slip(form: SlipForm, *, device: Device, person: Listed) -> str:
    """Set the PIN of a form and return a session's token, or say at its field why not and return nothing."""
    try:
        return pins.set_by_slip(
            current.database(),
            device=device,
            person_id=person.person_id,
            code=form.code.data or "",
            pin=form.pin.data or "",
            now=current.now(),
        )
    except (InviteUnusable, SignInNameTaken, TooManyTries) as refusal:
        form.code.errors = [str(refusal)]
    except PinRefused as refusal:
        form.pin.errors = [str(refusal)]
    return ""


@pages.post("/switch")
def switch() -> ResponseReturnValue:
    """Sign out whoever is signed in, with nothing of them left behind, and show the names."""
    if shared.device() is None:
        return not_shared()
    if current_user.is_authenticated:
        accounts.sign_out(current.database(), token=current_user.get_id(), now=current.now())
    return shared.forget(make_response(redirect(url_for("tablet.names"))))


@pages.post("/stay")
def stay() -> Response | ResponseReturnValue:
    """Go on, as somebody touches the page; say for how many seconds."""
    if shared.device() is None:
        return errors.page(404)
    return jsonify(left=shared.seconds_left())
