"""Turning a kind of message off, and on again, with a signed link that needs no sign-in."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete

from training.db import Database
from training.domain.language import _
from training.domain.reminder import Topic, turn_off
from training.models import Organisation, Person, Unsubscribe
from training.services.organisations import NotFound

SALT = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A kind of message to one person, and whether it is on."""

    organisation_id: int
    organisation_name: str
    person_id: uuid.UUID
    topic: Topic
    is_on: bool


def make_token(secret_key: str, *, organisation_id: int, person_id: uuid.UUID, topic: Topic) -> str:
    """Return what stands in the link of a message; it opens nothing but this one setting, and does not run out."""
    return URLSafeSerializer(secret_key, salt=SALT).dumps([organisation_id, person_id.hex, topic])


def read_subscription(database: Database, *, secret_key: str, token: str) -> Subscription:
    """Return what a link is about.

    Raises:
        NotFound: when it was not made here, or the person is gone.
    """
    try:
        organisation_id, person, topic = URLSafeSerializer(secret_key, salt=SALT).loads(token)
    except BadData as error:
        raise NotFound(_("There is no such link.")) from error
    person_id = uuid.UUID(person)
    with database.read(organisation_id) as session:
        organisation = session.get(Organisation, organisation_id)
        if organisation is None or session.get(Person, (organisation_id, person_id)) is None:
            raise NotFound(_("There is no such link."))
        is_on = session.get(Unsubscribe, (organisation_id, person_id, topic)) is None
        return Subscription(organisation_id, organisation.name, person_id, Topic(topic), is_on)


def change_subscription(database: Database, *, subscription: Subscription, on: bool, now: datetime) -> None:
    """Turn a kind of message off, or on again; doing it twice changes nothing.

    Raises:
        ReminderMandated: when it is about what is required and due, which stays on.
    """
    if not on:
        turn_off(subscription.topic, muted=frozenset())
    key = (subscription.organisation_id, subscription.person_id, subscription.topic)
    with database.write(subscription.organisation_id) as session:
        if on:
            mine = (Unsubscribe.person_id == subscription.person_id, Unsubscribe.topic == subscription.topic)
            session.execute(delete(Unsubscribe).where(*mine))
        elif session.get(Unsubscribe, key) is None:
            names = ("organisation_id", "person_id", "topic")
            session.add(Unsubscribe(**dict(zip(names, key, strict=True)), recorded_at=now))
