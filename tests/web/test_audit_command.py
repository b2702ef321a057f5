"""The `training audit` commands: what they print, and what they leave as their exit code."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from tests.services.test_audit import TRIGGERS
from training.cli import main

VERIFY = ("audit", "verify")


@pytest.fixture
def command(database_url, home, content, monkeypatch):  # noqa: ARG001 (there must be an organisation)
    """Run a command on the test's database."""
    monkeypatch.setenv("TRAINING_DATABASE_URL", database_url)
    monkeypatch.setenv("TRAINING_CONTENT_DIR", str(content))

    def run(*words):
        return CliRunner().invoke(main, words)

    return run


@pytest.fixture
def tampered(rooms, home):
    """Somebody with the database itself changed the third entry."""
    with rooms.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for trigger in TRIGGERS:
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        changed = "UPDATE audit_entry SET act = 'coffee made' WHERE organisation_id = :ours AND number = 3"
        connection.execute(text(changed), {"ours": home.viewer.organisation_id})


def head(said):
    """Return the hash printed for the home organisation."""
    (line,) = [line for line in said.splitlines() if line.startswith("home:")]
    return line.split()[-1]


def test_whole_chains_are_well(command):
    done = command(*VERIFY)
    assert done.exit_code == 0
    assert "public: no entries. Nothing was ever done here that leaves one." in done.stdout
    assert "taken out" not in done.output
    assert "home: 6 entries, whole. The last has the hash " in done.stdout
    assert "Following home" in done.stderr


@pytest.mark.usefixtures("tampered")
def test_a_broken_chain_is_named_with_its_first_broken_entry(command):
    done = command(*VERIFY)
    assert done.exit_code == 1
    assert "home: Entry 3 is not as it was written: what stands in it does not give its hash." in done.stdout
    assert "public: no entries." in done.stdout
    assert "The audit log of home is not as it was written." in done.stderr


def test_a_log_without_any_entry_is_not_well_where_an_organisation_was_set_up(command, rooms, home, tampered):  # noqa: ARG001
    with rooms.engine.begin() as connection:
        for table in ("audit_entry", "audit_head"):
            taken = f"DELETE FROM {table} WHERE organisation_id = :ours"  # noqa: S608 - no text of anybody's
            connection.execute(text(taken), {"ours": home.viewer.organisation_id})
    done = command(*VERIFY)
    assert done.exit_code == 1
    assert "home: There are no entries, and setting up an organisation leaves one: all of them" in done.stdout
    assert "public: no entries. Nothing was ever done here that leaves one." in done.stdout


def test_a_hash_noted_earlier_must_still_stand(command):
    noted = head(command(*VERIFY, "--organisation", "home").stdout)
    assert command(*VERIFY, "--organisation", "home", "--expect", noted).exit_code == 0
    other = command(*VERIFY, "--organisation", "home", "--expect", "f" * 64)
    assert other.exit_code == 1
    assert "No entry has the hash" in other.stdout


@pytest.mark.parametrize("words", [("--organisation", "nowhere"), ("--expect", "f" * 64)])
def test_what_cannot_be_asked_is_wrong_usage(command, words):
    assert command(*VERIFY, *words).exit_code == 2
