"""What tests of services can ask for beside a database: an organisation, a learner in it, a neighbour."""

import pytest

from tests.conftest import NOW
from tests.factories import Home, make_organisation, make_person
from training.services.accounts import Viewer


@pytest.fixture
def home(database, catalog) -> Home:
    """An organisation with a manager."""
    return make_organisation(database, catalog=catalog, now=NOW)


@pytest.fixture
def neighbour(database, catalog) -> Home:
    """Another organisation in the same database."""
    return make_organisation(database, catalog=catalog, now=NOW, slug="neighbour")


@pytest.fixture
def learner(database, home) -> Viewer:
    """A social care worker of the organisation, from today."""
    return make_person(database, home, now=NOW)
