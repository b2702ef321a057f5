"""Where a person's reminders go, and which of them they want, as they see it in their settings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from training.db import Database
from training.domain.reminder import Topic
from training.models import MessageRow, Person, Unsubscribe
from training.services import push_devices, unsubscribes
from training.services.accounts import Viewer
from training.services.messages import State
from training.services.push_devices import Device
from training.services.unsubscribes import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a person is reminded: phones first, else the e-mail address; `was_refused` where mail to that came back.

    `push_key` is what a browser is asked with, empty where nothing goes to phones here or on a shared tablet.
    """

    email: str | None
    was_refused: bool
    devices: tuple[Device, ...]
    wants_news: bool
    push_key: str


def list_ways(database: Database, *, viewer: Viewer, push_key: str) -> Ways:
    """Return how the viewer is reminded."""
    devices = push_devices.list_devices(database, viewer=viewer, push_key=push_key) if push_key else []
    with database.read(viewer.organisation_id) as session:
        email = session.get_one(Person, (viewer.organisation_id, viewer.person_id)).email
        refused = select(MessageRow.id).where(
            MessageRow.person_id == viewer.person_id, MessageRow.address == email, MessageRow.status == State.REFUSED
        )
        muted = session.get(Unsubscribe, (viewer.organisation_id, viewer.person_id, Topic.WINDOW_NEWS))
        return Ways(
            email=email,
            was_refused=email is not None and session.scalars(refused).first() is not None,
            devices=tuple(devices),
            wants_news=muted is None,
            push_key="" if viewer.tablet_id else push_key,
        )


def change_news(database: Database, *, viewer: Viewer, on: bool, now: datetime) -> None:
    """Turn the news of what the viewer can renew early on or off, whichever way it takes."""
    mine = Subscription(
        viewer.organisation_id, viewer.organisation_name, viewer.person_id, Topic.WINDOW_NEWS, is_on=not on
    )
    unsubscribes.change_subscription(database, subscription=mine, on=on, now=now)
