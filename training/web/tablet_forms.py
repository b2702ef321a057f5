"""The forms of PINs and of shared tablets, and the page that asks for a PIN."""

from flask import render_template
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from training.domain.language import _
from training.services.tablets import Listed
from training.web.forms import Form
from training.web.later import later

# Nobody's browser is to keep a PIN for the next person, or to show it to whoever looks over a shoulder.
UNKEPT = {"inputmode": "numeric", "autocomplete": "off", "data-pin": "", "maxlength": "20"}


class PinField(StringField):
    """Digits that are never sent back; as a password, browsers would offer to keep them."""

    def _value(self) -> str:
        return ""


class PinForm(Form):
    """A PIN; `held` carries what was sent when the tablet had locked."""

    pin = PinField(later("PIN"), [InputRequired(later("Enter your PIN."))], render_kw=UNKEPT)
    held = HiddenField()


class NewPinForm(Form):
    """A PIN that somebody chooses, and on a shared tablet the one before it."""

    old = PinField(later("Your PIN now"), render_kw=UNKEPT)
    pin = PinField(later("New PIN"), [InputRequired(later("Choose a PIN."))], render_kw=UNKEPT)
    again = PinField(later("New PIN again"), render_kw=UNKEPT)

    def validate_twice(self) -> bool:
        """Say whether the form is whole, with both PINs the same."""
        if not self.validate():
            return False
        if self.pin.data != self.again.data:
            self.again.errors = [_("This is not the same as the PIN above. Type both again.")]
        return not self.again.errors


class SlipForm(NewPinForm):
    """The code of a slip, with the PIN to set by it."""

    code = StringField(
        later("Code on your slip"),
        [InputRequired(later("Enter the code on your slip."))],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class TabletForm(Form):
    """What a shared tablet is called, and whose it is."""

    name = StringField(
        later("Name of this tablet"),
        [
            InputRequired(later("Enter a name for the tablet.")),
            Length(max=60, message=later("Use at most 60 characters.")),
        ],
        render_kw={"autocomplete": "off"},
    )
    sites = SelectMultipleField(
        later("Sites"), validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput()
    )


def pin_page(person: Listed, *, form: PinForm | None = None, held_text: str = "", has_pin: bool = True) -> str:
    """Return the page that asks somebody for their PIN; with what they sent, if it came once the tablet had locked."""
    form = form or PinForm(formdata=None, held=held_text)
    return render_template("tablets/pin.html", person=person, form=form, held=bool(form.held.data), has_pin=has_pin)
