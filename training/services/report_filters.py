"""The filters that a report keeps, in words, as whoever it is for may read them now."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.db import Database
from training.domain.language import _, ngettext
from training.domain.report import EVERYBODY, known_words, span_words
from training.domain.roles import Role
from training.domain.status import Status
from training.models import JobTitle
from training.services.accounts import Viewer
from training.services.report_orders import Wanted
from training.services.report_questions import NEVER_ASKED, NO_SUCH_TITLE, NOT_YOURS
from training.services.staff import managed_sites

# Filters as the words of an address, and the names of what they can mean.
Asked = Mapping[str, str]
Names = Mapping[str, str]
# What is said of a filter that means nothing which the viewer may know: its own word may be anything.
UNKNOWN: Asked = {
    "site": NOT_YOURS,
    "job-title": NO_SUCH_TITLE,
    "item": NEVER_ASKED,
}


def read_names(session: Session, *, viewer: Viewer, catalog: Catalog) -> dict[str, str]:
    """Return the names of everything that a filter of the viewer's can mean: of sites, theirs alone."""
    sites = {str(site_id): name for site_id, name in managed_sites(session, viewer=viewer)}
    job_titles = {str(row.id): row.name for row in session.execute(select(JobTitle.id, JobTitle.name))}
    words = {each.value: each.label for kind in (Status, Role) for each in kind}
    titles = {slug: catalog.title(slug) for slug in (*catalog.modules, *catalog.scenarios)}
    return sites | job_titles | words | titles


def asks_elsewhere(asked: Asked, names: Names) -> bool:
    """Say whether a site is asked for that is none of the viewer's: then nobody is found."""
    return "site" in asked and asked["site"] not in names


def read_shows(database: Database, *, viewer: Viewer, catalog: Catalog, ordered: Sequence[Wanted]) -> tuple[str, ...]:
    """Return what each of some reports that were ordered shows, as the viewer may read it now."""
    if not ordered:
        return ()
    with database.read(viewer.organisation_id) as session:
        names = read_names(session, viewer=viewer, catalog=catalog)
    return tuple(shows_words(wanted, names, zone=ZoneInfo(viewer.time_zone)) for wanted in ordered)


def shows_words(wanted: Wanted, names: Names, *, zone: ZoneInfo) -> str:
    """Return what a report that was ordered shows: its filters, its days, and up to when it was known."""
    said = [*filter_words(wanted.asked, names), *asked_span(wanted)]
    if wanted.known_at is not None:
        said.append(_("as known at %(time)s", time=known_words(wanted.known_at.astimezone(zone))))
    return "; ".join(said) or _(EVERYBODY)


def asked_span(wanted: Wanted) -> tuple[str, ...]:
    """Say in which days what a report tells was done, where days were asked for."""
    if not {"from", "until"} & wanted.asked.keys():
        return ()
    until = min(date.fromisoformat(wanted.asked.get("until", wanted.day.isoformat())), wanted.day)
    since = date.fromisoformat(wanted.asked["from"]) if "from" in wanted.asked else None
    return (span_words(since, until),)


def filter_words(asked: Asked, names: Names) -> tuple[str, ...]:
    """Return filters in words; the days and the person of a report are not among them."""
    return tuple(words_of(name, word, names) for name, word in asked.items() if name not in {"from", "until", "person"})


def words_of(name: str, word: str, names: Names) -> str:
    """Return one filter in words; an empty search is one that is not to be repeated."""
    if name == "search":
        return (
            _("a name or staff number that was searched for")
            if not word
            else _("name or staff number with “%(search)s”", search=word)
        )
    if name == "within":
        return ngettext("within %(count)s day", "within %(count)s days", int(word))
    return names.get(word) or (_(UNKNOWN[name]) if name in UNKNOWN else word)
