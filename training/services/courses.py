"""How one person's line on one item runs from a day on, by one way to decide and another.

A line changes where a fact begins or has ended, and otherwise by time alone, which a standing foresees: so it is worked
out on those days only, and not at all for whoever a decision cannot touch.
"""

import uuid
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from training.domain.days import ONE_DAY, Span
from training.domain.need import Facts
from training.domain.person_record import ContentChange, House, PersonRecord, as_on, caps_on, facts_for
from training.domain.requirement import Audience, Reach, Version
from training.domain.standing import Standing, status_on, strictest, turns_by_time, turns_of, work_out_dates
from training.domain.status import Status

Versions = tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What one house asks of one item, by requirement."""

    item: str
    house: House
    versions: Mapping[str, Versions]

    @classmethod
    def of(cls, item: str, house: House) -> "Side":
        """Return what a house asks of an item."""
        asking = {key: each.versions_of(item) for key, each in house.requirements.items()}
        return cls(item, house, {key: versions for key, versions in asking.items() if versions})

    @property
    def changes(self) -> list[ContentChange]:
        """The new contents of the item that everyone passes again."""
        return [change for change in self.house.changes if change.item == self.item]

    def meant(self) -> list[tuple[str, Span, Audience]]:
        """Return who must hold it on which days; what adjoins and means the same people is one."""
        found: list[tuple[str, Span, Audience]] = []
        for key, versions in self.versions.items():
            for version in versions:
                last = found[-1] if found and found[-1][0] == key else None
                adjoins = last and last[1].until and last[1].until + ONE_DAY == version.days.from_
                if last and adjoins and last[2] == version.audience:
                    found[-1] = key, Span(last[1].from_, version.days.until), version.audience
                else:
                    found.append((key, version.days, version.audience))
        return found

    def capped(self) -> set[tuple[object, ...]]:
        """Return what everyone must pass again by."""
        again = {
            (key, version.again_by, version.announced_on)
            for key, versions in self.versions.items()
            for version in versions
            if version.reach is Reach.EVERYONE_AGAIN
        }
        return again | {(change, change.again_by, change.announced_on) for change in self.changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Where two ways to decide about an item differ at all, so that whoever is not touched is not looked at."""

    item: str
    before: Side
    after: Side
    people_differ: bool
    caps_differ: bool
    leave_differs: bool
    decided: frozenset[str]
    terms_differ_from: date | None
    due_differs_from: date | None

    @classmethod
    def of(cls, item: str, *, before: House, after: House) -> "Question":
        """Compare what two houses ask of an item."""
        one, other = Side.of(item, before), Side.of(item, after)
        due_from = first_difference(one, other, lambda version: version.due_days)
        if due_from is not None and any(span.from_ >= due_from for _, span, _ in other.meant()):
            due_from = date.min
        return cls(
            item=item,
            before=one,
            after=other,
            people_differ=one.meant() != other.meant(),
            caps_differ=one.capped() != other.capped(),
            decided=decided_about(one, other),
            leave_differs=before.long_leave_days != after.long_leave_days,
            terms_differ_from=first_difference(one, other, lambda version: (version.terms, version.reach)),
            due_differs_from=due_from,
        )


def decided_about(one: Side, other: Side) -> frozenset[str]:
    """Return the requirements that differ; where none does, it is the item itself that is decided about in all."""
    keys = one.versions.keys() | other.versions.keys()
    return frozenset(key for key in keys if one.versions.get(key) != other.versions.get(key)) or frozenset(keys)


def first_difference(one: Side, other: Side, what: Callable[[Version], object]) -> date | None:
    """Return the first day from which something differs between the versions of both sides, in order of their days."""
    days = []
    for key in one.versions.keys() & other.versions.keys():
        for place, (left, right) in enumerate(zip_longest(one.versions[key], other.versions[key])):
            pairs = [(each.days.from_, what(each)) for each in (left, right) if each is not None]
            if len(set(pairs)) > 1 or len(pairs) == 1:
                # What the first version says holds for everything before it as well.
                days.append(min(day for day, _ in pairs) if place else date.min)
                break
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Course:
    """The lines of one person on one item from a day on: `turns` are the days on which a fact begins or has ended."""

    on_file: tuple[Span, ...]
    turns: tuple[date, ...]
    lines: tuple[tuple[Standing, ...], ...]

    def line(self, day: date) -> Standing | None:
        """Return the strictest line on a day."""
        some = self.lines[bisect_right(self.turns, day) - 1]
        return strictest(some, day=day) if len(some) > 1 else next(iter(some), None)

    def status(self, day: date) -> Status:
        """Return the status on a day; without a line, whether the person is on file at all."""
        line = self.line(day)
        if line is not None:
            return status_on(line, day)
        return Status.NOT_NEEDED if any(day in span for span in self.on_file) else Status.NOT_ON_FILE

    @property
    def days(self) -> set[date]:
        """The days on which the status may change, by a fact or by time."""
        return set(self.turns).union(*(turns_by_time(line) for some in self.lines for line in some))


@dataclass(slots=True)
class PersonSeen:
    """Somebody with what is on record of them; what was worked out for one decision serves the next."""

    person_id: uuid.UUID
    name: str
    record: PersonRecord
    known: dict[tuple[object, ...], Facts] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Course] = field(default_factory=dict)

    def needs(self, side: Side, *, day: date, decided: Collection[str]) -> bool:
        """Say whether the item is needed on a day, by any of the requirements that are decided about."""
        return any(
            day in span
            for key, versions in side.versions.items()
            if key in decided
            for version in versions
            if day in version.days
            for post in self.record.posts
            for span in post.needs(version)
        )

    def may_change(self, question: Question) -> bool:
        """Say whether a decision could touch the person; where nothing differs for them, it cannot."""
        passes = self.record.passes.get(question.item, ())
        terms_from, due_from = question.terms_differ_from, question.due_differs_from
        return (
            (question.leave_differs and bool(self.record.leaves))
            or (question.people_differ and (bool(passes) or self.is_meant(question)))
            or (question.caps_differ and bool(passes) and self.is_meant(question))
            or (terms_from is not None and any(each.passed_on >= terms_from for each in passes))
            or (due_from is not None and any(from_ >= due_from for from_ in self.beginnings()))
        )

    def beginnings(self) -> Iterator[date]:
        """Yield the days on which a role begins in a job."""
        return (span.from_ for post in self.record.posts for _, span in post.roles)

    def is_meant(self, question: Question) -> bool:
        """Say whether either side ever needs the item of the person."""
        sides = (question.before, question.after)
        return any(self.is_meant_by(versions) for side in sides for versions in side.versions.values())

    def is_meant_by(self, versions: Versions) -> bool:
        """Say whether a requirement ever means the person."""
        return any(post.needs(version) for version in versions for post in self.record.posts)

    def course(self, side: Side, *, from_: date) -> Course:
        """Return how the item runs by one side, from a day on."""
        key = id(side.house), side.item, from_
        if key not in self.seen:
            self.seen[key] = self.run(side, from_=from_)
        return self.seen[key]

    def run(self, side: Side, *, from_: date) -> Course:
        """Work out the lines on a day and on each later day on which a fact begins or has ended."""
        found = [(facts, side.versions[key]) for key, facts in self.facts(side, as_at=from_)]
        turns = {from_}.union(*({day for day in turns_of(facts) if day > from_} for facts, _ in found))
        return Course(
            on_file=tuple(post.worked for post in self.record.posts),
            turns=tuple(sorted(turns)),
            lines=tuple(
                tuple(work_out_dates(as_on(facts, versions, day), as_at=day) for facts, versions in found)
                for day in sorted(turns)
            ),
        )

    def facts(self, side: Side, *, as_at: date) -> Iterator[tuple[str, Facts]]:
        """Yield what the rules need to know, by each requirement that means the person at any time.

        Where none does, one is enough to say that the item is held.
        """
        meant = [key for key, versions in side.versions.items() if self.is_meant_by(versions)]
        passed = list(side.versions)[:1] if self.record.passes.get(side.item) else []
        for key in meant or passed:
            versions = side.versions[key]
            requirement = side.house.requirements[key]
            known = id(requirement), side.item, side.house.long_leave_days
            if known not in self.known:
                self.known[known] = facts_for(self.record, requirement, side.item, house=side.house, as_at=as_at)
            facts = self.known[known]
            caps = caps_on(self.record.passes.get(side.item, ()), versions, side.changes)
            yield key, facts if caps == facts.caps else replace(facts, caps=caps)


def begins(line: Standing, day: date) -> bool:
    """Say whether there is something new to tell: the need begins, or the window opens, on that very day."""
    status = status_on(line, day)
    if status is Status.NOT_YET_DUE:
        return line.need_begins_on == day
    return status is Status.EXPIRING_SOON and line.window_opens_on == day
