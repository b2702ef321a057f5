"""What somebody sent while signed out, kept in the sign-in page itself until it can be sent again."""

from dataclasses import dataclass

from flask import current_app, render_template, request
from itsdangerous import BadData, URLSafeSerializer

from training.web.forms import SignInForm

NEVER_HELD = {"csrf_token", "password"}


@dataclass(frozen=True, slots=True)
class Held:
    """A form as it was sent: where to, and its fields."""

    path: str
    fields: list[tuple[str, str]]


def serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="held form")


def hold() -> str:
    """Return the present form as a signed text that the page carries."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_HELD]
    return serializer().dumps([request.path, fields])


def read(text: str) -> Held | None:
    """Return a held form, or None where the text is not one of ours."""
    try:
        path, fields = serializer().loads(text)
    except BadData:
        return None
    return Held(path=path, fields=[(name, value) for name, value in fields])


def page(text: str, *, was_signed_in: bool) -> str:
    """Return the sign-in page that carries a held form."""
    form = SignInForm(formdata=None, held=text)
    return render_template("account/sign_in.html", form=form, held=True, was_signed_in=was_signed_in)
