"""Long work is done once whatever happens, says how far it is, and gives its file to whoever ordered it alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from tests.conftest import NOW
from tests.factories import make_organisation, make_person
from tests.services.stored import how_many
from training.domain.refusal import Refusal
from training.jobs.long_work import Kind, do_orders
from training.jobs.means import Means
from training.models import Task, TaskPart
from training.services import task_claims, tasks
from training.services.organisations import NotFound
from training.services.task_claims import HELD_FOR, KEPT_FOR, MOST_STARTS, PART, REMEMBERED_FOR, Made
from training.services.tasks import Order


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def viewer(home):
    return home.viewer


def order(database, viewer, **more):
    return tasks.order(
        database, viewer=viewer, wanted=Order(kind="copying", title="A copy", wanted={}, **more), now=NOW
    )


def work(database, do, *, clock, still_ours=lambda: True, locks=False):
    return do_orders(Means(database), clock, still_ours, kinds={"copying": Kind(do, locks=locks)})


def made(*pieces):
    return Made("Copied.", file_name="copy.txt", media_type="text/plain", pieces=pieces)


def told(database, viewer, task_id, *, now=NOW):
    return tasks.find_order(database, viewer=viewer, task_id=task_id, now=now)


def read(database, viewer, task_id, *, now=NOW):
    return b"".join(tasks.read_file(database, viewer=viewer, task_id=task_id, now=now)[1])


def test_an_order_is_done_and_its_file_is_what_was_made(database, viewer, clock):
    task_id = order(database, viewer)
    assert not told(database, viewer, task_id).is_begun
    whole = bytes(range(256)) * (PART // 100)
    assert work(database, lambda *_: made(whole[:1000], b"", whole[1000:]), clock=clock) == 1
    one = told(database, viewer, task_id)
    assert (one.is_over, one.failed, one.words, one.size) == (True, False, "Copied.", len(whole))
    assert read(database, viewer, task_id) == whole
    assert how_many(database, TaskPart) == -(-len(whole) // PART)


def test_nobody_but_whoever_ordered_it_sees_an_order(database, catalog, home, viewer, clock):
    task_id = order(database, viewer)
    work(database, lambda *_: made(b"secret"), clock=clock)
    neighbour = make_organisation(database, catalog=catalog, now=NOW, slug="elsewhere").viewer
    colleague = replace(viewer, person_id=make_person(database, home, now=NOW).person_id)
    for other in (colleague, neighbour, replace(neighbour, person_id=viewer.person_id)):
        with pytest.raises(NotFound):
            tasks.read_file(database, viewer=other, task_id=task_id, now=NOW)
        assert tasks.list_orders(database, viewer=other, now=NOW) == ()


def test_the_same_key_is_the_same_order(database, viewer):
    assert order(database, viewer, key="weekly 1") == order(database, viewer, key="weekly 1")
    assert order(database, viewer, key="weekly 2") != order(database, viewer)
    assert how_many(database, Task) == 3


def test_what_is_refused_says_so_and_keeps_no_file(database, viewer, clock):
    task_id = order(database, viewer)

    def refuse(*_):
        raise Refusal("That day is none.")

    assert work(database, refuse, clock=clock) == 1
    one = told(database, viewer, task_id)
    assert (one.failed, one.words, one.is_kept) == (True, "That day is none.", False)


def test_a_refusal_half_way_through_the_file_keeps_nothing_of_it(database, viewer, clock):
    task_id = order(database, viewer)

    def pieces():
        yield b"x" * PART * 2
        raise Refusal("It is too long.")

    work(database, lambda *_: Made("Copied.", file_name="copy.txt", pieces=pieces()), clock=clock)
    assert told(database, viewer, task_id).words == "It is too long."
    assert how_many(database, TaskPart) == 0


def test_work_that_was_broken_off_is_done_by_the_next_and_given_up_in_the_end(database, viewer, clock):
    task_id, starts = order(database, viewer), []

    def break_down(_means, claimed, _progress):
        starts.append(claimed.who)
        raise ConnectionError

    for _ in range(MOST_STARTS):
        with pytest.raises(ConnectionError):
            work(database, break_down, clock=clock)
        assert work(database, break_down, clock=clock) == 0  # Held until its holder is surely dead.
        clock.now += HELD_FOR
    assert len(set(starts)) == MOST_STARTS
    assert work(database, break_down, clock=clock) == 0
    one = told(database, viewer, task_id)
    assert one.failed
    assert "given up" in one.words


def test_a_start_that_a_crash_broke_off_leaves_nothing_in_the_file(database, viewer, clock):
    task_id = order(database, viewer)

    def pieces():
        yield b"half of i" * PART
        raise ConnectionError

    with pytest.raises(ConnectionError):
        work(database, lambda *_: Made("Copied.", file_name="copy.txt", pieces=pieces()), clock=clock)
    with pytest.raises(NotFound):
        read(database, viewer, task_id)
    clock.now += HELD_FOR
    work(database, lambda *_: made(b"whole"), clock=clock)
    assert read(database, viewer, task_id) == b"whole"


def test_being_stopped_by_hand_costs_no_start_and_loses_nothing(database, viewer, clock):
    task_id, asked = order(database, viewer), [True, True, False]

    def go_on(_means, _claimed, progress):
        for done in range(5):
            progress.say(done, 5)
        return made(b"whole")

    assert work(database, go_on, clock=clock, still_ours=lambda: asked.pop(0) if asked else False) == 0
    assert not told(database, viewer, task_id).is_begun
    assert work(database, go_on, clock=clock) == 1
    assert read(database, viewer, task_id) == b"whole"


def test_how_far_it_is_is_told_while_it_goes_on(database, viewer, clock):
    task_id, seen = order(database, viewer), []

    def go_on(_means, _claimed, progress):
        for done in range(4):
            progress.say(done, 4)
            clock.now += timedelta(seconds=10)
            task_claims.HERE.clear()  # As another process sees it.
            seen.append(told(database, viewer, task_id).percent)
        return made(b"whole")

    work(database, go_on, clock=clock)
    assert seen == [0, 25, 50, 75]
    assert told(database, viewer, task_id).percent == 100


def test_work_that_holds_the_one_lock_tells_how_far_it_is_all_the_same(database, viewer, clock):
    task_id, seen = order(database, viewer), []

    def go_on(_means, _claimed, progress):
        with database.write(viewer.organisation_id):
            clock.now += timedelta(minutes=1)
            progress.say(3, 4)
            seen.append(told(database, viewer, task_id).percent)
        return made()

    assert work(database, go_on, clock=clock, locks=True) == 1
    assert seen == [75]


def test_work_that_another_has_taken_over_ends_without_a_trace(database, viewer, clock):
    task_id = order(database, viewer)

    def sleep_through(_means, _claimed, _progress):
        clock.now += HELD_FOR
        assert work(database, lambda *_: made(b"by another"), clock=clock) == 1
        return made(b"too late")

    assert work(database, sleep_through, clock=clock) == 0
    assert read(database, viewer, task_id) == b"by another"


def test_many_workers_at_once_do_each_order_once(database, viewer):
    wanted = {order(database, viewer) for _ in range(6)}
    done, gate = [], Barrier(3)

    def do(_means, claimed, _progress):
        done.append(claimed.id)
        return made(b"whole")

    def look():
        gate.wait()
        while any(not told(database, viewer, task_id).is_over for task_id in wanted):
            work(database, do, clock=lambda: NOW)

    with ThreadPoolExecutor(3) as pool:
        for each in [pool.submit(look) for _ in range(3)]:
            each.result()
    assert sorted(done) == sorted(wanted)


def test_a_file_expires_and_its_order_is_forgotten_later(database, viewer, clock):
    task_id = order(database, viewer)
    work(database, lambda *_: made(b"whole"), clock=clock)
    assert task_claims.tidy(database, now=NOW + KEPT_FOR - timedelta(seconds=1)) == 0
    assert read(database, viewer, task_id, now=NOW + KEPT_FOR - timedelta(seconds=1)) == b"whole"
    with pytest.raises(NotFound):
        read(database, viewer, task_id, now=NOW + KEPT_FOR)
    assert task_claims.tidy(database, now=NOW + KEPT_FOR) == 1
    assert (how_many(database, TaskPart), how_many(database, Task)) == (0, 1)
    task_claims.tidy(database, now=NOW + REMEMBERED_FOR)
    assert how_many(database, Task) == 0


def test_what_has_ended_is_news_until_it_was_looked_at(database, viewer, clock):
    order(database, viewer)
    with database.read(viewer.organisation_id) as session:
        assert tasks.count_unseen(session, viewer=viewer) == 0
    work(database, lambda *_: made(b"whole"), clock=clock)
    with database.read(viewer.organisation_id) as session:
        assert tasks.count_unseen(session, viewer=viewer) == 1
    (one,) = tasks.list_orders(database, viewer=viewer, now=NOW)
    assert one.words == "Copied."
    with database.read(viewer.organisation_id) as session:
        assert tasks.count_unseen(session, viewer=viewer) == 0
