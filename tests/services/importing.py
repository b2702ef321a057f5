"""Tables as tests write them: the first row is the headings."""

from datetime import date

from sqlalchemy import select

from training.db import Database
from training.domain.upload import Line
from training.models import Employment, JobTitle, Person, Site
from training.services import import_pages
from training.services.accounts import Viewer

HEADINGS = ("Staff number", "Name", "Job title", "Site", "Start date", "Last day", "E-mail")


def table(*rows, headings=HEADINGS) -> list[Line]:
    """Return rows below headings, numbered as a spreadsheet would."""
    return [Line(number, tuple(row)) for number, row in enumerate((headings, *rows), start=1)]


def page(database: Database, viewer: Viewer, import_id, *, now, **asked):
    """Return an import as it is shown."""
    return import_pages.read_page(database, viewer=viewer, import_id=import_id, now=now, **asked)


def jobs_of(database: Database, viewer: Viewer, staff_number: str) -> list[tuple[str, str, date, date | None]]:
    """Return the jobs that stand on record of somebody: title, site, first and last day."""
    with database.read(viewer.organisation_id) as session:
        rows = session.execute(
            select(JobTitle.name, Site.name, Employment.starts_on, Employment.ends_on)
            .join(Employment, Employment.job_title_id == JobTitle.id)
            .join(Site, Site.id == Employment.site_id)
            .join(Person, Person.id == Employment.person_id)
            .where(Person.staff_number == staff_number, Employment.withdrawn_at.is_(None))
            .order_by(Employment.starts_on, JobTitle.name)
        )
        return [tuple(row) for row in rows]
