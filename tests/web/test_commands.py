"""The `training` command: what it prints, and 0 for done, 1 for not well, 2 for wrong usage."""

import os
import shutil
from datetime import timedelta

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.catalog.sample_content import module_text, write
from tests.conftest import NOW
from tests.factories import PASSWORD, learn, make_person, sign_in
from tests.web.conftest import ON_SQLITE
from tests.web.content import EVERY_KIND
from training.cli import main
from training.db import EVERYWHERE
from training.services import accounts, invites


@pytest.fixture
def run(database_url, content, monkeypatch):
    """Run the command over the test's database; returns its result."""
    for name in [name for name in os.environ if name.startswith("TRAINING_")]:
        monkeypatch.delenv(name)

    def runs(*words: str, **settings: str) -> Result:
        environ = {"TRAINING_DATABASE_URL": database_url, "TRAINING_CONTENT_DIR": str(content), **settings}
        return CliRunner().invoke(main, words, env=environ)

    return runs


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the words of every command and group."""
    found = [path]
    for name, command in group.commands.items():
        inner = command if isinstance(command, click.Group) else None
        found += commands(inner, (*path, name)) if inner else [(*path, name)]
    return found


@pytest.mark.parametrize("words", commands(main), ids=" ".join)
def test_every_command_has_help(words):
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith("Usage: ")


@ON_SQLITE
def test_wrong_usage_is_told_apart_from_what_is_not_well(run):
    for words in (["no-such"], ["content", "check", "/nowhere"], ["organisation", "add"], ["serve", "--port", "0"]):
        assert run(*words).exit_code == 2, words
    refused = run("migrate", TRAINING_COLOUR="blue")
    assert (refused.exit_code, "TRAINING_COLOUR is not a setting" in refused.output) == (2, True)


@ON_SQLITE
def test_migrating_brings_an_empty_database_up_to_date_and_may_be_repeated(run, tmp_path):
    empty = {"TRAINING_DATABASE_URL": f"sqlite:///{tmp_path}/new/empty.sqlite"}
    before = run("doctor", **empty)
    assert (before.exit_code, "Run `training migrate`" in before.output) == (1, True)
    for _ in range(2):
        assert run("migrate", **empty).output == "The database is up to date.\n"
    assert run("doctor", **empty).output == "All is well.\n"


@ON_SQLITE
def test_the_link_of_a_new_organisation_lets_its_manager_in(run, database, time):
    added = run("organisation", "add", "willow", "--name", "Willow Care", "--manager", "ruth@willow.example")
    assert added.exit_code == 0
    token = added.output.splitlines()[-1].removeprefix("http://127.0.0.1:8000/join/")
    invites.accept_invite(database, token=token, password=PASSWORD, now=time.now)
    assert sign_in(database, "ruth@willow.example", now=time.now).manages_all


@ON_SQLITE
def test_an_organisation_that_cannot_be_added_is_refused_in_words(run, database):  # noqa: ARG001 (it must be there)
    good = ("--name", "Willow Care", "--manager", "ruth@willow.example")
    run("organisation", "add", "willow", *good)
    for words, said in (
        (("willow", *good), "There is an organisation 'willow' already."),
        (("Willow Care", *good), "small letters"),
    ):
        refused = run("organisation", "add", *words)
        assert refused.exit_code == 2
        assert said in refused.output
        assert "Traceback" not in refused.output


@ON_SQLITE
def test_a_name_or_address_that_cannot_be_kept_is_refused_in_words(run, database):  # noqa: ARG001 (it must be there)
    for name, email, said in ((" ", "a@elm.example", "Enter a name."), ("Elm", "nobody", "Enter an e-mail address")):
        refused = run("organisation", "add", "elm", "--name", name, "--manager", email)
        assert (refused.exit_code, said in refused.output) == (2, True)


@ON_SQLITE
def test_a_reset_link_sets_a_new_password(run, home, database, time):  # noqa: ARG001 (there must be somebody)
    shown = run("people", "reset", "manager@home.example")
    token = shown.output.strip().rpartition("/")[2]
    invites.accept_invite(database, token=token, password="five blue kettles", now=time.now)
    assert accounts.sign_in(
        database, sign_in_name="manager@home.example", password="five blue kettles", now=time.now, client="a test"
    )
    nobody = run("people", "reset", "nobody@home.example")
    assert (nobody.exit_code, "Nobody signs in as 'nobody@home.example'." in nobody.output) == (1, True)


@ON_SQLITE
def test_good_content_is_in_order_and_every_fault_is_listed_with_its_line(run, content, tmp_path):
    good = run("content", "check")
    assert (good.exit_code, good.output.splitlines()[-1]) == (0, "The content is in order.")
    spoilt = shutil.copytree(content, tmp_path / "content")
    path = write(spoilt, module_text(EVERY_KIND, minutes="800"), "modules/every-kind.md")
    for words in (("content", "check", str(spoilt)), ("content", "check", str(path))):
        faulty = run(*words)
        assert faulty.exit_code == 1
        assert "every-kind.md:" in faulty.output
    assert "every-kind.md:" in run("doctor", TRAINING_CONTENT_DIR=str(spoilt)).output
    assert "every-kind.md:" in run("serve", TRAINING_CONTENT_DIR=str(spoilt)).output


@ON_SQLITE
def test_standings_that_drift_are_found_and_mended(run, database, catalog, home, time):
    learn(database, make_person(database, home, now=NOW), catalog=catalog, slug="every-kind", now=NOW)
    assert "Every standing agrees with the facts, and every counter" in run("standing", "verify").output
    with database.write(EVERYWHERE) as session:
        session.execute(text("UPDATE standing SET valid_until = NULL"))
        session.execute(text("DELETE FROM standing WHERE item = 'for-everyone'"))
    drifted = run("standing", "verify")
    assert drifted.exit_code == 1
    assert "home: person" in drifted.output
    assert "training standing rebuild" in drifted.output
    assert "Worked out anew for" in run("standing", "rebuild").output
    assert run("standing", "verify").exit_code == 0
    with database.write(EVERYWHERE) as session:
        session.execute(text("UPDATE counter SET heads = heads + 3 WHERE item = ''"))
    miscounted = run("standing", "verify")
    assert (miscounted.exit_code, "heads lacks -3" in miscounted.output) == (1, True)
    assert run("standing", "rebuild").exit_code == run("standing", "verify").exit_code == 0
    assert time.now == NOW


@ON_SQLITE
def test_what_is_stored_is_never_turned_to_a_day_to_come(run):
    refused = run("refresh", "--on", "2030-01-01")
    assert (refused.exit_code, "--dry-run" in refused.output) == (2, True)
    ahead = run("refresh", "--on", "2030-01-01", "--dry-run")
    assert (ahead.exit_code, ahead.output) == (0, "Nothing is due.\n"), "there is nobody here"


@ON_SQLITE
def test_migrating_works_out_what_a_new_table_has_not_yet(run, database, home):
    make_person(database, home, now=NOW)
    assert "Worked out anew" not in run("migrate").output
    with database.write(EVERYWHERE) as session:
        session.execute(text("DELETE FROM on_file"))
        session.execute(text("DELETE FROM counter"))
    assert "Worked out anew for" in run("migrate").output
    assert run("standing", "verify").exit_code == 0


@ON_SQLITE
def test_migrating_counts_what_falls_due_where_it_is_not_counted_yet(run, database, home):
    make_person(database, home, now=NOW)
    with database.write(EVERYWHERE) as session:
        session.execute(text("DELETE FROM due_counter"))
    assert run("standing", "verify").exit_code == 1
    assert run("migrate").exit_code == run("standing", "verify").exit_code == 0


@ON_SQLITE
def test_a_trend_that_drifts_is_found_and_mended(run, database, home):
    made = NOW - timedelta(days=62)
    make_person(database, home, now=made, starts_on=made.date())
    assert "Worked out anew for" in run("trend", "rebuild").output
    assert "Every figure of the trend agrees" in run("trend", "verify").output
    with database.write(EVERYWHERE) as session:
        session.execute(text("UPDATE trend_figure SET heads = heads + 3 WHERE item = ''"))
    drifted = run("trend", "verify")
    assert (drifted.exit_code, "heads lacks -3" in drifted.output) == (1, True)
    assert run("trend", "rebuild").exit_code == run("trend", "verify").exit_code == 0


@ON_SQLITE
def test_the_demonstration_is_refused_in_production(run):
    refused = run(
        "demo",
        TRAINING_ENV="production",
        TRAINING_SECRET_KEY="x" * 40,
        TRAINING_BASE_URL="https://training.example.org",
    )
    assert refused.exit_code == 1
    assert "never loaded in production" in refused.output


@ON_SQLITE
def test_doctor_says_when_the_database_does_not_answer(run):
    silent = run("doctor", TRAINING_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert (silent.exit_code, "The database does not answer." in silent.output) == (1, True)


@ON_SQLITE
def test_a_key_for_phones_is_made_once_and_never_replaced(run):
    made = run("keys")
    line = made.stdout.strip()
    assert (made.exit_code, line.count("\n")) == (0, 0), "what goes to a file of settings is the one line"
    name, _, key = line.partition("=")
    assert name == "TRAINING_VAPID_PRIVATE_KEY"
    kept = run("keys", **{name: key})
    assert (kept.exit_code, kept.stdout) == (1, "")
    assert "was left as it is" in kept.stderr
    assert run("keys").stdout.strip() != line
