"""How the people of the demonstration answer, and those of the tests and the bench: all right, or all wrong."""

from training.domain.module import Module, Question, QuestionKind
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import mark_scenario, walk
from training.services.organisations import NotFound


def module_answers(module: Module, role: Role, *, right: bool) -> dict[str, list[str]]:
    """Return answers to every question of a module: all right, or all wrong."""
    return {
        question.id: right_answer(question) if right else wrong_answer(question) for question in module.questions(role)
    }


def right_answer(question: Question) -> list[str]:
    """Return the right answer to a question as a form sends it."""
    keys = [option.key for option in question.options]
    if question.kind is QuestionKind.ORDER:
        return keys
    if question.kind is QuestionKind.MATCH:
        return [f"{key}={key}" for key in keys]
    return [option.key for option in question.options if option.right]


def wrong_answer(question: Question) -> list[str]:
    """Return a wrong answer to a question as a form sends it."""
    keys = [option.key for option in question.options]
    if question.kind is QuestionKind.ORDER:
        return keys[::-1]
    if question.kind is QuestionKind.MATCH:
        return [f"{key}={other}" for key, other in zip(keys, keys[1:] + keys[:1], strict=True)]
    return [next(option.key for option in question.options if not option.right)]


def story(scenario: Scenario, *, safe: bool) -> dict[str, list[str]]:
    """Return the shortest way through a scenario that passes, or that does not."""
    ways: list[list[str]] = [[]]
    for way in ways:
        reached = walk(scenario, way)
        if reached.scene.ending is None:
            ways += ([*way, choice.key] for choice in reached.offered if choice.key not in way)
        elif mark_scenario(scenario, way).passed is safe:
            return {"choices": way}
    raise NotFound(f"No way through {scenario.slug} ends like that.")
