"""The filters that a report keeps, in words, as whoever it is for may read them now."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.catalog.library import Catalog
from training.domain.language import _, ngettext
from training.domain.roles import Role
from training.domain.status import Status
from training.models import JobTitle
from training.services.accounts import Viewer
from training.services.report_questions import NOT_YOURS
from training.services.staff import managed_sites

# Filters as the words of an address, and the names of what they can mean.
Asked = Mapping[str, str]
Names = Mapping[str, str]


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


def filter_words(asked: Asked, names: Names) -> tuple[str, ...]:
    """Return filters in words."""
    return tuple(words_of(name, word, names) for name, word in asked.items())


def words_of(name: str, word: str, names: Names) -> str:
    """Return one filter in words."""
    if name == "search":
        return _("name or staff number with “%(search)s”", search=word)
    if name == "within":
        return ngettext("within %(count)s day", "within %(count)s days", int(word))
    return names.get(word, _(NOT_YOURS) if name == "site" else word)
