"""What somebody sent while signed out, kept in the sign-in page itself until it can be sent again."""

from dataclasses import dataclass

from flask import current_app, render_template, request
from itsdangerous import BadData, URLSafeSerializer

from training.services.passkeys import Party
from training.web import current
from training.web.forms import SignInForm

NEVER_HELD = {"csrf_token", "password", "credential", "pin", "again", "old"}


@dataclass(frozen=True, slots=True)
class Held:
    """A form as it was sent: where to, and its fields."""

    path: str
    fields: list[tuple[str, str]]


def serializer(whose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"held form {whose}".strip())


def hold(*, whose: str = "") -> str:
    """Return the present form as a signed text that the page carries; `whose` keeps it for one person."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_HELD]
    return serializer(whose).dumps([request.path, fields])


def read(text: str, *, whose: str = "") -> Held | None:
    """Return a held form, or None where the text is not one of ours, or is kept for somebody else."""
    try:
        path, fields = serializer(whose).loads(text)
    except BadData:
        return None
    return Held(path=path, fields=[(name, value) for name, value in fields])


def page(text: str, *, was_signed_in: bool) -> str:
    """Return the sign-in page that carries a held form."""
    form = SignInForm(formdata=None, held=text)
    known = {"held": True, "was_signed_in": was_signed_in, "party": Party.of(current.config().base_url)}
    return render_template("account/sign_in.html", form=form, **known)
