"""How often a page asks the database, everything included, against its budget: whoever is signed in is one query."""

import pytest

from tests.conftest import NOW
from tests.factories import learn, make_person
from tests.services.test_query_counts import counting
from training.services import roll_over
from training.services.overviews import By

# A whole record is two more, as what each pass gave is worked out from the facts.
LEARNER, MANAGER = 6, 15
ITEM, OTHER = "every-kind", "/modules/for-everyone"


def asked(browser, rooms, address: str) -> int:
    """Return how many statements a page takes, once the session has been seen today."""
    browser.get(address)
    with counting(rooms) as statements:
        browser.get(address)
    return len(statements)


@pytest.fixture
def passed(database, catalog, worker) -> None:
    """The worker passed one module on the first day."""
    learn(database, worker, catalog=catalog, slug=ITEM, now=NOW)


@pytest.mark.usefixtures("passed")
@pytest.mark.parametrize("days", [0, 350], ids=["early", "a window open"])
def test_a_learners_pages_keep_their_budget(make_client, database, time, rooms, days):
    time.move(days=days)
    list(roll_over.roll_over(database, now=time.now))
    learner = make_client("worker@home.example")
    counts = {address: asked(learner, rooms, address) for address in ("/home", f"/modules/{ITEM}", OTHER, "/record")}
    assert max(counts[address] for address in ("/home", f"/modules/{ITEM}", OTHER)) <= LEARNER, counts
    assert counts["/record"] <= LEARNER + 2, counts


@pytest.mark.usefixtures("passed")
def test_a_managers_pages_keep_their_budget_for_any_number_of_people(manager, rooms, database, home, worker):
    addresses = ["/team", "/team/people", f"/team/people?site={home.site_id}", f"/team/people/{worker.person_id}"]
    addresses += ["/team/trend", *(f"/team?by={by}" for by in By)]
    few = {address: asked(manager, rooms, address) for address in addresses}
    for _ in range(10):
        make_person(database, home, now=NOW)
    many = {address: asked(manager, rooms, address) for address in addresses}
    # A page that is full asks for nobody more, such as those without a job who come last.
    assert {address: count for address, count in many.items() if count > few[address]} == {}
    assert max(few.values()) <= MANAGER, few
