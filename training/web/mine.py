"""My settings: one page of sections, each with a template and a view of its own."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from training.web import preferences, push

pages = Blueprint("mine", __name__, url_prefix="/settings")


@pages.get("")
def settings() -> ResponseReturnValue:
    """Show everything that a person may set for themselves."""
    return render_template("mine/settings.html", looks_form=preferences.section(), reminders=push.section())
