"""Reading the audit log: entries in words, with the names that ids have today, a hundred to a page or as a file."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database, columns_of
from training.domain.audit import Act, Actor, Entry, Subject
from training.domain.audit_words import detail_words, ids_of, read_id
from training.domain.days import ONE_DAY, end_of_day
from training.models import AuditEntry, Employment, JobTitle, Person, Requirement, Site
from training.services import audit
from training.services.accounts import NotAllowed, Viewer

A_PAGE = 100
AT_ONCE = 500
NAMED = (Person, Site, JobTitle, Requirement)
NOBODY_SIGNED_IN = {
    Actor.OPERATOR: "Whoever runs this service",
    Actor.SERVICE: "The service by itself",
    Actor.LINK: "Whoever had the link",
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry in words; an id that has no name any more stands for itself."""

    number: int
    at: datetime
    who: str
    actor_id: uuid.UUID | None
    act: str
    about: str
    subject_id: uuid.UUID | None
    is_about_person: bool
    details: tuple[str, ...]
    client: str
    hash: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first, the number to go on below if there are older ones, and whom they are about."""

    lines: tuple[Line, ...]
    older: int | None
    person: str


@dataclass(frozen=True, slots=True)
class LogFile:
    """The entries asked for as cells, below what is said of them; the rows are a stream, to be read once."""

    preamble: tuple[tuple[str, ...], ...]
    header: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


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
        lines = tuple(lines_of(session, shown, catalog=catalog))
        person = ""
        if wanted.person_id is not None:
            person = session.scalar(select(Person.name).where(Person.id == wanted.person_id)) if lines else ""
        return LogPage(
            lines, shown[-1].number if len(entries) > A_PAGE else None, person or str(wanted.person_id or "")
        )


def refuse_strangers(viewer: Viewer) -> None:
    """Refuse whoever sees to nothing here."""
    if not viewer.is_manager:
        raise NotAllowed("The audit log is for managers and auditors.")


def log_file(database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted, now: datetime) -> LogFile:
    """Return every entry asked for as cells, read some at a time, and note in the log that it was exported.

    Raises:
        NotAllowed: when the viewer sees to nothing here.
    """
    refuse_strangers(viewer)
    with database.write(viewer.organisation_id) as session:
        detail = {"report": "audit-log"}
        audit.record(session, viewer=viewer, act=Act.REPORT_EXPORTED, now=now, detail=detail)
    return LogFile(
        preamble=(("Organisation", viewer.organisation_name), ("Made at", format_instant(now)), ()),
        header=("Number", "When (UTC)", "Who", "Who (id)", "Act", "About", "About (id)", "Details", "From", "Hash"),
        rows=log_rows(database, viewer=viewer, catalog=catalog, wanted=wanted),
    )


def log_rows(database: Database, *, viewer: Viewer, catalog: Catalog, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Yield every entry asked for as cells, newest first, holding a few hundred at a time."""
    before: int | None = None
    while True:
        with database.read(viewer.organisation_id) as session:
            entries = read_entries(session, viewer=viewer, wanted=wanted, before=before, most=AT_ONCE)
            lines = list(lines_of(session, entries, catalog=catalog))
        yield from map(cells_of, lines)
        if len(entries) < AT_ONCE:
            return
        before = entries[-1].number


def format_instant(instant: datetime) -> str:
    """Write an instant in UTC to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cells_of(line: Line) -> tuple[object, ...]:
    """Return a line as cells."""
    who, whom = str(line.actor_id or ""), str(line.subject_id or "")
    when, details = format_instant(line.at), "; ".join(line.details)
    return line.number, when, line.who, who, line.act, line.about, whom, details, line.client, line.hash


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
        yield AuditEntry.actor_id.in_(people_called(wanted.who))
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


def lines_of(session: Session, entries: Sequence[Entry], *, catalog: Catalog) -> Iterator[Line]:
    """Yield entries in words, in as many queries however many they are."""
    known = read_names(session, {one for entry in entries for one in ids_of(entry)})
    for entry in entries:
        yield line_of(entry, known, catalog=catalog)


def read_names(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what people, sites, job titles and requirements are called today, as far as they are still known."""
    names: dict[uuid.UUID, str] = {}
    if ids:
        for table in NAMED:
            names |= {
                row.id: row.name for row in session.execute(select(table.id, table.name).where(table.id.in_(ids)))
            }
    return names


def line_of(entry: Entry, names: Mapping[uuid.UUID, str], *, catalog: Catalog) -> Line:
    """Return an entry in words."""
    actor = entry.actor_id
    return Line(
        number=entry.number,
        at=entry.recorded_at,
        who=names.get(actor, str(actor)) if actor else NOBODY_SIGNED_IN[Actor(entry.actor_kind)],
        actor_id=actor,
        act=entry.act,
        about=about(entry, names, catalog=catalog),
        subject_id=entry.subject_id,
        is_about_person=entry.subject_kind == Subject.PERSON and entry.subject_id in names,
        details=detail_words(entry, names, title=catalog.title),
        client=entry.client,
        hash=entry.hash,
    )


def about(entry: Entry, names: Mapping[uuid.UUID, str], *, catalog: Catalog) -> str:
    """Return what an entry is about, by the name it has today."""
    if entry.subject_kind == Subject.TRAINING:
        return catalog.title(entry.detail["item"])
    if entry.subject_id is None:
        return (
            f"The {entry.subject_kind}"
            if entry.subject_kind == Subject.ORGANISATION
            else entry.subject_kind.capitalize()
        )
    return names.get(entry.subject_id, str(entry.subject_id))
