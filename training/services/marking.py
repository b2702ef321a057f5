"""What becomes of an attempt once it is sent: read, marked, and made into the rows that are kept."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from training.domain import scoring
from training.domain.days import day_in
from training.domain.language import _, ngettext
from training.domain.module import Module, Question
from training.domain.receipt import receipt_code
from training.domain.refresher import mark_refresher
from training.domain.roles import Role
from training.domain.scenario import Choice, Scenario
from training.domain.scoring import AnswerUnknown, Verdict
from training.models import Attempt, Completion
from training.services.accounts import Viewer
from training.services.organisations import NotFound


class AnswersMissing(Exception):
    """The attempt cannot be sent because questions are unanswered; `questions` names them."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        words = ngettext(
            "%(count)s question is not answered yet.", "%(count)s questions are not answered yet.", len(questions)
        )
        super().__init__(words)
        self.questions = questions


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt as the client sends it.

    `answers` maps question ids to option keys for a module; for a scenario it holds `choices`, in order. `offline` is
    what is known of one that a device finished by itself.
    """

    attempt_id: uuid.UUID
    item: str
    content_hash: str
    role: Role
    answers: Mapping[str, Any]
    started_at: datetime
    offline: "Offline | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offline:
    """What the server had offered the device, a refresher's questions or the whole item, and when it was finished.

    `offered_at` is the device's own time, and `completed_at` the one that counts.
    """

    question_ids: tuple[str, ...] | None
    offered_at: datetime
    completed_at: datetime


def marked(
    item: Module | Scenario, *, viewer: Viewer, sent: Sent, asked: Collection[str] | None, now: datetime
) -> Attempt:
    """Return the row of an attempt, marked by the rules; `asked` are a refresher's questions as kept here, or None.

    Raises:
        NotFound: when the item is not for the role.
        AnswersMissing, AnswerUnknown, ChoiceNotOffered: when the answers do not fit the item.
    """
    if sent.role not in item.roles:
        raise NotFound(_("There is no %(slug)s for this role.", slug=item.slug))
    answers = read_answers(sent.answers)
    if isinstance(item, Module):
        passed, percent = mark_module(item, sent.role, answers, asked=asked)
    else:
        passed, percent = mark_story(item, answers)
    return Attempt(
        organisation_id=viewer.organisation_id,
        id=sent.attempt_id,
        person_id=viewer.person_id,
        item=item.slug,
        content_hash=item.content_hash,
        role=sent.role,
        answers=answers,
        question_ids=None if asked is None else list(asked),
        passed=passed,
        percent=percent,
        started_at=sent.started_at,
        offered_at=sent.offline.offered_at if sent.offline else None,
        completed_at=sent.offline.completed_at if sent.offline else now,
        recorded_at=now,
    )


def read_answers(answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what a client sent as lists of words by name.

    Raises:
        AnswerUnknown: when it is anything else.
    """
    for name, given in answers.items():
        if not isinstance(given, list | tuple) or not all(isinstance(word, str) for word in (name, *given)):
            raise AnswerUnknown(f"{name} is not answered by a list of options")
    return {name: list(given) for name, given in answers.items()}


def mark_module(
    module: Module, role: Role, answers: Mapping[str, list[str]], *, asked: Collection[str] | None = None
) -> tuple[bool, int]:
    """Return whether a module, or a refresher that asks these questions of it, is passed, and at how many per cent."""
    given = {name: tuple(keys) for name, keys in answers.items()}
    if asked is None:
        mark = scoring.mark(module, role=role, answers=given)
    else:
        mark = mark_refresher(module, role=role, asked=asked, answers=given)
    if mark.unanswered:
        raise AnswersMissing(mark.unanswered)
    return mark.passed, mark.percent


def mark_story(scenario: Scenario, answers: Mapping[str, list[str]]) -> tuple[bool, None]:
    """Return whether a scenario is passed; a story has no percentage."""
    if answers.keys() - {"choices"}:
        raise AnswerUnknown("a story is answered by choices alone")
    mark = scoring.mark_scenario(scenario, answers.get("choices", []))
    if not mark.finished:
        raise AnswersMissing(("the end of the story",))
    return mark.passed, None


def completion_of(attempt: Attempt, *, time_zone: str) -> Completion:
    """Return the completion that a passed attempt earns, with its code."""
    passed_on = day_in(attempt.completed_at, time_zone)
    return Completion(
        organisation_id=attempt.organisation_id,
        person_id=attempt.person_id,
        item=attempt.item,
        content_hash=attempt.content_hash,
        attempt_id=attempt.id,
        passed_on=passed_on,
        code=receipt_code(
            attempt_id=str(attempt.id),
            person_id=str(attempt.person_id),
            content_hash=attempt.content_hash,
            passed_on=passed_on,
        ),
        recorded_at=attempt.recorded_at,
    )


def wrong_answers(item: Module | Scenario, attempt: Attempt) -> tuple[tuple[Question, Verdict], ...]:
    """Return the questions of a module that were answered wrongly, with what was answered."""
    if isinstance(item, Scenario):
        return ()
    verdicts = (
        (question, scoring.mark_question(question, tuple(attempt.answers[question.id])))
        for question in item.questions(Role(attempt.role))
        if question.id in attempt.answers
    )
    return tuple((question, verdict) for question, verdict in verdicts if not verdict.right)


def choices_made(item: Module | Scenario, attempt: Attempt) -> tuple[Choice, ...]:
    """Return the choices taken in a scenario, in order."""
    return () if isinstance(item, Module) else scoring.walk(item, attempt.answers["choices"]).taken
