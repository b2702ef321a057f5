"""The manager's pages: figures, people, and setting up sites, job titles and sign-ins."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from training.domain import language
from training.domain.compliance import group_words
from training.domain.days import DayUnreadable, read_day
from training.domain.language import _
from training.domain.names import EmailRefused, NameRefused
from training.domain.receipt import CodeUnreadable, read_code
from training.domain.report import Row
from training.domain.roles import Role
from training.domain.standing import WORST_FIRST
from training.domain.status import Status
from training.exports.formats import FORMATS
from training.exports.qr import qr_svg
from training.services import (
    certificates,
    new_versions,
    organisations,
    overviews,
    past_records,
    people,
    report_orders,
    reports,
    runs,
    slips,
)
from training.services.employments import DayRefused
from training.services.listings import PeopleFilter
from training.services.organisations import AlreadyThere, EmailTaken, NotFound
from training.services.overviews import By
from training.services.people import NewPerson
from training.services.report_questions import Question
from training.web import current, report_asked
from training.web.as_of import as_of_asked, wrong_days
from training.web.cells import Alike
from training.web.charts import drawn
from training.web.forms import CodeForm, JobTitleForm, PersonForm, SiteForm
from training.web.reports import STATUSES

pages = Blueprint("team", __name__, url_prefix="/team")
# Whoever has to act comes first, and those of whom nothing is asked come last.
IN_ORDER = (*WORST_FIRST, Status.ON_LEAVE, Status.EXEMPT, Status.HELD, Status.NOT_NEEDED)
# Of these nothing is asked and nothing has to be explained, so they are only counted unless they were asked for.
AT_REST = frozenset({Status.UP_TO_DATE, Status.HELD, Status.NOT_NEEDED})


class Listed(NamedTuple):
    """Somebody in the list of people, with the lines that are shown, and in words how many others there are."""

    person_id: str
    name: str
    number: str
    sites: str
    titles: str
    lines: tuple[Alike, ...]
    at_rest: str


@pages.get("")
def overview() -> ResponseReturnValue:
    """Show whether everybody complies, who is red, what falls due and how it went; the address says by what."""
    if takes_long():
        return render_template("team/overview_long.html", as_of=as_of_asked(), formats=FORMATS, wrong=wrong_days())
    database, viewer = current.database(), current.viewer()
    by = report_asked.read_word(By, request.args.get("by", "")) or By.TRAINING
    asked = {"as_of": as_of_asked(), "by": by, "number": report_asked.page_asked()}
    report = overviews.overview(database, viewer=viewer, catalog=current.catalog(), **asked)
    return render_template(
        "team/overview.html",
        report=report,
        every_by=tuple(By),
        wrong=wrong_days(),
        messages=runs.messages_news(database, viewer=viewer, today=current.today(), now=current.now()),
        new_versions=versions_waiting(),
        **drawn(report.trends),
    )


def takes_long() -> bool:
    """Say whether the day asked for has to be worked out for more people than a page can wait for."""
    wanted = report_orders.wanted_of("overview", "csv", Question(as_of_asked()))
    return not as_of_asked().is_present and report_asked.is_long(wanted)


def versions_waiting() -> int:
    """Return how many new versions of content wait for the viewer's decision."""
    if not current.viewer().may_change_all:
        return 0
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "today": current.today()}
    return len(new_versions.list_versions(current.database(), **known).waiting)


@pages.get("/overview.csv")
def overview_csv() -> ResponseReturnValue:
    return report_asked.download("overview", "csv")


@pages.get("/people")
def people_list() -> ResponseReturnValue:
    question = report_asked.question()
    at_rest = only_counted(question.wanted)
    page = report_asked.read_page("everybody", question, unexplained=at_rest)
    return render_template(
        "team/people.html",
        page=page,
        people=tuple(by_person(page.report.main_table.rows, at_rest=at_rest)),
        question=question,
        asked=report_asked.kept(),
        asked_but_days=report_asked.kept_but_days(),
        wrong=wrong_days(),
        statuses=STATUSES,
        formats=FORMATS,
    )


def only_counted(wanted: PeopleFilter) -> frozenset[Status]:
    """Return of which statuses lines are only counted: none where one training is asked for, with its every line."""
    return frozenset() if wanted.item else AT_REST - {wanted.status}


def by_person(rows: Sequence[Row], *, at_rest: frozenset[Status]) -> Iterator[Listed]:
    """Yield each person of a list once, with their training by status and reason; what is worst comes first."""
    for leads_to, some in groupby(rows, key=lambda row: row.leads_to):
        theirs = list(some)
        alike: dict[tuple[Status, str], list[str]] = {}
        counted: Counter[Status] = Counter()
        for row in theirs:
            status = row.cells[5].status
            if status in at_rest:
                counted[status] += 1
            else:
                alike.setdefault((status, row.cells[-1]), []).append(row.cells[4])
        lines = sorted(alike.items(), key=lambda each: worst_first(*each[0]))
        shown = tuple([(*key, tuple(titles)) for key, titles in lines])
        yield Listed(leads_to[1], *theirs[0].cells[:4], shown, counted_words(counted))


def counted_words(counted: Mapping[Status, int]) -> str:
    """Return how many lines have which status, in order."""
    return ", ".join([group_words(status, counted[status]) for status in IN_ORDER if status in counted])


def worst_first(status: Status, reason: str) -> tuple[int, str]:
    """Return what puts statuses in order, with those first that somebody has to act on."""
    return IN_ORDER.index(status), reason


@pages.get("/people.csv")
def people_csv() -> ResponseReturnValue:
    return report_asked.download("everybody", "csv")


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
    return render_template("team/person.html", report=shown, file=shown.file, wrong=wrong_days(), as_of=as_of_asked())


def person_on_another_day(person_id: uuid.UUID) -> str:
    """Return the page that shows one person as they stood, or will stand, on another day."""
    shown = past_records.person_as_of(
        current.database(),
        viewer=current.viewer(),
        person_id=person_id,
        catalog=current.catalog(),
        as_of=as_of_asked(),
    )
    return render_template("team/person_as_of.html", report=shown, wrong=wrong_days())


@pages.post("/people/<uuid:person_id>/link")
def link(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make a one-time link with its code and show them once, as a slip that can be printed."""
    slip = people.issue_slip(current.database(), viewer=current.viewer(), person_id=person_id, now=current.now())
    with language.spoken(language.ENGLISH):
        printed = slips.printed(slip, viewer=current.viewer(), base_url=current.config().base_url)
    return render_template("team/slip.html", slip=slip, printed=printed, qr=qr_svg(printed["address"]))


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
            field = form.email if isinstance(refusal, EmailRefused) else form.name
            field.errors = [str(refusal)]
        except (DayUnreadable, DayRefused) as refusal:
            form.starts_on.errors = [str(refusal)]
        except AlreadyThere as refusal:
            field = form.email if isinstance(refusal, EmailTaken) else form.staff_number
            field.errors = [str(refusal)]
        else:
            flash(_("Added. Make a link so that they can sign in."))
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
            flash(_("Site added."))
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
            flash(_("Job title added."))
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
