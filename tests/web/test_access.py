"""Who gets which answer from every route: an exhaustive table, so that a new route without an entry fails."""

import re
import uuid

import pytest

from tests.conftest import NOW
from tests.web.conftest import ON_SQLITE
from tests.web.routes import FIELDS, PEOPLE, address_of, every_rule, table
from training.domain.roles import Role
from training.services import (
    people,
    permissions,
    reports,
)
from training.services.staff import AsOf
from training.web import access


@ON_SQLITE
def test_every_route_has_its_line_in_the_table_and_every_line_its_route(app):
    assert every_rule(app) == set(table())


def test_every_route_answers_everybody_as_the_table_says(app, house):
    wrong = []
    tokens = {who: browser.token() for who, browser in house.browsers.items()}
    for (method, rule), expected in table().items():
        with app.test_request_context():
            address = address_of(rule, house.ids, app)
        for who, browser in house.browsers.items():
            sent = {"csrf_token": tokens[who], **FIELDS.get(rule, {})} if method == "POST" else None
            got = browser.open(method, address, data=sent).status
            if got != expected[who]:
                wrong.append(f"{method} {rule} answers {who} with {got}, not {expected[who]}")
    assert wrong == []


@ON_SQLITE
def test_every_route_is_public_by_name_or_guarded(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known >= access.PUBLIC, "a route that is gone is still listed as public"
    assert {name for name in known if name.startswith("team.")}
    assert not {name for name in access.PUBLIC if name.partition(".")[0] in access.MANAGER_BLUEPRINTS}


@ON_SQLITE
def test_addresses_are_in_kebab_case(app):
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"(/[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?)*/?", fixed), f"{rule.rule}: use-kebab-case"


@ON_SQLITE
def test_a_form_without_its_token_is_refused_and_what_was_typed_is_offered_again(app, house):
    house.browsers["nobody"].get("/sign-in")
    tokenless = access.STATELESS | access.SENT_BY_SCRIPT
    stateless = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in tokenless}
    posts = [(rule, expected) for (method, rule), expected in table().items() if method == "POST"]
    assert stateless < {rule for rule, _ in posts}
    for rule, expected in posts:
        if rule in stateless:
            continue
        address = address_of(rule, house.ids, app)
        for who, browser in house.browsers.items():
            if expected[who] in {401, 403} or (rule == "/sign-out" and who == "nobody"):
                continue
            again = browser.expect(browser.open("POST", address, data={"name": "Typed", "password": "secret"}), 400)
            assert again.heading == "Send it again"
            form = again.one("main form")
            assert form.attrs["action"] == address
            sent = {field.attrs["name"]: field.attrs["value"] for field in form.query("input")}
            assert sent.pop("csrf_token")
            assert sent == {"name": "Typed"}, "a password is never held in a page"


@ON_SQLITE
def test_what_was_typed_arrives_once_it_is_sent_again(house):
    manager = house.browsers["manager"]
    again = manager.open("POST", "/team/sites", data={"name": "Third site"})
    assert "Third site" in manager.submit(again).main


@ON_SQLITE
def test_a_form_that_another_site_sends_is_not_offered_again(house):
    """Somebody could be talked into pressing the button of a form they never saw."""
    evil = {"Sec-Fetch-Site": "cross-site"}
    for who in ("nobody", "manager"):
        refused = house.browsers[who].open("POST", "/team/sites", data={"name": "Theirs"}, headers=evil)
        assert refused.status == 400
        assert "Theirs" not in refused.text
        assert "held" not in {field.attrs["name"] for field in refused.all("input[value]") if field.attrs["value"]}


def test_things_of_another_organisation_are_not_there_for_anybody(house):
    stranger = house.browsers["other manager"]
    for address in (f"/team/people/{house.worker.person_id}", f"/record/{house.ids['attempt_id']}"):
        assert stranger.get(address, status=404).heading == "Page not found"
    gone = stranger.get(f"/team/people/{uuid.uuid4()}", status=404)
    theirs = stranger.get(f"/team/people/{house.worker.person_id}", status=404)
    assert gone.main == theirs.main
    assert "Marta" not in stranger.get("/team/people").text
    assert "Nobody fits" in stranger.get(f"/team/people?site={house.home.site_id}").main
    assert "Marta" not in stranger.submit(stranger.get("/team/receipts"), code=house.ids["code"]).text


def test_nobody_is_added_to_a_site_or_job_title_of_another_organisation(house):
    stranger = house.browsers["other manager"]
    fields = {
        "name": "Ann",
        "starts_on": "2 Mar 2026",
        "job_title_id": str(house.home.titles[Role.SOCIAL_CARE]),
        "site_id": str(house.home.site_id),
    }
    refused = stranger.send("/team/people/new", fields)
    assert refused.status == 400
    assert "Ann" in {field.attrs.get("value") for field in refused.all("input")}


def test_the_manager_of_one_site_sees_nobody_of_another_by_any_way(house, database, catalog):
    boss = house.browsers["site manager"]
    second = house.ids["site"]
    for query in ("", "?search=Ryan", f"?site={second}", f"?site={second}&status=overdue", "?status=not-yet-due"):
        assert "Ryan" not in boss.get(f"/team/people{query}").main.replace("name or staff number with “Ryan”", "")
        assert b"Ryan Secondsite" not in boss.get(f"/team/people.csv{query}").response.data
    assert "Second site" not in boss.get("/team").text
    assert b"Second site" not in boss.get("/team/overview.csv").response.data
    assert "Second site" not in boss.get("/team/people/new").text
    boss.get(f"/team/people/{house.elsewhere.person_id}", status=404)
    assert boss.send(f"/team/people/{house.elsewhere.person_id}/link").status == 404
    with database.read(house.home.viewer.organisation_id) as session:
        job = people.find_contact(session, viewer=house.home.viewer, person_id=house.elsewhere.person_id).jobs[0]
    assert boss.send(f"/team/people/{house.elsewhere.person_id}/jobs/{job.id}/end").status == 404
    new = {
        "name": "Ann",
        "starts_on": "2 Mar 2026",
        "site_id": second,
        "job_title_id": str(house.home.titles[Role.SOCIAL_CARE]),
    }
    assert boss.send("/team/people/new", new).status == 400
    report = reports.overview(database, viewer=house.home.viewer, catalog=catalog, as_of=AsOf.present(NOW.date()))
    assert report.heads == 4, "the manager's four: the worker, the boss, Ryan, and the newcomer"


def test_the_manager_of_one_site_sets_up_no_sites_and_job_titles(house):
    boss = house.browsers["site manager"]
    assert boss.send("/team/sites", {"name": "Mine"}).status == 403
    assert boss.send("/team/job-titles", {"name": "Mine", "role": "social-care"}).status == 403
    assert not boss.get("/team/sites").all("main form")
    assert not boss.get("/team/job-titles").all("main form")


def test_nobody_gets_a_link_for_somebody_who_manages_more(house):
    boss = house.browsers["site manager"]
    promoted = house.worker.person_id
    manager = house.home.viewer
    permissions.give(
        boss.app.extensions["training"].database, viewer=manager, person_id=promoted, site_id=None, now=NOW
    )
    assert boss.send(f"/team/people/{promoted}/link").status == 403


@ON_SQLITE
@pytest.mark.parametrize("who", PEOPLE)
def test_head_answers_like_get_and_options_says_what_is_allowed(app, house, who):
    browser = house.browsers[who]
    for method, rule in table():
        if method != "GET":
            continue
        with app.test_request_context():
            address = address_of(rule, house.ids, app)
        head = browser.open("HEAD", address)
        assert (address, head.status) == (address, table()[method, rule][who])
        assert head.response.data == b""
        options = browser.open("OPTIONS", address)
        assert options.status in {200, 302, 401, 403}
        if options.status == 200:
            assert {"GET", "HEAD", "OPTIONS"} <= set(options.response.allow)


@ON_SQLITE
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_with_what_is_allowed(app, house, method):
    for rule in {rule for _, rule in table()}:
        with app.test_request_context():
            address = address_of(rule, house.ids, app)
        refused = house.browsers["manager"].open(method, address)
        assert refused.status == 405
        assert refused.heading == "That cannot be done here"
        assert refused.response.allow, f"{rule} refuses {method} without saying what is allowed"
