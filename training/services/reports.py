"""What managers ask: figures by site and requirement, who has which status, and one person's whole story."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from training.catalog.library import Catalog
from training.db import Database
from training.domain.compliance import PERSON_MODULES
from training.domain.counting import COMPLIANT_HEADS, COUNTED_HEADS, SEVERAL_HEADS
from training.domain.days import Span
from training.domain.language import _
from training.domain.report import EVERYBODY
from training.domain.rule_version import RuleVersion, rule_version
from training.services import facts, past_records, records, timelines
from training.services import people as people_service
from training.services.accounts import Viewer
from training.services.figures import Figure, item_figures, read_counts, site_figures
from training.services.listings import PeopleFilter
from training.services.people import Contact
from training.services.report_questions import asked_words, covers_words
from training.services.rosters import open_roster
from training.services.staff import AsOf, PersonLine
from training.services.timelines import PersonFile


@dataclass(frozen=True, slots=True)
class Overview:
    """The manager's first page: everything together, by site and by item."""

    as_of: AsOf
    organisation_name: str
    scope: str
    rules: RuleVersion
    whole: Figure
    heads: int
    fully_compliant: int
    counted_heads: int
    at_several_sites: int
    by_item: tuple[Figure, ...]
    by_site: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """The lines of the people asked for, and the figure of all their lines, whatever their status."""

    wanted: PeopleFilter
    lines: tuple[PersonLine, ...]
    figure: Figure
    asked_words: str


@dataclass(frozen=True, slots=True)
class Try:
    """A finished attempt as a manager sees it: when and whether it passed, never the answers."""

    title: str
    at: datetime
    passed: bool
    is_refresher: bool = False


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One person's story: who they are, where they stand, what they did, latest first, and what is recorded of them."""

    as_at: date
    contact: Contact
    record: tuple[records.RecordLine, ...]
    tries: tuple[Try, ...]
    file: PersonFile


def overview(database: Database, *, viewer: Viewer, catalog: Catalog, as_of: AsOf) -> Overview:
    """Return the figures of everybody whom the viewer manages, each with its denominator reconciled."""
    with database.read(viewer.organisation_id) as session:
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=as_of)
        counts = read_counts(roster)
        rules = rule_version(roster.house, as_of.day)
    return Overview(
        as_of=as_of,
        organisation_name=viewer.organisation_name,
        scope=covers_words(roster),
        rules=rules,
        whole=Figure(_("All training"), counts.tally(), PERSON_MODULES),
        heads=counts.heads(),
        fully_compliant=counts.heads(COMPLIANT_HEADS),
        counted_heads=counts.heads(COUNTED_HEADS),
        at_several_sites=counts.heads(SEVERAL_HEADS),
        by_item=tuple(item_figures(counts)),
        by_site=tuple(site_figures(counts)),
    )


def people(database: Database, *, viewer: Viewer, wanted: PeopleFilter, catalog: Catalog, as_of: AsOf) -> PeopleReport:
    """Return every line asked for at once, of people whom the viewer manages; with a site, as that site judges."""
    with database.read(viewer.organisation_id) as session:
        roster = open_roster(session, viewer=viewer, catalog=catalog, as_of=as_of, wanted=wanted)
        return PeopleReport(
            wanted=wanted,
            lines=tuple(roster.lines()),
            figure=Figure(_("These people"), roster.figure(), PERSON_MODULES),
            asked_words="; ".join(asked_words(roster)) or _(EVERYBODY),
        )


def person(database: Database, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog, today: date) -> PersonReport:
    """Return one person's story.

    Raises:
        NotFound: when the viewer may not see them.
    """
    with database.read(viewer.organisation_id) as session:
        contact = people_service.find_contact(session, viewer=viewer, person_id=person_id)
        house, done = facts.read_house(session), records.read_tries(session, person_id=person_id)
        known = {"catalog": catalog, "today": today, "house": house}
        if works_elsewhere(contact, viewer=viewer, day=today):
            as_of = AsOf.present(today)
            record = past_records.read_record(session, viewer=viewer, person_id=person_id, catalog=catalog, as_of=as_of)
        else:
            record = records.record_lines(session, person_id=person_id, tries=done, **known)
        return PersonReport(
            as_at=today,
            contact=contact,
            record=record,
            tries=tuple(Try(catalog.title(row.item), row.completed_at, row.passed, row.is_refresher) for row in done),
            file=timelines.read_file(session, viewer=viewer, contact=contact, done=done, **known),
        )


def works_elsewhere(contact: Contact, *, viewer: Viewer, day: date) -> bool:
    """Say whether somebody works on a day at a site too that the viewer does not manage."""
    present = {job.site_id for job in contact.jobs if day in Span(job.starts_on, job.ends_on)}
    return not viewer.manages_all and not present <= viewer.site_ids
