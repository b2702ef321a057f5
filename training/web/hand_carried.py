"""A manager's page that takes in what a learner's device saved as a file, where it never found a network."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import BadRequest
from wtforms.validators import ValidationError

from training.domain.language import N_, _
from training.services import device_attempts
from training.services.device_attempts import CarriedIn
from training.services.organisations import NotAllowed, NotFound
from training.web import current, sendings
from training.web.forms import Form
from training.web.later import later
from training.web.offline_tokens import TicketForged, read_carried

pages = Blueprint("hand_carried", __name__)
FORMAT = "stomp-training-unsent-1"
NOT_OURS = N_(
    "This is not a file that a learner’s device saved here. Ask them to save it again, and send it unchanged."
)
OF_OTHERS = N_("This file is of somebody who is not with you. A manager of theirs can take it in.")


class FileForm(Form):
    """The file that a learner's device saved."""

    file = FileField(later("File"))

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            raise ValidationError(_("Choose a file."))


@pages.route("/team/hand-carried", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    form, taken = FileForm(), None
    if request.method == "POST" and form.validate():
        try:
            taken = take_in(form.file.data.read())
        except (BadRequest, TicketForged):
            form.file.errors = [_(NOT_OURS)]
        except (NotFound, NotAllowed):
            form.file.errors = [_(OF_OTHERS)]
    status = 400 if request.method == "POST" and taken is None else 200
    return render_template("team/hand_carried.html", form=form, taken=taken, catalog=current.catalog()), status


def take_in(data: bytes) -> CarriedIn:
    """Check a file and hand its attempts on.

    Raises:
        BadRequest, TicketForged: when it is not one that our script saved.
        NotFound, NotAllowed: when it is of nobody whom the viewer may act on.
    """
    file = sendings.read_object(data)
    if file.get("format") != FORMAT:
        raise BadRequest(f"the file is not {FORMAT}")
    bearer = read_carried(file)
    if bearer.organisation_id != current.viewer().organisation_id:
        raise NotFound(_(OF_OTHERS))
    carried, forged = sendings.read_attempts(file, bearer=bearer)
    taken = device_attempts.carry_in(
        current.database(), viewer=current.viewer(), person_id=bearer.person_id, carried=carried, now=current.now()
    )
    return replace(taken, receipts=(*taken.receipts, *forged))
