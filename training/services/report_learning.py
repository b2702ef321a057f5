"""Reports of what people did: the time of what they passed, and how often they tried, in totals alone."""

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, distinct, func, select

from training.domain.days import ONE_DAY, end_of_day
from training.domain.language import N_, _
from training.domain.module import Module
from training.domain.numbers import number_words
from training.domain.report import Column, Kind, Report, Row, Table, span_words
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.models import Attempt, Completion, Person, Revocation
from training.services import roster_queries
from training.services.listings import Listed
from training.services.report_lines import WHO, who
from training.services.report_questions import Asked
from training.services.roster_queries import Shape
from training.services.rosters import BATCH, Roster
from training.services.staff import Known, Worker, read_jobs, workers_of
from training.services.versions import read_versions

HOURS = (
    Column(N_("Passes"), Kind.NUMBER),
    Column(N_("Refreshers"), Kind.NUMBER),
    Column(N_("Minutes"), Kind.NUMBER),
    Column(N_("Hours"), Kind.NUMBER),
)
TRIES = (
    Column(N_("Training")),
    Column(N_("People"), Kind.NUMBER),
    Column(N_("Tries"), Kind.NUMBER),
    Column(N_("Passed"), Kind.NUMBER),
    Column(N_("Not passed"), Kind.NUMBER),
    Column(N_("Note")),
)
# Totals over fewer people than this could show one person's failing.
FEWEST = 5
TOO_FEW = N_("Fewer than five people: no totals.")
# Some people: their ids, or the query that finds them.
Whom = Sequence[uuid.UUID] | Select


@dataclass(slots=True)
class Time:
    """What passes come to: how many, how many of them refreshers, and the minutes that the content says it takes."""

    passes: int = 0
    refreshers: int = 0
    minutes: int = 0

    def add(self, other: "Time") -> None:
        """Add another's."""
        self.passes += other.passes
        self.refreshers += other.refreshers
        self.minutes += other.minutes

    @property
    def cells(self) -> tuple[object, ...]:
        """What it comes to, in the order of the columns."""
        return self.passes, self.refreshers, self.minutes, (Decimal(self.minutes) / 60).quantize(Decimal("0.1"))


def last_day(asked: Asked) -> date:
    """Return the last day of what is asked: no later than the day that the report speaks of."""
    day = asked.question.as_of.day
    return min(asked.question.until or day, day)


def training_hours(asked: Asked) -> Report:
    """Return the minutes of what was passed in some days, by person and in all, of people on file on the day."""
    roster = asked.roster(Listed())
    whole, heads, passed = whole_time(asked, roster), roster.count_people(), count_passed(asked, roster)
    denominator = _(
        "%(heads)s people on file = %(some)s who passed something + %(none)s who passed nothing.",
        heads=number_words(heads),
        some=number_words(passed),
        none=number_words(heads - passed),
    )
    note = _("Minutes are those that the content says it takes; of a refresher, its share of the questions.")
    shows = (span_words(asked.question.since, last_day(asked)),)
    head = asked.head(roster, title=_("Training hours"), shows=shows, notes=(note,), denominator=denominator)
    total = Table("total", _("In all"), (Column(N_("People"), Kind.NUMBER), *HOURS), [Row((heads, *whole.cells))])
    rows = time_rows(asked, roster, asked.known(roster))
    people = Table("people", _("By person"), (*WHO, *HOURS), rows)
    return Report("training-hours", head, (total, people), main="people")


def time_rows(asked: Asked, roster: Roster, people: Iterator[Known]) -> Iterator[Row]:
    """Yield a row for each person."""
    for worker, time in times(asked, roster, people):
        yield Row((*who(worker), *time.cells), ("person", str(worker.person_id)))


def times(asked: Asked, roster: Roster, people: Iterator[Known]) -> Iterator[tuple[Worker, Time]]:
    """Yield people with what they passed in the days asked for, some hundred at a time."""
    while some := list(islice(people, BATCH)):
        ids = [person_id for person_id, *_ in some]
        workers = workers_of(some, read_jobs(roster.session, person_ids=ids, as_of=roster.as_of))
        passed = read_times(asked, ids)
        yield from ((worker, passed.get(person_id, Time())) for person_id, worker in workers.items())


def read_times(asked: Asked, person_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Time]:
    """Return what some people passed in the days asked for, without what was revoked."""
    found: dict[uuid.UUID, Time] = defaultdict(Time)
    for person_id, time in passed_by(asked, person_ids, {}, Completion.person_id):
        found[person_id].add(time)
    return found


def whole_time(asked: Asked, roster: Roster) -> Time:
    """Return what all these people passed; the database counts alike passes, of which there are few kinds."""
    whole, known = Time(), roster_queries.asked(roster)
    for some in whom(roster):
        for (time,) in passed_by(asked, some, known):
            whole.add(time)
    return whole


def passed_by(
    asked: Asked, whom: Whom, known: Mapping[str, Any], *key: ColumnElement
) -> Iterator[tuple[*tuple[Any, ...], Time]]:
    """Yield what some people passed, with a key: first as if it all was whole, then what refreshers take less."""
    alike, refreshed = (*key, Completion.content_hash), (Attempt.role, cast(Attempt.question_ids, String))
    passes = passes_in_days(asked, *alike, func.count()).where(Completion.person_id.in_(whom)).group_by(*alike)
    rows = asked.session.execute(passes, known).all()
    items = read_versions(asked.session, {content_hash for *_key, content_hash, _count in rows})
    for *whose, content_hash, count in rows:
        yield *whose, Time(count, 0, count * items[content_hash].minutes)
    refreshers = (
        passes_in_days(asked, *alike, *refreshed, func.count())
        .join(Attempt, Attempt.id == Completion.attempt_id)
        .where(Attempt.person_id.in_(whom), Attempt.question_ids.is_not(None))
        .group_by(*alike, *refreshed)
    )
    for *whose, content_hash, role, questions, count in asked.session.execute(refreshers, known):
        item = items[content_hash]
        share = share_of(item, role=Role(role), question_ids=json.loads(questions))
        yield *whose, Time(0, count, count * (share - item.minutes))


def count_passed(asked: Asked, roster: Roster) -> int:
    """Return how many of these people passed anything."""
    return count_with(asked, roster, passes_in_days(asked, Completion.person_id))


def count_with(asked: Asked, roster: Roster, theirs: Select) -> int:
    """Return how many of these people have a row: each is looked up until the first is found."""
    known, has_any = roster_queries.asked(roster), theirs.where(theirs.selected_columns[0] == Person.id)
    people = select(func.count(Person.id)).where(has_any.correlate(Person).exists())
    return sum(asked.session.scalar(people.where(Person.id.in_(some)), known) for some in whom(roster))


def whom(roster: Roster) -> Iterator[Whom]:
    """Yield the people that a report is about as one query, or where their names are looked through, some at a time."""
    if not roster.site_ids or not roster.items:
        return
    people = roster.people(Shape.of(roster))
    if not roster.wanted.search:
        yield roster_queries.ids_query(Shape.of(roster))
        return
    while some := list(islice(people, BATCH)):
        yield [person_id for person_id, *_ in some]


def passes_in_days(asked: Asked, *columns: ColumnElement) -> Select:
    """Return the query of some columns of passes in the days asked for, as known then."""
    known_at, since = asked.question.as_of.known_at, asked.question.since
    revoked = Revocation.completion_id == Completion.id
    query = (
        select(*columns)
        .select_from(Completion)
        .outerjoin(Revocation, and_(revoked, Revocation.recorded_at <= known_at) if known_at else revoked)
        .where(Completion.passed_on <= last_day(asked), Revocation.completion_id.is_(None))
    )
    if asked.question.wanted.item:
        query = query.where(Completion.item == asked.question.wanted.item)
    query = query.where(Completion.passed_on >= since) if since else query
    return query.where(Completion.recorded_at <= known_at) if known_at else query


def share_of(item: Module | Scenario, *, role: Role, question_ids: Collection[str]) -> int:
    """Return the minutes that a refresher takes: the item's, by its share of the questions, at least one."""
    if isinstance(item, Scenario):
        return item.minutes
    questions = max(len(tuple(item.questions(role))), 1)
    return max(1, min(item.minutes, round(item.minutes * len(question_ids) / questions)))


def attempts(asked: Asked) -> Report:
    """Return how often each item was tried and passed in some days, in totals over five people or more."""
    roster = asked.roster(Listed())
    heads, tried = roster.count_people(), count_tried(asked, roster)
    denominator = _(
        "%(heads)s people on file = %(some)s who tried something + %(none)s who tried nothing.",
        heads=number_words(heads),
        some=number_words(tried),
        none=number_words(heads - tried),
    )
    note = _("Totals alone, and only over five people or more.")
    shows = (span_words(asked.question.since, last_day(asked)),)
    head = asked.head(roster, title=_("Attempts"), shows=shows, notes=(note,), denominator=denominator)
    people, tries = count_tries(asked, roster)
    rows = [tries_row(asked.catalog.title(item), item, people[item], tries[item]) for item in people]
    rows.sort(key=lambda row: str(row.cells[0]))
    return Report("attempts", head, (Table("attempts", _("Attempts"), TRIES, asked.rows(rows)),))


def tries_row(title: str, item: str, people: int, tries: Counter[bool]) -> Row:
    """Return what is said of the tries at one item."""
    if people < FEWEST:
        return Row((title, None, None, None, None, _(TOO_FEW)), ("item", item))
    return Row((title, people, tries.total(), tries[True], tries[False], ""), ("item", item))


def count_tries(asked: Asked, roster: Roster) -> tuple[Counter[str], dict[str, Counter[bool]]]:
    """Return how many people tried each item, and how often it was passed and not."""
    people: Counter[str] = Counter()
    tries: dict[str, Counter[bool]] = defaultdict(Counter)
    passed = func.sum(case((Attempt.passed, 1), else_=0))
    query = tries_in_days(asked, Attempt.item, func.count(distinct(Attempt.person_id)), func.count(), passed)
    query, known = query.group_by(Attempt.item), roster_queries.asked(roster)
    for some in whom(roster):
        for item, heads, tried, well in asked.session.execute(query.where(Attempt.person_id.in_(some)), known):
            people[item] += heads
            tries[item].update({True: well, False: tried - well})
    return people, tries


def count_tried(asked: Asked, roster: Roster) -> int:
    """Return how many of these people tried anything."""
    return count_with(asked, roster, tries_in_days(asked, Attempt.person_id))


def tries_in_days(asked: Asked, *columns: ColumnElement) -> Select:
    """Return the query of some columns of tries at the items asked for, in the days asked for."""
    zone, since, known_at = asked.viewer.time_zone, asked.question.since, asked.question.as_of.known_at
    query = select(*columns).where(Attempt.completed_at <= end_of_day(last_day(asked), zone))
    if asked.question.wanted.item:
        query = query.where(Attempt.item == asked.question.wanted.item)
    if since:
        query = query.where(Attempt.completed_at > end_of_day(since - ONE_DAY, zone))
    return query.where(Attempt.recorded_at <= known_at) if known_at else query
