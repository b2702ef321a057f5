"""Work that a click orders at once, where a queue takes orders."""

import psycopg

from tests.conftest import NOW
from tests.postgresql import plain
from training.domain.reminder_run import Flood, Limit
from training.services import runs

APPROVE = "/team/messages/approve"


def waiting(database_url: str) -> list[str]:
    """Return the names of the orders that wait in the queue."""
    if database_url.startswith("sqlite"):
        return []
    with psycopg.connect(plain(database_url)) as connection:
        orders = connection.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'").fetchall()
    return [name for (name,) in orders]


def test_an_approved_run_is_ordered_at_once_and_another_size_orders_nothing(manager, home, rooms, database_url):
    stopped = Flood(day=NOW.date(), people=240, on_file=300, limit=Limit.MANY_PEOPLE)
    runs.record_stop(rooms, home.viewer.organisation_id, stopped=stopped, now=NOW)
    assert manager.send(APPROVE, {"people": "241"}).status == 404
    assert waiting(database_url) == []
    assert manager.send(APPROVE, {"people": "240"}).status == 302
    assert waiting(database_url) == ([] if database_url.startswith("sqlite") else ["reminders"])
