"""What a worker says of itself when it begins and when it has stopped; a database is named without its secrets."""

from datetime import timedelta
from itertools import groupby

from sqlalchemy import make_url

from training.config import Config
from training.jobs.schedule import WORKS

HAS_STOPPED = "Stopped: what is left stays due, and is done by the next that runs."
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def what_is_served(config: Config) -> str:
    """Say in one line which database is served, by what, what is looked for how often, and where days begin."""
    works = groupby(WORKS, key=lambda work: work.every)
    looked_for = ", ".join(f"{' and '.join(work.name for work in each)} {how_often(every)}" for every, each in works)
    days = f"Days begin as in each organisation's time zone; that of new ones is {config.time_zone}."
    mail = "" if config.mail_url else " Reminders wait: no mail server is set up."
    return f"Serving {database_words(config)}: {looked_for}. {days}{mail}"


def database_words(config: Config) -> str:
    """Name the database and what says when there is work in it; an address may hold a password, so parts are named."""
    address = make_url(config.database_url)
    if config.is_sqlite:
        return f"SQLite, {address.database}, by its own clock"
    where = f"{address.database} on {address.host}" if address.host else address.database
    return f"PostgreSQL, {where}, by the queue in it"


def how_often(every: timedelta) -> str:
    """Say an interval in words; it is an hour or goes into one in whole minutes."""
    if every == HOUR:
        return "every hour"
    return "every minute" if every == MINUTE else f"every {every // MINUTE} minutes"
