"""The addresses of the built style sheet, script and images, and how browsers may keep them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Flask, Response, current_app, request

DIST = "/static/dist/"
KEEP = "public, max-age=31536000, immutable"
TWINS = {"br": ".br", "gzip": ".gz"}


class AssetsNotBuilt(RuntimeError):
    """The page cannot be drawn because the style sheet and script have not been built."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no built assets in {folder}: run `make run` or `python build_assets.py`")


class AssetUnknown(LookupError):
    """The asset cannot be linked because nothing of that name was built."""

    def __init__(self, name: str, known: Mapping[str, str]) -> None:
        super().__init__(f"no asset is called {name!r}; there are {', '.join(sorted(known))}")


def init(app: Flask) -> None:
    """Give templates `asset(name)`, and let browsers keep what it points at for good."""
    app.extensions["assets"] = None
    app.jinja_env.globals["asset"] = asset
    app.after_request(keep_built_files)


def asset(name: str) -> str:
    """Return the address of an asset by its plain name, such as `main.css`.

    Raises:
        AssetsNotBuilt: there is no manifest.
        AssetUnknown: the manifest does not name it.
    """
    names = current_app.extensions["assets"]
    if names is None:
        names = current_app.extensions["assets"] = read_manifest(built_folder(current_app))
    if name not in names:
        raise AssetUnknown(name, names)
    return DIST + names[name]


def read_manifest(folder: Path) -> Mapping[str, str]:
    """Return the hashed name of each asset in a folder of built files.

    Raises:
        AssetsNotBuilt: there is no manifest.
    """
    try:
        return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AssetsNotBuilt(folder) from error


def names() -> list[str]:
    """Return the plain names of all that was built.

    Raises:
        AssetsNotBuilt: there is no manifest.
    """
    return sorted(read_manifest(built_folder(current_app)))


def read_built(name: str) -> str:
    """Return the text of a built file by its plain name.

    Raises:
        AssetsNotBuilt: there is no manifest.
        AssetUnknown: the manifest does not name it.
    """
    path = built_folder(current_app) / asset(name).removeprefix(DIST)
    return path.read_text(encoding="utf-8")


def digest(texts: Sequence[str]) -> str:
    """Return a short mark that changes when any of these texts does."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def keep_built_files(response: Response) -> Response:
    """Let built files be kept for ever, as their names change with their content, and compressed where wanted."""
    if not request.path.startswith(DIST) or response.status_code not in {200, 304}:
        return response
    if response.status_code == 200:
        put_in_place(response, built_folder(current_app) / request.path.removeprefix(DIST))
    response.headers["Cache-Control"] = KEEP
    response.vary.add("Accept-Encoding")
    return response


def put_in_place(response: Response, file: Path) -> None:
    """Put a compressed twin that the browser takes in place of the open file that Flask was about to send."""
    for encoding, suffix in TWINS.items():
        twin = file.with_name(file.name + suffix)
        if request.accept_encodings[encoding] and twin.is_file():
            response.close()
            response.direct_passthrough = False
            response.set_data(twin.read_bytes())
            response.headers["Content-Encoding"] = encoding
            response.headers.pop(
                "ETag", None
            )  # it names the plain bytes; the day of last change still serves for a 304
            return


def built_folder(app: Flask) -> Path:
    """Return where the built files of an app lie."""
    return Path(app.static_folder or "") / "dist"
