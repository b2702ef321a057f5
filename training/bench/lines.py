"""What a measurement says: what was measured, its floor in the same run, its budget, and whether that is kept."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from training.catalog.library import Catalog
from training.config import Config
from training.db import Database
from training.services.accounts import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measurement, in a unit; a `most` or `least` makes it a budget, as a value or as a multiple of the floor."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    most: float | None = None
    least: float | None = None
    most_times: float | None = None
    note: str = ""

    @property
    def times(self) -> float | None:
        """How many times the floor it is."""
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether the budget is kept; None where there is none."""
        if self.most is not None:
            return self.value <= self.most
        if self.least is not None:
            return self.value >= self.least
        if self.most_times is not None:
            return self.times is not None and self.times <= self.most_times
        return None

    @property
    def budget(self) -> str:
        """The budget in words, empty where there is none."""
        if self.most is not None:
            return f"at most {number(self.most)} {self.unit}"
        if self.least is not None:
            return f"at least {number(self.least)} {self.unit}"
        return f"at most {number(self.most_times)} x" if self.most_times is not None else ""

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {**asdict(self), "times": self.times, "budget": self.budget, "is_met": self.is_met}


def number(value: float) -> str:
    """Write a number as short as it still says something."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.2f}".rstrip("0").rstrip(".") if value >= 0.1 or not value else f"{value:.2g}"


@dataclass(frozen=True, slots=True)
class Ground:
    """What every measurement stands on: the settings, the database they name, the content and the manager."""

    config: Config
    database: Database
    catalog: Catalog
    manager: Viewer


Measurement = Callable[[Ground], Iterator[Line]]
