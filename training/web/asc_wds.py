"""The ASC-WDS training file: what must be mended first, the file itself, and the forms that mend what is missing."""

import uuid
from collections.abc import Iterator, Sequence
from itertools import chain
from math import ceil

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import N_, _
from training.domain.names import NameRefused
from training.exports.asc_wds import encode_asc_wds
from training.services import asc_wds, asc_wds_settings, references
from training.services.asc_wds import FileIncomplete, NothingToWrite
from training.services.asc_wds_settings import FileRefused
from training.services.organisations import AlreadyThere
from training.services.references import ReferenceRefused, ReferencesRefused, Workplace
from training.web import current
from training.web.asc_wds_forms import (
    CATEGORY,
    NAME,
    WorkerForm,
    choices_form,
    items_form,
    items_in,
    references_in,
    refuse_references,
    workplaces_form,
)

pages = Blueprint("asc_wds", __name__, url_prefix="/reports/asc-wds")
A_PAGE = 100
LEAVE_OUT = "leave-out"
KEPT = N_("Kept. The file has it from now on.")


@pages.get("")
def check() -> ResponseReturnValue:
    """Show what must be mended before the file is right, and offer the file."""
    return show()


def show(*, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Return the page of the file, with what stands in the way where something does."""
    found = asc_wds.check(current.database(), viewer=current.viewer(), catalog=current.catalog(), now=current.now())
    number, last = page_of(len(found.people))
    people = found.people[(number - 1) * A_PAGE : number * A_PAGE]
    known = {"people": people, "number": number, "last": last, "problem": problem}
    return render_template("asc_wds/check.html", found=found, most=A_PAGE, **known), status


def page_of(count: int, *, usual: int = 1) -> tuple[int, int]:
    """Return the page that the address asks for of so many things, and the last there is; the nearest where none is."""
    last = max(1, ceil(count / A_PAGE))
    return min(max(request.args.get("page", default=usual, type=int), 1), last), last


def page_with(sites: Sequence[Workplace]) -> int:
    """Return the page with the site that the address names, or the first."""
    place = next((at for at, site in enumerate(sites) if str(site.site_id) == request.args.get("site")), 0)
    return place // A_PAGE + 1


@pages.get("/file")
def file() -> ResponseReturnValue:
    """Send the file, which is written while it is sent; what refuses it does so before anything is."""
    pieces = encoded(leave_out=request.args.get(LEAVE_OUT) == "yes")
    try:
        first = next(pieces)
    except (FileIncomplete, NothingToWrite) as refusal:
        return show(problem=str(refusal), status=409)
    response = Response(chain([first], pieces), mimetype="text/csv")
    response.call_on_close(pieces.close)
    name = f"asc-wds-training-{current.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def encoded(*, leave_out: bool) -> Iterator[bytes]:
    """Return the pieces of the file; the database stays open until the last, or until they are closed."""
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    return pieces_of(asc_wds.open_file(current.database(), leave_out=leave_out, **known))


def pieces_of(opened: asc_wds.Opened) -> Iterator[bytes]:
    """Yield the pieces of a file, open until then."""
    with opened as found:
        yield from encode_asc_wds(found.records, found.layout, today=found.today)


@pages.route("/workplaces", methods=["GET", "POST"])
def workplaces() -> ResponseReturnValue:
    """Show the references of sites, and keep them."""
    sites = references.list_workplaces(current.database(), viewer=current.viewer())
    number, last = page_of(len(sites), usual=page_with(sites))
    form = workplaces_form(sites[(number - 1) * A_PAGE : number * A_PAGE])
    if request.method == "POST" and form.validate():
        known = {"viewer": current.viewer(), "now": current.now()}
        try:
            references.save_workplaces(current.database(), references=references_in(form), **known)
        except ReferencesRefused as refusal:
            refuse_references(form, refusal.at)
        except ReferenceRefused as refusal:
            form.form_errors = [str(refusal)]
        else:
            flash(_(KEPT))
            return redirect(url_for("asc_wds.workplaces", page=number) if last > 1 else url_for("asc_wds.check"))
    status = 400 if form.errors else 200
    return render_template("asc_wds/workplaces.html", form=form, number=number, last=last), status


@pages.route("/workers/<uuid:person_id>", methods=["GET", "POST"])
def worker(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what stands in the file for one person, and keep a reference of their own."""
    known = {"viewer": current.viewer(), "person_id": person_id}
    found = references.find_worker(current.database(), **known)
    kept = {"reference": found.reference, "staff_number": found.staff_number}
    form = WorkerForm() if request.method == "POST" else WorkerForm(data=kept)
    if request.method == "POST" and form.validate():
        typed = {"reference": form.reference.data or "", "staff_number": form.staff_number.data or ""}
        try:
            references.save_worker(current.database(), now=current.now(), **typed, **known)
        except ReferenceRefused as refusal:
            form.reference.errors = [str(refusal)]
        except (AlreadyThere, NameRefused) as refusal:
            form.staff_number.errors = [str(refusal)]
        else:
            flash(_(KEPT))
            return redirect(url_for("asc_wds.check"))
    return render_template("asc_wds/worker.html", form=form, worker=found), 400 if form.errors else 200


@pages.route("/training", methods=["GET", "POST"])
def training() -> ResponseReturnValue:
    """Show the category and the name of each item, and keep them."""
    known = {"viewer": current.viewer(), "catalog": current.catalog()}
    items = asc_wds_settings.list_items(current.database(), **known)
    form = items_form(items)
    if request.method == "POST" and form.validate():
        try:
            asc_wds_settings.save_items(current.database(), wanted=items_in(form), now=current.now(), **known)
        except FileRefused as refusal:
            titles = {one.item: one.title for one in items}
            form[NAME + refusal.field].errors = [f"{titles.get(refusal.field, refusal.field)}: {refusal}"]
        else:
            flash(_(KEPT))
            return redirect(url_for("asc_wds.check"))
    fields = [(one, form[CATEGORY + one.item], form[NAME + one.item]) for one in items]
    return render_template("asc_wds/training.html", form=form, items=fields), 400 if form.errors else 200


@pages.route("/layout", methods=["GET", "POST"])
def layout() -> ResponseReturnValue:
    """Show the layout and what every row says, and keep them."""
    form = choices_form(asc_wds_settings.find_choices(current.database(), viewer=current.viewer()))
    if request.method == "POST" and form.validate():
        known = {"viewer": current.viewer(), "now": current.now()}
        try:
            asc_wds_settings.save_choices(current.database(), wanted=form.chosen(), **known)
        except FileRefused as refusal:
            form[refusal.field].errors = [str(refusal)]
        else:
            flash(_(KEPT))
            return redirect(url_for("asc_wds.check"))
    return render_template("asc_wds/layout.html", form=form), 400 if form.errors else 200
