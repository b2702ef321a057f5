"""`training people import`: the plan is printed, and with `--apply` carried out; what is wrong is said with its row."""

import pytest
from click.testing import CliRunner

from tests.conftest import NOW
from tests.files.people_with_faults import FILE
from tests.services.importing import jobs_of
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from training.cli import main
from training.domain.roles import Role
from training.models import AuditEntry, ImportRow, ImportRun, Person

pytestmark = ON_SQLITE
CARE = Role.SOCIAL_CARE.label
HEADINGS = "Staff number,Name,Job title,Site,Start date"


@pytest.fixture
def importing(database_url, content, home, tmp_path):  # noqa: ARG001 (there must be an organisation)
    """Run the command with a file of these lines, or with the one with faults."""

    def runs(*lines: str, asked=(), organisation="home", path=FILE):
        if lines:
            path = tmp_path / "staff.csv"
            path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
        environ = {"TRAINING_DATABASE_URL": database_url, "TRAINING_CONTENT_DIR": str(content)}
        words = ["people", "import", str(path), "--organisation", organisation, *asked]
        return CliRunner().invoke(main, words, env=environ)

    return runs


def test_a_plan_is_printed_and_nothing_of_it_is_kept(importing, rooms):
    shown = importing(f"1,Ann,{CARE},First site,5/1/2026")
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "      1 to add",
        "      0 to change",
        "      0 to leave alone",
        "      0 who leave",
        "      0 wrong",
        "Nothing was changed. Add --apply to import.",
    ]
    assert rows(rooms, ImportRun) == rows(rooms, ImportRow) == []
    assert "Ann" not in {row.name for row in rows(rooms, Person)}


def test_what_is_wrong_is_printed_with_row_column_and_value(importing):
    shown = importing()
    assert shown.exit_code == 1
    assert "row 12, Date started, “31/02/2026”: Feb 2026 has no day 31." in shown.output
    assert "row 11, Staff no., “”: Enter a staff number" in shown.output


def test_applying_imports_as_the_operator_and_is_in_the_audit_log(importing, rooms, home):
    done = importing(f"1,Ann,{CARE},First site,5/1/2026", asked=["--apply"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "Imported."
    assert jobs_of(rooms, home.viewer, "1")
    (entry,) = [row for row in rows(rooms, AuditEntry) if row.act == "people imported"]
    assert (entry.actor_kind, entry.actor_id, entry.detail["create"]) == ("operator", None, 1)


def test_names_to_be_made_and_rows_to_be_left_out_are_asked_for(importing, rooms, home):
    lines = ("1,Ann,Night nurse,The Mill,", "2,,Night nurse,The Mill,")
    asked = ["--apply", "--create-sites", "--title", "Night nurse=non-prescriber"]
    held = importing(*lines, asked=asked)
    assert held.exit_code == 1
    assert "Some rows are wrong." in held.output
    assert importing(*lines, asked=[*asked, "--leave-out-faults"]).exit_code == 0
    assert jobs_of(rooms, home.viewer, "1") == [("Night nurse", "The Mill", NOW.date(), None)]
    assert importing(*lines, asked=["--title", "Night nurse=wizard"]).exit_code == 2


def test_leavers_are_typed(importing, rooms, home):
    importing(f"1,Ann,{CARE},First site,5/1/2026", f"2,Bo,{CARE},First site,5/1/2026", asked=["--apply"])
    line = f"1,Ann,{CARE},First site,5/1/2026"
    refused = importing(line, asked=["--apply", "--leavers", "2"])
    assert refused.exit_code == 1
    assert "1 of 2 people would leave. Type that number" in refused.output
    assert importing(line, asked=["--apply", "--leavers", "1"]).exit_code == 0
    assert jobs_of(rooms, home.viewer, "2")[0][3] == NOW.date()


def test_an_organisation_or_a_file_that_is_none_is_refused_in_words(importing, tmp_path):
    unknown = importing(f"1,Ann,{CARE},First site,", organisation="nobody")
    assert (unknown.exit_code, "There is no organisation 'nobody'." in unknown.output) == (1, True)
    picture = tmp_path / "staff.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    refused = importing(path=picture)
    assert (refused.exit_code, "It is a picture, whatever its name says." in refused.output) == (1, True)
