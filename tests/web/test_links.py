"""One-time links: they work once, run out, and lead an account to another organisation."""

from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.inspector import words
from training.services import organisations

pytestmark = ON_SQLITE


def make_link(manager: Client, person: str) -> str:
    """Make a one-time link and return its path, as it stands on the slip."""
    slip = manager.submit(manager.get(person), "form[action$='/link']")
    return "/join/" + words(slip.one("#link")).rpartition("/")[2]


def test_a_link_that_is_none_says_what_to_do(client):
    for token in ("no-such", "a" * 3000, "%e2%80%ae"):
        refused = client.get(f"/join/{token}", status=404)
        assert refused.heading == "This link does not work"
        assert "ask your manager for a new slip" in refused.main


def test_a_link_works_once_and_runs_out(make_client, manager, worker, time):
    person = f"/team/people/{worker.person_id}"
    old, new = make_link(manager, person), make_link(manager, person)
    visitor = make_client()
    assert "does not work any more" in visitor.get(old, status=404).main
    page = visitor.get(new)
    for weak in ("", "short", "password", "worker@home.example", "x" * 201):
        again = visitor.submit(page, password=weak, status=400)
        assert again.one("#password").attrs["aria-invalid"] == "true"
        assert not again.one("#password").attrs.get("value"), "a password is never sent back"
    visitor.submit(page, password=PASSWORD)
    used = visitor.submit(page, status=404, password=PASSWORD)
    assert "has been used already" in used.main
    assert used.one("#main a[href='/sign-in']")
    late = make_link(manager, person)
    time.move(days=15)
    over = visitor.get(late, status=404)
    assert "has run out" in over.main
    assert not over.all("#main a[href='/sign-in']")


def test_a_new_password_ends_every_session_of_the_old_one(make_client, manager, learner, worker):
    link = make_link(manager, f"/team/people/{worker.person_id}")
    visitor = make_client()
    visitor.submit(visitor.get(link), password="five blue kettles")
    assert learner.visit("/home").heading == "Sign in"
    assert visitor.sign_in("worker@home.example", "five blue kettles").heading == "Your training"


def test_guessing_links_is_slowed_down_and_says_for_how_long(client, manager, worker, time):
    link = make_link(manager, f"/team/people/{worker.person_id}")
    for _ in range(30):
        client.get("/join/guess", status=404)
    time.move(seconds=1)
    slowed = client.get(link, status=429)
    assert slowed.heading == "Too many tries"
    assert "Wait 15 minutes" in slowed.main
    time.move(minutes=16)
    client.get(link)


def test_the_place_to_go_to_must_be_ones_own(learner):
    for place in ("", "x", "0", "9" * 40, "-1"):
        learner.expect(learner.send("/places", {"organisation_id": place}), 404)
    assert "Your account leads to this one only." in learner.get("/places").main


def test_somebody_in_two_organisations_goes_from_one_to_the_other(database, learner):
    token = organisations.add_organisation(
        database,
        slug="away",
        name="Away",
        manager_email="else@away.example",
        required={},
        time_zone="Europe/London",
        today=NOW.date(),
        now=NOW,
    )
    page = learner.get(f"/join/{token}")
    assert "use the account you have here too" in page.main
    places = learner.submit(page, "main form")
    assert places.heading == "Your organisations"
    there = learner.submit(places, "main form")
    assert "Away" in words(there.one(".app-header__place"))
    assert "Nobody is on file yet" in learner.get("/team").main
    back = learner.submit(learner.get("/places"), "main form")
    assert "Home" in words(back.one(".app-header__place"))
    learner.get("/team", status=403)
