"""Whether the database answers and is the one that this code expects."""

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from training.db import EVERYWHERE, Database
from training.models import Base


def what_is_wrong(database: Database) -> list[str]:
    """Return what keeps the service from working, in words; nothing when all is well."""
    try:
        with database.read(EVERYWHERE) as session:
            there = set(inspect(session.connection()).get_table_names())
    except SQLAlchemyError:
        return ["The database does not answer."]
    missing = sorted(set(Base.metadata.tables) - there)
    return [f"These tables are missing: {', '.join(missing)}. Run `training migrate`."] if missing else []
