"""Every measurement by name, one process for each, so that none has another's memory or warmth."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training import clock
from training.bench import answers, files, nights, pages, papers, phones, staff_lists, trend
from training.bench.lines import Ground, Line, Measurement
from training.bench.people import find_manager
from training.bench.servers import SERVED
from training.catalog.library import load_catalog
from training.config import Config
from training.db import Database

MEASUREMENTS: Mapping[str, Measurement] = {
    "start-up": answers.start_up,
    "learner": pages.learner_pages,
    "manager": pages.manager_pages,
    "overview": pages.overviews,
    "phones": phones.phones,
    "trend": trend.trend,
    "answers": answers.answers,
    "certificates": papers.papers,
    "files": files.files,
    "report pages": files.report_pages,
    "imports": staff_lists.staff_lists,
    "checks": nights.checks,
    "night": nights.night,
    "reminders": nights.reminding,
    "impact": nights.impact,
}
Say = Callable[[str], None]
RUN = "import sys; from training.cli import main; main(['bench', 'run', '--json', sys.argv[1], '--only', sys.argv[2]])"


def measure(config: Config, *, name: str) -> Iterator[Line]:
    """Measure one thing in this process."""
    database = Database(config.database_url)
    try:
        manager = find_manager(database, now=clock.now()).viewer
        yield from MEASUREMENTS[name](Ground(as_served(config), database, load_catalog(config.content_dir), manager))
    finally:
        database.close()


def as_served(config: Config) -> Config:
    """Return the settings as they are where people are served: in production no request looks for changed content."""
    return replace(config, **SERVED)


def measure_all(names: Sequence[str], *, limit: int, say: Say) -> list[dict[str, Any]]:
    """Measure each thing in a process of its own, which is given so many seconds."""
    found: list[dict[str, Any]] = []
    for name in names:
        say(f"Measuring: {name}")
        lines = measured_apart(name, limit=limit)
        for line in lines:
            say(f"  {words(line)}")
        found += lines
    return found


def measured_apart(name: str, *, limit: int) -> list[dict[str, Any]]:
    """Return what a process of its own measures; one line that says so where it fails or takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "lines.json"
        command = [sys.executable, "-c", RUN, str(answer), name]
        try:
            done = subprocess.run(  # noqa: S603 - our own code
                command, timeout=limit, capture_output=True, text=True, check=False, env=dict(os.environ)
            )
        except subprocess.TimeoutExpired:
            return [failed(name, f"stopped after {limit} s")]
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or [f"ended by itself with {done.returncode}"]
            return [failed(name, said[-1])]
        return json.loads(answer.read_text(encoding="utf-8"))["lines"]


def failed(name: str, why: str) -> dict[str, Any]:
    """Return the line of a measurement that came to nothing, which keeps no budget."""
    return {"what": name, "value": None, "unit": "", "floor": None, "times": None, "budget": "", "is_met": False} | {
        "note": why
    }


def words(line: Mapping[str, Any]) -> str:
    """Return a line as it is printed while measuring."""
    from training.bench.report import cells

    return " | ".join(cell for cell in cells(line) if cell)
