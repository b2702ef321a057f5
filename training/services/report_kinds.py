"""Every report by name, and the two ways to read one: whole, as a stream, or a page of it."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.language import N_, _
from training.domain.report import Report
from training.domain.status import Status
from training.models import JobTitle
from training.services import (
    audit,
    report_groups,
    report_learning,
    report_lines,
    report_people,
    report_person,
    report_summaries,
    report_workbook,
)
from training.services.accounts import Viewer
from training.services.audit import Source
from training.services.figures import by_title
from training.services.organisations import NotFound
from training.services.report_questions import Asked, Paging, Question, asked_of, noted_of

JOB_TITLES = select(JobTitle.id, JobTitle.name).order_by(JobTitle.name)
# A report that can be read until the block ends.
Opened = AbstractContextManager[Report]


@dataclass(frozen=True, slots=True)
class Kind:
    """A report: what it is called and says, in English, what it is made by, and what else it can be asked."""

    called: str
    told: str
    make: Callable[[Asked], Report]
    takes: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """What it is called."""
        return _(self.called)

    @property
    def says(self) -> str:
        """What it says."""
        return _(self.told)

    def understands(self, question: Question) -> Question:
        """Return a question without what this report cannot be asked, so that it does not claim to have answered it."""
        wanted = question.wanted if STATUS in self.takes else replace(question.wanted, status=None)
        return replace(question, wanted=wanted)

    def answered(self, question: Question) -> dict[str, str]:
        """Return the filters that this report goes by, as the words of an address."""
        asked = asked_of(self.understands(question)) | {"within": str(question.within)}
        unknown = {name for taken, names in TAKEN.items() if taken not in self.takes for name in names}
        return {name: words for name, words in asked.items() if name not in unknown}


STATUS, WITHIN, DAYS, PERSON = "status", "within", "days", "person"
# The words of an address that only some reports go by.
TAKEN = {WITHIN: ("within",), DAYS: ("from", "until"), PERSON: ("person",)}
KINDS: Mapping[str, Kind] = {
    "compliance": Kind(
        N_("Compliance"),
        N_("Everything in one workbook: summary, by staff, by requirement, expired and missing, details."),
        report_workbook.compliance,
    ),
    "overdue": Kind(
        N_("Expired and missing"), N_("Whose training is expired or overdue, and why."), report_lines.overdue
    ),
    "due-soon": Kind(
        N_("Due soon"),
        N_("What runs out or falls due within 30, 60 or 90 days."),
        report_lines.due_soon,
        frozenset({WITHIN}),
    ),
    "matrix": Kind(
        N_("Matrix"), N_("A row for each person, a column for each required training."), report_people.matrix
    ),
    "everybody": Kind(
        N_("Everybody"),
        N_("Each person and training with status, days and reason."),
        report_lines.everybody,
        frozenset({STATUS}),
    ),
    "overview": Kind(N_("All figures"), N_("Everything together, by training and by site."), report_summaries.overview),
    "site-summary": Kind(N_("By site"), N_("Compliance of each site, as it judges."), report_summaries.by_site),
    "role-summary": Kind(N_("By role"), N_("Compliance of each role."), report_groups.by_role),
    "job-title-summary": Kind(N_("By job title"), N_("Compliance of each job title."), report_groups.by_job_title),
    "requirement-summary": Kind(
        N_("By requirement"), N_("Compliance with each required training."), report_summaries.by_requirement
    ),
    "person": Kind(
        N_("One person"), N_("One person’s training and passes."), report_person.one_person, frozenset({PERSON})
    ),
    "training-hours": Kind(
        N_("Training hours"),
        N_("The minutes of what was passed in some days, by person and in all."),
        report_learning.training_hours,
        frozenset({DAYS}),
    ),
    "attempts": Kind(
        N_("Attempts"),
        N_("How often each training was tried and passed, in totals."),
        report_learning.attempts,
        frozenset({DAYS}),
    ),
}


@dataclass(frozen=True, slots=True)
class Menus:
    """What can be chosen in the filters of a report."""

    sites: tuple[tuple[uuid.UUID, str], ...]
    items: tuple[tuple[str, str], ...]
    job_titles: tuple[tuple[uuid.UUID, str], ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of a report, all of it read, with what can be asked instead."""

    report: Report
    paging: Paging
    menus: Menus


def find_kind(name: str) -> Kind:
    """Return a report by its name.

    Raises:
        NotFound: when there is none of that name.
    """
    if name not in KINDS:
        names = ", ".join(KINDS)
        raise NotFound(_("There is no report %(name)s. There are: %(names)s.", name=repr(name), names=names))
    return KINDS[name]


@contextmanager
def open_report(
    database: Database, *, viewer: Viewer, catalog: Catalog, name: str, question: Question, now: datetime | None
) -> Iterator[Report]:
    """Open a whole report for as long as its rows are read: they come as at one moment, however long that takes.

    Raises:
        NotFound: when there is no such report, or the viewer may not see whom it is about.
    """
    kind = find_kind(name)
    with database.read(viewer.organisation_id) as session:
        yield kind.make(Asked(session, viewer, catalog, kind.understands(question), now=now))


def note_export(
    database: Database, *, by: Viewer | Source, name: str, question: Question, form: str, now: datetime
) -> None:
    """Note in the audit log that a report was made into a file, and what was asked of it."""
    as_of = question.as_of
    days = {"as_at": as_of.day} | ({"known_at": as_of.known_at} if as_of.known_at else {})
    detail = {"report": name, "form": form, **days, **noted_of(find_kind(name).answered(question))}
    with database.write(by.organisation_id) as session:
        audit.record(session, viewer=by, act=Act.REPORT_EXPORTED, now=now, detail=detail)


def read_page(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    name: str,
    question: Question,
    now: datetime,
    number: int = 1,
    unexplained: frozenset[Status] = frozenset(),
) -> ReportPage:
    """Read one page of a report; a page that is not there is the nearest that is.

    Lines of the statuses `unexplained` come without a reason.

    Raises:
        NotFound: when there is no such report, or the viewer may not see whom it is about.
    """
    kind, paging = find_kind(name), Paging(number)
    with database.read(viewer.organisation_id) as session:
        shown = {"now": now, "paging": paging, "unexplained": unexplained}
        asked = Asked(session, viewer, catalog, kind.understands(question), **shown)
        report = kind.make(asked)
        tables = tuple(replace(table, rows=tuple(table.rows)) for table in report.tables)
        menus = read_menus(asked)
    return ReportPage(replace(report, tables=tables), paging, menus)


def read_menus(asked: Asked) -> Menus:
    """Return what can be chosen in the filters."""
    roster = asked.roster()
    return Menus(
        sites=roster.sites,
        items=tuple(by_title(roster.titles)),
        job_titles=tuple(map(tuple, asked.session.execute(JOB_TITLES))),
    )
