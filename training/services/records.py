"""The record of what was done: results with their receipts, what is in date until when, and certificates."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.language import _
from training.domain.module import Module, Question
from training.domain.person_record import House
from training.domain.roles import Role
from training.domain.said import until_words
from training.domain.scenario import Choice, Scenario
from training.domain.scoring import Verdict
from training.models import Attempt, Completion, Revocation
from training.services import deliveries, facts, progress, standings
from training.services.accounts import Viewer
from training.services.deliveries import Delivered
from training.services.fact_queries import QUERIES
from training.services.imported_passes import Imported, imported_with
from training.services.marking import choices_made, wrong_answers
from training.services.organisations import NotFound
from training.services.standing_rows import Line
from training.services.standings import Given
from training.services.versions import read_version, read_versions

RESTED = "revoked with the pass that it rested on"
NOT_ASKED = "no organisation asks for it to be renewed"
TRIES = (
    select(
        Attempt.item,
        Attempt.completed_at,
        Attempt.recorded_at,
        Attempt.passed,
        Attempt.question_ids.is_not(None).label("is_refresher"),
    )
    .where(Attempt.person_id == bindparam("person_id"))
    .order_by(Attempt.completed_at.desc())
)


@dataclass(frozen=True, slots=True)
class Earned:
    """A pass with what it gave: the item as it was, the dates, the reason and the code.

    `until` None means that it does not expire, or, where `is_required` is false, that nobody asks for it.
    """

    attempt_id: uuid.UUID
    item: str
    kind: str
    title: str
    version: str
    role: Role
    passed_on: date
    until: date | None
    reason: str
    code: str
    is_required: bool
    is_revoked: bool = False
    is_refresher: bool = False

    @property
    def until_words(self) -> str:
        """The date in words."""
        if self.is_revoked:
            return _("Revoked: it does not count")
        if not self.is_required:
            return _("No date: no organisation asks for it to be renewed")
        return until_words(self.until)


@dataclass(frozen=True, slots=True)
class Result:
    """How one attempt went. `wrong` and `choices` show what to look at again; `asked` counts what a refresher asked."""

    attempt_id: uuid.UUID
    item: Module | Scenario
    role: Role
    passed: bool
    percent: int | None
    completed_at: datetime
    completed_on: date
    wrong: tuple[tuple[Question, Verdict], ...]
    choices: tuple[Choice, ...]
    earned: Earned | None
    asked: int | None = None
    deliveries: tuple[Delivered, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One item in a learner's record: where it stands, every pass and the number of tries, some at a refresher."""

    shown: progress.Shown
    earned: tuple[Earned, ...]
    tries: int
    refreshers: int = 0
    imported: tuple[Imported, ...] = ()


@dataclass(frozen=True, slots=True)
class Gained:
    """What somebody passed here, and on other systems' records, by item."""

    earned: Mapping[str, tuple[Earned, ...]]
    imported: Mapping[str, tuple[Imported, ...]]


def earned_by(
    session: Session,
    *,
    person_id: uuid.UUID,
    day: date,
    lines: Mapping[str, Line] | None = None,
    house: House | None = None,
) -> dict[str, tuple[Earned, ...]]:
    """Return all that a person has earned, by item and in order of pass, by the strictest requirement on a day.

    `lines` are the strictest line of each item and `house` what is required, where they have been read already.
    """
    if lines is None:
        lines = progress.strictest_lines(standings.read_lines(session, today=day, person_ids=[person_id]), day=day)
    return gained_by(session, person_id=person_id, day=day, lines=lines, house=house).earned


def gained_by(
    session: Session, *, person_id: uuid.UUID, day: date, lines: Mapping[str, Line], house: House | None = None
) -> Gained:
    """Return all that a person has passed here and elsewhere, by item and in order of pass, by these lines."""
    known = facts.read_records(session, person_ids=[person_id])[person_id]
    given: Given = {}
    if lines:
        given = standings.what_passes_gave(known, lines, house=house or facts.read_house(session), day=day)
    rows = read_passes(session, person_id=person_id)
    return Gained(earned_with(session, rows, given=given), imported_with(known, given=given))


def read_passes(
    session: Session, *, person_id: uuid.UUID, until: date | None = None, known_at: datetime | None = None
) -> Sequence[tuple[Row, str, bool, Row | None]]:
    """Return a person's passes in order, each with its role, whether it was a refresher, and why it was revoked.

    They are those up to a day, as known at an instant, where one is given.
    """
    query = passes_query(known_at)
    if until:
        query = query.where(Completion.passed_on <= until)
    rows = session.execute(query, {"person_id": person_id})
    return [(row, row.role, row.is_refresher, row if row.why is not None else None) for row in rows]


@lru_cache(maxsize=QUERIES)
def passes_query(known_at: datetime | None) -> Select:
    """Return the query of the passes of `person_id`."""
    revoked = Revocation.completion_id == Completion.id
    passed = (Completion.item, Completion.content_hash, Completion.attempt_id, Completion.passed_on, Completion.code)
    query = (
        select(*passed, Attempt.role, Attempt.question_ids.is_not(None).label("is_refresher"), Revocation.why)
        .join(Attempt, Attempt.id == Completion.attempt_id)
        .outerjoin(Revocation, revoked & (Revocation.recorded_at <= known_at) if known_at else revoked)
        .where(Completion.person_id == bindparam("person_id"))
        .order_by(Completion.passed_on, Completion.recorded_at)
    )
    return query.where(Completion.recorded_at <= known_at) if known_at else query


def earned_with(session: Session, rows: Sequence[tuple], *, given: Given) -> dict[str, tuple[Earned, ...]]:
    """Return passes with what those of them that count were `given`, by item."""
    items = read_versions(session, {row.content_hash for row, *_ in rows})
    found: dict[str, list[Earned]] = defaultdict(list)
    first = first_whole_passes(rows)
    for row, role, is_refresher, revoked in rows:
        why_not = f"revoked: {revoked.why}" if revoked else ""
        if is_refresher and not revoked and row.passed_on < first.get(row.item, date.max):
            why_not = RESTED
        period = None if why_not else standings.period_of(row, given)
        item = items[row.content_hash]
        one = Earned(
            attempt_id=row.attempt_id,
            item=row.item,
            kind=item.kind,
            title=item.title,
            version=item.version,
            role=Role(role),
            passed_on=row.passed_on,
            until=period.valid_until if period else None,
            reason=why_not or (period.reason if period else NOT_ASKED),
            code=row.code,
            is_required=period is not None,
            is_revoked=bool(why_not),
            is_refresher=bool(is_refresher),
        )
        found[row.item].append(one)
    return {item: tuple(each) for item, each in found.items()}


def first_whole_passes(rows: Iterable[tuple]) -> dict[str, date]:
    """Return the first day on which each item was passed whole, of passes in order that were not revoked."""
    first: dict[str, date] = {}
    for row, _role, is_refresher, revoked in rows:
        if not is_refresher and not revoked:
            first.setdefault(row.item, row.passed_on)
    return first


def earned_at(session: Session, *, attempt: Attempt, day: date) -> Earned | None:
    """Return what an attempt earned, or None where it did not pass."""
    if not attempt.passed:
        return None
    passes = earned_by(session, person_id=attempt.person_id, day=day)[attempt.item]
    return next(one for one in passes if one.attempt_id == attempt.id)


def own_attempt(session: Session, *, viewer: Viewer, attempt_id: uuid.UUID) -> Attempt:
    """Return one of the viewer's own attempts.

    Raises:
        NotFound: when it is not theirs, or not there.
    """
    attempt = session.get(Attempt, (viewer.organisation_id, attempt_id))
    if attempt is None or attempt.person_id != viewer.person_id:
        raise NotFound(_("There is no such attempt in your record."))
    return attempt


def result(database: Database, *, viewer: Viewer, attempt_id: uuid.UUID) -> Result:
    """Return how one of the viewer's attempts went.

    Raises:
        NotFound: when it is not theirs.
    """
    with database.read(viewer.organisation_id) as session:
        attempt = own_attempt(session, viewer=viewer, attempt_id=attempt_id)
        completed_on = day_in(attempt.completed_at, viewer.time_zone)
        item = read_version(session, attempt.content_hash)
        return Result(
            attempt_id=attempt.id,
            item=item,
            role=Role(attempt.role),
            passed=attempt.passed,
            percent=attempt.percent,
            completed_at=attempt.completed_at,
            completed_on=completed_on,
            wrong=wrong_answers(item, attempt),
            choices=choices_made(item, attempt),
            earned=earned_at(session, attempt=attempt, day=completed_on),
            asked=None if attempt.question_ids is None else len(attempt.question_ids),
            deliveries=deliveries.of_attempt(session, attempt=attempt),
        )


def record(database: Database, *, viewer: Viewer, catalog: Catalog, today: date) -> tuple[RecordLine, ...]:
    """Return the viewer's whole record, one line for each item ever tried or needed, by title."""
    with database.read(viewer.organisation_id) as session:
        tries = read_tries(session, person_id=viewer.person_id)
        return record_lines(session, person_id=viewer.person_id, catalog=catalog, today=today, tries=tries)


def read_tries(session: Session, *, person_id: uuid.UUID) -> Sequence[Row]:
    """Return when a person finished which attempt, whether it passed and was a refresher, never the answers."""
    return session.execute(TRIES, {"person_id": person_id}).all()


def record_lines(
    session: Session,
    *,
    person_id: uuid.UUID,
    catalog: Catalog,
    today: date,
    tries: Sequence[Row],
    house: House | None = None,
) -> tuple[RecordLine, ...]:
    """Return one person's record as at a day, with the tries at each item counted; `house` where it has been read."""
    known = progress.look(session, person_id=person_id, today=today)
    tried = Counter(row.item for row in tries)
    refreshed = Counter(row.item for row in tries if row.is_refresher)
    gained = gained_by(session, person_id=person_id, day=today, lines=known.lines, house=house)
    return tuple(
        RecordLine(
            shown=progress.show_slug(slug, catalog=catalog, known=known, today=today),
            earned=gained.earned.get(slug, ())[::-1],
            imported=gained.imported.get(slug, ())[::-1],
            tries=tried[slug],
            refreshers=refreshed[slug],
        )
        for slug in sorted(known.lines.keys() | tried.keys() | gained.imported.keys())
    )
