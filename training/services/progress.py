"""What a learner sees of their training: the one next thing, every line they need, and the tracks."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import bindparam, false, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.language import _
from training.domain.module import Module
from training.domain.reason import notes_for, reason_for
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.standing import Standing, status_on, strictest
from training.domain.status import Status
from training.models import Completion, Draft, Revocation, TitleRole
from training.services import employments, refreshers, signoffs, standings
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.refreshers import Offer
from training.services.signoffs import SignedOff
from training.services.standing_rows import Line
from training.services.waiting import waiting_words, window_is_open

# What is worth doing first; the rest can wait.
LATE = (Status.OVERDUE, Status.EXPIRED)
URGENCY = (Status.OVERDUE, Status.EXPIRED, Status.EXPIRING_SOON, Status.NOT_YET_DUE)
# A person's latest passes that count, their drafts, and their roles on a day, in one journey to the database.
DONE = union_all(
    select(
        literal("pass").label("kind"),
        Completion.item.label("what"),
        func.max(Completion.passed_on).label("passed_on"),
        false().label("is_refresher"),
    )
    .where(
        Completion.person_id == bindparam("person_id"),
        ~select(Revocation.completion_id).where(Revocation.completion_id == Completion.id).exists(),
    )
    .group_by(Completion.item),
    select(literal("draft"), Draft.item, null(), Draft.question_ids.is_not(None)).where(
        Draft.person_id == bindparam("person_id")
    ),
    employments.ROLES.with_only_columns(literal("role"), TitleRole.role, null(), false()),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One item as a learner sees it; `status` and `reason` are empty where nobody requires it of them."""

    slug: str
    kind: str
    title: str
    summary: str
    minutes: int
    status: Status | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    in_progress: bool = False
    passed_on: date | None = None
    deadline: date | None = None
    window_opens_on: date | None = None
    refresher_minutes: int | None = None
    in_refresher: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """The learner's first page."""

    next: Shown | None
    lines: tuple[Shown, ...]
    next_window: date | None
    roles: tuple[Role, ...]

    @property
    def due(self) -> int:
        """How many items there is something to do about."""
        return sum(shown.status in URGENCY for shown in self.lines)


@dataclass(frozen=True, slots=True)
class TrackPage:
    """A track with where the learner stands on each item."""

    title: str
    purpose: str
    core: tuple[Shown, ...]
    further: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What stands before the button that begins an item; `signoff` is the organisation's own, of this version.

    `offer` is what is owed of it, nothing where nobody requires it.
    """

    item: Module | Scenario
    shown: Shown
    roles: tuple[Role, ...]
    waiting: str
    signoff: SignedOff | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """What is known of a learner on a day: lines by item, drafts, passes, roles and, where asked for, what is owed.

    `drafts` says of each item whether it was begun as a refresher.
    """

    lines: Mapping[str, Line]
    drafts: Mapping[str, bool]
    passes: Mapping[str, date]
    roles: tuple[Role, ...]
    offers: Mapping[str, Offer] = field(default_factory=dict)


def look(session: Session, *, person_id: uuid.UUID, today: date, item: str | None = None) -> OnTheWay:
    """Return what is known of a person, in two queries, or five where a standing's day of change has come.

    With `item`, the lines are those on that alone.
    """
    lines = standings.read_lines(session, today=today, person_ids=[person_id], item=item)
    done = session.execute(DONE, {"person_id": person_id, "day": today}).all()
    return OnTheWay(
        lines=strictest_lines(lines, day=today),
        drafts={row.what: bool(row.is_refresher) for row in done if row.kind == "draft"},
        passes={row.what: row.passed_on for row in done if row.kind == "pass"},
        roles=employments.roles_of(row.what for row in done if row.kind == "role"),
    )


def look_for_offers(
    session: Session, *, viewer: Viewer, catalog: Catalog, today: date, slug: str | None = None
) -> OnTheWay:
    """Return what is known of the viewer with what they owe where a window is open, or stand and owe of one item.

    Where a window is open, it asks two times more.
    """
    known = look(session, person_id=viewer.person_id, today=today, item=slug)
    held = {item: line.standing for item, line in known.lines.items() if slug or window_is_open(line.standing, today)}
    offers = refreshers.offers(session, viewer=viewer, held=held, catalog=catalog, roles=known.roles, day=today)
    return replace(known, offers=offers)


def strictest_lines(lines: Sequence[Line], *, day: date) -> dict[str, Line]:
    """Return one line for each item of one person: the strictest of the requirements on it."""
    by_item: dict[str, list[Line]] = {}
    for line in lines:
        by_item.setdefault(line.item, []).append(line)
    return {item: strictest_line(some, day=day) for item, some in by_item.items()}


def strictest_line(lines: Sequence[Line], *, day: date) -> Line:
    """Return the line to show of several on one item."""
    if len(lines) == 1:
        return lines[0]
    shown = strictest([line.standing for line in lines], day=day)
    return next(line for line in lines if line.standing is shown)


def show(item: Module | Scenario, *, known: OnTheWay, today: date) -> Shown:
    """Return an item as the learner sees it on a day."""
    offer = known.offers.get(item.slug)
    return Shown(
        slug=item.slug,
        kind=item.kind,
        title=item.title,
        summary=item.summary,
        minutes=item.minutes,
        in_progress=item.slug in known.drafts,
        in_refresher=known.drafts.get(item.slug, False),
        refresher_minutes=offer.minutes if offer else None,
        passed_on=known.passes.get(item.slug),
        **said_of(item.slug, known, today),
    )


def show_slug(slug: str, *, catalog: Catalog, known: OnTheWay, today: date) -> Shown:
    """Return an item as the learner sees it, also where the content has dropped it since."""
    item = catalog.find(slug)
    if item is not None:
        return show(item, known=known, today=today)
    return Shown(
        slug=slug, kind="", title=slug, summary=_("No longer offered."), minutes=0, **said_of(slug, known, today)
    )


def said_of(slug: str, known: OnTheWay, today: date) -> dict:
    """Return the learner's standing on an item in words; nothing where nobody requires it or they work here no more."""
    line = known.lines.get(slug)
    status = status_on(line.standing, today) if line else Status.NOT_ON_FILE
    return {} if status is Status.NOT_ON_FILE else say(line.standing, status, today=today)


def say(standing: Standing, status: Status, *, today: date) -> dict:
    """Return a standing with its status on a day in words, and the day that decides how urgent it is."""
    in_date = standing.in_date_on(today)
    return {
        "status": status,
        "reason": reason_for(standing, status),
        "notes": notes_for(standing, status, day=today),
        "deadline": standing.valid_until if in_date else standing.due_until,
        "window_opens_on": standing.window_opens_on,
    }


def home(database: Database, *, viewer: Viewer, catalog: Catalog, today: date) -> Home:
    """Return the learner's first page: what to do next, and every item that is needed of them."""
    with database.read(viewer.organisation_id) as session:
        known = look_for_offers(session, viewer=viewer, catalog=catalog, today=today)
    shown = [show(item, known=known, today=today) for item in catalog.items() if item.slug in known.lines]
    needed = [one for one in shown if one.status and one.status not in {Status.HELD, Status.NOT_NEEDED}]
    begun = [show(item, known=known, today=today) for item in catalog.items() if item.slug in known.drafts]
    places = track_places(catalog, known.roles)
    needed = sorted(needed, key=lambda one: urgency(one, places))
    urgent = [one for one in needed if one.status in URGENCY]
    late = [one for one in urgent if one.status in LATE]
    windows = [one.window_opens_on for one in needed if one.window_opens_on and one.window_opens_on > today]
    offered = () if known.lines else on_offer(catalog, known=known, today=today)
    return Home(
        next=next(iter([*(one for one in late if one.in_progress), *late, *begun, *urgent, *offered]), None),
        lines=tuple(needed),
        next_window=min(windows, default=None),
        roles=known.roles,
    )


def on_offer(catalog: Catalog, *, known: OnTheWay, today: date) -> list[Shown]:
    """Return what the tracks of a person's roles begin with and they never passed, for those whom nobody asks."""
    tracks = [catalog.tracks[role] for role in known.roles if role in catalog.tracks]
    slugs = dict.fromkeys(slug for found in tracks for slug in found.core if slug not in known.passes)
    return [show(catalog.item(slug), known=known, today=today) for slug in slugs]


def track_places(catalog: Catalog, roles: Sequence[Role]) -> dict[str, int]:
    """Return the place of each item on the tracks of these roles, the earliest where it stands on several."""
    slugs = dict.fromkeys(slug for role in roles if role in catalog.tracks for slug in catalog.tracks[role].items)
    return {slug: place for place, slug in enumerate(slugs)}


def urgency(shown: Shown, places: Mapping[str, int]) -> tuple[int, date, int, str]:
    """Order what is late before what is due, what is due sooner before later, and then as the track has it."""
    rank = URGENCY.index(shown.status) if shown.status in URGENCY else len(URGENCY)
    return rank, shown.deadline or date.max, places.get(shown.slug, len(places)), shown.title


def track(database: Database, *, viewer: Viewer, role: Role, catalog: Catalog, today: date) -> TrackPage:
    """Return a role's track with where the learner stands on each item.

    Raises:
        NotFound: when the content has no track for the role.
    """
    found = catalog.tracks.get(role)
    if found is None:
        raise NotFound(_("There is no such track."))
    with database.read(viewer.organisation_id) as session:
        known = look_for_offers(session, viewer=viewer, catalog=catalog, today=today)
    items = {item.slug: show(item, known=known, today=today) for item in catalog.items()}
    return TrackPage(
        title=found.title,
        purpose=found.purpose,
        core=tuple(items[slug] for slug in found.core),
        further=tuple(items[slug] for slug in found.further),
    )


def item_page(database: Database, *, viewer: Viewer, slug: str, kind: str, catalog: Catalog, today: date) -> ItemPage:
    """Return what stands before an item is begun, and what waiting would give where it is early.

    Raises:
        NotFound: when there is no such item.
    """
    item = catalog.find(slug)
    if item is None or item.kind != kind:
        raise NotFound(_("There is no such item."))
    with database.read(viewer.organisation_id) as session:
        known = look_for_offers(session, viewer=viewer, catalog=catalog, today=today, slug=slug)
        waiting = waiting_words(session, line=known.lines.get(slug), today=today)
        signoff = signoffs.standing_for(session, viewer=viewer, item=item)
    mine = tuple(role for role in known.roles if role in item.roles)
    return ItemPage(
        item=item,
        shown=show(item, known=known, today=today),
        roles=mine or item.roles,
        waiting=waiting,
        signoff=signoff,
        offer=known.offers.get(slug),
    )
