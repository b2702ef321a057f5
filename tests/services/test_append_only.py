"""What has happened can only be added to: the database itself refuses to change or delete it."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import learn
from tests.services.stored import how_many, rows
from training.db import EVERYWHERE
from training.models import Attempt, Completion, ContentVersion

CHANGES = [
    pytest.param(Attempt, {"passed": False}, id="attempt"),
    pytest.param(Completion, {"code": "AAAAA-AAAAA-AAAAA"}, id="completion"),
    pytest.param(ContentVersion, {"body": "{}"}, id="content_version"),
]


@pytest.fixture(autouse=True)
def _somebody_has_passed(database, catalog, learner):
    learn(database, learner, catalog=catalog, now=NOW)


def values(row):
    return {column.key: getattr(row, column.key) for column in type(row).__table__.columns}


def stored(database, table):
    return sorted(map(repr, (values(row) for row in rows(database, table))))


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_a_fact_cannot_be_changed(database, table, change):
    before = stored(database, table)
    with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
        session.execute(update(table).values(**change))
    assert stored(database, table) == before


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_a_fact_cannot_be_changed_by_setting_a_field(database, table, change):
    before = stored(database, table)
    ((name, value),) = change.items()
    with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
        setattr(session.scalars(select(table).limit(1)).one(), name, value)
    assert stored(database, table) == before


@pytest.mark.parametrize("table", [Attempt, Completion, ContentVersion])
def test_a_fact_cannot_be_deleted(database, table):
    before = how_many(database, table)
    assert before > 0
    with pytest.raises(DatabaseError, match="append-only"), database.write(EVERYWHERE) as session:
        session.execute(delete(table))
    assert how_many(database, table) == before


@pytest.mark.parametrize("table", ["attempt", "completion", "content_version"])
def test_past_the_services_the_refusal_is_the_same(database, table):
    for statement in (f"UPDATE {table} SET recorded_at = recorded_at", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
            connection.execute(text(statement))


def test_postgresql_does_not_empty_a_table_of_facts_either(postgresql_url):
    from training.db import Database

    database = Database(postgresql_url)
    for table in ("completion", "attempt", "content_version"):
        with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {table} CASCADE"))
    database.close()
