"""What keeps pages light: text goes out compressed, and public pages that have not changed are not sent again."""

import gzip
from collections.abc import Callable, Mapping

import brotli
from flask import Flask, Response, request, session
from flask_login import current_user

# Below this a compressed page is no smaller once its headers are counted.
LEAST_BYTES = 600
TEXTS = frozenset(
    {"text/html", "text/plain", "text/csv", "text/javascript", "text/calendar", "application/json", "image/svg+xml"}
)
# The strongest levels cost more of the processor than they save of the wire; built files have theirs made beforehand.
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda text: brotli.compress(text, mode=brotli.MODE_TEXT, quality=4),
    "gzip": lambda text: gzip.compress(text, compresslevel=5, mtime=0),
}
# Pages that say the same to everybody who is not signed in.
THE_SAME_FOR_ALL = frozenset(
    {
        "carers.card",
        "carers.finish",
        "carers.item",
        "carers.scene",
        "carers.track",
        "library.easy_read",
        "library.easy_reads",
        "library.glossary",
        "library.resources",
        "offline.shell",
        "public.accessibility",
        "public.front",
        "public.picture",
        "public.privacy",
        "sheets.every",
        "sheets.sheet",
    }
)


def init(app: Flask) -> None:
    """Compress last, after everything else has been said of an answer."""
    app.after_request(compress)
    app.after_request(ask_again)


def ask_again(response: Response) -> Response:
    """Let browsers keep a public page and ask whether it has changed, which is answered without sending it again."""
    if not is_the_same_for_all(response):
        return response
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.add("Cookie")
    if not response.direct_passthrough:
        response.add_etag(weak=True)
    return response.make_conditional(request)


def is_the_same_for_all(response: Response) -> bool:
    """Say whether an answer is a public page as everybody gets it: nobody is signed in, and no cookie goes with it.

    A cookie is added after this has been asked, so the session says whether there will be one.
    """
    return (
        request.endpoint in THE_SAME_FOR_ALL
        and request.method in {"GET", "HEAD"}
        and response.status_code == 200
        and not current_user.is_authenticated
        and not session.modified
    )


def compress(response: Response) -> Response:
    """Send text in the best encoding that the browser takes.

    Not to what another site makes a browser ask for: by the length of answers it could guess what they say of somebody
    who is signed in (BREACH).
    """
    if not is_worth_it(response):
        return response
    response.vary.add("Accept-Encoding")
    wanted = next((name for name in ENCODINGS if request.accept_encodings[name]), None)
    if wanted is None or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return response
    response.set_data(ENCODINGS[wanted](response.get_data()))
    response.headers["Content-Encoding"] = wanted
    return response


def is_worth_it(response: Response) -> bool:
    """Say whether an answer is text, whole, not compressed yet, and long enough."""
    return (
        response.mimetype in TEXTS
        and not response.direct_passthrough
        and not response.is_streamed
        and response.status_code not in {204, 304}
        and "Content-Encoding" not in response.headers
        and len(response.get_data()) >= LEAST_BYTES
    )
