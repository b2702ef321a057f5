"""Inspector packs: asking for one, those that were made, and the links to them."""

import uuid
from datetime import UTC, date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional

from training.domain.days import DayUnreadable, end_of_day, format_day, read_day
from training.domain.language import N_, _
from training.domain.pack import full_instant
from training.services import pack_links, packs
from training.services.pack_contents import Wanted
from training.services.pack_links import FileGone, NoSuchTime
from training.services.packs import KnownTooLate, PackRefused
from training.web import current, files
from training.web.forms import Form
from training.web.later import later, later_plural

pages = Blueprint("packs", __name__, url_prefix="/reports/pack")
EVERYTHING = N_("Everything I see to")


class PackForm(Form):
    """The day that a pack is about, the instant of knowledge, and which site."""

    as_at = StringField(later("As at"), [Optional()])
    known_at = StringField(later("As known at (optional)"), [Optional()])
    site = SelectField(later("Whom it covers"), validate_choice=False)


class LinkForm(Form):
    """How long a link lasts."""

    days = RadioField(
        later("How long it works"),
        choices=[
            SelectChoice(str(days), later_plural("%(count)s day", "%(count)s days", days)) for days in pack_links.LASTS
        ],
        default="7",
        validate_choice=False,
    )


@pages.get("")
def every() -> ResponseReturnValue:
    """Ask for a pack, and list those that were made; the address may say what is asked for."""
    form = form_of()
    form.as_at.data = request.args.get("as-at", "") or form.as_at.data
    form.known_at.data = request.args.get("known-at", "")
    form.site.data = request.args.get("site", "")
    return page(form)


@pages.post("")
def ask() -> ResponseReturnValue:
    """Order a pack, and lead to where it can be followed."""
    form = form_of()
    try:
        wanted = Wanted(as_at=read_as_at(form), known_at=read_known_at(form), site_id=read_site(form))
        order = packs.order_of(current.database(), viewer=current.viewer(), wanted=wanted, now=current.now())
    except DayUnreadable as refusal:
        form.as_at.errors = [str(refusal)]
    except PackRefused as refusal:
        (form.known_at if isinstance(refusal, KnownTooLate) else form.as_at).errors = [str(refusal)]
    else:
        return files.ordered(order)
    return page(form), 400


def form_of() -> PackForm:
    """Return the form, with the last day of the quarter before as the day."""
    form = PackForm()
    sites = packs.list_sites(current.database(), viewer=current.viewer())
    form.site.choices = [SelectChoice("", _(EVERYTHING)), *(SelectChoice(str(key), name) for key, name in sites)]
    if request.method == "GET":
        form.as_at.data = format_day(last_quarter(current.today()))
    return form


def last_quarter(today: date) -> date:
    """Return the last day of the quarter of the year before the present one."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return date.fromordinal(first.toordinal() - 1)


def page(form: PackForm) -> str:
    """Return the page with the form and the packs that were made."""
    made = packs.list_packs(current.database(), viewer=current.viewer(), now=current.now())
    return render_template("packs/every.html", form=form, made=made, local_time=files.local_time)


def read_as_at(form: PackForm) -> date:
    """Return the day asked for.

    Raises:
        DayUnreadable: with an example.
    """
    return read_day(form.as_at.data or "")


def read_known_at(form: PackForm) -> datetime:
    """Return the instant of knowledge: now, the end of a day, or an instant whole, as a pack writes it.

    Raises:
        PackRefused: with an example.
    """
    text = (form.known_at.data or "").strip()
    if not text:
        return current.now()
    try:
        known_at = datetime.fromisoformat(text)
        if known_at.tzinfo is not None:
            return known_at.astimezone(UTC)
    except ValueError:
        pass
    try:
        return min(end_of_day(read_day(text), current.viewer().time_zone), current.now())
    except DayUnreadable as refusal:
        words = N_("Write what was known by when as a day, or as an instant whole: %(instant)s.")
        raise KnownTooLate(_(words, instant=full_instant(current.now()))) from refusal


def read_site(form: PackForm) -> uuid.UUID | None:
    """Return the site asked for, or None for everything; what is no id is none of anybody's."""
    try:
        return uuid.UUID(form.site.data) if form.site.data else None
    except ValueError:
        return uuid.UUID(int=0)


@pages.get("/<uuid:pack_id>")
def one(pack_id: uuid.UUID) -> ResponseReturnValue:
    """Show one pack, how to check it, and the links to it."""
    return pack_page(pack_id, LinkForm(formdata=None))


@pages.post("/<uuid:pack_id>/links")
def make_link(pack_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link, and show it this once."""
    form = LinkForm()
    days = int(form.days.data) if (form.days.data or "").isdecimal() and len(form.days.data) < 4 else 0
    known = {"viewer": current.viewer(), "pack_id": pack_id, "now": current.now()}
    try:
        token = pack_links.make_link(current.database(), days=days, **known)
    except NoSuchTime as refusal:
        form.days.errors = [str(refusal)]
        return pack_page(pack_id, form), 400
    except FileGone as refusal:
        form.form_errors.append(str(refusal))
        return pack_page(pack_id, form), 400
    address = current.config().base_url.rstrip("/") + url_for("pack_links.opened", token=token)
    return render_template("packs/link_made.html", address=address, pack_id=pack_id, days=days)


@pages.post("/links/<uuid:link_id>/end")
def end_link(link_id: uuid.UUID) -> ResponseReturnValue:
    """End a link at once."""
    known = {"viewer": current.viewer(), "link_id": link_id, "now": current.now()}
    pack_id = pack_links.end_link(current.database(), **known)
    flash(_("The link has ended. Nobody can open it any more."))
    return redirect(url_for("packs.one", pack_id=pack_id))


def pack_page(pack_id: uuid.UUID, form: LinkForm) -> str:
    """Return the page of a pack."""
    known = {"viewer": current.viewer(), "pack_id": pack_id, "now": current.now()}
    found = pack_links.show_pack(current.database(), **known)
    return render_template("packs/one.html", pack=found.pack, links=found.links, form=form, local_time=files.local_time)
