"""The pages on which a manager imports people and past training: the file, its plan, and what came of it."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain import completion_rows, people_rows
from training.domain.days import format_day
from training.domain.language import _
from training.domain.names import NameRefused
from training.domain.people_import import Outcome
from training.domain.refusal import Refusal
from training.domain.roles import Role
from training.domain.upload import Field, fits
from training.exports import import_template
from training.exports.csv import encode_csv
from training.services import completion_imports, import_orders, import_pages, import_undoing, people_imports
from training.services.employments import DayRefused
from training.services.import_orders import REFUSED, Applied
from training.services.import_pages import ImportPage
from training.services.import_runs import Kind
from training.services.import_undoing import CannotUndo
from training.uploads.reading import read_upload
from training.uploads.safety import MOST_BYTES, UploadRefused, too_big
from training.web import current, errors, files
from training.web.import_forms import ApplyForm, ChoicesForm, PassesFileForm, PeopleFileForm
from training.web.messages import local_time

pages = Blueprint("imports", __name__, url_prefix="/team/import")
# Beside the file a form holds little.
MOST_SENT = MOST_BYTES + 200_000
# What is too big is read and thrown away up to here, so that the browser shows our answer and not a broken connection.
MOST_DRAINED = 256 * 1024 * 1024
PIECE = 256 * 1024


class FileTooBig(Exception):
    """A file cannot be read because it is larger than any that may be sent."""


@pages.url_value_preprocessor
def allow_files(_endpoint: str | None, _values: dict | None) -> None:
    """Let files be sent here that are larger than any form elsewhere; let those that are too big pass by unread."""
    request.max_content_length = MOST_SENT
    left = min(request.content_length or 0, MOST_DRAINED)
    if left > MOST_SENT:
        stream = request.environ["wsgi.input"]
        while left > 0 and (piece := stream.read(min(PIECE, left))):
            left -= len(piece)
        raise FileTooBig


@pages.app_errorhandler(FileTooBig)
def refuse_too_big(_error: FileTooBig) -> ResponseReturnValue:
    """Say that a file is too big."""
    return errors.page(413, words=_("%(why)s Nothing was changed.", why=too_big()))


@pages.get("")
def every() -> ResponseReturnValue:
    """Offer what can be imported, and list the plans that wait and what was imported."""
    known = {"viewer": current.viewer()}
    waiting = import_pages.list_waiting(current.database(), now=current.now(), **known)
    listed = import_pages.list_applied(current.database(), **known)
    return render_template("imports/every.html", waiting=waiting, listed=listed, local_time=local_time)


@pages.route("/people", methods=["GET", "POST"])
def people() -> ResponseReturnValue:
    form = PeopleFileForm()
    if request.method == "POST" and form.validate():
        sent = form.file.data

        def plan(data: bytes) -> uuid.UUID:
            lines = read_upload(data, name=sent.filename or "", fits=lambda lines: fits(lines, people_rows.FIELDS))
            known = {"viewer": current.viewer(), "now": current.now(), "file_name": sent.filename or ""}
            return people_imports.plan_file(current.database(), lines=lines, **known)

        planned = planned_or_refused(form, plan)
        if planned:
            return planned
    return render_template("imports/people.html", form=form), 400 if request.method == "POST" else 200


@pages.route("/completions", methods=["GET", "POST"])
def completions() -> ResponseReturnValue:
    form = PassesFileForm()
    if request.method == "POST" and form.validate():
        sent = form.file.data

        def plan(data: bytes) -> uuid.UUID:
            lines = read_upload(data, name=sent.filename or "", fits=lambda lines: fits(lines, completion_rows.FIELDS))
            known = {"viewer": current.viewer(), "now": current.now(), "file_name": sent.filename or ""}
            return completion_imports.plan_file(
                current.database(), lines=lines, catalog=current.catalog(), evidence=form.evidence.data or "", **known
            )

        planned = planned_or_refused(form, plan)
        if planned:
            return planned
    return render_template("imports/completions.html", form=form), 400 if request.method == "POST" else 200


def planned_or_refused(form: PeopleFileForm, plan: Callable[[bytes], uuid.UUID]) -> ResponseReturnValue | None:
    """Lead to the plan of the file that was sent, or say at its field why there is none."""
    try:
        import_id = plan(form.file.data.read(MOST_BYTES + 1))
    except NameRefused as refusal:
        field = form.evidence if isinstance(form, PassesFileForm) else form.file
        field.errors = [str(refusal)]
    except (UploadRefused, Refusal) as refusal:
        form.file.errors = [str(refusal)]
    else:
        return redirect(url_for("imports.one", import_id=import_id))
    return None


@pages.get("/<uuid:import_id>")
def one(import_id: uuid.UUID) -> ResponseReturnValue:
    """Show a plan, or what came of it."""
    return show(import_id)


def show(import_id: uuid.UUID, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Return the page of an import, with what stands in the way where something does."""
    page = read_page(import_id)
    if page.applied_at is not None:
        return render_template("imports/applied.html", page=page, problem=problem), status
    items = ()
    if page.kind is Kind.COMPLETIONS and (page.summary["unknown_items"] or page.choices["items"]):
        known = {"viewer": current.viewer(), "catalog": current.catalog()}
        items = completion_imports.list_items(current.database(), **known)
    form = choices_form(page) if page.kind is Kind.PEOPLE else None
    shown = {"problem": problem, "items": items, "form": form, "roles": tuple(Role), "outcomes": tuple(Outcome)}
    return render_template("imports/plan.html", page=page, **shown), status


def read_page(import_id: uuid.UUID) -> ImportPage:
    """Return an import with the page of rows that the address asks for."""
    return import_pages.read_page(
        current.database(),
        viewer=current.viewer(),
        import_id=import_id,
        shown=request.args.get("show", ""),
        number=request.args.get("page", default=1, type=int),
        now=current.now(),
    )


def choices_form(page: ImportPage) -> ChoicesForm:
    """Return the form with what was chosen."""
    chosen = page.choices
    days = {name: day_in_words(chosen[name]) for name in ("from_day", "last_day")}
    return ChoicesForm(formdata=None, data={**days, "leavers": chosen["leavers"]})


def day_in_words(kept: str) -> str:
    """Return a day that was kept as ISO in words; nothing where none was."""
    return format_day(date.fromisoformat(kept)) if kept else ""


@pages.post("/<uuid:import_id>/choices")
def choose(import_id: uuid.UUID) -> ResponseReturnValue:
    """Change what was chosen, and make the plan anew."""
    known = {"viewer": current.viewer(), "import_id": import_id, "now": current.now()}
    try:
        if read_page(import_id).kind is Kind.COMPLETIONS:
            items = pairs("item_name", "item_slug")
            completion_imports.choose(current.database(), catalog=current.catalog(), items=items, **known)
        else:
            form = ChoicesForm()
            if not form.validate():
                return show(import_id, problem=next(iter(form.errors.values()))[0], status=400)
            people_imports.choose(current.database(), **asked_of(form), **known)
    except (DayRefused, *REFUSED) as refusal:
        return show(import_id, problem=str(refusal), status=409)
    flash(_("The plan is made anew."))
    return redirect(url_for("imports.one", import_id=import_id))


def asked_of(form: ChoicesForm) -> dict:
    """Return what is chosen for a people import; a job title is made where it was given a role."""
    roles = {role.value: role for role in Role}
    titles = {name: roles[slug] for name, slug in pairs("title_name", "title_role").items() if slug in roles}
    return {
        "from_day": form.from_day.day,
        "new_sites": request.form.getlist("new_site"),
        "new_titles": titles,
        "leavers": bool(form.leavers.data),
        "last_day": form.last_day.day,
    }


def pairs(names: str, values: str) -> dict[str, str]:
    """Return what was chosen for each of some names that the page listed."""
    return dict(zip(request.form.getlist(names), request.form.getlist(values), strict=False))


@pages.post("/<uuid:import_id>/apply")
def apply(import_id: uuid.UUID) -> ResponseReturnValue:
    """Do what the plan says."""
    form, page = ApplyForm(), read_page(import_id)
    typed = "".join((form.typed.data or "").replace(",", "").split())
    wanted = Applied(
        import_id=str(import_id),
        kind=page.kind.value,
        leave_out_faults=bool(form.leave_out.data),
        typed_leavers=int(typed) if typed.isdecimal() and len(typed) < 10 else None,
    )
    if import_orders.takes_long(page) and page.applied_at is None:
        return files.ordered(import_orders.order_of(page, wanted=wanted))
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "now": current.now()}
    try:
        import_orders.apply(current.database(), wanted=wanted, **known)
    except REFUSED as refusal:
        return show(import_id, problem=str(refusal), status=409)
    flash(_("Imported."), "success")
    return redirect(url_for("imports.one", import_id=import_id))


@pages.route("/<uuid:import_id>/undo", methods=["GET", "POST"])
def undo(import_id: uuid.UUID) -> ResponseReturnValue:
    """Ask whether an import is to be undone, and undo it."""
    page = read_page(import_id)
    if page.applied_at is None:
        abort(404)
    if request.method == "POST":
        if import_orders.takes_long(page) and page.may_undo:
            return files.ordered(import_orders.order_to_undo(page))
        try:
            import_undoing.undo(current.database(), viewer=current.viewer(), import_id=import_id, now=current.now())
        except CannotUndo as refusal:
            return show(import_id, problem=str(refusal), status=409)
        flash(_("The import is undone."), "success")
        return redirect(url_for("imports.one", import_id=import_id))
    return render_template("imports/undo.html", page=page)


@pages.get("/<uuid:import_id>/faults.csv")
def faults(import_id: uuid.UUID) -> ResponseReturnValue:
    """Give what is wrong as a file: one line for each fault, with its row, column and value."""
    rows = import_pages.faults_of(current.database(), viewer=current.viewer(), import_id=import_id)

    def cells() -> Iterator[tuple]:
        for row in rows:
            for fault in row.faults:
                yield row.line, row.wanted.get("staff_number", ""), fault.column, fault.value, fault.words

    chunks = encode_csv(header=("Row", "Staff number", "Column", "Value", "What is wrong"), rows=cells())
    return Response(chunks, mimetype="text/csv", headers={"Content-Disposition": 'attachment; filename="faults.csv"'})


PEOPLE_WORDS = {
    "staff_number": "What tells people apart. Keep its zeros: the column is formatted as text.",
    "name": "The full name, as it is to stand on certificates.",
    "job_title": "As it is called here. New job titles are made only when you tick them.",
    "site": "As it is called here. New sites are made only when you tick them.",
    "starts_on": "The first day in this job, such as 13/01/2027.",
    "ends_on": "The last day in this job, for somebody who leaves. An empty cell changes nothing.",
    "email": "Leave it empty if there is none. An empty cell changes nothing.",
}
PASSES_WORDS = {
    "staff_number": "Whose record it is. Import people first.",
    "item": "The title of a training here, or its short name.",
    "passed_on": "The day it was passed, such as 13/01/2027.",
    "given_until": "The expiry on the other system's record. Leave it empty, and our own rule gives one.",
}


def template_fields(kind: str) -> list[tuple[Field, str, bool]]:
    """Return what a template asks for: each field, what it is, and whether it is a day."""
    if kind == Kind.PEOPLE:
        fields, words = people_rows.FIELDS, PEOPLE_WORDS
    else:
        fields, words = completion_rows.FIELDS, PASSES_WORDS
    days = {"starts_on", "ends_on", "passed_on", "given_until"}
    return [(field, words[field.slug], field.slug in days) for field in fields if field.slug in words]


@pages.get("/templates/<name>")
def template(name: str) -> ResponseReturnValue:
    """Give an empty table to fill in."""
    kind, _dot, ending = name.partition(".")
    if kind not in set(Kind) or ending not in {"xlsx", "csv"}:
        abort(404)
    fields = template_fields(kind)
    if ending == "csv":
        data, mimetype = import_template.text(fields=fields), "text/csv"
    else:
        data = import_template.workbook(title=kind.title(), fields=fields)
        mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(data, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
