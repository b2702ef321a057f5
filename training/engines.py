"""The engine for each kind of database, with the settings that it needs to be safe."""

import sqlite3
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import URL, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

# A connection that was in use so many seconds ago is taken to be alive: to ask it first is a message of its own.
SURELY_ALIVE: Final = 2.0
LAST_USED: Final = "last used"


def make_engine(url: str, *, pool_size: int) -> Engine:
    """Make the engine for SQLite or PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return sqlite_engine(address, pool_size=pool_size)
    return postgresql_engine(address, pool_size=pool_size)


def sqlite_engine(address: URL, *, pool_size: int) -> Engine:
    """Make the engine for a file, and its folder where there is none yet."""
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_size=pool_size, max_overflow=pool_size, connect_args={"timeout": 30})
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Let us begin transactions ourselves, wait for locks, check foreign keys and survive a power cut."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=FULL", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """Take the write lock at the start of a transaction that writes; a later upgrade would fail under load."""
    immediately = connection.get_execution_options().get("begin_immediately")
    connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE" if immediately else "BEGIN")


def postgresql_engine(address: URL, *, pool_size: int) -> Engine:
    """Make the engine for a server, which may have been started again since a connection was last in use."""
    address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, pool_size=pool_size, max_overflow=pool_size)

    def look_whether_alive(connection: Any, record: ConnectionPoolEntry, _taken: PoolProxiedConnection) -> None:  # noqa: ANN401 (the driver's)
        used = record.info.get(LAST_USED)
        if used is None or monotonic() - used < SURELY_ALIVE:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkout", look_whether_alive)
    event.listen(engine, "checkin", note_use)
    return engine


def note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    """Remember when a connection was last in use."""
    record.info[LAST_USED] = monotonic()
