"""The web server: gunicorn with threads, set up for the database in use."""

import logging
from functools import partial

from flask import Flask
from gunicorn.app.base import BaseApplication

from training.app import create_app
from training.catalog.faults import ContentFaulty
from training.catalog.library import Catalog, load_catalog
from training.catalog.pausing import keep_for_good
from training.config import Config
from training.db import Database
from training.jobs import embedded
from training.jobs.mailing import open_means

LOG = logging.getLogger(__name__)


class Gunicorn(BaseApplication):
    """Gunicorn, told its settings by us and not by a command line."""

    def __init__(self, config: Config, *, host: str, port: int) -> None:
        self.config = config
        self.host = host
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs: on SQLite one process, since only one may write at a time."""
        is_sqlite = self.config.is_sqlite
        settings = {
            "bind": f"{self.host}:{self.port}",
            "worker_class": "gthread",
            "workers": 1 if is_sqlite else 2,
            "threads": 8 if is_sqlite else 4,
            "graceful_timeout": 20,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)


class Server(Gunicorn):
    """The service itself, with content that was read before anything listens."""

    def __init__(self, config: Config, *, catalog: Catalog, host: str, port: int) -> None:
        self.catalog = catalog
        super().__init__(config, host=host, port=port)

    def load(self) -> Flask:
        """Make the application, in each worker; on SQLite the one worker also looks for work that is due."""
        app = create_app(self.config, catalog=self.catalog)
        if self.config.is_sqlite:
            means = open_means(self.config, catalog=self.catalog, database=Database(self.config.database_url))
            app.extensions["order"] = partial(embedded.hurry, embedded.start(means))
        keep_for_good()
        return app

    def reload(self) -> None:
        """Read the content again, for the workers that a HUP starts; what is faulty is reported and left alone."""
        super().reload()
        try:
            self.catalog = load_catalog(self.config.content_dir)
        except ContentFaulty as faulty:
            LOG.error("new content is faulty, the last good content stays in use:\n%s", faulty)


def run(config: Config, *, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        ContentFaulty: before anything listens, when a content file has a fault.
    """
    # Read once, here: the workers are copies of this process and have it from the start.
    Server(config, catalog=load_catalog(config.content_dir), host=host, port=port).run()
