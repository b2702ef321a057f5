"""Forms that people fill in; what they ask is checked again by the services."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from training.domain.names import tidy_text
from training.domain.roles import Role


class Form(FlaskForm):
    """A form whose CSRF token the guard has checked already."""

    class Meta:
        csrf = False


class Menu(SelectField):
    """A menu in which one of the choices must be made; the one without a value only says so."""

    def pre_validate(self, _form: Form) -> None:
        if not self.data or self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(f"Choose a {self.label.text.lower()}.")


class SignInForm(Form):
    """Name and password; `held` carries what was sent while signed out, `next` where the reader was going."""

    sign_in_name = StringField(
        "E-mail address or sign-in name",
        [InputRequired("Enter your e-mail address or sign-in name."), Length(max=320)],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
    held = HiddenField()
    next = HiddenField()


class JoinForm(Form):
    """A new password."""

    password = PasswordField(
        "New password", [InputRequired("Enter a password.")], render_kw={"autocomplete": "new-password"}
    )


class SlipCodeForm(Form):
    """The short code of a slip, as somebody types it."""

    code = StringField(
        "Code on your slip",
        [InputRequired("Enter the code on your slip."), Length(max=60)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class CarerForm(Form):
    """An account that a family carer makes; `progress` is what the device kept until now."""

    name = StringField("Your name", [InputRequired("Enter your name.")], render_kw={"autocomplete": "name"})
    sign_in_name = StringField(
        "Sign-in name",
        [InputRequired("Choose a name to sign in with.")],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password", [InputRequired("Enter a password.")], render_kw={"autocomplete": "new-password"}
    )
    progress = HiddenField()


class SiteForm(Form):
    """A site's name."""

    name = StringField("Site name", [InputRequired("Enter a site name.")])


class JobTitleForm(Form):
    """A job title and its role."""

    name = StringField("Job title", [InputRequired("Enter a job title.")])
    role = Menu(
        "Role", choices=[SelectChoice("", "Choose a role"), *(SelectChoice(role.value, role.label) for role in Role)]
    )


class PersonForm(Form):
    """Somebody who works here, and their job."""

    name = StringField("Full name", [InputRequired("Enter a name.")])
    email = StringField("E-mail address", [Optional()])
    staff_number = StringField(
        "Staff number", [Optional(), Length(max=60)], filters=[lambda typed: tidy_text(typed or "")]
    )
    job_title_id = Menu("Job title")
    site_id = Menu("Site")
    starts_on = StringField("First day in this job", [InputRequired("Enter a day.")])


class CodeForm(Form):
    """A receipt code, as somebody types it."""

    code = StringField("Receipt code", [InputRequired("Enter the code."), Length(max=60)])
