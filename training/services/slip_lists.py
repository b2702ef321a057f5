"""Who has a slip out, used or expired, and the selections of people for whom slips are made at once."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any, Self

from sqlalchemy import Select, Subquery, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from training.db import Database
from training.domain.days import end_of_day
from training.domain.language import N_, _
from training.domain.numbers import number_words
from training.domain.refusal import Refusal
from training.domain.slip import SlipState
from training.models import Account, Employment, Invite, Permission, Person
from training.services.accounts import Viewer, refuse_reader
from training.services.tasks import Order
from training.services.unreached import read_sites

KIND = "invite-slips"
PEOPLE_A_PAGE = 100
MOST = 5_000
ONE_DAY = timedelta(days=1)


class Whom(StrEnum):
    """For whom slips are made at once."""

    WAITING = "waiting"
    NEVER = "never"
    ADDED = "added"
    EVERYBODY = "everybody"

    @property
    def label(self) -> str:
        """What the choice is called on a page."""
        return _(LABELS[self])


LABELS = {
    Whom.WAITING: N_("Everybody who has never signed in and has no slip that works"),
    Whom.NEVER: N_("Everybody who has never signed in, also those with a slip that works"),
    Whom.ADDED: N_("Everybody added since a day who has never signed in, by hand or by an import"),
    Whom.EVERYBODY: N_("Everybody, also those who sign in already and have lost their password"),
}


class NobodyChosen(Refusal):
    """Slips that cannot be made because nobody fits, or too many do."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which people slips are made for: by what, of which site, and added since which day."""

    whom: Whom
    site_id: uuid.UUID | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What making slips for a selection would do, in numbers."""

    people: int
    voided: int
    signed_in: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file of slips as it is ordered: whose, in which order, and how many stand on a page."""

    person_ids: tuple[uuid.UUID, ...]
    a_page: int

    def kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {"person_ids": [str(each) for each in self.person_ids], "a_page": self.a_page}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """Return it from what was kept."""
        return cls(tuple(map(uuid.UUID, kept["person_ids"])), kept["a_page"])


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody and their latest slip; `at` is when it was used or withdrawn, or until when it works or worked."""

    person_id: uuid.UUID
    name: str
    staff_number: str | None
    sign_in_name: str | None
    state: SlipState
    at: datetime | None
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of slips shows."""

    state: SlipState | None = None
    site_id: uuid.UUID | None = None
    search: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of people with their slips, and how many of all have theirs in which state."""

    lines: tuple[Line, ...]
    counts: Mapping[SlipState, int]
    never_signed_in: int
    total: int
    number: int
    last: int


def list_slips(database: Database, *, viewer: Viewer, asked: Asked, today: date, now: datetime) -> Page:
    """Return the viewer's people by name with their latest slips; a page beyond the last is the last."""
    latest = latest_slips()
    state = state_in(latest, now=now)
    people = of_viewer(viewer, today=today)
    wanted = [*people, *at_site(asked.site_id, today=today), *called(asked.search)]
    if asked.state is not None:
        wanted.append(state == asked.state.value)
    with database.read(viewer.organisation_id) as session:
        counted = joined(select(state, func.count(Person.id)), latest).where(*people).group_by(state)
        counts = {SlipState(name): number for name, number in session.execute(counted)}
        never = session.scalar(select(func.count(Person.id)).where(*people, Person.account_id.is_(None))) or 0
        total = session.scalar(joined(select(func.count(Person.id)), latest).where(*wanted)) or 0
        last = max(1, ceil(total / PEOPLE_A_PAGE))
        number = min(max(1, asked.number), last)
        query = lines_query(latest, state).where(*wanted).offset((number - 1) * PEOPLE_A_PAGE).limit(PEOPLE_A_PAGE)
        rows = session.execute(query).all()
        sites = read_sites(session, [row.id for row in rows], viewer=viewer, today=today)
    lines = tuple(Line(*row[:4], SlipState(row.state), row.at, sites.get(row.id, ())) for row in rows)
    return Page(lines, counts, never, total, number, last)


def latest_slips() -> Subquery:
    """Return everybody's latest slip; of two made in one instant, the one that was not withdrawn."""
    order = (Invite.recorded_at.desc(), Invite.withdrawn_at.is_not(None), Invite.id)
    place = func.row_number().over(partition_by=(Invite.organisation_id, Invite.person_id), order_by=order)
    columns = (Invite.organisation_id, Invite.person_id, Invite.expires_at, Invite.used_at, Invite.withdrawn_at)
    numbered = select(*columns, place.label("place")).subquery()
    return select(numbered).where(numbered.c.place == 1).subquery()


def joined(query: Select, latest: Subquery) -> Select:
    """Return a query of people with their latest slips beside them."""
    same = (latest.c.organisation_id == Person.organisation_id) & (latest.c.person_id == Person.id)
    return query.select_from(Person).outerjoin(latest, same)


def state_in(latest: Subquery, *, now: datetime) -> ColumnElement[str]:
    """Return the state of a slip as the database works it out, by the same rule as `state_of`."""
    return case(
        (latest.c.expires_at.is_(None), SlipState.NONE.value),
        (latest.c.used_at.is_not(None), SlipState.USED.value),
        (latest.c.withdrawn_at.is_not(None), SlipState.WITHDRAWN.value),
        (latest.c.expires_at <= now, SlipState.EXPIRED.value),
        else_=SlipState.OUT.value,
    )


def lines_query(latest: Subquery, state: ColumnElement[str]) -> Select:
    """Return the query of lines, by name."""
    at = func.coalesce(latest.c.used_at, latest.c.withdrawn_at, latest.c.expires_at)
    columns = (Person.id, Person.name, Person.staff_number, Account.sign_in_name, state.label("state"), at.label("at"))
    query = joined(select(*columns), latest).outerjoin(Account, Account.id == Person.account_id)
    return query.order_by(Person.name, Person.id)


def of_viewer(viewer: Viewer, *, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions under which somebody's way in is the viewer's to see, as `slips.own_person` has them.

    That is whoever has a job now or later; for whoever sees to everything, also those let in from outside, and for
    others nobody who manages more than they do.
    """
    jobs = working(today)
    if viewer.manages_all:
        return [or_(Person.id.in_(jobs), Person.id.in_(select(Permission.person_id)))]
    more = select(Permission.person_id).where(
        or_(Permission.site_id.is_(None), Permission.site_id.not_in(viewer.site_ids))
    )
    return [Person.id.in_(jobs.where(Employment.site_id.in_(viewer.site_ids))), Person.id.not_in(more)]


def working(today: date) -> Select:
    """Return the people with a job now or later."""
    goes_on = or_(Employment.ends_on.is_(None), Employment.ends_on >= today)
    return select(Employment.person_id).where(Employment.withdrawn_at.is_(None), goes_on)


def at_site(site_id: uuid.UUID | None, *, today: date) -> list[ColumnElement[bool]]:
    """Return the condition that somebody works at a site now or later, where one is named."""
    return [Person.id.in_(working(today).where(Employment.site_id == site_id))] if site_id else []


def called(search: str) -> list[ColumnElement[bool]]:
    """Return the condition that somebody has a name with these letters, or this staff number."""
    if not search:
        return []
    return [or_(Person.name.icontains(search, autoescape=True), Person.staff_number == search)]


def preview(database: Database, *, viewer: Viewer, chosen: Chosen, today: date, now: datetime) -> Preview:
    """Return what making slips for a selection would do."""
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(chosen_query(viewer, chosen, today=today, now=now)).all()
    voided = sum(row.state == SlipState.OUT for row in rows)
    return Preview(len(rows), voided, sum(row.account_id is not None for row in rows))


def chosen_query(viewer: Viewer, chosen: Chosen, *, today: date, now: datetime) -> Select:
    """Return the query of those in a selection, by name."""
    latest = latest_slips()
    state = state_in(latest, now=now)
    wanted = [*of_viewer(viewer, today=today), *at_site(chosen.site_id, today=today)]
    if chosen.whom is not Whom.EVERYBODY:
        wanted.append(Person.account_id.is_(None))
    if chosen.whom is Whom.WAITING:
        wanted.append(state != SlipState.OUT.value)
    if chosen.whom is Whom.ADDED and chosen.since is not None:
        wanted.append(Person.recorded_at > end_of_day(chosen.since - ONE_DAY, viewer.time_zone))
    query = joined(select(Person.id, Person.account_id, state.label("state")), latest)
    return query.where(*wanted).order_by(Person.name, Person.id)


def choose(database: Database, *, viewer: Viewer, chosen: Chosen, today: date, now: datetime) -> tuple[uuid.UUID, ...]:
    """Return the people of a selection, by name.

    Raises:
        NobodyChosen: when nobody fits, or more than are made at once.
        NotAllowed: when the viewer may only look.
    """
    refuse_reader(viewer)
    with database.read(viewer.organisation_id) as session:
        found = tuple(row.id for row in session.execute(chosen_query(viewer, chosen, today=today, now=now)))
    if not found:
        raise NobodyChosen(_("Nobody fits this choice, so there is no slip to make."))
    if len(found) > MOST:
        words = N_("These are %(number)s people. Choose one site: at most %(most)s are made at once.")
        raise NobodyChosen(_(words, number=number_words(len(found)), most=number_words(MOST)))
    return found


def order_of(wanted: Wanted) -> Order:
    """Return the order for a file of slips."""
    return Order(kind=KIND, title=f"Invite slips for {len(wanted.person_ids):,} people", wanted=wanted.kept())
