"""The turn of the day, the check of standings against facts, what a change would do, and a day's reminders."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from time import perf_counter, process_time

from sqlalchemy import func, select, update

from training import clock
from training.bench.clocks import median_seconds, peak_memory, seconds
from training.bench.lines import Ground, Line
from training.domain.days import day_in
from training.domain.requirement import Terms
from training.models import Person, Requirement, StandingRow
from training.services import reminders, requirement_changes, requirements, roll_over, standing_checks, standings
from training.services.requirement_changes import Opened
from training.services.requirement_plans import Asked

# The turn of a night on which nothing changed, for a million people; it grows with what changed.
NIGHT_S = 60
SHARE = 0.01
SAMPLE = 2_000


def night(ground: Ground) -> Iterator[Line]:
    """Measure the turn of a day on which nothing changed, and of two on which something did."""
    organisation_id, now = ground.manager.organisation_id, clock.now()
    turn = partial(roll_all, ground)
    bare = partial(count_due, ground, day_in(now, ground.manager.time_zone))
    turn()
    value, floor = median_seconds(turn), median_seconds(bare)
    yield Line(what="night, nothing changed", value=value, unit="s", floor=floor, most=NIGHT_S)
    rates = []
    for share in (SHARE / 4, SHARE):
        day = day_of_share(ground, share)
        with ground.database.read(organisation_id) as session:
            due = StandingRow.next_change_on <= day
            lines = session.scalar(select(func.count()).select_from(StandingRow).where(due)) or 0
            people = session.scalars(select(StandingRow.person_id).where(due).distinct()).all()
        floor = seconds(partial(write_bare, ground, people))
        began, worked = perf_counter(), process_time()
        roll_all(ground, on=day)
        taken, worked = perf_counter() - began, process_time() - worked
        come_back(ground, people)
        rates.append(len(people) / taken)
        note = f"{lines} lines of {len(people)} people, {worked:.1f} s of it here; the floor writes their lines once"
        yield Line(what=f"night, {share:.2%} of the lines due", value=taken, unit="s", floor=floor, note=note)
        yield Line(what=f"night, {share:.2%} due: rate", value=len(people) / taken, unit="people/s")
    yield Line(
        what="night: rate with four times as much due", value=rates[1] / rates[0] * 100, unit="% of it", least=80
    )


def roll_all(ground: Ground, on: date | None = None) -> int:
    """Turn the day and return how many people were worked out anew."""
    return max(roll_over.roll_over(ground.database, now=clock.now(), on=on), default=0)


def count_due(ground: Ground, day: date) -> int:
    """Ask once how many lines are due."""
    query = (
        select(func.count())
        .select_from(StandingRow)
        .where(StandingRow.organisation_id == ground.manager.organisation_id, StandingRow.next_change_on <= day)
    )
    with ground.database.engine.connect() as connection:
        return connection.scalar(query) or 0


def day_of_share(ground: Ground, share: float) -> date:
    """Return the first day to come by which about so many of all lines are due."""
    with ground.database.read(ground.manager.organisation_id) as session:
        by_day = session.execute(
            select(StandingRow.next_change_on, func.count())
            .group_by(StandingRow.next_change_on)
            .order_by(StandingRow.next_change_on)
        ).all()
    wanted, sum_ = share * sum(count for _, count in by_day), 0
    for day, count in by_day:
        if day is not None:
            sum_ += count
            if sum_ >= wanted:
                return day
    return day_in(clock.now(), ground.manager.time_zone) + timedelta(days=365)


def write_bare(ground: Ground, people: Sequence[uuid.UUID]) -> None:
    """Write every line of some people once, in as many commits as the turn of the day has."""
    for start in range(0, len(people), roll_over.BATCH):
        some = people[start : start + roll_over.BATCH]
        theirs = (StandingRow.organisation_id == ground.manager.organisation_id) & StandingRow.person_id.in_(some)
        with ground.database.engine.begin() as connection:
            connection.execute(update(StandingRow).where(theirs).values(worked_out_on=StandingRow.worked_out_on))


def come_back(ground: Ground, people: Sequence[uuid.UUID]) -> None:
    """Work people's lines out again as at today, so that the next measurement finds them as they were."""
    organisation_id = ground.manager.organisation_id
    today = day_in(clock.now(), ground.manager.time_zone)
    for start in range(0, len(people), roll_over.BATCH):
        some = people[start : start + roll_over.BATCH]
        with ground.database.write(organisation_id) as session:
            standings.bring_up_to_date(session, organisation_id=organisation_id, person_ids=some, today=today)


def checks(ground: Ground) -> Iterator[Line]:
    """Measure how fast standings are held against the facts and worked out anew, on some people."""
    organisation_id = ground.manager.organisation_id
    today = day_in(clock.now(), ground.manager.time_zone)
    with ground.database.read(organisation_id) as session:
        people = session.scalars(select(Person.id).order_by(Person.id).limit(SAMPLE)).all()
        began = perf_counter()
        drifts = [
            drift
            for start in range(0, len(people), roll_over.BATCH)
            for drift in standing_checks.differences(
                session, person_ids=people[start : start + roll_over.BATCH], today=today
            )
        ]
        taken = perf_counter() - began
    yield Line(what="standing verify", value=len(people) / taken, unit="people/s")
    yield Line(what="standing verify: lines that drifted", value=len(drifts), unit="lines", most=0)
    taken = seconds(partial(come_back, ground, people))
    yield Line(what="standing rebuild", value=len(people) / taken, unit="people/s")


def impact(ground: Ground) -> Iterator[Line]:
    """Measure the preview of a change to the requirement that most people have."""
    database, viewer, catalog, now = ground.database, ground.manager, ground.catalog, clock.now()
    with database.read(viewer.organisation_id) as session:
        query = select(StandingRow.requirement_id, func.count()).group_by(StandingRow.requirement_id)
        requirement_id = max(session.execute(query).all(), key=lambda each: each[1])[0]
        edition = session.get_one(Requirement, (viewer.organisation_id, requirement_id)).edition
        people = session.scalar(select(func.count()).select_from(Person)) or 1
    today = day_in(now, viewer.time_zone)
    page = requirements.show_requirement(
        database, viewer=viewer, requirement_id=requirement_id, catalog=catalog, today=today
    )
    asked = changed(page, today=today)
    taken = seconds(
        lambda: requirement_changes.preview_change(
            database,
            viewer=viewer,
            opened=Opened(requirement_id, edition),
            asked=asked,
            again_by=None,
            catalog=catalog,
            now=now,
        )
    )
    yield Line(what="preview of a change, two choices", value=taken, unit="s", note=f"{people / taken:.0f} people/s")
    yield Line(what="preview of a change: memory", value=peak_memory(), unit="MB")


def changed(page: requirements.RequirementPage, *, today: date) -> Asked:
    """Return a requirement as it is, but for another length."""
    asked = page.latest
    return Asked(
        name=page.name,
        items=asked.items,
        roles=asked.roles,
        terms=replace(asked.terms, valid_months=24) if asked.terms else Terms(valid_months=24),
        due_days=asked.due_days,
        starts_on=today,
    )


def reminding(ground: Ground) -> Iterator[Line]:
    """Measure the dry run of a day's reminders."""
    taken = seconds(lambda: reminders.plan(ground.database, now=clock.now()))
    yield Line(what="reminders, dry run", value=taken, unit="s")
    yield Line(what="reminders, dry run: memory", value=peak_memory(), unit="MB")
