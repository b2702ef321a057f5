"""Pages that anybody may see: the front page, checking a certificate, and the statements."""

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain.receipt import CodeUnreadable, read_code
from training.domain.roles import Role
from training.services import certificates, health, throttles
from training.services.organisations import NotFound
from training.services.throttles import TooManyTries
from training.web import current, errors, reading
from training.web.forms import CodeForm

pages = Blueprint("public", __name__)
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif")


@pages.get("/")
def front() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("learn.home"))
    catalog = current.catalog()
    tracks = [
        (role, catalog.tracks[role], reading.items(catalog.items_for(role))) for role in Role if role in catalog.tracks
    ]
    return render_template("public/front.html", tracks=tracks)


@pages.get("/check")
def check() -> ResponseReturnValue:
    """Ask for a code, or go to the page of the one given."""
    form = CodeForm(request.args)
    if "code" not in request.args:
        return render_template("public/check.html", form=CodeForm(formdata=None))
    try:
        return redirect(url_for("public.check_code", code=read_code(form.code.data or "")))
    except CodeUnreadable as refusal:
        form.code.errors = [str(refusal)]
    return render_template("public/check.html", form=form), 400


@pages.get("/check/<code>")
def check_code(code: str) -> ResponseReturnValue:
    """Show what a certificate's code stands for: initials, never a name."""
    database, now = current.database(), current.now()
    key = f"check client {request.remote_addr}"
    try:
        throttles.check(database, keys=[key], now=now)
        checked = certificates.check_code(database, code=read_code(code), now=now)
    except TooManyTries as refusal:
        return errors.page(429, words=str(refusal))
    except (CodeUnreadable, NotFound):
        throttles.count(database, keys=[key], now=now)
        return render_template("public/unknown_code.html", code=code), 404
    return render_template("public/checked.html", checked=checked)


@pages.get("/pictures/<any(modules, scenarios, 'easy-read'):folder>/<name>")
def picture(folder: str, name: str) -> ResponseReturnValue:
    """Send a picture that lies beside the content; those of Easy Read twins lie in a folder of their own."""
    if not name.endswith(PICTURES):
        return errors.page(404)
    within = "easy-read/pictures" if folder == "easy-read" else folder
    return send_from_directory(current.config().content_dir.absolute() / within, name)


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("public/privacy.html")


@pages.get("/livez")
def livez() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"alive": True}


@pages.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and has the tables that this code expects, and whether the clock goes."""
    database = current.database()
    wrong = health.what_is_wrong(database)
    if wrong:
        return {"ready": False, "wrong": wrong}, 503
    return {"ready": True, "wrong": [], "clock": health.clock_words(database, now=current.now())}
