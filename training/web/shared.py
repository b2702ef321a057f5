"""What makes a browser a shared tablet: a cookie of its own, which every session on it must fit."""

from flask import Response, g, request, session

from training.services import tablets
from training.services.accounts import TABLET_IDLE, Viewer
from training.services.tablets import Device
from training.web import current

# The longest that browsers keep a cookie; each sign-in begins it anew.
KEPT_FOR = 400 * 24 * 60 * 60
# Everything that a page may have left in the browser, but not the cookies: the tablet's own is one of them.
NOTHING_LEFT = '"cache", "storage"'


def cookie_name() -> str:
    """Return what the cookie is called that makes a browser a shared tablet."""
    return "__Host-tablet" if current.config().is_secure else "tablet"


def device() -> Device | None:
    """Return the shared tablet that the browser is, asked once in a request; None where it is its owner's alone."""
    if "device" not in g:
        token = request.cookies.get(cookie_name(), "")
        # On the page that explains a fault, the database may be the fault.
        g.device = tablets.find_device(current.database(), token=token) if token and "failed" not in g else None
    return g.device


def keep(response: Response, token: str) -> Response:
    """Let a browser be a shared tablet, or go on being it."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=KEPT_FOR,
        secure=current.config().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def fits(viewer: Viewer) -> bool:
    """Say whether a session is for this browser: one on a tablet for it alone, and no other on a tablet."""
    here = device()
    return viewer.tablet_id == (here.tablet_id if here else None)


def seconds_left() -> int:
    """Return how long somebody on a shared tablet may do nothing before it locks."""
    viewer = current.viewer()
    left = min(TABLET_IDLE, viewer.leaves_at - current.now()) if viewer.leaves_at else TABLET_IDLE
    return int(left.total_seconds())


def forget(response: Response) -> Response:
    """Have the browser forget what it kept of whoever was signed in, and who that was."""
    session.clear()
    response.headers["Clear-Site-Data"] = NOTHING_LEFT
    return response
