"""The preview for authors: a server of its own on this machine, with every item as each role reads it."""

import socket
import time
from collections.abc import Callable, Iterator
from itertools import count

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.serving import WSGIRequestHandler, make_server

from training import clock
from training.catalog.desk import Desk, Proof
from training.config import Config
from training.domain.days import format_day
from training.domain.roles import Role
from training.web import assets, languages
from training.web.headers import CONTENT_SECURITY_POLICY

HOST = "127.0.0.1"
# As for learners, but for the phone: a page of ours in a frame on a page of ours.
POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'")
LOOK_EVERY = 0.25
SAY_SOMETHING_EVERY = 20
PICTURES = {".svg", ".png", ".jpg", ".webp"}

pages = Blueprint("preview", __name__)


class PortTaken(Exception):
    """The preview cannot be served because something else listens on its port."""


class _Quiet(WSGIRequestHandler):
    """Serves without a line for every request."""

    def log_request(self, *_details: object) -> None:
        """Say nothing."""


def create_preview(config: Config, *, role: Role) -> Flask:
    """Return the preview of a content folder: no database, nobody signed in, and no part of the application."""
    app = Flask("training")
    app.config["TRUSTED_HOSTS"] = [HOST, "localhost"]
    app.extensions["desk"] = Desk(config.content_dir)
    app.extensions["role"] = role
    app.extensions["today"] = lambda: clock.today(config.time_zone)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=format_day, explained=lambda text: desk().glossary.explain(text))
    languages.give_words(app)
    assets.init(app)
    app.after_request(protect)
    app.register_blueprint(pages)
    return app


def serve(config: Config, *, port: int, role: Role, started: Callable[[str], None]) -> None:
    """Serve the preview on this machine alone until stopped.

    Raises: PortTaken.
    """
    try:
        listener = socket.create_server((HOST, port))
    except OSError as error:
        raise PortTaken(f"Port {port} is taken: give another one with --port.") from error
    with listener:
        app = create_preview(config, role=role)
        server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
        started(f"The preview of {config.content_dir} is at http://{HOST}:{port}/ (Ctrl+C stops it).")
        server.serve_forever()


def desk() -> Desk:
    """Return the desk of the present preview."""
    return current_app.extensions["desk"]


def protect(response: Response) -> Response:
    """Add the headers that learners' pages have, and keep nothing."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@pages.get("/")
def items() -> ResponseReturnValue:
    """List every item, and the faults that are in none of them."""
    seen = desk().mark()
    return render_template(
        "preview/items.html", proofs=desk().proofs(), faults=desk().other_faults(), seen=seen, role=asked_role()
    )


@pages.get("/<any(modules,scenarios):folder>/<slug>")
def item(folder: str, slug: str) -> ResponseReturnValue:
    """Show an item as a role reads it, beside what the check says of its file."""
    seen = desk().mark()
    proof = found(folder, slug)
    hints = desk().hints(proof, today=current_app.extensions["today"]())
    return render_template("preview/item.html", proof=proof, hints=hints, seen=seen, role=role_for(proof))


@pages.get("/phone/<any(modules,scenarios):folder>/<slug>")
def phone(folder: str, slug: str) -> ResponseReturnValue:
    """Show what stands on the phone: the last good state of the item."""
    proof = found(folder, slug)
    if proof.item is None:
        abort(404)
    return render_template("preview/phone.html", item=proof.item, role=role_for(proof))


@pages.get("/changes")
def changes() -> ResponseReturnValue:
    """Tell a page that has seen one state of the folder as soon as there is another."""
    return Response(tell_of_change(desk(), request.args.get("seen", "")), mimetype="text/event-stream")


def tell_of_change(watched: Desk, seen: str, *, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """Yield server-sent events: remarks that keep the connection open, and at last that something has changed."""
    for beat in count():
        if watched.mark() != seen:
            yield "data: changed\n\n"
            return
        if beat % SAY_SOMETHING_EVERY == 0:
            yield ": nothing new\n\n"
        pause(LOOK_EVERY)


@pages.get("/glossary")
def glossary() -> ResponseReturnValue:
    """Show the words that items explain."""
    seen = desk().mark()
    desk().proofs()
    terms = desk().glossary.terms.values()
    return render_template("preview/glossary.html", terms=terms, seen=seen, role=asked_role())


@pages.get("/pictures/<any(modules,scenarios):folder>/<name>")
def picture(folder: str, name: str) -> ResponseReturnValue:
    """Send a picture that lies beside the items."""
    if not any(name.endswith(suffix) for suffix in PICTURES):
        abort(404)
    return send_from_directory((desk().content_dir / folder).absolute(), name)


@pages.get("/<path:_elsewhere>")
def elsewhere(_elsewhere: str) -> ResponseReturnValue:
    """Say that an address which may be right for learners is not shown here."""
    return render_template("preview/elsewhere.html", seen=desk().mark(), role=asked_role()), 404


def found(folder: str, slug: str) -> Proof:
    """Return an item by its address, or answer that there is none."""
    return desk().proof(folder.removesuffix("s"), slug) or abort(404)


def asked_role() -> Role:
    """Return the role in the address, or the one that the preview was started for."""
    asked = request.args.get("role", "")
    return Role(asked) if asked in list(Role) else current_app.extensions["role"]


def role_for(proof: Proof) -> Role:
    """Return the role to read an item as: the one asked for, or the first of its own."""
    asked = asked_role()
    return asked if proof.item is None or asked in proof.item.roles else proof.item.roles[0]
