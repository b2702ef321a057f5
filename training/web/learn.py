"""The learner's pages: home, tracks, and what stands before an item is begun."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import _
from training.domain.roles import Role
from training.domain.scenario import Scenario
from training.services import learning, progress
from training.services.learning import AttemptNotOpen, RefresherNotOffered
from training.web import current, errors, reading
from training.web.answers import read_attempt_id
from training.web.attempts import open_cards, opened
from training.web.words import address

pages = Blueprint("learn", __name__)
ITEM = "/<any(module, scenario):kind>s/<slug>"


@pages.get("/home")
def home() -> ResponseReturnValue:
    shown = progress.home(current.database(), viewer=current.viewer(), catalog=current.catalog(), today=current.today())
    return render_template("learn/home.html", home=reading.home(shown))


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
    return render_template("learn/track.html", track=reading.track(shown))


@pages.get(ITEM)
def item(kind: str, slug: str) -> ResponseReturnValue:
    """Show what an item is, where the viewer stands with it, and the button that begins."""
    shown = progress.item_page(
        current.database(),
        viewer=current.viewer(),
        slug=slug,
        kind=kind,
        catalog=current.catalog(),
        today=current.today(),
    )
    twin = current.catalog().easy_reads.get(slug)
    return render_template("learn/item.html", shown=reading.item_page(shown), attempt_id=uuid.uuid4(), twin=twin)


@pages.post(f"{ITEM}/start")
def start(kind: str, slug: str) -> ResponseReturnValue:
    """Open an attempt under the id that the page carried, so that a second tap opens nothing more."""
    attempt_id, role = read_attempt_id(request.form), request.form.get("role", "")
    if role not in set(Role):
        return errors.page(400)
    try:
        learning.begin(
            current.database(),
            viewer=current.viewer(),
            attempt_id=attempt_id,
            slug=slug,
            role=Role(role),
            catalog=current.catalog(),
            now=current.now(),
            as_refresher=request.form.get("kind") == "refresher",
        )
    except AttemptNotOpen:
        return redirect(url_for("record.result", attempt_id=attempt_id))
    except RefresherNotOffered as refusal:
        return errors.page(
            409,
            heading=_("There is no refresher to begin here"),
            words=_("%(refusal)s Nothing was changed.", refusal=refusal),
        )
    return redirect(url_for("learn.go_on", kind=kind, slug=slug))


@pages.get(f"{ITEM}/go-on")
def go_on(kind: str, slug: str) -> ResponseReturnValue:
    """Go to the first card with an open question, to the scene where the story stands, or to the end.

    A refresher with nothing answered begins by saying why it asks what it asks.
    """
    attempt = opened(slug)
    if attempt is None:
        return redirect(address(kind, slug))
    if isinstance(attempt.item, Scenario):
        return redirect(url_for("scenario.scene", slug=slug))
    if attempt.refresher is not None and not attempt.answers:
        return redirect(url_for("module.why", slug=slug))
    if not attempt.answers:
        return redirect(url_for("module.card", slug=slug, number=1))
    first = next(iter(open_cards(attempt)), None)
    return redirect(
        url_for("module.card", slug=slug, number=first.number) if first else url_for("module.finish", slug=slug)
    )
