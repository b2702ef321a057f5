"""The floors of pages: one that says hello, and one that shows nothing to somebody who is signed in."""

import secrets
import uuid

from flask import Flask, render_template
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_wtf.csrf import CSRFProtect
from jinja2 import DictLoader
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from training.db import Database
from training.models import Account

PAGE = """<!doctype html><title>Hello</title>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>
<p>Hello, {{ current_user.get_id() }}.</p>
"""


class Somebody(UserMixin):
    """Whoever is signed in, by the id of their account."""

    def __init__(self, account_id: str) -> None:
        self.id = account_id


def hello() -> FlaskClient:
    """Return a browser of the barest application that answers with a page."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>Hello</title><p>Hello.")
    return app.test_client()


def signed_in(database: Database) -> FlaskClient:
    """Return a browser signed in to an application made plainly of the same parts as ours, which shows nothing.

    Each page looks in the same database for who is signed in, by one query, and has a form that is safe to send.
    """
    app, sessions = Flask("signed in"), sessionmaker(database.engine)
    app.secret_key = secrets.token_hex()
    app.jinja_loader = DictLoader({"page.html": PAGE})
    CSRFProtect(app)
    manager = LoginManager(app)
    with sessions() as session:
        first = session.scalars(select(Account.id).limit(1)).one()

    @manager.user_loader
    def find(account_id: str) -> Somebody | None:
        with sessions() as session:
            return Somebody(account_id) if session.get(Account, uuid.UUID(account_id)) else None

    app.add_url_rule("/", view_func=login_required(lambda: render_template("page.html")), endpoint="page")
    app.add_url_rule("/sign-in", view_func=lambda: str(login_user(Somebody(str(first)))), endpoint="sign_in")
    client = app.test_client()
    client.get("/sign-in")
    return client
