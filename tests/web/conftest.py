"""The application over a fresh database, a clock that can be moved, and browsers."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, before_render_template, template_rendered
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from tests.conftest import NOW
from tests.factories import Home, let_in, make_person
from tests.web.client import Client
from tests.web.content import write_content
from tests.web.house import house  # noqa: F401 (a fixture)
from training import clock
from training.app import create_app
from training.catalog.library import Catalog, load_catalog
from training.catalog.shelf import Shelf
from training.config import Config
from training.db import Base, Database
from training.domain.module import Module
from training.jobs.orders import open_orders
from training.services import passwords
from training.services.accounts import Viewer
from training.web import current

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Clock:
    """The time as the service sees it, which only a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **how_far: float) -> None:
        self.now += timedelta(**how_far)


@pytest.fixture(scope="session")
def content(tmp_path_factory) -> Path:
    """A small library, so that no test depends on the words of the real one."""
    return write_content(tmp_path_factory.mktemp("content"))


@pytest.fixture(scope="session")
def catalog(content) -> Catalog:
    """The small library, read."""
    return load_catalog(content)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch) -> None:
    """Let hashing a password cost next to nothing: nobody attacks these, and every test signs somebody in."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def time(monkeypatch) -> Clock:
    """The clock, standing at a Monday morning."""
    moved = Clock(NOW)
    monkeypatch.setattr(clock, "now", moved)
    return moved


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> FileSystemBytecodeCache:
    """Where compiled templates are kept, so that each test's application need not compile them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_app(database_url, content, compiled, time) -> Iterator[Callable[..., Flask]]:  # noqa: ARG001 (the clock stands still from the start)
    """Make the application with settings of a test's own; pages that ask the database while they are drawn fail."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = made_to_test(Config(**{"database_url": database_url, "content_dir": content, **settings}), compiled)
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["training"].database.close()


def made_to_test(config: Config, compiled: FileSystemBytecodeCache) -> Flask:
    """Make the application so that a fault in a view reaches the test."""
    app = create_app(config)
    app.testing = True
    app.jinja_env.bytecode_cache = compiled
    return app


@pytest.fixture(scope="session")
def built(compiled, sqlite_template, tmp_path_factory) -> Callable[[Path], Flask]:
    """Build the application once for each content: its routes alone take longer than most tests."""
    made: dict[Path, Flask] = {}

    def build(content: Path) -> Flask:
        if content not in made:
            path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("built") / "built.sqlite")
            made[content] = made_to_test(Config(database_url=f"sqlite:///{path}", content_dir=content), compiled)
            made[content].extensions["training"].database.close()
        return made[content]

    return build


@pytest.fixture
def app(built, content, catalog, database, database_url, time) -> Iterator[Flask]:  # noqa: ARG001 (the clock stands still, the content is kept)
    """The application in development, over the test's database."""
    app = built(content)
    settings = dict(app.config)
    opened = Database(database_url)
    config = Config(database_url=database_url, content_dir=content)
    shelf = Shelf(content, watch=True, catalog=catalog)
    current.init(app, config=config, database=opened, shelf=shelf)
    app.extensions["order"] = open_orders(database_url)
    with no_query_while_drawing(app):
        yield app
    opened.close()
    app.config.clear()
    app.config.update(settings)


@contextmanager
def no_query_while_drawing(app: Flask) -> Iterator[None]:
    """Fail where drawing a page asks the database, or where a template is handed a row."""
    drawing: list[str] = []

    def begin(_sender: Flask, template: Any, context: dict, **_more: Any) -> None:
        refuse_rows(context, where=template.name)
        drawing.append(template.name)

    def end(_sender: Flask, **_more: Any) -> None:
        drawing.pop()

    def asked(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        assert not drawing, f"drawing {drawing[-1]} asked the database: {statement}"

    engine = app.extensions["training"].database.engine
    event.listen(engine, "before_cursor_execute", asked)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield
    event.remove(engine, "before_cursor_execute", asked)


def refuse_rows(value: Any, *, where: str) -> None:
    """Fail where a row of the database stands anywhere in what a template is given."""
    assert not isinstance(value, Base), f"{where} is handed a row of {type(value).__name__}: hand over a result row"
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        inner = list(value)
    else:
        inner = [getattr(value, field.name) for field in fields(value)] if is_dataclass(value) else []
    for each in inner:
        refuse_rows(each, where=where)


@pytest.fixture
def client(app) -> Client:
    """A browser that is signed out."""
    return Client(app)


@pytest.fixture
def make_client(app) -> Callable[..., Client]:
    """Open another browser, and sign somebody in."""

    def make(name: str = "") -> Client:
        opened = Client(app)
        if name:
            opened.sign_in(name)
        return opened

    return make


@pytest.fixture
def home(home, time) -> Home:  # noqa: ARG001 (it was founded at that time)
    """The organisation, on the day on which it was founded."""
    return home


@pytest.fixture
def worker(database, home) -> Viewer:
    """A social care worker, worker@home.example."""
    person = make_person(database, home, now=NOW, name="Marta Kowalska", email="worker@home.example")
    let_in(database, home, person, now=NOW)
    return person


@pytest.fixture
def learner(make_client, worker) -> Client:  # noqa: ARG001 (there must be somebody to sign in)
    """The worker's browser, signed in."""
    return make_client("worker@home.example")


@pytest.fixture
def manager(make_client, home) -> Client:  # noqa: ARG001 (there must be somebody to sign in)
    """The manager's browser, signed in."""
    return make_client("manager@home.example")


@pytest.fixture
def module(catalog) -> Module:
    """The module that asks every kind of question."""
    return catalog.item("every-kind")


@pytest.fixture
def rooms(app) -> Database:
    """The database as the application has it open."""
    return app.extensions["training"].database
