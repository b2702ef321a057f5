"""The learner's pages: home, tracks, and going through a module or a scenario."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain import scoring
from training.domain.module import Card, Module
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.domain.scoring import AnswerUnknown, ChoiceNotOffered
from training.services import learning, progress
from training.services.learning import AnswersMissing, AttemptNotOpen, OpenAttempt
from training.web import current, errors
from training.web.answers import read_answer, read_attempt_id

pages = Blueprint("learn", __name__)


@pages.get("/home")
def home() -> ResponseReturnValue:
    shown = progress.home(current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today())
    return render_template("learn/home.html", home=shown)


@pages.get("/tracks/<role>")
def track(role: str) -> ResponseReturnValue:
    if role not in set(Role):
        return errors.page(404)
    shown = progress.track(
        current.database(),
        viewer=current.viewer(),
        role=Role(role),
        catalog=current.catalog(),
        today=current.today(),
    )
    return render_template("learn/track.html", track=shown)


@pages.get("/modules/<slug>")
@pages.get("/scenarios/<slug>")
def item(slug: str) -> ResponseReturnValue:
    """Show what an item is, where the viewer stands with it, and the button that begins."""
    shown = progress.item_page(
        current.database(),
        viewer=current.viewer(),
        slug=slug,
        kind=kind_asked(),
        catalog=current.catalog(),
        today=current.today(),
    )
    return render_template("learn/item.html", shown=shown, attempt_id=uuid.uuid4())


def kind_asked() -> str:
    """Return the kind of item in the address: module or scenario."""
    return "module" if request.path.startswith("/modules/") else "scenario"


@pages.post("/modules/<slug>/start")
@pages.post("/scenarios/<slug>/start")
def start(slug: str) -> ResponseReturnValue:
    """Open an attempt under the id that the page carried, so that a second tap opens nothing more."""
    role = request.form.get("role", "")
    if role not in set(Role):
        return errors.page(400)
    try:
        learning.begin(
            current.database(),
            viewer=current.viewer(),
            attempt_id=read_attempt_id(request.form),
            slug=slug,
            role=Role(role),
            catalog=current.catalog(),
            now=current.now(),
        )
    except AttemptNotOpen:
        return redirect(url_for("record.result", attempt_id=read_attempt_id(request.form)))
    if kind_asked() == "scenario":
        return redirect(url_for("learn.scene", slug=slug))
    return redirect(url_for("learn.card", slug=slug, number=1))


@pages.get("/<any(module, scenario):kind>s/<slug>/go-on")
def go_on(kind: str, slug: str) -> ResponseReturnValue:
    """Go to the first card with an open question, to the scene where the story stands, or to the end."""
    attempt = opened(slug)
    if attempt is None:
        return redirect(f"/{kind}s/{slug}")
    if isinstance(attempt.item, Scenario):
        return redirect(url_for("learn.scene", slug=slug))
    first = next(iter(open_questions(attempt)), None)
    return redirect(url_for("learn.card", slug=slug, number=first[0]) if first else f"/modules/{slug}/finish")


def opened(slug: str) -> OpenAttempt | None:
    return learning.open_attempt(current.database(), viewer=current.viewer(), slug=slug)


@pages.get("/modules/<slug>/cards/<int:number>")
def card(slug: str, number: int) -> ResponseReturnValue:
    """Show one card of the attempt in progress, with the answers given so far."""
    attempt = opened(slug)
    if attempt is None or not isinstance(attempt.item, Module):
        return redirect(url_for("learn.item", slug=slug))
    cards = attempt.item.cards[attempt.role]
    if not 1 <= number <= len(cards):
        return errors.page(404)
    return render_template(
        "learn/card.html",
        attempt=attempt,
        card=cards[number - 1],
        number=number,
        cards=cards,
        answered=answered(attempt, cards[number - 1]),
        newer=is_newer(attempt),
        missing="",
    )


def is_newer(attempt: OpenAttempt) -> bool:
    """Say whether the content has changed since the attempt began."""
    today = current.catalog().find(attempt.item.slug)
    return today is not None and today.content_hash != attempt.item.content_hash


def answered(attempt: OpenAttempt, shown: Card) -> dict[str, scoring.Verdict]:
    """Return the verdicts on the questions of a card that have been answered."""
    return {
        question.id: scoring.mark_question(question, tuple(attempt.answers[question.id]))
        for question in shown.questions
        if question.id in attempt.answers
    }


@pages.post("/modules/<slug>/cards/<int:number>")
def answer(slug: str, number: int) -> ResponseReturnValue:
    """Save one answer and show how it was; with script only the question is sent back."""
    attempt_id, question_id = read_attempt_id(request.form), request.form.get("question", "")
    attempt = opened(slug)
    if attempt is None or attempt.attempt_id != attempt_id or not isinstance(attempt.item, Module):
        return not_open()
    try:
        question = scoring.find_question(attempt.item, role=attempt.role, question_id=question_id)
        given = read_answer(request.form, question)
        if not given:
            return card_again(attempt, number=number, question_id=question_id)
        verdict = learning.save_answer(
            current.database(),
            viewer=current.viewer(),
            attempt_id=attempt_id,
            question_id=question_id,
            answer=given,
            now=current.now(),
        )
    except AnswerUnknown as refusal:
        return errors.page(400, words=str(refusal))
    except AttemptNotOpen:
        return not_open()
    if request.headers.get("X-Requested-With") == "fetch":
        return render_template(
            "learn/question.html", attempt=attempt, question=question, verdict=verdict, number=number
        )
    return redirect(url_for("learn.card", slug=slug, number=number, _anchor=f"question-{question_id}"))


def card_again(attempt: OpenAttempt, *, number: int, question_id: str) -> ResponseReturnValue:
    """Show the card again where an answer was sent without a choice."""
    assert isinstance(attempt.item, Module)
    cards = attempt.item.cards[attempt.role]
    if not 1 <= number <= len(cards):
        return errors.page(404)
    page = render_template(
        "learn/card.html",
        attempt=attempt,
        card=cards[number - 1],
        number=number,
        cards=cards,
        answered=answered(attempt, cards[number - 1]),
        newer=is_newer(attempt),
        missing=question_id,
    )
    return page, 400


def not_open() -> ResponseReturnValue:
    """Explain that an attempt was sent already, perhaps from another tab or device."""
    return errors.page(
        409,
        heading="This attempt is not open any more",
        words="It was finished already, perhaps in another tab or on another phone, or it belongs to somebody else. "
        "Nothing was changed. What you finished is in your record.",
    )


@pages.route("/modules/<slug>/finish", methods=["GET", "POST"])
@pages.route("/scenarios/<slug>/finish", methods=["GET", "POST"])
def finish(slug: str) -> ResponseReturnValue:
    """Send the attempt, or say which questions are still open."""
    if request.method == "GET":
        attempt = opened(slug)
        if attempt is None:
            return redirect(url_for("learn.item", slug=slug))
        if isinstance(attempt.item, Scenario):
            return redirect(url_for("learn.scene", slug=slug))
        return render_template("learn/finish.html", attempt=attempt, open=open_questions(attempt), missing=False)
    attempt_id = read_attempt_id(request.form)
    try:
        receipt = learning.finish(current.database(), viewer=current.viewer(), attempt_id=attempt_id, now=current.now())
    except AnswersMissing:
        attempt = opened(slug)
        if attempt is None or isinstance(attempt.item, Scenario):
            return redirect(url_for("learn.scene", slug=slug))
        return render_template("learn/finish.html", attempt=attempt, open=open_questions(attempt), missing=True), 400
    except AttemptNotOpen:
        return not_open()
    return redirect(url_for("record.result", attempt_id=receipt.attempt_id))


def open_questions(attempt: OpenAttempt) -> list[tuple[int, Card, int]]:
    """Return the cards with questions still open: number, card, and how many."""
    assert isinstance(attempt.item, Module)
    counted = [
        (number, card, sum(question.id not in attempt.answers for question in card.questions))
        for number, card in enumerate(attempt.item.cards[attempt.role], start=1)
    ]
    return [row for row in counted if row[2]]


@pages.get("/scenarios/<slug>/play")
def scene(slug: str) -> ResponseReturnValue:
    """Show where the story stands: the scene, what the last choice led to, and the choices now."""
    attempt = opened(slug)
    if attempt is None or not isinstance(attempt.item, Scenario):
        return redirect(url_for("learn.item", slug=slug))
    walk = scoring.walk(attempt.item, attempt.answers["choices"])
    return render_template("learn/scene.html", attempt=attempt, walk=walk, newer=is_newer(attempt))


@pages.post("/scenarios/<slug>/play")
def choose(slug: str) -> ResponseReturnValue:
    """Take a choice; one taken twice, or from a page left open, changes nothing."""
    try:
        learning.choose(
            current.database(),
            viewer=current.viewer(),
            attempt_id=read_attempt_id(request.form),
            step=int(request.form.get("step", "-1")),
            choice=request.form.get("choice", ""),
            now=current.now(),
        )
    except (ChoiceNotOffered, ValueError):
        return errors.page(400, words="The story offers no such choice here. Nothing was changed: go back and choose.")
    except AttemptNotOpen:
        return not_open()
    return redirect(url_for("learn.scene", slug=slug, _anchor="scene"))
