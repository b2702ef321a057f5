"""Keeps the trend true: works out the months that are missing, and moves those that something new touches."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from training.db import Database, add_up
from training.domain.days import day_in
from training.domain.trend import WHOLE, month_ends, moves_by_day
from training.models import WHOLE_ID, TrendFigure, TrendState
from training.services import everybody, facts
from training.services.counters import MEASURES
from training.services.trend_changes import Changes, read_changes

BATCH = 500
# What touches more people than this is worked out anew for everybody: one after another would not be quicker.
MOST_PEOPLE = 1_000

# How many, by day, unit, item and measure.
Sums = Counter[tuple[date, uuid.UUID, str, str]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an organisation's trend needs: days to be worked out anew, and people to be moved on the other days."""

    anew: tuple[date, ...]
    kept: tuple[date, ...]
    people: dict[uuid.UUID, date]


def bring_up_to_date(database: Database, *, now: datetime, known_at: datetime) -> Iterator[int]:
    """Bring every organisation's trend to what was known at an instant; yields how many people are done.

    Interrupted anywhere it goes on where it stopped, with what was known when it began. Whatever was recorded by
    `known_at` must have been committed: what comes in later with an earlier instant is never seen.
    """
    done = 0
    for organisation_id, _, time_zone in everybody.list_organisations(database):
        for people in bring_one(database, organisation_id, today=day_in(now, time_zone), known_at=known_at):
            done += people
            yield done


def bring_one(database: Database, organisation_id: int, *, today: date, known_at: datetime) -> Iterator[int]:
    """Bring one organisation's trend to what was known at an instant; yields how many people each step did."""
    begin(database, organisation_id, today=today, known_at=known_at)
    while people := draft_more(database, organisation_id):
        yield people


def begin(database: Database, organisation_id: int, *, today: date, known_at: datetime) -> None:
    """Move what can be moved at once, and begin a draft of the days to be worked out anew, unless one is there."""
    wanted = month_ends(today)
    with database.read(organisation_id) as session:
        state = session.get(TrendState, organisation_id)
        if state is not None and (state.draft_known_at or is_later(state, known_at)):
            return
        plan, before = plan_for(session, state, wanted=wanted, known_at=known_at), state and state.known_at
        moved = difference(session, plan, before=before, after=known_at) if plan.people else Counter()
    with database.write(organisation_id) as session:
        state = session.get(TrendState, organisation_id)
        if (state and state.known_at) != before or (state and state.draft_known_at):
            return
        add(session, moved, organisation_id=organisation_id, draft=False)
        keep_state(session, state, plan, organisation_id=organisation_id, known_at=known_at)


def is_later(state: TrendState, known_at: datetime) -> bool:
    """Say whether the figures hold more than was known at an instant already."""
    return state.known_at is not None and state.known_at >= known_at


def plan_for(session: Session, state: TrendState | None, *, wanted: Sequence[date], known_at: datetime) -> Plan:
    """Return what must be done so that the figures of some days hold what was known at an instant."""
    have = {date.fromisoformat(day) for day in state.days} & set(wanted) if state and state.known_at else set()
    if not have:
        return Plan(anew=tuple(wanted), kept=(), people={})
    changes = read_changes(session, since=state.known_at, until=known_at, last_day=max(have))
    if len(changes.people) > MOST_PEOPLE:
        earliest = min(changes.people.values())
        changes = Changes({}, min(earliest, changes.everybody_from or earliest))
    anew = tuple(day for day in wanted if day not in have or changes.touch(day))
    kept = tuple(sorted(have.difference(anew)))
    people = {each: first for each, first in changes.people.items() if kept and first <= kept[-1]}
    return Plan(anew=anew, kept=kept, people=people)


def difference(session: Session, plan: Plan, *, before: datetime, after: datetime) -> Sums:
    """Return what some people add to the kept days by what was known at one instant, less what they added at another.

    Days before the first that anything touches come out the same, so they are left out.
    """
    days = tuple(day for day in plan.kept if day >= min(plan.people.values()))
    sums = worked_out(session, person_ids=sorted(plan.people), days=days, known_at=after)
    sums.subtract(worked_out(session, person_ids=sorted(plan.people), days=days, known_at=before))
    return sums


def worked_out(session: Session, *, person_ids: Sequence[uuid.UUID], days: Sequence[date], known_at: datetime) -> Sums:
    """Return what some people come to on each of some days, by the facts known at an instant, which are read once."""
    sums: Sums = Counter()
    if not days:
        return sums
    house = facts.read_house(session, known_at=known_at)
    records = facts.read_records(session, person_ids=person_ids, known_at=known_at)
    for day, moves in moves_by_day(records.values(), house=house, days=days).items():
        for (unit, item, measure), number in moves.items():
            sums[day, WHOLE_ID if unit is WHOLE else uuid.UUID(unit), item, measure] = number
    return sums


def draft_more(database: Database, organisation_id: int) -> int:
    """Add some more people to a draft and return how many; with the last of them its figures are the ones shown."""
    with database.read(organisation_id) as session:
        state = session.get(TrendState, organisation_id)
        if state is None or state.draft_known_at is None:
            return 0
        known_at, after, days = state.draft_known_at, state.draft_after or everybody.NOBODY, state.draft_days
        people = everybody.people_after(session, after, most=BATCH)
        read = tuple(map(date.fromisoformat, days))
        sums = worked_out(session, person_ids=people, days=read, known_at=known_at)
    with database.write(organisation_id) as session:
        state = session.get(TrendState, organisation_id)
        if (state.draft_known_at, state.draft_after or everybody.NOBODY) != (known_at, after):
            return 0
        add(session, sums, organisation_id=organisation_id, draft=True)
        state.draft_after = people[-1] if people else after
        if len(people) < BATCH:
            finish(session, state)
    return len(people)


def add(session: Session, sums: Sums, *, organisation_id: int, draft: bool) -> None:
    """Add what was counted to the figures, or to their draft."""
    rows: dict[tuple[date, uuid.UUID, str], dict[str, object]] = {}
    for (day, unit, item, measure), number in sums.items():
        if number:
            row = rows.setdefault((day, unit, item), dict.fromkeys(MEASURES, 0))
            row[measure] = number
    key = {"organisation_id": organisation_id, "draft": draft}
    found = [{**key, "site_id": unit, "item": item, "day": day, **row} for (day, unit, item), row in rows.items()]
    if found:
        add_up(session, TrendFigure, found, numbers=MEASURES)


def keep_state(
    session: Session, state: TrendState | None, plan: Plan, *, organisation_id: int, known_at: datetime
) -> None:
    """Write down what the figures hold now; days that are no longer wanted go, those to come are a draft."""
    if state is None:
        state = TrendState(organisation_id=organisation_id, days=[], draft_days=[])
        session.add(state)
    wanted = {*plan.kept, *plan.anew}
    have = {date.fromisoformat(day) for day in state.days}
    if have - wanted:
        session.execute(delete(TrendFigure).where(TrendFigure.day.in_(have - wanted)))
    state.days = iso_days(have & wanted)
    if plan.anew:
        session.execute(delete(TrendFigure).where(TrendFigure.draft))
        state.draft_days, state.draft_known_at, state.draft_after = iso_days(plan.anew), known_at, None
    else:
        state.known_at = known_at


def finish(session: Session, state: TrendState) -> None:
    """Let the draft take the place of the figures of its days."""
    days = tuple(map(date.fromisoformat, state.draft_days))
    session.execute(delete(TrendFigure).where(TrendFigure.day.in_(days), ~TrendFigure.draft))
    session.execute(update(TrendFigure).where(TrendFigure.draft).values(draft=False))
    state.days = iso_days({*map(date.fromisoformat, state.days), *days})
    state.known_at, state.draft_known_at, state.draft_after, state.draft_days = state.draft_known_at, None, None, []


def iso_days(days: Sequence[date] | set[date]) -> list[str]:
    """Return days in order as they are kept."""
    return [day.isoformat() for day in sorted(days)]
