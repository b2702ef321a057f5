"""The commands for authors: what they print, what they write, and 0 for done, 1 for not well, 2 for wrong usage."""

import csv
import io
import json
import os
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sample_content import BODY, TRACKS, module_text, scenario_text, write

from training import clock
from training.cli import main


@pytest.fixture
def content(tmp_path):
    folder = tmp_path / "content"
    write(folder, module_text(), "modules/first.md")
    write(folder, scenario_text(), "scenarios/story.md")
    write(folder, TRACKS, "tracks.yaml")
    return folder


@pytest.fixture
def run(content, monkeypatch):
    for name in [name for name in os.environ if name.startswith("TRAINING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, 12, tzinfo=UTC))

    def runs(*words, **settings):
        environ = {"TRAINING_CONTENT_DIR": str(content), **settings}
        return CliRunner().invoke(main, ["content", *map(str, words)], env=environ)

    return runs


def test_a_check_prints_hints_and_is_well(run, content):
    checked = run("check")
    assert checked.exit_code == 0
    *hints, last = checked.output.splitlines()
    assert last == "The content is in order."
    assert hints
    assert all(": hint: " in hint for hint in hints)
    assert run("check", "--no-hints").output == "The content is in order.\n"
    assert run("check", content / "tracks.yaml").output == "The content is in order.\n"


def test_a_check_prints_faults_before_hints_and_is_not_well(run, content):
    write(content, module_text(minutes="2"), "modules/second.md")
    checked = run("check")
    assert checked.exit_code == 1
    first, *rest = checked.output.splitlines()
    assert "second.md:12: `minutes`" in first
    assert all(": hint: " in hint for hint in rest)
    assert rest
    assert run("check", "--no-hints").output.splitlines() == [first]


def test_hints_know_what_day_it_is(run, content, monkeypatch):
    path = content / "modules/first.md"
    assert "review" not in run("check", path).output
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 11, 22, 23, 30, tzinfo=UTC))
    assert "review" not in run("check", path).output
    assert "the review was due by 2027-11-22" in run("check", path, TRAINING_TIME_ZONE="Asia/Tokyo").output


def test_glossary_terms_are_left_out_of_the_grade(run, content):
    hard = module_text(BODY.replace("word " * 120, "Benzodiazepine benzodiazepine. " * 60))
    path = write(content, hard, "modules/first.md")
    before = json.loads(run("stats", path, "--format", "json").output)[0]
    write(content, "benzodiazepine: {term: benzodiazepine, meaning: A medicine.}", "glossary.yaml")
    after = json.loads(run("stats", path, "--format", "json").output)[0]
    assert after["grade"] < before["grade"] - 10
    assert after["grade_with_terms"] == before["grade_with_terms"] == before["grade"]


def test_stats_come_in_three_shapes(run, content):
    table = run("stats").output.splitlines()
    assert [line.split()[0] for line in table] == ["item", "first", "story"]
    rows = list(csv.DictReader(io.StringIO(run("stats", content / "modules", "--format", "csv").output)))
    assert [(row["item"], row["days_to_review"]) for row in rows] == [("first", "356")]
    assert [row["item"] for row in json.loads(run("stats", "--format", "json").output)] == ["first", "story"]
    assert run("stats", "--format", "xml").exit_code == 2
    assert run("stats", "/nowhere").exit_code == 2


def test_a_map_is_printed_or_written(run, content, tmp_path):
    printed = run("graph", "story")
    assert printed.exit_code == 0
    assert printed.output.startswith("<svg ")
    target = tmp_path / "story.svg"
    assert run("graph", content / "scenarios/story.md", "--output", target).output == f"Wrote {target}.\n"
    assert target.read_text() == printed.output


def test_all_maps_are_written_into_a_folder(run, content, tmp_path):
    write(content, scenario_text(), "scenarios/other.md")
    assert run("graph", "--all", "--output", tmp_path / "a" / "maps").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "a" / "maps").iterdir()) == ["other.svg", "story.svg"]


def test_a_map_of_what_has_none_is_refused(run, content, tmp_path):
    for words in ([], ["gone"], ["--all"], ["story", "--all", "--output", tmp_path], [content / "modules/first.md"]):
        assert run("graph", *words).exit_code == 2, words
    assert run("graph", "story", "--output", tmp_path / "none" / "a.svg").exit_code == 2
    write(content, scenario_text(minutes="2"), "scenarios/story.md")
    faulty = run("graph", "story")
    assert (faulty.exit_code, "story.md:12" in faulty.output) == (1, True)


def test_a_diff_says_what_changed(run, content):
    after = write(content.parent, module_text(BODY.replace("same day", "same hour")), "after.md")
    assert run("diff", content / "modules/first.md", after).output == (
        "module after: changed\n  social-care: card changed: look-first\n"
    )
    assert run("diff", content, content).output == "No differences.\n"
    assert run("diff", content, after).exit_code == 2
    assert run("diff", after, content.parent / "gone.md").exit_code == 2
    write(content.parent, module_text(minutes="2"), "after.md")
    faulty = run("diff", content / "modules/first.md", after)
    assert (faulty.exit_code, "after.md:12" in faulty.output) == (1, True)


@pytest.mark.parametrize(("kind", "folder"), [("module", "modules"), ("scenario", "scenarios")])
def test_a_new_file_passes_the_check_in_its_folder_and_is_not_written_twice(run, content, kind, folder):
    begun = run("new", kind, "new-one", "--role", "prescriber", "--role", "family-carer")
    path = content / folder / "new-one.md"
    assert begun.output.startswith(f"Wrote {path}. ")
    assert "roles: [prescriber, family-carer]" in path.read_text()
    assert run("check", "--no-hints").exit_code == 0
    again = run("new", kind, "new-one")
    assert (again.exit_code, "there already" in again.output) == (2, True)


def test_a_new_file_is_for_social_care_unless_said_otherwise(run, content):
    assert run("new", "module", "new-one").exit_code == 0
    assert "roles: [social-care]" in (content / "modules/new-one.md").read_text()
    for words in (("poem", "a"), ("module", "Bad Name"), ("module", "a", "--role", "doctor")):
        assert run("new", *words).exit_code == 2, words


@pytest.mark.parametrize(
    ("command", "text", "amount"),
    [
        ("import-gift", "What? {=a ~b}\n\nWhy? {}\n", "1 question"),
        ("import-twee", ":: Start\nWords <<x>>. [[End]]\n\n:: End [ending-safe]\nEnd.\n", "2 scenes and 1 choice"),
    ],
)
def test_an_import_reports_what_stayed_behind_and_what_is_to_be_done(run, tmp_path, command, text, amount):
    source = write(tmp_path, text, "my_quiz.txt")
    imported = run(command, source, "--output", tmp_path / "out")
    assert imported.exit_code == 0
    lines = imported.output.splitlines()
    assert lines[0] == "Not carried (1):"
    assert lines[1].startswith(f"{source}:{3 if command == 'import-gift' else 2}: not carried: the ")
    assert lines[2].startswith("Still to be done (")
    assert lines[3].startswith(f"{tmp_path}/out/my-quiz.md:3: `summary` is to be filled in")
    assert lines[-1] == f"Wrote {tmp_path}/out/my-quiz.md: {amount}."
    again = run(command, source, "--output", tmp_path / "out")
    assert (again.exit_code, "there already" in again.output) == (1, True)


def test_an_import_without_anything_to_carry_is_not_well(run, tmp_path):
    source = write(tmp_path, b"\x89PNG\x00", "quiz.gift")
    for command in ("import-gift", "import-twee"):
        refused = run(command, source, "--output", tmp_path / "out")
        assert (refused.exit_code, "quiz.gift:1: this is not UTF-8" in refused.output) == (1, True)
        assert run(command, source).exit_code == 2


def test_a_long_report_is_cut_short_and_says_so(run, tmp_path):
    source = write(tmp_path, ":: Start\nWords.\n" + "<<x>>\n" * 250, "quiz.twee")
    lines = run("import-twee", source, "--output", tmp_path / "out").output.splitlines()
    assert lines[0] == "Not carried (250):"
    assert lines[201] == "... and 50 more"
