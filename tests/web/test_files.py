"""Files that take a while, as whoever ordered them follows and opens them."""

from datetime import timedelta

import pytest

from training.jobs.long_work import Kind, do_orders
from training.jobs.means import Means
from training.services import permissions, task_claims, tasks
from training.services.task_claims import KEPT_FOR, Made
from training.services.tasks import Order

FILES = "/reports/files"


@pytest.fixture
def ordered(rooms, home, time):
    wanted = Order(kind="copying", title="Everybody, as at 1 March", wanted={})
    return tasks.order(rooms, viewer=home.viewer, wanted=wanted, now=time())


def do(rooms, time, made):
    return do_orders(Means(rooms), time, lambda: True, kinds={"copying": Kind(lambda *_: made)})


def test_whoever_has_ordered_nothing_is_told_so(manager):
    assert "no large file" in manager.get(FILES).text


def test_an_order_is_followed_from_waiting_to_its_file(manager, rooms, time, ordered):
    address = f"{FILES}/{ordered}"
    page = manager.get(address)
    assert "waits for its turn" in page.text
    assert 'data-module="follow"' in page.text
    claimed = task_claims.claim_next(rooms, who="a worker", now=time())
    with task_claims.held(rooms, claimed, done=30, whole=40, held_until=time()):
        pass
    assert "75 % done: 30 of 40" in manager.get(address).text
    made = Made("40 people.", file_name="everybody.csv", media_type="text/csv", pieces=[b"a,b\r\n" * 500])
    do(rooms, time, made)
    page = manager.get(address)
    assert "It is ready." in page.text
    assert "3 KB" not in page.text
    assert "2 KB" in page.text
    assert "follow" not in page.text
    file = manager.get(f"{address}/file")
    assert file.response.data == b"a,b\r\n" * 500
    assert file.response.headers["Content-Disposition"] == 'attachment; filename="everybody.csv"'
    assert file.response.headers["Cache-Control"] == "private, no-store"
    assert "Ready: everybody.csv" in manager.get(FILES).text


def test_what_came_to_nothing_says_why(manager, rooms, time, ordered):
    claimed = task_claims.claim_next(rooms, who="a worker", now=time())
    task_claims.fail(rooms, claimed, words="There is nobody on file on that day.", now=time())
    assert "nobody on file on that day" in manager.get(f"{FILES}/{ordered}").text
    assert "nobody on file on that day" in manager.get(FILES).text
    manager.get(f"{FILES}/{ordered}/file", status=404)


def test_a_file_that_has_expired_is_said_to_have(make_client, rooms, time, ordered):
    do(rooms, time, Made("Done.", file_name="everybody.csv", media_type="text/csv", pieces=[b"x"]))
    time.move(seconds=KEPT_FOR / timedelta(seconds=1))
    manager = make_client("manager@home.example")
    assert "has expired" in manager.get(f"{FILES}/{ordered}").text
    assert "has expired" in manager.get(FILES).text
    manager.get(f"{FILES}/{ordered}/file", status=404)


def test_nobody_else_opens_a_file(rooms, time, ordered, home, make_client, worker):
    permissions.give(rooms, viewer=home.viewer, person_id=worker.person_id, site_id=None, now=time())
    other = make_client("worker@home.example")
    do(rooms, time, Made("Done.", file_name="everybody.csv", media_type="text/csv", pieces=[b"x"]))
    other.get(f"{FILES}/{ordered}", status=404)
    other.get(f"{FILES}/{ordered}/file", status=404)
