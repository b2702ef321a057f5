"""What exists is documented, and what is documented exists."""

import re

import click
import pytest

from training.cli import main
from training.config import FOR_TESTS, PACKAGE, Config

ROOT = PACKAGE.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
        else:
            found.append(" ".join((*path, name)))
    return sorted(found)


@pytest.mark.parametrize("command", commands(main))
def test_every_command_is_in_the_readme(command):
    assert f"`training {command}" in README, f"add a row for `training {command}` to the Commands of README.md"


@pytest.mark.parametrize("setting", [*(f"TRAINING_{name.upper()}" for name in Config.__dataclass_fields__), *FOR_TESTS])
def test_every_setting_is_in_the_readme(setting):
    assert f"| `{setting}` |" in README, f"add a row for {setting} to the Settings of README.md"


def test_every_command_of_the_readme_exists():
    known = commands(main)
    for words in re.findall(r"^\| `training ([a-z -]+?)(?: [A-Z\[-].*?)?` \|", README, re.MULTILINE):
        assert words.strip() in known, f"README.md names `training {words}`, which is no command"


@pytest.mark.parametrize("command", commands(main))
def test_every_command_says_what_it_does(command):
    group: click.Command = main
    for word in command.split():
        assert isinstance(group, click.Group)
        group = group.commands[word]
    assert (group.help or "").strip().endswith(".")


def test_every_link_between_documents_leads_somewhere():
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
    for document in documents:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", document.read_text(encoding="utf-8")):
            if document.name != "authoring.md" or target.startswith("../"):
                assert (document.parent / target).exists(), f"{document.name} links to {target}, which is not there"


def test_no_lock_file_records_an_address():
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_every_template_is_used():
    templates = PACKAGE / "templates"
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in [*PACKAGE.rglob("*.py"), *templates.rglob("*.html")]
    )
    for path in templates.rglob("*.html"):
        name = path.relative_to(templates).as_posix()
        assert f'"{name}"' in sources, f"nothing uses templates/{name}: delete it"
