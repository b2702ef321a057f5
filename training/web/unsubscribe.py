"""Turning a kind of message off with the signed link in it, without signing in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from training.domain.reminder import ReminderMandated
from training.services import unsubscribes
from training.services.organisations import NotFound
from training.web import current

pages = Blueprint("unsubscribe", __name__)


@pages.route("/unsubscribe/<token>", methods=["GET", "POST"])
def message(token: str) -> ResponseReturnValue:
    """Ask on a visit, as mail programmes look at links by themselves; turn it off, or on again, when a form is sent."""
    database = current.database()
    secret_key = current.config().secret_key
    subscription = unsubscribes.read_subscription(database, secret_key=secret_key, token=token)
    if request.method == "POST":
        on = bool(request.form.get("on"))
        try:
            unsubscribes.change_subscription(database, subscription=subscription, on=on, now=current.now())
        except ReminderMandated as refusal:
            raise NotFound(str(refusal)) from refusal
        subscription = unsubscribes.read_subscription(database, secret_key=secret_key, token=token)
    return render_template("messages/unsubscribe.html", subscription=subscription)
