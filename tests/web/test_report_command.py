"""`training report` writes what the pages say, for an operator who is nobody in the organisation."""

import json
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from tests import reading
from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.stored import rows
from tests.web.conftest import ON_SQLITE
from training import clock
from training.cli import main
from training.domain.days import DayUnreadable
from training.models import AuditEntry, Person
from training.report_writing import read_instant


@pytest.fixture
def run(database_url, content, tmp_path, database, catalog, home, monkeypatch):
    """Run the command on an organisation of two people, one of whom passed something."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    person = make_person(database, home, now=NOW, name="=Ann Ayo", starts_on=date(2025, 1, 1))
    make_person(database, home, now=NOW, name="Bo", starts_on=date(2025, 1, 1))
    learn(database, person, catalog=catalog, slug="every-kind", now=NOW)
    environ = {"TRAINING_DATABASE_URL": database_url, "TRAINING_CONTENT_DIR": str(content)}

    def invoke(name, form="csv", *options):
        output = tmp_path / f"report.{form}"
        asked = ["report", name, "--organisation", "home", "--format", form, "--output", str(output), *options]
        done = CliRunner().invoke(main, asked, env=environ)
        return done, output

    return invoke


@ON_SQLITE
def test_every_form_is_written_and_says_the_same(run):
    read = {"csv": reading.read_csv, "xlsx": reading.read_xlsx, "pdf": reading.read_pdf, "json": reading.read_json}
    found = {}
    for form, back in read.items():
        done, output = run("matrix", form, "--as-at", "1 May 2026")
        assert done.exit_code == 0, done.output
        assert str(output) in done.output
        (found[form],) = back(output.read_bytes()).tables.values()
    assert found["csv"] == found["xlsx"] == found["pdf"] == found["json"]
    assert [row[0] for row in found["csv"][1:]] == ["=AnnAyo", "Bo"]


@ON_SQLITE
def test_the_report_says_that_the_operator_made_it_and_what_was_known(run):
    done, output = run("everybody", "json", "--as-at", "1 May 2026", "--known-at", "2026-03-01T09:30")
    assert done.exit_code == 0, done.output
    head = json.loads(output.read_text(encoding="utf-8"))["head"]
    assert head["made_by"] == "the operator of the service"
    assert (head["as_at"], head["known_at"], head["is_forecast"]) == ("2026-05-01", "2026-03-01T09:30:00+00:00", True)
    assert head["counts"]["up_to_date"] == 0


@ON_SQLITE
def test_a_site_a_person_and_a_span_can_be_asked_for(run, database, home):
    done, output = run("everybody", "csv", "--site", "First site")
    assert done.exit_code == 0, done.output
    assert b"First site" in output.read_bytes()
    (noted,) = rows(database, AuditEntry, act="report exported")
    assert (noted.actor_kind, noted.detail["site_asked"]) == ("operator", str(home.site_id))
    with database.read(home.viewer.organisation_id) as session:
        number = next(one.staff_number for one in session.query(Person) if one.name == "Bo")
    done, output = run("person", "json", "--person", number)
    assert json.loads(output.read_text(encoding="utf-8"))["head"]["shows"] == f"Bo; {number}"
    done, output = run("training-hours", "csv", "--from", "3 Mar 2026")
    assert b"up to" not in output.read_bytes()


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nonsense", (), "There is no report 'nonsense'. There are: compliance"),
        ("everybody", ("--site", "Elsewhere"), "There is no site 'Elsewhere'. There are: First site."),
        ("person", (), "Choose a person"),
        ("person", ("--person", "0"), "Nobody has the staff number '0'."),
        ("everybody", ("--as-at", "soon"), "Write the day like this: 13 Jan 2027."),
        ("everybody", ("--known-at", "soon"), "Write the instant like this"),
        ("everybody", ("--organisation", "away"), "There is no organisation 'away'."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_and_leaves_no_file(run, name, options, says):
    done, output = run(name, "csv", *options)
    assert done.exit_code == 2
    assert says in done.output
    assert list(output.parent.glob("report*")) == []


@ON_SQLITE
def test_what_is_too_long_for_paper_leaves_no_file_either(run, monkeypatch):
    from training.exports import pdf

    monkeypatch.setattr(pdf, "MOST_ROWS", 2)
    done, output = run("everybody", "pdf")
    assert done.exit_code == 2
    assert "A PDF holds at most 2 rows" in done.output
    assert list(output.parent.glob("report*")) == []


def test_a_day_of_knowledge_means_its_end_and_an_instant_itself():
    assert read_instant("1 Jul 2026", time_zone="Europe/London") == datetime(2026, 7, 1, 22, 59, 59, 999999, tzinfo=UTC)
    assert read_instant("2026-07-01T09:30", time_zone="Europe/London") == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert read_instant("2026-07-01T09:30+05:00", time_zone="Europe/London") == datetime(2026, 7, 1, 4, 30, tzinfo=UTC)
    with pytest.raises(DayUnreadable, match="2027-01-13T09:30"):
        read_instant("noon", time_zone="Europe/London")
