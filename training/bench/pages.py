"""Pages: the processor's time for each, beside a bare page, and what they ask of the database."""

import uuid
from collections.abc import Iterator, Mapping
from functools import partial

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from training import clock
from training.app import create_app
from training.bench import floors, people
from training.bench.clocks import asking, interleaved, median_seconds
from training.bench.lines import Ground, Line, number
from training.bench.people import LetIn
from training.catalog.pausing import keep_for_good
from training.domain.roles import Role
from training.models import Employment, StandingRow
from training.services.overviews import By

# 3 and 6 ms where a signed-in page that shows nothing takes one.
LEARNER_TIMES, MANAGER_TIMES = 3, 6
LEARNER_QUERIES, MANAGER_QUERIES = 6, 15
EACH, EACH_MANAGER = 20, 5
SITE_MS, WHOLE_MS, NATION_MS = 10, 150, 50
NATION = 500_000
# A connection that has served so many pages has each query planned once for all; those of a server serve thousands.
SERVED_BEFORE = 12


class PageFailed(Exception):
    """A page cannot be measured because it does not come."""


def served(ground: Ground) -> Flask:
    """Return the service as its server makes it."""
    app = create_app(ground.config)
    keep_for_good()
    return app


def browser(app: Flask, who: LetIn) -> FlaskClient:
    """Return a browser in which somebody is signed in."""
    client = app.test_client()
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], people.cookie_of(app, who.token)[0])
    return client


def fetch(client: FlaskClient, address: str) -> None:
    """Load a page whole.

    Raises:
        PageFailed: when anything but the page comes.
    """
    answer = client.get(address, buffered=True)
    if answer.status_code != 200 or not answer.data:
        raise PageFailed(f"{address} answered {answer.status_code}.")


def learner_pages(ground: Ground) -> Iterator[Line]:
    """Measure a learner's first page and the first page of a module."""
    app, now = served(ground), clock.now()
    who = people.learners(ground.database, count=1, title=Role.SOCIAL_CARE.label, now=now)[0]
    slug = ground.catalog.tracks[Role.SOCIAL_CARE].core[0]
    shown = {"learner home": "/home", "module page": f"/modules/{slug}"}
    yield from page_lines(app, who, shown, most_times=LEARNER_TIMES, queries=LEARNER_QUERIES, each=EACH)
    yield from page_lines(app, who, {"own record": "/record"}, each=EACH)


def manager_pages(ground: Ground) -> Iterator[Line]:
    """Measure the pages of a manager of one site of about 500 people."""
    app, now = served(ground), clock.now()
    who = people.site_manager(ground.database, title=Role.SOCIAL_CARE.label, now=now)
    person_id = somebody_at(ground, who)
    shown = {
        "site manager: overview": "/team",
        "site manager: one person": f"/team/people/{person_id}",
        "site manager: list of people": "/team/people",
        "site manager: who is overdue": "/team/people?status=overdue",
    }
    yield from page_lines(app, who, shown, most_times=MANAGER_TIMES, queries=MANAGER_QUERIES, each=EACH_MANAGER)


def somebody_at(ground: Ground, who: LetIn) -> uuid.UUID:
    """Return somebody who works at the site of its manager."""
    theirs = select(Employment.person_id).where(
        Employment.site_id.in_(who.viewer.site_ids), Employment.ends_on.is_(None), Employment.withdrawn_at.is_(None)
    )
    with ground.database.read(who.viewer.organisation_id) as session:
        return session.scalars(theirs.order_by(Employment.person_id)).first()


def page_lines(
    app: Flask,
    who: LetIn,
    shown: Mapping[str, str],
    *,
    each: int,
    most_times: float | None = None,
    queries: int | None = None,
) -> Iterator[Line]:
    """Yield the processor's time and the queries of some pages, beside a page of nothing and one that says hello."""
    database = app.extensions["training"].database
    client, nothing, hello = browser(app, who), floors.signed_in(database), floors.hello()
    for name, address in shown.items():
        acts = [partial(fetch, client, address), *(partial(fetch, floor, "/") for floor in (nothing, hello))]
        page, floor, bare = interleaved(*acts, each=each)
        note = f"{number(page / bare)} times a bare page"
        yield Line(what=f"{name}: processor time", value=page, unit="ms", floor=floor, most_times=most_times, note=note)
        with asking(database.engine) as asked:
            fetch(client, address)
        yield Line(what=f"{name}: queries", value=asked.queries, unit="queries", most=queries)


def overviews(ground: Ground) -> Iterator[Line]:
    """Measure the overview in the database: of one site, and of everybody."""
    app, now = served(ground), clock.now()
    site = people.site_manager(ground.database, title=Role.SOCIAL_CARE.label, now=now)
    whole = people.find_manager(ground.database, now=now)
    with ground.database.read(whole.viewer.organisation_id) as session:
        lines = session.scalar(select(func.count()).select_from(StandingRow)) or 0
    most = NATION_MS if lines > NATION * 5 else WHOLE_MS
    floor = median_seconds(partial(by_item, ground, whole.viewer.organisation_id), rounds=3) * 1000
    yield from overview_lines(app, site, name="overview of a site", most=SITE_MS, rounds=7)
    yield from overview_lines(app, whole, name="overview of everybody", most=most, rounds=3, floor=floor)
    for by in (By.ROLE, By.JOB_TITLE, By.HEAT_MAP):
        tab = {"name": f"overview of everybody, by {by.label.lower()}", "address": f"/team?by={by}"}
        yield from overview_lines(app, whole, **tab, rounds=3, most=most)


def by_item(ground: Ground, organisation_id: int) -> None:
    """Count every line by its item, the least that reading them all could take."""
    query = select(StandingRow.item, func.count()).where(StandingRow.organisation_id == organisation_id)
    with ground.database.engine.connect() as connection:
        connection.execute(query.group_by(StandingRow.item)).all()


def overview_lines(
    app: Flask,
    who: LetIn,
    *,
    name: str,
    rounds: int,
    most: float | None = None,
    floor: float | None = None,
    address: str = "/team",
) -> Iterator[Line]:
    """Yield the database's time, the queries and the whole time of one overview."""
    client = browser(app, who)
    load = partial(fetch, client, address)
    with asking(app.extensions["training"].database.engine) as asked:
        for _ in range(SERVED_BEFORE):
            load()
        asked.queries, asked.seconds = 0, 0.0
        whole = median_seconds(load, rounds=rounds)
    each = asked.seconds / rounds * 1000
    note = "the floor counts all lines by item" if floor else ""
    yield Line(what=f"{name}: database time", value=each, unit="ms", floor=floor, most=most, note=note)
    yield Line(what=f"{name}: queries", value=asked.queries / rounds, unit="queries", most=MANAGER_QUERIES)
    yield Line(what=f"{name}: whole page", value=whole * 1000, unit="ms")
