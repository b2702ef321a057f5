"""Forms that people fill in; what they ask is checked again by the services."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from training.domain.language import _
from training.domain.names import tidy_text
from training.domain.roles import Role
from training.web.later import label_of, later


class Form(FlaskForm):
    """A form whose CSRF token the guard has checked already."""

    class Meta:
        csrf = False


class Menu(SelectField):
    """A menu in which one of the choices must be made; the one without a value only says so."""

    def pre_validate(self, _form: Form) -> None:
        if not self.data or self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(_("Choose a %(what)s.", what=str(self.label.text).lower()))


class SignInForm(Form):
    """Name and password; `held` carries what was sent while signed out, `next` where the reader was going."""

    sign_in_name = StringField(
        later("E-mail address or sign-in name"),
        [InputRequired(later("Enter your e-mail address or sign-in name.")), Length(max=320)],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        later("Password"),
        [InputRequired(later("Enter your password.")), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    held = HiddenField()
    next = HiddenField()


class JoinForm(Form):
    """A new password."""

    password = PasswordField(
        later("New password"), [InputRequired(later("Enter a password."))], render_kw={"autocomplete": "new-password"}
    )


class SlipCodeForm(Form):
    """The short code of a slip, as somebody types it."""

    code = StringField(
        later("Code on your slip"),
        [InputRequired(later("Enter the code on your slip.")), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class CarerForm(Form):
    """An account that a family carer makes; `progress` is what the device kept until now."""

    name = StringField(
        later("Your name"), [InputRequired(later("Enter your name."))], render_kw={"autocomplete": "name"}
    )
    sign_in_name = StringField(
        later("Sign-in name"),
        [InputRequired(later("Choose a name to sign in with."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        later("Password"), [InputRequired(later("Enter a password."))], render_kw={"autocomplete": "new-password"}
    )
    progress = HiddenField()


class SiteForm(Form):
    """A site's name."""

    name = StringField(later("Site name"), [InputRequired(later("Enter a site name."))])


class JobTitleForm(Form):
    """A job title and its role."""

    name = StringField(later("Job title"), [InputRequired(later("Enter a job title."))])
    role = Menu(
        later("Role"),
        choices=[
            SelectChoice("", later("Choose a role")),
            *(SelectChoice(role.value, label_of(role)) for role in Role),
        ],
    )


class PersonForm(Form):
    """Somebody who works here, and their job."""

    name = StringField(later("Full name"), [InputRequired(later("Enter a name."))])
    email = StringField(later("E-mail address"), [Optional()])
    staff_number = StringField(
        later("Staff number"), [Optional(), Length(max=60)], filters=[lambda typed: tidy_text(typed or "")]
    )
    job_title_id = Menu(later("Job title"))
    site_id = Menu(later("Site"))
    starts_on = StringField(later("First day in this job"), [InputRequired(later("Enter a day."))])


class CodeForm(Form):
    """A receipt code, as somebody types it."""

    code = StringField(later("Receipt code"), [InputRequired(later("Enter the code.")), Length(max=60)])
