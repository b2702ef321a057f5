"""The contents of a pack, read as at one moment: what each file will say, and the certificates as a stream."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.days import format_day
from training.domain.language import N_, _
from training.domain.pack import MOST_CERTIFICATES, About
from training.domain.paper import Paper
from training.domain.report import Report, known_words
from training.domain.rule_version import rule_version
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.pack_audit import acts
from training.services.pack_content import catalog_then, read_items
from training.services.pack_curriculum import curriculum, curriculum_data
from training.services.pack_duties import Then, read_duties
from training.services.pack_gathering import Gathered, Held, every_held, gather
from training.services.pack_papers import Papers, Said, refresher_policy, why_each_track
from training.services.pack_summary import summary
from training.services.report_kinds import find_kind
from training.services.report_questions import Asked, Question, covers_words
from training.services.rosters import Roster
from training.services.staff import AsOf

WORKBOOK = "compliance"
NO_SITE = N_("There is no such site of yours.")
TOO_MANY = (
    f"There are more than {MOST_CERTIFICATES:,} passes that count on the day, so the pack holds the register of them "
    "and no single certificates. A pack of one site holds those of that site."
)
IMPORTED = "No certificate of its own: an import, or a pass of training that this one replaced"
NAMELESS = "No certificate: the person has been erased"
TOO_MANY_WORDS = "Not printed: see the notes in the manifest"
REGISTER = (
    "Name",
    "Staff number",
    "Sites",
    "Training",
    "Version",
    "Passed on",
    "In date until",
    "Code",
    "Certificate",
)
# Told how much of the whole has been done; everybody is looked at three times.
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pack is about: a day, an instant of knowledge, and one site or all that the viewer sees to."""

    as_at: date
    known_at: datetime
    site_id: uuid.UUID | None = None

    def kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        site = str(self.site_id) if self.site_id else None
        return {"as_at": self.as_at.isoformat(), "known_at": self.known_at.isoformat(), "site_id": site}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Wanted":
        """Return what was kept."""
        site = uuid.UUID(kept["site_id"]) if kept["site_id"] else None
        return cls(date.fromisoformat(kept["as_at"]), datetime.fromisoformat(kept["known_at"]), site)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a pack says. What is a stream is read once, in the order of these fields."""

    about: About
    summary: Paper
    curriculum: Paper
    curriculum_data: dict[str, Any]
    why: Paper
    policy: Paper
    workbook: Callable[[], Report]
    held: Callable[[], Iterator[Held]]
    has_certificates: bool
    acts: Callable[[], Iterator[tuple[object, ...]]]
    people: int
    certificates: int


def within(viewer: Viewer, site_id: uuid.UUID | None) -> Viewer:
    """Return the viewer as they see to one site alone, where one is asked for.

    Raises:
        NotFound: when it is none of theirs.
    """
    if site_id is None:
        return viewer
    if not viewer.manages_all and site_id not in viewer.site_ids:
        raise NotFound(_(NO_SITE))
    return replace(viewer, manages_all=False, site_ids=frozenset({site_id}))


@contextmanager
def open_contents(
    database: Database, *, viewer: Viewer, wanted: Wanted, made_with: str, told: Told, alive: Callable[[], None]
) -> Iterator[Contents]:
    """Open the contents of a pack for as long as they are read: they come as at one moment, however long that takes.

    `alive` is called with every statement, so that nobody takes this for dead.

    Raises:
        NotFound: when the site is none of the viewer's.
    """
    seen = within(viewer, wanted.site_id)
    with database.read(viewer.organisation_id) as session:

        def beat(*_statement: object) -> None:
            alive()

        event.listen(session.connection(), "before_cursor_execute", beat)
        yield read_contents(session, viewer=seen, wanted=wanted, made_with=made_with, told=told)


def read_contents(session: Session, *, viewer: Viewer, wanted: Wanted, made_with: str, told: Told) -> Contents:
    """Look at everybody, and return what each file will say.

    A pack never speaks of the present: a day to come stays a forecast when it is asked for again.
    """
    then = Then(viewer=viewer, day=wanted.as_at, known_at=wanted.known_at)
    items = read_items(session, day=then.day, known_at=then.known_at, time_zone=viewer.time_zone)
    as_of = AsOf(then.day, today=then.on(then.known_at), known_at=then.known_at)
    asked = Asked(session, viewer, catalog_then(items.values()), Question(as_of))
    roster = asked.roster()
    whole = roster.count_people()
    gathered = gather(roster, told=lambda people: told(people, 3 * whole))
    about = about_of(asked, roster, gathered, made_with=made_with)
    papers = Papers(organisation=viewer.organisation_name, said=said_of(about, viewer))
    duties = read_duties(session, then=then, catalog=asked.catalog)
    return Contents(
        about=about,
        summary=summary(papers, roster, gathered, duties),
        curriculum=curriculum(papers, items, duties),
        curriculum_data=curriculum_data(papers, items, duties),
        why=why_each_track(papers, duties),
        policy=refresher_policy(papers, duties),
        workbook=lambda: find_kind(WORKBOOK).make(asked),
        held=lambda: held_again(roster, gathered),
        has_certificates=gathered.held is not None,
        acts=lambda: acts(session, viewer=viewer, known_at=then.known_at),
        people=whole,
        certificates=gathered.certificates,
    )


def held_again(roster: Roster, gathered: Gathered) -> Iterator[Held]:
    """Yield what everybody holds, from memory where it was few enough to be kept there."""
    return every_held(roster) if gathered.held is None else iter(gathered.held)


def about_of(asked: Asked, roster: Roster, gathered: Gathered, *, made_with: str) -> About:
    """Return what the pack says of itself."""
    as_of = asked.question.as_of
    return About(
        organisation=asked.viewer.organisation_name,
        covers=covers_words(roster),
        as_at=as_of.day,
        known_at=as_of.known_at,
        is_forecast=as_of.is_forecast,
        rule_version=rule_version(roster.house, as_of.day),
        made_with=made_with,
        erased=gathered.erased,
        notes=(TOO_MANY,) if gathered.held is None else (),
    )


def said_of(about: About, viewer: Viewer) -> Said:
    """Return what every document of the pack says of itself."""
    local = about.known_at.astimezone(ZoneInfo(viewer.time_zone))
    return (
        ("Covers", about.covers),
        ("As at", format_day(about.as_at) + (" (forecast)" if about.is_forecast else "")),
        ("As known at", f"{known_words(local)} ({about.known_words})"),
        ("Rules", about.rule_version.words),
    )


def register_cells(one: Held, *, file_name: str) -> tuple[object, ...]:
    """Return a line of the register; `file_name` is that of the certificate, where there is one."""
    worker = one.worker
    sites = "; ".join(name for _, name in worker.sites)
    code = one.certificate.earned.code if one.certificate else ""
    why_not = IMPORTED if worker.name.strip() else NAMELESS
    shown = file_name or (TOO_MANY_WORDS if code else why_not)
    return worker.name, worker.staff_number, sites, one.title, one.version, one.passed_on, one.until, code, shown
