"""Marking modules and scenarios, in tables and for whatever a learner may send."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.module import Card, Module, Option, Part, Question, QuestionKind
from training.domain.roles import Role
from training.domain.scenario import Choice, Ending, Scenario, Scene, Tag
from training.domain.scoring import (
    MOST_CHOICES,
    AnswerUnknown,
    ChoiceNotOffered,
    find_question,
    mark,
    mark_question,
    mark_questions,
    mark_scenario,
    shuffled,
    walk,
)

COMMON = dict.fromkeys(("title", "summary", "capability", "content_hash"), "words") | {
    "roles": (Role.SOCIAL_CARE, Role.PRESCRIBER),
    **dict.fromkeys(("outcomes", "sources"), ()),
    **dict.fromkeys(("written_on", "review_by"), date(2026, 1, 1)),
    "minutes": 3,
    **dict.fromkeys(("version", "material"), False),
}


def make_question(kind=QuestionKind.SINGLE, *, name="q", right="a", keys="abc", must=False, partners="") -> Question:
    options = tuple(
        Option(key, key, "", right=key in right, partner=partner)
        for key, partner in zip(keys, partners or [""] * len(keys), strict=True)
    )
    return Question(name, kind, "Ask?", options, must=must)


def make_module(*questions: Question, pass_mark=80, others=()) -> Module:
    cards = {
        Role.SOCIAL_CARE: tuple(Card(q.id, q.id, (Part(html="<p>W</p>"), Part(question=q))) for q in questions),
        Role.PRESCRIBER: tuple(Card(q.id, q.id, (Part(question=q),)) for q in others),
    }
    return Module(slug="m", pass_mark=pass_mark, cards=cards, **COMMON)


MATCH = make_question(QuestionKind.MATCH, partners=("x", "y", "z"))
TWINS = make_question(QuestionKind.MATCH, partners=("x", "x", "z"))


@pytest.mark.parametrize(
    ("question", "answer", "right"),
    [
        (make_question(), ("a",), True),
        (make_question(), ("b",), False),
        (make_question(), ("a", "b"), False),
        (make_question(), ("a", "a"), False),
        (make_question(), (), False),
        (make_question(), ("", "a"), True),
        (make_question(QuestionKind.TRUE_FALSE, keys="ab", right="b"), ("b",), True),
        (make_question(QuestionKind.TRUE_FALSE, keys="ab", right="b"), ("a",), False),
        (make_question(QuestionKind.SEVERAL, right="ac"), ("c", "a"), True),
        (make_question(QuestionKind.SEVERAL, right="ac"), ("c", "a", "c"), True),
        (make_question(QuestionKind.SEVERAL, right="ac"), ("a",), False),
        (make_question(QuestionKind.SEVERAL, right="ac"), ("a", "b", "c"), False),
        (make_question(QuestionKind.SEVERAL, right="ac"), (), False),
        (make_question(QuestionKind.ORDER), ("a", "b", "c"), True),
        (make_question(QuestionKind.ORDER), ("a", "c", "b"), False),
        (make_question(QuestionKind.ORDER), ("a", "b"), False),
        (make_question(QuestionKind.ORDER), ("a", "b", "c", "c"), False),
        (make_question(QuestionKind.ORDER), ("", "", ""), False),
        (MATCH, ("a=a", "b=b", "c=c"), True),
        (MATCH, ("c=c", "a=a", "b=b"), True),
        (MATCH, ("a=b", "b=a", "c=c"), False),
        (MATCH, ("a=a", "b=b"), False),
        (MATCH, ("a=a", "b=b", ""), False),
        (MATCH, ("a=a", "a=a", "c=c"), False),
        (MATCH, ("a=a", "b=b", "c=c", "c=a"), False),
        (MATCH, (), False),
        (TWINS, ("a=b", "b=a", "c=c"), True),
        (TWINS, ("a=b", "b=a", "c=a"), False),
    ],
)
def test_an_answer_is_right_when_nothing_is_missing_and_nothing_is_wrong(question, answer, right):
    verdict = mark_question(question, answer)
    assert verdict.right is right
    assert verdict.chosen == tuple(value for value in answer if value)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (make_question(), ("z",)),
        (make_question(), ("A",)),
        (make_question(QuestionKind.SEVERAL), ("a", "z")),
        (make_question(QuestionKind.ORDER), ("a", "b", "z")),
        (MATCH, ("a",)),
        (MATCH, ("a=z", "b=b", "c=c")),
        (MATCH, ("z=a", "b=b", "c=c")),
        (MATCH, ("a=b=c",)),
        (MATCH, ("=",)),
    ],
)
def test_an_option_that_was_not_shown_is_refused(question, answer):
    with pytest.raises(AnswerUnknown):
        mark_question(question, answer)


def test_a_question_of_another_role_is_refused():
    module = make_module(make_question(name="ours"), others=[make_question(name="theirs")])
    with pytest.raises(AnswerUnknown, match="theirs"):
        mark(module, role=Role.SOCIAL_CARE, answers={"ours": ("a",), "theirs": ("a",)})
    with pytest.raises(AnswerUnknown, match="theirs"):
        find_question(module, role=Role.SOCIAL_CARE, question_id="theirs")
    assert find_question(module, role=Role.PRESCRIBER, question_id="theirs").id == "theirs"


@pytest.mark.parametrize(
    ("right", "total", "pass_mark", "percent", "passed"),
    [
        (4, 5, 80, 80, True),
        (3, 5, 80, 60, False),
        (2, 3, 67, 66, False),
        (2, 3, 66, 66, True),
        (5, 6, 80, 83, True),
        (199, 200, 100, 99, False),
        (200, 200, 100, 100, True),
        (0, 1, 1, 0, False),
        (0, 0, 1, 0, False),
    ],
)
def test_the_percentage_is_rounded_down_and_held_against_the_pass_mark(right, total, pass_mark, percent, passed):
    questions = [make_question(name=f"q{number}") for number in range(total)]
    answers = {question.id: ("a",) if number < right else ("b",) for number, question in enumerate(questions)}
    result = mark(make_module(*questions, pass_mark=pass_mark), role=Role.SOCIAL_CARE, answers=answers)
    assert (result.right, result.total, result.percent, result.passed) == (right, total, percent, passed)


def test_a_must_question_answered_wrongly_fails_whatever_the_percentage():
    questions = [make_question(name=f"q{n}", must=n == 0) for n in range(10)]
    answers = {question.id: ("a",) for question in questions} | {"q0": ("b",)}
    result = mark(make_module(*questions), role=Role.SOCIAL_CARE, answers=answers)
    assert (result.percent, result.passed, result.must_wrong, result.unanswered) == (90, False, ("q0",), ())
    assert mark(make_module(*questions), role=Role.SOCIAL_CARE, answers=answers | {"q0": ("a",)}).passed


def test_no_answer_is_a_wrong_answer_in_reading_order():
    questions = [make_question(name=name, must=name == "z") for name in "zyx"]
    result = mark(make_module(*questions, pass_mark=1), role=Role.SOCIAL_CARE, answers={"y": ("a",), "x": ("",)})
    assert (result.wrong, result.must_wrong, result.unanswered) == (("z", "x"), ("z",), ("z", "x"))
    assert not result.passed


KEYS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=4).map(tuple)


@given(st.lists(st.tuples(KEYS, st.booleans()), max_size=8), st.integers(1, 100))
def test_every_question_is_right_or_wrong_and_one_more_right_never_fails_a_pass(given_answers, pass_mark):
    questions = [make_question(name=f"q{n}", must=must) for n, (_, must) in enumerate(given_answers)]
    answers = {f"q{n}": keys for n, (keys, _) in enumerate(given_answers)}
    result = mark_questions(questions, pass_mark=pass_mark, answers=answers)
    assert result.right + len(result.wrong) == result.total == len(questions)
    assert set(result.must_wrong) | set(result.unanswered) <= set(result.wrong)
    assert result.percent * result.total <= result.right * 100
    for name in result.wrong:
        better = mark_questions(questions, pass_mark=pass_mark, answers=answers | {name: ("a",)})
        assert better.right == result.right + 1
        assert better.passed or not result.passed


@given(st.integers(2, 12), st.sampled_from([QuestionKind.ORDER, QuestionKind.MATCH]), st.text(max_size=40))
def test_options_to_order_or_match_are_shown_mixed_whole_and_always_alike(count, kind, seed):
    keys = "abcdefghijkl"[:count]
    question = make_question(kind, keys=keys, partners=keys)
    shown = shuffled(question, seed=seed)
    assert shown != question.options
    assert sorted(option.key for option in shown) == list(keys)
    assert shuffled(question, seed=seed) == shown


def test_another_attempt_shows_another_order():
    question = make_question(QuestionKind.ORDER, keys="abcdef")
    assert len({shuffled(question, seed=str(number)) for number in range(50)}) > 40


@pytest.mark.parametrize("kind", [QuestionKind.SINGLE, QuestionKind.SEVERAL, QuestionKind.TRUE_FALSE])
def test_options_to_choose_from_stay_as_written(kind):
    question = make_question(kind)
    assert shuffled(question, seed="x") == question.options


def make_scene(slug, *choices, ending=None) -> Scene:
    return Scene(slug, slug, f"<p>{slug}</p>", choices, ending)


def make_choice(key, target, tag=Tag.NONE, **rest) -> Choice:
    return Choice(key, key, target, "<p>F</p>", tag, **rest)


SCENES = (
    make_scene(
        "start",
        make_choice("start:1", "look", Tag.SAFE, sets={"looked": "yes"}, once=True),
        make_choice("start:2", "good", Tag.UNSAFE, needs={"looked": "yes"}),
        make_choice("start:3", "bad", Tag.CRITICAL),
        make_choice("start:4", "hurt", Tag.CRITICAL),
        make_choice("start:5", "back"),
        make_choice("start:6", "good", needs={"looked": "no"}),
    ),
    make_scene("look", make_choice("look:1", "back"), make_choice("look:2", "deep", Tag.SAFE)),
    make_scene("deep", make_choice("deep:1", "back", sets={"looked": "twice"})),
    make_scene("hurt", make_choice("hurt:1", "good", Tag.SAFE), make_choice("hurt:2", "back")),
    make_scene("good", ending=Ending.SAFE),
    make_scene("bad", ending=Ending.UNSAFE),
)
STORY = Scenario(
    slug="s", start="start", facts={"looked": "L"}, scenes={scene.slug: scene for scene in SCENES}, **COMMON
)


@pytest.mark.parametrize(
    ("choices", "trail", "offered"),
    [
        ([], ["start"], ["start:1", "start:3", "start:4", "start:6"]),
        (["start:1"], ["start", "look"], ["look:1", "look:2"]),
        (["start:1", "look:1"], ["start"], ["start:2", "start:3", "start:4"]),
        (["start:1", "look:2"], ["start", "look", "deep"], ["deep:1"]),
        (["start:1", "look:2", "deep:1"], ["start", "look"], ["look:1", "look:2"]),
        (["start:1", "look:2", "deep:1", "look:1"], ["start"], ["start:3", "start:4"]),
        (["start:6"], ["start", "good"], []),
    ],
)
def test_a_walk_offers_what_the_story_so_far_allows(choices, trail, offered):
    walked = walk(STORY, choices)
    assert list(walked.trail) == trail
    assert walked.scene.slug == trail[-1]
    assert [choice.key for choice in walked.offered] == offered
    assert [choice.key for choice in walked.taken] == choices


def test_facts_stay_so_after_going_back():
    assert walk(STORY, ["start:1", "look:1"]).facts == {"looked": "yes"}
    assert walk(STORY, ["start:1", "look:2", "deep:1"]).facts == {"looked": "twice"}
    assert walk(STORY, []).facts == {}


def test_a_walk_in_circles_ends_somewhere():
    round_and_round = ["start:1", "look:2", *["deep:1", "look:2"] * 99]
    assert len(walk(STORY, round_and_round).taken) == MOST_CHOICES
    with pytest.raises(ChoiceNotOffered, match="gone round"):
        walk(STORY, [*round_and_round, "deep:1"])


@pytest.mark.parametrize(
    "choices",
    [
        ["start:2"],
        ["start:5"],
        ["look:1"],
        ["nothing"],
        [""],
        ["start:1", "look:1", "start:1"],
        ["start:1", "look:1", "start:6"],
        ["start:3", "start:1"],
    ],
)
def test_a_choice_that_is_not_offered_there_is_refused(choices):
    with pytest.raises(ChoiceNotOffered):
        walk(STORY, choices)
    with pytest.raises(ChoiceNotOffered):
        mark_scenario(STORY, choices)


@pytest.mark.parametrize(
    ("choices", "ending", "passed", "safe", "unsafe", "critical"),
    [
        ([], None, False, 0, 0, []),
        (["start:6"], Ending.SAFE, True, 0, 0, []),
        (["start:1", "look:1", "start:2"], Ending.SAFE, True, 1, 1, []),
        (["start:3"], Ending.UNSAFE, False, 0, 0, ["start:3"]),
        (["start:4", "hurt:1"], Ending.SAFE, False, 1, 0, ["start:4"]),
        (["start:4", "hurt:2", "start:6"], Ending.SAFE, False, 0, 0, ["start:4"]),
        (["start:1"], None, False, 1, 0, []),
    ],
)
def test_a_story_passes_by_a_safe_ending_without_a_critical_choice(choices, ending, passed, safe, unsafe, critical):
    result = mark_scenario(STORY, choices)
    assert (result.ending, result.passed, result.finished) == (ending, passed, ending is not None)
    assert (result.safe, result.unsafe) == (safe, unsafe)
    assert [choice.key for choice in result.critical] == critical


@given(st.lists(st.integers(0, 5), max_size=12))
def test_any_walk_by_offered_choices_can_be_replayed_and_marked(steps):
    keys = []
    for step in steps:
        offered = walk(STORY, keys).offered
        if not offered:
            break
        keys.append(offered[step % len(offered)].key)
    walked, result = walk(STORY, keys), mark_scenario(STORY, keys)
    assert [choice.key for choice in walked.taken] == keys
    assert walked.trail[0] == "start"
    assert result.passed == (walked.scene.slug == "good" and not result.critical)
    assert result.finished == (walked.offered == () and walked.scene.ending is not None)
