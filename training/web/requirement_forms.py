"""The forms of a requirement: what it asks, whom a change reaches, and its last day; read into what services take."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional

from training.catalog.library import Catalog
from training.domain.days import MONTHS, DayUnreadable, format_day, read_day
from training.domain.language import N_, _
from training.domain.module import Module
from training.domain.requirement import Basis, Reach, Terms
from training.domain.requirement_words import CHOICES
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.services.organisations import JobTitleRow, SiteRow
from training.services.requirement_plans import Asked, Choice, RequirementRefused
from training.services.requirements import RequirementPage
from training.web.forms import Form
from training.web.later import label_of, later, later_with

BASES = (
    (Basis.ANNIVERSARY, N_("From the old date, when renewed in the window: nobody loses days")),
    (Basis.COMPLETION, N_("Always from the day of the pass")),
    (Basis.FIXED_DATE, N_("To one day of the year for everyone")),
)
NUMBER = {"inputmode": "numeric", "autocomplete": "off"}
LONGEST_NUMBER = 4
NO_TRACK = N_("There is no track “%(text)s”. Choose again.")
NO_ROLE = N_("There is no role “%(text)s”. Choose again.")
PLAIN = {"autocomplete": "off"}


class RequirementForm(Form):
    """What a requirement asks; an empty track means the items that are ticked."""

    edition = HiddenField()
    name = StringField(
        later("Name of the requirement"), [InputRequired(later("Enter a name for the requirement."))], render_kw=PLAIN
    )
    track = RadioField(
        later("Which training"),
        [Optional()],
        default="",
        choices=[
            *(
                SelectChoice(role.value, later_with(N_("The whole track: %(role)s"), role=label_of(role)))
                for role in Role
            ),
            SelectChoice("", later("Modules and scenarios one by one, ticked below")),
        ],
        validate_choice=False,
    )
    items = SelectMultipleField(later("Modules and scenarios"), validate_choice=False)
    roles = SelectMultipleField(
        later("Roles"), choices=[SelectChoice(role.value, label_of(role)) for role in Role], validate_choice=False
    )
    job_title_ids = SelectMultipleField(later("Only these job titles"), validate_choice=False)
    site_ids = SelectMultipleField(later("Only these sites"), validate_choice=False)
    due_days = StringField(
        later("Days until it is first due"), [InputRequired(later("Enter a number of days."))], render_kw=NUMBER
    )
    valid_months = StringField(later("Months that a pass lasts"), [Optional()], render_kw=NUMBER)
    window_days = StringField(later("Days before expiry when it can be renewed"), [Optional()], render_kw=NUMBER)
    basis = RadioField(
        later("A renewal counts"),
        choices=[SelectChoice(basis.value, later(words)) for basis, words in BASES],
        validate_choice=False,
    )
    fixed_day = StringField(later("Day of the year for everyone"), [Optional()], render_kw=PLAIN)
    minimum_months = StringField(later("Least months that a pass lasts"), [Optional()], render_kw=NUMBER)
    starts_on = StringField(later("First day"), [InputRequired(later("Enter a day."))], render_kw=PLAIN)


class ChoiceForm(Form):
    """Whom a change reaches; `shown_for` is the day for which numbers were shown."""

    reach = RadioField(
        later("Whom does this change reach?"),
        choices=[SelectChoice(reach.value, later(words)) for reach, words in CHOICES.items()],
        validate_choice=False,
    )
    again_by = StringField(later("The day by which everyone passes again"), render_kw=PLAIN)
    shown_for = HiddenField()


class RetireForm(Form):
    """The last day of a requirement."""

    edition = HiddenField()
    last_on = StringField(later("Last day"), [InputRequired(later("Enter a day."))], render_kw=PLAIN)


def offer(
    form: RequirementForm, *, catalog: Catalog, titles: Sequence[JobTitleRow], sites: Sequence[SiteRow]
) -> RequirementForm:
    """Return the form with what there is to tick."""
    items = sorted(catalog.items(), key=lambda item: (item.kind, item.title.casefold()))
    form.items.choices = [SelectChoice(item.slug, named(item)) for item in items]
    form.job_title_ids.choices = [SelectChoice(str(title.id), f"{title.name} ({title.role.label})") for title in titles]
    form.site_ids.choices = [SelectChoice(str(site.id), site.name) for site in sites]
    return form


def named(item: Module | Scenario) -> str:
    """Return an item's title and what it is."""
    if item.kind == "module":
        return _("%(title)s (module)", title=item.title)
    return _("%(title)s (scenario)", title=item.title)


def usual(today: date) -> RequirementForm:
    """Return a form with what most organisations choose."""
    terms = Terms(valid_months=12)
    return RequirementForm(formdata=None, data={"edition": "", "due_days": "30", **typed(terms), **begins(today)})


def present(page: RequirementPage, today: date) -> RequirementForm:
    """Return a form filled in with what a requirement asks now."""
    latest = page.latest
    data = {
        "edition": str(page.edition),
        "name": page.name,
        "track": latest.track.value if latest.track else "",
        "items": [] if latest.track else list(latest.items),
        "roles": [role.value for role in latest.roles],
        "job_title_ids": list(latest.job_title_ids),
        "site_ids": list(latest.site_ids),
        "due_days": str(latest.due_days),
    }
    return RequirementForm(formdata=None, data={**data, **typed(latest.terms), **begins(max(today, page.begins_on))})


def begins(day: date) -> dict[str, str]:
    """Return the first day as it would be typed."""
    return {"starts_on": format_day(day)}


def typed(terms: Terms) -> dict[str, str]:
    """Return terms as they would be typed."""
    fixed = f"{terms.fixed_day} {_(MONTHS[terms.fixed_month - 1])}" if terms.fixed_month and terms.fixed_day else ""
    return {
        "valid_months": "" if terms.valid_months is None else str(terms.valid_months),
        "window_days": str(terms.window_days),
        "basis": terms.basis.value,
        "fixed_day": fixed,
        "minimum_months": str(terms.minimum_months),
    }


def read_asked(form: RequirementForm) -> Asked:
    """Return what a form asks.

    Raises:
        RequirementRefused: with the field that cannot be read.
    """
    return Asked(
        name=form.name.data or "",
        items=tuple(form.items.data or ()),
        track=read_role(form.track.data, unknown=NO_TRACK, field="track") if form.track.data else None,
        roles=read_roles(form.roles.data or ()),
        job_title_ids=read_ids(form.job_title_ids.data or (), field="job_title_ids"),
        site_ids=read_ids(form.site_ids.data or (), field="site_ids"),
        terms=read_terms(form),
        due_days=read_number(form.due_days),
        starts_on=read_day_in(form.starts_on),
    )


def read_roles(ticked: Collection[str]) -> tuple[Role, ...]:
    """Return the roles that were ticked, in their usual order."""
    chosen = {read_role(each, unknown=NO_ROLE, field="roles") for each in ticked}
    return tuple(role for role in Role if role in chosen)


def read_role(text: str, *, unknown: str, field: str) -> Role:
    """Return the role, or the role of the track, that was chosen."""
    if text not in set(Role):
        raise RequirementRefused(_(unknown, text=text), field=field)
    return Role(text)


def read_terms(form: RequirementForm) -> Terms:
    """Return how long a pass lasts; a number left empty is the usual one."""
    if form.basis.data not in set(Basis):
        raise RequirementRefused(_("Choose from when a renewal counts."), field="basis")
    basis = Basis(form.basis.data)
    usual_terms = Terms(valid_months=None)
    month, day = read_fixed_day(form.fixed_day.data or "") if basis is Basis.FIXED_DATE else (None, None)
    valid_months = read_number(form.valid_months, empty=None)
    # Nothing that does not expire is ever renewed, and a pass that shows no window keeps to the usual one.
    return Terms(
        valid_months=valid_months,
        window_days=read_number(form.window_days, empty=usual_terms.window_days),
        basis=basis,
        fixed_month=month,
        fixed_day=day,
        minimum_months=read_number(form.minimum_months, empty=usual_terms.minimum_months),
    )


def read_fixed_day(text: str) -> tuple[int | None, int | None]:
    """Return the month and day of words such as 31 Mar, read in a leap year; none where nothing is typed."""
    if not text.strip():
        return None, None
    try:
        day = read_day(f"{text} 2024")
    except DayUnreadable as refusal:
        words = _("Write the day of the year like this: 31 Mar.")
        raise RequirementRefused(words, field="fixed_day") from refusal
    return day.month, day.day


def read_number(field: StringField, *, empty: int | None = -1) -> int | None:
    """Return a whole number as it was typed, or what stands for an empty field."""
    text = (field.data or "").strip()
    if not text:
        return empty
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_NUMBER:
        raise RequirementRefused(_("Write a whole number, such as 12."), field=field.name)
    return int(text)


def read_day_in(field: StringField) -> date:
    """Return the day in a field."""
    try:
        return read_day(field.data or "")
    except DayUnreadable as refusal:
        raise RequirementRefused(str(refusal), field=field.name) from refusal


def read_ids(typed_ids: Collection[str], *, field: str) -> tuple[uuid.UUID, ...]:
    """Return ids that were ticked."""
    try:
        return tuple(dict.fromkeys(uuid.UUID(each) for each in typed_ids))
    except ValueError as error:
        raise RequirementRefused(_("One of these is not known here. Choose again."), field=field) from error


def read_choice(form: ChoiceForm) -> Choice:
    """Return whom a change reaches.

    Raises:
        RequirementRefused: when none is chosen, or its day cannot be read.
    """
    if form.reach.data not in set(Reach):
        raise RequirementRefused(_("Choose whom this change reaches."), field="reach")
    reach = Reach(form.reach.data)
    return Choice(reach, read_day_in(form.again_by) if reach is Reach.EVERYONE_AGAIN else None)


def read_edition(text: str | None) -> int:
    """Return an edition; what cannot be one is none that there ever was."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def mark(form: Form, refusal: RequirementRefused) -> None:
    """Put a refusal at its field, or over the form where it has none."""
    if refusal.field in form._fields:
        form[refusal.field].errors = [str(refusal)]
    else:
        form.form_errors = [str(refusal)]
