"""Messages to whoever had a report made regularly that has ended by itself: once, and why."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from training.db import Database
from training.domain.language import Language, _
from training.domain.looks import read_looks
from training.domain.mail import EndedMail, Message
from training.domain.report import FORMS
from training.domain.report_schedule import Recurrence, Rhythm
from training.models import Account, Person, ReportSchedule
from training.services.letters import Post, letter
from training.services.messages import Claim, Kind, Parcel
from training.services.reminder_reading import Addressee, Employer
from training.services.report_kinds import KINDS
from training.services.tellable import NEWS_FOR, can_be_told, read_told

LETTERS_OF_AN_ID = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A report that is made no more, why, and whom to tell of it."""

    id: uuid.UUID
    report: str
    form: str
    recurrence: Recurrence
    why: str
    person_id: uuid.UUID
    name: str
    address: str
    language: Language

    @property
    def key(self) -> str:
        """What makes the message on it the only one."""
        return f"{Kind.ENDED}{self.id}"

    @property
    def kind(self) -> str:
        """The kind of that message: one for each, as several may end on a day."""
        return f"{Kind.ENDED}{self.id.hex[:LETTERS_OF_AN_ID]}"


def parcels(database: Database, *, employer: Employer, post: Post, now: datetime) -> list[Parcel]:
    """Return the messages on what has ended by itself of an organisation that nobody has been told of."""
    ended = read_ended(database, employer=employer, now=now, since=now - NEWS_FOR)
    with database.read(employer.organisation_id) as session:
        told = read_told(session, [one.key for one in ended])
    return [parcel(one, employer=employer, post=post, day=employer.day(now)) for one in ended if one.key not in told]


def parcel_again(
    database: Database,
    *,
    key: str,
    message_id: uuid.UUID,
    since: datetime,
    employer: Employer,
    post: Post,
    now: datetime,
) -> Parcel | None:
    """Return a message that is to be tried again, or None where its owner cannot be told any more."""
    ended = read_ended(database, employer=employer, now=now, since=since, again=True)
    day = employer.day(now)
    found = (
        parcel(one, employer=employer, post=post, day=day, message_id=message_id) for one in ended if one.key == key
    )
    return next(found, None)


def parcel(one: Ended, *, employer: Employer, post: Post, day: date, message_id: uuid.UUID | None = None) -> Parcel:
    """Return the message on what has ended."""

    def write(key: str, _now: datetime) -> Message:
        return write_letter(one, employer=employer, post=post, day=day, key=key)

    known = {"person_id": one.person_id, "address": one.address, "id": message_id}
    return Parcel(Claim(kind=one.kind, day=day, key=one.key, **known), write, language=one.language)


def write_letter(one: Ended, *, employer: Employer, post: Post, day: date, key: str) -> Message:
    """Return the words of the message; as with a file, it names nobody who was searched for."""
    mail = EndedMail(
        name=one.name,
        organisation_name=employer.name,
        written_on=day,
        title=KINDS[one.report].title if one.report in KINDS else one.report,
        form=FORMS[one.form],
        when=one.recurrence.words,
        why=_(one.why),
        home_url=post.address("/home"),
    )
    who = Addressee(
        person_id=one.person_id, name=one.name, way=one.address, bounced=False, muted=frozenset(), has_left=False
    )
    return letter(post, mail, who=who, employer=employer, key=key, unsubscribe_url="")


def read_ended(
    database: Database, *, employer: Employer, now: datetime, since: datetime, again: bool = False
) -> list[Ended]:
    """Return what has ended by itself lately, of owners who can be written to."""
    query = (
        select(ReportSchedule, Person.name, Person.email, Account.looks)
        .join(
            Person, (Person.organisation_id == ReportSchedule.organisation_id) & (Person.id == ReportSchedule.owner_id)
        )
        .outerjoin(Account, Account.id == Person.account_id)
        .where(ReportSchedule.ended_why != "", ReportSchedule.ended_at > since)
        .where(*can_be_told(employer.day(now), again=again))
        .order_by(ReportSchedule.ended_at, ReportSchedule.id)
    )
    with database.read(employer.organisation_id) as session:
        return [ended_of(*row) for row in session.execute(query)]


def ended_of(row: ReportSchedule, name: str, address: str, looks: str | None) -> Ended:
    """Return what has ended as a message tells it."""
    return Ended(
        id=row.id,
        report=row.report,
        form=row.form,
        recurrence=Recurrence(Rhythm(row.rhythm), row.on_day),
        why=row.ended_why,
        person_id=row.owner_id,
        name=name,
        address=address,
        language=read_looks(looks or "").language,
    )
