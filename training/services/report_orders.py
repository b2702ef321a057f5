"""Reports as files that take a while: what is asked, kept as words, and when one is too long to wait for."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import select

from training.catalog.library import Catalog
from training.db import Database
from training.domain import language
from training.domain.days import day_in, format_day
from training.domain.language import _
from training.domain.report import FORMS
from training.domain.roles import Role
from training.domain.status import Status
from training.models import Task
from training.services import tasks
from training.services.accounts import Viewer
from training.services.listings import Listed, PeopleFilter
from training.services.organisations import NotFound
from training.services.report_kinds import find_kind
from training.services.report_questions import SOON, Asked, Question, asked_of
from training.services.rosters import Roster
from training.services.staff import AsOf
from training.services.tasks import Order

KIND = "report"
# So many lines take about a second in a form; the others are sent while they are read.
AT_ONCE: Mapping[str, int] = {"pdf": 500, "xlsx": 5_000}
# Another day than the present is worked out from the facts, person by person.
MOST_WORKED_OUT = 2_000
# Paper holds no more; what has more is refused within a moment, so nobody is made to wait for that.
MOST_PRINTED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A report as it is ordered: its name, form, filters as the words of an address, and the days it speaks of.

    `schedule_id` is that of the schedule by which it was ordered, if it was.
    """

    report: str
    form: str
    day: date
    known_at: datetime | None = None
    asked: Mapping[str, str] = field(default_factory=dict)
    schedule_id: uuid.UUID | None = None

    def kept(self) -> dict[str, Any]:
        """Return it as an order keeps it."""
        return {
            "report": self.report,
            "form": self.form,
            "day": self.day.isoformat(),
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "asked": dict(self.asked),
            "schedule": str(self.schedule_id) if self.schedule_id else None,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return what an order keeps."""
        return cls(
            report=kept["report"],
            form=kept["form"],
            day=date.fromisoformat(kept["day"]),
            known_at=datetime.fromisoformat(kept["known_at"]) if kept["known_at"] else None,
            asked=kept["asked"],
            schedule_id=uuid.UUID(kept["schedule"]) if kept["schedule"] else None,
        )

    @property
    def title(self) -> str:
        """What it is called, without its filters: these may hold a name."""
        title, day = find_kind(self.report).title, format_day(self.day)
        return _("%(title)s, as at %(day)s, %(form)s", title=title, day=day, form=FORMS[self.form])

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return f"{self.report}-{self.day.isoformat()}.{self.form}"

    def question(self, *, today: date) -> Question:
        """Return what is asked, on a day."""
        as_of = AsOf(self.day, today=today, known_at=self.known_at)
        return find_kind(self.report).understands(question_of(self.asked, as_of=as_of))


def question_of(asked: Mapping[str, str], *, as_of: AsOf) -> Question:
    """Return the question that such words ask."""

    def read(name: str, kind: Callable[[str], Any]) -> Any:  # noqa: ANN401 (whatever the kind makes)
        return kind(asked[name]) if name in asked else None

    return Question(
        as_of=as_of,
        wanted=PeopleFilter(
            status=read("status", Status),
            site_id=read("site", uuid.UUID),
            item=asked.get("item", ""),
            search=asked.get("search", ""),
            role=read("role", Role),
            job_title_id=read("job-title", uuid.UUID),
        ),
        within=read("within", int) or SOON[-1],
        since=read("from", date.fromisoformat),
        until=read("until", date.fromisoformat),
        person_id=read("person", uuid.UUID),
    )


def wanted_of(name: str, form: str, question: Question) -> Wanted:
    """Return a report in a form as it can be ordered.

    Raises:
        NotFound: when there is no such report or form.
    """
    understood = find_kind(name).understands(question)
    if form not in FORMS:
        raise NotFound(_("There is no form %(form)s of a report.", form=repr(form)))
    as_of = question.as_of
    return Wanted(report=name, form=form, day=as_of.day, known_at=as_of.known_at, asked=asked_of(understood))


def is_long(database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted, now: datetime) -> bool:
    """Say whether a file takes longer than somebody should wait for it, by the people and lines that it is about."""
    question = wanted.question(today=day_in(now, viewer.time_zone))
    if wanted.report == "person" or (question.as_of.is_present and wanted.form not in AT_ONCE):
        return False
    with database.read(viewer.organisation_id) as session:
        roster = Asked(session, viewer, catalog, question).roster()
        people = count_everybody(roster)
        if wanted.form == "pdf" and is_unprintable(wanted, roster, people=people):
            return False
        if not question.as_of.is_present and people > MOST_WORKED_OUT:
            return True
        return wanted.form in AT_ONCE and count_lines(wanted, roster, people=people) > AT_ONCE[wanted.form]


def is_unprintable(wanted: Wanted, roster: Roster, *, people: int) -> bool:
    """Say whether a report surely has more rows than paper holds."""
    if wanted.report == "everybody":
        return "status" not in wanted.asked and people * len(roster.items) > MOST_PRINTED
    lists_late = wanted.report == "overdue" and roster.is_counted
    return lists_late and count_lines(wanted, roster, people=people) > MOST_PRINTED


def count_everybody(roster: Roster) -> int:
    """Return how many people have to be gone through."""
    wanted = replace(roster.wanted, search="", status=None)
    return replace(roster, wanted=wanted, listed=Listed(), watch=iter).count_people()


def count_lines(wanted: Wanted, roster: Roster, *, people: int) -> int:
    """Return about how many lines a file holds: exactly where the counters say it, else one for each thing."""
    whole = people * len(roster.items)
    if wanted.report == "matrix":
        return whole // 4  # A cell each, in place of a line of ten.
    if wanted.report == "compliance" and wanted.form == "xlsx":
        return 2 * whole
    if not roster.is_counted:
        return whole
    figures = roster.figure()
    match wanted.report:
        case "everybody":
            return whole
        case "overdue" | "compliance":
            return figures.expired + figures.overdue
        case "due-soon":
            return figures.compliant + figures.not_yet_due
    return people if wanted.report == "training-hours" else 0


def order_of(wanted: Wanted, *, key: str | None = None) -> Order:
    """Return the order for a report, which keeps its title in English."""
    with language.spoken(language.ENGLISH):
        return Order(kind=KIND, title=wanted.title, wanted=wanted.kept(), key=key)


def find_waiting(database: Database, *, viewer: Viewer, wanted: Wanted) -> uuid.UUID | None:
    """Return the order that the viewer has given for the very same and that is not over yet, if there is one."""
    mine = (Task.asked_by == viewer.person_id, Task.kind == KIND, Task.finished_at.is_(None))
    kept = wanted.kept()
    with database.read(viewer.organisation_id) as session:
        found = session.execute(select(Task.id, Task.wanted).where(*mine).order_by(Task.asked_at))
        return next((row.id for row in found if row.wanted == kept), None)


def count_news(database: Database, *, viewer: Viewer) -> int:
    """Return how many of the viewer's files are ready, or came to nothing, that they have not looked at."""
    with database.read(viewer.organisation_id) as session:
        return tasks.count_unseen(session, viewer=viewer)
