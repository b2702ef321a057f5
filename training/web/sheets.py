"""Sheets to print and fill in with a pen: as a page and as a PDF, open to everybody."""

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from training.domain.sheet import DAYS, STANDING, PartKind, Sheet
from training.exports.sheets import encode_sheet
from training.web import current

pages = Blueprint("sheets", __name__)


@pages.get("/sheets")
def every() -> ResponseReturnValue:
    return render_template("sheets/every.html", sheets=current.catalog().sheets.values())


@pages.get("/sheets/<slug>")
def sheet(slug: str) -> ResponseReturnValue:
    """Show a sheet as it will be printed; printed from here it has the same words as the PDF."""
    return render_template("sheets/sheet.html", sheet=known(slug), days=DAYS, standing=STANDING, kinds=PartKind)


@pages.get("/sheets/<slug>.pdf")
def pdf(slug: str) -> ResponseReturnValue:
    """Send a sheet as a PDF; it is made once in a process."""
    address = current.config().base_url.rstrip("/") + url_for("sheets.sheet", slug=slug)
    return Response(
        encode_sheet(known(slug), address=address),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{slug}.pdf"'},
    )


def known(slug: str) -> Sheet:
    """Return the sheet of a slug, or answer that there is none."""
    found = current.catalog().sheets.get(slug)
    return found or abort(404)
