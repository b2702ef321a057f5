"""What a manager asks of a requirement, checked, and the rows that would then be withdrawn and added."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.days import ONE_DAY, format_day
from training.domain.language import N_, _
from training.domain.names import NameRefused, read_name
from training.domain.requirement import (
    NoSuchFixedDate,
    Reach,
    Terms,
    UnworkableMinimum,
    UnworkableValidity,
    UnworkableWindow,
    check_terms,
)
from training.domain.requirement import Requirement as Rules
from training.domain.roles import Role
from training.models import JobTitle, Requirement, RequirementVersion, Site
from training.services.facts import version_of

LONGEST_DUE = 365
LONGEST_NOTICE = 5
START = "starts_on"
NO_TITLE = N_("One job title is not known here. Choose again.")
NO_SITE = N_("One site is not known here. Choose again.")
FIELD_OF = {
    UnworkableValidity: "valid_months",
    UnworkableWindow: "window_days",
    UnworkableMinimum: "minimum_months",
    NoSuchFixedDate: "fixed_day",
}
COPIED_APART = {"id", "ends_on", "recorded_at", "withdrawn_at"}
DECIDED_APART = COPIED_APART | {"starts_on", "reach", "again_by", "announced_on", "decided_by", "preview"}


class RequirementRefused(Exception):
    """A requirement cannot be kept as it was typed; `field` is where to mend it."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a manager wants to require: items by name, or the core of a role's track."""

    name: str
    items: tuple[str, ...] = ()
    track: Role | None = None
    roles: tuple[Role, ...]
    job_title_ids: tuple[uuid.UUID, ...] = ()
    site_ids: tuple[uuid.UUID, ...] = ()
    terms: Terms
    due_days: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom a change reaches; `again_by` is the day by which everyone passes again."""

    reach: Reach = Reach.AT_NEXT_RENEWAL
    again_by: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A requirement with the versions to keep, to withdraw and to add; nothing is written yet."""

    requirement_id: uuid.UUID
    name: str
    kept: tuple[RequirementVersion, ...] = ()
    gone: tuple[RequirementVersion, ...] = ()
    added: tuple[RequirementVersion, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Every item that it touches."""
        return tuple(dict.fromkeys(item for row in (*self.gone, *self.added) for item in row.items))

    def rules(self) -> Rules:
        """Return the requirement as it would be."""
        rows = sorted((*self.kept, *self.added), key=lambda row: row.starts_on)
        return Rules(str(self.requirement_id), self.name, tuple(version_of(row) for row in rows))


def check_asked(
    session: Session, asked: Asked, *, catalog: Catalog, today: date, known_as: uuid.UUID | None = None
) -> Asked:
    """Return what was asked, tidied, with a track spelt out; `known_as` is the requirement that has the name already.

    Raises:
        RequirementRefused: with the field to mend.
    """
    asked = replace(asked, name=_name(session, asked.name, known_as), items=_items(asked, catalog))
    if not asked.roles:
        raise RequirementRefused(_("Choose at least one role."), field="roles")
    _refuse_unknown(session, JobTitle, asked.job_title_ids, unknown=NO_TITLE, field="job_title_ids")
    _refuse_unknown(session, Site, asked.site_ids, unknown=NO_SITE, field="site_ids")
    if not 0 <= asked.due_days <= LONGEST_DUE:
        words = _("The days until it is first due must be 0 to %(most)s.", most=LONGEST_DUE)
        raise RequirementRefused(words, field="due_days")
    try:
        check_terms(asked.terms)
    except tuple(FIELD_OF) as refusal:
        raise RequirementRefused(str(refusal), field=FIELD_OF[type(refusal)]) from refusal
    if asked.starts_on < today:
        words = _("It can start today or later: nobody is asked for anything in the past.")
        raise RequirementRefused(words, field=START)
    if asked.starts_on.year > today.year + 1:
        raise RequirementRefused(_("It must start before the end of %(year)s.", year=today.year + 1), field=START)
    return asked


def check_choice(choice: Choice, *, starts_on: date, today: date) -> Choice:
    """Return the choice; a day by which everyone passes again belongs to that choice alone.

    Raises:
        RequirementRefused: when the day is missing, or gives nobody time.
    """
    if choice.reach is not Reach.EVERYONE_AGAIN:
        return replace(choice, again_by=None)
    if choice.again_by is None:
        raise RequirementRefused(_("Give the day by which everyone passes again."), field="again_by")
    if choice.again_by <= max(today, starts_on - ONE_DAY):
        words = N_("The day by which everyone passes again must be later than today, and not before the change starts.")
        raise RequirementRefused(_(words), field="again_by")
    if choice.again_by.year > starts_on.year + LONGEST_NOTICE:
        words = _("The day must be within %(years)s years of the start.", years=LONGEST_NOTICE)
        raise RequirementRefused(words, field="again_by")
    return choice


def plan_change(requirement: Requirement, rows: Sequence[RequirementVersion], new: RequirementVersion) -> Plan:
    """Close the version in force the day before a new one starts, and let the new one take the place of later ones.

    A last day that was set stays.

    Raises:
        RequirementRefused: when the requirement has ended by then, or nothing would be different.
    """
    last_on = _last_day(rows)
    if last_on is not None and last_on < new.starts_on:
        words = N_("Its last day is %(day)s, so it cannot change after that. Add a new requirement.")
        raise RequirementRefused(_(words, day=format_day(last_on)), field=START)
    new.ends_on = last_on
    gone = tuple(row for row in rows if row.ends_on is None or row.ends_on >= new.starts_on)
    closed = (
        copy_of(row, ends_on=new.starts_on - ONE_DAY, now=new.recorded_at)
        for row in gone
        if row.starts_on < new.starts_on
    )
    kept = tuple(row for row in rows if row not in gone)
    return Plan(requirement.id, requirement.name, kept, gone, (*closed, new))


def plan_retirement(
    requirement: Requirement, rows: Sequence[RequirementVersion], *, last_on: date, today: date, now: datetime
) -> Plan:
    """End a requirement on a last day; a last day set before and still to come may be moved.

    Raises:
        RequirementRefused: when it has ended, has not begun by then, or the day is past or far ahead.
    """
    present = _last_day(rows)
    if present is not None and present < today:
        raise RequirementRefused(_("It ended on %(day)s.", day=format_day(present)), field="last_on")
    if last_on == present:
        raise RequirementRefused(_("That is its last day already."), field="last_on")
    if last_on < today or last_on.year > today.year + LONGEST_NOTICE:
        words = _("The last day can be today or later, until the end of %(year)s.", year=today.year + LONGEST_NOTICE)
        raise RequirementRefused(words, field="last_on")
    if last_on < rows[0].starts_on:
        begins = format_day(rows[0].starts_on)
        words = _("It begins on %(day)s, so its last day cannot be before that.", day=begins)
        raise RequirementRefused(words, field="last_on")
    gone = tuple(row for row in rows if row.ends_on == present or row.ends_on > last_on)
    ended = (copy_of(row, ends_on=_sooner(row, rows, last_on), now=now) for row in gone if row.starts_on <= last_on)
    kept = tuple(row for row in rows if row not in gone)
    return Plan(requirement.id, requirement.name, kept, gone, tuple(ended))


def _sooner(row: RequirementVersion, rows: Sequence[RequirementVersion], last_on: date) -> date:
    """Return the last day of a version: that of the requirement for the last one, and for others if it is sooner."""
    return last_on if row is rows[-1] or row.ends_on is None else min(row.ends_on, last_on)


def version_row(
    asked: Asked, choice: Choice, *, organisation_id: int, requirement_id: uuid.UUID, today: date, now: datetime
) -> RequirementVersion:
    """Return the row of a new version."""
    terms = asked.terms
    return RequirementVersion(
        organisation_id=organisation_id,
        requirement_id=requirement_id,
        items=list(asked.items),
        track=asked.track,
        roles=[role.value for role in asked.roles],
        job_title_ids=[str(each) for each in asked.job_title_ids],
        site_ids=[str(each) for each in asked.site_ids],
        due_days=asked.due_days,
        valid_months=terms.valid_months,
        window_days=terms.window_days,
        basis=terms.basis,
        fixed_month=terms.fixed_month,
        fixed_day=terms.fixed_day,
        minimum_months=terms.minimum_months,
        reach=choice.reach,
        again_by=choice.again_by,
        announced_on=today if choice.again_by else None,
        starts_on=asked.starts_on,
        recorded_at=now,
    )


def copy_of(row: RequirementVersion, *, ends_on: date | None, now: datetime) -> RequirementVersion:
    """Return a version's row once more, with its last day."""
    return RequirementVersion(**values_of(row, apart=COPIED_APART), ends_on=ends_on, recorded_at=now)


def values_of(row: RequirementVersion, *, apart: set[str]) -> dict[str, Any]:
    """Return the values of a row by column."""
    names = (column.key for column in RequirementVersion.__mapper__.column_attrs)
    return {name: getattr(row, name) for name in names if name not in apart}


def changes_nothing(last: RequirementVersion, new: RequirementVersion) -> bool:
    """Say whether a new version asks what the last one asks already, of nobody whom that one left alone."""
    left, right = (_unordered(values_of(row, apart=DECIDED_APART)) for row in (last, new))
    reaches_more = last.reach == Reach.FROM_NOW_ON and new.reach == Reach.AT_NEXT_RENEWAL
    is_asked_again = new.reach == Reach.EVERYONE_AGAIN or reaches_more
    return left == right and last.starts_on <= new.starts_on and not is_asked_again


def _unordered(values: dict[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, list) else value for name, value in values.items()}


def _last_day(rows: Sequence[RequirementVersion]) -> date | None:
    return rows[-1].ends_on


def _name(session: Session, typed: str, known_as: uuid.UUID | None) -> str:
    try:
        name = read_name(typed, what=N_("name for the requirement"))
    except NameRefused as refusal:
        raise RequirementRefused(str(refusal), field="name") from refusal
    taken = select(Requirement.id, Requirement.name)
    if any(row.id != known_as and row.name.casefold() == name.casefold() for row in session.execute(taken)):
        raise RequirementRefused(_("There is a requirement called %(name)s already.", name=name), field="name")
    return name


def _items(asked: Asked, catalog: Catalog) -> tuple[str, ...]:
    """Return the items, a track spelt out as its core."""
    if asked.track is not None:
        return catalog.tracks[asked.track].core
    if not asked.items:
        raise RequirementRefused(_("Choose at least one module or scenario, or a track."), field="items")
    for item in asked.items:
        if catalog.find(item) is None:
            raise RequirementRefused(_("There is no module or scenario %(item)s.", item=repr(item)), field="items")
    return tuple(dict.fromkeys(asked.items))


def _refuse_unknown(
    session: Session, table: type[JobTitle] | type[Site], ids: Sequence[uuid.UUID], *, unknown: str, field: str
) -> None:
    known = session.scalar(select(func.count()).select_from(table).where(table.id.in_(ids))) if ids else 0
    if known != len(set(ids)):
        raise RequirementRefused(_(unknown), field=field)
