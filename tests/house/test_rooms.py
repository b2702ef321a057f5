"""The walls of the house: who may import whom, where the clock is read, how long things may be."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from training.config import PACKAGE

ROOT = PACKAGE.parent
CLOCK = {"now", "today", "utcnow", "fromtimestamp", "localtime", "gmtime"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_room_imports_only_what_it_may():
    # In a process of its own: it sets up logging anew, and silences every logger that is there.
    check = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    checked = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").glob("*.py")), ids=name)
def test_the_domain_imports_the_standard_library_and_itself(path):
    for node in ast.walk(tree(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for module in names:
            assert module.startswith("training.domain") or module.split(".")[0] in sys.stdlib_module_names, (
                f"{name(path)} imports {module}: the domain is pure; take what it needs as an argument"
            )


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "clock.py"], ids=name)
def test_the_clock_is_read_in_one_place(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
            owner = ast.unparse(node.func.value)
            assert owner not in {"datetime", "date", "datetime.datetime", "datetime.date", "time"}, (
                f"{name(path)}:{node.lineno} reads the clock: take `now` or `today` as an argument"
            )


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").glob("*.py")), ids=name)
def test_the_domain_opens_no_file_and_rolls_no_dice(path):
    called = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    assert not called & {"open", "print", "input"}
    assert not any(call.startswith(("random.", "os.", "secrets.")) for call in called)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_lives_there_and_is_not_too_long(path):
    text = path.read_text(encoding="utf-8")
    if text.strip():
        assert ast.get_docstring(tree(path)), f"{name(path)} needs an opening sentence that says what lives there"
    assert text.count("\n") <= 300, f"{name(path)} is over 300 lines: split it by the thing it is about"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_is_over_forty_lines(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= 40, f"{name(path)}:{node.lineno} {node.name} has {lines} lines: split it"


@pytest.mark.parametrize("path", sorted((PACKAGE / "web").glob("*.py")), ids=name)
def test_a_view_never_opens_a_transaction(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\.commit\(|database\(\)\.(write|read)\(|\.write\(", text), (
        f"{name(path)} works on the database itself: call a service once"
    )
