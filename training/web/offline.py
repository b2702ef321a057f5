"""Learning with no network: the service worker, the page it falls back on, what a device keeps, and what it sends."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.catalog.tracks import Track
from training.domain import translation
from training.domain.language import Language
from training.domain.refresher import Refresher
from training.domain.roles import Role
from training.services import device_attempts, offline_track
from training.services.device_attempts import Receipt
from training.services.offline_track import Begun, Kept, Offered
from training.services.versions import VersionUnknown
from training.web import assets, current, errors, languages, offline_content, reading, sendings
from training.web.offline_tokens import Bearer, carry_key, carry_token, encoded, person_key, sign_ticket

pages = Blueprint("offline", __name__)
KEPT_ASSETS = ("main.css", "main.js", "offline.js", "icon-192.png")


@pages.get("/sw.js")
def worker() -> ResponseReturnValue:
    """Send the service worker, told which files of this version it keeps."""
    names = [assets.asset(name) for name in assets.names() if name in KEPT_ASSETS or name.startswith("nhsuk-icon")]
    script = assets.read_built("sw.js")
    words = {one.value: assets.asset(f"words-{one.value}.js") for one in Language if one is not Language.ENGLISH}
    version = assets.digest([*names, *words.values(), script])
    kept = {"version": version, "assets": names, "shell": url_for("offline.shell"), "words": words}
    body = f"self.KEPT = {json.dumps(kept)};\n{script}"
    response = Response(body, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@pages.get("/offline")
def shell() -> ResponseReturnValue:
    """Show the page that a device draws its kept training in, in the language it asks for; it knows nobody."""
    if request.args.get("language") in set(Language):
        languages.speak(Language(request.args["language"]))
    return render_template("offline/shell.html", viewer=None)


@pages.get("/offline/me")
def me() -> ResponseReturnValue:
    """Say what the learner's device keeps, and give it its tickets."""
    viewer = current.viewer()
    kept = offline_track.to_keep(current.database(), viewer=viewer, catalog=current.catalog(), now=current.now())
    token = carry_token(viewer)
    return jsonify(
        person=person_key(viewer),
        name=viewer.name,
        organisation=viewer.organisation_name,
        made_at=current.now().isoformat(),
        today=current.today().isoformat(),
        carry={"token": token, "key": encoded(carry_key(token))},
        tracks=[track_kept(one) for one in kept.tracks],
        items=[item_kept(one) for one in kept.items],
    )


def item_kept(kept: Kept) -> dict[str, Any]:
    """Return an item as the list of what is kept has it."""
    shown, drawn = reading.shown(kept.shown), offline_content.drawn(kept.item, kept.role)
    return {
        "slug": shown.slug,
        "kind": shown.kind,
        "title": shown.title,
        "lang": translation.language_of(reading.translated(shown.slug) or kept.item),
        "summary": shown.summary,
        "minutes": shown.minutes,
        "hash": kept.item.content_hash,
        "role": kept.role.value,
        "status": shown.status.value if shown.status else "",
        "status_words": shown.status.label if shown.status else "",
        "reason": shown.reason,
        "address": drawn.address,
        "bytes": len(drawn.body),
        "ticket": sign_ticket(kept.ticket, viewer=current.viewer()),
        "refresher": refresher(kept.offered) if kept.offered else None,
        "draft": draft(kept.begun) if kept.begun else None,
    }


def refresher(offered: Offered) -> dict[str, Any]:
    """Return a refresher that is enough."""
    return {
        "ticket": sign_ticket(offered.ticket, viewer=current.viewer()),
        "minutes": offered.minutes,
        **asked_and_why(offered.refresher),
    }


def asked_and_why(chosen: Refresher) -> dict[str, Any]:
    """Return the questions of a refresher, the sentence that says why each, its cards, and which of them changed."""
    return {
        "question_ids": list(chosen.question_ids),
        "why": [asked.sentence for asked in chosen.asked],
        "cards": [card.slug for card in chosen.shortened],
        "changed": [card.slug for card in chosen.shortened if chosen.says_changed(card)],
    }


def draft(begun: Begun) -> dict[str, Any]:
    """Return what is half-done on the server, with the version that it was begun with."""
    attempt = begun.attempt
    asked = {"question_ids": None} if attempt.refresher is None else asked_and_why(attempt.refresher)
    return {
        "attempt_id": str(attempt.attempt_id),
        "hash": attempt.item.content_hash,
        "role": attempt.role.value,
        "address": offline_content.drawn(attempt.item, attempt.role).address,
        "ticket": sign_ticket(begun.ticket, viewer=current.viewer()),
        "answers": dict(attempt.answers),
        "started_at": attempt.started_at.isoformat(),
        **asked,
    }


def track_kept(track: Track) -> dict[str, Any]:
    """Return a track as the list of what is kept has it."""
    names = {"role": track.role.value, "title": track.title, "purpose": track.purpose}
    return {**names, "core": list(track.core), "further": list(track.further)}


@pages.get("/offline/items/<content_hash>/<role>")
def item(content_hash: str, role: str) -> ResponseReturnValue:
    """Send an item as a device keeps it, in its reader's words; what an address was given for never changes."""
    try:
        found = offline_track.item_at(current.database(), viewer=current.viewer(), content_hash=content_hash)
    except VersionUnknown:
        return errors.page(404)
    if role not in set(found.roles):
        return errors.page(404)
    drawn = offline_content.drawn(found, Role(role))
    response = Response(drawn.body, mimetype="application/json")
    # An address from before its reader chose another language is good for what they began with it, and for no longer.
    is_named = drawn.address == request.full_path
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable" if is_named else "no-store"
    return response


@pages.post("/offline/attempts")
def attempts() -> ResponseReturnValue:
    """Take in what a device did with no network; each attempt gets a receipt, the same however often it is sent."""
    viewer, sent = current.viewer(), sendings.read_object(request.get_data())
    if sent.get("person") != person_key(viewer):
        return jsonify(belongs="another"), 409
    carried, forged = sendings.read_attempts(sent, bearer=Bearer(viewer.organisation_id, viewer.person_id))
    receipts = device_attempts.receive(current.database(), viewer=viewer, carried=carried, now=current.now())
    return jsonify(receipts=[receipt_json(one) for one in [*receipts, *forged]])


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as a device reads it."""
    holds = dict(receipt.holds)
    return {
        "attempt_id": str(receipt.attempt_id),
        "state": receipt.state.value,
        "words": receipt.words,
        "attempt_id_to_use": str(receipt.attempt_id_to_use),
        "answers": len(holds["choices"]) if "choices" in holds else sorted(holds),
        "holds": holds,
        "passed": receipt.passed,
        "percent": receipt.percent,
        "code": receipt.code,
        "time_replaced": receipt.time_replaced,
    }
