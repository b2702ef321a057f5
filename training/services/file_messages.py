"""Messages to whoever waits for a file: it was made regularly, or took a while, and is ready or came to nothing."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.days import day_in
from training.domain.language import Language
from training.domain.looks import read_looks
from training.domain.mail import FileMail, Message
from training.models import Account, MessageRow, Permission, Person, Task
from training.services import ended_messages, on_behalf, packs, report_filters, report_orders
from training.services.letters import Post, letter
from training.services.messages import Claim, Kind, Parcel
from training.services.organisations import NotAllowed
from training.services.reminder_reading import Addressee, Employer
from training.services.report_orders import Wanted
from training.services.tellable import NEWS_FOR, can_be_told, read_told

TOLD_OF = (report_orders.KIND, packs.KIND)
# Whoever waits for less has not gone away.
A_WHILE = timedelta(minutes=1)
LETTERS_OF_AN_ID = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file that is ready, or came to nothing where it is not kept, and whom to tell of it."""

    id: uuid.UUID
    title: str
    words: str
    kept_until: datetime | None
    recurs: bool
    person_id: uuid.UUID
    name: str
    address: str
    wanted: Wanted | None
    language: Language = Language.ENGLISH

    @property
    def key(self) -> str:
        """What makes the message on it the only one."""
        return f"{Kind.FILE}{self.id}"

    @property
    def kind(self) -> str:
        """The kind of that message: one for each file, as several may be ready on a day."""
        return f"{Kind.FILE}{self.id.hex[:LETTERS_OF_AN_ID]}"


def parcels(database: Database, *, employer: Employer, post: Post, now: datetime) -> list[Parcel]:
    """Return the messages on files of an organisation, and on reports that have ended, that nobody has been told of."""
    with database.read(employer.organisation_id) as session:
        ready = read_ready(session, day=employer.day(now), now=now)
        told = read_told(session, [one.key for one in ready])
    new = [parcel(database, one, employer=employer, post=post, now=now) for one in ready if one.key not in told]
    return new + ended_messages.parcels(database, employer=employer, post=post, now=now)


def parcel_again(
    database: Database, row: MessageRow, *, employer: Employer, post: Post, now: datetime
) -> Parcel | None:
    """Return a message that is to be tried again, or None where its file is no news any more."""
    since = row.recorded_at - NEWS_FOR
    if row.kind.startswith(Kind.ENDED):
        known = {"since": since, "employer": employer, "post": post, "now": now}
        return ended_messages.parcel_again(database, key=row.key, message_id=row.id, **known)
    with database.read(employer.organisation_id) as session:
        ready = read_ready(session, day=employer.day(now), now=now, since=since, again=True)
    found = next((one for one in ready if one.key == row.key), None)
    return parcel(database, found, employer=employer, post=post, now=now, id=row.id) if found else None


def parcel(
    database: Database,
    one: Ready,
    *,
    employer: Employer,
    post: Post,
    now: datetime,
    id: uuid.UUID | None = None,  # noqa: A002 (the claim's own word)
) -> Parcel:
    """Return the message on a file."""

    def write(key: str, _now: datetime) -> Message:
        shows = shows_words(database, one, employer=employer, catalog=post.catalog)
        return write_letter(one, shows=shows, employer=employer, post=post, day=employer.day(now), key=key)

    day = employer.day(now)
    return Parcel(
        Claim(person_id=one.person_id, kind=one.kind, day=day, key=one.key, address=one.address, id=id),
        write,
        language=one.language,
    )


def shows_words(database: Database, one: Ready, *, employer: Employer, catalog: Catalog) -> str:
    """Return what a report shows, as its owner may read it now; what was searched for is no matter for a mail."""
    if one.wanted is None:
        return ""
    try:
        viewer = on_behalf.viewer_for(database, organisation_id=employer.organisation_id, person_id=one.person_id)
    except NotAllowed:
        return ""
    unnamed = {name: "" if name == "search" else word for name, word in one.wanted.asked.items()}
    ordered = [replace(one.wanted, asked=unnamed)]
    return report_filters.read_shows(database, viewer=viewer, catalog=catalog, ordered=ordered)[0]


def write_letter(one: Ready, *, shows: str, employer: Employer, post: Post, day: date, key: str) -> Message:
    """Return the words of the message on a file; the file itself stays where only a sign-in opens it."""
    mail = FileMail(
        name=one.name,
        organisation_name=employer.name,
        written_on=day,
        title=one.title,
        came_to=one.words,
        kept_until=day_in(one.kept_until, employer.time_zone) if one.kept_until else None,
        file_url=post.address(f"/reports/files/{one.id}"),
        schedules_url=post.address("/reports/schedules") if one.recurs else "",
        shows=shows,
    )
    known = {"person_id": one.person_id, "name": one.name, "way": one.address}
    who = Addressee(**known, bounced=False, muted=frozenset(), has_left=False)
    return letter(post, mail, who=who, employer=employer, key=key, unsubscribe_url="")


def read_ready(
    session: Session, *, day: date, now: datetime, since: datetime | None = None, again: bool = False
) -> list[Ready]:
    """Return what has ended lately that somebody waits for, who can be written to and still sees to others.

    What is tried again may be because a manager says that an address that was refused is good.
    """
    query = (
        select(Task, Person.name, Person.email, Account.looks)
        .join(Person, (Person.organisation_id == Task.organisation_id) & (Person.id == Task.asked_by))
        .outerjoin(Account, Account.id == Person.account_id)
        .where(Task.kind.in_(TOLD_OF), Task.finished_at > (since or now - NEWS_FOR))
        .where(*can_be_told(day, again=again), select(Permission.id).where(Permission.person_id == Person.id).exists())
        .order_by(Task.finished_at, Task.id)
    )
    found = session.execute(query)
    return [
        ready_of(task, name=name, address=email, looks=looks, now=now)
        for task, name, email, looks in found
        if is_waited_for(task, now=now)
    ]


def is_waited_for(task: Task, *, now: datetime) -> bool:
    """Say whether somebody waits for what an order made: it is made regularly, or took a while and was not seen.

    A file that has expired is no news.
    """
    if not (task.failed or is_kept(task, now=now)):
        return False
    if task.wanted.get("schedule"):
        return True
    return task.seen_at is None and task.finished_at is not None and task.finished_at - task.asked_at > A_WHILE


def is_kept(task: Task, *, now: datetime) -> bool:
    """Say whether an order made a file that can still be opened."""
    return bool(task.file_name) and task.expires_at is not None and now < task.expires_at


def ready_of(task: Task, *, name: str, address: str, looks: str | None, now: datetime) -> Ready:
    """Return an order that has ended as a message tells it."""
    return Ready(
        id=task.id,
        title=task.title,
        words=task.words,
        kept_until=task.expires_at if is_kept(task, now=now) else None,
        recurs=bool(task.wanted.get("schedule")),
        wanted=Wanted.read(task.wanted) if task.kind == report_orders.KIND else None,
        person_id=task.asked_by,
        name=name,
        address=address,
        language=read_looks(looks or "").language,
    )
