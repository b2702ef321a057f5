"""The plan of an import of past completions: what comes of each line, and which expiries are not ours."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from training.domain.certification import Pass, Period
from training.domain.completion_rows import FIELDS, WantedPass
from training.domain.days import format_day
from training.domain.people_import import House, Known, Outcome, loose
from training.domain.row_reading import Read
from training.domain.upload import Fault, plain, shown


@dataclass(frozen=True, slots=True)
class PlannedPass:
    """What comes of one line: in words, what is wrong with it, and where it is to be written."""

    line: int
    wanted: WantedPass
    outcome: Outcome
    says: str
    faults: tuple[Fault, ...] = ()
    person_id: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What our rule makes of a pass: the period, and the requirement whose terms gave it."""

    period: Period
    requirement: str


@dataclass(frozen=True)
class Shelf:
    """The items that can be passed, by what a file may call them: slug, title, or a name that was said to mean one."""

    titles: Mapping[str, str]
    meant: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, str]:
        """Slugs by every name."""
        known = {plain(title): slug for slug, title in self.titles.items()}
        known |= {plain(slug): slug for slug in self.titles}
        return known | {plain(name): slug for name, slug in self.meant.items() if slug in self.titles}

    def find(self, name: str) -> str:
        """Return the slug that a name means, or nothing."""
        return self.by_name.get(plain(name), "")


# What is on record of a person and an item, and what our rule makes of one more pass after some others.
OnRecord = Callable[[str, str], Sequence[Pass]]
ByRule = Callable[[str, str, Sequence[Pass]], Rule | None]


@dataclass(frozen=True, slots=True)
class PassPlan:
    """What an import of completions would do."""

    rows: tuple[PlannedPass, ...]
    unknown_items: Mapping[str, int]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many lines come to what."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}


class PassPlanner:
    """Works out what comes of the lines of a file of completions; `called` is what it calls its columns, by slug."""

    def __init__(
        self, *, house: House, shelf: Shelf, on_record: OnRecord, by_rule: ByRule, called: Mapping[str, str]
    ) -> None:
        self.house, self.shelf, self.on_record, self.by_rule = house, shelf, on_record, by_rule
        self.called = {field.slug: field.heading for field in FIELDS} | dict(called)
        self.unknown: Counter[str] = Counter()
        self._first: dict[tuple[str, str, date], Read[WantedPass]] = {}
        self._in_file: dict[tuple[str, str], list[Pass]] = defaultdict(list)

    def plan(self, rows: Sequence[Read[WantedPass]]) -> PassPlan:
        """Return what comes of each line, in order."""
        for row in rows:
            key = self.key_of(row)
            if key and self._first.setdefault((*key, row.wanted.passed_on), row) is row:
                self._in_file[key].append(Pass(row.wanted.passed_on, given_until=row.wanted.given_until))
        planned = tuple(self.row(row) for row in rows)
        return PassPlan(planned, self.unknown)

    def key_of(self, row: Read[WantedPass]) -> tuple[str, str] | None:
        """Return whom and what a line means, where it is right in itself."""
        known, item = self.house.by_number.get(row.wanted.staff_number), self.shelf.find(row.wanted.item)
        return (known.id, item) if known and item and not row.faults and row.wanted.passed_on else None

    def row(self, row: Read[WantedPass]) -> PlannedPass:
        """Return what comes of a line."""
        faults = (*row.faults, *self.faults_of(row))
        key = self.key_of(row)
        if faults or key is None:
            return PlannedPass(row.number, row.wanted, Outcome.FAULT, " ".join(each.words for each in faults), faults)
        outcome, words, wrong = self.compared(row, *key)
        says = f"{self.house.by_number[row.wanted.staff_number].name}: {words}"
        return PlannedPass(row.number, row.wanted, outcome, says, wrong, *key)

    def faults_of(self, row: Read[WantedPass]) -> Iterator[Fault]:
        """Yield what is wrong with a line beside what is on record."""
        wanted = row.wanted
        if wanted.staff_number:
            yield from self.number_wrong(wanted.staff_number)
        if wanted.item and not self.shelf.find(wanted.item):
            self.unknown[wanted.item] += 1
            words = f"No training here is called {shown(wanted.item)}. Say which one is meant, or mend it in the file."
            yield Fault(self.called["item"], shown(wanted.item), words)

    def number_wrong(self, number: str) -> Iterator[Fault]:
        """Yield what is wrong with a staff number."""
        known: Known | None = self.house.by_number.get(number)
        alike = self.house.alike.get(loose(number))
        if known is None:
            words = "Nobody here has this staff number. Import people first."
            if alike and alike[0].yours:
                words = f"Somebody here has the staff number {alike[0].staff_number}. If it is they, write it just so."
            yield Fault(self.called["staff_number"], number, words)
        elif not (known.yours and known.wholly):
            words = "This person works at other sites. Ask a manager of the whole organisation."
            yield Fault(self.called["staff_number"], number, words)

    def compared(self, row: Read[WantedPass], person_id: str, item: str) -> tuple[Outcome, str, tuple[Fault, ...]]:
        """Return what comes of a line that is right in itself, beside other passes of the same day and our rule."""
        wanted = row.wanted
        first = self._first[person_id, item, wanted.passed_on]
        if first is not row:
            same = first.wanted.given_until == wanted.given_until
            words = f"Row {first.number} says the same pass" + ("." if same else " with another expiry.")
            return self.same_or_wrong(wanted, words, same=same)
        on_record = self.on_record(person_id, item)
        there = next((one for one in on_record if one.passed_on == wanted.passed_on), None)
        if there is not None:
            before = [one for one in on_record if one.passed_on < wanted.passed_on]
            rule = None if there.given_until else self.by_rule(person_id, item, [*before, there])
            until = rule.period.valid_until if rule else there.given_until
            same = wanted.given_until in {None, until}
            words = f"A pass on {format_day(wanted.passed_on)} is on record already"
            words += "." if same else f", {in_words(there.given_until, rule)}. It is not imported twice."
            return self.same_or_wrong(wanted, words, same=same)
        return *self.beside_the_rule(wanted, person_id, item), ()

    def same_or_wrong(self, wanted: WantedPass, words: str, *, same: bool) -> tuple[Outcome, str, tuple[Fault, ...]]:
        """Return a line that says what is known already, or contradicts it."""
        if same:
            return Outcome.SAME, words, ()
        until = format_day(wanted.given_until) if wanted.given_until else ""
        return Outcome.FAULT, words, (Fault(self.called["given_until"], until, words),)

    def beside_the_rule(self, wanted: WantedPass, person_id: str, item: str) -> tuple[Outcome, str]:
        """Return what a new pass gives, and whether our rule would give another expiry."""
        others = [*self.on_record(person_id, item), *self._in_file[person_id, item]]
        earlier = [one for one in others if one.passed_on < wanted.passed_on]
        rule = self.by_rule(person_id, item, [*earlier, Pass(wanted.passed_on)])
        passed = f"{self.shelf.titles[item]}, passed on {format_day(wanted.passed_on)}"
        if rule is None:
            until = f", expiry given {format_day(wanted.given_until)}" if wanted.given_until else ""
            return Outcome.CREATE, f"{passed}{until}. No requirement asks for it, so our rule gives no expiry."
        ours = format_day(rule.period.valid_until) if rule.period.valid_until else "no expiry"
        if wanted.given_until is None or wanted.given_until == rule.period.valid_until:
            return Outcome.CREATE, f"{passed}. In date until {ours} by our rule ({rule.requirement})."
        given = format_day(wanted.given_until)
        return Outcome.DIFFERS, f"{passed}. Expiry given {given}; our rule gives {ours} ({rule.requirement})."


def in_words(given: date | None, rule: Rule | None) -> str:
    """Return the expiry of a pass that is on record in words: the one given with it, or the one that our rule gives."""
    if given:
        return f"with the expiry {format_day(given)}"
    ours = f" and {format_day(rule.period.valid_until)} by our rule" if rule and rule.period.valid_until else ""
    return f"with no expiry given{ours}"
