"""Shared tablets: made by a manager on the tablet itself, used by one person after another, and locked in between."""

import re
import uuid
from dataclasses import replace

import pytest

from tests.conftest import NOW
from tests.factories import PASSWORD, Home, learn, let_in, make_person
from tests.web.client import FETCH, Client, Loaded
from tests.web.conftest import ON_SQLITE
from tests.web.learning import as_typed, hidden, is_answered, open_card
from tests.web.routes import address_of, table
from training.db import Database
from training.domain.module import QuestionKind
from training.services import organisations, people, permissions, pins
from training.services.accounts import Viewer
from training.web import access, closed

PIN = "7293"
NOTHING_LEFT = '"cache", "storage"'


@pytest.fixture
def tablet(make_client, home) -> Client:
    """A browser that the manager has made a shared tablet of the site."""
    opened = make_client("manager@home.example")
    made = opened.submit(opened.get("/team/tablets/new"), name="Staff room", sites=[str(home.site_id)])
    assert made.heading == "Who are you?"
    return opened


@pytest.fixture
def marta(rooms, worker) -> Viewer:
    """The worker, with a PIN."""
    pins.set_own(rooms, viewer=worker, pin=PIN, now=NOW)
    return worker


@pytest.fixture
def tom(rooms, home) -> Viewer:
    """Somebody else who works there, with another PIN."""
    person = make_person(rooms, home, now=NOW, name="Tom Ellison", email="tom@home.example")
    let_in(rooms, home, person, now=NOW)
    pins.set_own(rooms, viewer=person, pin="5190", now=NOW)
    return person


def enter(tablet: Client, says: str, pin: str = PIN, *, status: int = 200) -> Loaded:
    """Pick a name and enter a PIN."""
    page = tablet.get(tablet.get("/tablet").link(says))
    return tablet.submit(page, pin=pin, status=status)


def switch(tablet: Client) -> Loaded:
    return tablet.press(tablet.get("/home"), "form[action='/tablet/switch']")


def test_a_manager_makes_the_browser_in_hand_a_shared_tablet_and_is_signed_out_on_it(make_client, home):
    browser = make_client("manager@home.example")
    page = browser.get(browser.get("/team/tablets").link("Make this a shared tablet"))
    stolen = browser.browser.get_cookie("training").value
    done = browser.press(page, name="Staff room", sites=[str(home.site_id)])
    assert (done.status, done.location) == (302, "/tablet")
    assert done.response.headers["Clear-Site-Data"] == NOTHING_LEFT
    cookie = browser.browser.get_cookie("tablet")
    assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Lax", 400 * 24 * 60 * 60)
    assert browser.visit("/home").heading == "Who are you?"
    browser.browser.delete_cookie("tablet")
    browser.browser.set_cookie("training", stolen)
    assert browser.visit("/home").heading == "Sign in"


@ON_SQLITE
def test_a_tablet_without_a_name_or_a_site_is_asked_for_again(manager):
    again = manager.submit(manager.get("/team/tablets/new"), name="", status=400)
    assert "Enter a name for the tablet." in again.main
    again = manager.submit(manager.get("/team/tablets/new"), name="Staff room", status=400)
    assert "Choose at least one site." in again.main
    assert manager.browser.get_cookie("tablet") is None
    made_up = manager.send("/team/tablets/new", {"name": "Staff room", "sites": str(uuid.uuid4())})
    assert "Choose at least one site." in manager.expect(made_up, 400).main


@pytest.mark.usefixtures("marta", "tom")
def test_the_tablet_shows_first_names_and_initials_and_no_more(tablet):
    page = tablet.get("/tablet")
    assert "data-shared" in page.one("body").attrs
    assert [name in page.main for name in ("Marta K.", "Tom E.")] == [True, True]
    for kept_back in ("Kowalska", "Ellison", "@home.example"):
        assert kept_back not in page.text
    found = tablet.submit(page, search="kowal")
    assert "1 name has" in found.main
    assert "Tom" not in found.main


def test_long_lists_are_under_their_letters(tablet, rooms, home):
    for number in range(41):
        make_person(rooms, home, now=NOW, name=f"{chr(65 + number % 5)}nn Surname{number:02}")
    page = tablet.get("/tablet")
    assert [letter.attrs["href"] for letter in page.all("nav[aria-label='First letters'] a")] == [
        f"#letter-{number}" for number in range(1, 6)
    ]
    assert len(page.all("main ul li a[href^='/tablet/people/']")) == 41


@pytest.mark.usefixtures("marta")
def test_a_name_and_a_pin_sign_somebody_in(tablet):
    home = enter(tablet, "Marta K.")
    assert home.heading == "Your training"
    assert "data-shared" in home.one("body").attrs
    assert home.one("form[action='/tablet/switch'] button").to_text() == "Switch person"
    assert not home.all("form[action='/sign-out']")
    assert home.one("[data-module=lock]").attrs["data-seconds"] == "180"
    assert home.all("a[href='/record']")


@pytest.mark.usefixtures("marta")
def test_a_wrong_pin_says_what_comes_of_it_and_is_never_sent_back(tablet):
    wrong = enter(tablet, "Marta K.", "8642", status=400)
    assert "That PIN is wrong. 4 more tries, and then it is locked for 5 minutes." in wrong.main
    assert "8642" not in wrong.text
    assert wrong.one("#pin").attrs["type"] == "text", "browsers offer to keep what stands in a password field"
    for _ in range(4):
        locked = enter(tablet, "Marta K.", "8642", status=400)
    assert "It is locked for 5 minutes." in locked.main
    assert "locked for 5 minutes more" in enter(tablet, "Marta K.", status=400).main


@pytest.mark.usefixtures("marta", "tom")
def test_switching_leaves_nothing_of_the_one_before(tablet):
    enter(tablet, "Marta K.")
    stolen = tablet.browser.get_cookie("training").value
    switched = switch(tablet)
    assert (switched.status, switched.location) == (302, "/tablet")
    assert switched.response.headers["Clear-Site-Data"] == NOTHING_LEFT
    assert "Marta Kowalska" not in tablet.get("/tablet").text
    assert tablet.browser.get_cookie("tablet"), "it is a tablet still"
    tablet.browser.set_cookie("training", stolen)
    assert tablet.visit("/home").heading == "Who are you?"
    assert "Tom Ellison" in enter(tablet, "Tom E.", "5190").text


@pytest.mark.usefixtures("marta")
def test_signing_out_by_the_usual_way_shows_the_names(tablet):
    enter(tablet, "Marta K.")
    assert tablet.follow(tablet.send("/sign-out")).heading == "Who are you?"


@pytest.mark.usefixtures("marta")
def test_no_page_of_somebody_signed_in_is_kept_by_the_browser(tablet):
    enter(tablet, "Marta K.")
    for address in ("/home", "/record", "/pin", "/resources"):
        assert tablet.get(address).response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("marta")
def test_three_minutes_without_a_request_lock_it_and_the_browser_forgets(tablet, time):
    enter(tablet, "Marta K.")
    time.move(minutes=2, seconds=59)
    assert tablet.visit("/record").heading == "My record"
    time.move(minutes=3, seconds=6)
    assert tablet.open("GET", "/record").location == "/tablet"
    names = tablet.get("/tablet")
    assert names.response.headers["Clear-Site-Data"] == NOTHING_LEFT
    assert "Clear-Site-Data" not in tablet.get("/tablet").response.headers


@pytest.mark.usefixtures("marta")
def test_a_touch_on_the_page_keeps_somebody_signed_in_for_an_hour_at_most(tablet, time):
    enter(tablet, "Marta K.")
    token = {"csrf_token": tablet.get("/home").all("input[name=csrf_token]")[0].attrs["value"]}
    for _ in range(20):
        time.move(minutes=2, seconds=55)
        assert tablet.open("POST", "/tablet/stay", data=token, headers=FETCH).status == 200
    told = tablet.open("POST", "/tablet/stay", data=token, headers=FETCH)
    assert told.response.json == {"left": 100}, "of 60 minutes 58 and 20 seconds have gone"
    time.move(seconds=101)
    assert tablet.open("POST", "/tablet/stay", data=token, headers=FETCH).status == 401


@pytest.mark.usefixtures("marta")
def test_without_script_the_page_goes_by_itself_once_the_session_is_over(tablet):
    home = enter(tablet, "Marta K.")
    assert '<noscript><meta http-equiv="refresh" content="190;url=/tablet"></noscript>' in home.text


@pytest.mark.usefixtures("marta")
def test_an_answer_sent_once_it_had_locked_waits_for_whoever_sent_it(tablet, module, time):
    enter(tablet, "Marta K.")
    page, question = open_card(tablet, module, QuestionKind.MATCH)
    time.move(minutes=4)
    lost = tablet.expect(tablet.press(page, f"#question-{question.id} form", values=as_typed(question)), 401)
    assert lost.heading == "Hello, Marta K."
    assert "What you sent is kept on this page." in lost.main
    wrong = tablet.expect(tablet.press(lost, pin="8642"), 400)
    kept = tablet.submit(wrong, pin=PIN)
    assert kept.heading == "You are signed in"
    tablet.submit(kept)
    assert is_answered(tablet, page, question)


@pytest.mark.usefixtures("marta", "tom")
def test_what_somebody_sent_is_given_to_nobody_else(tablet, module, time):
    enter(tablet, "Marta K.")
    page, question = open_card(tablet, module, QuestionKind.SINGLE)
    time.move(minutes=4)
    lost = tablet.press(page, f"#question-{question.id} form", answer=question.options[0].key)
    held = lost.one("input[name=held]").attrs["value"]
    other = tablet.get(tablet.visit(lost.link("I am somebody else")).link("Tom E."))
    assert other.one("input[name=held]").attrs["value"] == ""
    entered = tablet.open("POST", other.address, data={**hidden(other), "pin": "5190", "held": held})
    assert (entered.status, entered.location) == (302, "/home")


@pytest.mark.usefixtures("marta", "tom")
def test_a_page_of_the_one_before_shows_the_next_one_nothing(tablet, module):
    enter(tablet, "Marta K.")
    page, question = open_card(tablet, module, QuestionKind.SINGLE)
    switch(tablet)
    enter(tablet, "Tom E.", "5190")
    stale = tablet.expect(tablet.press(page, f"#question-{question.id} form", answer=question.options[0].key), 400)
    assert "from before somebody last signed in" in stale.main
    assert not stale.all("main form")


@pytest.mark.usefixtures("marta")
def test_script_is_told_that_it_has_locked(tablet, module, time):
    enter(tablet, "Marta K.")
    page, question = open_card(tablet, module, QuestionKind.SINGLE)
    time.move(minutes=4)
    fields = {**hidden(page, f"#question-{question.id} form"), "answer": question.options[0].key}
    assert tablet.open("POST", page.address, data=fields, headers=FETCH).status == 401


def test_a_session_on_a_tablet_is_good_on_that_tablet_alone(tablet, make_client, home, marta):
    enter(tablet, "Marta K.")
    stolen = tablet.browser.get_cookie("training").value
    phone = make_client()
    phone.browser.set_cookie("training", stolen)
    assert phone.visit("/home").heading == "Sign in"
    other = make_client("manager@home.example")
    other.submit(other.get("/team/tablets/new"), name="Office", sites=[str(home.site_id)])
    other.browser.set_cookie("training", stolen)
    assert other.visit("/home").heading == "Who are you?"
    assert marta.tablet_id is None


def test_nobody_signs_in_on_a_tablet_by_a_password_or_a_link(tablet, rooms, home, worker):
    assert tablet.visit("/sign-in").heading == "Who are you?"
    token = {
        "csrf_token": tablet.get(f"/tablet/people/{worker.person_id}/slip").one("input[name=csrf_token]").attrs["value"]
    }
    signed = tablet.open(
        "POST", "/sign-in", data={**token, "sign_in_name": "worker@home.example", "password": PASSWORD}
    )
    assert (signed.status, signed.location) == (302, "/tablet")
    slip = people.issue_slip(rooms, viewer=home.viewer, person_id=worker.person_id, now=NOW)
    told = tablet.visit(f"/join/{slip.token}")
    assert told.heading == "Who are you?"
    assert "That page is not open on a shared tablet." in told.main


@ON_SQLITE
def test_only_what_is_listed_is_open_on_a_tablet_even_to_a_manager(app, tablet, rooms, home, marta):
    permissions.give(rooms, viewer=home.viewer, person_id=marta.person_id, site_id=None, now=NOW)
    enter(tablet, "Marta K.")
    token = {"csrf_token": tablet.get("/home").all("input[name=csrf_token]")[0].attrs["value"]}
    ids = {name: str(uuid.uuid4()) for _, rule in table() for name in re.findall(r"<uuid:(\w+)>", rule)}
    ids |= {
        "code": "K7MX4-PQR9T",
        "token": "none",
        "role": "social-care",
        "module": "every-kind",
        "scenario": "the-story",
    }
    ids |= {"content_hash": "0" * 64}
    adapter, seen = app.url_map.bind("localhost"), 0
    for method, rule in table():
        with app.test_request_context():
            address = address_of(rule, ids, app)
        endpoint, _ = adapter.match(address, method=method)
        if endpoint in closed.OPEN:
            continue
        seen += 1
        answer = tablet.open(method, address, data=token if method == "POST" else None)
        if endpoint in {"public.front", "account.sign_in"}:
            assert (answer.status, answer.location) == (302, "/home")
        else:
            assert (address, answer.status, answer.heading) == (address, 403, "Not on a shared tablet")
    assert seen > 100
    assert not tablet.get("/home").all("a[href^='/team']")


@ON_SQLITE
def test_what_is_open_on_a_tablet_exists_and_is_no_managers(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known >= closed.OPEN
    assert not {name for name in closed.OPEN if name.partition(".")[0] in access.MANAGER_BLUEPRINTS}
    assert not {name for name in closed.OPEN if name.partition(".")[0] in {"account", "carers", "offline"}} - {
        "account.sign_out"
    }


def test_somebody_sees_their_own_certificate_and_nobody_elses(tablet, rooms, catalog, marta, tom):
    own, other = (learn(rooms, who, catalog=catalog, slug="every-kind", now=NOW) for who in (marta, tom))
    enter(tablet, "Marta K.")
    assert tablet.open("GET", f"/record/{own.attempt_id}/certificate.pdf").status == 200
    assert tablet.open("GET", f"/record/{other.attempt_id}/certificate.pdf").status == 404


def test_a_slip_sets_the_first_pin_on_the_tablet_itself(tablet, rooms, home):
    ola = make_person(rooms, home, now=NOW, name="Ola New")
    slip = people.issue_slip(rooms, viewer=home.viewer, person_id=ola.person_id, now=NOW)
    page = tablet.get(tablet.get("/tablet").link("Ola N."))
    assert "You have no PIN yet." in page.main
    form = tablet.get(page.link("I have a slip"))
    assert "Enter the code on your slip." in tablet.submit(form, status=400, pin=PIN, again=PIN).main
    unlike = tablet.submit(form, status=400, code=slip.code, pin=PIN, again="5190")
    assert "This is not the same as the PIN above." in unlike.main
    easy = tablet.submit(form, status=400, code=slip.code, pin="1234", again="1234")
    assert "Others would soon guess that PIN." in easy.main
    wrong = tablet.submit(form, status=400, code="K7MX4-PQR9T", pin=PIN, again=PIN)
    assert "There is no such link or code" in wrong.main
    assert tablet.submit(form, code=slip.code, pin=PIN, again=PIN).heading == "Your training"
    switch(tablet)
    assert enter(tablet, "Ola N.").heading == "Your training"


def test_a_pin_is_chosen_on_ones_own_phone_and_changed_on_the_tablet_by_who_knows_it(learner, tablet):
    page = learner.get(learner.get("/record").link("Your PIN for shared tablets"))
    assert not page.all("#old")
    assert "Your PIN is set." in learner.submit(page, pin=PIN, again=PIN).main
    enter(tablet, "Marta K.")
    page = tablet.get("/pin")
    refused = tablet.submit(page, status=400, old="8642", pin="5190", again="5190")
    assert "That PIN is wrong." in refused.main
    assert "5190" not in refused.text
    tablet.submit(page, old=PIN, pin="5190", again="5190")
    switch(tablet)
    assert enter(tablet, "Marta K.", "5190").heading == "Your training"


def test_a_manager_clears_a_pin_and_never_sees_one(manager, tablet, marta):
    enter(tablet, "Marta K.")
    person = manager.get(f"/team/people/{marta.person_id}")
    page = manager.get(person.link("PIN for shared tablets"))
    assert "They chose one on 2 Mar 2026." in page.main
    assert not page.all("main input:not([type=hidden])")
    assert "They have none." in manager.submit(page).main
    assert tablet.visit("/home").heading == "Who are you?"
    assert "You have no PIN yet." in tablet.get(tablet.get("/tablet").link("Marta K.")).main


def test_a_tablet_that_was_ended_is_nobodys_at_once(manager, tablet, marta, time):
    enter(tablet, "Marta K.")
    time.move(hours=1)
    listed = manager.get(manager.get("/team").link("Shared tablets"))
    assert "Staff room" in listed.main
    assert "2 Mar 2026" in listed.main
    ended = manager.submit(manager.get(listed.link("End it")))
    assert "Staff room is not shared any more." in ended.main
    gone = tablet.get("/tablet", status=404)
    assert "This tablet is not shared any more." in gone.main
    assert tablet.browser.get_cookie("tablet") is None
    assert tablet.visit("/home").heading == "Sign in"
    assert tablet.sign_in("worker@home.example").heading == "Your training"
    assert marta.person_id


def test_the_manager_of_one_site_sees_that_a_tablet_has_other_sites_and_cannot_end_it(
    make_client, rooms, home, second_site
):
    boss = make_person(rooms, home, now=NOW, name="Priya Raman", email="boss@home.example")
    let_in(rooms, home, boss, now=NOW)
    permissions.give(rooms, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    both = make_client("manager@home.example")
    both.submit(both.get("/team/tablets/new"), name="Of both", sites=[str(home.site_id), str(second_site)])
    browser = make_client("boss@home.example")
    listed = browser.get("/team/tablets")
    assert "and others" in listed.main
    assert "Second site" not in listed.text
    assert not [link for link in listed.links() if link.endswith("/end")]
    new = browser.get("/team/tablets/new")
    assert [box.attrs["value"] for box in new.all("input[name=sites]")] == [str(home.site_id)]


@pytest.fixture
def second_site(rooms: Database, home: Home) -> uuid.UUID:
    return organisations.add_site(rooms, viewer=home.viewer, name="Second site", now=NOW)


def test_a_browser_that_is_no_tablet_lists_nobody(client, learner, worker):
    for browser in (client, learner):
        for address in ("/tablet", f"/tablet/people/{worker.person_id}", f"/tablet/people/{worker.person_id}/slip"):
            page = browser.get(address, status=404)
            assert page.heading == "Not a shared tablet"
            assert "data-shared" not in page.one("body").attrs
            assert "Marta Kowalska" not in page.main
    made_up = replace(worker, person_id=uuid.uuid4())
    assert client.get(f"/tablet/people/{made_up.person_id}", status=404)


def test_whoever_works_elsewhere_is_not_there(tablet, rooms, home, second_site):
    elsewhere = make_person(rooms, home, now=NOW, name="Ryan Moss", site_id=second_site)
    assert "Ryan" not in tablet.get("/tablet").main
    tablet.get(f"/tablet/people/{elsewhere.person_id}", status=404)
    tablet.get(f"/tablet/people/{elsewhere.person_id}/slip", status=404)


@ON_SQLITE
def test_over_https_the_cookie_is_the_hosts_alone(make_app, rooms, home):
    app = make_app(base_url="https://training.example", secret_key="x" * 40, env="production")
    browser = Client(app)
    secure = {"base_url": "https://training.example", "headers": {"Referer": "https://training.example/"}}
    page = browser.get("/sign-in", **secure)
    fields = {**hidden(page), "sign_in_name": "manager@home.example", "password": PASSWORD}
    browser.open("POST", "/sign-in", data=fields, **secure)
    page = browser.get("/team/tablets/new", **secure)
    fields = {**hidden(page), "name": "Staff room", "sites": str(home.site_id)}
    made = browser.open("POST", "/team/tablets/new", data=fields, **secure)
    (cookie,) = [one for one in made.response.headers.getlist("Set-Cookie") if "tablet" in one]
    assert cookie.startswith("__Host-tablet=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert rooms
