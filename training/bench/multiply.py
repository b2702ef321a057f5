"""The cast multiplied: every row about a person copied in the database itself, in batches, for as many as are wanted.

An id of a copy is that of its original with other first digits, so that whatever refers to it is found by the same
sum. Equal facts have equal standings, so what was worked out for the cast is right for its copies.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from training.db import Base, Database, TenantOwned

# So many people are copied in one transaction.
BATCH = 10_000
SCATTER, SPAN = 2_654_435_761, 2**32
DIGITS, CODE = 8, 5
# No receipt's code has this letter, so no copy's can be that of an original.
NO_RECEIPT = "U"
TEMPORARY = MetaData()
COPY = Table(
    "bench_copy",
    TEMPORARY,
    Column("number", Integer, primary_key=True),
    Column("digits", String(DIGITS)),
    Column("code", String(CODE)),
    Column("people", Integer),
    prefixes=["TEMPORARY"],
)
CAST = Table(
    "bench_cast",
    TEMPORARY,
    Column("person_id", Uuid, primary_key=True),
    Column("place", Integer),
    prefixes=["TEMPORARY"],
)
PLACE = Table(
    "bench_place",
    TEMPORARY,
    Column("number", Integer, primary_key=True),
    Column("site_id", Uuid),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Whole:
    """What is copied: whose rows, at which sites, and how many people there are to be in the end."""

    cast: Sequence[uuid.UUID]
    sites: Sequence[uuid.UUID]
    people: int


def tables_of_people() -> list[Table]:
    """Return the tables of an organisation that hold something about one person, those referred to first."""
    owned = {mapper.local_table for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantOwned)}
    return [
        table
        for table in Base.metadata.sorted_tables
        if table in owned and (table.name == "person" or "person_id" in table.c)
    ]


def multiply(database: Database, whole: Whole) -> Iterator[tuple[int, int]]:
    """Copy the cast until there are so many people; yields after each batch how many there are and the rows written."""
    copies = -(-whole.people // len(whole.cast))
    each = max(1, BATCH // len(whole.cast))
    with seeding(database) as connection:
        sources = [(table, keep_originals(connection, table)) for table in prepare(connection, whole)]
        sources = [(table, source) for table, source in sources if source is not None]
        connection.commit()
        for first in range(1, copies, each):
            numbers = range(first, min(first + each, copies))
            rows = copy_batch(connection, sources, whole=whole, numbers=numbers)
            connection.commit()
            yield min(whole.people, (numbers[-1] + 1) * len(whole.cast)), rows


@contextmanager
def seeding(database: Database) -> Iterator[Connection]:
    """Open a connection that writes as fast as a throw-away database may be written."""
    with database.engine.execution_options(preserve_rowcount=True).connect() as connection:
        make_haste(connection)
        try:
            yield connection
        finally:
            # With the connection go its temporary tables, and its haste.
            connection.rollback()
            connection.invalidate()


def make_haste(connection: Connection) -> None:
    """Let keys go unchecked where that is allowed: those of the copies are right where those of the cast are."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        for pragma in ("foreign_keys=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            driver.execute(f"PRAGMA {pragma}")
        return
    with suppress(psycopg.errors.InsufficientPrivilege):
        driver.execute("SET session_replication_role = replica")
    driver.commit()


def prepare(connection: Connection, whole: Whole) -> list[Table]:
    """Note whom to copy and the places to copy them to, and return the tables to look through."""
    TEMPORARY.create_all(connection, tables=[COPY, CAST, PLACE])
    people = [{"person_id": person_id, "place": place} for place, person_id in enumerate(whole.cast)]
    connection.execute(insert(CAST), people)
    connection.execute(insert(PLACE), [{"number": n, "site_id": each} for n, each in enumerate(whole.sites)])
    return tables_of_people()


def keep_originals(connection: Connection, table: Table) -> Table | None:
    """Keep the cast's own rows of a table apart, with each one's place; nothing where there are none."""
    person = person_of(table)
    kept = Table(
        f"bench_{table.name}",
        MetaData(),
        Column("place", Integer),
        *(Column(column.name, column.type) for column in table.columns),
        prefixes=["TEMPORARY"],
    )
    kept.create(connection)
    found = select(CAST.c.place, *table.columns).join_from(CAST, table, person == CAST.c.person_id)
    rows = connection.execute(insert(kept).from_select([column.name for column in kept.columns], found)).rowcount
    return kept if rows else None


def person_of(table: Table) -> Column:
    """Return the column that says whom a row is about."""
    return table.c.id if table.name == "person" else table.c.person_id


def copy_batch(
    connection: Connection, sources: Sequence[tuple[Table, Table]], *, whole: Whole, numbers: Sequence[int]
) -> int:
    """Write some copies of every row of the cast and return how many rows that were."""
    connection.execute(COPY.delete())
    size = len(whole.cast)
    connection.execute(
        insert(COPY),
        [
            {
                "number": number,
                "digits": f"{number * SCATTER % SPAN:08x}",
                "code": f"{NO_RECEIPT}{number:04x}",
                "people": min(size, whole.people - number * size),
            }
            for number in numbers
        ],
    )
    return sum(
        connection.execute(insert(table).from_select(*copies_of(table, source, sites=len(whole.sites)))).rowcount
        for table, source in sources
    )


def copies_of(table: Table, source: Table, *, sites: int) -> tuple[list[str], Any]:
    """Return the columns of a table and the query of its copies, at sites further on."""
    joined: FromClause = source.join(COPY, source.c.place < COPY.c.people)
    away = PLACE.alias("bench_away")
    if "site_id" in table.c:
        home = PLACE.alias("bench_home")
        joined = joined.outerjoin(home, home.c.site_id == source.c.site_id)
        joined = joined.outerjoin(away, away.c.number == (home.c.number + COPY.c.number) % sites)
    # What is at no site of ours, such as a line of the whole organisation, stays as it is.
    at_sites = {"site_id": lambda column: func.coalesce(away.c.site_id, column)}
    names = [column.name for column in table.columns]
    values = [(at_sites.get(name) or rule_for(table.c[name]))(source.c[name]) for name in names]
    return names, select(*values).select_from(joined)


def rule_for(column: Column) -> Any:  # noqa: ANN401 (a function of a column)
    """Return how a column's value in a copy follows from the original's."""
    table = column.table
    if column is person_of(table) or is_own_id(column) or refers_to_copied(column):
        return new_id
    if table.name == "person" and column.name == "name":
        return lambda original: original + " " + COPY.c.code
    if isinstance(column.type, String) and is_unique(column):
        return lambda original: COPY.c.code + func.substr(original, CODE + 1)
    return lambda original: original


def new_id(original: ColumnElement) -> ColumnElement:
    """Return the id that a copy has in place of an original's."""
    return cast(COPY.c.digits.concat(func.substr(cast(original, String), DIGITS + 1)), Uuid)


def is_own_id(column: Column) -> bool:
    """Say whether a column is the row's own id, and no reference."""
    return column.primary_key and isinstance(column.type, Uuid) and not column.foreign_keys and column.name != "site_id"


def refers_to_copied(column: Column) -> bool:
    """Say whether a column refers to a row that is copied too; whoever recorded something stays who they are."""
    copied = {table.name for table in tables_of_people()} - {"person"}
    return any(key.column.table.name in copied and key.column.name != "organisation_id" for key in column.foreign_keys)


def is_unique(column: Column) -> bool:
    """Say whether a table has each value of a column once, in all or in an organisation."""
    return any(index.unique and column.name in index.columns for index in column.table.indexes) or any(
        getattr(constraint, "__visit_name__", "") == "unique_constraint" and column.name in constraint.columns
        for constraint in column.table.constraints
    )
