"""Who may see which page: every route is named public here, or needs a sign-in, or a manager."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, abort, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect

from training.services import accounts
from training.services.accounts import Viewer
from training.web import closed, current, held, shared

PUBLIC = frozenset(
    {
        "static",
        "library.easy_read",
        "library.easy_reads",
        "library.glossary",
        "library.resources",
        "offline.shell",
        "offline.worker",
        "public.front",
        "public.check",
        "public.check_code",
        "public.accessibility",
        "public.picture",
        "public.privacy",
        "public.livez",
        "public.readyz",
        "sheets.every",
        "sheets.pdf",
        "sheets.sheet",
        "account.sign_in",
        "account.join",
        "account.join_by_code",
        "passkeys.ask_to_join",
        "passkeys.ask_to_sign_in",
        "passkeys.join",
        "passkeys.sign_in",
        "carers.track",
        "carers.item",
        "carers.card",
        "carers.answer",
        "carers.finish",
        "carers.result",
        "carers.scene",
        "carers.account",
        "tablet.enter",
        "tablet.names",
        "tablet.slip",
        "tablet.switch",
        "preferences.choose",
        "pack_links.opened",
        "pack_links.opened_file",
        "unsubscribe.message",
    }
)
# They mark what is sent and keep nothing: there is nothing that another site could change by sending it.
# A mail programme's button unsubscribes with a bare POST (RFC 8058); the address is signed and changes that alone.
STATELESS = frozenset({"carers.answer", "carers.result", "unsubscribe.message"})
# Sent by our script as JSON, perhaps days after the page was drawn whose form would have held a token.
SENT_BY_SCRIPT = frozenset({"offline.attempts"})
MANAGER_BLUEPRINTS = frozenset(
    {
        "team",
        "asc_wds",
        "audit",
        "content_decisions",
        "esr",
        "files",
        "filters",
        "hand_carried",
        "imports",
        "messages",
        "overview",
        "packs",
        "people_changes",
        "people_jobs",
        "permissions",
        "reports",
        "requirements",
        "review",
        "schedules",
        "settings",
        "slips",
        "tablets",
    }
)
# Of managers' pages an auditor sees these and no other, and sends nothing to any: a new one is closed until it is here.
AUDITOR_MAY_READ = frozenset(
    {
        "asc_wds.check",
        "asc_wds.file",
        "audit.log",
        "audit.log_file",
        "esr.every",
        "esr.file",
        "esr.preview",
        "files.download",
        "files.every",
        "files.one",
        "filters.every",
        "filters.show",
        "messages.every",
        "messages.not_reached",
        "overview.trend",
        "packs.every",
        "packs.one",
        "permissions.every",
        "reports.every",
        "reports.file",
        "reports.report",
        "requirements.every",
        "requirements.requirement",
        "review.content",
        "review.item",
        "schedules.end",
        "schedules.every",
        "schedules.new",
        "slips.every",
        "tablets.every",
        "team.job_titles",
        "team.overview",
        "team.overview_csv",
        "team.people_csv",
        "team.people_list",
        "team.person",
        "team.receipts",
        "team.sites",
    }
)
# What an auditor orders for themselves changes nothing of the organisation.
AUDITOR_MAY_SEND = frozenset({"filters.remove", "filters.save", "packs.ask", "schedules.end", "schedules.new"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})

login_manager = LoginManager()
csrf = CSRFProtect()


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """Flask-Login's user: a session token and whoever it stands for."""

    token: str
    viewer: Viewer

    def get_id(self) -> str:
        return self.token


def init(app: Flask) -> None:
    """Put the guard before every request."""
    # Phones change their address all day long; the session row is what can be ended.
    login_manager.session_protection = None
    login_manager.user_loader(load_user)
    login_manager.init_app(app)
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    app.before_request(guard)


def load_user(token: str) -> SignedIn | None:
    """Return whoever a session token stands for; nobody on the page that explains a fault, as this may be the fault."""
    if "failed" in g:
        return None
    address = request.remote_addr or ""
    viewer = accounts.find_viewer(current.database(), token=token, now=current.now(), address=address)
    return SignedIn(token=token, viewer=viewer) if viewer and shared.fits(viewer) else None


def guard() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer in its place."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    if has_nul() or is_from_another_site():
        abort(400)
    elsewhere = closed.refuse()
    if elsewhere is not None:
        return elsewhere
    if request.endpoint not in PUBLIC:
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        if request.blueprint in MANAGER_BLUEPRINTS and not may_enter(current.viewer()):
            abort(403)
    if request.method not in READING and request.endpoint not in STATELESS:
        refuse_what_others_send()
    return None


def refuse_what_others_send() -> None:
    """Refuse what no page of ours sends: a form without its token, or JSON from elsewhere."""
    if request.endpoint not in SENT_BY_SCRIPT:
        csrf.protect()
    elif not is_from_our_script():
        abort(400)


def may_enter(viewer: Viewer) -> bool:
    """Say whether a manager's page is the viewer's to see, or a form on it theirs to send."""
    if viewer.reads_only:
        return request.endpoint in (AUDITOR_MAY_READ if request.method in READING else AUDITOR_MAY_SEND)
    return viewer.is_manager


def has_nul() -> bool:
    """Say whether a NUL was sent: nobody types one, PostgreSQL keeps no text with it, and no page can show it."""
    sent = request.values.items(multi=True)
    return "\0" in request.path or any("\0" in text for pair in sent for text in pair)


def is_from_another_site() -> bool:
    """Say whether another site sends a form here: offered again, it would need one press by somebody unaware of it."""
    return request.method not in READING and request.headers.get("Sec-Fetch-Site") == "cross-site"


def is_from_our_script() -> bool:
    """Say whether JSON comes from a page of ours: no other site's page can send these headers with it."""
    origin = request.headers.get("Origin")
    return (
        request.is_json
        and request.headers.get("X-Requested-With") == "fetch"
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and (origin is None or urlsplit(origin).netloc == request.host)
    )


def ask_to_sign_in() -> ResponseReturnValue:
    """Ask for a sign-in without losing what was sent, or where the reader was going."""
    if request.blueprint == "offline":
        return jsonify(sign_in=url_for("account.sign_in")), 401
    device = shared.device()
    if device is not None and request.headers.get("X-Requested-With") != "fetch":
        return closed.ask_for_pin(device)
    if request.method in READING:
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    if request.endpoint == "account.sign_out":
        return redirect(url_for("public.front"))
    if request.headers.get("X-Requested-With") == "fetch":
        abort(401)
    was_signed_in = "_user_id" in session
    return held.page(held.hold(), was_signed_in=was_signed_in), 401
