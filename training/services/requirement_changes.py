"""Adding, changing and retiring requirements: previewed from the facts, then written with everybody's standings."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import ONE_DAY, day_in
from training.domain.language import _
from training.domain.person_record import House
from training.domain.requirement import Reach
from training.models import Organisation, Requirement, RequirementVersion
from training.services import audit, fact_queries, facts
from training.services.accounts import Viewer
from training.services.catching_up import catch_up
from training.services.impact import Comparison, Impact, work_out_impacts
from training.services.organisations import NotFound, refuse_unless_all
from training.services.requirement_plans import (
    Asked,
    Choice,
    Plan,
    RequirementRefused,
    changes_nothing,
    check_asked,
    check_choice,
    plan_change,
    plan_retirement,
    version_row,
)


class ChangedMeanwhile(Exception):
    """It cannot be changed because somebody else has changed it since it was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has changed this requirement since you opened it. Nothing of yours was recorded, and "
                "what you typed is still here. Look at what it asks now, then send yours again if you still want it."
            )
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A requirement as a manager had it open: which one, and which edition of it."""

    requirement_id: uuid.UUID
    edition: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be written, the day it begins, and the days on which people would be told."""

    plan: Plan
    day: date
    message_days: tuple[date, ...] = ()


ACTS = {"add": Act.REQUIREMENT_ADDED, "change": Act.REQUIREMENT_CHANGED, "retire": Act.REQUIREMENT_ENDED}
Make = Callable[[Session], Draft]


def preview_new(database: Database, *, viewer: Viewer, asked: Asked, catalog: Catalog, now: datetime) -> Impact:
    """Return what a new requirement would change, with nothing written.

    Raises:
        NotAllowed, RequirementRefused: in words.
    """
    make = _new(viewer, asked, catalog, now=now)
    return _previewed(database, {"": make}, viewer=viewer, catalog=catalog)[""]


def add_requirement(database: Database, *, viewer: Viewer, asked: Asked, catalog: Catalog, now: datetime) -> uuid.UUID:
    """Require something from a day on, of everybody meant; return the requirement's id.

    Raises:
        NotAllowed, RequirementRefused: in words, with nothing written.
    """
    make = _new(viewer, asked, catalog, now=now)
    return _decided(database, make, viewer=viewer, catalog=catalog, act="add", now=now)


def preview_change(
    database: Database,
    *,
    viewer: Viewer,
    opened: Opened,
    asked: Asked,
    again_by: date | None,
    catalog: Catalog,
    now: datetime,
) -> Mapping[Reach, Impact]:
    """Return what a change would do by each choice, with nothing written; the last only with a day for it.

    Raises:
        NotAllowed, NotFound, ChangedMeanwhile, RequirementRefused: in words.
    """
    choices = [Choice(reach, again_by) for reach in Reach if again_by or reach is not Reach.EVERYONE_AGAIN]
    makes = {choice.reach: _change(viewer, opened, asked, choice, catalog, now=now) for choice in choices}
    return _previewed(database, makes, viewer=viewer, catalog=catalog)


def change_requirement(
    database: Database,
    *,
    viewer: Viewer,
    opened: Opened,
    asked: Asked,
    choice: Choice,
    catalog: Catalog,
    now: datetime,
) -> None:
    """Change what a requirement asks from a day on; the choice says whom it reaches. A name alone changes at once.

    Raises:
        NotAllowed, NotFound, ChangedMeanwhile, RequirementRefused: in words, with nothing written.
    """
    make = _change(viewer, opened, asked, choice, catalog, now=now, is_meant=True)
    _decided(database, make, viewer=viewer, catalog=catalog, act="change", now=now)


def preview_retirement(
    database: Database, *, viewer: Viewer, opened: Opened, last_on: date, catalog: Catalog, now: datetime
) -> Impact:
    """Return what ending a requirement would change on the day after its last, with nothing written.

    Raises:
        NotAllowed, NotFound, ChangedMeanwhile, RequirementRefused: in words.
    """
    make = _retire(viewer, opened, last_on, now=now)
    return _previewed(database, {"": make}, viewer=viewer, catalog=catalog)[""]


def retire_requirement(
    database: Database, *, viewer: Viewer, opened: Opened, last_on: date, catalog: Catalog, now: datetime
) -> None:
    """End a requirement on a last day: nothing that was passed is lost, and from the next day nobody is chased.

    Raises:
        NotAllowed, NotFound, ChangedMeanwhile, RequirementRefused: in words, with nothing written.
    """
    make = _retire(viewer, opened, last_on, now=now)
    _decided(database, make, viewer=viewer, catalog=catalog, act="retire", now=now)


def _new(viewer: Viewer, asked: Asked, catalog: Catalog, *, now: datetime) -> Make:
    refuse_unless_all(viewer)
    today = day_in(now, viewer.time_zone)
    requirement_id = uuid.uuid4()

    def make(session: Session) -> Draft:
        tidy = check_asked(session, asked, catalog=catalog, today=today)
        row = version_row(
            tidy,
            Choice(),
            organisation_id=viewer.organisation_id,
            requirement_id=requirement_id,
            today=today,
            now=now,
        )
        return Draft(Plan(requirement_id, tidy.name, added=(row,)), tidy.starts_on, (tidy.starts_on,))

    return make


def _change(
    viewer: Viewer,
    opened: Opened,
    asked: Asked,
    choice: Choice,
    catalog: Catalog,
    *,
    now: datetime,
    is_meant: bool = False,
) -> Make:
    refuse_unless_all(viewer)
    today = day_in(now, viewer.time_zone)

    def make(session: Session) -> Draft:
        requirement, rows = _open(session, viewer=viewer, opened=opened)
        tidy = check_asked(session, asked, catalog=catalog, today=today, known_as=requirement.id)
        chosen = check_choice(choice, starts_on=tidy.starts_on, today=today)
        row = version_row(
            tidy,
            chosen,
            organisation_id=viewer.organisation_id,
            requirement_id=requirement.id,
            today=today,
            now=now,
        )
        plan = replace(plan_change(requirement, rows, row), name=tidy.name)
        if is_meant and changes_nothing(rows[-1], row):
            if requirement.name == tidy.name:
                raise RequirementRefused(_("Nothing is different from what it asks already."))
            plan = Plan(requirement.id, tidy.name, kept=tuple(rows))
        told = (tidy.starts_on, today) if chosen.again_by else (tidy.starts_on,)
        return Draft(plan, tidy.starts_on, told)

    return make


def _retire(viewer: Viewer, opened: Opened, last_on: date, *, now: datetime) -> Make:
    refuse_unless_all(viewer)
    today = day_in(now, viewer.time_zone)

    def make(session: Session) -> Draft:
        requirement, rows = _open(session, viewer=viewer, opened=opened)
        plan = plan_retirement(requirement, rows, last_on=last_on, today=today, now=now)
        return Draft(plan, last_on + ONE_DAY)

    return make


def _open(session: Session, *, viewer: Viewer, opened: Opened) -> tuple[Requirement, list[RequirementVersion]]:
    """Return a requirement with its versions, in order, if it is still the edition that was opened."""
    key = (viewer.organisation_id, opened.requirement_id)
    # The lock leaves room for standings that refer to the requirement: whoever writes one may be waited for below.
    locked = None if session.info["reads"] else {"key_share": True}
    requirement = session.get(Requirement, key, with_for_update=locked)
    query = select(RequirementVersion).where(
        RequirementVersion.requirement_id == opened.requirement_id, fact_queries.known(RequirementVersion, None)
    )
    rows = list(session.scalars(query.order_by(RequirementVersion.starts_on)))
    if requirement is None or not rows:
        raise NotFound(_("There is no such requirement."))
    if requirement.edition != opened.edition:
        raise ChangedMeanwhile
    return requirement, rows


def _previewed(database: Database, makes: Mapping[str, Make], *, viewer: Viewer, catalog: Catalog) -> dict[str, Impact]:
    with database.read(viewer.organisation_id) as session:
        return _impacts(session, {key: make(session) for key, make in makes.items()}, catalog=catalog)


def _impacts(session: Session, drafts: Mapping[str, Draft], *, catalog: Catalog) -> dict[str, Impact]:
    """Compare what is decided now with what would be, by each draft."""
    before = facts.read_house(session)
    asked = {key: _comparison(before, draft) for key, draft in drafts.items()}
    titles = {item: catalog.title(item) for each in asked.values() for item in each.items}
    return work_out_impacts(session, asked=asked, titles=titles)


def _comparison(before: House, draft: Draft) -> Comparison:
    rules = draft.plan.rules()
    return Comparison(
        before=before,
        after=replace(before, requirements={**before.requirements, rules.id: rules}),
        items=draft.plan.items,
        day=draft.day,
        message_days=draft.message_days,
    )


def _decided(database: Database, make: Make, *, viewer: Viewer, catalog: Catalog, act: str, now: datetime) -> uuid.UUID:
    """Write a plan with the numbers that it comes to, and everybody's standings on the items it touches.

    The organisation's row is locked, so that two decisions never see the same names, and nobody joins unseen.
    """
    with database.write(viewer.organisation_id) as session:
        session.execute(select(Organisation.id).where(Organisation.id == viewer.organisation_id).with_for_update())
        draft = make(session)
        plan = draft.plan
        impact = _impacts(session, {"": draft}, catalog=catalog)[""]
        numbers = {"decision": str(uuid.uuid4()), "act": act, **impact.numbers()}
        requirement = session.get(Requirement, (viewer.organisation_id, plan.requirement_id))
        if requirement is None:
            key = {"organisation_id": viewer.organisation_id, "id": plan.requirement_id}
            requirement = Requirement(**key, edition=0, recorded_at=now)
            session.add(requirement)
        requirement.name = plan.name
        requirement.edition += 1
        session.flush()
        _write(session, plan, decided_by=viewer.person_id, preview=numbers, now=now)
        if plan.items:
            catch_up(session, viewer=viewer, items=plan.items, today=day_in(now, viewer.time_zone))
        detail = {"items": list(plan.items), "edition": requirement.edition, "with_effect_on": draft.day}
        done = {"act": ACTS[act], "subject_id": requirement.id, "detail": detail, "now": now}
        audit.record(session, viewer=viewer, **done)
        return plan.requirement_id


def _write(session: Session, plan: Plan, *, decided_by: uuid.UUID, preview: dict[str, Any], now: datetime) -> None:
    """Withdraw and add the rows of a plan; the last one added carries the decision."""
    for row in plan.gone:
        row.withdrawn_at = now
    if plan.added:
        latest = max(plan.added, key=lambda row: row.starts_on)
        latest.decided_by, latest.preview = decided_by, preview
    session.add_all(plan.added)
    session.flush()
