"""An import that is too large to wait for: it is ordered, followed, and done once."""

import pytest

from tests.services.stored import how_many
from tests.web.test_imports import CARE, csv_of, names, send
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.models import Person
from training.services import import_orders

APPLY = "form[action$='/apply']"


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """Let three people be more than a page waits for."""
    monkeypatch.setattr(import_orders, "AT_ONCE", 2)


@pytest.fixture
def work(rooms, catalog, time):
    return lambda: do_orders(Means(rooms, catalog=catalog), time, lambda: True, kinds=KINDS)


def people(*numbers):
    return csv_of(*((f"0{number}", f"Person {number}", CARE, "First site", "5/1/2026") for number in numbers))


def test_a_large_import_is_followed_until_it_is_done(manager, rooms, work):
    plan = send(manager, people(1, 2, 3), name="staff.csv")
    followed = manager.submit(plan, APPLY)
    assert followed.heading == "Import of staff.csv"
    assert "waits for its turn" in followed.main
    assert "Person 1" not in names(rooms)
    assert work() == 1
    done = manager.get(followed.address)
    assert "3 rows of staff.csv are imported." in done.main
    assert {"Person 1", "Person 2", "Person 3"} <= names(rooms)


def test_a_large_import_that_is_ordered_twice_is_done_once(manager, rooms, work):
    plan = send(manager, people(1, 2, 3), name="staff.csv")
    manager.submit(plan, APPLY)
    manager.submit(plan, APPLY)
    before = how_many(rooms, Person)
    assert work() == 2
    assert how_many(rooms, Person) == before + 3


def test_a_large_import_whose_plan_holds_no_more_says_so_and_writes_nothing(manager, rooms, work):
    plan = send(manager, people(1, 2, 3), name="staff.csv")
    followed = manager.submit(plan, APPLY)
    single = send(manager, people(2), name="one.csv")
    manager.submit(single, APPLY)
    before = how_many(rooms, Person)
    work()
    said = manager.get(followed.address).main
    assert "came to nothing" in said
    assert "Open the import again" in said
    assert how_many(rooms, Person) == before
