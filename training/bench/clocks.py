"""What time and room something takes: of the processor, of the database, of memory."""

import resource
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

import psycopg
from sqlalchemy import Engine, event

ROUNDS = 7
Act = Callable[[], object]


def interleaved(*acts: Act, each: int, rounds: int = ROUNDS) -> list[float]:
    """Return the milliseconds of processor time that one turn of each act takes, the median of some rounds.

    They take turns one by one. What is done again at once finds the processor warm from itself, the lighter the more
    so, and no request finds that where people ask for different pages.
    """
    for act in acts:
        act()
    found = [a_round(acts, each=each) for _ in range(rounds)]
    return [median(taken) / each * 1000 for taken in zip(*found, strict=True)]


def a_round(acts: Sequence[Act], *, each: int) -> list[float]:
    """Return the seconds of processor time that so many turns of each act take."""
    taken = [0.0] * len(acts)
    for _ in range(each):
        for index, act in enumerate(acts):
            began = process_time()
            act()
            taken[index] += process_time() - began
    return taken


def seconds(act: Act) -> float:
    """Return how long an act takes by the clock on the wall."""
    began = perf_counter()
    act()
    return perf_counter() - began


def median_seconds(act: Act, *, rounds: int = ROUNDS) -> float:
    """Return the median of how long an act takes."""
    return median(seconds(act) for _ in range(rounds))


def peak_memory() -> float:
    """Return the most megabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor_of_children() -> float:
    """Return the seconds of processor time that every process started from here took, once it has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass(slots=True)
class Asked:
    """What was asked of the database: how many statements, and the seconds until their last row was here."""

    queries: int = 0
    seconds: float = 0.0


@contextmanager
def asking(engine: Engine) -> Iterator[Asked]:
    """Sum up the time in the cursor's own calls, sending and fetching; the pool starts afresh before and after."""
    asked = Asked()

    def swap(_dialect: object, _record: object, _arguments: list, parameters: dict[str, Any]) -> None:
        parameters.update(timed(engine.dialect.name, asked))

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            asked.queries += 1

    engine.dispose()
    event.listen(engine, "do_connect", swap)
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(engine, "do_connect", swap)
        event.remove(engine, "before_cursor_execute", count)
        engine.dispose()


def timed(kind: str, asked: Asked) -> dict[str, Any]:
    """Return the arguments that give a connection cursors which note their time."""
    if kind == "postgresql":
        return {"cursor_factory": noting(psycopg.Cursor, asked)}
    cursor = noting(sqlite3.Cursor, asked)

    class Connection(sqlite3.Connection):
        def cursor(self, *_factory: object) -> sqlite3.Cursor:
            return super().cursor(cursor)

    return {"factory": Connection}


def noting(kind: type, asked: Asked) -> type:
    """Return a kind of cursor that adds the time of its calls to what was asked."""

    def wrapped(name: str) -> Callable:
        plain = getattr(kind, name)

        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 (whatever the cursor takes and gives)
            began = perf_counter()
            try:
                return plain(*arguments, **named)
            finally:
                asked.seconds += perf_counter() - began

        return call

    calls = ("execute", "executemany", "fetchone", "fetchmany", "fetchall")
    return type("NotingCursor", (kind,), {name: wrapped(name) for name in calls})
