"""Where one person stands with one item on a day, from what is stored, for tests that write their days out."""

from datetime import UTC, date, datetime

from training.db import Database
from training.domain.standing import Standing, reason_on, status_on
from training.domain.status import Status
from training.services import standings
from training.services.accounts import Viewer

ITEM = "every-kind"


def morning(day: date) -> datetime:
    """Return ten in the morning of a day."""
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)


def standing(database: Database, person: Viewer, day: date, item: str = ITEM) -> Standing:
    """Return the only line of a person on an item."""
    with database.read(person.organisation_id) as session:
        lines = standings.read_lines(session, today=day, person_ids=[person.person_id])
    (line,) = [line for line in lines if line.item == item]
    return line.standing


def status(database: Database, person: Viewer, day: date, item: str = ITEM) -> Status:
    """Return the status of a person on an item."""
    return status_on(standing(database, person, day, item), day)


def reason(database: Database, person: Viewer, day: date, item: str = ITEM) -> str:
    """Return the sentence that says why."""
    return reason_on(standing(database, person, day, item), day)
