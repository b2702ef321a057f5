"""Entries of the audit log as lines to read: who, what and about what, with the names that ids have today."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.audit import Actor, Entry, Subject
from training.domain.audit_words import Known, detail_words, ids_asked, ids_of, instant_words
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.report import FORMS
from training.models import (
    Employment,
    ImportRun,
    JobTitle,
    Pack,
    PackLink,
    Person,
    ReportSchedule,
    Requirement,
    Site,
    Tablet,
)
from training.services.accounts import Viewer
from training.services.report_kinds import KINDS

# Any entry may name these, and only those about such a thing the others.
NAMED = (Person, Site, JobTitle)
NAMED_ABOUT = {Subject.REQUIREMENT: Requirement, Subject.TABLET: Tablet}
OTHER_REPORTS = {"audit-log": N_("Audit log"), "asc-wds": "ASC-WDS", "esr": "ESR"}
NOBODY_SIGNED_IN = {
    Actor.OPERATOR: N_("Whoever runs this service"),
    Actor.SERVICE: N_("The service by itself"),
    Actor.LINK: N_("Whoever had the link"),
}

# What an entry is about that has no id, or one that has no name.
ABOUT = {
    Subject.PERSON: N_("Person"),
    Subject.ORGANISATION: N_("The organisation"),
    Subject.SITE: N_("Site"),
    Subject.JOB_TITLE: N_("Job title"),
    Subject.REQUIREMENT: N_("Requirement"),
    Subject.TRAINING: N_("Training"),
    Subject.IMPORT: N_("Import"),
    Subject.REPORT: N_("Report"),
    Subject.PACK: N_("Pack"),
    Subject.SCHEDULE: N_("Schedule"),
    Subject.KEY: N_("Key"),
    Subject.TABLET: N_("Shared tablet"),
}


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


def lines_of(session: Session, entries: Sequence[Entry], *, viewer: Viewer, catalog: Catalog) -> Iterator[Line]:
    """Yield entries in words, in as many queries however many they are."""
    names = read_names(session, entries, time_zone=viewer.time_zone)
    for unknown in out_of_reach(session, entries, viewer=viewer):
        names.pop(unknown, None)
    known = Known(names=names, title=catalog.title, reports=report_titles(), time_zone=viewer.time_zone)
    for entry in entries:
        yield line_of(entry, known)


def out_of_reach(session: Session, entries: Sequence[Entry], *, viewer: Viewer) -> set[uuid.UUID]:
    """Return the sites and people that were asked for and that the viewer must not learn the names of."""
    asked = {one for entry in entries for one in ids_asked(entry)}
    if viewer.manages_all or not asked:
        return set()
    here = (Employment.person_id.in_(asked), Employment.site_id.in_(viewer.site_ids))
    seen = set(session.scalars(select(Employment.person_id).where(*here)))
    titles = set(session.scalars(select(JobTitle.id).where(JobTitle.id.in_(asked))))
    return asked - viewer.site_ids - seen - titles


def nobody_called(text: str) -> list[Actor]:
    """Return who acts without being signed in whose words have a text in them, in English or the language spoken."""
    looked_for = text.casefold()
    called = {kind: (words, _(words)) for kind, words in NOBODY_SIGNED_IN.items()}
    return [kind for kind, words in called.items() if any(looked_for in one.casefold() for one in words)]


def report_titles() -> dict[str, str]:
    """Return what every report is called."""
    return {name: kind.title for name, kind in KINDS.items()} | {
        name: _(words) for name, words in OTHER_REPORTS.items()
    }


def read_names(session: Session, entries: Sequence[Entry], *, time_zone: str) -> dict[uuid.UUID, str]:
    """Return what everything in some entries is called today, as far as it is still known."""
    ids = {one for entry in entries for one in ids_of(entry)}
    kinds = {entry.subject_kind for entry in entries}
    names: dict[uuid.UUID, str] = {}
    for table in (*NAMED, *(table for kind, table in NAMED_ABOUT.items() if kind in kinds)):
        found = session.execute(select(table.id, table.name).where(table.id.in_(ids))) if ids else ()
        names |= {row.id: row.name for row in found if row.name.strip()}
    for kind, (table, called) in CALLED_BY.items():
        if kind in kinds:
            found = session.scalars(select(table).where(table.id.in_(ids)))
            names |= {row.id: called(row) for row in found}
    if any("link_id" in entry.detail for entry in entries):
        links = session.execute(select(PackLink.id, PackLink.recorded_at).where(PackLink.id.in_(ids)))
        names |= {row.id: instant_words(row.recorded_at, time_zone=time_zone) for row in links}
    return names


def import_words(row: ImportRun) -> str:
    """Say which file was taken in, and where it is from, if somebody said so."""
    if not row.evidence:
        return row.file_name
    return _("%(file)s, from %(source)s", file=row.file_name, source=row.evidence)


def pack_words(row: Pack) -> str:
    """Say of which day and of what a pack is."""
    return _("Pack as at %(day)s: %(covers)s", day=format_day(row.as_at), covers=row.covers)


def schedule_words(row: ReportSchedule) -> str:
    """Say which report is made regularly, and in which form."""
    title = KINDS[row.report].title if row.report in KINDS else row.report
    return f"{title}, {FORMS.get(row.form, row.form)}"


CALLED_BY: Mapping[Subject, tuple[Any, Callable[[Any], str]]] = {
    Subject.IMPORT: (ImportRun, import_words),
    Subject.PACK: (Pack, pack_words),
    Subject.SCHEDULE: (ReportSchedule, schedule_words),
}


def line_of(entry: Entry, known: Known) -> Line:
    """Return an entry in words."""
    actor, names = entry.actor_id, known.names
    return Line(
        number=entry.number,
        at=entry.recorded_at,
        who=names.get(actor, str(actor)) if actor else _(NOBODY_SIGNED_IN[Actor(entry.actor_kind)]),
        actor_id=actor,
        act=_(entry.act),
        about=about(entry, known),
        subject_id=entry.subject_id,
        is_about_person=entry.subject_kind == Subject.PERSON and entry.subject_id in names,
        details=detail_words(entry, known),
        client=entry.client,
        hash=entry.hash,
    )


def about(entry: Entry, known: Known) -> str:
    """Return what an entry is about by the name it has today.

    Without one, a person is an id alone, and anything else says what it is before its id.
    """
    if entry.subject_kind == Subject.TRAINING:
        return known.title(entry.detail["item"])
    words = _(ABOUT[Subject(entry.subject_kind)])
    if entry.subject_kind == Subject.REPORT:
        report = entry.detail.get("report", words)
        return known.reports.get(report, report)
    if entry.subject_id is None:
        return words
    name = known.names.get(entry.subject_id)
    if name or entry.subject_kind == Subject.PERSON:
        return name or str(entry.subject_id)
    return f"{words} {entry.subject_id}"
