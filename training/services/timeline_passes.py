"""What a person's timeline tells of tries and passes: done here, imported, revoked, and what a device sent oddly."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import UtcDateTime
from training.domain.days import format_day
from training.domain.language import _
from training.domain.report import instant_words
from training.models import Attempt, Completion, Delivery, ImportedPass, Outcome, Person, Revocation
from training.services.accounts import Viewer

WRONG_CLOCK = "wrong-clock"
NO_DAY = cast(null(), Date)
HAS_OTHER_ANSWERS = Delivery.outcome != Outcome.FIRST
HAS_WRONG_CLOCK = Delivery.device_finished_at != Attempt.completed_at


def of_person(column: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Say that a row is of the person who is asked about."""
    return column == bindparam("person_id")


# Of a pass imported, where it comes from stands in the place of who revoked one; of a sending, who brought it.
BECAME = union_all(
    select(
        literal("revoked"),
        Revocation.recorded_at,
        cast(null(), UtcDateTime),
        Completion.item,
        Completion.passed_on,
        NO_DAY,
        Person.name,
        Revocation.why,
    )
    .join(Completion, Completion.id == Revocation.completion_id)
    .join(Person, Person.id == Revocation.revoked_by)
    .where(of_person(Completion.person_id)),
    select(
        literal("imported"),
        ImportedPass.recorded_at,
        ImportedPass.withdrawn_at,
        ImportedPass.item,
        ImportedPass.passed_on,
        ImportedPass.given_until,
        ImportedPass.evidence,
        literal(""),
    ).where(of_person(ImportedPass.person_id)),
    select(
        literal("sent"),
        Delivery.received_at,
        Delivery.device_finished_at,
        Delivery.item,
        NO_DAY,
        NO_DAY,
        func.coalesce(Person.name, ""),
        case((HAS_OTHER_ANSWERS, cast(Outcome.AFTER_OTHERS, String)), (HAS_WRONG_CLOCK, WRONG_CLOCK), else_=""),
    )
    .join(Attempt, Attempt.id == Delivery.attempt_id)
    .outerjoin(Person, Person.id == Delivery.carried_by)
    .where(
        of_person(Delivery.person_id),
        or_(HAS_OTHER_ANSWERS, HAS_WRONG_CLOCK, Delivery.carried_by.is_not(None)),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened or was recorded, and when; `recorded_at` where it was recorded later."""

    at: datetime
    title: str
    detail: str
    recorded_at: datetime | None = None


def tries(done: Iterable[Row], *, catalog: Catalog) -> Iterator[Entry]:
    """Yield every finished attempt: that it was passed or not, never the answers."""
    for row in done:
        plain = _("Passed") if row.passed else _("Not passed")
        by_refresher = _("Passed, by a refresher") if row.passed else _("Not passed, by a refresher")
        how = by_refresher if row.is_refresher else plain
        yield Entry(row.completed_at, catalog.title(row.item), how, recorded_at=row.recorded_at)


def became_of_passes(session: Session, *, viewer: Viewer, person_id: uuid.UUID, catalog: Catalog) -> Iterator[Entry]:
    """Yield every revocation, every pass imported, also where it was taken back, and what is to be told of sendings.

    A sending by a device is told where a manager brought it, its clock did not fit, or other answers had come before.
    """
    for kind, at, other_at, item, passed_on, given_until, who, why in session.execute(BECAME, {"person_id": person_id}):
        title = catalog.title(item)
        if kind == "sent":
            finished = instant_words(other_at.astimezone(ZoneInfo(viewer.time_zone)))
            yield Entry(at, _("Sent by a device"), " ".join(said_of_sending(title, finished, brought_by=who, odd=why)))
            continue
        what = _("%(title)s, passed on %(day)s", title=title, day=format_day(passed_on))
        if kind == "revoked":
            words = _("%(what)s. Revoked by %(who)s: %(why)s.", what=what, who=who, why=why.removesuffix("."))
            yield Entry(at, _("Pass revoked"), words)
            continue
        if given_until:
            what = _("%(what)s, expiry given %(day)s", what=what, day=format_day(given_until))
        yield Entry(at, _("Pass imported"), _("%(what)s. From %(source)s.", what=what, source=who))
        if other_at is not None:
            words = _("It had been: %(what)s. From %(source)s.", what=what, source=who)
            yield Entry(other_at, _("Import undone"), words)


def said_of_sending(title: str, finished: str, *, brought_by: str, odd: str) -> Iterator[str]:
    """Yield the sentences on a sending: when the device says that it was finished, who brought it, and what counts."""
    yield _("%(title)s: the device says that it was finished on %(finished)s.", title=title, finished=finished)
    if brought_by:
        yield _("Brought as a file by %(who)s.", who=brought_by)
    if odd == Outcome.AFTER_OTHERS:
        yield _("Other answers had been recorded before; those count.")
    elif odd == WRONG_CLOCK:
        yield _("The device’s clock did not fit, so the time when it was received counts.")
