"""The manager's page of what holds for the whole organisation: its name, its time zone, and what leave is long."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from training.domain.language import _
from training.domain.names import NameRefused
from training.services import organisation_settings, organisations
from training.services.organisation_settings import LongLeaveRefused, SettingsChangedMeanwhile, SettingsPage
from training.web import current
from training.web.forms import Form
from training.web.later import later

pages = Blueprint("settings", __name__, url_prefix="/team/settings")

CONFIRM = "confirm"
LONGEST_NUMBER = 4


class NameForm(Form):
    """The organisation's name."""

    name = StringField(later("Name of the organisation"), [InputRequired(later("Enter a name for the organisation."))])


class LongLeaveForm(Form):
    """From how many days on leave is long; `seen` is the number that stood when the form was opened."""

    days = StringField(
        later("Days"), [InputRequired(later("Enter a number of days."))], render_kw={"inputmode": "numeric"}
    )
    seen = HiddenField()

    def number(self) -> int:
        """Return the days as a number.

        Raises:
            LongLeaveRefused: when they cannot be read.
        """
        return read_number(self.days.data or "")


def read_number(text: str) -> int:
    """Return a whole number as it was typed."""
    tidy = text.strip()
    if not (tidy.isascii() and tidy.isdigit()) or len(tidy) > LONGEST_NUMBER:
        raise LongLeaveRefused(_("Write a whole number, such as 28."))
    return int(tidy)


@pages.route("", methods=["GET", "POST"])
def every() -> ResponseReturnValue:
    """Show the settings, and change the name."""
    page = read_page()
    name = NameForm() if request.method == "POST" else NameForm(data={"name": page.name})
    if request.method == "POST" and name.validate():
        try:
            known = {"viewer": current.viewer(), "now": current.now()}
            organisation_settings.rename(current.database(), name=name.name.data or "", **known)
        except NameRefused as refusal:
            name.name.errors = [str(refusal)]
        else:
            flash(_("The new name is recorded."))
            return redirect(url_for("settings.every"))
    return drawn(page, name=name)


@pages.post("/long-leave")
def long_leave() -> ResponseReturnValue:
    """Show whom another number of days would move, or change it where that has been seen."""
    organisations.refuse_unless_all(current.viewer())
    form, known = LongLeaveForm(), {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    if not form.validate():
        return drawn(read_page(), leave=form)
    try:
        days = form.number()
        if request.form.get("step") == CONFIRM:
            seen = read_number(form.seen.data or "")
            organisation_settings.change_long_leave(current.database(), days=days, seen=seen, **known)
            flash(_("The change is recorded, and everybody’s training is up to date with it."))
            return redirect(url_for("settings.every"))
        if request.form.get("step"):
            return drawn(read_page(), leave=form, status=200)
        impact = organisation_settings.preview_long_leave(current.database(), days=days, **known)
    except SettingsChangedMeanwhile as refusal:
        form.form_errors = [str(refusal)]
        return drawn(read_page(), leave=form, status=409)
    except LongLeaveRefused as refusal:
        form.days.errors = [str(refusal)]
        return drawn(read_page(), leave=form)
    return render_template("settings/preview.html", page=read_page(), days=days, impact=impact)


def read_page() -> SettingsPage:
    return organisation_settings.settings_page(current.database(), viewer=current.viewer())


def drawn(
    page: SettingsPage, *, name: NameForm | None = None, leave: LongLeaveForm | None = None, status: int | None = None
) -> ResponseReturnValue:
    """Return the page with its forms, as a refusal where something in one is wrong."""
    name = name or NameForm(formdata=None, data={"name": page.name})
    leave = leave or LongLeaveForm(formdata=None, data={"days": str(page.long_leave_days)})
    wrong = 400 if name.errors or leave.errors else 200
    return render_template("settings/every.html", page=page, name=name, leave=leave), status or wrong
