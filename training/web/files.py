"""Files that were ordered and take a while: how far each is, and the file itself once it is made."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from training.domain.language import N_, _
from training.services import packs, report_filters, report_orders, runs, tasks
from training.services.pack_contents import Wanted
from training.services.report_kinds import KINDS
from training.services.task_claims import LONG_WORK
from training.services.tasks import Order, Told
from training.web import current
from training.web.messages import local_time

pages = Blueprint("files", __name__, url_prefix="/reports/files")
# The titles of all other work, as orders keep them.
TITLES = (N_("Import of %(name)s"), N_("Undoing the import of %(name)s"), N_("Invite slips for %(name)s people"))


@pages.get("")
def every() -> ResponseReturnValue:
    """List what the viewer has ordered."""
    orders = tasks.list_orders(current.database(), viewer=current.viewer(), now=current.now())
    drawn = {"orders": orders, "shows": shows_of(orders)}
    return render_template("files/every.html", **drawn, local_time=local_time, title_of=title_of)


@pages.get("/<uuid:task_id>")
def one(task_id: UUID) -> ResponseReturnValue:
    """Show how far an order is, or what came of it."""
    order = tasks.find_order(current.database(), viewer=current.viewer(), task_id=task_id, now=current.now())
    drawn = {"order": order, "shows": shows_of([order]).get(task_id)}
    return render_template("files/one.html", **drawn, local_time=local_time, title_of=title_of)


@pages.get("/<uuid:task_id>/file")
def download(task_id: UUID) -> ResponseReturnValue:
    """Send the file of an order, part by part."""
    known = {"viewer": current.viewer(), "task_id": task_id, "now": current.now()}
    found, parts = tasks.read_file(current.database(), **known)
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"', "Content-Length": str(found.size)}
    return Response(parts, mimetype=found.media_type, headers=headers)


def is_report(order: Told) -> bool:
    """Say whether an order is for a report that there is."""
    return order.kind == report_orders.KIND and order.wanted["report"] in KINDS


def shows_of(orders: Sequence[Told]) -> Mapping[UUID, str]:
    """Return what those orders show that are for reports, by their ids: titles are alike whatever was asked for."""
    ordered = {order.id: report_orders.Wanted.read(order.wanted) for order in orders if is_report(order)}
    known = {"viewer": current.viewer(), "catalog": current.catalog(), "ordered": tuple(ordered.values())}
    return dict(zip(ordered, report_filters.read_shows(current.database(), **known), strict=True))


def title_of(order: Told) -> str:
    """Return what an order is called: its own title is kept in English."""
    if is_report(order):
        return report_orders.Wanted.read(order.wanted).title
    if order.kind == packs.KIND:
        return packs.title_of(Wanted.read(dict(order.wanted)).as_at)
    for form in TITLES:
        begins, ends = form.split("%(name)s")
        if order.title.startswith(begins) and order.title.endswith(ends):
            return _(form, name=order.title.removeprefix(begins).removesuffix(ends))
    return order.title


def why_no_mail() -> str:
    """Say why no e-mail tells that a file is ready, or nothing where one does."""
    if not current.config().mail_url:
        return _("No mail server is set up, so no e-mail says that one is ready.")
    if not runs.are_messages_on(current.database(), viewer=current.viewer()):
        return _("Messages are switched off in your organisation, so no e-mail says that one is ready.")
    return ""


def ordered(wanted: Order) -> ResponseReturnValue:
    """Order long work for whoever is signed in, and lead to where it can be followed."""
    task_id = tasks.order(current.database(), viewer=current.viewer(), wanted=wanted, now=current.now())
    for name in LONG_WORK:
        current_app.extensions["order"](name)
    return redirect(url_for("files.one", task_id=task_id), 303)
