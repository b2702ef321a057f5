"""A manager's weekly digest: what it says of their people, and when it is due."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
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
    """What a manager is told of their people on a day. Who is in two groups is counted in both."""

    key: str
    day: date
    people: int
    overdue: Group
    expired: Group
    due_soon: Group
    bounced: Group

    @property
    def all_well(self) -> bool:
        """Whether there is nobody to name."""
        return not any(group.people for group in (self.overdue, self.expired, self.due_soon, self.bounced))


def digest(team: Iterable[Member], *, today: date, names_shown: int = NAMES_SHOWN) -> Digest | None:
    """Return what a manager is told of their people, or None where they have none.

    A team in which all is well gets a digest that says so: silence could as well be a fault. Whoever is on leave,
    exempt or in no need is in no group, and neither is what cannot be renewed yet.
    """
    members = list({member.person: member for member in team}.values())
    if not members:
        return None

    def group(matters: Callable[[Standing], bool]) -> Group:
        return _group(members, matters, today=today, names_shown=names_shown)

    bounced = sorted(member.name for member in members if member.bounced)
    return Digest(
        key=digest_key(today),
        day=today,
        people=len(members),
        overdue=group(lambda line: status_on(line, today) is Status.OVERDUE),
        expired=group(lambda line: status_on(line, today) is Status.EXPIRED),
        due_soon=group(lambda line: _due_soon(line, today)),
        bounced=Group(people=len(bounced), names=tuple(bounced[:names_shown])),
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


def _due_soon(line: Standing, today: date) -> bool:
    due_on = due_day(line, today=today)
    return due_on is not None and today <= due_on <= today + SOON


def _group(members: Iterable[Member], matters: Callable[[Standing], bool], *, today: date, names_shown: int) -> Group:
    """Gather the people with a line that matters, the earliest due day first, then by name."""
    found = []
    for member in members:
        days = [due_day(line, today=today) for line in member.lines if matters(line)]
        if days:
            found.append((min(days), member.name, len(days)))
    found.sort()
    return Group(
        people=len(found),
        items=sum(count for _, _, count in found),
        names=tuple(name for _, name, _ in found[:names_shown]),
    )
