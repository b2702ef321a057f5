"""The report of one person: where they stand with every item on a day, and what they had passed by then."""

import uuid
from collections.abc import Iterator

from sqlalchemy import select

from training.db import Database
from training.domain.compliance import tally
from training.domain.language import N_, _
from training.domain.report import Column, Kind, Report, Row, Table
from training.domain.said import said
from training.models import Person
from training.services import past_records, reach
from training.services.accounts import Viewer
from training.services.imported_passes import Imported
from training.services.listings import Listed
from training.services.organisations import NotFound
from training.services.records import Earned
from training.services.report_lines import COLUMNS, line_rows
from training.services.report_questions import Asked
from training.services.rosters import Lines, Roster

PASSES = (
    Column(N_("Training")),
    Column(N_("Version")),
    Column(N_("What")),
    Column(N_("Passed on"), Kind.DAY),
    Column(N_("In date until"), Kind.DAY),
    Column(N_("Receipt code")),
    Column(N_("Reason")),
)


def one_person(asked: Asked) -> Report:
    """Return one person's lines and passes.

    Raises:
        NotFound: when nobody is asked for, or the viewer may not see them.
    """
    if asked.question.person_id is None:
        raise NotFound(_("Choose a person, and open the report from their page."))
    person = reach.visible_person(asked.session, viewer=asked.viewer, person_id=asked.question.person_id)
    roster = asked.roster(Listed())
    found = list(lines_of(roster, person))
    figure = tally(line.status for _, lines in found for line in lines)
    who = (person.name, *([person.staff_number] if person.staff_number else []))
    head = asked.head(roster, title=_("One person"), shows=who, tally=figure)
    training = Table("training", _("Training"), COLUMNS, line_rows(found))
    return Report("person", head, (training, Table("passes", _("Passes"), PASSES, pass_rows(asked, person))))


def find_person(database: Database, *, viewer: Viewer, staff_number: str) -> uuid.UUID:
    """Return the id of the person with a staff number.

    Raises:
        NotFound: when nobody has it, or the viewer may not see them.
    """
    with database.read(viewer.organisation_id) as session:
        found = session.scalar(select(Person.id).where(Person.staff_number == staff_number))
        if found is None:
            raise NotFound(_("Nobody has the staff number %(number)s.", number=repr(staff_number)))
        return reach.visible_person(session, viewer=viewer, person_id=found).id


def lines_of(roster: Roster, person: Person) -> Iterator[Lines]:
    """Yield the lines of a person, where they are on file on the day."""
    staff = roster.staff([(person.id, person.name, person.staff_number)])
    return staff.lines(judged_by=roster.site_ids)


def pass_rows(asked: Asked, person: Person) -> Iterator[Row]:
    """Yield a row for each pass, here or elsewhere, latest first."""
    known = {"viewer": asked.viewer, "person_id": person.id, "catalog": asked.catalog}
    record = past_records.read_record(asked.session, as_of=asked.question.as_of, **known)
    passes = [(one.passed_on, one.title, pass_cells(one)) for line in record for one in line.earned]
    for line in record:
        title = line.shown.title
        passes += [(one.passed_on, title, imported_cells(title, one)) for one in line.imported]
    for _day, _title, cells in sorted(passes, key=lambda each: each[:2], reverse=True):
        yield Row(cells)


def imported_cells(title: str, one: Imported) -> tuple[object, ...]:
    """Return what a pass on another system's record says: it has no version and no code of ours."""
    until, evidence = one.until_words, one.evidence
    reason = _("%(until)s. From %(evidence)s.", until=until, evidence=evidence)
    if one.reason:
        values = {"until": until, "reason": said(one.reason), "evidence": evidence}
        reason = _("%(until)s: %(reason)s. From %(evidence)s.", **values)
    return title, "", _("Elsewhere"), one.passed_on, one.until, "", reason


def pass_cells(one: Earned) -> tuple[object, ...]:
    """Return what a pass says."""
    what = _("Refresher") if one.is_refresher else _("The whole")
    until = None if one.is_revoked else one.until
    return one.title, one.version, what, one.passed_on, until, one.code, f"{one.until_words}: {said(one.reason)}."
