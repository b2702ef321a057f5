"""What managers have recorded of one person: leave and exemptions as they stand, and everything in order of time."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session, aliased

from training.catalog.library import Catalog
from training.db import Database, columns_of
from training.domain.days import Span, join
from training.domain.language import N_, _, ngettext
from training.domain.numbers import number_words
from training.domain.person_record import House
from training.domain.twice_dated import days_in_words
from training.models import Absence, Exemption, Person, Site
from training.services import exemptions, facts, reach, records
from training.services.accounts import Viewer
from training.services.people import Contact, find_contact
from training.services.timeline_passes import Entry, became_of_passes, tries

BY = aliased(Person)
ABSENCES = (
    select(*columns_of(Absence), Site.name.label("site"), BY.name.label("by"))
    .outerjoin(Site, Site.id == Absence.site_id)
    .outerjoin(BY, BY.id == Absence.recorded_by)
    .where(Absence.person_id == bindparam("person_id"))
    .order_by(Absence.starts_on.desc(), Absence.recorded_at.desc())
)
EXEMPTIONS = (
    select(*columns_of(Exemption), BY.name.label("by"))
    .outerjoin(BY, BY.id == Exemption.recorded_by)
    .where(Exemption.person_id == bindparam("person_id"))
    .order_by(Exemption.starts_on.desc(), Exemption.recorded_at.desc())
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Leave or an exemption: its days in words, who recorded it, and what else is to be said of it."""

    id: uuid.UUID
    title: str
    starts_on: date
    ends_on: date | None
    days: str
    reason: str
    note: str
    who: str
    recorded_at: datetime
    may_change: bool


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person with what is recorded of them beside their jobs, and what the viewer may do about it.

    `sites` are those of their jobs that the viewer manages; `may_change_all` says that these are all.
    """

    contact: Contact
    may_act: bool
    may_change_all: bool
    sites: tuple[tuple[uuid.UUID, str], ...]
    absences: tuple[Recorded, ...]
    exemptions: tuple[Recorded, ...]
    items: tuple[tuple[str, str], ...]
    long_leave_days: int
    entries: tuple[Entry, ...]


def person_file(
    database: Database, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, today: date
) -> PersonFile:
    """Return what is recorded of one person.

    Raises:
        NotFound: when the viewer may not see them.
    """
    with database.read(viewer.organisation_id) as session:
        contact = find_contact(session, viewer=viewer, person_id=person_id)
        house, done = facts.read_house(session), records.read_tries(session, person_id=person_id)
        return read_file(session, viewer=viewer, contact=contact, house=house, done=done, catalog=catalog, today=today)


def read_file(
    session: Session,
    *,
    viewer: Viewer,
    contact: Contact,
    house: House,
    done: Sequence[Row],
    catalog: Catalog,
    today: date,
) -> PersonFile:
    """Return what is recorded of somebody whom the viewer sees, beside the tries already read."""
    person_id = contact.person_id
    still_at = {job.site_id for job in contact.jobs if job.ends_on is None or job.ends_on >= today}
    may_act = viewer.may_change and reach.manages_some(viewer, still_at)
    whole = may_act and reach.manages_every(viewer, still_at)
    absences = read_absences(session, person_id=person_id)
    exempted = read_exemptions(session, person_id=person_id)
    leave = Leaves(tuple(absences), house.long_leave_days, whole, viewer if may_act else None)
    entries = [
        *tries(done, catalog=catalog),
        *became_of_passes(session, viewer=viewer, person_id=person_id, catalog=catalog),
    ]
    entries += [*leave.entries(), *exemption_entries(exempted, catalog=catalog)]
    slugs = {item.slug for item in catalog.items()} | exemptions.items_of(house)
    return PersonFile(
        contact=contact,
        may_act=may_act,
        may_change_all=whole,
        sites=managed_sites(contact, viewer=viewer) if viewer.may_change else (),
        absences=tuple(leave.standing()),
        exemptions=tuple(standing_exemptions(exempted, catalog=catalog, may_change=whole)),
        items=tuple(sorted(((slug, catalog.title(slug)) for slug in slugs), key=lambda one: one[1])),
        long_leave_days=house.long_leave_days,
        entries=tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)),
    )


def managed_sites(contact: Contact, *, viewer: Viewer) -> tuple[tuple[uuid.UUID, str], ...]:
    """Return the sites of a person's jobs that the viewer manages, each once."""
    sites = {job.site_id: job.site for job in contact.jobs if viewer.manages_all or job.site_id in viewer.site_ids}
    return tuple(sorted(sites.items(), key=lambda one: one[1]))


def read_absences(session: Session, *, person_id: uuid.UUID) -> list[tuple[Row, str, str]]:
    """Return all leave ever recorded of a person, with the site and who recorded it, latest days first."""
    rows = session.execute(ABSENCES, {"person_id": person_id})
    return [(row, row.site or "", row.by or "") for row in rows]


def read_exemptions(session: Session, *, person_id: uuid.UUID) -> list[tuple[Row, str]]:
    """Return every exemption ever recorded of a person, with who recorded it, latest days first."""
    return [(row, row.by or "") for row in session.execute(EXEMPTIONS, {"person_id": person_id})]


@dataclass(frozen=True, slots=True)
class Leaves:
    """A person's leave, what is long here, and who looks at it (nobody, where they may change none)."""

    rows: Sequence[tuple[Row, str, str]]
    long_leave_days: int
    whole: bool
    viewer: Viewer | None

    def standing(self) -> Iterator[Recorded]:
        """Yield the leave that stands."""
        for row, site, who in self.rows:
            if row.withdrawn_at is None:
                yield Recorded(
                    id=row.id,
                    title=_("Leave from the jobs at %(site)s", site=site) if site else _("Leave from every job"),
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                    days=days_in_words(row.starts_on, row.ends_on),
                    reason="",
                    note=self.note(row),
                    who=who,
                    recorded_at=row.recorded_at,
                    may_change=self.may_change(row),
                )

    def note(self, row: Row) -> str:
        """Say what leave does to due days."""
        applies = [one for one, _, _ in self.rows if one.withdrawn_at is None and one.site_id in {None, row.site_id}]
        joined = join(Span(one.starts_on, one.ends_on) for one in applies)
        whole = next(span for span in joined if row.starts_on in span)
        if not whole.lasts(self.long_leave_days):
            return ngettext(
                "Shorter than %(days)s day, so it moves no due day.",
                "Shorter than %(days)s days, so it moves no due day.",
                self.long_leave_days,
                days=number_words(self.long_leave_days),
            )
        if row.ends_on is None:
            return _("Open: nothing is due until it has a last day.")
        return _("Long: it moves a first due day, and nothing is due while it lasts.")

    def may_change(self, row: Row) -> bool:
        """Say whether whoever looks may change the leave."""
        if self.viewer is None or row.site_id is None:
            return self.whole
        return self.viewer.manages_all or row.site_id in self.viewer.site_ids

    def entries(self) -> Iterator[Entry]:
        """Yield what was recorded and withdrawn, and by whom."""
        again = {row.recorded_at for row, _, _ in self.rows}
        for row, site, who in self.rows:
            what = f"{site or _('Every job')}, {days_in_words(row.starts_on, row.ends_on)}"
            yield Entry(row.recorded_at, _("Leave recorded"), _("%(what)s. Recorded by %(who)s.", what=what, who=who))
            if row.withdrawn_at is not None:
                title = _("Leave put right") if row.withdrawn_at in again else _("Leave withdrawn")
                yield Entry(row.withdrawn_at, title, _("It had been: %(what)s.", what=what))


def standing_exemptions(rows: Sequence[tuple[Row, str]], *, catalog: Catalog, may_change: bool) -> Iterator[Recorded]:
    """Yield the exemptions that stand."""
    for row, who in rows:
        if row.withdrawn_at is None:
            yield Recorded(
                id=row.id,
                title=catalog.title(row.item),
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                days=days_in_words(row.starts_on, row.ends_on),
                reason=row.why,
                note=_("Decided by %(who)s.", who=row.who),
                who=who,
                recorded_at=row.recorded_at,
                may_change=may_change,
            )


def exemption_entries(rows: Sequence[tuple[Row, str]], *, catalog: Catalog) -> Iterator[Entry]:
    """Yield what was recorded and withdrawn, and by whom."""
    again = {row.recorded_at for row, _ in rows}
    for row, who in rows:
        what = f"{catalog.title(row.item)}, {days_in_words(row.starts_on, row.ends_on)}"
        words = N_("%(what)s. Decided by %(decider)s: %(why)s. Recorded by %(who)s.")
        said = _(words, what=what, decider=row.who, why=row.why.removesuffix("."), who=who)
        yield Entry(row.recorded_at, _("Exemption recorded"), said)
        if row.withdrawn_at is not None:
            title = _("Exemption put right") if row.withdrawn_at in again else _("Exemption withdrawn")
            yield Entry(row.withdrawn_at, title, _("It had been: %(what)s.", what=what))
