"""Filters that people keep under a name: saved where they were asked, listed, opened and removed."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import _
from training.domain.names import NameRefused
from training.services import saved_filters
from training.services.organisations import AlreadyThere
from training.services.report_kinds import KINDS
from training.services.saved_filters import Saved
from training.web import current
from training.web.report_asked import FIELDS

pages = Blueprint("filters", __name__, url_prefix="/team/filters")
PEOPLE = "people"


@pages.get("")
def every() -> ResponseReturnValue:
    """List the viewer's own filters."""
    return listed()


@pages.post("")
def save() -> ResponseReturnValue:
    """Keep the filter that a page was asked for, under the name given."""
    page = request.form.get("page", "")
    if page != PEOPLE and page not in KINDS:
        abort(400)
    asked = {field: request.form[field] for field in FIELDS if request.form.get(field)}
    known = {"viewer": current.viewer(), "now": current.now()}
    try:
        saved_filters.save_filter(
            current.database(), name=request.form.get("name", ""), page=page, asked=asked, **known
        )
    except (NameRefused, AlreadyThere) as refusal:
        return listed(wrong=str(refusal), typed={"page": page, "name": request.form.get("name", ""), **asked}), 400
    flash(_("Saved. You find it here and on the overview."))
    return redirect(url_for("filters.every"))


def listed(*, wrong: str = "", typed: dict[str, str] | None = None) -> str:
    """Return the list, with what could not be saved and why."""
    found = saved_filters.list_filters(current.database(), viewer=current.viewer())
    return render_template("team/filters.html", filters=found, title_of=title_of, wrong=wrong, typed=typed or {})


def title_of(page: str) -> str:
    """Return what the page of a filter is called."""
    return KINDS[page].title if page in KINDS else _("People")


@pages.get("/<uuid:filter_id>")
def show(filter_id: uuid.UUID) -> ResponseReturnValue:
    """Open a filter: its page is asked anew, for whom the viewer may see now."""
    return redirect(
        address_of(saved_filters.find_filter(current.database(), viewer=current.viewer(), filter_id=filter_id))
    )


def address_of(saved: Saved) -> str:
    """Return the address of the page that a filter asks."""
    if saved.page in KINDS:
        return url_for("reports.report", report_name=saved.page, **saved.asked)
    return url_for("team.people_list", **saved.asked)


@pages.post("/<uuid:filter_id>/remove")
def remove(filter_id: uuid.UUID) -> ResponseReturnValue:
    """Remove a filter."""
    saved_filters.remove_filter(current.database(), viewer=current.viewer(), filter_id=filter_id)
    flash(_("Removed."))
    return redirect(url_for("filters.every"))
