"""Attempts: recorded once, marked by the server, and moving standings in the same commit."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.factories import begin, learn, make_person, make_sent
from tests.services.stored import done_by, rows
from training.domain.roles import Role
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered
from training.domain.status import Status
from training.models import Attempt, Completion
from training.services import learning, progress, standing_checks
from training.services.learning import AnswersMissing, AttemptBelongsToAnother
from training.services.organisations import NotFound
from training.services.versions import VersionUnknown

MODULE = "every-kind"
STORY = "the-story"


def make(catalog, slug=MODULE, *, now=NOW, right=True, attempt_id=None):
    return make_sent(catalog, slug, role=Role.SOCIAL_CARE, now=now, right=right, attempt_id=attempt_id)


def send(database, learner, sent, *, now=NOW):
    return learning.submit_attempt(database, viewer=learner, sent=sent, now=now)


def line(database, catalog, learner, today, slug=MODULE):
    home = progress.home(database, viewer=learner, catalog=catalog, today=today)
    return next(one for one in home.lines if one.slug == slug)


def test_a_pass_gives_a_receipt_and_moves_the_standing(database, catalog, learner):
    receipt = learn(database, learner, catalog=catalog, now=NOW + timedelta(days=1))
    assert receipt.passed
    assert receipt.percent == 100
    assert receipt.code is not None
    now_there = line(database, catalog, learner, date(2026, 3, 3))
    assert (now_there.status, now_there.deadline) == (Status.UP_TO_DATE, date(2027, 3, 2))
    assert standing_checks.verify(database, now=NOW + timedelta(days=1)) == []


def test_sending_again_returns_the_same_receipt_and_writes_nothing(database, catalog, learner):
    sent = make(catalog)
    first = send(database, learner, sent)
    again = send(database, learner, sent, now=NOW + timedelta(days=3))
    assert again == first
    assert done_by(database, learner) == (1, 1, 0)


def test_sending_again_with_other_answers_changes_nothing(database, catalog, learner):
    failed = make(catalog, right=False)
    first = send(database, learner, failed)
    better = make(catalog, attempt_id=failed.attempt_id)
    assert send(database, learner, better) == first
    assert not first.passed
    assert done_by(database, learner) == (1, 0, 0)


def test_failing_is_kept_and_moves_no_date(database, catalog, learner):
    before = line(database, catalog, learner, date(2026, 3, 2))
    receipt = send(database, learner, make(catalog, right=False))
    assert (receipt.passed, receipt.percent, receipt.code) == (False, 0, None)
    assert line(database, catalog, learner, date(2026, 3, 2)) == before
    assert done_by(database, learner) == (1, 0, 0)
    assert standing_checks.verify(database, now=NOW) == []


def test_failing_after_a_pass_takes_nothing_away(database, catalog, learner):
    send(database, learner, make(catalog))
    passed = line(database, catalog, learner, date(2026, 3, 2))
    send(database, learner, make(catalog, right=False))
    assert line(database, catalog, learner, date(2026, 3, 2)) == passed
    assert done_by(database, learner) == (2, 1, 0)


def test_one_wrong_must_question_fails_the_module(database, catalog, learner):
    sent = make(catalog)
    sent = replace(sent, answers={**sent.answers, "single": ["a"]})
    receipt = send(database, learner, sent)
    assert (receipt.passed, receipt.percent) == (False, 80)


def test_one_wrong_answer_beside_the_must_questions_still_passes(database, catalog, learner):
    sent = make(catalog)
    receipt = send(database, learner, replace(sent, answers={**sent.answers, "true-false": ["a"]}))
    assert (receipt.passed, receipt.percent) == (True, 80)


@pytest.mark.parametrize("safe", [True, False])
def test_a_story_passes_by_a_safe_end_and_every_choice_is_kept(database, catalog, learner, safe):
    sent = make(catalog, STORY, right=safe)
    receipt = send(database, learner, sent)
    assert (receipt.passed, receipt.percent, receipt.code is not None) == (safe, None, safe)
    (kept,) = rows(database, Attempt, id=sent.attempt_id)
    assert kept.answers == sent.answers
    assert done_by(database, learner) == (1, int(safe), 0)


def test_the_day_of_a_pass_is_the_organisations_day(database, catalog, learner):
    late = datetime(2026, 7, 13, 23, 30, tzinfo=UTC)
    send(database, learner, make(catalog, now=late), now=late)
    (completion,) = rows(database, Completion, person_id=learner.person_id)
    assert completion.passed_on == date(2026, 7, 14)
    (attempt,) = rows(database, Attempt, person_id=learner.person_id)
    assert attempt.completed_at == late
    assert line(database, catalog, learner, date(2026, 7, 14)).deadline == date(2027, 7, 13)
    assert standing_checks.verify(database, now=late) == []


def test_in_winter_the_day_turns_at_midnight_utc(database, catalog, learner):
    late = datetime(2026, 11, 13, 23, 30, tzinfo=UTC)
    send(database, learner, make(catalog, now=late), now=late)
    (completion,) = rows(database, Completion, person_id=learner.person_id)
    assert completion.passed_on == date(2026, 11, 13)


def test_content_that_was_never_kept_is_not_marked(database, catalog, learner):
    with pytest.raises(VersionUnknown):
        send(database, learner, replace(make(catalog), content_hash="0" * 64))
    assert done_by(database, learner) == (0, 0, 0)


def test_an_attempt_is_filed_under_the_content_it_was_made_with(database, catalog, learner):
    send(database, learner, replace(make(catalog), item="something-else"))
    (kept,) = rows(database, Attempt, person_id=learner.person_id)
    assert kept.item == MODULE


def test_a_sent_attempt_of_somebody_else_is_left_alone(database, catalog, home, learner):
    sent = make(catalog)
    send(database, learner, sent)
    with pytest.raises(AttemptBelongsToAnother):
        send(database, make_person(database, home, now=NOW), sent)
    assert [row.person_id for row in rows(database, Attempt)] == [learner.person_id]


def test_an_open_attempt_of_somebody_else_is_left_alone(database, catalog, home, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    other = make_person(database, home, now=NOW)
    with pytest.raises(AttemptBelongsToAnother):
        send(database, other, make(catalog, attempt_id=attempt_id))
    assert done_by(database, learner) == (0, 0, 1)
    assert done_by(database, other) == (0, 0, 0)


def test_a_role_that_the_item_is_not_for_is_refused(database, catalog, learner):
    for slug in (MODULE, STORY):
        with pytest.raises(NotFound):
            send(database, learner, replace(make(catalog, slug), role=Role.PRESCRIBER))
    assert done_by(database, learner) == (0, 0, 0)


def test_answers_that_are_no_answers_are_refused(database, catalog, learner):
    sent = make(catalog)
    for malformed in (5, None, True, "b", {"b": 1}, [["b"]], [5], ["z"], ["\0"], ["\ud800"]):
        with pytest.raises(AnswerUnknown):
            send(database, learner, replace(sent, answers={**sent.answers, "true-false": malformed}))
    for name in ("no-such", "", "\0", 3, None):
        with pytest.raises(AnswerUnknown):
            send(database, learner, replace(sent, answers={**sent.answers, name: ["a"]}))
    assert done_by(database, learner) == (0, 0, 0)


def test_a_module_sent_with_questions_open_is_refused(database, catalog, learner):
    sent = make(catalog)
    kept = {name: answer for name, answer in sent.answers.items() if name != "true-false"}
    for missing in ({}, {"true-false": []}, {"true-false": [""]}):
        with pytest.raises(AnswersMissing) as refusal:
            send(database, learner, replace(sent, answers={**kept, **missing}))
        assert refusal.value.questions == ("true-false",)
    assert done_by(database, learner) == (0, 0, 0)


@pytest.mark.parametrize(
    ("refusal", "choices"),
    [
        (AnswersMissing, [{}, {"choices": []}]),
        (AnswerUnknown, [{"choices": None}, {"choices": "monday:1"}, {"choices": [1]}, {"choices": [None]}]),
        (ChoiceNotOffered, [{"choices": ["no-such"]}, {"choices": [""]}]),
    ],
)
def test_choices_that_are_no_choices_are_refused(database, catalog, learner, refusal, choices):
    for answers in choices:
        with pytest.raises(refusal):
            send(database, learner, replace(make(catalog, STORY), answers=answers))
    assert done_by(database, learner) == (0, 0, 0)


def test_nothing_beside_the_choices_is_kept_of_a_story(database, catalog, learner):
    sent = make(catalog, STORY)
    with pytest.raises(AnswerUnknown):
        send(database, learner, replace(sent, answers={**sent.answers, "diary": ["a long text"]}))
    assert done_by(database, learner) == (0, 0, 0)


def test_the_same_id_in_another_organisation_is_another_attempt(database, catalog, learner, neighbour):
    sent = make(catalog, attempt_id=uuid.uuid4())
    there = make_person(database, neighbour, now=NOW)
    assert send(database, learner, sent).code != send(database, there, sent).code
    assert len(rows(database, Attempt, id=sent.attempt_id)) == 2
