"""Forms about imports: the file, what is chosen for its plan, and that it is to be applied."""

from flask_wtf.file import FileField
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from training.domain.language import N_, _
from training.web.forms import Form
from training.web.later import later
from training.web.people_forms import DayField

CHOOSE_A_FILE = N_("Choose a file.")


class PeopleFileForm(Form):
    """A file with people."""

    file = FileField(later("File"))

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_(CHOOSE_A_FILE))


class PassesFileForm(PeopleFileForm):
    """A file with past completions, and where they come from."""

    evidence = StringField(
        later("Where these records come from"), [InputRequired(later("Say where these records come from."))]
    )


class ChoicesForm(Form):
    """What is chosen for the plan of a people import; names to be made are read from what was sent with it."""

    from_day = DayField(later("Changes without a day count from"), [InputRequired(later("Enter a day."))])
    leavers = BooleanField(later("Whoever is not in the file has left"))
    last_day = DayField(later("Their last day (optional)"), [Optional()])


class ApplyForm(Form):
    """That a plan is to be applied: without the rows that are wrong, and with how many leave."""

    leave_out = BooleanField(later("Leave out the rows that are wrong"))
    typed = StringField(later("How many people leave"), [Optional()])
