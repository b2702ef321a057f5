"""The resources library and the glossary, open to everybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from training.catalog.resources import Format, Topic, Wanted, find
from training.web import current

pages = Blueprint("library", __name__)


@pages.get("/resources")
def resources() -> ResponseReturnValue:
    """Show what others have made, narrowed down as asked."""
    asked = request.args
    wanted = Wanted(
        search=asked.get("search", "").strip(),
        audience=asked.get("audience", ""),
        format=asked.get("format", ""),
        topic=asked.get("topic", ""),
        language=asked.get("language", ""),
        easy_read="easy_read" in asked,
    )
    every = current.catalog().resources
    return render_template(
        "library/resources.html",
        wanted=wanted,
        found=find(every, wanted),
        total=len(every),
        formats=tuple(Format),
        topics=tuple(Topic),
        languages=sorted({resource.language for resource in every}),
    )


@pages.get("/glossary")
def glossary() -> ResponseReturnValue:
    return render_template("library/glossary.html", terms=current.catalog().glossary.terms.values())
