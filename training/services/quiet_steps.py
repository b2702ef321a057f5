"""Steps of reminders that an import makes due at once: they count as said, so that an import tells nobody."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import add_rows
from training.domain.reminder import Key, step_due
from training.models import QuietStep
from training.services import standings
from training.services.progress import strictest_lines
from training.services.staff import by_person
from training.services.standing_rows import Line

Steps = Mapping[uuid.UUID, frozenset[Key]]


def steps_due(session: Session, *, person_ids: Collection[uuid.UUID], today: date) -> Steps:
    """Return the steps that have come for some people, as their standings have it."""
    people = by_person(standings.read_lines(session, today=today, person_ids=person_ids))
    return {person_id: steps_of(lines, today=today) for person_id, lines in people.items()}


def steps_of(lines: Sequence[Line], *, today: date) -> frozenset[Key]:
    """Return the steps that have come by the lines of one person."""
    strictest = strictest_lines(lines, day=today)
    due = (step_due(line.standing, item=item, today=today) for item, line in strictest.items())
    return frozenset(step.key for step in due if step is not None)


def bring_up_to_date_quietly(
    session: Session,
    *,
    organisation_id: int,
    person_ids: Collection[uuid.UUID],
    before: Steps,
    today: date,
    now: datetime,
    items: Collection[str] | None = None,
) -> None:
    """Bring people's standings up to date, and keep quiet about every step that comes of it and is due already.

    `before` are the steps that were due without it: of those they are told as ever.
    """
    standings.bring_up_to_date(
        session, organisation_id=organisation_id, person_ids=person_ids, today=today, items=items
    )
    session.flush()
    said = read_quiet(session, person_ids=person_ids)
    due = steps_due(session, person_ids=person_ids, today=today)
    none: frozenset[Key] = frozenset()
    new = {person_id: keys - before.get(person_id, none) - said.get(person_id, none) for person_id, keys in due.items()}
    keep_quiet(session, new, organisation_id=organisation_id, now=now)


def keep_quiet(session: Session, steps: Steps, *, organisation_id: int, now: datetime) -> None:
    """Let steps count as said."""
    of = {"organisation_id": organisation_id, "recorded_at": now}
    rows = [
        of | {"person_id": person_id, "item": item, "due_on": due_on, "step": step}
        for person_id, keys in steps.items()
        for item, due_on, step in keys
    ]
    add_rows(session, QuietStep, rows)


def read_quiet(session: Session, *, person_ids: Collection[uuid.UUID] | None = None, since: date = date.min) -> Steps:
    """Return the steps that count as said because of imports, of some people or of everybody."""
    query = select(QuietStep.person_id, QuietStep.item, QuietStep.due_on, QuietStep.step)
    query = query.where(QuietStep.due_on >= since)
    if person_ids is not None:
        query = query.where(QuietStep.person_id.in_(person_ids))
    found: dict[uuid.UUID, set[Key]] = defaultdict(set)
    for person_id, *key in session.execute(query):
        found[person_id].add(tuple(key))
    return {person_id: frozenset(keys) for person_id, keys in found.items()}
