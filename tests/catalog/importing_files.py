"""Reading a text as an import does: the body that comes of it, and what the report says."""

from datetime import date
from pathlib import Path

from training.catalog.gift import read_gift
from training.catalog.importing import TO_FILL_IN, Report, read_foreign, write_import
from training.catalog.twee import read_twee

TODAY = date(2026, 11, 22)
READERS = {"gift": read_gift, "twee": read_twee}


def bring_in(folder: Path, text: str | bytes, kind: str) -> Report:
    """Import a text of a kind ("gift" or "twee") into a folder of its own."""
    source = folder / f"quiz.{kind}"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    carried = READERS[kind](read_foreign(source), title="A quiz")
    return write_import(carried, source=source, folder=folder / "out", today=TODAY)


def body_of(report: Report) -> str:
    """Return what was written below the front matter."""
    return report.path.read_text(encoding="utf-8").split("\n---\n", 1)[1].strip()


def left_of(report: Report) -> list[str]:
    """Return what was not carried, as `line: what`."""
    return [f"{fault.line}: {fault.message.removeprefix('not carried: ')}" for fault in report.left]


def filled_in(report: Report) -> str:
    """Return the file with every gap in its front matter filled, as the report asks."""
    text = report.path.read_text(encoding="utf-8")
    for key, (empty, filling, _) in TO_FILL_IN.items():
        text = text.replace(f"\n{key}: {empty}".rstrip() + "\n", f"\n{key}: {filling}\n", 1)
    return text


def faults_left(report: Report) -> list[str]:
    """Return what is still to be done apart from the front matter, as `line: what`."""
    return [f"{fault.line}: {fault.message}" for fault in report.to_do if "is to be filled in" not in fault.message]
