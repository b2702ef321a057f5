"""The resources library, the glossary and the Easy Read pages, open to everybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from training.catalog.resources import Format, Topic, Wanted, find
from training.web import current, errors

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


@pages.get("/easy-read")
def easy_reads() -> ResponseReturnValue:
    """Show every Easy Read twin by title."""
    twins = sorted(current.catalog().easy_reads.values(), key=lambda twin: twin.title.casefold())
    return render_template("library/easy_reads.html", twins=twins)


@pages.get("/easy-read/<slug>")
def easy_read(slug: str) -> ResponseReturnValue:
    """Show the Easy Read twin of a module."""
    twin = current.catalog().easy_reads.get(slug)
    if twin is None:
        return errors.page(404)
    module = current.catalog().modules[slug]
    return render_template("library/easy_read.html", twin=twin, module=module)
