"""What is asked of people: who, and which of their lines are listed."""

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from training.domain.roles import Role
from training.domain.status import Status

if TYPE_CHECKING:
    from training.services.staff import PersonLine


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a manager asked to see; nothing asked shows everything."""

    status: Status | None = None
    site_id: uuid.UUID | None = None
    item: str = ""
    search: str = ""
    role: Role | None = None
    job_title_id: uuid.UUID | None = None

    def finds(self, *, name: str, staff_number: str | None) -> bool:
        """Say whether somebody has the name or the staff number looked for."""
        asked = self.search.casefold()
        return asked in name.casefold() or asked == (staff_number or "").casefold()

    @property
    def is_of_people(self) -> bool:
        """Whether it asks for some people by more than the site they work at."""
        return bool(self.search or self.role or self.job_title_id)


@dataclass(frozen=True, slots=True)
class Listed:
    """Which of people's lines are listed: those with some statuses, and that fall due within some days; else all."""

    statuses: frozenset[Status] | None = None
    within: int | None = None

    def fits(self, line: "PersonLine") -> bool:
        """Say whether a line is listed."""
        if self.statuses is not None and line.status not in self.statuses:
            return False
        return self.within is None or days_left(line, within=self.within) is not None

    @property
    def is_all(self) -> bool:
        """Whether every line is listed."""
        return self.statuses is None and self.within is None

    @property
    def is_nothing(self) -> bool:
        """Whether no line can be listed."""
        return self.statuses is not None and not self.statuses

    def with_status(self, status: Status | None) -> "Listed":
        """Return the same with one status alone, where one is asked for."""
        if status is None:
            return self
        return replace(self, statuses=frozenset({status}) & (self.statuses or frozenset({status})))


DUE = frozenset({Status.UP_TO_DATE, Status.EXPIRING_SOON, Status.NOT_YET_DUE})


def days_left(line: "PersonLine", *, within: int) -> int | None:
    """Return how many days are left of what falls due within so many, or None where it does not."""
    if line.status not in DUE or line.due_on is None:
        return None
    days = (line.due_on - line.day).days
    return days if days <= within else None
