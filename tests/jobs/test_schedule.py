"""One run of one kind of work: it goes on while it is ours to do, and is told when it is not."""

from datetime import timedelta
from threading import Event

from tests.conftest import NOW
from training.jobs.means import Means
from training.jobs.schedule import ASKED_EVERY, Work, run_once
from training.services import job_claims

HOUR = timedelta(hours=1)


class Passing:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


def run(database, do, *, clock, stopping=None) -> bool:
    work = Work("the-work", HOUR, do)
    return run_once(Means(database), work=work, clock=clock, who="us", stopping=stopping)


def test_work_is_told_when_its_process_is_to_stop(database):
    stopping, told = Event(), []

    def do(_means, _clock, _watermark, still_ours):
        told.append(still_ours())
        stopping.set()
        told.append(still_ours())
        return "so far", "left off"

    assert run(database, do, clock=Passing(), stopping=stopping)
    assert told == [True, False]
    assert job_claims.claim(database, name="the-work", who="the next", now=NOW) == "so far"


def test_work_renews_its_claim_as_long_as_it_goes_on(database):
    clock = Passing()

    def do(_means, _clock, _watermark, still_ours):
        for _ in range(20):
            clock.now += ASKED_EVERY
            assert still_ours()
        assert job_claims.claim(database, name="the-work", who="somebody else", now=clock()) is None
        return "", "done"

    assert run(database, do, clock=clock)


def test_work_is_told_when_somebody_else_took_over_and_leaves_their_claim_alone(database):
    clock = Passing()

    def do(_means, _clock, _watermark, still_ours):
        clock.now += HOUR
        assert job_claims.claim(database, name="the-work", who="somebody else", now=clock()) == ""
        assert not still_ours()
        return "too far", "done"

    assert run(database, do, clock=clock)
    assert job_claims.claim(database, name="the-work", who="a third", now=clock()) is None
    assert job_claims.claim(database, name="the-work", who="somebody else", now=clock()) == ""
