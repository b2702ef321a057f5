"""An organisation's clinical sign-off of content: who read which version and when, and who withdrew it and why."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from training.catalog.library import Catalog
from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in
from training.domain.language import N_, _
from training.domain.module import Module
from training.domain.names import read_name, tidy_text
from training.domain.numbers import number_words
from training.domain.review import SignOffState, signoff_state
from training.domain.scenario import Scenario
from training.models import ContentSignoff, ContentVersion, Person, SignoffWithdrawal
from training.services import audit
from training.services.accounts import Viewer
from training.services.organisations import NotFound, refuse_unless_all

LONGEST = 2000
SIGNER, WITHDRAWER = aliased(Person), aliased(Person)
SIGNOFFS = (
    select(
        ContentSignoff.id,
        ContentSignoff.item,
        ContentSignoff.content_hash,
        ContentSignoff.profession,
        ContentSignoff.note,
        ContentSignoff.recorded_at,
        ContentVersion.version,
        SIGNER.name.label("who"),
        SignoffWithdrawal.reason,
        SignoffWithdrawal.recorded_at.label("withdrawn_at"),
        WITHDRAWER.name.label("withdrawn_by"),
    )
    .join(ContentVersion, ContentVersion.content_hash == ContentSignoff.content_hash)
    .join(SIGNER, SIGNER.id == ContentSignoff.person_id)
    .outerjoin(SignoffWithdrawal, SignoffWithdrawal.signoff_id == ContentSignoff.id)
    .outerjoin(WITHDRAWER, WITHDRAWER.id == SignoffWithdrawal.person_id)
    .order_by(ContentSignoff.recorded_at.desc(), ContentSignoff.id)
)
OF_ITEM = SIGNOFFS.where(ContentSignoff.item == bindparam("item"))
OF_VERSION = SIGNOFFS.where(ContentSignoff.content_hash == bindparam("content_hash"))


class ContentChanged(Exception):
    """It cannot be signed off because it is not what was read."""


class WordsRefused(Exception):
    """A note or reason cannot be kept because it is too long, or missing."""


class AlreadyWithdrawn(Exception):
    """It cannot be withdrawn because it has been."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who withdrew a sign-off, when and why."""

    who: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class SignedOff:
    """One sign-off of one version."""

    id: uuid.UUID
    content_hash: str
    version: str
    who: str
    profession: str
    note: str
    on: date
    withdrawn: Withdrawn | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An item with every sign-off that the organisation ever made of it, newest first."""

    item: Module | Scenario
    is_overdue: bool
    every: tuple[SignedOff, ...]

    @property
    def standing(self) -> tuple[SignedOff, ...]:
        """The sign-offs that nobody has withdrawn."""
        return tuple(one for one in self.every if one.withdrawn is None)

    @property
    def state(self) -> SignOffState:
        """How far the standing ones reach."""
        return signoff_state({one.content_hash for one in self.standing}, present=self.item.content_hash)

    @property
    def latest(self) -> SignedOff | None:
        """The newest standing one: of this version if there is one, else of an older."""
        mine = [one for one in self.standing if one.content_hash == self.item.content_hash]
        return next(iter([*mine, *self.standing]), None)

    @property
    def oldest_source_on(self) -> date | None:
        """The day on which the source that was looked at longest ago was."""
        return min((source.checked_on for source in self.item.sources), default=None)


def sign_off(
    database: Database,
    *,
    viewer: Viewer,
    catalog: Catalog,
    slug: str,
    content_hash: str,
    profession: str,
    note: str = "",
    now: datetime,
) -> uuid.UUID:
    """Record that the viewer has read a version of an item and signs it off for the organisation; return its id.

    Two people, or one person twice, may sign the same version: each signing is kept.

    Raises:
        NotAllowed, NotFound, ContentChanged, NameRefused, WordsRefused: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    if find_item(catalog, slug).content_hash != content_hash:
        raise ContentChanged(_("The content has changed since you opened this page."))
    row = ContentSignoff(
        organisation_id=viewer.organisation_id,
        id=uuid.uuid4(),
        item=slug,
        content_hash=content_hash,
        person_id=viewer.person_id,
        profession=read_name(profession, what=N_("professional role")),
        note=read_words(note, what=N_("note")),
        recorded_at=now,
    )
    with database.write(viewer.organisation_id) as session:
        session.add(row)
        detail = {"item": slug, "content_hash": content_hash, "signoff_id": row.id}
        audit.record(session, viewer=viewer, act=Act.SIGNED_OFF, now=now, detail=detail)
    return row.id


def withdraw(database: Database, *, viewer: Viewer, signoff_id: uuid.UUID | None, reason: str, now: datetime) -> None:
    """Record that a sign-off stands no longer, and why; any manager of the whole organisation may.

    Raises:
        NotAllowed, NotFound, WordsRefused, AlreadyWithdrawn: in words, with nothing written.
    """
    refuse_unless_all(viewer)
    tidy = read_words(reason, what=N_("reason"))
    if not tidy:
        raise WordsRefused(_("Say why it is withdrawn."))
    taken = AlreadyWithdrawn(_("This sign-off has been withdrawn already."))
    with database.write(viewer.organisation_id, if_taken=taken) as session:
        signoff = session.get(ContentSignoff, (viewer.organisation_id, signoff_id)) if signoff_id else None
        if signoff is None:
            raise NotFound(_("There is no such sign-off."))
        if session.get(SignoffWithdrawal, (viewer.organisation_id, signoff_id)):
            raise taken
        row = SignoffWithdrawal(
            organisation_id=viewer.organisation_id,
            signoff_id=signoff_id,
            person_id=viewer.person_id,
            reason=tidy,
            recorded_at=now,
        )
        session.add(row)
        detail = {"item": signoff.item, "content_hash": signoff.content_hash, "signoff_id": signoff_id}
        audit.record(session, viewer=viewer, act=Act.SIGN_OFF_WITHDRAWN, now=now, detail=detail)


def read_words(text: str, *, what: str) -> str:
    """Return a note or reason as it is kept, on one line.

    Raises:
        WordsRefused: when it is too long.
    """
    tidy = tidy_text(text)
    if len(tidy) > LONGEST:
        raise WordsRefused(
            _(
                "The %(what)s is longer than %(longest)s characters. Shorten it.",
                what=_(what),
                longest=number_words(LONGEST),
            )
        )
    return tidy


def find_item(catalog: Catalog, slug: str) -> Module | Scenario:
    """Return an item of the catalogue.

    Raises:
        NotFound: when it has none of that name.
    """
    item = catalog.find(slug)
    if item is None:
        raise NotFound(_("There is no such item."))
    return item


def list_reviewed(database: Database, *, viewer: Viewer, catalog: Catalog, today: date) -> tuple[Reviewed, ...]:
    """Return every item with the organisation's sign-offs: modules by title, then scenarios."""
    with database.read(viewer.organisation_id) as session:
        found = read_signoffs(session, SIGNOFFS, viewer=viewer)
    items = sorted(catalog.items(), key=lambda item: (item.kind, item.title.lstrip("\"'“‘").casefold()))
    return tuple(reviewed(item, found.get(item.slug, ()), today) for item in items)


def show_reviewed(database: Database, *, viewer: Viewer, catalog: Catalog, slug: str, today: date) -> Reviewed:
    """Return one item with the organisation's sign-offs.

    Raises:
        NotFound: when there is no such item.
    """
    item = find_item(catalog, slug)
    with database.read(viewer.organisation_id) as session:
        found = read_signoffs(session, OF_ITEM, {"item": slug}, viewer=viewer)
    return reviewed(item, found.get(slug, ()), today)


def reviewed(item: Module | Scenario, every: Sequence[SignedOff], today: date) -> Reviewed:
    """Return an item with its sign-offs; its review is overdue from the day after the one it was to be done by."""
    return Reviewed(item=item, is_overdue=item.review_by < today, every=tuple(every))


def standing_for(session: Session, *, viewer: Viewer, item: Module | Scenario) -> SignedOff | None:
    """Return the newest standing sign-off of the very version of an item, in one query."""
    found = read_signoffs(session, OF_VERSION, {"content_hash": item.content_hash}, viewer=viewer)
    return next((one for one in found.get(item.slug, ()) if one.withdrawn is None), None)


def read_signoffs(
    session: Session, query: Select, wanted: Mapping[str, str] | None = None, *, viewer: Viewer
) -> dict[str, list[SignedOff]]:
    """Return the organisation's sign-offs by item, newest first, that one of the queries above finds."""
    found: dict[str, list[SignedOff]] = {}
    for row in session.execute(query, wanted):
        found.setdefault(row.item, []).append(signed_off(row, viewer.time_zone))
    return found


def signed_off(row: Row, time_zone: str) -> SignedOff:
    """Return a stored sign-off as others see it."""
    withdrawn = None
    if row.withdrawn_at is not None:
        withdrawn = Withdrawn(who=row.withdrawn_by, on=day_in(row.withdrawn_at, time_zone), reason=row.reason)
    return SignedOff(
        id=row.id,
        content_hash=row.content_hash,
        version=row.version,
        who=row.who,
        profession=row.profession,
        note=row.note,
        on=day_in(row.recorded_at, time_zone),
        withdrawn=withdrawn,
    )
