"""The manager's pages of invite slips: who has one, one or many made and printed, and one withdrawn."""

import uuid
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional

from training.domain import language
from training.domain.days import DayUnreadable, read_day
from training.domain.language import _
from training.domain.slip import CodeUnreadable, SlipState, read_code
from training.exports.slips import A_PAGE, MEDIA_TYPE, PrintedSlip, encode_slips, file_name
from training.services import organisations, slip_lists, slips
from training.services.accounts import refuse_reader
from training.services.invites import InviteUnusable, Slip
from training.services.slip_lists import Asked, Chosen, NobodyChosen, Wanted, Whom
from training.services.slips import NoSlipOut
from training.web import current, errors, files, report_asked
from training.web.forms import Form
from training.web.later import label_of, later
from training.web.messages import local_time

pages = Blueprint("slips", __name__, url_prefix="/team")

# So many are made while somebody waits; more become a file that can be followed.
AT_ONCE = 40
LAYOUTS = {"20": later("20 on a page, to cut apart"), "1": later("One on a page, with what to do")}


class ChoiceForm(Form):
    """For whom slips are made, and how they stand on paper; `seen` is how many people were shown beforehand."""

    whom = RadioField(
        later("For whom"), choices=[SelectChoice(each.value, label_of(each)) for each in Whom], default=Whom.WAITING
    )
    since = StringField(later("Added since (only for the third choice)"), [Optional()])
    site = SelectField(later("Where"), validate_choice=False)
    a_page = RadioField(
        later("On paper"), choices=[SelectChoice(key, words) for key, words in LAYOUTS.items()], default=str(A_PAGE[0])
    )
    seen = HiddenField()


@pages.get("/slips")
def every() -> ResponseReturnValue:
    """List people with their latest slips."""
    asked = Asked(
        state=report_asked.read_word(SlipState, request.args.get("state", "")),
        site_id=read_id(request.args.get("site", "")),
        search=request.args.get("search", "").strip(),
        number=report_asked.page_asked(),
    )
    known = {"viewer": current.viewer(), "today": current.today(), "now": current.now()}
    page = slip_lists.list_slips(current.database(), asked=asked, **known)
    sites = organisations.list_sites(current.database(), viewer=current.viewer())
    states, kept = tuple(SlipState), kept_of(asked)
    return render_template(
        "slips/every.html", page=page, asked=asked, sites=sites, states=states, kept=kept, local_time=local_time
    )


def kept_of(asked: Asked) -> dict[str, str]:
    """Return what the addresses of other pages of a list keep."""
    found = {"state": asked.state or "", "site": str(asked.site_id or ""), "search": asked.search}
    return {name: str(value) for name, value in found.items() if value}


def read_id(text: str) -> uuid.UUID | None:
    """Return an id, or None where none is given; what is no id is nobody's."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


@pages.get("/slips/new")
def new() -> ResponseReturnValue:
    """Choose for whom to make slips, and show in numbers what that would do."""
    refuse_reader(current.viewer())
    form = form_of(request.args if request.args else None)
    try:
        chosen = read_choice(form)
    except DayUnreadable as refusal:
        form.since.errors = [str(refusal)]
        return new_page(form), 400
    return new_page(form, chosen)


@pages.post("/slips/new")
def make() -> ResponseReturnValue:
    """Make the slips of a selection, as a PDF at once or as a file that can be followed."""
    form = form_of(request.form)
    known = {"viewer": current.viewer(), "today": current.today(), "now": current.now()}
    try:
        chosen = read_choice(form)
        person_ids = slip_lists.choose(current.database(), chosen=chosen, **known)
    except DayUnreadable as refusal:
        form.since.errors = [str(refusal)]
        return new_page(form), 400
    except NobodyChosen as refusal:
        form.form_errors = [str(refusal)]
        return new_page(form), 400
    if form.seen.data != str(len(person_ids)):
        form.form_errors = [_("It is not the same people any more. Look at the numbers again.")]
        return new_page(form, chosen), 409 if form.seen.data else 400
    a_page = int(form.a_page.data)
    if len(person_ids) > AT_ONCE:
        return files.ordered(slip_lists.order_of(Wanted(person_ids, a_page)))
    made = slips.issue_many(current.database(), viewer=current.viewer(), person_ids=person_ids, now=current.now)
    return sent(made.made, a_page=a_page)


def form_of(given: object) -> ChoiceForm:
    """Return the form, with the sites that the viewer sees to."""
    form = ChoiceForm(formdata=given)
    sites = organisations.list_sites(current.database(), viewer=current.viewer())
    form.site.choices = [SelectChoice("", _("Everywhere")), *(SelectChoice(str(site.id), site.name) for site in sites)]
    form.whom.data = report_asked.read_word(Whom, form.whom.data or "") or Whom.WAITING
    form.a_page.data = form.a_page.data if form.a_page.data in LAYOUTS else str(A_PAGE[0])
    return form


def read_choice(form: ChoiceForm) -> Chosen:
    """Return the selection in a form.

    Raises:
        DayUnreadable: when people added since a day are wanted, and the day cannot be read.
    """
    since: date | None = read_day(form.since.data or "") if form.whom.data is Whom.ADDED else None
    return Chosen(form.whom.data, read_id(form.site.data or ""), since)


def new_page(form: ChoiceForm, chosen: Chosen | None = None) -> str:
    """Return the page that asks for whom, with the numbers where a selection could be read."""
    found = None
    if chosen is not None:
        known = {"viewer": current.viewer(), "today": current.today(), "now": current.now()}
        found = slip_lists.preview(current.database(), chosen=chosen, **known)
    return render_template("slips/new.html", form=form, preview=found, at_once=AT_ONCE)


@pages.post("/slips/pdf")
def pdf() -> ResponseReturnValue:
    """Print the slip whose secrets were just shown; nothing is made anew."""
    try:
        known = {"token": request.form.get("token", ""), "code": read_code(request.form.get("code", ""))}
        slip = slips.read_slip(current.database(), viewer=current.viewer(), now=current.now(), **known)
    except (CodeUnreadable, InviteUnusable) as refusal:
        return errors.page(400, heading=_("This slip cannot be printed"), words=str(refusal))
    return sent([slip], a_page=1)


@pages.post("/people/<uuid:person_id>/slip/withdraw")
def withdraw(person_id: uuid.UUID) -> ResponseReturnValue:
    """End somebody's slip at once."""
    known = {"viewer": current.viewer(), "person_id": person_id, "now": current.now()}
    try:
        name = slips.withdraw_slip(current.database(), **known)
    except NoSlipOut as refusal:
        return errors.page(409, heading=_("There is no slip to withdraw"), words=str(refusal))
    flash(_("The slip of %(name)s does not work any more.", name=name))
    return redirect(url_for("slips.every"))


def sent(made: list[Slip], *, a_page: int) -> Response:
    """Return slips as a PDF to download."""
    viewer, day = current.viewer(), current.today()
    base_url = current.config().base_url
    with language.spoken(language.ENGLISH):
        papers = [PrintedSlip(**slips.printed(slip, viewer=viewer, base_url=base_url)) for slip in made]
        content = encode_slips(papers, a_page=a_page, day=day)
        headers = {"Content-Disposition": f'attachment; filename="{file_name(day)}"'}
    return Response(content, mimetype=MEDIA_TYPE, headers=headers)
