"""What a people import is planned from and what the plan says: what is on record, choices, and what comes of a line."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property

from training.domain.days import Span
from training.domain.language import N_, _
from training.domain.people_rows import Wanted
from training.domain.upload import Fault

# Above this share of those on file, whoever says that people have left types how many.
MOST_LEAVERS_PERCENT = 5


class Outcome(StrEnum):
    """What comes of a line, known everywhere by its slug."""

    CREATE = "create"
    CHANGE = "change"
    DIFFERS = "differs"
    SAME = "same"
    LEAVES = "leaves"
    FAULT = "fault"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return _(LABELS[self.value])


LABELS = {
    "create": N_("Added"),
    "change": N_("Changes"),
    "differs": N_("Other expiry"),
    "same": N_("Left alone"),
    "leaves": N_("Leaves"),
    "fault": N_("Wrong"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A site or a job title that the file may name; without an id it is to be made, and `yours` if you manage it."""

    id: str
    name: str
    yours: bool = True


@dataclass(frozen=True, slots=True)
class KnownJob:
    """A job on record, with the ids of its title and site and their names."""

    id: str
    title: Place
    site: Place
    days: Span


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on record; `yours` says whether the viewer sees them, `wholly` whether every present job is theirs."""

    id: str
    name: str
    staff_number: str
    email: str
    jobs: tuple[KnownJob, ...]
    yours: bool = True
    wholly: bool = True

    def present(self, day: date) -> list[KnownJob]:
        """Return the jobs that have not ended by a day, and that the viewer may change."""
        return [job for job in self.jobs if not job.days.ends_before(day) and job.site.yours]


@dataclass(frozen=True, slots=True)
class Names:
    """Things with names, found by them whatever the capitals."""

    every: Mapping[str, Place]

    @classmethod
    def of(cls, places: Sequence[Place]) -> "Names":
        """Return places by name; where two differ in capitals alone, only the very name finds one."""
        loose = Counter(place.name.casefold() for place in places)
        exact = {place.name: place for place in places}
        return cls({place.name.casefold(): place for place in places if loose[place.name.casefold()] == 1} | exact)

    def find(self, name: str) -> Place | None:
        """Return what is meant by a name."""
        return self.every.get(name) or self.every.get(name.casefold())

    def nearest(self, name: str) -> str:
        """Return the name that is most like one that was not found, or nothing."""
        near = get_close_matches(name.casefold(), [key for key in self.every if key == key.casefold()], n=1, cutoff=0.8)
        return self.every[near[0]].name if near else ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever imports has chosen: from which day changes count, and whether absence means leaving."""

    from_day: date
    leavers: bool = False
    last_day: date | None = None


@dataclass(frozen=True)
class House:
    """What is on record, as far as the viewer may change it; `me` is the viewer's own id."""

    people: Sequence[Known]
    titles: Names
    sites: Names
    me: str = ""

    @cached_property
    def by_number(self) -> dict[str, Known]:
        """People by staff number."""
        return {known.staff_number: known for known in self.people if known.staff_number}

    @cached_property
    def alike(self) -> dict[str, list[Known]]:
        """People by their staff number without what is easily lost on the way: capitals, spaces and leading zeros."""
        found: dict[str, list[Known]] = defaultdict(list)
        for known in self.people:
            found[loose(known.staff_number)].append(known)
        return found

    @cached_property
    def by_email(self) -> dict[str, Known]:
        """People by e-mail address."""
        return {known.email: known for known in self.people if known.email}


@dataclass(frozen=True, slots=True)
class Begin:
    """A job begins; the person is known, or new."""

    title: str
    site: str
    days: Span


@dataclass(frozen=True, slots=True)
class End:
    """A job on record gets a last day."""

    job: KnownJob
    on: date


@dataclass(frozen=True, slots=True)
class Become:
    """A job on record becomes another from a day."""

    job: KnownJob
    title: str
    site: str
    from_: date


@dataclass(frozen=True, slots=True)
class Rename:
    """A person's name or e-mail address becomes another."""

    name: str = ""
    email: str = ""


Act = Begin | End | Become | Rename


@dataclass(frozen=True, slots=True)
class Planned:
    """What comes of one line: in words, what is wrong with it, and the acts that carry it out."""

    line: int | None
    wanted: Wanted
    outcome: Outcome
    says: str
    faults: tuple[Fault, ...] = ()
    person_id: str = ""
    acts: tuple[Act, ...] = ()

    @property
    def told(self) -> tuple[str, str, tuple[Fault, ...]]:
        """What somebody was told of it; a plan that tells something else is another plan."""
        return self.outcome, self.says, self.faults


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    rows: tuple[Planned, ...]
    unknown_sites: Mapping[str, int] = field(default_factory=dict)
    unknown_titles: Mapping[str, int] = field(default_factory=dict)
    on_file: int = 0
    without_number: int = 0

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many lines come to what."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def must_type(self) -> bool:
        """Whether so many would leave that their number has to be typed."""
        return too_many_leave(self.counts[Outcome.LEAVES], on_file=self.on_file)


def too_many_leave(leavers: int, *, on_file: int) -> bool:
    """Say whether more would leave than can be meant without a second thought."""
    return leavers * 100 > on_file * MOST_LEAVERS_PERCENT


def loose(staff_number: str) -> str:
    """Return a staff number without what is easily lost: capitals, spaces and leading zeros."""
    return "".join(staff_number.split()).casefold().lstrip("0")
