"""`training remind`: what it prints without sending, and what it sends."""

import pytest
from click.testing import CliRunner

from tests.conftest import NOW
from tests.factories import make_person
from tests.mail.receiving import receiving
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from training.cli import main
from training.models import MessageRow

pytestmark = ON_SQLITE


@pytest.fixture
def remind(database_url, content, home, database):
    """Run the command over a database with one person who can be reached and one who cannot."""
    make_person(database, home, now=NOW, name="Marta Kowalska", email="worker@home.example")
    make_person(database, home, now=NOW, name="Nobody’s Address")

    def runs(*words: str, **settings: str):
        environ = {"TRAINING_DATABASE_URL": database_url, "TRAINING_CONTENT_DIR": str(content), **settings}
        return CliRunner().invoke(main, ["remind", *words], env=environ)

    return runs


def test_a_dry_run_prints_who_would_be_told_of_what(remind, database):
    shown = remind("--dry-run")
    assert shown.output.splitlines() == [
        "home, 2 Mar 2026:",
        "  reminder to Marta Kowalska: every-kind, for-everyone, the-story",
        "  weekly digest to manager",
        "  cannot be reached: Nobody’s Address",
    ]
    assert "home, 1 Apr 2026:" in remind("--dry-run", "--on", "1 Apr 2026").output
    assert rows(database, MessageRow) == []


def test_a_dry_run_says_that_it_is_too_early(remind, time):
    time.now = NOW.replace(hour=6)
    assert "  quiet hours: nothing is sent before 08:00 UTC" in remind("--dry-run").output


def test_a_run_sends_once_and_says_how_much(remind):
    with receiving() as running:
        mail = {
            "TRAINING_MAIL_URL": f"smtp://127.0.0.1:{running.port}?tls=none",
            "TRAINING_MAIL_FROM": "training@example.org",
        }
        assert remind(**mail).output.splitlines() == ["2 sent", "2 messages were tried."]
        assert remind("--on", "2026-03-02", **mail).output == "0 messages were tried.\n"
        assert len(running.inbox.taken) == 2
    assert "cannot be reached: Nobody" in remind("--dry-run").output


def test_another_day_is_never_sent_and_nothing_is_without_a_server(remind, database):
    for words, code, says in (
        (("--on", "2026-03-01"), 2, "That day is past"),
        (("--on", "2026-03-01", "--dry-run"), 2, "That day is past"),
        (("--on", "2026-03-03"), 2, "for today alone"),
        ((), 1, "No mail server is set up"),
    ):
        refused = remind(*words)
        assert (refused.exit_code, says in refused.output) == (code, True), refused.output
    assert rows(database, MessageRow) == []
