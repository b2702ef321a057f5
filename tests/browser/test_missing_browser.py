"""Where Chromium is missing the browser tests are left out in one line, and in CI they fail in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_without_chromium(*, ci: str) -> subprocess.CompletedProcess:
    """Run a few browser tests where no programme can be found by its name."""
    inherited = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browser/test_weight.py", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=inherited | {"PATH": "/nowhere"} | ({"CI": ci} if ci else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_chromium_the_browser_tests_are_left_out_with_one_line():
    done = run_without_chromium(ci="")
    assert done.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert done.stdout.count("NOT RUN: 2 browser tests. Chromium is not installed here") == 1
    assert "2 deselected" in done.stdout
    assert "skipped" not in done.stdout


def test_without_chromium_the_browser_tests_fail_in_ci():
    done = run_without_chromium(ci="true")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "Chromium is not installed here" in done.stdout
    assert "2 errors" in done.stdout
