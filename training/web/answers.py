"""Answers as forms send them, turned into what the rules mark."""

import uuid
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from training.domain.module import Question, QuestionKind


def read_attempt_id(form: Mapping[str, str]) -> uuid.UUID:
    """Return the attempt's id, which the client made.

    Raises:
        BadRequest: when it is missing or malformed.
    """
    try:
        return uuid.UUID(form.get("attempt_id", ""))
    except ValueError as error:
        raise BadRequest("the attempt id is not a UUID") from error


def read_answer(form: MultiDict[str, str], question: Question) -> tuple[str, ...]:
    """Return the option keys that a form sends for a question; nothing where it is not wholly answered.

    Order: every option has a field `answer-<key>` with its place, and the keys come back in that order. Match: the
    field holds the key of the partner chosen, and `key=partner` comes back for each option.
    """
    if question.kind not in {QuestionKind.ORDER, QuestionKind.MATCH}:
        return tuple(value for value in form.getlist("answer") if value)
    given = read_menus(form, question)
    if not all(given.values()):
        return ()
    if question.kind is QuestionKind.MATCH:
        return tuple(f"{key}={partner}" for key, partner in given.items())
    by_place = {place: key for key, place in given.items()}
    wanted = [str(place) for place in range(1, len(given) + 1)]
    return tuple(by_place[place] for place in wanted) if by_place.keys() == set(wanted) else ()


def read_menus(form: Mapping[str, str], question: Question) -> dict[str, str]:
    """Return what was chosen in the menu beside each option, whether or not it makes a whole answer."""
    return {option.key: form.get(f"answer-{option.key}", "") for option in question.options}
