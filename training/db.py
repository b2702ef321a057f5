"""The database: declarative base, engine, and sessions that see one organisation only."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from threading import Lock
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Executable,
    Insert,
    MetaData,
    Result,
    Row,
    ScalarResult,
    Select,
    bindparam,
    event,
    insert,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)

from training.column_types import KnownUuid, UtcDateTime
from training.engines import make_engine
from training.prepared import is_of_columns, send

EVERYWHERE: Final = "everywhere"
Scope = int | str
# A reading transaction sees one moment. SQLite's do so anyway; PostgreSQL's would look anew at every statement.
READING: Final[dict[str, dict[str, Any]]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}
# One query alone needs no transaction, which would be three messages in place of one.
ASKING: Final[dict[str, dict[str, Any]]] = {"postgresql": {"isolation_level": "AUTOCOMMIT"}}


class OutOfScope(Exception):
    """A row cannot be written because it belongs to another organisation than the session does."""


class ReadOnly(Exception):
    """A row cannot be written because the session was opened for reading."""


class Base(DeclarativeBase):
    """What every table has in common."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: dict[type, Any] = {datetime: UtcDateTime, UUID: KnownUuid}  # noqa: RUF012 (read by SQLAlchemy)


class TenantOwned:
    """A row that belongs to one organisation, named first in its key."""

    organisation_id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


# Which organisation is a parameter, so that one form of each query serves them all. The criterion spells its name out:
# SQLAlchemy takes a name from outside a lambda for a value.
ORGANISATION: Final = "within_organisation"
WITHIN: Final = with_loader_criteria(
    TenantOwned,
    lambda cls: cls.organisation_id == bindparam("within_organisation"),
    include_aliases=True,
)
KEPT_WITHIN: Final[WeakKeyDictionary[Executable, Executable]] = WeakKeyDictionary()


class ScopedSession(Session):
    """A session that sees and writes the rows of one organisation, or says plainly that it looks everywhere."""


class ReadingSession(ScopedSession):
    """A session that only reads, on one connection, which it takes when it first needs it and gives back at its end.

    A query of columns goes past the session, which flushes nothing and so has nothing to add to them.
    """

    held: Connection | None = None

    def get_bind(self, *_mapper: Any, **_clause: Any) -> Connection:  # noqa: ANN401 (as the session is asked)
        """Return the connection that all is read from, as at one moment."""
        if self.held is None:
            self.held = self.bind.connect()
        if not self.held.in_transaction():
            self.held.begin()
        return self.held

    def close(self) -> None:
        """Let go of all that was read, and of the connection."""
        held, self.held = self.held, None
        try:
            super().close()
        finally:
            if held is not None:
                held.close()

    def execute(self, statement: Executable, params: Any = None, **options: Any) -> Result[Any]:  # noqa: ANN401
        """Return what a statement asks for."""
        if options or not is_of_columns(statement):
            return super().execute(statement, params, **options)
        return send(self.get_bind(), *limited(statement, params or {}, self.info["scope"]))

    def scalars(self, statement: Executable, params: Any = None, **options: Any) -> ScalarResult[Any]:  # noqa: ANN401
        """Return the first of what each row holds."""
        return self.execute(statement, params, **options).scalars()

    def scalar(self, statement: Executable, params: Any = None, **options: Any) -> Any:  # noqa: ANN401
        """Return the first thing of the first row."""
        return self.execute(statement, params, **options).scalar()


@event.listens_for(ScopedSession, "do_orm_execute")
def keep_within_the_organisation(state: ORMExecuteState) -> None:
    """Add `organisation_id = ...` to every statement that touches a tenant-owned table; INSERT has no place for it."""
    scope = state.session.info["scope"]
    if state.is_select:
        state.statement, state.parameters = limited(state.statement, state.parameters or {}, scope)
        return
    if state.session.info["reads"] and (state.is_insert or state.is_update or state.is_delete):
        raise ReadOnly("this session was opened for reading")
    if scope == EVERYWHERE:
        return
    if state.is_insert and state.bind_mapper is not None and issubclass(state.bind_mapper.class_, TenantOwned):
        raise OutOfScope("rows of an organisation are added to the session, which checks whose they are")
    # UPDATE would take one more parameter for a column to set, so the organisation stands in the criterion itself.
    within = with_loader_criteria(TenantOwned, lambda cls: cls.organisation_id == scope, include_aliases=True)
    state.statement = state.statement.options(within)


def limited(query: Executable, values: Mapping[str, Any], scope: Scope) -> tuple[Executable, Mapping[str, Any]]:
    """Return a query and its parameters as they are sent to see one organisation, or everywhere."""
    return (query, values) if scope == EVERYWHERE else (kept_within(query), {**values, ORGANISATION: scope})


def kept_within(statement: Executable) -> Executable:
    """Return a query that asks for the rows of one organisation only, the same one each time it is sent.

    SQLAlchemy looks through a query that it has not seen before: that takes longer than to run it.
    """
    kept = KEPT_WITHIN.get(statement)
    if kept is None:
        kept = KEPT_WITHIN[statement] = statement.options(WITHIN)
    return kept


@event.listens_for(ScopedSession, "before_flush")
def refuse_foreign_rows(session: Session, _context: UOWTransaction, _instances: Sequence[Any] | None) -> None:
    """Refuse to write for another organisation, or in a session that only reads."""
    if session.info["reads"] and (session.new or session.dirty or session.deleted):
        raise ReadOnly("this session was opened for reading")
    scope = session.info["scope"]
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, TenantOwned) and scope not in {EVERYWHERE, row.organisation_id}:
            raise OutOfScope(f"{type(row).__name__} belongs to organisation {row.organisation_id}, not {scope}")


class Database:
    """An engine: `read` sees a snapshot, `ask` sends one query alone, `write` takes the write lock at once."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.engine = make_engine(url, pool_size=pool_size)
        self._asking = self.engine.execution_options(**ASKING.get(self.engine.dialect.name, {}))
        reading = self.engine.execution_options(**READING.get(self.engine.dialect.name, {}))
        self._reading = sessionmaker(reading, class_=ReadingSession, autoflush=False, expire_on_commit=False)
        writing = self.engine.execution_options(begin_immediately=True)
        self._writing = sessionmaker(writing, class_=ScopedSession, expire_on_commit=False)
        # SQLite has one writer. Its own waiting is a lottery that somebody loses under load; here they queue.
        self._turn = Lock() if self.has_one_writer else nullcontext()

    @property
    def has_one_writer(self) -> bool:
        """Whether a transaction that writes keeps every other waiting."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Session]:
        """Open a session for reading one organisation (or EVERYWHERE).

        It ends with a commit: after a rollback PostgreSQL's driver forgets which statements are ready on the server.
        """
        with self._reading(info={"scope": scope, "reads": True}) as session:
            yield session
            if session.held is not None:
                session.held.commit()

    def ask(self, scope: Scope, query: Select[Any], **values: object) -> Sequence[Row[Any]]:
        """Return the rows of one query of columns that stands alone: a session costs as much again."""
        with self._asking.connect() as connection:
            return send(connection, *limited(query, values, scope)).all()

    @contextmanager
    def write(self, scope: Scope, *, if_taken: Exception | None = None) -> Iterator[Session]:
        """Open a transaction; it commits when the block ends and rolls back when it raises.

        `if_taken` is raised where a constraint refuses a row, because somebody else was a moment quicker.
        """
        try:
            with self._turn, self._writing.begin() as session:
                session.info.update(scope=scope, reads=False)
                yield session
        except IntegrityError as error:
            if if_taken is None:
                raise
            raise if_taken from error

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def add_up(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *, numbers: Sequence[str]) -> None:
    """Add numbers to those of rows of the session's organisation, making the rows that are not there yet.

    The rows are taken in order of their key, so that no two transactions wait for each other.
    """
    refuse_rows_of_others(session, rows)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    added = dialect.insert(table)
    key = [column.name for column in table.__table__.primary_key]
    together = added.on_conflict_do_update(
        index_elements=key, set_={number: getattr(table, number) + added.excluded[number] for number in numbers}
    )
    session.connection().execute(together, sorted(rows, key=lambda row: [str(row[name]) for name in key]))


def add_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Write many new rows of the session's organisation at once; they are not kept in the session afterwards.

    What they refer to must have been flushed.
    """
    refuse_rows_of_others(session, rows)
    if rows:
        session.connection().execute(insert(table), rows)


def refuse_rows_of_others(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse rows that go past the session's own look at what is written, where it would refuse them."""
    scope = session.info["scope"]
    if session.info["reads"] or any(scope not in {EVERYWHERE, row["organisation_id"]} for row in rows):
        raise OutOfScope("rows are written to the session's own organisation, and in a transaction that writes")


def columns_of(table: type[Base]) -> list[InstrumentedAttribute[Any]]:
    """Return what to select for bare rows of a table; unlike the table's own columns these know their organisation."""
    return [getattr(table, attribute.key) for attribute in inspect(table).column_attrs]


def insert_if_new(session: Session, table: type[Base]) -> Insert:
    """Return an INSERT that leaves a row alone when its key is there already."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()
