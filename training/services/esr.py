"""Exchanging training with ESR: the rows that a mapping makes, and what is handed to the import of past training."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.esr import MISSING, EsrMapping, Held, cells_of, hand_over
from training.domain.language import N_, _
from training.domain.sheet_text import begins_a_formula
from training.domain.upload import Line, read_table
from training.models import WHOLE_ID, Employment, Person, StandingRow
from training.services import audit, completion_imports
from training.services.accounts import Viewer
from training.services.employments import covers
from training.services.esr_mappings import Saved, find_mapping, read_mapping, saved_of
from training.services.references import refuse_unless_managing
from training.services.rosters import Roster, open_roster
from training.services.staff import AsOf, PersonLine, Worker

SHOWN = 10
MOST_NAMES = 10
NO_NUMBER = N_("They have no staff number.")
BAD_NUMBER = N_("A spreadsheet would take their staff number for a formula.")
# Everybody on file of some sites with a pass of some items, and how many rows that makes.
PEOPLE = (
    select(Person.id, Person.name, Person.staff_number, func.count(StandingRow.item.distinct()).label("every"))
    .join(StandingRow, StandingRow.person_id == Person.id)
    .where(
        StandingRow.site_id == WHOLE_ID,
        StandingRow.last_passed_on.is_not(None),
        StandingRow.item.in_(bindparam("items", expanding=True)),
    )
    .group_by(Person.id, Person.name, Person.staff_number)
    .order_by(Person.name, Person.id)
)


@dataclass(frozen=True, slots=True)
class Nameless:
    """Somebody whom the file cannot name: why, and how many rows that is."""

    person_id: uuid.UUID
    name: str
    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a mapping makes: the first rows, how many there are, who cannot stand in it, and items it does not map."""

    saved: Saved
    rows: tuple[tuple[str, ...], ...]
    written: int
    nameless: tuple[Nameless, ...]
    unmapped: tuple[str, ...]


def preview(database: Database, *, viewer: Viewer, catalog: Catalog, mapping_id: uuid.UUID, now: datetime) -> Preview:
    """Return what a mapping would make of the people whom the viewer sees to.

    Raises:
        NotAllowed, NotFound: when the viewer may not see it, or there is none.
    """
    refuse_unless_managing(viewer)
    today = day_in(now, viewer.time_zone)
    with database.read(viewer.organisation_id) as session:
        saved = saved_of(read_mapping(session, mapping_id))
        written, nameless = count_rows(session, saved.mapping, viewer=viewer, today=today)
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=AsOf.present(today))
        rows = tuple(islice(rows_of(roster, saved.mapping), SHOWN)) if written else ()
        unmapped = tuple(title for item, title in roster.titles.items() if item not in saved.mapping.competences)
    return Preview(saved, rows, written, nameless, unmapped)


def count_rows(
    session: Session, mapping: EsrMapping, *, viewer: Viewer, today: date
) -> tuple[int, tuple[Nameless, ...]]:
    """Return how many rows the file has, and whom it cannot name."""
    jobs = select(Employment.person_id).where(*covers(Employment, bindparam("day")))
    if not viewer.manages_all:
        jobs = jobs.where(Employment.site_id.in_(bindparam("site_ids", expanding=True)))
    asked = {"day": today, "items": sorted(mapping.competences), "site_ids": sorted(viewer.site_ids)}
    written, nameless = 0, []
    for row in session.execute(PEOPLE.where(Person.id.in_(jobs)), asked):
        if words := wrong_number(row.staff_number or ""):
            nameless.append(Nameless(row.id, row.name, words, row.every))
        else:
            written += row.every
    return written, tuple(nameless)


def wrong_number(number: str) -> str:
    """Say why a staff number cannot stand in the file, or nothing."""
    if not number:
        return _(NO_NUMBER)
    return _(BAD_NUMBER) if begins_a_formula(number) else ""


@dataclass(frozen=True, slots=True)
class EsrFile:
    """What is to be written: the headings, and the rows as a stream that is read once."""

    headings: tuple[str, ...]
    rows: Iterator[tuple[str, ...]]


# A file whose rows can be read until the block ends.
Opened = AbstractContextManager[EsrFile]


@contextmanager
def open_file(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    mapping_id: uuid.UUID,
    now: datetime,
    by: audit.Source | None = None,
) -> Iterator[EsrFile]:
    """Open the file of a mapping for as long as its rows are read, and note in the audit log that it was made.

    Whoever has no staff number is left out. `by` is who makes it, where that is not the viewer.

    Raises:
        NotAllowed, NotFound: when the viewer may not see it, or there is none.
    """
    refuse_unless_managing(viewer)
    today = day_in(now, viewer.time_zone)
    with database.read(viewer.organisation_id) as session:
        mapping = saved_of(read_mapping(session, mapping_id)).mapping
        with database.write(viewer.organisation_id) as writing:
            detail = {"report": "esr", "mapping_id": mapping_id, "mapping": mapping.name}
            audit.record(writing, viewer=by or viewer, act=Act.REPORT_EXPORTED, now=now, detail=detail)
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=AsOf.present(today))
        yield EsrFile(mapping.headings, rows_of(roster, mapping))


def rows_of(roster: Roster, mapping: EsrMapping) -> Iterator[tuple[str, ...]]:
    """Yield a row for each person and mapped item that they passed."""
    for worker, lines in roster.everybody():
        if wrong_number(worker.staff_number):
            continue
        for line in lines:
            held = held_of(worker, line)
            if held and line.item in mapping.competences:
                yield cells_of(held, mapping)


def held_of(worker: Worker, line: PersonLine) -> Held | None:
    """Return what a line says of the pass that gave its date, or None where nothing was passed."""
    standing = line.standing
    if standing is None or standing.earned_on is None:
        return None
    return Held(
        staff_number=worker.staff_number,
        name=worker.name,
        item=line.item,
        title=line.title,
        passed_on=standing.earned_on,
        until=standing.valid_until,
        sites="; ".join(name for _, name in worker.sites),
        job_titles="; ".join(worker.titles),
    )


def plan_import(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    mapping_id: uuid.UUID,
    lines: Sequence[Line],
    file_name: str,
    evidence: str,
    now: datetime,
) -> uuid.UUID:
    """Hand what means an item in a file from ESR to the import of past training, and return the import's id.

    Raises:
        NotAllowed, NotFound: when the viewer may not import, or there is no such mapping.
        NameRefused: when no source of evidence is given.
        Refusal: when a column is missing, or no competence in the file stands for an item.
    """
    mapping = find_mapping(database, viewer=viewer, mapping_id=mapping_id).mapping
    handed = hand_over(read_table(lines, mapping.fields, missing_words=MISSING), mapping)
    known = {"viewer": viewer, "catalog": catalog, "now": now, "file_name": file_name, "evidence": evidence}
    about = {"esr": {"mapping_id": str(mapping_id), **passed_over(handed.others)}}
    return completion_imports.plan_file(database, lines=handed.lines, fields=handed.fields, about=about, **known)


def passed_over(others: Mapping[str, int]) -> dict[str, Any]:
    """Return what is kept of rows that were passed over: how many, their competences with most rows, how many more."""
    names = sorted(others, key=lambda name: -others[name])
    return {"others": sum(others.values()), "names": names[:MOST_NAMES], "more": len(names[MOST_NAMES:])}
