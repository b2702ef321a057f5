"""Whoever follows the authoring guide to the letter gets files that pass the check."""

import re
from pathlib import Path

from click.testing import CliRunner
from sample_content import BODY, SCENARIO_BODY, TRACKS, faults_in, write

from training.cli import main

GUIDE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
(FRONT,) = re.findall(r"```yaml\n(---\n.*?---\n)```", GUIDE, re.DOTALL)
(STORY,) = re.findall(r"```markdown\n(## [^\n]+\{#.*?)```", GUIDE, re.DOTALL)
# What the example leaves to the reader: its other scenes, the second fact, the second source.
OTHER_SCENES = """
## Since Friday {#changes}

She holds her cheek.

- [Ring the dentist](#treated)

## After the tablet {#tablet}

She sleeps, and the tooth is as it was.

- [Ring the GP](#gp) {set told_gp: yes}

## The GP listens {#gp}

The GP asks what you saw.

- [Ring the dentist](#treated)
- [Think again](#monday)
"""


def front(minutes: str, *, without: str) -> str:
    """Return the guide's front matter for one kind of file; what it replaces is not among the samples."""
    lines = [line for line in FRONT.splitlines() if not line.startswith((without, "replaces:"))]
    text = "\n".join(re.sub(r"^minutes: \d+", f"minutes: {minutes}", line) for line in lines)
    return text.replace("told_gp: The GP knows", "told_gp: The GP knows, gave_tablet: She had it")


def test_the_front_matter_of_the_guide_fits_a_module(tmp_path):
    assert faults_in(tmp_path, front("3", without="facts:") + "\n\n" + BODY.replace("[^mar]", "[^cqc-mar]")) == []


def test_the_front_matter_of_the_guide_fits_a_scenario(tmp_path):
    assert faults_in(tmp_path, front("3", without="pass_mark:") + "\n\n" + SCENARIO_BODY, "scenarios") == []


def test_the_story_of_the_guide_is_right_once_its_other_scenes_are_written(tmp_path):
    story = STORY.replace("[^disdat]", f"[^cqc-mar]\n\n{'word ' * 300}") + OTHER_SCENES
    assert faults_in(tmp_path, front("3", without="pass_mark:") + "\n\n" + story, "scenarios") == []


def test_the_first_step_of_the_guide_writes_a_module_that_passes(tmp_path, monkeypatch):
    (command,) = re.findall(r"^1\. `training (content new [^`]+)`", GUIDE, re.MULTILINE)
    write(tmp_path, TRACKS, "tracks.yaml")
    (tmp_path / "modules").mkdir()
    monkeypatch.setenv("TRAINING_CONTENT_DIR", str(tmp_path))
    assert CliRunner().invoke(main, command.split()).exit_code == 0
    checked = CliRunner().invoke(main, ["content", "check", str(tmp_path / "modules" / "first-signs.md")])
    assert (checked.exit_code, checked.output) == (0, "The content is in order.\n")
