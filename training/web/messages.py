"""The manager's pages on messages: what did not arrive, whom none reaches, a run to approve, and when they go out."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.days import format_day
from training.domain.language import _
from training.services import runs, unreached
from training.services.organisations import NotFound, refuse_unless_all
from training.web import current
from training.web.message_forms import SettingsForm

# So many of those who cannot be reached stand on the page itself; the others are on a page of their own.
SHOWN = 20
pages = Blueprint("messages", __name__, url_prefix="/team/messages")


@pages.route("", methods=["GET", "POST"])
def every() -> ResponseReturnValue:
    """List what did not arrive and whom none reaches; whoever manages everything may change when messages go out."""
    database, viewer = current.database(), current.viewer()
    if request.method == "POST":
        refuse_unless_all(viewer)
    shown = runs.messages_page(database, viewer=viewer, today=current.today(), now=current.now())
    form, status = SettingsForm(), 200
    if request.method != "POST":
        form = SettingsForm.of(shown.settings)
    else:
        if form.validate():
            runs.change_settings(database, viewer=viewer, settings=form.settings(), now=current.now())
            flash(_("Saved."))
            return redirect(url_for("messages.every"))
        status = 400
    known = {"today": current.today(), "push_key": current.config().push_key}
    silent = unreached.list_unreached(database, viewer=viewer, most=SHOWN, **known)
    drawn = {"page": shown, "form": form, "silent": silent, "can_send": bool(current.config().mail_url)}
    return render_template("messages/every.html", **drawn, local_time=local_time), status


@pages.get("/unreached")
def not_reached() -> ResponseReturnValue:
    """List everybody whom no message reaches, page by page."""
    number = request.args.get("page", default=1, type=int)
    known = {"today": current.today(), "push_key": current.config().push_key}
    listed = unreached.list_unreached(current.database(), viewer=current.viewer(), number=number, **known)
    return render_template("messages/unreached.html", silent=listed)


def local_time(instant: datetime) -> str:
    """Write an instant as a clock shows it where the organisation is."""
    local = instant.astimezone(ZoneInfo(current.viewer().time_zone))
    return f"{format_day(local.date())}, {local:%H:%M}"


@pages.post("/approve")
def approve() -> ResponseReturnValue:
    """Let today's run go out to as many people as the manager was shown."""
    refuse_unless_all(current.viewer())
    people = request.form.get("people", "")
    if not people.isdecimal() or len(people) > 9:
        raise NotFound(_("No run of this size waits for approval today."))
    runs.approve_run(
        current.database(), viewer=current.viewer(), people=int(people), today=current.today(), now=current.now()
    )
    current_app.extensions["order"]("reminders")
    flash(_("Approved. It goes out within minutes, outside quiet hours."))
    return redirect(url_for("messages.every"))


@pages.post("/again")
def again() -> ResponseReturnValue:
    """Have a message tried again."""
    try:
        message_id = UUID(request.form.get("message", ""))
    except ValueError as error:
        raise NotFound(_("There is no such message.")) from error
    runs.try_again(current.database(), viewer=current.viewer(), message_id=message_id, now=current.now())
    flash(_("It is tried again within minutes, outside quiet hours."))
    return redirect(url_for("messages.every"))
