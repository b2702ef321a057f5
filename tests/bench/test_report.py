"""What was measured becomes a table in its place, and says honestly what is over its budget."""

import json

import pytest
from click.testing import CliRunner

from training.bench import measure
from training.bench.lines import Line
from training.bench.report import NoPlace, put, table
from training.cli import main

ON = {"database": "SQLite 3.50", "python": "3.11", "cores": 2, "memory_gb": 8, "load": 0.3, "day": "2026-03-02"}
LINES = (
    Line(what="a page", value=2.04, unit="ms", floor=0.5, most=3),
    Line(what="an answer", value=30, unit="ms", floor=10, most_times=2, note="median 9 ms"),
    Line(what="a rate", value=1234, unit="people/s", least=1_000),
    Line(what="memory", value=80, unit="MB"),
)
FOUND = {"machine": ON, "people": 25_000, "requirements": 10, "lines": [line.as_json() for line in LINES]}
DOCUMENT = "# Figures\n\n<!-- bench sqlite 25000 begins -->\nold\n<!-- bench sqlite 25000 ends -->\n\nThe end.\n"


def test_each_line_is_a_row_with_its_floor_ratio_budget_and_verdict():
    rows = table(FOUND).splitlines()
    assert rows[0].startswith("SQLite 3.50, 25,000 people, 10 items each. Measured on 2026-03-02: 2 cores, 8 GB")
    assert rows[4:] == [
        "| a page | 2.04 ms | 0.5 ms | 4.08 | at most 3 ms | yes | |",
        "| an answer | 30 ms | 10 ms | 3 | at most 2 x | **no** | median 9 ms |",
        "| a rate | 1,234 people/s | | | at least 1,000 people/s | yes | |",
        "| memory | 80 MB | | | | | |",
    ]


def test_a_measurement_that_failed_is_a_row_too():
    found = {**FOUND, "lines": [measure.failed("impact", "stopped after 900 s")]}
    assert table(found).splitlines()[-1] == "| impact | not measured | | | | **no** | stopped after 900 s |"


def test_a_table_takes_the_place_of_the_one_before(tmp_path):
    document, figures = tmp_path / "figures.md", tmp_path / "figures.json"
    document.write_text(DOCUMENT, encoding="utf-8")
    figures.write_text(json.dumps(FOUND), encoding="utf-8")
    for _ in range(2):
        done = CliRunner().invoke(main, ["bench", "report", str(figures), "--document", str(document)])
        assert done.exit_code == 0, done.output
    text = document.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.count("| a page |") == 1
    assert text.endswith("The end.\n")


def test_a_document_without_a_place_is_left_as_it_is(tmp_path):
    document = tmp_path / "figures.md"
    document.write_text("# Figures\n", encoding="utf-8")
    with pytest.raises(NoPlace, match="bench sqlite 25000 begins"):
        list(put(document, [FOUND]))
    assert document.read_text(encoding="utf-8") == "# Figures\n"


def test_an_unknown_measurement_is_refused(sqlite_url):
    done = CliRunner().invoke(main, ["bench", "run", "--only", "nonsense"], env={"TRAINING_DATABASE_URL": sqlite_url})
    assert done.exit_code == 2
    assert "start-up" in done.output


def test_a_database_without_a_bench_is_not_measured(sqlite_url):
    done = CliRunner().invoke(main, ["bench", "run"], env={"TRAINING_DATABASE_URL": sqlite_url})
    assert done.exit_code == 1
    assert "training bench seed" in done.output
