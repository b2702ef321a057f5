"""Who is in the bench: people in every state that somebody can be in, in the shares that an organisation has."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from training.domain.roles import Role

# The organisation is as old as this; everybody came later.
AGE = 550
# Of twenty people so many have the role; the requirements of each name other items.
ROLES: Sequence[Role] = (*[Role.SOCIAL_CARE] * 15, *[Role.NON_PRESCRIBER] * 4, Role.PRESCRIBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person of the cast, in days before today: when they came, and when they passed which of their items.

    `exempt` counts the items, from the last, that they are let off. `left`, `away`, `moved` and `second` are days
    before today on which they left, went on leave, took another role, and took a post at a second site as well.
    """

    kind: str
    role: Role = Role.SOCIAL_CARE
    came: int
    passes: tuple[tuple[int, int], ...] = ()
    exempt: int = 0
    left: int = 0
    away: int = 0
    moved: int = 0
    second: int = 0


Habit = Callable[[random.Random, int], Part]


def all_at(chance: random.Random, items: int, *, around: int) -> tuple[tuple[int, int], ...]:
    """Return a pass of every item in the days after a day so long ago."""
    return tuple((max(1, around - chance.randint(0, 15)), place) for place in range(items))


def steady(chance: random.Random, items: int) -> Part:
    """Passed everything once, within the last months."""
    around = chance.randint(25, 255)
    return Part(kind="steady", came=around + chance.randint(1, 14), passes=all_at(chance, items, around=around))


def renewed(chance: random.Random, items: int) -> Part:
    """Passed everything, and again before it ran out."""
    first = chance.randint(400, 520)
    again = all_at(chance, items, around=first - chance.randint(300, 340))
    return Part(kind="renewed", came=first + chance.randint(1, 20), passes=all_at(chance, items, around=first) + again)


def soon(chance: random.Random, items: int) -> Part:
    """Passed everything so long ago that it is due again soon."""
    around = chance.randint(300, 360)
    return Part(kind="soon", came=around + chance.randint(1, 14), passes=all_at(chance, items, around=around))


def lapsed(chance: random.Random, items: int) -> Part:
    """Passed everything more than a year ago, and nothing since."""
    around = chance.randint(385, 520)
    return Part(kind="lapsed", came=around + chance.randint(1, 14), passes=all_at(chance, items, around=around))


def late(chance: random.Random, items: int) -> Part:
    """Passed a third of it and stopped."""
    came = chance.randint(60, 260)
    return Part(kind="late", came=came, passes=all_at(chance, items // 3, around=came - 20))


def new(chance: random.Random, items: int) -> Part:
    """Came this month and has begun."""
    came = chance.randint(3, 25)
    return Part(kind="new", came=came, passes=all_at(chance, items // 4, around=came - 1))


def away(chance: random.Random, items: int) -> Part:
    """Is on long leave."""
    return replace(late(chance, items), kind="away", away=chance.randint(30, 55))


def exempt(chance: random.Random, items: int) -> Part:
    """Was let off what they have not passed."""
    return replace(late(chance, items), kind="exempt", exempt=items - items // 3)


def left(chance: random.Random, items: int) -> Part:
    """Has left."""
    part = steady(chance, items)
    return replace(part, kind="left", left=min(day for day, _ in part.passes) // 2 + 1)


def twice(chance: random.Random, items: int) -> Part:
    """Works at two sites."""
    part = steady(chance, items)
    return replace(part, kind="twice", second=part.came - 1)


def moved(chance: random.Random, items: int) -> Part:
    """Took another role, and has yet to learn what it asks."""
    return replace(soon(chance, items), kind="moved", moved=chance.randint(5, 25))


# Of fifty people so many have each habit.
HABITS: Sequence[tuple[Habit, int]] = (
    (steady, 26),
    (renewed, 8),
    (soon, 4),
    (lapsed, 3),
    (late, 2),
    (new, 2),
    (away, 1),
    (exempt, 1),
    (left, 1),
    (twice, 1),
    (moved, 1),
)


def parts(count: int, *, items: int) -> Iterator[Part]:
    """Yield so many people of whom so many items are asked, mixed; the same every time, and some of every habit."""
    chance = random.Random("bench")  # noqa: S311 - a story, not a secret
    each = [habit for habit, _ in HABITS]
    others = [habit for habit, share in HABITS for _ in range(share - 1)]
    habits: list[Habit] = []
    while len(habits) < count:
        chance.shuffle(others)
        habits += [*each, *others]
    habits = habits[:count]
    chance.shuffle(habits)
    for place, habit in enumerate(habits):
        yield replace(habit(chance, items), role=ROLES[place % len(ROLES)])
