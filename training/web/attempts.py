"""What pages about an attempt in progress have in common."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import _
from training.domain.module import Card
from training.services import learning
from training.services.learning import AnswersMissing, AttemptNotOpen, OpenAttempt
from training.web import current, errors, reading
from training.web.answers import read_attempt_id


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card with questions that are not answered yet."""

    number: int
    card: Card


def opened(slug: str) -> OpenAttempt | None:
    """Return the viewer's attempt in progress at an item, in the words that they read."""
    found = learning.open_attempt(current.database(), viewer=current.viewer(), slug=slug)
    return found and reading.attempt(found)


def cards_of(attempt: OpenAttempt) -> tuple[Card, ...]:
    """Return the cards that an attempt goes through; a story has none."""
    return attempt.cards


def open_cards(attempt: OpenAttempt) -> list[OpenCard]:
    """Return the cards with questions still open."""
    return [
        OpenCard(number, card)
        for number, card in enumerate(cards_of(attempt), start=1)
        if any(question.id not in attempt.answers for question in card.questions)
    ]


def is_newer(attempt: OpenAttempt) -> bool:
    """Say whether the content has changed since the attempt began."""
    today = current.catalog().find(attempt.item.slug)
    return today is not None and today.content_hash != attempt.item.content_hash


def not_open() -> ResponseReturnValue:
    """Explain that an attempt was sent already, perhaps from another tab or device."""
    return errors.page(
        409,
        heading=_("This attempt is not open any more"),
        words=_(
            "It was finished already, perhaps in another tab or on another phone, or it belongs to somebody else. "
            "Nothing was changed. What you finished is in your record."
        ),
    )


def send_attempt(*, unfinished: str) -> ResponseReturnValue:
    """Send the viewer's attempt and go to its result, or to `unfinished` with everything kept."""
    attempt_id = read_attempt_id(request.form)
    try:
        learning.finish(current.database(), viewer=current.viewer(), attempt_id=attempt_id, now=current.now())
    except AnswersMissing:
        return redirect(unfinished)
    except AttemptNotOpen:
        return not_open()
    return redirect(url_for("record.result", attempt_id=attempt_id))
