"""The ASC-WDS training file: what must be mended before it is right, and its records by person and site."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.asc_wds import UNKNOWN, Layout, Record, validity_of
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import _
from training.domain.person_record import House
from training.domain.refusal import Refusal
from training.models import Completion, ImportedPass
from training.services import audit, facts
from training.services.accounts import Viewer
from training.services.asc_wds_check import Check, Names, check_names
from training.services.asc_wds_settings import Choices, read_choices, read_items
from training.services.fact_queries import known
from training.services.references import refuse_unless_managing
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster, open_roster
from training.services.staff import AsOf, PersonLine, Staff, Worker, read_staff, titles_asked

Months = Mapping[tuple[str, str], frozenset[int]]
# Passes on another system's record, unless the same was passed here too on that day.
HERE_TOO = select(Completion.id).where(
    Completion.person_id == ImportedPass.person_id,
    Completion.item == ImportedPass.item,
    Completion.passed_on == ImportedPass.passed_on,
)
ELSEWHERE = select(ImportedPass.person_id, ImportedPass.item, ImportedPass.passed_on).where(
    known(ImportedPass, None), ImportedPass.person_id.in_(bindparam("person_ids", expanding=True)), ~HERE_TOO.exists()
)


class FileIncomplete(Refusal):
    """The file cannot be made because it would lack rows, and nobody said to leave them out."""


class NothingToWrite(Refusal):
    """The file cannot be made because no row could stand in it."""


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """What is to be written: the layout, the records as a stream that is read once, and what was found beforehand."""

    layout: Layout
    records: Iterator[Record]
    check: Check
    today: date


# A file whose records can be read until the block ends.
Opened = AbstractContextManager[TrainingFile]


def check(database: Database, *, viewer: Viewer, catalog: Catalog, now: datetime) -> Check:
    """Return what must be mended before the viewer's file is right.

    Raises:
        NotAllowed: when the viewer sees to nothing here.
    """
    refuse_unless_managing(viewer)
    with database.read(viewer.organisation_id) as session:
        return read_names(session, viewer=viewer, catalog=catalog, today=day_in(now, viewer.time_zone))[0]


def read_names(session: Session, *, viewer: Viewer, catalog: Catalog, today: date) -> tuple[Check, Names]:
    """Return what must be mended, and the names of all else."""
    titles = titles_asked(facts.read_house(session), catalog)
    items = read_items(session, titles=titles)
    return check_names(session, viewer=viewer, choices=read_choices(session), items=items, today=today)


@contextmanager
def open_file(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    leave_out: bool,
    now: datetime,
    by: audit.Source | None = None,
) -> Iterator[TrainingFile]:
    """Open the viewer's file for as long as its records are read, and note in the audit log that it was made.

    With `leave_out`, what it cannot hold is left out. `by` is who makes it, where that is not the viewer.

    Raises:
        NotAllowed: when the viewer sees to nothing here.
        FileIncomplete, NothingToWrite: in words.
    """
    refuse_unless_managing(viewer)
    today = day_in(now, viewer.time_zone)
    with database.read(viewer.organisation_id) as session:
        found, names = read_names(session, viewer=viewer, catalog=catalog, today=today)
        refuse_incomplete(found, leave_out=leave_out)
        detail = {"report": "asc-wds", "rows": found.written, "left_out": found.left_out}
        with database.write(viewer.organisation_id) as writing:
            audit.record(writing, viewer=by or viewer, act=Act.REPORT_EXPORTED, now=now, detail=detail)
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=AsOf.present(today))
        yield TrainingFile(found.choices.layout, records_of(roster, names, found.choices), found, today)


def refuse_incomplete(found: Check, *, leave_out: bool) -> None:
    """Refuse a file with nothing in it, and one that lacks rows without anybody having said so."""
    if not found.is_complete and not leave_out:
        raise FileIncomplete(_("Some rows cannot stand in the file. Mend what is listed, or tick to leave them out."))
    if not found.written:
        words = _("There is nothing to write: nobody on file has passed anything that can stand in it.")
        raise NothingToWrite(words)


def records_of(roster: Roster, names: Names, choices: Choices) -> Iterator[Record]:
    """Yield a record for each person, site and item passed, some hundred people at a time.

    Each site judges by the jobs there, as it does everywhere. What the file cannot hold is left out.
    """
    months = months_given(roster.house)
    people = roster.people(Shape.of(roster))
    while some := list(islice(people, BATCH)):
        staff = staff_of(roster, some)
        elsewhere = passed_elsewhere(roster.session, [one[0] for one in some])
        for worker, site_id, lines in lines_by_site(staff, among=roster.site_ids):
            for line in lines:
                record = record_of(line, worker, site_id, names=names, choices=choices, months=months)
                if record and (record.expires_on is None or record.expires_on > record.completed_on):
                    is_ours = (worker.person_id, line.item, record.completed_on) not in elsewhere
                    yield record if is_ours else of_another(record)


def passed_elsewhere(session: Session, person_ids: list[uuid.UUID]) -> set[tuple[uuid.UUID, str, date]]:
    """Return what some people passed on another system's record: who, which item, on which day."""
    return {tuple(row) for row in session.execute(ELSEWHERE, {"person_ids": person_ids})}


def of_another(record: Record) -> Record:
    """Return the record of a pass that came with an import: nobody here knows who gave that training, or how."""
    return replace(record, accredited=UNKNOWN, delivered_by="", provider="", how="")


def staff_of(roster: Roster, people: list) -> Staff:
    """Return some people with all from which their lines follow, by each site for those who work at several."""
    known = {"as_of": roster.as_of, "house": roster.house, "titles": roster.titles}
    staff = read_staff(roster.session, people, judged_by=(), **known)
    several = [one for one in people if len(staff.workers[one[0]].sites) > 1]
    if not several:
        return staff
    apart = read_staff(roster.session, several, judged_by=[frozenset()], **known)
    return replace(staff, records=apart.records)


def lines_by_site(staff: Staff, *, among: frozenset[uuid.UUID]) -> Iterator[tuple[Worker, uuid.UUID, list[PersonLine]]]:
    """Yield people with their lines as each of some sites judges them, those who work there."""
    for person_id, worker in staff.workers.items():
        for site_id, _name in worker.sites:
            if site_id in among:
                held = staff.lines_at(person_id, site_ids=frozenset({site_id}))
                yield worker, site_id, staff.lines_of(worker, held)


def record_of(
    line: PersonLine, worker: Worker, site_id: uuid.UUID, *, names: Names, choices: Choices, months: Months
) -> Record | None:
    """Return what the file says of a line, or None where nothing was passed or the file cannot name all of it.

    The day of completion is that of the pass which gave the date, so that the two belong together.
    """
    standing = line.standing
    if standing is None or standing.earned_on is None or not names.may_stand(site_id, worker.person_id, line.item):
        return None
    given = months.get((standing.requirement, line.item), frozenset())
    until = None if standing.never_expires else standing.valid_until
    validity, expires_on = validity_of(standing.earned_on, valid_until=until, months=given)
    return Record(
        workplace=names.workplaces[site_id],
        worker=names.workers[worker.person_id],
        category=names.items[line.item].category,
        name=names.items[line.item].name,
        completed_on=standing.earned_on,
        expires_on=expires_on,
        validity=validity,
        accredited=choices.accredited,
        delivered_by=choices.delivered_by,
        provider=choices.provider,
    )


def months_given(house: House) -> Months:
    """Return how many months any version of a requirement gives a pass, by the requirement's name and the item."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for requirement in house.requirements.values():
        for version in requirement.versions:
            for item in version.items:
                if version.terms.valid_months:
                    found[requirement.name, item].add(version.terms.valid_months)
    return {key: frozenset(months) for key, months in found.items()}
