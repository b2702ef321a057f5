"""Signing in and out, joining by a slip's link or code, and choosing between organisations."""

import re

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from training.domain.device_words import device_words
from training.domain.language import _
from training.domain.slip import CodeUnreadable, read_code
from training.services import accounts, invites, throttles
from training.services.accounts import SessionUnknown, SignInRefused
from training.services.invites import AccountShared, InviteUnusable, InviteUsed, InviteView, SignInNameTaken
from training.services.passkeys import Party
from training.services.passwords import PasswordTooWeak
from training.services.throttles import TooManyTries
from training.web import access, current, errors, held, preferences
from training.web.forms import JoinForm, SignInForm, SlipCodeForm

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
                device=device_words(request.headers.get("User-Agent", "")),
            )
        except (SignInRefused, TooManyTries) as refusal:
            form.password.errors = [str(refusal)]
            status = 429 if isinstance(refusal, TooManyTries) else 400
        else:
            return enter(token, held_text=form.held.data or "", then=form.next.data or "")
    return sign_in_page(form), status


def sign_in_page(form: SignInForm) -> str:
    """Return the page with both ways to sign in."""
    known = {"held": bool(form.held.data), "was_signed_in": False, "party": Party.of(current.config().base_url)}
    return render_template("account/sign_in.html", form=form, **known)


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
    flash(_("You are signed out."))
    response = make_response(redirect(url_for("public.front")))
    response.headers["Clear-Site-Data"] = '"cache"'
    return preferences.forget(response)


@pages.route("/join", methods=["GET", "POST"])
def join_by_code() -> ResponseReturnValue:
    """Let somebody type the code of their slip, and lead to the page behind it."""
    form, status = SlipCodeForm(), 400
    if request.method != "POST":
        status = 200
    elif form.validate():
        try:
            code = read_code(form.code.data or "")
            invite_behind(code)
        except (CodeUnreadable, InviteUnusable, TooManyTries) as refusal:
            form.code.errors = [str(refusal)]
            status = 429 if isinstance(refusal, TooManyTries) else 400
        else:
            return redirect(url_for("account.join", token=code), 303)
    return render_template("account/join_code.html", form=form), status


@pages.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> ResponseReturnValue:
    """Let somebody with a slip, by its link or its code, set a password, or join with the account they have."""
    try:
        invite = invite_behind(token)
        if request.method == "POST" and current_user.is_authenticated:
            return join_signed_in(token)
    except (InviteUnusable, TooManyTries) as refusal:
        return not_joined(refusal)
    form = JoinForm()
    if request.method == "POST" and form.validate():
        try:
            name = invites.accept_invite(
                current.database(), token=token, password=form.password.data, now=current.now()
            )
        except (PasswordTooWeak, SignInNameTaken, AccountShared, InviteUnusable) as refusal:
            form.password.errors = [str(refusal)]
        else:
            return render_template("account/joined.html", sign_in_name=name, invite=invite, by_passkey=False)
    return join_page(form, invite, token=token), 400 if request.method == "POST" else 200


def invite_behind(token: str) -> InviteView:
    """Return what is behind a link or a code, slowing down whoever guesses.

    Raises:
        InviteUnusable, TooManyTries: in words.
    """
    database, now, key = current.database(), current.now(), f"invite client {request.remote_addr}"
    throttles.check(database, keys=[key], now=now)
    try:
        return invites.show_invite(database, token=token, now=now)
    except InviteUnusable:
        throttles.count(database, keys=[key], now=now)
        raise


def not_joined(refusal: Exception) -> ResponseReturnValue:
    """Return the page that says why a link or a code leads nowhere."""
    if isinstance(refusal, TooManyTries):
        return errors.page(429, words=str(refusal))
    return errors.page(
        404, heading=_("This link does not work"), words=str(refusal), may_sign_in=isinstance(refusal, InviteUsed)
    )


def join_page(form: JoinForm, invite: InviteView, *, token: str) -> str:
    """Return the page behind a link or a code, with both ways to get in."""
    party = Party.of(current.config().base_url)
    return render_template("account/join.html", form=form, invite=invite, token=token, party=party)


def join_signed_in(token: str) -> ResponseReturnValue:
    viewer = current.viewer()
    invites.join_account(current.database(), token=token, account_id=viewer.account_id, now=current.now())
    flash(_("Your account now leads here too."))
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
