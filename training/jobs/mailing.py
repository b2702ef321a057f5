"""What reminders are written and sent with, from the settings."""

from datetime import date, datetime

from training.catalog.library import Catalog
from training.config import Config
from training.db import Database
from training.exports.calendar import DueDay, encode_calendar
from training.jobs.means import Means
from training.mail.opening import open_mailer
from training.mail.push import PushMailer
from training.mail.rendering import render
from training.mail.vapid import contact_of
from training.services.letters import Post


def open_means(config: Config, *, catalog: Catalog, database: Database) -> Means:
    """Return what work is done with, by the settings."""
    return Means(database, open_post(config, catalog=catalog), catalog=catalog, base_url=config.base_url)


def open_post(config: Config, *, catalog: Catalog) -> Post | None:
    """Return the way to send, or None while TRAINING_MAIL_URL is not set: then nothing is claimed and nothing lost."""
    if not config.mail_url:
        return None
    return Post(
        mailer=open_mailer(config.mail_url, sender=config.mail_from),
        render=render,
        calendar=calendar_file,
        catalog=catalog,
        base_url=config.base_url,
        secret_key=config.secret_key,
        push=open_push(config),
    )


def open_push(config: Config) -> PushMailer | None:
    """Return the way to send to phones, or None while TRAINING_VAPID_PRIVATE_KEY is not set."""
    if not config.vapid_private_key:
        return None
    contact = contact_of(base_url=config.base_url, mail_from=config.mail_from)
    return PushMailer(config.vapid_private_key, contact=contact, may_be_here=not config.is_production)


def calendar_file(
    *, uid: str, title: str, description: str, day: date, made_at: datetime, sequence: int, url: str
) -> bytes:
    """Return a due day as a file for calendars."""
    return encode_calendar(
        DueDay(uid=uid, title=title, description=description, day=day, made_at=made_at, sequence=sequence, url=url)
    )
