"""Going through a scenario, a choice at a time."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain import scoring
from training.domain.language import _
from training.domain.scenario import Scenario
from training.domain.scoring import ChoiceNotOffered
from training.services import learning
from training.services.learning import AttemptNotOpen
from training.web import current, errors
from training.web.answers import read_attempt_id
from training.web.attempts import is_newer, not_open, opened, send_attempt
from training.web.words import address

pages = Blueprint("scenario", __name__, url_prefix="/scenarios/<slug>")


@pages.get("/play")
def scene(slug: str) -> ResponseReturnValue:
    """Show where the story stands: the scene, what the last choice led to, and the choices now."""
    attempt = opened(slug)
    if attempt is None or not isinstance(attempt.item, Scenario):
        return redirect(address("scenario", slug))
    walk = scoring.walk(attempt.item, attempt.answers["choices"])
    return render_template("learn/scene.html", attempt=attempt, walk=walk, newer=is_newer(attempt))


@pages.post("/play")
def choose(slug: str) -> ResponseReturnValue:
    """Take a choice; one taken twice, or from a page left open, changes nothing."""
    attempt_id, attempt = read_attempt_id(request.form), opened(slug)
    if attempt is None or attempt.attempt_id != attempt_id or not isinstance(attempt.item, Scenario):
        return not_open()
    try:
        learning.choose(
            current.database(),
            viewer=current.viewer(),
            attempt_id=attempt_id,
            step=int(request.form.get("step", "-1")),
            choice=request.form.get("choice", ""),
            now=current.now(),
        )
    except (ChoiceNotOffered, ValueError):
        return errors.page(
            400, words=_("The story offers no such choice here. Nothing was changed: go back and choose.")
        )
    except AttemptNotOpen:
        return not_open()
    return redirect(url_for("scenario.scene", slug=slug, _anchor="scene"))


@pages.post("/finish")
def send(slug: str) -> ResponseReturnValue:
    """Send the story once it has ended; before that, go on with it."""
    return send_attempt(unfinished=url_for("scenario.scene", slug=slug))
