"""Attempts in progress: one draft for each person and item, answers that stay, and nobody else's hands on it."""

import uuid
from functools import partial

import pytest

from tests.conftest import NOW
from tests.factories import answer_all, begin, learn, make_person
from tests.services.stored import all_at_once, done_by
from training.domain.roles import Role
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered
from training.services import learning
from training.services.learning import AnswersMissing, AttemptNotOpen
from training.services.organisations import NotFound

MODULE = "every-kind"
STORY = "the-story"


def save(database, learner, attempt_id, question_id="true-false", answer=("a",)):
    return learning.save_answer(
        database, viewer=learner, attempt_id=attempt_id, question_id=question_id, answer=answer, now=NOW
    ).verdict


def choose(database, learner, attempt_id, *, step, choice):
    learning.choose(database, viewer=learner, attempt_id=attempt_id, step=step, choice=choice, now=NOW)


def answers(database, learner, slug=MODULE):
    return learning.open_attempt(database, viewer=learner, slug=slug).answers


def test_beginning_twice_goes_on_with_the_same_attempt(database, catalog, learner):
    first = begin(database, learner, catalog=catalog, now=NOW)
    save(database, learner, first)
    assert begin(database, learner, catalog=catalog, now=NOW) == first
    assert set(answers(database, learner)) == {"true-false"}
    assert done_by(database, learner) == (0, 0, 1)


def test_eight_taps_at_once_open_one_attempt(database, catalog, learner):
    taps = [partial(begin, database, learner, catalog=catalog, now=NOW) for _ in range(8)]
    assert len(set(all_at_once(*taps))) == 1
    assert done_by(database, learner) == (0, 0, 1)


def test_beginning_in_another_role_goes_on_as_it_began(database, catalog, learner):
    slug = "for-everyone"
    first = begin(database, learner, catalog=catalog, slug=slug, now=NOW)
    assert begin(database, learner, catalog=catalog, slug=slug, role=Role.PRESCRIBER, now=NOW) == first
    assert learning.open_attempt(database, viewer=learner, slug=slug).role is Role.SOCIAL_CARE


def test_nothing_is_open_before_it_is_begun(database, learner):
    assert learning.open_attempt(database, viewer=learner, slug=MODULE) is None


def test_what_is_not_there_for_a_role_cannot_be_begun(database, catalog, learner):
    for slug, role in (("no-such-module", Role.SOCIAL_CARE), (MODULE, Role.PRESCRIBER)):
        with pytest.raises(NotFound):
            begin(database, learner, catalog=catalog, slug=slug, role=role, now=NOW)


def test_the_first_answer_stays(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    first = save(database, learner, attempt_id, answer=("a",))
    again = save(database, learner, attempt_id, answer=("b",))
    assert again == first
    assert answers(database, learner) == {"true-false": ["a"]}


def test_an_answer_with_nothing_chosen_leaves_the_question_open(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    assert not save(database, learner, attempt_id, answer=("",)).right
    save(database, learner, attempt_id, answer=("a",))
    assert answers(database, learner) == {"true-false": ["a"]}


def test_an_answer_that_was_not_offered_is_not_kept(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    for question_id, answer in (("no-such", ("a",)), ("true-false", ("z",)), ("\0", ("a",))):
        with pytest.raises(AnswerUnknown):
            save(database, learner, attempt_id, question_id, answer)
    assert answers(database, learner) == {}


def test_finishing_too_soon_names_the_open_questions_and_keeps_the_answers(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    save(database, learner, attempt_id)
    with pytest.raises(AnswersMissing) as missing:
        learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW)
    asked = [question.id for question in catalog.item(MODULE).questions(Role.SOCIAL_CARE)]
    assert list(missing.value.questions) == [name for name in asked if name != "true-false"]
    assert answers(database, learner) == {"true-false": ["a"]}
    assert done_by(database, learner) == (0, 0, 1)


def test_finishing_twice_gives_one_receipt_and_closes_the_draft(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    answer_all(database, learner, attempt_id=attempt_id, slug=MODULE, now=NOW)
    receipt = learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW)
    assert receipt.passed
    assert learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW) == receipt
    assert done_by(database, learner) == (1, 1, 0)


def test_eight_taps_on_finish_give_one_receipt(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, now=NOW)
    answer_all(database, learner, attempt_id=attempt_id, slug=MODULE, now=NOW)
    taps = [partial(learning.finish, database, viewer=learner, attempt_id=attempt_id, now=NOW) for _ in range(8)]
    receipts = all_at_once(*taps)
    assert receipts == receipts[:1] * 8
    assert receipts[0].passed
    assert done_by(database, learner) == (1, 1, 0)


def test_a_sent_attempt_takes_no_more_answers_and_is_not_begun_again(database, catalog, learner):
    sent = learn(database, learner, catalog=catalog, now=NOW).attempt_id
    with pytest.raises(AttemptNotOpen):
        save(database, learner, sent)
    with pytest.raises(AttemptNotOpen):
        begin(database, learner, catalog=catalog, attempt_id=sent, now=NOW)


def test_a_story_takes_choices_and_a_module_takes_answers(database, catalog, learner):
    module = begin(database, learner, catalog=catalog, now=NOW)
    story = begin(database, learner, catalog=catalog, slug=STORY, now=NOW)
    with pytest.raises(AttemptNotOpen):
        save(database, learner, story)
    with pytest.raises(AttemptNotOpen):
        choose(database, learner, module, step=0, choice="a")


def test_a_second_tap_on_a_choice_changes_nothing(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, slug=STORY, now=NOW)
    story = catalog.item(STORY)
    first, other = (choice.key for choice in story.scenes[story.start].choices[:2])
    choose(database, learner, attempt_id, step=0, choice=first)
    choose(database, learner, attempt_id, step=0, choice=other)
    assert answers(database, learner, STORY) == {"choices": [first]}


def test_a_choice_that_is_not_offered_is_not_taken(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, slug=STORY, now=NOW)
    with pytest.raises(ChoiceNotOffered):
        choose(database, learner, attempt_id, step=0, choice="no-such")
    assert answers(database, learner, STORY) == {"choices": []}


def test_a_story_cannot_be_sent_before_its_end(database, catalog, learner):
    attempt_id = begin(database, learner, catalog=catalog, slug=STORY, now=NOW)
    with pytest.raises(AnswersMissing):
        learning.finish(database, viewer=learner, attempt_id=attempt_id, now=NOW)
    assert done_by(database, learner) == (0, 0, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda database, who, theirs: save(database, who, theirs),
        lambda database, who, theirs: choose(database, who, theirs, step=0, choice="a"),
        lambda database, who, theirs: learning.finish(database, viewer=who, attempt_id=theirs, now=NOW),
    ],
    ids=["answer", "choose", "finish"],
)
def test_somebody_elses_attempt_is_not_open_to_me(database, catalog, home, learner, act):
    theirs = begin(database, learner, catalog=catalog, now=NOW)
    other = make_person(database, home, now=NOW)
    with pytest.raises(AttemptNotOpen):
        act(database, other, theirs)
    assert answers(database, learner) == {}
    assert done_by(database, other) == (0, 0, 0)


def test_nobody_can_begin_under_the_id_of_somebody_elses_open_attempt(database, catalog, home, learner):
    theirs = begin(database, learner, catalog=catalog, now=NOW)
    other = make_person(database, home, now=NOW)
    with pytest.raises(AttemptNotOpen):
        begin(database, other, catalog=catalog, attempt_id=theirs, now=NOW)
    assert done_by(database, learner) == (0, 0, 1)


def test_an_attempt_that_never_was_cannot_be_finished(database, learner):
    with pytest.raises(AttemptNotOpen):
        learning.finish(database, viewer=learner, attempt_id=uuid.uuid4(), now=NOW)
