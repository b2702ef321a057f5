"""The page behind a link to an inspector pack, for somebody without an account, and the pack itself."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from training.domain.days import day_in, format_day
from training.domain.pack import full_instant
from training.domain.report import instant_words
from training.services import pack_links, throttles
from training.services.pack_links import LinkUnusable
from training.services.throttles import TooManyTries
from training.web import current, errors

pages = Blueprint("pack_links", __name__, url_prefix="/packs")


@pages.get("/<token>")
def opened(token: str) -> ResponseReturnValue:
    """Show whoever has a link what is behind it, and how to check it."""
    return behind(token, to_download=False)


@pages.get("/<token>/file")
def opened_file(token: str) -> ResponseReturnValue:
    """Send whoever has a link the pack."""
    return behind(token, to_download=True)


def behind(token: str, *, to_download: bool) -> ResponseReturnValue:
    """Return what is behind a link, or the one page for all links that do not work."""
    database, now, address = current.database(), current.now(), request.remote_addr or ""
    key = f"pack client {address}"
    try:
        throttles.check(database, keys=[key], now=now)
        if request.method == "HEAD":
            found = pack_links.look_behind(database, token=token, now=now)
        else:
            found = pack_links.open_link(database, token=token, now=now, address=address, to_download=to_download)
    except TooManyTries as refusal:
        return errors.page(429, words=str(refusal))
    except LinkUnusable:
        throttles.count(database, keys=[key], now=now)
        return render_template("packs/unusable.html"), 404
    if not to_download:
        return render_template("packs/opened.html", token=token, found=found, **words_of(found))
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"', "Content-Length": str(found.size)}
    return Response(pack_links.read_parts(database, found), mimetype=found.media_type, headers=headers)


def words_of(found: pack_links.Opened) -> dict[str, str]:
    """Return what is said of a pack behind a link, as the clock shows it where the organisation is."""
    zone = ZoneInfo(found.time_zone)
    return {
        "known_words": full_instant(found.known_at),
        "made_on": format_day(day_in(found.made_at, found.time_zone)),
        "until": instant_words(found.expires_at.astimezone(zone)),
    }


@pages.after_request
def keep_secret(response: Response) -> Response:
    """Let no address of a link get about: not to other sites, and not into an index."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
