"""`training report` for other systems: the files of ASC-WDS and ESR at the command line."""

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from tests.web.test_commands import run  # noqa: F401 (a fixture)
from training.domain.asc_wds import Layout
from training.domain.asc_wds_file import check_file
from training.domain.esr import NEEDED, Column, EsrMapping
from training.models import AuditEntry
from training.services import esr_mappings, organisations, references

pytestmark = ON_SQLITE


@pytest.fixture
def passed(database, catalog, home, worker, time):  # noqa: ARG001 (the clock stands)
    """Two people at two sites passed the same."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    other = make_person(database, home, now=NOW, site_id=second)
    for person in (worker, other):
        learn(database, person, catalog=catalog, slug="every-kind", now=NOW)
    return second


def report(run, form, output, *more, name=""):  # noqa: F811 (the fixture)
    return run("report", name or form, "--organisation", "home", "--format", form, "--output", str(output), *more)


@pytest.mark.usefixtures("passed")
def test_the_asc_wds_file_is_written_once_nothing_is_missing_or_what_is_missing_is_left_out(
    run,  # noqa: F811 (the fixture)
    database,
    home,
    tmp_path,
):
    output = tmp_path / "training.csv"
    references.save_workplaces(database, viewer=home.viewer, references={home.site_id: "SITE-01"}, now=NOW)
    refused = report(run, "asc-wds", output)
    assert (refused.exit_code, output.exists()) == (1, False)
    assert "1 row cannot stand in the file" in refused.output
    assert "Second site: It has no workplace reference (LOCALESTID). 1 row." in refused.output
    done = report(run, "asc-wds", output, "--leave-out")
    assert (done.exit_code, "1 row." in done.output) == (0, True)
    data = output.read_bytes()
    assert check_file(data, Layout.TWELVE, today=NOW.date()) == []
    assert data.count(b"SITE-01") == 1
    entry = max(rows(database, AuditEntry), key=lambda each: each.number)
    assert (entry.act, entry.actor_kind, entry.actor_id) == ("report exported", "operator", None)


def test_one_site_alone_may_be_asked_for(run, database, home, passed, tmp_path):  # noqa: F811 (the fixture)
    output = tmp_path / "training.csv"
    references.save_workplaces(database, viewer=home.viewer, references={passed: "SITE-02"}, now=NOW)
    assert report(run, "asc-wds", output, "--site", "Second site").exit_code == 0
    assert output.read_bytes().count(b"SITE-02") == 1
    assert report(run, "asc-wds", output, "--site", "Nowhere").exit_code == 2


@pytest.mark.usefixtures("passed")
def test_the_esr_file_is_written_with_a_mapping_by_its_name(run, database, home, tmp_path):  # noqa: F811 (the fixture)
    output = tmp_path / "esr.csv"
    columns = tuple(Column(holds, holds.label) for holds in NEEDED)
    mapping = EsrMapping("Our trust", columns, {"every-kind": "457|LOCAL|Basics|"})
    refused = report(run, "esr", output, "--mapping", "Our trust")
    assert (refused.exit_code, "There are: none" in refused.output) == (2, True)
    esr_mappings.save_mapping(database, viewer=home.viewer, mapping=mapping, now=NOW)
    assert report(run, "esr", output, "--mapping", "Our trust").exit_code == 0
    assert output.read_text().count("457|LOCAL|Basics|") == 2


@pytest.mark.parametrize("more", [("--as-at", "2026-01-01"), ("--known-at", "2026-01-01"), ("--person", "1")])
@pytest.mark.usefixtures("passed")
def test_a_file_for_another_system_is_of_today_and_everybody(run, tmp_path, more):  # noqa: F811 (the fixture)
    refused = report(run, "asc-wds", tmp_path / "training.csv", *more)
    assert (refused.exit_code, "of everybody on file today" in refused.output) == (2, True)


@pytest.mark.usefixtures("passed")
def test_its_form_is_of_no_other_report(run, tmp_path):  # noqa: F811 (the fixture)
    refused = report(run, "asc-wds", tmp_path / "training.csv", name="overdue")
    assert (refused.exit_code, "training report asc-wds --format asc-wds" in refused.output) == (2, True)
