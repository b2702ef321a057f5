"""Every link on every page, for everybody, over the content that ships: none is broken and every page is sound."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.factories import Home, learn, let_in, make_person
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.learning import begin
from training.catalog.library import Catalog, load_catalog
from training.config import shipped
from training.domain.module import Card, Module
from training.domain.roles import Role
from training.services.accounts import Viewer

pytestmark = ON_SQLITE


@pytest.fixture(scope="session")
def content() -> Path:
    return shipped("content")


@pytest.fixture(scope="session")
def catalog(content) -> Catalog:
    return load_catalog(content)


def walk(browser: Client, start: str) -> set[str]:
    """Load every page that can be reached by links, each once, and return their addresses."""
    seen, told, waiting = {start}, set(), deque([start])
    while waiting:
        loaded = browser.visit(waiting.popleft())
        links = loaded.links() if loaded.page else []
        fresh = [link for link in dict.fromkeys(links) if link not in seen and whereabouts(link) not in told]
        seen.update(fresh)
        told.update(map(whereabouts, fresh))
        waiting.extend(fresh)
    return seen


def whereabouts(link: str) -> str:
    """Return a link's address; of the thousand ways through a story, each choice of each scene counts once.

    So does a list of people by each set of filters: another test follows every number to its list.
    """
    path, _, asked = link.partition("?")
    if path.startswith(("/team/people", "/reports/")):
        return "&".join([path, *(field.partition("=")[0] for field in asked.split("&"))])
    path, way, ways = link.partition("?way=")
    return path + way + ways.rpartition("way=")[2]


def test_nothing_that_a_visitor_can_press_leads_nowhere(client):
    assert {"/", "/sign-in", "/check", "/privacy", "/accessibility"} <= walk(client, "/")


def test_nothing_that_a_visitor_reads_leads_to_a_page_that_asks_for_a_sign_in(client, catalog):
    assert any('href="/modules/' in words(card) for card in carer_cards(catalog)), "no card links to another any more"
    seen = walk(client, "/")
    assert {link for link in seen if link.startswith(("/modules/", "/scenarios/"))} == set()


def carer_cards(catalog: Catalog) -> Iterator[Card]:
    """Yield every card that family carers read."""
    for module in catalog.modules.values():
        yield from module.cards.get(Role.FAMILY_CARER, ())


def words(card: Card) -> str:
    return "".join(part.html or "" for part in card.parts)


def test_nothing_that_a_learner_can_press_leads_nowhere(learner, database, worker: Viewer, catalog):
    core = catalog.tracks[Role.SOCIAL_CARE].core
    learn(database, worker, catalog=catalog, slug=core[0], now=NOW)
    learn(database, worker, catalog=catalog, slug=core[1], now=NOW, right=False)
    for item in map(catalog.item, core):
        begin(learner, f"/{item.kind}s/{item.slug}")
    seen = walk(learner, "/home")
    assert {"/record", f"/tracks/{Role.SOCIAL_CARE}"} <= seen
    assert any(address.endswith("certificate.pdf") for address in seen)


def test_nothing_that_a_manager_can_press_leads_nowhere(manager, database, worker: Viewer, home: Home, catalog):
    for right in (False, True):
        learn(database, worker, catalog=catalog, slug="spotting-side-effects", now=NOW, right=right)
    seen = walk(manager, "/team")
    assert {f"/team/people/{worker.person_id}", f"/team/people?site={home.site_id}", "/team/overview.csv"} <= seen


def cards_first_told_to(role: Role, module: Module) -> Iterator[tuple[int, Card]]:
    """Yield the cards of a role, with their numbers, that no role before it gets word for word."""
    earlier = module.roles[: module.roles.index(role)]
    for number, card in enumerate(module.cards[role], start=1):
        if not any(card in module.cards[other] for other in earlier):
            yield number, card


@pytest.mark.parametrize("role", list(Role))
def test_every_card_of_every_module_is_a_sound_page(make_client, database, home, catalog, role):
    person = make_person(database, home, now=NOW, role=role, email="reader@home.example")
    let_in(database, home, person, now=NOW)
    learner = make_client("reader@home.example")
    for item in catalog.items_for(role):
        begin(learner, f"/{item.kind}s/{item.slug}")
        if isinstance(item, Module):
            for number, card in cards_first_told_to(role, item):
                assert learner.get(f"/modules/{item.slug}/cards/{number}").heading == card.title
