"""Signing in and joining with a passkey: what the browser is asked, and what it sends back."""

from flask import Blueprint, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training.domain.device_words import device_words
from training.services import passkeys, throttles
from training.services.invites import AccountShared, InviteUnusable, SignInNameTaken
from training.services.passkeys import Answer, Asked, Owner, Party, PasskeyRefused
from training.services.throttles import TooManyTries
from training.web import account, current
from training.web.forms import JoinForm, SignInForm

pages = Blueprint("passkeys", __name__)

CHALLENGE = "challenge"


@pages.post("/sign-in/passkey/challenge")
def ask_to_sign_in() -> ResponseReturnValue:
    """Return what to ask a device whose owner wants to sign in; it is the same question for everybody."""
    key = f"passkey client {request.remote_addr}"
    try:
        throttles.check(current.database(), keys=[key], now=current.now())
    except TooManyTries as refusal:
        return jsonify(words=str(refusal)), 429
    throttles.count(current.database(), keys=[key], now=current.now())
    return asked(passkeys.ask_to_sign_in(current.database(), party=party(), now=current.now()))


@pages.post("/sign-in/passkey")
def sign_in() -> ResponseReturnValue:
    """Sign whoever a passkey belongs to in."""
    form = SignInForm()
    try:
        token = passkeys.sign_in(current.database(), answer(), client=request.remote_addr or "")
    except (PasskeyRefused, TooManyTries) as refusal:
        form.form_errors = [str(refusal)]
        return account.sign_in_page(form), 429 if isinstance(refusal, TooManyTries) else 400
    return account.enter(token, held_text=form.held.data or "", then=form.next.data or "")


@pages.post("/join/<token>/passkey/challenge")
def ask_to_join(token: str) -> ResponseReturnValue:
    """Return what to ask the device of somebody with a slip."""
    try:
        invite = account.invite_behind(token)
    except (InviteUnusable, TooManyTries) as refusal:
        return jsonify(words=str(refusal)), 429 if isinstance(refusal, TooManyTries) else 404
    owner = Owner(invite.account_id, invite.sign_in_name, invite.person_name)
    return asked(passkeys.ask_to_make(current.database(), party=party(), owner=owner, now=current.now()))


@pages.post("/join/<token>/passkey")
def join(token: str) -> ResponseReturnValue:
    """Make a passkey the way in of somebody with a slip; once they have it, they have to sign in with it."""
    try:
        invite = account.invite_behind(token)
        if current_user.is_authenticated:
            return account.join_page(JoinForm(formdata=None), invite, token=token), 400
        name = passkeys.accept_invite(current.database(), answer(), token=token)
    except (InviteUnusable, TooManyTries) as refusal:
        return account.not_joined(refusal)
    except (PasskeyRefused, AccountShared, SignInNameTaken) as refusal:
        form = JoinForm(formdata=None)
        form.form_errors = [str(refusal)]
        return account.join_page(form, invite, token=token), 400
    return render_template("account/joined.html", sign_in_name=name, invite=invite, by_passkey=True)


def party() -> Party:
    """Return whose passkeys ours are."""
    return Party.of(current.config().base_url)


def asked(wanted: Asked) -> ResponseReturnValue:
    """Send what a browser is to ask its device, and bind the challenge in it to this browser's session."""
    session[CHALLENGE] = wanted.challenge
    return wanted.options, 200, {"Content-Type": "application/json"}


def answer() -> Answer:
    """Return what the device answered to the question that this browser's session was last asked."""
    return Answer(
        party=party(),
        challenge=session.pop(CHALLENGE, ""),
        credential=request.form.get("credential", ""),
        device=device(),
        now=current.now(),
    )


def device() -> str:
    """Return what this browser and its device are called."""
    return device_words(request.headers.get("User-Agent", ""))
