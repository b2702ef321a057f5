"""How long an item takes a learner, and whether its `minutes` say so."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from training.catalog.faults import Faults
from training.domain.module import Card, Question
from training.domain.roles import Role

WORDS_A_MINUTE = 180
SECONDS_A_QUESTION = 20
TOLERANCE = 0.3
TAG = re.compile(r"<[^>]*>")


def minutes_for(words: int, questions: int) -> float:
    """Return the minutes that a number of words and questions take."""
    return words / WORDS_A_MINUTE + questions * SECONDS_A_QUESTION / 60


def minutes_for_cards(cards: Iterable[Card]) -> float:
    """Return the minutes that rendered cards take: their words, and those of their questions without the feedback."""
    parts = [part for card in cards for part in card.parts]
    questions = [part.question for part in parts if part.question]
    texts = [part.html for part in parts] + [text for question in questions for text in _texts(question)]
    return minutes_for(sum(map(_words_in, texts)), len(questions))


@lru_cache(maxsize=8192)  # a learner's home asks for every refresher that is open, on every visit
def _words_in(html: str) -> int:
    return len(TAG.sub(" ", html).split())


def _texts(question: Question) -> list[str]:
    return [question.prompt_html, *(text for option in question.options for text in (option.html, option.partner))]


def check_module_minutes(minutes: int, reading: Mapping[Role, tuple[int, int]], line: int, faults: Faults) -> None:
    """Record `minutes` that are over 30 % away from what a role takes; `reading` holds its words and questions."""
    taken = {role: minutes_for(*amounts) for role, amounts in reading.items()}
    worst = max(taken, key=lambda role: abs(minutes - taken[role]) / taken[role])
    if abs(minutes - taken[worst]) > TOLERANCE * taken[worst]:
        words, questions = reading[worst]
        faults.add(
            line,
            f"`minutes` is {minutes}, but {worst} takes about {taken[worst]:.1f} (words: {words}, "
            f"questions: {questions}): {_instead(taken[worst])}",
        )


def check_scenario_minutes(minutes: int, *, shortest: float, whole: float, line: int, faults: Faults) -> None:
    """Record `minutes` under the shortest way to an ending or over reading every scene, by more than 30 %."""
    if not (1 - TOLERANCE) * shortest <= minutes <= (1 + TOLERANCE) * whole:
        faults.add(
            line,
            f"`minutes` is {minutes}, but the shortest way takes about {shortest:.1f} and the whole story {whole:.1f}: "
            "write a number between them",
        )


def _instead(taken: float) -> str:
    if round(taken) < 3:
        return "write more, or put it together with another module"
    if round(taken) > 8:
        return "shorten it, or make two modules"
    return f"write {round(taken)}"
