"""Pages for what goes wrong, in words: what happened, what was kept, what to do."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from training.domain.language import N_, _
from training.services.organisations import NotAllowed, NotFound
from training.web import held, shared
from training.web.as_of import DayRefused

WORDS = {
    400: (
        N_("That could not be read"),
        N_("Something in the address or the form was not as expected. Nothing was changed."),
    ),
    401: (N_("You are signed out"), N_("Sign in to go on.")),
    403: (N_("You cannot see this page"), N_("It is for managers. If you need it, ask your training manager.")),
    404: (N_("Page not found"), N_("The address may be mistyped, or the page may not be yours to see.")),
    405: (N_("That cannot be done here"), N_("Go back and use the buttons on the page. Nothing was changed.")),
    413: (N_("That is too big to send"), N_("Nothing was changed. Send less at once.")),
    429: (N_("Too many tries"), N_("Wait a few minutes and try again.")),
    500: (N_("Something went wrong"), N_("It is our fault. What you had sent before is kept. Try again in a minute.")),
}


def init(app: Flask) -> None:
    app.register_error_handler(CSRFError, send_again)
    app.register_error_handler(HTTPException, explain)
    app.register_error_handler(DayRefused, lambda error: page(400, words=str(error)))
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(NotAllowed, lambda _error: page(403))
    app.register_error_handler(Exception, lambda error: fail(app, error))


def page(code: int, *, heading: str = "", words: str = "", may_sign_in: bool = False) -> ResponseReturnValue:
    """Return the page for a status code; whoever may have an account already is led to where they sign in."""
    usual_heading, usual_words = WORDS.get(code, WORDS[400])
    if code >= 500:
        g.failed = True
    said = {"heading": heading or _(usual_heading), "words": words or _(usual_words)}
    return render_template("error.html", **said, may_sign_in=may_sign_in), code


def explain(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    # Such as which methods are allowed, or for how long to wait.
    more = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return *page(error.code), more


def send_again(_error: CSRFError) -> ResponseReturnValue:
    """Keep what was sent with a page that had been open for too long, or came from elsewhere.

    On a shared tablet the page may be that of the person before, so it is shown to nobody.
    """
    if shared.device() is not None:
        return page(400, words=_("The page was from before somebody last signed in. Nothing was changed. Do it again."))
    return render_template("account/held.html", held=held.read(held.hold()), reason="csrf"), 400


def fail(app: Flask, error: Exception) -> ResponseReturnValue:
    if app.testing:
        raise error
    app.logger.exception("unexpected", exc_info=error)
    return page(500)
