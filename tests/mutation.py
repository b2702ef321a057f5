"""What `make mutation` found: for each file of the rules, how many changes were noticed, and whether that is enough."""

import json
import sys
from collections import Counter
from pathlib import Path

FOUND = Path("mutants/training/domain")
WANTED = 0.9
STOPPED = (-24, 24, 152, 255)


def verdict(exit_code: int | None) -> str:
    """Say what became of a changed rule whose tests ended with this exit code."""
    if exit_code is None:
        return "not run"
    if exit_code in STOPPED:
        return "timed out"
    return "killed" if exit_code in (1, 3) else "survived"


def share(found: Counter[str]) -> float:
    """Give the part that was noticed: a change that makes the tests run without end is noticed too."""
    return (found["killed"] + found["timed out"]) / max(1, found.total())


def line(name: str, found: Counter[str]) -> str:
    """Write one line of the table."""
    counts = "".join(f"{found[kind]:>10}" for kind in ("killed", "survived", "timed out", "not run"))
    return f"{name:<24}{found.total():>8}{counts}{share(found):>8.1%}"


def main() -> int:
    """Print the table and give 1 where less than nine in ten were noticed, or some were not run."""
    found = {
        path.name.removesuffix(".py.meta"): Counter(
            map(verdict, json.loads(path.read_text())["exit_code_by_key"].values())
        )
        for path in sorted(FOUND.glob("*.meta"))
    }
    together = sum(found.values(), Counter())
    print(f"{'':<24}{'changes':>8}{'killed':>10}{'survived':>10}{'timed out':>10}{'not run':>10}")  # noqa: T201
    for name, counts in found.items():
        print(line(name, counts))  # noqa: T201
    print(line("together", together))  # noqa: T201
    return 0 if share(together) >= WANTED and not together["not run"] else 1


if __name__ == "__main__":
    sys.exit(main())
