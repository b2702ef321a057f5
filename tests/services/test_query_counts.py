"""How often a page asks the database: as often for sixty people as for ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

import pytest
from sqlalchemy import event

from tests.conftest import NOW
from tests.factories import learn, make_person
from training.domain.roles import Role
from training.services import employments, organisations, overviews, progress, records, reports
from training.services.overviews import By
from training.services.reports import PeopleFilter
from training.services.staff import AsOf

# Past the first due day, so that what is stored is a month old and every line has to be looked at.
TODAY = date(2026, 4, 20)
ROLES = (Role.SOCIAL_CARE, Role.PRESCRIBER, Role.NON_PRESCRIBER)


@contextmanager
def counting(database) -> Iterator[list[str]]:
    """Note every statement that is sent, but for those that begin and end a transaction."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def pages(database, catalog, home):
    """Return how many statements each page takes for so many people, at two sites, some of them at both."""
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    people = []

    def measure(heads):
        while len(people) < heads:
            number = len(people)
            role, site_id = ROLES[number % 3], (home.site_id, second)[number % 2]
            people.append(make_person(database, home, now=NOW, role=role, site_id=site_id))
            if number % 4 == 0:
                learn(database, people[-1], catalog=catalog, role=role, now=NOW)
            if number % 5 == 0:
                employments.add_job(
                    database,
                    viewer=home.viewer,
                    person_id=people[-1].person_id,
                    job_title_id=home.titles[role],
                    site_id=(second, home.site_id)[number % 2],
                    starts_on=NOW.date(),
                    now=NOW,
                )
        return {name: len(run(database, page)) for name, page in managers(database, catalog, home).items()}

    return measure


def managers(database, catalog, home):
    known = {"database": database, "viewer": home.viewer, "catalog": catalog, "as_of": AsOf.present(TODAY)}
    return {
        **{f"overview by {by}": partial(overviews.overview, by=by, **known) for by in By},
        "trend": lambda: overviews.trend_page(
            database, viewer=home.viewer, catalog=catalog, today=TODAY, site_id=home.site_id, item=""
        ),
        "people": lambda: reports.people(wanted=PeopleFilter(), **known),
        "people of a site": lambda: reports.people(wanted=PeopleFilter(site_id=home.site_id), **known),
    }


def run(database, page):
    with counting(database) as statements:
        page()
    return statements


def test_a_managers_page_asks_as_often_for_sixty_people_as_for_ten(pages):
    ten, sixty = pages(10), pages(60)
    assert ten == sixty
    # Where a month is still to be turned, whoever stands by their facts is read once more by role and by title.
    behind = {f"overview by {by}": 16 for by in (By.ROLE, By.JOB_TITLE)}
    assert all(count <= behind.get(name, 15) for name, count in sixty.items()), sixty


def test_a_learners_pages_ask_a_handful_of_times_however_much_was_done(database, catalog, home, learner):
    known = {"viewer": learner, "catalog": catalog}
    pages = {
        "home": lambda: progress.home(database, today=TODAY, **known),
        "item": lambda: progress.item_page(database, slug="every-kind", kind="module", today=TODAY, **known),
        "track": lambda: progress.track(database, role=Role.SOCIAL_CARE, today=TODAY, **known),
        "record": lambda: records.record(database, today=TODAY, **known),
        "story": lambda: reports.person(
            database, viewer=home.viewer, person_id=learner.person_id, catalog=catalog, today=TODAY
        ),
    }
    learn(database, learner, catalog=catalog, now=NOW)
    once = {name: len(run(database, page)) for name, page in pages.items()}
    for _ in range(10):
        learn(database, learner, catalog=catalog, now=NOW)
    assert {name: len(run(database, page)) for name, page in pages.items()} == once
    assert once["home"] <= 6, once
    assert max(once.values()) <= 15, once
