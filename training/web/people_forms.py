"""Forms about what is on record of one person: leave, exemptions, jobs, and a pass that is revoked."""

from datetime import date

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, ValidationError

from training.domain.days import DayUnreadable, read_day
from training.web.forms import Form, Menu
from training.web.later import later

A_FIRST_DAY = later("Enter the first day.")
A_LAST_DAY = later("Enter the last day.")


class DayField(StringField):
    """A day as people write it; `day` is None where nothing was typed."""

    @property
    def day(self) -> date | None:
        return read_day(self.data) if (self.data or "").strip() else None

    def pre_validate(self, _form: Form) -> None:
        try:
            _day = self.day
        except DayUnreadable as refusal:
            what = self.label.text.rpartition(" (")[0] or self.label.text
            raise ValidationError(f"{what}: {refusal}") from refusal


class AbsenceForm(Form):
    """Leave: from which jobs, and its days."""

    site_id = Menu(later("Which jobs"))
    starts_on = DayField(later("First day of leave"), [InputRequired(A_FIRST_DAY)])
    ends_on = DayField(later("Last day of leave (optional)"), [Optional()])


class AbsenceDaysForm(Form):
    """The days of leave, put right."""

    starts_on = DayField(later("First day of leave"), [InputRequired(A_FIRST_DAY)])
    ends_on = DayField(later("Last day of leave (optional)"), [Optional()])


class ExemptionForm(Form):
    """An exemption: from what, on which days, decided by whom and why."""

    item = Menu(later("Training"))
    starts_on = DayField(later("First day"), [InputRequired(A_FIRST_DAY)])
    ends_on = DayField(later("Last day"), [InputRequired(A_LAST_DAY)])
    who = StringField(later("Who decided it (optional)"), [Optional()])
    why = TextAreaField(later("Why"), [InputRequired(later("Say why."))], render_kw={"rows": 3})


class LastDayForm(Form):
    """The last day of something that has begun."""

    ends_on = DayField(later("Last day"), [InputRequired(A_LAST_DAY)])


class FirstDayForm(Form):
    """The first day of a job, put right."""

    starts_on = DayField(later("First day in this job"), [InputRequired(A_FIRST_DAY)])


class JobForm(Form):
    """A job and the day from which somebody has it."""

    job_title_id = Menu(later("Job title"))
    site_id = Menu(later("Site"))
    starts_on = DayField(later("From which day"), [InputRequired(A_FIRST_DAY)])


class RevokeForm(Form):
    """Why a pass does not count."""

    why = TextAreaField(later("Why it does not count"), [InputRequired(later("Say why."))], render_kw={"rows": 3})
