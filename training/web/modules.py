"""Going through a module card by card, answering as one goes, and sending the answers."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain import scoring
from training.domain.language import _
from training.domain.module import Card
from training.domain.scoring import AnswerUnknown
from training.services import learning
from training.services.learning import AttemptNotOpen, OpenAttempt
from training.web import current, errors, reading
from training.web.answers import read_answer, read_attempt_id, read_menus
from training.web.attempts import cards_of, is_newer, not_open, open_cards, opened, send_attempt
from training.web.words import address

pages = Blueprint("module", __name__, url_prefix="/modules/<slug>")


@pages.get("/why")
def why(slug: str) -> ResponseReturnValue:
    """Say what a refresher asks and why, before its first card."""
    attempt = opened(slug)
    if attempt is None or attempt.refresher is None:
        return redirect(address("module", slug))
    return render_template("learn/why.html", attempt=attempt)


@pages.get("/cards/<int:number>")
def card(slug: str, number: int) -> ResponseReturnValue:
    """Show one card of the attempt in progress, with the answers given so far."""
    attempt = opened(slug)
    if attempt is None or not cards_of(attempt):
        return redirect(address("module", slug))
    return card_page(attempt, number=number)


def card_page(
    attempt: OpenAttempt, *, number: int, missing: str = "", menus: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """Return the page of a card; `missing` is a question that was sent without a whole answer, `menus` what was."""
    cards = cards_of(attempt)
    if not 1 <= number <= len(cards):
        return errors.page(404)
    shown = cards[number - 1]
    page = render_template(
        "learn/card.html",
        attempt=attempt,
        card=shown,
        number=number,
        cards=cards,
        answered=answered(attempt, shown),
        newer=is_newer(attempt),
        missing=missing,
        menus=menus or {},
    )
    return page, 400 if missing else 200


def answered(attempt: OpenAttempt, shown: Card) -> dict[str, scoring.Verdict]:
    """Return the verdicts on the questions of a card that have been answered."""
    return {
        question.id: scoring.mark_question(question, tuple(attempt.answers[question.id]))
        for question in shown.questions
        if question.id in attempt.answers
    }


@pages.post("/cards/<int:number>")
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Save one answer and show how it was; with script only the question is sent back."""
    attempt_id, question_id = read_attempt_id(request.form), request.form.get("question", "")
    try:
        marked = learning.save_answer(
            current.database(),
            viewer=current.viewer(),
            attempt_id=attempt_id,
            question_id=question_id,
            answer=partial(read_answer, request.form),
            now=current.now(),
            slug=slug,
        )
    except AnswerUnknown:
        return errors.page(400, words=_("That card asks no such thing. Nothing was changed: go back and answer again."))
    except AttemptNotOpen:
        return not_open()
    done = reading.answered(marked)
    if not done.given:
        menus = read_menus(request.form, done.question)
        return card_page(done.attempt, number=number, missing=question_id, menus=menus)
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template("learn/question.html", answered=done, number=number)
    return redirect(url_for("module.card", slug=slug, number=number, _anchor=f"question-{question_id}"))


@pages.get("/finish")
def finish(slug: str) -> ResponseReturnValue:
    """Say which questions are still open, or offer to send the answers."""
    attempt = opened(slug)
    if attempt is None or not cards_of(attempt):
        return redirect(address("module", slug))
    return render_template("learn/finish.html", attempt=attempt, open=open_cards(attempt))


@pages.post("/finish")
def send(slug: str) -> ResponseReturnValue:
    """Send the attempt; what is unanswered sends the reader back, with everything kept."""
    return send_attempt(unfinished=url_for("module.finish", slug=slug))
