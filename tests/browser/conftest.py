"""What every browser test can ask for: Chromium, a server with the demonstration, visitors and learners."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.line import Line, line_to
from tests.browser.people import Learner, add_learner
from tests.serving import Served, serve
from training import clock
from training.config import Config
from training.db import Database
from training.demonstration import load
from training.services import organisations

CHROMIUM = shutil.which("chromium")
MISSING = "Chromium is not installed here: install the package `chromium`."
# Without motion, so that no colour is looked at on its way to another.
PERSON = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "locale": "en-GB",
    "reduced_motion": "reduce",
}
# Long, as a machine may be busy: nothing that goes well waits for it.
PATIENCE = 90_000
DESELECTED = pytest.StashKey[int]()

Visit = Callable[..., Page]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser, except in CI, where they must fail."""
    if CHROMIUM or os.environ.get("CI"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    config.stash[DESELECTED] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in one line what was left out, and what pages weighed."""
    if config.stash.get(DESELECTED, 0):
        terminalreporter.write_line(f"NOT RUN: {config.stash[DESELECTED]} browser tests. {MISSING}")
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "weight":
                terminalreporter.write_line(f"First visit to {value}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a real Chromium."""
    if not CHROMIUM:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
            timeout=PATIENCE,
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demonstration_file(sqlite_template, tmp_path_factory, catalog) -> Path:
    """A SQLite file with the demonstration organisation, to copy from."""
    path = tmp_path_factory.mktemp("demonstration") / "template.sqlite"
    shutil.copy(sqlite_template, path)
    database, now = Database(f"sqlite:///{path}"), clock.now()
    organisations.ensure_public(database, time_zone="Europe/London", now=now)
    load(database, catalog=catalog, config=Config(), now=now)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def served(demonstration_file, tmp_path_factory) -> Iterator[Served]:
    """A server with the demonstration as it is when nobody has touched it."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copy(demonstration_file, folder / "training.sqlite")
    with serve(f"sqlite:///{folder / 'training.sqlite'}", output_file=folder / "output.txt") as served:
        yield served


@pytest.fixture(scope="session")
def database(served) -> Iterator[Database]:
    """The database behind the server, to look into."""
    database = Database(served.database_url)
    yield database
    database.close()


@pytest.fixture
def add(database) -> Callable[..., Learner]:
    """Add somebody to the demonstration who can sign in and has done nothing yet."""
    return lambda **more: add_learner(database, now=clock.now(), **more)


@pytest.fixture
def line(served) -> Iterator[Line]:
    """A line to the server that can be cut."""
    with line_to(served.address) as line:
        yield line


@pytest.fixture
def visit(browser, served) -> Iterator[Visit]:
    """Open a page in a fresh context, as somebody with a phone of their own would."""
    contexts: list[BrowserContext] = []

    def open_page(**options) -> Page:
        context = browser.new_context(**(PERSON | {"base_url": served.address} | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
