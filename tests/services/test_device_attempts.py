"""Work that a device did by itself: recorded exactly once, marked against its own version, and never lost."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from tests.conftest import NOW
from tests.factories import answer_all, begin, make_person, make_sent
from tests.services.stored import all_at_once, done_by, rows
from training.domain.device_work import Carried, Ticket
from training.domain.roles import Role
from training.models import Attempt, Completion, Delivery, Draft
from training.services import device_attempts, learning, standing_checks, timelines
from training.services.device_attempts import State
from training.services.marking import AnswersMissing

MODULE = "every-kind"
STORY = "the-story"
LATER = NOW + timedelta(days=2)


def carry(catalog, slug=MODULE, *, right=True, attempt_id=None, finished=True, given_at=NOW, only=None):
    sent = make_sent(catalog, slug, role=Role.SOCIAL_CARE, now=NOW, right=right, attempt_id=attempt_id)
    answers = sent.answers if only is None else dict(list(sent.answers.items())[:only])
    return Carried(
        attempt_id=sent.attempt_id,
        ticket=Ticket(item=slug, content_hash=sent.content_hash, role=sent.role, given_at=given_at),
        answers=answers,
        started_at=NOW + timedelta(hours=1),
        finished_at=NOW + timedelta(hours=2) if finished else None,
        sent_at=LATER,
    )


def send(database, learner, *carried, now=LATER, **more):
    return device_attempts.receive(database, viewer=learner, carried=carried, now=now, **more)


@pytest.mark.parametrize("slug", [MODULE, STORY])
def test_what_was_passed_with_no_network_counts_from_when_it_was_done(database, catalog, learner, slug):
    (receipt,) = send(database, learner, carry(catalog, slug))
    assert (receipt.state, receipt.passed, receipt.time_replaced) == (State.RECORDED, True, False)
    assert receipt.words == "Passed on 2 Mar 2026."
    (passed,) = rows(database, Completion, person_id=learner.person_id)
    assert (passed.passed_on, passed.code) == (date(2026, 3, 2), receipt.code)
    assert standing_checks.verify(database, now=LATER) == []


def test_a_clock_that_is_wrong_by_a_day_counts_from_the_receipt_and_both_times_are_kept(database, catalog, learner):
    (receipt,) = send(database, learner, carry(catalog, given_at=NOW + timedelta(days=1)))
    assert receipt.time_replaced
    assert receipt.words == (
        "Passed on 4 Mar 2026. The device's clock did not fit, so the time when it was received counts."
    )
    (attempt,) = rows(database, Attempt, person_id=learner.person_id)
    assert (attempt.offered_at, attempt.completed_at) == (NOW + timedelta(hours=2), LATER)
    assert attempt.completed_at - attempt.started_at == timedelta(hours=1)


def test_a_reply_that_was_lost_is_asked_for_again_and_is_the_same(database, catalog, learner):
    carried = carry(catalog)
    first = send(database, learner, carried)
    assert send(database, learner, carried, now=LATER + timedelta(days=1)) == first
    assert done_by(database, learner) == (1, 1, 0)
    assert len(rows(database, Delivery, attempt_id=carried.attempt_id)) == 1


def test_the_same_attempt_from_many_tabs_at_once_is_recorded_once(database, catalog, learner):
    carried = carry(catalog)
    receipts = all_at_once(*[lambda: send(database, learner, carried)] * 6)
    assert [found[0].state for found in receipts] == [State.RECORDED] * 6
    assert done_by(database, learner) == (1, 1, 0)
    assert len(rows(database, Delivery, attempt_id=carried.attempt_id)) == 1


def test_other_answers_under_the_same_attempt_are_kept_and_the_first_count(database, catalog, learner):
    failed = carry(catalog, right=False)
    send(database, learner, failed)
    better = carry(catalog, attempt_id=failed.attempt_id)
    (receipt,) = send(database, learner, better)
    assert not receipt.passed
    assert receipt.words.endswith("Other answers had been recorded for it before; the first ones count.")
    outcomes = {row.outcome for row in rows(database, Delivery, attempt_id=failed.attempt_id)}
    assert outcomes == {"first", "after-others"}
    assert done_by(database, learner) == (1, 0, 0)


def test_half_done_work_waits_on_the_server_and_any_device_goes_on_with_it(database, catalog, learner):
    carried = carry(catalog, finished=False, only=2)
    (receipt,) = send(database, learner, carried)
    assert (receipt.state, len(receipt.holds)) == (State.KEPT, 2)
    attempt = learning.open_attempt(database, viewer=learner, slug=MODULE)
    assert (attempt.attempt_id, dict(attempt.answers)) == (carried.attempt_id, dict(carried.answers))
    (done,) = send(database, learner, carry(catalog, attempt_id=carried.attempt_id))
    assert done.passed
    assert done_by(database, learner) == (1, 1, 0)


def test_work_begun_on_two_devices_becomes_one_attempt_and_the_first_answer_stays(database, catalog, learner):
    wrong = carry(catalog, finished=False, right=False, only=1)
    send(database, learner, wrong)
    other = carry(catalog, finished=False, only=3)
    (receipt,) = send(database, learner, other)
    first = next(iter(wrong.answers))
    assert receipt.attempt_id_to_use == wrong.attempt_id
    assert receipt.holds == {**other.answers, first: wrong.answers[first]}
    assert done_by(database, learner) == (0, 0, 1)


def test_half_done_work_at_another_version_stays_on_the_device_and_can_be_finished(database, catalog, learner):
    begin(database, learner, catalog=catalog, slug=MODULE, now=NOW)
    with database.write(learner.organisation_id) as session:
        session.scalars(select(Draft)).one().role = Role.PRESCRIBER
    (receipt,) = send(database, learner, carry(catalog, finished=False, only=1))
    assert receipt.state is State.REFUSED
    assert receipt.words.startswith("This is half-done in another version already.")
    (done,) = send(database, learner, carry(catalog))
    assert done.passed


def test_a_story_goes_on_from_the_longer_way(database, catalog, learner):
    whole = carry(catalog, STORY, finished=False)
    way = whole.answers["choices"]
    send(database, learner, replace(whole, answers={"choices": way[:1]}))
    (receipt,) = send(database, learner, whole)
    assert receipt.holds == {"choices": way}
    (again,) = send(database, learner, replace(whole, answers={"choices": way[:1]}))
    assert again.holds == {"choices": way}


def test_finished_with_a_question_open_is_kept_half_done(database, catalog, learner):
    (receipt,) = send(database, learner, carry(catalog, only=2))
    assert receipt.state is State.KEPT
    assert receipt.words.endswith("questions are not answered yet.")
    assert done_by(database, learner) == (0, 0, 1)
    assert str(AnswersMissing(("the last",))) == "1 question is not answered yet."


def test_one_that_is_of_no_use_leaves_the_others_alone(database, catalog, learner):
    unknown = carry(catalog)
    unknown = replace(unknown, ticket=replace(unknown.ticket, content_hash="0" * 64))
    nonsense = replace(carry(catalog), answers={"no-such-question": ["a"]})
    receipts = send(database, learner, unknown, nonsense, carry(catalog))
    assert [one.state for one in receipts] == [State.REFUSED, State.REFUSED, State.RECORDED]
    assert all(one.words.endswith("It stays on the device.") for one in receipts[:2])
    assert done_by(database, learner) == (1, 1, 0)


def test_somebody_elses_attempt_is_refused_and_untouched(database, catalog, home, learner):
    other = make_person(database, home, now=NOW)
    half, whole = carry(catalog, finished=False, only=1), carry(catalog)
    send(database, other, half)
    send(database, other, whole)
    receipts = send(database, learner, half, replace(half, finished_at=NOW), whole)
    assert [one.state for one in receipts] == [State.REFUSED] * 3
    assert done_by(database, learner) == (0, 0, 0)
    assert done_by(database, other) == (1, 1, 1)


def test_what_was_offered_counts_after_a_change_of_role(database, catalog, home):
    nurse = make_person(database, home, now=NOW, role=Role.NON_PRESCRIBER)
    (receipt,) = send(database, nurse, carry(catalog))
    assert receipt.passed


def test_a_refresher_is_marked_by_the_questions_that_it_asked(database, catalog, learner):
    sent = make_sent(catalog, MODULE, role=Role.SOCIAL_CARE, now=NOW)
    asked = next(iter(sent.answers))
    carried = carry(catalog)
    why = {"asked": {asked: ["A safety question.", "safety"]}, "changed": []}
    short = replace(carried, answers={asked: sent.answers[asked]}, ticket=replace(carried.ticket, why=why))
    (receipt,) = send(database, learner, short)
    assert (receipt.passed, receipt.percent) == (True, 100)
    (attempt,) = rows(database, Attempt, person_id=learner.person_id)
    assert attempt.question_ids == [asked]


def test_a_half_done_refresher_goes_on_as_one(database, catalog, learner):
    carried = carry(catalog, finished=False, only=1)
    asked = list(carried.answers)
    why = {"asked": {asked[0]: ["A safety question.", "safety"]}, "changed": []}
    send(database, learner, replace(carried, ticket=replace(carried.ticket, why=why)))
    attempt = learning.open_attempt(database, viewer=learner, slug=MODULE)
    assert attempt.refresher.question_ids == tuple(asked)


def test_who_brought_a_file_stands_beside_what_it_held(database, catalog, home, learner):
    carried = carry(catalog)
    send(database, learner, carried, carried_by=home.viewer.person_id)
    (row,) = rows(database, Delivery, attempt_id=carried.attempt_id)
    assert (row.carried_by, row.device_finished_at) == (home.viewer.person_id, carried.finished_at)


def test_an_attempt_begun_here_and_finished_on_the_device_leaves_no_draft(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, slug=MODULE, now=NOW)
    answer_all(database, learner, attempt_id=attempt_id, slug=MODULE, now=NOW)
    (receipt,) = send(database, learner, carry(catalog, attempt_id=attempt_id))
    assert receipt.passed
    assert done_by(database, learner) == (1, 1, 0)
    assert learning.finish(database, viewer=learner, attempt_id=attempt_id, now=LATER).code == receipt.code
    assert uuid.UUID(str(receipt.attempt_id)) == attempt_id


def test_a_sending_cannot_be_changed_or_taken_back(database, catalog, learner):
    send(database, learner, carry(catalog))
    for act in (delete(Delivery), update(Delivery).values(outcome="after-others")):
        with pytest.raises(DatabaseError, match="append-only"), database.write(learner.organisation_id) as session:
            session.execute(act)
    assert [row.outcome for row in rows(database, Delivery)] == ["first"]


def sent_entries(database, viewer, person_id, catalog):
    file = timelines.person_file(database, viewer=viewer, person_id=person_id, catalog=catalog, today=LATER.date())
    return [entry.detail for entry in file.entries if entry.title == "Sent by a device"]


def test_a_manager_reads_what_is_odd_about_a_sending_and_nothing_of_a_plain_one(database, catalog, home, learner):
    told = partial(sent_entries, database, home.viewer, learner.person_id, catalog)
    plain = carry(catalog)
    send(database, learner, plain)
    assert told() == []
    send(database, learner, replace(carry(catalog, right=False), attempt_id=plain.attempt_id))
    finished = "Every kind of question: the device says that it was finished on 2 Mar 2026 at 12:00 GMT."
    assert told() == [f"{finished} Other answers had been recorded before; those count."]


def test_a_manager_reads_who_brought_a_sending_and_that_its_clock_did_not_fit(database, catalog, home, learner):
    ahead = carry(catalog, STORY, given_at=NOW + timedelta(days=1))
    send(database, learner, ahead, carried_by=home.viewer.person_id)
    (detail,) = sent_entries(database, home.viewer, learner.person_id, catalog)
    assert detail.endswith(
        f"Brought as a file by {home.viewer.name}. "
        "The device’s clock did not fit, so the time when it was received counts."
    )
