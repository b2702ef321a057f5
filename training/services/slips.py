"""Invite slips as managers handle them: made for one or for many, withdrawn, and who has one that still works."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.db import Database
from training.domain.audit import Act
from training.domain.days import day_in, format_day
from training.domain.language import N_, _
from training.domain.refusal import Refusal
from training.domain.slip import grouped
from training.models import Account, Permission, Person
from training.services import audit, invites, slip_codes
from training.services.accounts import Viewer
from training.services.invites import InviteUnusable, Slip
from training.services.organisations import NotAllowed, NotFound
from training.services.reach import manageable_person
from training.services.slip_codes import Code

MANAGES_MORE = N_("This person manages more than you do. Ask a manager of the whole organisation.")
# So many in one transaction: others write between them.
AT_ONCE = 25
# A file of slips is the one place where their secrets stand, so it is kept for no longer than it takes to print.
KEPT_FOR = timedelta(days=1)


class NoSlipOut(Refusal):
    """A slip that cannot be withdrawn because none works."""


@dataclass(slots=True)
class Batch:
    """Slips made one after another; those who may not have one any more are left out and counted."""

    made: list[Slip] = field(default_factory=list)
    left_out: int = 0


def issue(session: Session, *, viewer: Viewer, person_id: uuid.UUID, now: datetime, code: Code | None = None) -> Slip:
    """Make a new slip for a person as part of a commit; those made before stop working.

    Raises:
        NotFound: when the viewer may not see the person, or there is none.
        NotAllowed: when the person manages more than the viewer does, or has left the viewer's sites.
    """
    person = own_person(session, viewer=viewer, person_id=person_id, today=day_in(now, viewer.time_zone))
    audit.record(session, viewer=viewer, act=Act.LINK_MADE, subject_id=person_id, now=now)
    return invites.make_invite(session, person=person, now=now, code=code)


def own_person(session: Session, *, viewer: Viewer, person_id: uuid.UUID, today: date) -> Person:
    """Return a person whose way in is the viewer's to give.

    Raises:
        NotFound, NotAllowed: as for `issue`.
    """
    person = manageable_person(session, viewer=viewer, person_id=person_id, today=today)
    managed = session.scalars(select(Permission.site_id).where(Permission.person_id == person_id)).all()
    if not viewer.manages_all and not viewer.site_ids.issuperset(managed):
        raise NotAllowed(_(MANAGES_MORE))
    return person


def issue_many(
    database: Database,
    *,
    viewer: Viewer,
    person_ids: Sequence[uuid.UUID],
    now: Callable[[], datetime],
    told: Callable[[int], None] = lambda _done: None,
) -> Batch:
    """Make a new slip for each of some people, in their order; `told` is called with how many have been gone through.

    Broken off, those already made are out and nobody has them: make them again.
    """
    batch = Batch()
    for some in batched_ids(person_ids):
        codes = [slip_codes.new_code() for _ in some]
        with database.write(viewer.organisation_id) as session:
            for person_id, code in zip(some, codes, strict=True):
                add_to(batch, session, viewer=viewer, person_id=person_id, code=code, now=now())
        told(len(batch.made) + batch.left_out)
    return batch


def batched_ids(person_ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """Yield ids some at a time."""
    return (person_ids[start : start + AT_ONCE] for start in range(0, len(person_ids), AT_ONCE))


def add_to(batch: Batch, session: Session, *, viewer: Viewer, person_id: uuid.UUID, code: Code, now: datetime) -> None:
    """Make one slip more, unless the person has left or manages more by now."""
    try:
        batch.made.append(issue(session, viewer=viewer, person_id=person_id, now=now, code=code))
    except (NotFound, NotAllowed):
        batch.left_out += 1


def withdraw_slip(database: Database, *, viewer: Viewer, person_id: uuid.UUID, now: datetime) -> str:
    """End the slip of a person that nobody has used yet, and return the person's name.

    Raises:
        NoSlipOut: when none works.
        NotFound, NotAllowed: as for `issue`.
    """
    with database.write(viewer.organisation_id) as session:
        person = own_person(session, viewer=viewer, person_id=person_id, today=day_in(now, viewer.time_zone))
        if not invites.withdraw(session, person=person, now=now):
            raise NoSlipOut(_("No slip of this person works. It was used, withdrawn, or has run out."))
        audit.record(session, viewer=viewer, act=Act.LINK_WITHDRAWN, subject_id=person_id, now=now)
        return person.name


def read_slip(database: Database, *, viewer: Viewer, token: str, code: str, now: datetime) -> Slip:
    """Return the slip whose secrets the viewer was just shown, to be printed.

    Raises:
        InviteUnusable: when it does not work any more.
        NotFound, NotAllowed: as for `issue`.
    """
    with database.read(viewer.organisation_id) as session:
        invite, person, _organisation = invites.find_invite(session, token=token, now=now)
        own_person(session, viewer=viewer, person_id=person.id, today=day_in(now, viewer.time_zone))
        if invite.code_hash != slip_codes.code_hash(code):
            raise InviteUnusable(_("This link and this code are not of one slip. Make a new one."))
        account = session.get(Account, person.account_id) if person.account_id else None
        name = invites.name_of(person, account=account, invite=invite)
        return Slip(person.id, person.name, token, code, name, invite.expires_at)


def printed(slip: Slip, *, viewer: Viewer, base_url: str) -> dict[str, str]:
    """Return what stands on a slip of paper."""
    address = f"{base_url.rstrip('/')}/join"
    return {
        "name": slip.name,
        "organisation": viewer.organisation_name,
        "sign_in_name": slip.sign_in_name,
        "code": grouped(slip.code),
        "address": f"{address}/{slip.token}",
        "short_address": address.partition("://")[2],
        "until": format_day(day_in(slip.expires_at, viewer.time_zone)),
    }
