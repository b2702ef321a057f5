"""What a change would do to one person's training: the change is made, looked at, and undone."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database, OutOfScope, Scope
from training.domain.language import _, ngettext
from training.domain.numbers import number_words
from training.domain.standing import notes_on, reason_on, status_on
from training.domain.status import Status
from training.services import reach, standings
from training.services.accounts import Viewer
from training.services.progress import strictest_lines
from training.services.records import Earned, earned_by
from training.services.staff import NEVER_NEEDED
from training.services.standing_rows import Line


@dataclass(frozen=True, slots=True)
class Told:
    """Where somebody stands with one item on a day, in words."""

    status: Status
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One item whose status or reason changes."""

    title: str
    before: Told
    after: Told


@dataclass(frozen=True, slots=True)
class DayEffect:
    """What differs on one day, today or ahead, and how many items stay as they are."""

    day: date
    changed: tuple[ChangedLine, ...]
    unchanged: int

    @property
    def words(self) -> str:
        """The numbers in words."""
        if not self.changed:
            return _("Nothing changes.")
        return ngettext(
            "%(number)s training changes, %(unchanged)s stay as now.",
            "%(number)s trainings change, %(unchanged)s stay as now.",
            len(self.changed),
            number=number_words(len(self.changed)),
            unchanged=self.unchanged,
        )


@dataclass(frozen=True, slots=True)
class ChangedPass:
    """A pass that gives another date than before."""

    attempt_id: uuid.UUID
    title: str
    passed_on: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: the days on which something may differ, and the passes worked out again."""

    days: tuple[DayEffect, ...]
    passes: tuple[ChangedPass, ...]


class Rehearsal(Database):
    """A database in which an act writes into one transaction that will be undone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def write(self, scope: Scope, *, if_taken: Exception | None = None) -> Iterator[Session]:  # noqa: ARG002 (nobody is quicker inside one transaction)
        """Hand out the one session; what was written can be read in it."""
        if scope != self._session.info["scope"]:
            raise OutOfScope(f"a rehearsal in {self._session.info['scope']} cannot write in {scope}")
        yield self._session
        self._session.flush()

    @contextmanager
    def read(self, scope: Scope) -> Iterator[Session]:
        """Hand out the one session."""
        with self.write(scope) as session:
            yield session


def preview(
    database: Database,
    *,
    viewer: Viewer,
    person_id: uuid.UUID,
    act: Callable[[Database], object],
    catalog: Catalog,
    today: date,
    days: Collection[date] = (),
) -> Effect:
    """Return what an act would do to a person, today and on days ahead, by the same code that does it.

    Raises:
        NotFound: when the viewer may not see the person; and whatever the act refuses.
    """
    with database.write(viewer.organisation_id) as session:
        reach.visible_person(session, viewer=viewer, person_id=person_id)
        standings.wait_for_turn(session, person_ids=[person_id])
        asked = [today, *sorted({day for day in days if day > today})]
        before = look(session, person_id=person_id, days=asked)
        act(Rehearsal(session))
        after = look(session, person_id=person_id, days=asked)
        session.rollback()
    return Effect(
        days=tuple(
            day_effect(before.lines[day], after.lines[day], day=day, catalog=catalog)
            for day in asked
            if day == today or before.lines[day] != after.lines[day]
        ),
        passes=tuple(changed_passes(before.passes, after.passes)),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody stands on some days, and what each of their passes gives."""

    lines: Mapping[date, Mapping[str, Told]]
    passes: Mapping[uuid.UUID, Earned]


def look(session: Session, *, person_id: uuid.UUID, days: Collection[date]) -> Seen:
    """Return where somebody stands on some days, the first of them today."""
    passes = earned_by(session, person_id=person_id, day=next(iter(days)))
    return Seen(
        lines={day: told_on(session, person_id=person_id, day=day) for day in days},
        passes={one.attempt_id: one for each in passes.values() for one in each},
    )


def told_on(session: Session, *, person_id: uuid.UUID, day: date) -> dict[str, Told]:
    """Return where somebody stands with each item on a day, from the facts."""
    lines = tuple(standings.work_out_lines(session, person_ids=[person_id], today=day))
    return {item: told(line, day=day) for item, line in strictest_lines(lines, day=day).items()}


def told(line: Line, *, day: date) -> Told:
    """Return a line in words."""
    return Told(status_on(line.standing, day), reason_on(line.standing, day), notes_on(line.standing, day))


def day_effect(before: Mapping[str, Told], after: Mapping[str, Told], *, day: date, catalog: Catalog) -> DayEffect:
    """Compare where somebody stands on one day."""
    unknown = Told(Status.NOT_NEEDED, _(NEVER_NEEDED))
    pairs = {item: (before.get(item, unknown), after.get(item, unknown)) for item in before.keys() | after.keys()}
    changed = [
        ChangedLine(catalog.title(item), was, becomes) for item, (was, becomes) in pairs.items() if was != becomes
    ]
    changed.sort(key=lambda line: line.title)
    return DayEffect(day, tuple(changed), len(pairs) - len(changed))


def changed_passes(before: Mapping[uuid.UUID, Earned], after: Mapping[uuid.UUID, Earned]) -> Iterator[ChangedPass]:
    """Yield each pass that gives another date, in order."""
    for attempt_id, was in sorted(before.items(), key=lambda one: (one[1].title, one[1].passed_on)):
        becomes = after[attempt_id]
        if was.until_words != becomes.until_words:
            yield ChangedPass(attempt_id, was.title, was.passed_on, was.until_words, becomes.until_words)
