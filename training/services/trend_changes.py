"""What was recorded between two instants that may change how people stood on days gone by."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, union_all
from sqlalchemy.orm import Session

from training.models import (
    Absence,
    Completion,
    ContentDecision,
    Employment,
    Exemption,
    ImportedPass,
    LongLeaveChange,
    Replacement,
    RequirementVersion,
    Revocation,
    TitleRole,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """From which day each of some people may have stood otherwise, and from which day everybody may have."""

    people: dict[uuid.UUID, date]
    everybody_from: date | None

    def touch(self, day: date) -> bool:
        """Say whether everybody may have stood otherwise on a day."""
        return self.everybody_from is not None and self.everybody_from <= day


def read_changes(session: Session, *, since: datetime, until: datetime, last_day: date) -> Changes:
    """Return what was recorded or withdrawn after an instant, up to another, that may touch days up to `last_day`.

    Nothing is so before the first day that a fact speaks of, but for what is asked and what counts as what: an item
    that is asked for from today was held, or never needed, on every day before.
    """
    return Changes(
        people=people_changed(session, since=since, until=until, last_day=last_day),
        everybody_from=house_changed_from(session, since=since, until=until, last_day=last_day),
    )


def people_changed(session: Session, *, since: datetime, until: datetime, last_day: date) -> dict[uuid.UUID, date]:
    """Return the people of whom something was recorded, each with the first day that it may touch."""
    twice = (
        (Employment, Employment.starts_on),
        (Absence, Absence.starts_on),
        (Exemption, Exemption.starts_on),
        (ImportedPass, ImportedPass.passed_on),
    )
    revoked = (Revocation.organisation_id == Completion.organisation_id) & (Revocation.completion_id == Completion.id)
    passed = select(Completion.person_id, Completion.passed_on).where(Completion.passed_on <= last_day)
    facts = [
        select(table.person_id, first).where(first <= last_day, changed)
        for table, first in twice
        for changed in moved_either_way(table, since, until)
    ]
    facts.append(passed.where(moved_between(Completion.recorded_at, since, until)))
    facts.append(passed.join(Revocation, revoked).where(moved_between(Revocation.recorded_at, since, until)))
    found: dict[uuid.UUID, date] = {}
    for person_id, day in session.execute(union_all(*facts)):
        found[person_id] = min(day, found.get(person_id, day))
    return found


def house_changed_from(session: Session, *, since: datetime, until: datetime, last_day: date) -> date | None:
    """Return the first day that a change of what the organisation decided may touch, if there was any."""
    whole = [or_(*moved_either_way(RequirementVersion, since, until))]
    whole += [
        moved_between(table.recorded_at, since, until) for table in (ContentDecision, Replacement, LongLeaveChange)
    ]
    tables = (RequirementVersion, ContentDecision, Replacement, LongLeaveChange)
    for table, changed in zip(tables, whole, strict=True):
        if session.scalar(select(table.recorded_at).where(changed).limit(1)) is not None:
            return date.min
    mapped = select(TitleRole.starts_on).where(
        TitleRole.starts_on <= last_day, or_(*moved_either_way(TitleRole, since, until))
    )
    return session.scalar(mapped.order_by(TitleRole.starts_on).limit(1))


def moved_either_way(table: Any, since: datetime, until: datetime) -> Collection[ColumnElement[bool]]:  # noqa: ANN401
    """Return the two conditions that a twice-dated row came to be known between two instants, or ceased to be."""
    return moved_between(table.recorded_at, since, until), moved_between(table.withdrawn_at, since, until)


def moved_between(column: ColumnElement[datetime], since: datetime, until: datetime) -> ColumnElement[bool]:
    """Return the condition that an instant lies after one and not after another."""
    return (column > since) & (column <= until)
