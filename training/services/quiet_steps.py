"""Steps of reminders that an import makes due at once: they count as said, so that an import tells nobody."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.domain.reminder import Key, step_due
from training.models import QuietStep
from training.services import standings
from training.services.progress import strictest_lines
from training.services.staff import by_person

Steps = Mapping[uuid.UUID, frozenset[Key]]


def steps_due(session: Session, *, person_ids: Collection[uuid.UUID], today: date) -> Steps:
    """Return the steps that have come for some people, as their standings have it."""
    found: dict[uuid.UUID, frozenset[Key]] = {}
    for person_id, lines in by_person(standings.read_lines(session, today=today, person_ids=person_ids)).items():
        due = (
            step_due(line.standing, item=item, today=today) for item, line in strictest_lines(lines, day=today).items()
        )
        found[person_id] = frozenset(step.key for step in due if step is not None)
    return found


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
    for person_id, keys in steps_due(session, person_ids=person_ids, today=today).items():
        for item, due_on, step in keys - before.get(person_id, frozenset()) - said.get(person_id, frozenset()):
            key = {"organisation_id": organisation_id, "person_id": person_id, "item": item, "due_on": due_on}
            session.add(QuietStep(**key, step=step, recorded_at=now))


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
