"""Orders to do a kind of work at once: on PostgreSQL through the queue, on SQLite by the clock's next turn."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import URL, make_url

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import JobDeferrer

LOG = logging.getLogger(__name__)
Order = Callable[[str], None]
AT_ONCE = timedelta(0)
# Whoever orders has just written to the same database, so it is not waited for long.
PATIENCE = 5.0


def open_orders(database_url: str) -> Order:
    """Return the way in which this process orders a kind of work by its name."""
    address = make_url(database_url)
    return leave if address.get_backend_name() == "sqlite" else partial(send, libpq(address))


def leave(_name: str) -> None:
    """Do nothing: the clock is in this process and looks for work every minute."""


def send(conninfo: str, name: str) -> None:
    """Put an order in the queue; where that fails nothing is lost, as the rows say what is due at the next turn."""
    # Few requests order anything, and it takes a third of a second to load.
    from procrastinate import App, SyncPsycopgConnector
    from procrastinate.exceptions import ConnectorException

    connector = SyncPsycopgConnector(conninfo=conninfo, min_size=0, max_size=1, timeout=PATIENCE)
    try:
        with App(connector=connector).open() as app:
            put(app, name)
    except ConnectorException:
        LOG.warning("%s could not be ordered and is left to its next turn", name, exc_info=True)


def put(app: "App", name: str, *, wait: timedelta = AT_ONCE, tries: int = 0) -> None:
    """Put an order in the queue, unless one waits there already."""
    from procrastinate.exceptions import AlreadyEnqueued

    with suppress(AlreadyEnqueued):
        slip(app, name, wait=wait, tries=tries).defer()


def slip(app: "App", name: str, *, wait: timedelta = AT_ONCE, tries: int = 0) -> "JobDeferrer":
    """Write an order; of each kind one may wait to be done at once, and one that was tried and waits longer."""
    return app.configure_task(
        name,
        queueing_lock=f"{name}, tried" if wait else name,
        schedule_in={"seconds": wait.total_seconds()} if wait else None,
        task_kwargs={"tries": tries},
    )


def libpq(address: URL) -> str:
    """Return a database's address as PostgreSQL's own library reads it."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)
