"""Reports that are made regularly: those of whoever is signed in, a new one, and the end of one."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from training.domain.days import format_day
from training.domain.language import _
from training.domain.report import FORMS
from training.domain.report_schedule import LAST_DAY, WEEKDAYS, Recurrence, Rhythm
from training.services import report_questions, report_schedules
from training.services.report_kinds import KINDS
from training.services.report_schedules import NewSchedule, ScheduleRefused
from training.web import current, files, report_asked
from training.web.forms import Form, Menu
from training.web.later import later
from training.web.people_forms import DayField

pages = Blueprint("schedules", __name__, url_prefix="/reports/schedules")
RHYTHMS = (
    SelectChoice(Rhythm.WEEKLY.value, later("Every week")),
    SelectChoice(Rhythm.MONTHLY.value, later("Every month")),
    SelectChoice(Rhythm.FIRST_DAY.value, later("On the first day of each month")),
)


class ScheduleForm(Form):
    """In which form a report is made, on which days, and from when on."""

    form = RadioField(
        later("File"),
        [InputRequired(later("Choose a file."))],
        choices=[SelectChoice(form, name) for form, name in FORMS.items()],
        default="xlsx",
    )
    rhythm = RadioField(
        later("How often"), [InputRequired(later("Choose how often."))], choices=RHYTHMS, default=RHYTHMS[0].value
    )
    weekday = Menu(
        later("Day of the week"),
        choices=[SelectChoice(str(number), later(name)) for number, name in enumerate(WEEKDAYS, start=1)],
    )
    day = Menu(
        later("Day of the month"), choices=[SelectChoice(str(number), str(number)) for number in range(1, LAST_DAY + 1)]
    )
    starts_on = DayField(later("From which day"), [InputRequired(later("Enter the first day."))])

    def recurrence(self) -> Recurrence:
        """Return the days that were chosen."""
        rhythm = Rhythm(self.rhythm.data)
        chosen = {Rhythm.WEEKLY: self.weekday.data, Rhythm.MONTHLY: self.day.data}
        return Recurrence(rhythm, int(chosen.get(rhythm, 1)))


@pages.get("")
def every() -> ResponseReturnValue:
    """List what is made regularly for whoever is signed in, and what was."""
    found = report_schedules.list_schedules(current.database(), viewer=current.viewer(), catalog=current.catalog())
    drawn = {"schedules": found, "kinds": KINDS, "why_no_mail": files.why_no_mail()}
    return render_template("schedules/every.html", **drawn, local_time=files.local_time)


@pages.route("/new/<report_name>", methods=["GET", "POST"])
def new(report_name: str) -> ResponseReturnValue:
    """Ask how often a report is to be made, with the filters in the address, and have it made."""
    if not report_schedules.may_recur(report_name):
        abort(404)
    form = ScheduleForm()
    if request.method == "POST" and form.validate() and is_added(report_name, form):
        current_app.extensions["order"]("scheduled-reports")  # Its day may have turned already.
        flash(_("Saved. It is made after six in the morning of each of its days."))
        return redirect(url_for("schedules.every"))
    if request.method == "GET":
        form.starts_on.data = format_day(current.today())
    asked = report_asked.kept_but_days()
    drawn = {"form": form, "name": report_name, "kind": KINDS[report_name], "asked": asked}
    drawn["why_no_mail"] = files.why_no_mail()
    return render_template("schedules/new.html", **drawn), 400 if request.method == "POST" else 200


def is_added(report_name: str, form: ScheduleForm) -> bool:
    """Have a report made regularly as a form asks, or say in it why it cannot be."""
    question = KINDS[report_name].understands(report_asked.question())
    wanted = NewSchedule(
        report=report_name,
        asked=report_questions.asked_of(question),
        form=form.form.data,
        recurrence=form.recurrence(),
        starts_on=form.starts_on.day,
    )
    try:
        report_schedules.add_schedule(current.database(), viewer=current.viewer(), new=wanted, now=current.now())
    except ScheduleRefused as refusal:
        form.form_errors.append(str(refusal))
        return False
    return True


@pages.route("/<uuid:schedule_id>/end", methods=["GET", "POST"])
def end(schedule_id: UUID) -> ResponseReturnValue:
    """Ask before what is made regularly is ended, and end it."""
    known = {"viewer": current.viewer(), "schedule_id": schedule_id}
    if request.method == "POST":
        report_schedules.end_schedule(current.database(), now=current.now(), **known)
        flash(_("Ended. The files that were made stay for their seven days."))
        return redirect(url_for("schedules.every"))
    found = report_schedules.find_schedule(current.database(), catalog=current.catalog(), **known)
    return render_template("schedules/end.html", one=found)
