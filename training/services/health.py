"""Whether the database answers and is the one that this code expects."""

from datetime import datetime, timedelta

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from training.db import EVERYWHERE, Database
from training.models import Base
from training.services import job_claims

SILENT_TOO_LONG = timedelta(minutes=5)


def clock_words(database: Database, *, now: datetime) -> str:
    """Say whether any process looks for work that is due."""
    last = job_claims.silent_since(database)
    if last is None:
        return "never started"
    return "goes" if now - last < SILENT_TOO_LONG else f"silent since {last:%Y-%m-%d %H:%M} UTC"


def what_is_wrong(database: Database) -> list[str]:
    """Return what keeps the service from working, in words; nothing when all is well."""
    try:
        with database.read(EVERYWHERE) as session:
            there = set(inspect(session.connection()).get_table_names())
    except SQLAlchemyError:
        return ["The database does not answer."]
    missing = sorted(set(Base.metadata.tables) - there)
    return [f"These tables are missing: {', '.join(missing)}. Run `training migrate`."] if missing else []
