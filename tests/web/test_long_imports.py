"""An import that is too large to wait for: it is ordered, followed, and done once."""

import pytest

from tests.services.stored import how_many, rows
from tests.web.test_imports import CARE, by_name, csv_of, names, send
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.models import Employment, Person
from training.services import import_orders

APPLY = "form[action$='/apply']"


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    """Let three people be more than a page waits for."""
    monkeypatch.setattr(import_orders, "AT_ONCE", 2)


@pytest.fixture
def work(rooms, catalog, time):
    def still_ours():
        # To ask writes: in the midst of a transaction that locks, that would wait for itself for ever.
        assert not (rooms.has_one_writer and rooms._turn.locked())
        return True

    return lambda: do_orders(Means(rooms, catalog=catalog), time, still_ours, kinds=KINDS)


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


def test_a_large_import_is_undone_while_nobody_waits(manager, rooms, work):
    plan = send(manager, people(1, 2, 3), name="staff.csv")
    manager.submit(plan, APPLY)
    work()
    page = manager.get(plan.address)
    asked = manager.get(page.link("Undo this import"))
    followed = manager.submit(asked, "main form")
    manager.submit(asked, "main form")
    assert followed.heading == "Undoing the import of staff.csv"
    assert open_jobs(rooms, "Person 1")
    assert work() == 2
    assert "The import of staff.csv is undone." in manager.get(followed.address).main
    assert not open_jobs(rooms, "Person 1")
    again = manager.get(page.address)
    assert again.heading == "An import that was undone"


def open_jobs(rooms, name):
    """Return the jobs that stand on record of somebody."""
    (person,) = (row for row in rows(rooms, Person) if row.name == name)
    return [job for job in rows(rooms, Employment, person_id=person.id) if job.withdrawn_at is None]


def test_an_undoing_that_was_ordered_says_what_rests_on_the_import(manager, rooms, work, time):
    plan = send(manager, people(1, 2, 3), name="staff.csv")
    manager.submit(plan, APPLY)
    work()
    followed = manager.submit(manager.get(manager.get(plan.address).link("Undo this import")), "main form")
    time.move(minutes=1)
    manager.submit(send(manager, people(4), name="later.csv"), APPLY)
    assert work() == 1
    assert "came to nothing. Only the last import can be undone" in manager.get(followed.address).main
    assert open_jobs(rooms, "Person 1")


def test_many_passes_with_other_expiries_are_a_large_import_too(manager, rooms, worker, work):
    number = by_name(rooms, worker.name).staff_number
    days = (f"{number},every-kind,{day}/1/2026,30/6/2026" for day in (5, 6, 7))
    data = "\n".join(["Employee number,Course,Date completed,Expiry date", *days]).encode()
    plan = send(manager, data, what="completions", name="esr.csv", evidence="NHS ESR export")
    assert "Other expiry 3 rows" in plan.main
    followed = manager.submit(plan, APPLY)
    assert work() == 1
    assert "3 rows of esr.csv are imported." in manager.get(followed.address).main


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
