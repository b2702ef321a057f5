"""Reports: what there is, each as a page, and each as a file."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from training.domain.status import Status
from training.exports.formats import FORMATS
from training.exports.pdf import TooLongToPrint, too_long_words
from training.services import report_orders
from training.services.report_kinds import KINDS
from training.services.report_questions import SOON
from training.web import current, report_asked
from training.web.as_of import wrong_days

pages = Blueprint("reports", __name__, url_prefix="/reports")
STATUSES = tuple(status for status in Status if status is not Status.NOT_ON_FILE)


@pages.get("")
def every() -> ResponseReturnValue:
    """List every report."""
    news = report_orders.count_news(current.database(), viewer=current.viewer())
    return render_template("reports/every.html", kinds=KINDS, news=news)


@pages.get("/<report_name>")
def report(report_name: str) -> ResponseReturnValue:
    """Show one page of a report, with the figure of the whole above it."""
    question = report_asked.question()
    return render_template(
        "reports/report.html",
        page=report_asked.read_page(report_name, question),
        name=report_name,
        kind=KINDS[report_name],
        asked=report_asked.kept(),
        asked_but_days=report_asked.kept_but_days(),
        question=question,
        wrong=wrong_days(),
        wrong_span=wrong_days(report_asked.SPAN),
        statuses=STATUSES,
        formats=FORMATS,
        soon=SOON,
    )


@pages.get("/<report_name>.<form>")
def file(report_name: str, form: str) -> ResponseReturnValue:
    """Send the whole of a report as a file; order it where that takes longer than somebody should wait."""
    if form not in FORMATS:
        abort(404)
    wanted = report_orders.wanted_of(report_name, form, report_asked.question())
    if report_asked.is_long(wanted):
        return report_asked.ordered(wanted)
    try:
        return report_asked.download(report_name, form)
    except TooLongToPrint:
        words = {"why": too_long_words(), "name": report_name, "kind": KINDS[report_name], "asked": report_asked.kept()}
        return render_template("reports/too_long.html", **words), 422
