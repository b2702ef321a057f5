"""Signing in and out, the one-time link, and choosing between organisations."""

import re

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from training.services import accounts, invites, throttles
from training.services.accounts import SessionUnknown, SignInRefused
from training.services.invites import AccountShared, InviteUnusable, SignInNameTaken
from training.services.passwords import PasswordTooWeak
from training.services.throttles import TooManyTries
from training.web import access, current, errors, held
from training.web.forms import JoinForm, SignInForm

pages = Blueprint("account", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form, status = SignInForm(), 400
    if request.method != "POST":
        status = 200
        if current_user.is_authenticated:
            return redirect(url_for("learn.home"))
        form.next.data = request.args.get("next", "")
    elif form.validate():
        try:
            token = accounts.sign_in(
                current.database(),
                sign_in_name=form.sign_in_name.data,
                password=form.password.data,
                now=current.now(),
                client=request.remote_addr or "",
            )
        except (SignInRefused, TooManyTries) as refusal:
            form.password.errors = [str(refusal)]
            status = 429 if isinstance(refusal, TooManyTries) else 400
        else:
            return enter(token, held_text=form.held.data or "", then=form.next.data or "")
    return render_template("account/sign_in.html", form=form, held=bool(form.held.data), was_signed_in=False), status


def enter(token: str, *, held_text: str = "", then: str = "") -> ResponseReturnValue:
    """Begin the session in a fresh cookie; offer what was held, or go where the reader was going."""
    if not begin_session(token):
        return errors.page(401)
    waiting = held.read(held_text) if held_text else None
    if waiting:
        return render_template("account/held.html", held=waiting, reason="signed-in")
    return redirect(then if is_ours(then) else url_for("learn.home"))


def begin_session(token: str) -> bool:
    """Sign whoever a token stands for in with a fresh cookie, and say whether there is anybody."""
    viewer = accounts.find_viewer(current.database(), token=token, now=current.now())
    if viewer is None:
        return False
    session.clear()
    session.permanent = True
    login_user(access.SignedIn(token=token, viewer=viewer))
    return True


def is_ours(address: str) -> bool:
    """Say whether an address stays on this site: a path, and not one that a browser would take for a host.

    Browsers read a backslash as a slash and leave out tabs and line ends, so that `/<tab>/host` is `//host` to them.
    """
    return re.fullmatch(r"/(?!/)[^\\\x00-\x1f\x7f]*", address) is not None


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    accounts.sign_out(current.database(), token=current_user.get_id(), now=current.now())
    logout_user()
    session.clear()
    flash("You are signed out.")
    response = redirect(url_for("public.front"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> ResponseReturnValue:
    """Let somebody with a one-time link set a password, or join with the account they have."""
    database, now = current.database(), current.now()
    key = f"invite client {request.remote_addr}"
    try:
        throttles.check(database, keys=[key], now=now)
        invite = invites.show_invite(database, token=token, now=now)
        if request.method == "POST" and current_user.is_authenticated:
            return join_signed_in(token)
    except InviteUnusable as refusal:
        throttles.count(database, keys=[key], now=now)
        return errors.page(404, heading="This link does not work", words=str(refusal))
    except TooManyTries as refusal:
        return errors.page(429, words=str(refusal))
    form = JoinForm()
    if request.method == "POST" and form.validate():
        try:
            name = invites.accept_invite(database, token=token, password=form.password.data, now=now)
        except (PasswordTooWeak, SignInNameTaken, AccountShared, InviteUnusable) as refusal:
            form.password.errors = [str(refusal)]
        else:
            return render_template("account/joined.html", sign_in_name=name, invite=invite)
    status = 400 if request.method == "POST" else 200
    return render_template("account/join.html", form=form, invite=invite, token=token), status


def join_signed_in(token: str) -> ResponseReturnValue:
    viewer = current.viewer()
    invites.join_account(current.database(), token=token, account_id=viewer.account_id, now=current.now())
    flash("Your account now leads here too.")
    return redirect(url_for("account.places"))


@pages.route("/places", methods=["GET", "POST"])
def places() -> ResponseReturnValue:
    """Let somebody who belongs to several organisations go from one to another."""
    if request.method == "POST":
        try:
            organisation_id = int(request.form.get("organisation_id", ""))
            accounts.change_place(current.database(), token=current_user.get_id(), organisation_id=organisation_id)
        except (ValueError, SessionUnknown):
            return errors.page(404)
        return redirect(url_for("learn.home"))
    found = accounts.list_places(current.database(), viewer=current.viewer())
    return render_template("account/places.html", places=found)
