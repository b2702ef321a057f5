"""Migrations: one line of them, nothing of ours imported, and the tables that the models describe."""

import ast

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.conftest import NOW
from tests.factories import learn, make_organisation, make_person
from training.config import shipped
from training.db import Database
from training.migrate import migrate
from training.models import Base
from training.services import organisations, standing_checks, versions


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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_migrating_twice_changes_nothing_and_down_and_up_again_works(database_url, catalog):
    database = Database(database_url)
    migrate(database)
    fill(database, catalog)
    migrate(database, to="base")
    migrate(database)
    fill(database, catalog)
    database.close()


def fill(database, catalog):
    organisations.ensure_public(database, time_zone="Europe/London", now=NOW)
    versions.keep_versions(database, catalog=catalog, now=NOW)
    home = make_organisation(database, catalog=catalog, now=NOW)
    learner = make_person(database, home, now=NOW)
    assert learn(database, learner, catalog=catalog, now=NOW).passed
    assert standing_checks.verify(database, now=NOW) == []
