"""Certificates: what one says, and what a code stands for to anybody, or to a manager."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from training.db import EVERYWHERE, Database
from training.domain.days import day_in, format_day
from training.domain.language import _
from training.domain.module import Module
from training.domain.names import initials
from training.domain.said import said, said_sentence
from training.domain.scenario import Scenario
from training.models import Completion, Organisation, Person
from training.services import reach
from training.services.accounts import Viewer
from training.services.organisations import NotFound
from training.services.records import Earned, earned_at, earned_by, own_attempt
from training.services.versions import read_version


class CertificateRevoked(Exception):
    """The certificate cannot be given because the pass was revoked."""


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """What a certificate says."""

    holder_name: str
    organisation_name: str
    earned: Earned
    minutes: int
    outcomes: tuple[str, ...]
    signoff_words: str

    @property
    def reason(self) -> str:
        """The day of the pass and the reason for the date as sentences, without saying the day twice."""
        reason = said_sentence(self.earned.reason)
        day = format_day(self.earned.passed_on)
        return reason if day in reason else _("Passed on %(day)s. %(reason)s", day=day, reason=reason)

    def printed(self, *, check_url: str) -> dict[str, Any]:
        """Return all that a certificate says, by the names under which it is printed."""
        return {
            "holder_name": self.holder_name,
            "item_title": self.earned.title,
            "version": self.earned.version,
            "role_label": self.earned.role.label,
            "organisation_name": self.organisation_name,
            "passed_on": self.earned.passed_on,
            "until_words": self.earned.until_words,
            "reason": self.reason,
            "code": self.earned.code,
            "check_url": check_url,
            "minutes": self.minutes,
            "outcomes": self.outcomes,
            "signoff_words": self.signoff_words,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may know of a certificate from its code: initials, never a name."""

    initials: str
    organisation_name: str
    earned: Earned
    superseded_on: date | None
    superseded_code: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Whose receipt a code is, for a manager."""

    person_id: uuid.UUID
    name: str
    earned: Earned


def certificate(database: Database, *, viewer: Viewer, attempt_id: uuid.UUID) -> CertificateRow:
    """Return what the certificate of one of the viewer's passes says.

    Raises:
        NotFound: when the attempt is not theirs or did not pass.
        CertificateRevoked: when the pass does not count any more, saying why.
    """
    with database.read(viewer.organisation_id) as session:
        attempt = own_attempt(session, viewer=viewer, attempt_id=attempt_id)
        day = day_in(attempt.completed_at, viewer.time_zone)
        found = earned_at(session, attempt=attempt, day=day)
        if found is None:
            raise NotFound(_("There is no certificate for an attempt that did not pass."))
        if found.is_revoked:
            reason = said(found.reason).removesuffix(".")
            raise CertificateRevoked(_("This pass was %(reason)s. It stays on your record.", reason=reason))
        item = read_version(session, attempt.content_hash)
    return CertificateRow(
        holder_name=viewer.name,
        organisation_name=viewer.organisation_name,
        earned=found,
        minutes=item.minutes,
        outcomes=item.outcomes,
        signoff_words=signoff_words(item),
    )


def signoff_words(item: Module | Scenario) -> str:
    """Say who signed the content off clinically, or that nobody has yet."""
    if item.clinical_signoff is None:
        return _("The content is awaiting clinical sign-off.")
    return _(
        "Clinical sign-off: %(who)s, %(day)s.", who=item.clinical_signoff.who, day=format_day(item.clinical_signoff.on)
    )


def check_code(database: Database, *, code: str, now: datetime) -> Checked:
    """Return what anybody may know of a code, in date or not, and whether the holder still works there or not.

    Raises:
        NotFound: when no completion has the code.
    """
    with database.read(EVERYWHERE) as session:
        found = session.execute(
            select(Completion, Person.name, Organisation)
            .join(Person, (Person.organisation_id == Completion.organisation_id) & (Person.id == Completion.person_id))
            .join(Organisation, Organisation.id == Completion.organisation_id)
            .where(Completion.code == code)
        ).one_or_none()
    if found is None:
        raise NotFound(_("No certificate has this code."))
    completion, name, organisation = found
    with database.read(organisation.id) as session:
        day = day_in(now, organisation.time_zone)
        passes = earned_by(session, person_id=completion.person_id, day=day)[completion.item]
    place = next(index for index, one in enumerate(passes) if one.code == code)
    later = next((one for one in passes[place + 1 :] if not one.is_revoked), None)
    return Checked(
        initials=initials(name),
        organisation_name=organisation.name,
        earned=passes[place],
        superseded_on=later.passed_on if later else None,
        superseded_code=later.code if later else "",
        is_past=passes[place].until is not None and passes[place].until < day,
    )


def look_up(database: Database, *, viewer: Viewer, code: str, today: date) -> LookedUp:
    """Return whose receipt a code is.

    Raises:
        NotFound: when nobody whom the viewer may see has it.
    """
    with database.read(viewer.organisation_id) as session:
        completion = session.scalar(select(Completion).where(Completion.code == code))
        if completion is None:
            raise NotFound(_("Nobody here has this code. Check it against the receipt."))
        person = reach.visible_person(session, viewer=viewer, person_id=completion.person_id)
        passes = earned_by(session, person_id=person.id, day=today)[completion.item]
    return LookedUp(person_id=person.id, name=person.name, earned=next(one for one in passes if one.code == code))
