"""Looking past the services at what is stored, and setting several threads going at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from training.db import EVERYWHERE, Database
from training.models import Attempt, Base, Completion, Draft
from training.services.accounts import Viewer


def rows(database: Database, table: type[Base], **wanted: object) -> list:
    """Return every stored row that has these values."""
    with database.read(EVERYWHERE) as session:
        return list(session.scalars(select(table).filter_by(**wanted)))


def everything(database: Database) -> dict[str, list[str]]:
    """Return every row there is, as text, by table."""
    with database.read(EVERYWHERE) as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


def how_many(database: Database, table: type[Base]) -> int:
    """Count the stored rows of a table."""
    with database.read(EVERYWHERE) as session:
        return session.scalar(select(func.count()).select_from(table))


def done_by(database: Database, learner: Viewer) -> tuple[int, int, int]:
    """Return how many attempts, completions and drafts somebody has."""
    mine = {"person_id": learner.person_id}
    return tuple(len(rows(database, table, **mine)) for table in (Attempt, Completion, Draft))


def all_at_once(*acts: Callable[[], object]) -> list[object]:
    """Start every act in a thread of its own at the same moment; return what each returned, or raised."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=300)
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
