"""Reminders on one's own phones: turned on by a press, seen again, and turned off."""

from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain.device_words import device_words
from training.domain.language import _
from training.domain.push import LONGEST, PhoneRefused
from training.services import push_devices, reminder_ways
from training.services.organisations import NotFound
from training.services.push_devices import NewDevice
from training.services.reminder_ways import Ways
from training.web import current

pages = Blueprint("push", __name__, url_prefix="/settings/reminders")


def section() -> Ways:
    """Return what stands under reminders in the settings."""
    known = {"viewer": current.viewer(), "push_key": current.config().push_key}
    return reminder_ways.list_ways(current.database(), **known)


@pages.post("")
def turn_on() -> ResponseReturnValue:
    """Remind the viewer on the browser that sends this, by the address and keys that it got from its maker."""
    push_key = current.config().push_key
    if not push_key:
        raise NotFound(_("Reminders on phones are not set up here."))
    device = NewDevice(
        endpoint=request.form.get("endpoint", ""),
        p256dh=request.form.get("p256dh", ""),
        auth=request.form.get("auth", ""),
        name=device_words(request.headers.get("User-Agent", "")),
    )
    try:
        push_devices.add_device(
            current.database(),
            viewer=current.viewer(),
            device=device,
            token=current_user.get_id(),
            push_key=push_key,
            may_be_here=not current.config().is_production,
            now=current.now(),
        )
    except PhoneRefused as refusal:
        return jsonify(words=str(refusal)), 400
    flash(_("Reminders come to this phone or browser from now on."))
    return jsonify(then=url_for("mine.settings", _anchor="reminders"))


@pages.post("/seen")
def seen() -> ResponseReturnValue:
    """Say which of the viewer's devices the browser that asks is, if any."""
    device_id = push_devices.see_device(
        current.database(),
        viewer=current.viewer(),
        endpoint=request.form.get("endpoint", "")[: LONGEST + 1],
        token=current_user.get_id(),
        push_key=current.config().push_key,
        now=current.now(),
    )
    return jsonify(device=str(device_id) if device_id else "")


@pages.post("/<uuid:phone_id>/stop")
def stop(phone_id: UUID) -> ResponseReturnValue:
    """Remind the viewer no more on one of their phones or browsers."""
    push_devices.remove_device(current.database(), viewer=current.viewer(), device_id=phone_id)
    flash(_("No more reminders go there."))
    return redirect(url_for("mine.settings", _anchor="reminders"))


@pages.post("/news")
def news() -> ResponseReturnValue:
    """Turn the news of what can be renewed early on or off, on every way that messages take."""
    on = bool(request.form.get("on"))
    reminder_ways.change_news(current.database(), viewer=current.viewer(), on=on, now=current.now())
    flash(_("You are told when you can renew early.") if on else _("You are no longer told when you can renew early."))
    return redirect(url_for("mine.settings", _anchor="reminders"))
