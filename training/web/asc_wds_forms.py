"""Forms about the ASC-WDS file: references of sites and of a person, what stands for each item, what every row says."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from flask import request
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from training.domain.asc_wds import Layout
from training.domain.asc_wds_categories import offered
from training.domain.language import N_, _
from training.services.asc_wds_settings import Choices, ItemChoice
from training.services.references import Workplace
from training.web.forms import Form
from training.web.later import label_of, later

SITE, CATEGORY, NAME = "site_", "category_", "name_"
# What is longer is refused in words by the service; this only keeps out what nobody types.
MOST_TYPED = 1000


def one_of(words: str) -> Callable[[Form, RadioField], None]:
    """Return the rule that one of the choices is made, of which one may be to leave it empty, with what to say."""

    def check(_form: Form, field: RadioField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_(words))

    return check


class WorkerForm(Form):
    """What other systems call a person: the staff number, and a reference of their own for ASC-WDS."""

    staff_number = StringField(later("Staff number"), [Optional(), Length(max=60)])
    reference = StringField(later("Worker reference (UNIQUEWORKERID)"), [Optional(), Length(max=MOST_TYPED)])


class ChoicesForm(Form):
    """The layout, and what every row says."""

    layout = RadioField(
        later("Layout of the file"),
        [one_of(N_("Choose a layout."))],
        validate_choice=False,
        choices=[SelectChoice(one.value, label_of(one)) for one in Layout],
    )
    accredited = RadioField(
        later("Is the training accredited?"),
        [one_of(N_("Choose whether the training is accredited."))],
        validate_choice=False,
        choices=[
            SelectChoice("0", later("No")),
            SelectChoice("1", later("Yes")),
            SelectChoice("999", later("Don’t know")),
        ],
    )
    delivered_by = RadioField(
        later("Who delivered it?"),
        [one_of(N_("Choose who delivered it."))],
        validate_choice=False,
        choices=[
            SelectChoice("", later("Leave it empty")),
            SelectChoice("1", later("In-house staff")),
            SelectChoice("2", later("External provider")),
        ],
    )
    provider = StringField(later("The provider’s number in ASC-WDS (optional)"), [Optional(), Length(max=MOST_TYPED)])

    def chosen(self) -> Choices:
        """Return what was chosen."""
        provider = (self.provider.data or "").strip()
        return Choices(Layout(self.layout.data), self.accredited.data, self.delivered_by.data, provider)


def choices_form(known: Choices) -> ChoicesForm:
    """Return the form with what was sent, or else with what stands."""
    if request.method == "POST":
        return ChoicesForm()
    data = {"layout": known.layout.value, "accredited": known.accredited}
    return ChoicesForm(data={**data, "delivered_by": known.delivered_by, "provider": known.provider})


def workplaces_form(sites: Sequence[Workplace]) -> Form:
    """Return a form with a field for the reference of each of some sites."""
    fields = {
        SITE + site.site_id.hex: StringField(site.name, [Optional(), Length(max=MOST_TYPED)], default=site.reference)
        for site in sites
    }
    return type("WorkplacesForm", (Form,), fields)()


def references_in(form: Form) -> Mapping[uuid.UUID, str]:
    """Return the references in a form, by site."""
    return {uuid.UUID(field.name.removeprefix(SITE)): field.data or "" for field in form}


def refuse_references(form: Form, at: Mapping[uuid.UUID, str]) -> None:
    """Say at the fields of sites why their references are refused."""
    for site_id, words in at.items():
        field = form[SITE + site_id.hex]
        field.errors = [f"{field.label.text}: {words}"]


def items_form(items: Iterable[ItemChoice]) -> Form:
    """Return a form with the category and the name of each item."""
    choices = [SelectChoice(str(code), f"{code} {label}") for code, label in offered()]
    fields = {}
    for item in items:
        fields[CATEGORY + item.item] = SelectField(later("Category"), choices=choices, default=str(item.category))
        typed = [Optional(), Length(max=MOST_TYPED)]
        fields[NAME + item.item] = StringField(later("Name in the file (optional)"), typed, default=item.own_name)
    return type("ItemsForm", (Form,), fields)()


def items_in(form: Form) -> Mapping[str, tuple[str, str]]:
    """Return the category and the name in a form, by item."""
    named = [field.name.removeprefix(NAME) for field in form if field.name.startswith(NAME)]
    return {item: (form[CATEGORY + item].data or "", form[NAME + item].data or "") for item in named}
