"""Bringing a database's tables up to date, with foreign keys off while SQLite rebuilds tables."""

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from training.config import shipped
from training.db import Database


class MigrationBrokeKeys(Exception):
    """The migration cannot stand because rows point at rows that are not there."""


def alembic_config(connection: Connection) -> AlembicConfig:
    """Return Alembic's settings for a connection."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(shipped("migrations")))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, *, to: str = "head") -> None:
    """Bring the tables to a revision, up or down by its name; `head` is the newest.

    Raises:
        MigrationBrokeKeys: on SQLite, where foreign keys are off meanwhile and checked afterwards.
    """
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            config = alembic_config(connection)
            (command.downgrade if is_back(connection, to=to) else command.upgrade)(config, to)
            connection.commit()
            if is_sqlite and driver.execute("PRAGMA foreign_key_check").fetchall():
                raise MigrationBrokeKeys("Rows point at rows that are not there; the database is as it was left.")
        finally:
            if is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def is_back(connection: Connection, *, to: str) -> bool:
    """Say whether a revision comes before the present one; they are numbered in order."""
    if to in {"base", "head"}:
        return to == "base"
    present = MigrationContext.configure(connection).get_current_revision()
    return present is not None and to.isdecimal() and to < present
