"""The chart pages: trends with their drawings."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from training.domain.chart import line_chart
from training.services import overviews
from training.services.trends import Trends
from training.web import current
from training.web.report_asked import read_uuid

pages = Blueprint("overview", __name__, url_prefix="/team")


@pages.get("/trend")
def trend() -> ResponseReturnValue:
    """Show the trend of the whole or of one site, over one training or all."""
    page = overviews.trend_page(
        current.database(),
        viewer=current.viewer(),
        catalog=current.catalog(),
        today=current.today(),
        site_id=read_uuid(request.args.get("site", "")),
        item=request.args.get("item", ""),
    )
    return render_template("team/trend.html", page=page, **drawn(page.trends))


def drawn(trends: Trends | None) -> dict[str, object]:
    """Return what the templates of charts ask for: each trend with its drawing."""
    charts = [
        (each, line_chart([(point.day, point.tally.percent) for point in each.points]))
        for each in (trends.units if trends else ())
    ]
    return {"charts": charts}
