"""Marking: what a learner's answers and choices come to, and whether they pass."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from training.domain.module import Module, Option, Question, QuestionKind
from training.domain.roles import Role
from training.domain.scenario import BACK, UNSET, Choice, Ending, Scenario, Scene, Tag

# What a learner sent for one question, as an HTML form sends it. Single and true-false: one option key. Several: the
# keys ticked, in any order. Order: every key, first to last. Match: one "key=partner" for each option, where `partner`
# is the key of the option whose right-hand side was chosen. Empty strings (a menu left alone) are nothing.
Answer = tuple[str, ...]
MOST_CHOICES = 200


class AnswerUnknown(Exception):
    """The answers cannot be marked because they name a question or an option that the learner was not shown."""


class ChoiceNotOffered(Exception):
    """The story cannot go on because that choice is not offered there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one question was answered; `chosen` is what was sent, without empty values."""

    right: bool
    chosen: Answer


@dataclass(frozen=True, slots=True)
class Mark:
    """How an attempt at a module went.

    `wrong` holds every question not answered rightly, in reading order; `must_wrong` and `unanswered` are those among
    them that are safety questions, and that got no answer. `percent` is rounded down.
    """

    right: int
    total: int
    percent: int
    passed: bool
    wrong: tuple[str, ...]
    must_wrong: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where some choices lead.

    `trail` is the way here without what was gone back on: the scenes that "back" returns through, this one last.
    `taken` is every choice, `facts` what they made so.
    """

    scene: Scene
    trail: tuple[str, ...]
    facts: Mapping[str, str]
    taken: tuple[Choice, ...]
    offered: tuple[Choice, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ScenarioMark:
    """How an attempt at a scenario went; `safe` and `unsafe` count choices, and `critical` lists them."""

    ending: Ending | None
    passed: bool
    safe: int
    unsafe: int
    critical: tuple[Choice, ...]
    finished: bool


def mark(module: Module, *, role: Role, answers: Mapping[str, Answer]) -> Mark:
    """Mark all the questions that a role is asked; see `mark_questions`."""
    return mark_questions(tuple(module.questions(role)), pass_mark=module.pass_mark, answers=answers)


def mark_questions(questions: Sequence[Question], *, pass_mark: int, answers: Mapping[str, Answer]) -> Mark:
    """Mark some questions, as a refresher asks them.

    It passes at `pass_mark` per cent with every must question right. No answer is a wrong answer, and no questions at
    all are no pass.

    Raises: AnswerUnknown.
    """
    _refuse_unknown(answers, (question.id for question in questions))
    verdicts = {question.id: mark_question(question, answers.get(question.id, ())) for question in questions}
    right = sum(verdict.right for verdict in verdicts.values())
    must_wrong = tuple(question.id for question in questions if question.must and not verdicts[question.id].right)
    percent = right * 100 // len(questions) if questions else 0
    return Mark(
        right=right,
        total=len(questions),
        percent=percent,
        passed=percent >= pass_mark and not must_wrong,
        wrong=tuple(name for name, verdict in verdicts.items() if not verdict.right),
        must_wrong=must_wrong,
        unanswered=tuple(name for name, verdict in verdicts.items() if not verdict.chosen),
    )


def find_question(module: Module, *, role: Role, question_id: str) -> Question:
    """Return a question that a role is asked.

    Raises: AnswerUnknown.
    """
    found = next((question for question in module.questions(role) if question.id == question_id), None)
    if found is None:
        raise AnswerUnknown(question_id)
    return found


def mark_question(question: Question, answer: Answer) -> Verdict:
    """Tell whether one question was answered rightly.

    Raises: AnswerUnknown.
    """
    chosen = tuple(value for value in answer if value)
    if question.kind is QuestionKind.MATCH:
        return Verdict(_matches(question, chosen), chosen)
    keys = [option.key for option in question.options]
    _refuse_unknown(chosen, keys)
    if question.kind is QuestionKind.ORDER:
        return Verdict(list(chosen) == keys, chosen)
    wanted = {option.key for option in question.options if option.right}
    once = question.kind is QuestionKind.SEVERAL or len(chosen) == 1
    return Verdict(once and set(chosen) == wanted, chosen)


def _matches(question: Question, chosen: Answer) -> bool:
    # Two options may share the words on their right; either partner is then right for both.
    partners = {option.key: option.partner for option in question.options}
    pairs = [tuple(value.split("=")) for value in chosen]
    if any(len(pair) != 2 for pair in pairs):
        raise AnswerUnknown("a match is answered with key=partner")
    _refuse_unknown((key for pair in pairs for key in pair), partners)
    return sorted(left for left, _ in pairs) == sorted(partners) and all(
        partners[left] == partners[right] for left, right in pairs
    )


def _refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    unknown = set(given) - set(known)
    if unknown:
        raise AnswerUnknown(", ".join(sorted(unknown)))


def shuffled(question: Question, *, seed: str) -> tuple[Option, ...]:
    """Return the options in the order to show them: for order and match, mixed and never as written.

    For a match it is the right-hand sides that are shown so. The same seed (the attempt) always gives the same order.
    Other kinds keep the order they were written in.
    """
    written = question.options
    if question.kind not in (QuestionKind.ORDER, QuestionKind.MATCH) or len(written) < 2:
        return written
    mixed = tuple(sorted(written, key=lambda option: _digest(seed, question.id, option.key)))
    return mixed if mixed != written else (*written[1:], written[0])


def _digest(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()


def walk(scenario: Scenario, choices: Sequence[str]) -> Walk:
    """Follow choices, by their keys, from the start of a story.

    Facts stay as they were set when going back, and a once-only choice stays taken. Nobody needs more than
    `MOST_CHOICES`: whoever sends more is going round in circles, or wants to keep us busy.

    Raises: ChoiceNotOffered.
    """
    if len(choices) > MOST_CHOICES:
        raise ChoiceNotOffered(f"the story has gone round for {MOST_CHOICES} choices")
    here = _arrived(scenario, (scenario.start,), facts={}, taken=())
    for key in choices:
        choice = next((offered for offered in here.offered if offered.key == key), None)
        if choice is None:
            raise ChoiceNotOffered(f"{key} in {here.scene.slug}")
        trail = here.trail[:-1] if choice.target == BACK else (*here.trail, choice.target)
        facts = {**here.facts, **choice.sets}
        here = _arrived(scenario, trail, facts=facts, taken=(*here.taken, choice))
    return here


def _arrived(
    scenario: Scenario, trail: tuple[str, ...], *, facts: Mapping[str, str], taken: tuple[Choice, ...]
) -> Walk:
    scene = scenario.scenes[trail[-1]]
    used = {choice.key for choice in taken if choice.once}
    offered = tuple(
        choice
        for choice in scene.choices
        if choice.key not in used
        and (choice.target != BACK or len(trail) > 1)
        and all(facts.get(name, UNSET) == value for name, value in choice.needs.items())
    )
    return Walk(scene, trail, facts, taken, offered)


def mark_scenario(scenario: Scenario, choices: Sequence[str]) -> ScenarioMark:
    """Mark a story: it passes by a safe ending reached without a critical choice.

    Every choice taken counts, even where the learner went back afterwards.

    Raises: ChoiceNotOffered.
    """
    walked = walk(scenario, choices)
    tags = [choice.tag for choice in walked.taken]
    critical = tuple(choice for choice in walked.taken if choice.tag is Tag.CRITICAL)
    return ScenarioMark(
        ending=walked.scene.ending,
        passed=walked.scene.ending is Ending.SAFE and not critical,
        safe=tags.count(Tag.SAFE),
        unsafe=tags.count(Tag.UNSAFE),
        critical=critical,
        finished=walked.scene.ending is not None,
    )
