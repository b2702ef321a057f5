"""What a people import writes: sites and job titles, people, their jobs and their names, some people at a time."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import add_rows
from training.domain.audit import Act as AuditAct
from training.domain.days import ONE_DAY
from training.domain.people_import import Become, Begin, End, Plan, Planned, Rename
from training.domain.roles import Role
from training.models import Employment, ImportRow, ImportRun, JobTitle, Person, Site, TitleRole
from training.services import audit
from training.services.import_runs import Importer, rows_of, source_of
from training.services.newcomers import stand_quietly
from training.services.organisations import ALWAYS
from training.services.quiet_steps import bring_up_to_date_quietly, steps_due

BATCH = 500


@dataclass(frozen=True, slots=True)
class Places:
    """The ids of sites and job titles by name, those made a moment ago included."""

    sites: Mapping[str, uuid.UUID]
    titles: Mapping[str, uuid.UUID]


def make_places(session: Session, *, viewer: Importer, run: ImportRun, plan: Plan, now: datetime) -> Places:
    """Make the sites and job titles that were ticked and are used, and return every id by name."""
    used = [act for row in plan.rows for act in row.acts if isinstance(act, Begin | Become)]
    sites = {name: site_id for site_id, name in session.execute(select(Site.id, Site.name))}
    titles = {name: title_id for title_id, name in session.execute(select(JobTitle.id, JobTitle.name))}
    about = {"organisation_id": viewer.organisation_id, "recorded_at": now}
    for name in sorted({act.site for act in used} - sites.keys()):
        sites[name] = uuid.uuid4()
        session.add(Site(id=sites[name], name=name, **about))
        note(session, viewer, AuditAct.SITE_ADDED, sites[name], now)
    for name in sorted({act.title for act in used} - titles.keys()):
        titles[name] = uuid.uuid4()
        role = Role(run.choices["new_titles"][name])
        session.add(JobTitle(id=titles[name], name=name, **about))
        session.flush()
        session.add(TitleRole(job_title_id=titles[name], role=role, starts_on=ALWAYS, **about))
        note(session, viewer, AuditAct.TITLE_ADDED, titles[name], now, role=role.value)
    session.flush()
    return Places(sites, titles)


def note(
    session: Session, viewer: Importer, act: AuditAct, subject_id: uuid.UUID, now: datetime, **detail: str
) -> None:
    """Note a site or a job title that an import makes."""
    audit.record(session, viewer=source_of(viewer), act=act, subject_id=subject_id, now=now, detail=detail)


@dataclass(slots=True)
class Done:
    """What the rows of one person wrote: kept so that it can be undone."""

    person_id: uuid.UUID
    is_new: bool
    added: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    before: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return it as it is kept with the first row of the person."""
        kept = {name: getattr(self, name) for name in ("added", "withdrawn", "before", "after")}
        return {"person": self.person_id.hex, "new": self.is_new, **kept}


@dataclass(frozen=True, slots=True)
class Writing:
    """Carries a plan out, some people at a time; `begun` are the jobs that are to be written next."""

    session: Session
    viewer: Importer
    run: ImportRun
    places: Places
    today: date
    now: datetime
    begun: list[dict[str, Any]] = field(default_factory=list)

    def carry_out(self, plan: Plan, say: Callable[[int, int], None]) -> None:
        """Write what a plan says of everybody, and bring their standings up to date."""
        people = list(by_person(plan))
        for start in range(0, len(people), BATCH):
            some = people[start : start + BATCH]
            self.carry_out_some(some)
            say(min(start + BATCH, len(people)), len(people))

    def carry_out_some(self, people: Sequence[tuple[int, list[Planned]]]) -> None:
        """Write what it says of some people."""
        known = [uuid.UUID(rows[0].person_id) for _, rows in people if rows[0].person_id]
        before = steps_due(self.session, person_ids=known, today=self.today) if known else {}
        jobs = self.jobs_changed(people)
        loaded = {row.id: row for row in self.session.scalars(select(Person).where(Person.id.in_(known)))}
        done = {place: done_of(rows[0]) for place, rows in people}
        new = [self.person_of(rows, done[place]) for place, rows in people if done[place].is_new]
        add_rows(self.session, Person, new)
        for place, rows in people:
            self.write_person(rows, done[place], jobs=jobs, known=loaded)
        self.session.flush()
        add_rows(self.session, Employment, self.begun)
        strangers = {row["id"] for row in new}
        first_jobs = [row for row in self.begun if row["person_id"] in strangers]
        self.begun.clear()
        about = {"organisation_id": self.viewer.organisation_id, "today": self.today, "now": self.now}
        stand_quietly(self.session, jobs=first_jobs, **about)
        if known:
            bring_up_to_date_quietly(self.session, person_ids=sorted(known), before=before, **about)
        self.keep_done(done)
        self.session.flush()
        # Tens of thousands of rows would weigh on every flush that follows.
        self.session.expunge_all()

    def jobs_changed(self, people: Iterable[tuple[int, list[Planned]]]) -> dict[str, Employment]:
        """Return the jobs on record that some people's rows end or change."""
        acts = (act for _, rows in people for row in rows for act in row.acts)
        ids = [uuid.UUID(act.job.id) for act in acts if isinstance(act, End | Become)]
        return {row.id.hex: row for row in self.session.scalars(select(Employment).where(Employment.id.in_(ids)))}

    def person_of(self, rows: Sequence[Planned], done: Done) -> dict[str, Any]:
        """Return the row of somebody new."""
        wanted = rows[0].wanted
        return {
            "organisation_id": self.viewer.organisation_id,
            "id": done.person_id,
            "name": wanted.name,
            "email": next((row.wanted.email for row in rows if row.wanted.email), None),
            "staff_number": wanted.staff_number,
            "recorded_at": self.now,
        }

    def write_person(
        self,
        rows: Sequence[Planned],
        done: Done,
        *,
        jobs: Mapping[str, Employment],
        known: Mapping[uuid.UUID, Person],
    ) -> None:
        """Write what the rows of one person say."""
        for act in (act for row in rows for act in row.acts):
            match act:
                case Begin():
                    job = {"job_title_id": self.places.titles[act.title], "site_id": self.places.sites[act.site]}
                    self.begin(done, starts_on=act.days.from_, ends_on=act.days.until, **job)
                case End():
                    self.shorten(done, jobs[act.job.id], until=act.on)
                case Become():
                    self.become(done, act, jobs[act.job.id])
                case Rename():
                    rename(known[done.person_id], act, done)

    def begin(
        self, done: Done, *, job_title_id: uuid.UUID, site_id: uuid.UUID, starts_on: date, ends_on: date | None
    ) -> None:
        """Add a job."""
        row = {
            "organisation_id": self.viewer.organisation_id,
            "id": uuid.uuid4(),
            "person_id": done.person_id,
            "job_title_id": job_title_id,
            "site_id": site_id,
            "starts_on": starts_on,
            "ends_on": ends_on,
            "recorded_at": self.now,
        }
        self.begun.append(row)
        done.added.append(row["id"].hex)

    def shorten(self, done: Done, job: Employment, *, until: date) -> None:
        """Withdraw a job and keep it with another last day in its place."""
        job.withdrawn_at = self.now
        done.withdrawn.append(job.id.hex)
        days = {"starts_on": job.starts_on, "ends_on": until}
        self.begin(done, job_title_id=job.job_title_id, site_id=job.site_id, **days)

    def become(self, done: Done, act: Become, job: Employment) -> None:
        """Let a job end the day before another begins, which ends when it would have."""
        until = job.ends_on
        self.shorten(done, job, until=act.from_ - ONE_DAY)
        places = {"job_title_id": self.places.titles[act.title], "site_id": self.places.sites[act.site]}
        self.begin(done, starts_on=act.from_, ends_on=until, **places)

    def keep_done(self, done: Mapping[int, Done]) -> None:
        """Keep what was written with the rows that asked for it."""
        rows = rows_of(self.run.id).where(ImportRow.place.in_(done))
        for row in self.session.scalars(rows):
            row.done = done[row.place].stored()


def done_of(first: Planned) -> Done:
    """Return what is kept of one person, before anything is written."""
    return Done(uuid.UUID(first.person_id) if first.person_id else uuid.uuid4(), is_new=not first.person_id)


def rename(person: Person, act: Rename, done: Done) -> None:
    """Give a person another name or e-mail address, and note what it was."""
    for name, value in (("name", act.name), ("email", act.email)):
        if value:
            done.before[name], done.after[name] = getattr(person, name), value
            setattr(person, name, value)


def by_person(plan: Plan) -> Iterator[tuple[int, list[Planned]]]:
    """Yield the rows of each person that change anything, with the place of the first."""
    found: dict[str, list[tuple[int, Planned]]] = defaultdict(list)
    for place, row in enumerate(plan.rows):
        if row.acts:
            found[row.wanted.staff_number].append((place, row))
    for rows in found.values():
        yield rows[0][0], [row for _, row in rows]
