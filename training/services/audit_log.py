"""Reading the audit log: entries in words, with the names that ids have today, a hundred to a page or as a file."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database, columns_of
from training.domain.audit import Act, Entry, Subject
from training.domain.audit_words import read_id
from training.domain.days import ONE_DAY, day_in, end_of_day, format_day
from training.domain.language import _
from training.domain.report import Column, Head, Kind, Report, Row, Table
from training.domain.rule_version import rule_version
from training.models import AuditEntry, AuditHead, Employment, Person, Site
from training.services import audit, facts
from training.services.accounts import NotAllowed, Viewer
from training.services.audit_lines import Line, lines_of, nobody_called

NAME = "audit-log"
COLUMNS = (
    Column("Number", Kind.NUMBER),
    Column("When", Kind.INSTANT),
    *map(Column, ("Who", "Who (id)", "Act", "About", "About (id)", "Details", "From", "Hash")),
)
A_PAGE = 100
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for in the log; nothing asked finds everything. `who` and `whom` are parts of a name, or ids.

    `person_id` asks for one person, whether they acted or were acted on.
    """

    who: str = ""
    act: Act | None = None
    whom: str = ""
    person_id: uuid.UUID | None = None
    from_on: date | None = None
    until_on: date | None = None

    def noted(self) -> dict[str, Any]:
        """Return it as the log itself keeps it: of names that were looked for, only that some were."""
        is_named = bool(self.who or self.whom)
        days = {"from_asked": self.from_on, "until_asked": self.until_on}
        kept = {"act_asked": self.act, "person_asked": self.person_id, **days, "search_asked": is_named}
        return {name: value for name, value in kept.items() if value}


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first, the number to go on below if there are older ones, and whom they are about.

    `found` is how many entries fit, and `every` how many the organisation's log has.
    """

    lines: tuple[Line, ...]
    older: int | None
    person: str
    found: int
    every: int


def log_page(
    database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted, before: int | None = None
) -> LogPage:
    """Return a page of the entries that the viewer may see, those with a number below `before`.

    Raises:
        NotAllowed: when they see to nothing here.
    """
    refuse_strangers(viewer)
    with database.read(viewer.organisation_id) as session:
        entries = read_entries(session, viewer=viewer, wanted=wanted, before=before, most=A_PAGE + 1)
        shown = entries[:A_PAGE]
        lines = tuple(lines_of(session, shown, viewer=viewer, catalog=catalog))
        person = ""
        if wanted.person_id is not None:
            person = session.scalar(select(Person.name).where(Person.id == wanted.person_id)) if lines else ""
        older = shown[-1].number if len(entries) > A_PAGE else None
        found, every = count_entries(session, viewer=viewer, wanted=wanted)
        return LogPage(lines, older, person or str(wanted.person_id or ""), found, every)


def count_entries(session: Session, *, viewer: Viewer, wanted: Wanted) -> tuple[int, int]:
    """Return how many entries the viewer may see of those asked for, and how many there are by the head of the log."""
    head = session.get(AuditHead, viewer.organisation_id)
    every = head.number if head else 0
    conditions = [*asked(wanted, time_zone=viewer.time_zone), *within_reach(viewer)]
    if not conditions:
        return every, every
    return session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0, every


def refuse_strangers(viewer: Viewer) -> None:
    """Refuse whoever sees to nothing here."""
    if not viewer.is_manager:
        raise NotAllowed(_("The audit log is for managers and auditors."))


def open_log(
    database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted, form: str, now: datetime
) -> Report:
    """Return every entry asked for as a report, read some at a time, and note in the log that it was exported.

    Raises:
        NotAllowed: when the viewer sees to nothing here.
    """
    refuse_strangers(viewer)
    with database.write(viewer.organisation_id) as session:
        detail = {"report": NAME, "form": form, **wanted.noted()}
        audit.record(session, viewer=viewer, act=Act.REPORT_EXPORTED, now=now, detail=detail)
    with database.read(viewer.organisation_id) as session:
        head = head_of(session, viewer=viewer, wanted=wanted, now=now)
    rows = log_rows(database, viewer=viewer, catalog=catalog, wanted=wanted)
    return Report(NAME, head, (Table("entries", "Entries", COLUMNS, rows),))


def head_of(session: Session, *, viewer: Viewer, wanted: Wanted, now: datetime) -> Head:
    """Return what the file of the log says of itself; it counts nobody, so it has no denominator."""
    today = day_in(now, viewer.time_zone)
    return Head(
        title="Audit log",
        organisation=viewer.organisation_name,
        covers=covers_words(session, viewer=viewer),
        as_at=today,
        rule_version=rule_version(facts.read_house(session), today),
        shows=tuple(asked_words(wanted)) or ("every act",),
        notes=("Names are those of today. The hash of an entry holds that of the entry before it.",),
        made_at=now.astimezone(ZoneInfo(viewer.time_zone)),
        made_by=viewer.name,
    )


def covers_words(session: Session, *, viewer: Viewer) -> str:
    """Say whose acts these are."""
    if viewer.manages_all:
        return "the whole organisation"
    names = session.scalars(select(Site.name).where(Site.id.in_(viewer.site_ids)).order_by(Site.name))
    return f"what {viewer.name} did, and what was done to the people of {', '.join(names)}"


def asked_words(wanted: Wanted) -> Iterator[str]:
    """Yield what is looked for, in words."""
    if wanted.act is not None:
        yield wanted.act.value
    if wanted.who:
        yield f"by whoever has “{wanted.who}” in the name"
    if wanted.whom:
        yield f"to whoever has “{wanted.whom}” in the name"
    if wanted.person_id is not None:
        yield f"by or about person {wanted.person_id}"
    if wanted.from_on is not None:
        yield f"from {format_day(wanted.from_on)}"
    if wanted.until_on is not None:
        yield f"until {format_day(wanted.until_on)}"


def log_rows(database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted) -> Iterator[Row]:
    """Yield every entry asked for as a row, newest first, holding a few hundred at a time."""
    before: int | None = None
    while True:
        with database.read(viewer.organisation_id) as session:
            entries = read_entries(session, viewer=viewer, wanted=wanted, before=before, most=AT_ONCE)
            lines = list(lines_of(session, entries, viewer=viewer, catalog=catalog))
        yield from (row_of(line, time_zone=viewer.time_zone) for line in lines)
        if len(entries) < AT_ONCE:
            return
        before = entries[-1].number


def row_of(line: Line, *, time_zone: str) -> Row:
    """Return a line as a row."""
    who, whom, when = str(line.actor_id or ""), str(line.subject_id or ""), line.at.astimezone(ZoneInfo(time_zone))
    told = (line.act, line.about, whom, "; ".join(line.details), line.client, line.hash)
    return Row((line.number, when, line.who, who, *told))


def read_entries(session: Session, *, viewer: Viewer, wanted: Wanted, before: int | None, most: int) -> list[Entry]:
    """Return some of the entries asked for, newest first."""
    query = select(*columns_of(AuditEntry)).where(*asked(wanted, time_zone=viewer.time_zone), *within_reach(viewer))
    if before is not None:
        query = query.where(AuditEntry.number < before)
    rows = session.execute(query.order_by(AuditEntry.number.desc()).limit(most)).mappings()
    return [Entry(**row) for row in rows]


def within_reach(viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """Yield what keeps whoever sees to some sites to the people of these, and to their own acts."""
    if not viewer.manages_all:
        theirs = select(Employment.person_id).where(
            Employment.site_id.in_(viewer.site_ids), Employment.withdrawn_at.is_(None)
        )
        about_theirs = (AuditEntry.subject_kind == Subject.PERSON) & AuditEntry.subject_id.in_(theirs)
        yield or_(AuditEntry.actor_id == viewer.person_id, about_theirs)


def asked(wanted: Wanted, *, time_zone: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of what is looked for."""
    if wanted.who:
        yield or_(
            AuditEntry.actor_id.in_(people_called(wanted.who)), AuditEntry.actor_kind.in_(nobody_called(wanted.who))
        )
    if wanted.act is not None:
        yield AuditEntry.act == wanted.act.value
    if wanted.whom:
        yield AuditEntry.subject_id.in_(people_called(wanted.whom))
    if wanted.person_id is not None:
        yield or_(AuditEntry.subject_id == wanted.person_id, AuditEntry.actor_id == wanted.person_id)
    if wanted.from_on is not None:
        yield AuditEntry.recorded_at > end_of_day(wanted.from_on - ONE_DAY, time_zone)
    if wanted.until_on is not None:
        yield AuditEntry.recorded_at <= end_of_day(wanted.until_on, time_zone)


def people_called(text: str) -> Select[tuple[uuid.UUID]] | list[uuid.UUID]:
    """Select the people whose name has a text in it; an id is whoever has it, or had."""
    known = read_id(text)
    if known is not None:
        return [known]
    return select(Person.id).where(Person.name.icontains(text, autoescape=True))
