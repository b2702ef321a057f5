"""A manager's weekly digest: what it says of their people, and when it is due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import nsmallest
from uuid import UUID

from training.domain.reminder import due_day
from training.domain.standing import Standing, status_on
from training.domain.status import Status

MONDAY = 1
NAMES_SHOWN = 5
SOON = timedelta(days=30)


class NoSuchWeekday(ValueError):
    """A digest cannot be due on a weekday outside 1 (Monday) to 7 (Sunday)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of a manager's people: the strictest line of each item, and whether mail to them came back."""

    person: UUID
    name: str
    lines: tuple[Standing, ...] = ()
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """How many people something is true of, on how many items in all, and the first of their names."""

    people: int = 0
    items: int = 0
    names: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """How many people are not named."""
        return self.people - len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a manager is told of their people on a day. Who is in two groups is counted in both.

    `named` are those whom a group of lines names, by name.
    """

    key: str
    day: date
    people: int
    overdue: Group
    expired: Group
    due_soon: Group
    bounced: Group
    named: tuple[Member, ...] = ()

    @property
    def all_well(self) -> bool:
        """Whether there is nobody to name."""
        return not any(group.people for group in (self.overdue, self.expired, self.due_soon, self.bounced))


@dataclass(slots=True)
class Gathering:
    """A group while a team is gone through: of its people no more are kept than are named."""

    names_shown: int
    people: int = 0
    items: int = 0
    first: list[tuple[date, str, int, Member]] = field(default_factory=list)

    def add(self, member: Member, days: Collection[date]) -> None:
        """Count a person in with some due days, if any; the earliest due day stands first, then the name."""
        if days:
            self.people += 1
            self.items += len(days)
            found = (*self.first, (min(days), member.name, len(days), member))
            self.first = nsmallest(self.names_shown, found, key=lambda each: each[:3])

    @property
    def members(self) -> tuple[Member, ...]:
        """Whom the group names."""
        return tuple(member for *_, member in self.first)

    @property
    def group(self) -> Group:
        """What it comes to."""
        return Group(self.people, self.items, tuple(member.name for member in self.members))


def digest(team: Iterable[Member], *, people: int, today: date, names_shown: int = NAMES_SHOWN) -> Digest | None:
    """Return what a manager is told of so many people, or None where they have none.

    `team` has each once, and may leave out whoever has no line that anybody is chased for and no refused address. A
    team in which all is well gets a digest that says so: silence could as well be a fault. Whoever is on leave, exempt
    or in no need is in no group, and neither is what cannot be renewed yet.
    """
    if not people:
        return None
    overdue, expired, due_soon, bounced = (Gathering(names_shown) for _ in range(4))
    for member in team:
        overdue.add(member, _days(member, today, status=Status.OVERDUE))
        expired.add(member, _days(member, today, status=Status.EXPIRED))
        due_soon.add(member, [day for day in _days(member, today) if today <= day <= today + SOON])
        bounced.add(member, [today] if member.bounced else [])
    named = {each.person: each for group in (overdue, expired, due_soon) for each in group.members}
    return Digest(
        key=digest_key(today),
        day=today,
        people=people,
        overdue=overdue.group,
        expired=expired.group,
        due_soon=due_soon.group,
        bounced=replace(bounced.group, items=0),
        named=tuple(sorted(named.values(), key=lambda each: (each.name, each.person))),
    )


def digest_key(day: date) -> str:
    """Return the week of a digest, unique for one manager: the ISO year and week, so 1 Jan 2027 is in 2026-W53."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def digest_due(today: date, *, sent: Collection[str], weekday: int = MONDAY) -> bool:
    """Say whether this week's digest is due: on its weekday or, after a missed run, on any later day of the week.

    Raises:
        NoSuchWeekday: the weekday is not 1 (Monday) to 7 (Sunday).
    """
    if not MONDAY <= weekday <= 7:
        raise NoSuchWeekday(str(weekday))
    return today.isoweekday() >= weekday and digest_key(today) not in sent


def _days(member: Member, today: date, *, status: Status | None = None) -> list[date]:
    """Return the due days of a person's lines that are chased, of one status if it is given."""
    lines = [line for line in member.lines if status in {None, status_on(line, today)}]
    return [due_on for line in lines if (due_on := due_day(line, today=today)) is not None]
