"""Exchanging training with ESR: the saved mappings, what one makes, its file, and a file read with it."""

import re
import uuid
from collections.abc import Generator
from itertools import chain

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.esr import EsrMapping, MappingRefused, NothingMapped
from training.domain.language import _, in_english
from training.domain.upload import HeadingsMissing, HeadingTwice, fits
from training.exports.esr import encode_esr
from training.services import esr, esr_mappings
from training.services.organisations import AlreadyThere, refuse_unless_all
from training.uploads.reading import read_upload
from training.web import current, imports
from training.web.esr_forms import (
    EXAMPLE,
    EsrFileForm,
    competences_of,
    file_form,
    mapping_form,
    mapping_in,
    refuse_at,
    slots_of,
)

pages = Blueprint("esr", __name__)
MOST_NAMED = 100


@pages.url_value_preprocessor
def allow_files(endpoint: str | None, values: dict | None) -> None:
    """Let files be sent to the one page that reads them, as to every other import."""
    if endpoint == "esr.load":
        imports.allow_files(endpoint, values)


@pages.get("/reports/esr")
def every() -> ResponseReturnValue:
    """List the saved mappings."""
    saved = esr_mappings.list_mappings(current.database(), viewer=current.viewer())
    return render_template("esr/every.html", saved=saved)


@pages.get("/reports/esr/<uuid:mapping_id>")
def preview(mapping_id: uuid.UUID) -> ResponseReturnValue:
    """Show the first rows that a mapping makes, whom it cannot name, and what it does not map."""
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    found = esr.preview(current.database(), mapping_id=mapping_id, **known)
    return render_template("esr/preview.html", found=found, most=MOST_NAMED)


@pages.get("/reports/esr/<uuid:mapping_id>/file")
def file(mapping_id: uuid.UUID) -> ResponseReturnValue:
    """Send the file of a mapping, which is written while it is sent."""
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    saved = esr_mappings.find_mapping(current.database(), viewer=current.viewer(), mapping_id=mapping_id)
    pieces = in_english(pieces_of(esr.open_file(current.database(), mapping_id=mapping_id, **known)))
    first = next(pieces)
    response = Response(chain([first], pieces), mimetype="text/csv")
    response.call_on_close(pieces.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name_of(saved.mapping)}"'
    return response


def file_name_of(mapping: EsrMapping) -> str:
    """Return the name of the file of a mapping, with what can stand there of the mapping's own, to tell files apart."""
    plain = re.sub("[^a-z0-9]+", "-", mapping.name.lower())[:50].strip("-")
    return "-".join(part for part in ("esr", plain, current.today().isoformat()) if part) + ".csv"


def pieces_of(opened: esr.Opened) -> Generator[bytes, None, None]:
    """Yield the pieces of a file, open until then."""
    with opened as found:
        yield from encode_esr(headings=found.headings, rows=found.rows)


@pages.route("/reports/esr/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a mapping."""
    refuse_unless_all(current.viewer())
    return edit(EXAMPLE)


@pages.route("/reports/esr/<uuid:mapping_id>/change", methods=["GET", "POST"])
def change(mapping_id: uuid.UUID) -> ResponseReturnValue:
    """Change a mapping."""
    refuse_unless_all(current.viewer())
    found = esr_mappings.find_mapping(current.database(), viewer=current.viewer(), mapping_id=mapping_id)
    return edit(found.mapping, mapping_id=mapping_id)


def edit(known: EsrMapping, *, mapping_id: uuid.UUID | None = None) -> ResponseReturnValue:
    """Show the form of a mapping, and keep what was sent with it."""
    items = esr_mappings.list_items(current.database(), viewer=current.viewer(), catalog=current.catalog())
    form = mapping_form(known, items=items)
    if request.method == "POST" and form.validate():
        asked = {"viewer": current.viewer(), "mapping_id": mapping_id, "now": current.now()}
        try:
            kept = esr_mappings.save_mapping(current.database(), mapping=mapping_in(form), **asked)
        except MappingRefused as refusal:
            refuse_at(form, refusal.field, str(refusal))
        except AlreadyThere as refusal:
            refuse_at(form, "name", str(refusal))
        else:
            flash(_("The mapping is kept."))
            return redirect(url_for("esr.preview", mapping_id=kept))
    drawn = {"slots": tuple(slots_of(form)), "competences": competences_of(form), "mapping_id": mapping_id}
    return render_template("esr/mapping.html", form=form, **drawn), 400 if form.errors else 200


@pages.route("/reports/esr/<uuid:mapping_id>/remove", methods=["GET", "POST"])
def remove(mapping_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether a mapping is to be taken away, and take it away."""
    known = {"viewer": current.viewer(), "mapping_id": mapping_id}
    refuse_unless_all(current.viewer())
    if request.method == "POST":
        esr_mappings.remove_mapping(current.database(), now=current.now(), **known)
        flash(_("The mapping is removed."))
        return redirect(url_for("esr.every"))
    return render_template("esr/remove.html", saved=esr_mappings.find_mapping(current.database(), **known))


@pages.route("/team/import/esr", methods=["GET", "POST"])
def load() -> ResponseReturnValue:
    """Read a file from ESR with a mapping, and lead to the plan of the import."""
    saved = esr_mappings.list_mappings(current.database(), viewer=current.viewer())
    form = file_form(saved)
    if request.method == "POST" and form.validate():
        planned = imports.planned_or_refused(form, lambda data: plan(form, data))
        if planned:
            return planned
    unlike = next((one for one in saved if form.is_unlike_mapping and str(one.id) == form.mapping_id.data), None)
    shown = render_template("esr/load.html", form=form, saved=saved, unlike=unlike)
    return shown, 400 if request.method == "POST" else 200


def plan(form: EsrFileForm, data: bytes) -> uuid.UUID:
    """Hand what means an item in a file to the import of past training, and return the import's id."""
    mapping_id, name = uuid.UUID(form.mapping_id.data), form.file.data.filename or ""
    known = {"viewer": current.viewer(), "mapping_id": mapping_id}
    fields = esr_mappings.find_mapping(current.database(), **known).mapping.fields
    lines = read_upload(data, name=name, fits=lambda lines: fits(lines, fields))
    about = {"file_name": name, "evidence": form.evidence.data or "", "now": current.now()}
    try:
        return esr.plan_import(current.database(), catalog=current.catalog(), lines=lines, **about, **known)
    except (HeadingsMissing, HeadingTwice, NothingMapped):
        form.is_unlike_mapping = True
        raise
