"""What keeps rows out of the ASC-WDS file: sites, people and items that it cannot name, and passes it cannot date."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from training.domain.asc_wds_rules import compared, wrong_reference
from training.domain.language import N_, _
from training.models import WHOLE_ID, Employment, Person, Site, StandingRow, WorkerReference, WorkplaceReference
from training.services.accounts import Viewer
from training.services.asc_wds_settings import Choices, ItemChoice
from training.services.employments import covers

NO_WORKPLACE = N_("It has no workplace reference (LOCALESTID).")
NO_WORKER = N_("They have neither a staff number nor a worker reference (UNIQUEWORKERID).")
USED_TWICE = N_("Somebody else in the file has the same worker reference, spaces apart: %(reference)s.")
WRONG_WORKER = N_("The staff number or worker reference cannot be sent. %(why)s")
NO_LONGER = N_(
    "The pass counts no longer than the day it was made, which the file cannot say. It must be passed again."
)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that keeps rows out: which, what it is called, why, and how many rows."""

    id: str
    name: str
    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Check:
    """How many rows there are, how many of them the file cannot hold, and everything that is to be mended.

    `passes` are people with a pass that the file cannot date; nobody can mend these but the learner.
    """

    choices: Choices
    rows: int
    left_out: int
    sites: tuple[Lacking, ...]
    people: tuple[Lacking, ...]
    items: tuple[Lacking, ...]
    passes: tuple[Lacking, ...]

    @property
    def written(self) -> int:
        """How many rows the file can hold."""
        return self.rows - self.left_out

    @property
    def is_complete(self) -> bool:
        """Whether the file can hold every row."""
        return not self.left_out


@dataclass(frozen=True, slots=True)
class Names:
    """What stands in the file for each site and each person, and what cannot: the words say why, by id."""

    workplaces: Mapping[uuid.UUID, str]
    workers: Mapping[uuid.UUID, str]
    items: Mapping[str, ItemChoice]
    wrong_sites: Mapping[uuid.UUID, str]
    wrong_people: Mapping[uuid.UUID, str]

    def may_stand(self, site_id: uuid.UUID, person_id: uuid.UUID, item: str) -> bool:
        """Say whether the file can name all of a row."""
        return site_id not in self.wrong_sites and person_id not in self.wrong_people and not self.items[item].wrong


def jobs_here(*, is_everywhere: bool) -> Subquery:
    """Return the query of who works at which site on a day, at all sites or at some."""
    jobs = select(Employment.person_id, Employment.site_id).where(*covers(Employment, bindparam("day"))).distinct()
    if not is_everywhere:
        jobs = jobs.where(Employment.site_id.in_(bindparam("site_ids", expanding=True)))
    return jobs.subquery("here")


def passed_by(here: Subquery, *, is_everywhere: bool) -> Select:
    """Return the query of the standings that hold a pass; a row of the file is a person, a site and an item passed."""
    passed = select().where(StandingRow.site_id == WHOLE_ID, StandingRow.last_passed_on.is_not(None))
    return passed if is_everywhere else passed.where(StandingRow.person_id.in_(select(here.c.person_id)))


def counts_query(*, is_everywhere: bool) -> Select:
    """Return the query of how many items people passed: every one, those that can be dated, those with a name too.

    A pass can be dated where it counts longer than its own day.
    """
    item, here = StandingRow.item, jobs_here(is_everywhere=is_everywhere)
    dated = or_(StandingRow.never_expires, StandingRow.valid_until > StandingRow.earned_on)
    named = item.in_(bindparam("items", expanding=True))
    of_each = passed_by(here, is_everywhere=is_everywhere).add_columns(
        StandingRow.person_id,
        func.count(item.distinct()),
        func.count(case((dated, item)).distinct()),
        func.count(case((dated & named, item)).distinct()),
    )
    return of_each.group_by(StandingRow.person_id)


def workers_query(*, is_everywhere: bool) -> Select:
    """Return the query of everybody on file for each of their sites, by name, with what could stand for them."""
    here = jobs_here(is_everywhere=is_everywhere)
    return (
        select(here.c.site_id, Person.id, Person.name, Person.staff_number, WorkerReference.reference)
        .select_from(here)
        .join(Person, Person.id == here.c.person_id)
        .outerjoin(WorkerReference, WorkerReference.person_id == Person.id)
        .order_by(Person.name, Person.id)
    )


class Passed(NamedTuple):
    """Somebody on file at a site, and how many rows they make there: all, those with a day, those that can stand."""

    site_id: uuid.UUID
    id: uuid.UUID
    name: str
    worker: str
    every: int
    dated: int
    good: int


def read_passed(session: Session, *, is_everywhere: bool, asked: Mapping[str, Any]) -> list[Passed]:
    """Return everybody on file with a pass, for each of their sites, by name.

    The two are put together here: a database that joins what it has just counted may look through it for every person.
    """
    counts = {row[0]: row[1:] for row in session.execute(counts_query(is_everywhere=is_everywhere), asked)}
    workers = session.execute(workers_query(is_everywhere=is_everywhere), asked)
    return [
        Passed(site_id, person_id, name, reference or staff_number or "", *counts[person_id])
        for site_id, person_id, name, staff_number, reference in workers
        if person_id in counts
    ]


def check_names(
    session: Session, *, viewer: Viewer, choices: Choices, items: Mapping[str, ItemChoice], today: date
) -> tuple[Check, Names]:
    """Return what keeps rows out of the viewer's file, and the names of all else."""
    named = [choice.item for choice in items.values() if not choice.wrong]
    asked = {"day": today, "items": named, "site_ids": sorted(viewer.site_ids)}
    people = read_passed(session, is_everywhere=viewer.manages_all, asked=asked)
    workplaces = dict(session.execute(select(WorkplaceReference.site_id, WorkplaceReference.reference)).all())
    workers = {row.id: row.worker for row in people}
    names = Names(
        workplaces=workplaces,
        workers=workers,
        items=items,
        wrong_sites=dict(wrong_sites({row.site_id for row in people}, workplaces)),
        wrong_people=dict(wrong_people(workers)),
    )
    return read_check(session, people, choices=choices, names=names, today=today, viewer=viewer), names


def wrong_sites(site_ids: Iterable[uuid.UUID], workplaces: Mapping[uuid.UUID, str]) -> Iterator[tuple[uuid.UUID, str]]:
    """Yield the sites that the file cannot name, each with why."""
    for site_id in site_ids:
        if site_id not in workplaces:
            yield site_id, _(NO_WORKPLACE)
        elif words := wrong_reference(workplaces[site_id]):
            yield site_id, words


def wrong_people(workers: Mapping[uuid.UUID, str]) -> Iterator[tuple[uuid.UUID, str]]:
    """Yield the people whom the file cannot name, each with why."""
    by_reference: dict[str, list[uuid.UUID]] = defaultdict(list)
    for person_id, reference in workers.items():
        by_reference[compared(reference)].append(person_id)
    for person_ids in by_reference.values():
        for person_id in person_ids:
            if words := words_against(workers[person_id], is_shared=len(person_ids) > 1):
                yield person_id, words


def words_against(reference: str, *, is_shared: bool) -> str:
    """Say why the file cannot name somebody, or nothing."""
    if not reference:
        return _(NO_WORKER)
    if words := wrong_reference(reference):
        return _(WRONG_WORKER, why=words)
    return _(USED_TWICE, reference=reference) if is_shared else ""


def read_check(
    session: Session, people: Sequence[Passed], *, choices: Choices, names: Names, today: date, viewer: Viewer
) -> Check:
    """Return the numbers, and by name what is to be mended."""
    bad = [row for row in people if row.site_id in names.wrong_sites or row.id in names.wrong_people]
    left_out = sum(row.every for row in bad)
    left_out += sum(row.every - row.good for row in people) - sum(row.every - row.good for row in bad)
    called = dict(session.execute(select(Site.id, Site.name)).all())
    return Check(
        choices=choices,
        rows=sum(row.every for row in people),
        left_out=left_out,
        sites=tuple(
            sorted(
                lacking_of(people, "site_id", names.wrong_sites, called=called),
                key=lambda one: one.name,
            )
        ),
        people=lacking_of(people, "id", names.wrong_people, called={row.id: row.name for row in people}),
        items=lacking_items(session, names, today=today, viewer=viewer),
        passes=tuple(passes_undated(people)),
    )


def lacking_of(
    people: Sequence[Passed], column: str, wrong: Mapping[uuid.UUID, str], *, called: Mapping[uuid.UUID, str]
) -> tuple[Lacking, ...]:
    """Return what is wrong of one kind, with its rows, in the order of people."""
    rows: dict[uuid.UUID, int] = defaultdict(int)
    for row in people:
        if getattr(row, column) in wrong:
            rows[getattr(row, column)] += row.every
    return tuple(Lacking(str(key), called[key], wrong[key], number) for key, number in rows.items())


def passes_undated(people: Sequence[Passed]) -> Iterator[Lacking]:
    """Yield everybody with a pass that the file cannot date, in order."""
    rows: dict[uuid.UUID, int] = defaultdict(int)
    for row in people:
        rows[row.id] += row.every - row.dated
    for person_id, name in {row.id: row.name for row in people}.items():
        if rows[person_id]:
            yield Lacking(str(person_id), name, _(NO_LONGER), rows[person_id])


def lacking_items(session: Session, names: Names, *, today: date, viewer: Viewer) -> tuple[Lacking, ...]:
    """Return the items that the file cannot name, with their rows; asked only where there are any."""
    wrong = [choice for choice in names.items.values() if choice.wrong]
    if not wrong:
        return ()
    asked = {"day": today, "site_ids": sorted(viewer.site_ids), "items": [choice.item for choice in wrong]}
    here = jobs_here(is_everywhere=viewer.manages_all)
    passed = passed_by(here, is_everywhere=viewer.manages_all).add_columns(StandingRow.person_id, StandingRow.item)
    once = passed.where(StandingRow.item.in_(bindparam("items", expanding=True))).distinct().subquery("passed")
    counted = select(once.c.item, func.count()).join(here, here.c.person_id == once.c.person_id).group_by(once.c.item)
    rows = dict(session.execute(counted, asked).all())
    return tuple(
        Lacking(choice.item, choice.title, choice.wrong, rows[choice.item]) for choice in wrong if choice.item in rows
    )
