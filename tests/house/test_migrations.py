"""Migrations: one line of them, nothing of ours imported, and the tables that the models describe."""

import ast
import hashlib
import uuid

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import MetaData, Table

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from training.config import shipped
from training.db import Database
from training.domain.roles import Role
from training.migrate import migrate
from training.models import Base
from training.services import facts, organisations, standing_checks, standings, versions


def test_there_is_one_head():
    assert len(ScriptDirectory(str(shipped("migrations"))).get_heads()) == 1


def test_no_migration_imports_what_will_change_after_it():
    for path in (shipped("migrations") / "versions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "training" for name in names), f"{path.name} imports training"


def test_the_tables_are_those_of_the_models(database_url):
    database = Database(database_url)
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata) == []
    database.close()


def is_ours(name, type_, _parents) -> bool:
    """Say whether a table is described by our models; the queue's are described by Procrastinate."""
    return type_ != "table" or not name.startswith("procrastinate_")


def test_the_queue_has_the_tables_of_the_procrastinate_that_is_installed():
    """The schema of Procrastinate 3.10.0, which `0006_add_queue` makes.

    Where this fails, the package moved and its tables with it. Write a further migration that runs what is new in
    the package's `sql/migrations`, harmless where 0006 has made it already (a new database takes today's schema);
    then put the new number here.
    """
    schema = hashlib.sha256(SchemaManager.get_schema().encode()).hexdigest()
    assert schema == "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def test_taking_the_queue_away_leaves_nothing_of_it(postgresql_url):
    database = Database(postgresql_url)
    migrate(database, to="base")
    with database.engine.connect() as connection:
        for catalogue, column in (("pg_class", "relname"), ("pg_proc", "proname"), ("pg_type", "typname")):
            left = connection.exec_driver_sql(f"SELECT {column} FROM {catalogue}").scalars()  # noqa: S608
            assert [name for name in left if "procrastinate" in name] == []
    database.close()


def test_migrating_twice_changes_nothing_and_down_and_up_again_works(database_url, catalog):
    database = Database(database_url)
    migrate(database)
    fill(database, catalog)
    migrate(database, to="base")
    migrate(database)
    fill(database, catalog)
    database.close()


def test_a_revision_is_reached_from_both_sides(database_url):
    database = Database(database_url)
    for revision in ("head", "0021", "0022", "base", "0002", "head"):
        migrate(database, to=revision)
        with database.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
        heads = ScriptDirectory(str(shipped("migrations"))).get_heads()
        assert present == {"head": heads[0], "base": None}.get(revision, revision)
    database.close()


def fill(database, catalog):
    organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW)
    learner = make_person(database, home, now=NOW)
    assert learn(database, learner, catalog=catalog, now=NOW).passed
    assert standing_checks.verify(database, now=NOW) == []


def test_requirements_of_one_item_become_versions_and_keep_their_standings(database_url):
    database = Database(database_url)
    migrate(database, to="base")
    migrate(database, to="0002")
    organisation, person, requirement = 7, uuid.uuid4(), uuid.uuid4()
    with database.engine.begin() as connection:
        for table, row in rows_before_versions(organisation, person, requirement):
            connection.execute(table_of(connection, table).insert(), as_stored(row, connection))
    migrate(database)
    with database.read(organisation) as session:
        (found,) = facts.read_house(session).requirements.values()
        (version,) = found.versions
        assert (found.name, version.items, version.terms.valid_months) == ("Social care worker", ("basics",), 36)
        assert version.audience.roles == {Role.SOCIAL_CARE}
        assert [line.item for line in standings.read_lines(session, today=NOW.date())] == ["basics"]
    database.close()


def table_of(connection, name) -> Table:
    """Return a table as the database has it, whatever the models say today."""
    return Table(name, MetaData(), autoload_with=connection)


def as_stored(row, connection) -> dict:
    """Return a row as the driver takes it without a model to help: SQLite keeps ids as text."""
    is_sqlite = connection.dialect.name == "sqlite"
    return {name: value.hex if is_sqlite and isinstance(value, uuid.UUID) else value for name, value in row.items()}


def rows_before_versions(organisation, person, requirement):
    key = {"organisation_id": organisation}
    named = {"slug": "old", "name": "Old", "time_zone": "Europe/London"}
    yield "organisation", {"id": organisation, **named, "created_at": NOW}
    yield "person", {**key, "id": person, "name": "Ann", "recorded_at": NOW}
    yield (
        "requirement",
        {
            **key,
            "id": requirement,
            "item": "basics",
            "role": "social-care",
            "due_days": 30,
            "valid_months": 36,
            "window_days": 90,
            "basis": "anniversary",
            "minimum_months": 3,
            "starts_on": NOW.date(),
            "recorded_at": NOW,
        },
    )
    yield (
        "standing",
        {
            **key,
            "person_id": person,
            "requirement_id": requirement,
            "item": "basics",
            "first_due_reason": "",
            "in_date_in_need": False,
            "grace_reason": "",
            "never_expires": False,
            "valid_reason": "",
            "exempt_who": "",
            "exempt_why": "",
            "worked_out_on": NOW.date(),
        },
    )
