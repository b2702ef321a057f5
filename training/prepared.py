"""Queries of columns made ready once, and sent and read through the driver itself: a third of the usual time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, CompoundSelect, Dialect, Executable, Select
from sqlalchemy.engine import Connection, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.types import TupleType, TypeEngine

# Of a query with lists among its values, so many lengths are kept ready, up to so many members.
LENGTHS: Final = 16
MEMBERS: Final = 1_000
Values = Mapping[str, Any]
Process = Callable[[Any], Any]


@dataclass(slots=True)
class Prepared:
    """A query as a driver takes it, by the lengths of its lists, with what turns our values and its columns about."""

    compiled: SQLCompiler
    writes: Mapping[str, Process]
    reads: Sequence[Process | None]
    defaults: Values
    lists: tuple[str, ...]
    shapes: dict[tuple[int, ...], ExpandedState] = field(default_factory=dict)
    keys: SimpleResultMetaData | None = None

    def send(self, connection: Connection, values: Values) -> Result[Any]:
        """Return the rows for some values.

        Raises:
            DBAPIError: where the driver refuses the query.
        """
        given = {**self.defaults, **values}
        shape = self.shape_for(given)
        sent = self.sent(shape, given)
        cursor = connection.connection.cursor()
        try:
            connection.dispatch.before_cursor_execute(connection, cursor, shape.statement, sent, None, False)
            cursor.execute(shape.statement, sent)
            rows = cursor.fetchall()
            if self.keys is None:
                self.keys = SimpleResultMetaData([column[0] for column in cursor.description])
        except connection.dialect.dbapi.Error as error:
            raise refused(connection, shape.statement, error) from error
        finally:
            cursor.close()
        return IteratorResult(self.keys, iter(self.read(rows)))

    def shape_for(self, values: Values) -> ExpandedState:
        """Return the query with as many places as these values' lists have members."""
        lengths = tuple([len(values[name]) for name in self.lists])
        shape = self.shapes.get(lengths)
        if shape is None:
            made = self.compiled.construct_expanded_state(dict(values))
            # Of the values themselves nothing is kept.
            shape = made._replace(parameters=dict.fromkeys(made.parameters), processors={})
            if len(self.shapes) < LENGTHS and sum(lengths) <= MEMBERS:
                self.shapes[lengths] = shape
        return shape

    def sent(self, shape: ExpandedState, values: Values) -> Sequence[Any] | Values:
        """Return the values as the driver takes them, in order or by name."""
        plain = dict(values)
        for name, process in self.writes.items():
            plain[name] = list(map(process, plain[name])) if name in self.lists else process(plain[name])
        for name in self.lists:
            plain.update(zip(shape.parameter_expansion[name], plain[name], strict=True))
        if shape.positiontup is not None:
            return tuple([plain[name] for name in shape.positiontup])
        return {name: plain[name] for name in shape.parameters}

    def read(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Return what a driver gave as we know it, a column at a time."""
        if not rows or not any(self.reads):
            return rows
        columns = zip(self.reads, zip(*rows, strict=True), strict=True)
        return list(zip(*[map(process, column) if process else column for process, column in columns], strict=True))


# Of each query, for as long as it is there: whether it asks for columns, and how it is sent to each kind of database.
# One seen for the first time is only noted, as it may never be seen again; one that cannot be made ready has None.
SEEN: Final = "seen"
OF_COLUMNS: Final[WeakKeyDictionary[Executable, bool]] = WeakKeyDictionary()
READY: Final[WeakKeyDictionary[Executable, dict[str, Prepared | str | None]]] = WeakKeyDictionary()


def is_of_columns(statement: Executable) -> bool:
    """Say whether a query asks for columns alone, of which a session keeps nothing.

    One that is read in parts stays the session's, which lets go of it wherever the reading stops.
    """
    found = OF_COLUMNS.get(statement)
    if found is None:
        asks_for_columns = isinstance(statement, CompoundSelect) or (
            isinstance(statement, Select)
            and all(isinstance(each["type"], TypeEngine) for each in statement.column_descriptions)
        )
        found = asks_for_columns and "yield_per" not in statement.get_execution_options()
        OF_COLUMNS[statement] = found
    return found


def send(connection: Connection, query: Select | CompoundSelect, values: Values) -> Result[Any]:
    """Return the rows of a query of columns, made ready where it comes again."""
    ready = ready_for(query, connection.dialect)
    return connection.execute(query, values) if ready is None else ready.send(connection, values)


def refused(connection: Connection, statement: str, error: Exception) -> Exception:
    """Return what the driver says as SQLAlchemy would say it; a connection that is lost is let go of."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        statement, None, error, dialect.dbapi.Error, connection_invalidated=is_lost, dialect=dialect
    )


def ready_for(query: Select | CompoundSelect, dialect: Dialect) -> Prepared | None:
    """Return a query as it is sent to a kind of database, from the second time on."""
    known = READY.setdefault(query, {})
    if dialect.name not in known:
        known[dialect.name] = SEEN
        return None
    if known[dialect.name] is SEEN:
        known[dialect.name] = prepare(query, dialect)
    return known[dialect.name]


def prepare(query: Select | CompoundSelect, dialect: Dialect) -> Prepared | None:
    """Make a query ready, unless a value has to stand in its text, or is asked for each time."""
    compiled = query.compile(dialect=dialect)
    names = compiled.bind_names
    lists = [bind for bind in compiled.post_compile_params if bind.expanding]
    if compiled.literal_execute_params or compiled.escaped_bind_names or any(bind.callable for bind in names):
        return None
    if any(isinstance(bind.type, TupleType) for bind in lists):
        return None
    # It would hold its own query, and so be there for ever.
    compiled.statement = compiled.compile_state = None
    writes = {name: kind_of(bind, dialect).bind_processor(dialect) for bind, name in names.items()}
    return Prepared(
        compiled=compiled,
        writes={name: process for name, process in writes.items() if process},
        reads=[kind_of(column, dialect).result_processor(dialect, None) for column in query.selected_columns],
        defaults={name: bind.effective_value for bind, name in names.items() if not bind.required},
        lists=tuple(names[bind] for bind in lists),
    )


def kind_of(what: ColumnElement[Any], dialect: Dialect) -> TypeEngine[Any]:
    """Return the type of a value or a column as a kind of database has it."""
    return what.type.dialect_impl(dialect)
