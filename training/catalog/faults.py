"""What is wrong in a content file: where, what, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong at one line of one file; the message says what to do instead."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentFaulty(Exception):
    """The content cannot be loaded because files in it have faults; it carries every one of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Faults:
    """Collects the faults of one file, so that its author sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []

    def __len__(self) -> int:
        return len(self.found)

    def add(self, line: int, message: str) -> None:
        """Record that something is wrong at a line."""
        self.found.append(Fault(self.file, line, message))
