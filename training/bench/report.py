"""The report: what was measured as a table for each database and size, between marks in a document."""

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from training.bench.lines import number

BEGINS, ENDS = "<!-- bench {key} begins -->", "<!-- bench {key} ends -->"
HEADER = ("what", "measured", "floor", "times the floor", "budget", "kept", "")
VERDICTS = {True: "yes", False: "**no**", None: ""}


class NoPlace(Exception):
    """The table cannot be put into the document because its marks are not there."""


def machine(engine: Engine, *, day: date) -> dict[str, Any]:
    """Return what the figures were measured on, and when."""
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        version = sqlite3.sqlite_version
    else:
        with engine.connect() as connection:
            version = str(connection.exec_driver_sql("SHOW server_version").scalar())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "database": f"{'SQLite' if is_sqlite else 'PostgreSQL'} {version}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "load": round(os.getloadavg()[0], 1),
        "day": day.isoformat(),
    }


def cells(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a line as the cells of the table."""
    value, floor, times = line["value"], line["floor"], line["times"]
    return (
        line["what"],
        f"{number(value)} {line['unit']}" if value is not None else "not measured",
        f"{number(floor)} {line['unit']}" if floor is not None else "",
        number(times) if times is not None else "",
        line["budget"],
        VERDICTS[line["is_met"]],
        line["note"],
    )


def table(found: Mapping[str, Any]) -> str:
    """Return what was measured as a table, with what it was measured on above it."""
    on = found["machine"]
    intro = (
        f"{on['database']}, {found['people']:,} people, {found['requirements']} items each. Measured on {on['day']}: "
        f"{on['cores']} cores, {on['memory_gb']} GB, Python {on['python']}, load {on['load']} when it began."
    )
    rows = [HEADER, tuple("---" for _ in HEADER), *(cells(line) for line in found["lines"])]
    return "\n".join([intro, "", *map(written, rows)])


def written(row: Sequence[str]) -> str:
    """Return cells as a row of a table."""
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in row)


def key_of(found: Mapping[str, Any]) -> str:
    """Return which table of the document it is."""
    return f"{found['machine']['database'].split()[0].lower()} {found['people']}"


def put(document: Path, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Put each table between its marks, in place of the one before; yields which.

    Raises:
        NoPlace: when a document has no marks for it.
    """
    text = document.read_text(encoding="utf-8")
    for each in found:
        key = key_of(each)
        begins, ends = BEGINS.format(key=key), ENDS.format(key=key)
        if begins not in text or ends not in text:
            raise NoPlace(f"{document} has no place for it: add the lines {begins} and {ends}.")
        before, rest = text.split(begins, 1)
        text = f"{before}{begins}\n\n{table(each)}\n\n{ends}{rest.split(ends, 1)[1]}"
        yield key
    document.write_text(text, encoding="utf-8")
