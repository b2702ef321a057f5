"""An import that is killed in its midst leaves nothing; sent again, it is done once."""

import os
import signal
import subprocess
import sys

import pytest

from tests.services.stored import rows
from tests.uploads.making import HEADINGS
from training import clock
from training.domain.days import day_in
from training.domain.roles import Role
from training.models import Employment, ImportRow, ImportRun, Person, QuietStep
from training.services import audit, organisations, standing_checks
from training.services.import_runs import Operator

PEOPLE = 3_000
PATIENCE = 300
SLUG = "home"


@pytest.fixture
def file(tmp_path):
    """A staff list, long enough to be killed in the midst of."""
    path = tmp_path / "staff.csv"
    lines = (f"{n},Person {n},Carer,North,01/01/2026" for n in range(1, PEOPLE + 1))
    path.write_text("\n".join([",".join(HEADINGS), *lines]), encoding="utf-8")
    return path


@pytest.fixture
def organisation_id(database):
    now = clock.now()
    organisations.add_organisation(
        database,
        slug=SLUG,
        name="Home",
        manager_email="manager@home.example",
        required={},
        time_zone="Europe/London",
        today=day_in(now, "Europe/London"),
        now=now,
    )
    return organisations.find_organisation(database, SLUG).id


def importing(file, database_url) -> subprocess.Popen:
    """Start the command that imports, in a process group of its own."""
    asked = ["people", "import", str(file), "--organisation", SLUG, "--apply", "--create-sites"]
    role = f"Carer={Role.SOCIAL_CARE.value}"
    return subprocess.Popen(
        [sys.executable, "-c", "from training.cli import main; main()", *asked, "--title", role],
        env={**os.environ, "TRAINING_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_until_under_way(process: subprocess.Popen) -> None:
    """Wait for the first people to be done within the transaction."""
    for line in process.stderr:
        if line.startswith("500 of"):
            return
    raise AssertionError(f"the import ended with {process.wait()}: {process.stdout.read()}")


def test_an_import_that_is_killed_leaves_nothing_and_is_done_once_when_sent_again(
    database, database_url, organisation_id, file
):
    with importing(file, database_url) as process:
        wait_until_under_way(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=PATIENCE)
    assert {row.name for row in rows(database, Person)} == {"manager"}
    assert rows(database, Employment) == []
    assert rows(database, QuietStep) == []
    assert [row.applied_at for row in rows(database, ImportRun)] == [None]
    assert all(row.done is None for row in rows(database, ImportRow))
    assert organisations.list_sites(database, viewer=manager_of(organisation_id)) == []
    with importing(file, database_url) as process:
        said, wrong = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said + wrong
    assert len(rows(database, Employment)) == PEOPLE
    assert len(rows(database, Person)) == PEOPLE + 1
    assert standing_checks.verify(database, now=clock.now()) == []
    assert audit.verify(database, organisation_id=organisation_id).broken == ""


def manager_of(organisation_id):
    """Return whoever may see every site."""
    return Operator(organisation_id=organisation_id, time_zone="Europe/London")
