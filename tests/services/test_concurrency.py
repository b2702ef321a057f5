"""Many at once, for real: no attempt is lost or doubled, and no standing is worked out from half of the facts."""

import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Event

from sqlalchemy import event, text

from tests.conftest import NOW
from tests.factories import make_person, make_sent
from tests.services.stored import all_at_once, how_many, rows
from training.db import EVERYWHERE, Database
from training.domain.roles import Role
from training.models import Attempt, Completion, Employment
from training.services import employments, learning, standing_checks
from training.services.organisations import NotFound

THREADS = 8
ATTEMPTS = 2_000
LEARNERS = 100
MODULES = ("every-kind", "for-everyone")


def attempts_to_send(catalog, learners):
    """Return who sends what: one in seven fails, and every tenth is sent a second time, much later."""
    sent = []
    for number in range(ATTEMPTS):
        now = NOW + timedelta(minutes=number)
        attempt = make_sent(
            catalog, MODULES[number % 2], role=Role.SOCIAL_CARE, now=now, right=number % 7 > 0, attempt_id=uuid.uuid4()
        )
        sent.append((learners[number % LEARNERS], attempt, now))
    every = sent + sent[::10]
    random.Random(8).shuffle(every)  # noqa: S311
    return every


def test_two_thousand_attempts_from_eight_threads_are_each_recorded_once(database, catalog, home):
    learners = [make_person(database, home, now=NOW) for _ in range(LEARNERS)]
    every = attempts_to_send(catalog, learners)

    def send(one):
        learner, sent, now = one
        return learning.submit_attempt(database, viewer=learner, sent=sent, now=now)

    with ThreadPoolExecutor(THREADS) as pool:
        receipts = list(pool.map(send, every))

    by_attempt = {}
    for receipt in receipts:
        assert by_attempt.setdefault(receipt.attempt_id, receipt) == receipt
    assert {row.id for row in rows(database, Attempt)} == set(by_attempt) == {sent.attempt_id for _, sent, _ in every}
    assert how_many(database, Attempt) == ATTEMPTS
    passed = {receipt.attempt_id: receipt.code for receipt in by_attempt.values() if receipt.passed}
    assert {row.attempt_id: row.code for row in rows(database, Completion)} == passed
    assert len(passed) == sum(number % 7 > 0 for number in range(ATTEMPTS))
    assert standing_checks.verify(database, now=NOW + timedelta(minutes=ATTEMPTS)) == []


def test_writers_of_one_process_queue_whatever_sqlite_itself_would_wait(sqlite_url):
    database = Database(sqlite_url)
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))

    def hold(number):
        with database.write(EVERYWHERE) as session:
            Event().wait(0.05)
            return session.execute(text("SELECT :number"), {"number": number}).scalar_one()

    try:
        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(hold, range(THREADS))) == list(range(THREADS))
    finally:
        database.close()


def test_the_same_attempt_sent_by_eight_threads_is_one_attempt(database, catalog, learner):
    sent = make_sent(catalog, MODULES[0], role=Role.SOCIAL_CARE, now=NOW)
    send = partial(learning.submit_attempt, database, viewer=learner, sent=sent, now=NOW)
    receipts = all_at_once(*[send] * THREADS)
    assert receipts == receipts[:1] * THREADS
    assert (how_many(database, Attempt), how_many(database, Completion)) == (1, 1)


def test_a_pass_while_jobs_change_leaves_no_standing_behind(database, catalog, home):
    """Whoever passes while a manager changes their jobs and everything is rebuilt has a standing made of all facts."""
    for round_ in range(6):
        learner = make_person(database, home, now=NOW)
        acts = [
            partial(
                learning.submit_attempt,
                database,
                viewer=learner,
                sent=make_sent(catalog, slug, role=Role.SOCIAL_CARE, now=NOW),
                now=NOW,
            )
            for slug in MODULES
        ]
        acts += [
            partial(
                employments.add_job,
                database,
                viewer=home.viewer,
                person_id=learner.person_id,
                job_title_id=home.titles[role],
                site_id=home.site_id,
                starts_on=date(2026, 2, 1),
                now=NOW,
            )
            for role in (Role.PRESCRIBER, Role.NON_PRESCRIBER, Role.FAMILY_CARER)
        ]
        outcomes = all_at_once(*acts, lambda: list(standing_checks.rebuild(database, now=NOW + timedelta(days=40))))
        assert [one for one in outcomes if isinstance(one, Exception)] == [], f"in round {round_}"
    assert standing_checks.verify(database, now=NOW + timedelta(days=40)) == []


def test_a_job_ended_by_two_managers_at_once_is_ended_once(database, home):
    for _ in range(5):
        learner = make_person(database, home, now=NOW)
        (job,) = rows(database, Employment, person_id=learner.person_id)
        ends = [
            partial(
                employments.end_job,
                database,
                viewer=home.viewer,
                job_id=job.id,
                ends_on=date(2026, 3, day),
                now=NOW,
            )
            for day in range(10, 14)
        ]
        outcomes = all_at_once(*ends)
        assert [type(one) for one in outcomes if isinstance(one, Exception)] == [NotFound] * 3
        kept = rows(database, Employment, person_id=learner.person_id, withdrawn_at=None)
        assert [row.ends_on.day in range(10, 14) for row in kept] == [True]
