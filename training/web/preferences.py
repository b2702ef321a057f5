"""How pages look to whoever reads them: kept with their account, and in a cookie for where nobody is signed in."""

from flask import Blueprint, Flask, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField, RadioField, SelectChoice
from wtforms.validators import AnyOf

from training.domain.language import N_, Language, _
from training.domain.looks import Colours, Looks, TextSize, read_looks
from training.services import personal
from training.web import current, languages, shared
from training.web.forms import Form
from training.web.later import label_of, later, later_with

pages = Blueprint("preferences", __name__, url_prefix="/settings/looks")
# The longest that browsers keep a cookie.
KEPT_FOR = 400 * 24 * 60 * 60


def init(app: Flask) -> None:
    """Have every page speak the language of whoever reads it."""
    languages.init(app, chosen=lambda: shown().language)


def one_of(label: str, choices: type[Language | TextSize | Colours]) -> RadioField:
    """Return radio buttons, which say in words of their own that none was chosen."""
    return RadioField(
        label,
        [AnyOf([one.value for one in choices], later_with(N_("%(label)s: choose one of these."), label=label))],
        choices=[SelectChoice(one.value, label_of(one)) for one in choices],
        validate_choice=False,
    )


class LooksForm(Form):
    """What somebody chooses; the usual stands chosen from the beginning."""

    language = one_of(later("Language"), Language)
    text = one_of(later("Text size"), TextSize)
    colours = one_of(later("Light or dark"), Colours)
    is_calm = BooleanField(later("Calm mode: nothing moves, no bright boxes, and fewer things on the page at once"))

    def looks(self) -> Looks:
        """Return the choices."""
        return Looks(
            text=TextSize(self.text.data),
            colours=Colours(self.colours.data),
            is_calm=self.is_calm.data,
            language=Language(self.language.data),
        )


def section() -> LooksForm:
    """Return the form as it stands in the settings: what is seen is what is chosen."""
    looks = shown()
    chosen = {name: getattr(looks, name) for name in ("language", "text", "colours", "is_calm")}
    return LooksForm(formdata=None, **chosen)


def shown() -> Looks:
    """Return how the pages of this request look."""
    if "looks" not in g:
        g.looks = read_looks(kept())
    return g.looks


def kept() -> str:
    """Return what is kept for whoever reads; on a shared tablet that is what their account says, or nothing."""
    looks = current.viewer().looks if current_user.is_authenticated else None
    if looks is None and shared.device() is None:
        return request.cookies.get(cookie_name(), "")
    return looks or ""


def cookie_name() -> str:
    """Return what the cookie is called that keeps the choices in a browser."""
    return "__Host-looks" if current.config().is_secure else "looks"


@pages.route("", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """Let anybody choose, signed in or not; on a shared tablet only whoever is signed in."""
    if not current_user.is_authenticated and shared.device():
        return redirect(url_for("tablet.names"))
    if request.method == "POST":
        form = LooksForm()
        return save(form.looks()) if form.validate() else (render_template("mine/looks.html", looks_form=form), 400)
    if current_user.is_authenticated:
        return redirect(url_for("mine.settings", _anchor="looks"))
    return render_template("mine/looks.html", looks_form=section())


def save(looks: Looks) -> Response:
    """Keep the choices, and show the page that they were made on as it looks now."""
    languages.speak(looks.language)
    flash(_("This is how your pages look from now on."), "success")
    if not current_user.is_authenticated:
        return keep(make_response(redirect(url_for("preferences.choose"))), looks)
    personal.change_looks(current.database(), viewer=current.viewer(), looks=looks)
    response = make_response(redirect(url_for("mine.settings", _anchor="looks")))
    return response if current.viewer().tablet_id else keep(response, looks)


def keep(response: Response, looks: Looks) -> Response:
    """Keep the choices in the browser, for the pages before the next sign-in."""
    response.set_cookie(cookie_name(), looks.kept, max_age=KEPT_FOR, **flags())
    return response


def forget(response: Response) -> Response:
    """Have the browser forget the choices of whoever signs out; what their account keeps stays."""
    if cookie_name() in request.cookies:
        response.delete_cookie(cookie_name(), **flags())
    return response


def flags() -> dict[str, bool | str]:
    """Return what every cookie of ours is."""
    return {"secure": current.config().is_secure, "httponly": True, "samesite": "Lax"}
