"""What one line of an import says: how it is read from its cells, kept until it is applied, and read back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Generic, Self, TypeVar

from training.domain.names import NameRefused
from training.domain.upload import Cell, CellUnreadable, Fault, Line, Table, shown


@dataclass(frozen=True, slots=True)
class Kept:
    """What a line says, as texts and days; `DAYS` names the fields that are days, which may be left out."""

    DAYS: ClassVar[tuple[str, ...]] = ()

    def stored(self) -> dict[str, str]:
        """Return it as it is kept until it is applied."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat() if name in self.DAYS else value for name, value in said.items() if value is not None
        }

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Self:
        """Return it from what was kept."""
        days = {name: date.fromisoformat(stored[name]) for name in cls.DAYS if name in stored}
        return cls(**(dict(stored) | days))


W = TypeVar("W", bound=Kept)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Read(Generic[W]):
    """One line read: what it says as far as it can be read, and what is wrong with it."""

    number: int
    wanted: W
    faults: tuple[Fault, ...] = ()


class Reader(Generic[W]):
    """Reads the lines of a table, keeping what is wrong with the one in hand."""

    def __init__(self, table: Table, *, today: date) -> None:
        self.table, self.today = table, today
        self._faults: list[Fault] = []

    def read_all(self) -> Iterator[Read[W]]:
        """Yield what each line says."""
        for line in self.table.lines:
            self._faults = []
            yield Read(line.number, self.wanted(line), tuple(self._faults))

    def wanted(self, line: Line) -> W:
        """Return what a line says, noting what is wrong with it."""
        raise NotImplementedError

    def take(self, line: Line, slug: str, read: Callable[[Cell], T], *, otherwise: T) -> T:
        """Return what a cell holds; something else where there is no such column, or it cannot be read."""
        if slug not in self.table.columns:
            return otherwise
        try:
            return read(self.table.cell(line, slug))
        except (CellUnreadable, NameRefused) as refusal:
            self.note(line, slug, str(refusal))
            return otherwise

    def note(self, line: Line, slug: str, words: str) -> None:
        """Note what is wrong with a cell."""
        self._faults.append(Fault(self.table.heading(slug), shown(self.table.cell(line, slug)), words))
