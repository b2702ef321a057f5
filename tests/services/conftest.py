"""What tests of services can ask for beside a database: an organisation, a learner in it, a neighbour."""

import pytest
from argon2 import PasswordHasher

from tests.conftest import NOW
from tests.factories import Home, make_organisation, make_person
from tests.web.content import write_content
from training.catalog.library import Catalog, load_catalog
from training.services import passwords
from training.services.accounts import Viewer


@pytest.fixture(scope="session")
def catalog(tmp_path_factory) -> Catalog:
    """A small library, so that no test depends on the words of the real one."""
    return load_catalog(write_content(tmp_path_factory.mktemp("content")))


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch) -> None:
    """Let hashing a password cost next to nothing, where hashing is not what the test is about."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def neighbour(database, catalog) -> Home:
    """Another organisation in the same database."""
    return make_organisation(database, catalog=catalog, now=NOW, slug="neighbour")


@pytest.fixture
def learner(database, home) -> Viewer:
    """A social care worker of the organisation, from today."""
    return make_person(database, home, now=NOW)
