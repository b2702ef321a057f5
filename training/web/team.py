"""The manager's pages: figures, people, and setting up sites, job titles and sign-ins."""

import uuid
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from training.domain.days import DayUnreadable, end_of_day, read_day
from training.domain.names import NameRefused
from training.domain.receipt import CodeUnreadable, read_code
from training.domain.roles import Role
from training.domain.standing import Status
from training.exports.csv import encode_csv
from training.exports.qr import qr_svg
from training.services import (
    certificates,
    new_versions,
    organisations,
    past_records,
    people,
    reports,
    runs,
    tables,
)
from training.services.employments import DayRefused
from training.services.organisations import AlreadyThere, NotFound
from training.services.people import NewPerson
from training.services.reports import PeopleFilter
from training.services.staff import AsOf
from training.web import current
from training.web.forms import CodeForm, JobTitleForm, PersonForm, SiteForm

# Reports speak of days in people's working lives.
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)
pages = Blueprint("team", __name__, url_prefix="/team")


def overview_report() -> reports.Overview:
    return reports.overview(current.database(), viewer=current.viewer(), catalog=current.catalog(), as_of=as_of_asked())


def as_of_asked() -> AsOf:
    """Return the day and the day of knowledge in the address; what cannot be read is the present.

    A day of knowledge means its end where the organisation is.
    """
    today, day, known_on = current.today(), read_asked_day("as-at"), read_asked_day("known-at")
    return AsOf(
        day or today,
        today=today,
        known_at=end_of_day(known_on, current.viewer().time_zone) if known_on and known_on < today else None,
    )


def read_asked_day(name: str) -> date | None:
    """Return a day in the address, or None where there is none, or one that nobody can mean."""
    try:
        day = read_day(request.args.get(name, "").strip())
    except DayUnreadable:
        return None
    return day if EARLIEST <= day <= LATEST else None


def unread_days() -> list[str]:
    """Return what was typed as a day and is none."""
    typed = {name: request.args.get(name, "").strip() for name in ("as-at", "known-at")}
    return [text for name, text in typed.items() if text and read_asked_day(name) is None]


@pages.get("")
def overview() -> ResponseReturnValue:
    messages = runs.messages_page(current.database(), viewer=current.viewer(), today=current.today(), now=current.now())
    return render_template(
        "team/overview.html",
        report=overview_report(),
        unread=unread_days(),
        messages=messages,
        new_versions=versions_waiting(),
    )


def versions_waiting() -> int:
    """Return how many new versions of content wait for the viewer's decision."""
    if not current.viewer().manages_all:
        return 0
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "today": current.today()}
    return len(new_versions.list_versions(current.database(), **known).waiting)


@pages.get("/overview.csv")
def overview_csv() -> ResponseReturnValue:
    report = overview_report()
    return csv_response(tables.overview_table(report), name=f"overview-{report.as_of.day.isoformat()}")


def csv_response(table: tables.Table, *, name: str) -> Response:
    """Return a table as a download that Excel opens as it is."""
    chunks = encode_csv(header=table.header, rows=table.rows, preamble=table.preamble)
    return Response(chunks, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


def asked() -> PeopleFilter:
    """Return the filter in the address; what is not understood filters nothing."""
    status, site = request.args.get("status", ""), request.args.get("site", "")
    return PeopleFilter(
        status=Status(status) if status in set(Status) else None,
        site_id=read_uuid(site),
        item=request.args.get("item", ""),
        search=request.args.get("search", "").strip(),
    )


def read_uuid(text: str) -> uuid.UUID | None:
    """Return a UUID, or None where the text is not one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def people_report() -> reports.PeopleReport:
    return reports.people(
        current.database(), viewer=current.viewer(), wanted=asked(), catalog=current.catalog(), as_of=as_of_asked()
    )


@pages.get("/people")
def people_list() -> ResponseReturnValue:
    report = people_report()
    return render_template(
        "team/people.html",
        report=report,
        page=report.page(request.args.get("page", default=1, type=int)),
        unread=unread_days(),
        statuses=tuple(status for status in Status if status is not Status.NOT_ON_FILE),
    )


@pages.get("/people.csv")
def people_csv() -> ResponseReturnValue:
    report = people_report()
    return csv_response(tables.people_table(report), name=f"people-{report.as_of.day.isoformat()}")


@pages.get("/people/<uuid:person_id>")
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show one person's standing with the reason for every date, and what they have done."""
    if not as_of_asked().is_present:
        return person_on_another_day(person_id)
    shown = reports.person(
        current.database(),
        viewer=current.viewer(),
        person_id=person_id,
        catalog=current.catalog(),
        today=current.today(),
    )
    return render_template("team/person.html", report=shown, file=shown.file, unread=unread_days(), as_of=as_of_asked())


def person_on_another_day(person_id: uuid.UUID) -> str:
    """Return the page that shows one person as they stood, or will stand, on another day."""
    shown = past_records.person_as_of(
        current.database(),
        viewer=current.viewer(),
        person_id=person_id,
        catalog=current.catalog(),
        as_of=as_of_asked(),
    )
    return render_template("team/person_as_of.html", report=shown, unread=unread_days())


@pages.post("/people/<uuid:person_id>/link")
def link(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make a one-time link and show it once, as a slip that can be printed."""
    slip = people.issue_slip(current.database(), viewer=current.viewer(), person_id=person_id, now=current.now())
    address = current.config().base_url.rstrip("/") + url_for("account.join", token=slip.token)
    return render_template("team/slip.html", slip=slip, address=address, qr=qr_svg(address))


@pages.route("/people/new", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    database, viewer = current.database(), current.viewer()
    titles = organisations.list_job_titles(database, viewer=viewer)
    sites = organisations.list_sites(database, viewer=viewer)
    form = PersonForm()
    form.job_title_id.choices = [SelectChoice(str(title.id), f"{title.name} ({title.role.label})") for title in titles]
    form.site_id.choices = [SelectChoice(str(site.id), site.name) for site in sites]
    if request.method == "POST" and form.validate():
        try:
            added = people.add_person(database, viewer=viewer, new=read_person(form), now=current.now())
        except NameRefused as refusal:
            field = form.email if "e-mail" in str(refusal) else form.name
            field.errors = [str(refusal)]
        except (DayUnreadable, DayRefused) as refusal:
            form.starts_on.errors = [str(refusal)]
        except AlreadyThere as refusal:
            field = form.email if "e-mail" in str(refusal) else form.staff_number
            field.errors = [str(refusal)]
        else:
            flash("Added. Make a link so that they can sign in.")
            return redirect(url_for("team.person", person_id=added))
    status = 400 if request.method == "POST" else 200
    return render_template("team/new_person.html", form=form, titles=titles, sites=sites), status


def read_person(form: PersonForm) -> NewPerson:
    """Return the person in a form.

    Raises:
        DayUnreadable: when the first day cannot be read.
    """
    return NewPerson(
        name=form.name.data or "",
        email=form.email.data or "",
        staff_number=form.staff_number.data or "",
        job_title_id=uuid.UUID(form.job_title_id.data),
        site_id=uuid.UUID(form.site_id.data),
        starts_on=read_day(form.starts_on.data or ""),
    )


@pages.route("/sites", methods=["GET", "POST"])
def sites() -> ResponseReturnValue:
    form = SiteForm()
    if request.method == "POST":
        organisations.refuse_unless_all(current.viewer())
    if request.method == "POST" and form.validate():
        try:
            organisations.add_site(
                current.database(), viewer=current.viewer(), name=form.name.data or "", now=current.now()
            )
        except (NameRefused, AlreadyThere) as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash("Site added.")
            return redirect(url_for("team.sites"))
    listed = organisations.list_sites(current.database(), viewer=current.viewer())
    status = 400 if request.method == "POST" else 200
    return render_template("team/sites.html", form=form, sites=listed), status


@pages.route("/job-titles", methods=["GET", "POST"])
def job_titles() -> ResponseReturnValue:
    form = JobTitleForm()
    if request.method == "POST":
        organisations.refuse_unless_all(current.viewer())
    if request.method == "POST" and form.validate():
        try:
            organisations.add_job_title(
                current.database(),
                viewer=current.viewer(),
                name=form.name.data or "",
                role=Role(form.role.data),
                now=current.now(),
            )
        except (NameRefused, AlreadyThere) as refusal:
            form.name.errors = [str(refusal)]
        else:
            flash("Job title added.")
            return redirect(url_for("team.job_titles"))
    listed = organisations.list_job_titles(current.database(), viewer=current.viewer())
    status = 400 if request.method == "POST" else 200
    return render_template("team/job_titles.html", form=form, titles=listed), status


@pages.get("/receipts")
def receipts() -> ResponseReturnValue:
    """Look up the receipt code that somebody quotes."""
    form, found = CodeForm(request.args), None
    if request.args.get("code"):
        try:
            code = read_code(request.args["code"])
            found = certificates.look_up(current.database(), viewer=current.viewer(), code=code, today=current.today())
        except (CodeUnreadable, NotFound) as refusal:
            form.code.errors = [str(refusal)]
    return render_template("team/receipts.html", form=form, found=found)
