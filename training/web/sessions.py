"""The cookie of a session: signed by one signer for good, and no business of files that are the same for everybody."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions; a built file neither reads nor sets one, so that it is kept whoever is signed in."""

    def __init__(self) -> None:
        super().__init__()
        self.signers: dict[object, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of the application's secret, made once."""
        secret = app.secret_key
        if secret not in self.signers:
            self.signers[secret] = super().get_signing_serializer(app)
        return self.signers[secret]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save a session, and say that the answer depends on it, for anything but files."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def init(app: Flask) -> None:
    app.session_interface = Sessions()
