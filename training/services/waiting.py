"""Waiting: what somebody who would renew before their window opens is told that it would give them."""

from datetime import date

from sqlalchemy.orm import Session

from training.domain.certification import Period, certify_waiting
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.need import need_on
from training.domain.person_record import House, facts_for
from training.domain.requirement import Terms, version_in_force
from training.domain.standing import Standing
from training.services import facts
from training.services.standing_rows import Line


def window_is_open(standing: Standing, day: date) -> bool:
    """Say whether the window to renew has opened by a day; where it has not, no refresher is owed."""
    return standing.window_opens_on is not None and standing.window_opens_on <= day


def waiting_words(session: Session, *, line: Line | None, today: date) -> str:
    """Say what an early pass would give and what waiting would, where waiting gives more."""
    if line is None or line.standing.window_opens_on is None or window_is_open(line.standing, today):
        return ""
    terms, periods = read_periods(session, line=line, today=today)
    waited = certify_waiting(terms, today=today, current=periods[-1])
    if waited is None or waited.valid_until is None:
        return ""
    words = N_(
        "You are early. If you wait until %(day)s and pass then, you are in date until %(until)s. "
        "You may of course do it now."
    )
    return _(words, day=format_day(line.standing.window_opens_on), until=format_day(waited.valid_until))


def read_periods(session: Session, *, line: Line, today: date) -> tuple[Terms, tuple[Period, ...]]:
    """Return the terms by which a pass would count today on somebody's line, and the periods so far.

    Terms that never changed reach everybody, whatever jobs they had.
    """
    requirement = facts.read_requirement(session, requirement_id=line.requirement_id)
    versions = requirement.versions_of(line.item)
    asked = {"person_ids": [line.person_id], "items": [line.item], "with_jobs": len(versions) > 1}
    record = facts.read_records(session, **asked)[line.person_id]
    known = facts_for(record, requirement, line.item, house=House({}), as_at=today)
    need = need_on(known, today)
    version = version_in_force(versions, today, need_began_on=need.from_ if need else None)
    return version.terms, known.periods
