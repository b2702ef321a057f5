"""The clock inside one process: what dead processes were at is begun at once by the one that is started next."""

from contextlib import contextmanager
from datetime import timedelta

from training import clock
from training.jobs import embedded
from training.jobs.means import Means
from training.services import job_claims
from training.services.task_claims import LONG_WORK


@contextmanager
def started(database):
    scheduler = embedded.start(Means(database))
    try:
        yield scheduler
    finally:
        scheduler.shutdown()


def test_work_that_dead_processes_held_is_free_as_soon_as_the_next_one_starts(database):
    long_ago = clock.now() - timedelta(minutes=1)
    for name in LONG_WORK:
        assert job_claims.claim(database, name=name, who="a dead process", now=long_ago) is not None
        assert job_claims.claim(database, name=name, who="somebody else", now=clock.now()) is None
    with started(database):
        pass
    runs = {run.name: run for run in job_claims.last_runs(database)}
    for name in LONG_WORK:
        assert runs[name].held_until <= clock.now()
