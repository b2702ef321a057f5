"""The organisation's settings on the manager's page: what another number would do is shown before it is taken."""

from datetime import date

import pytest

from tests.conftest import NOW
from tests.factories import make_person
from training.services import absences

ADDRESS = "/team/settings"
LEAVE = "form[action='/team/settings/long-leave']"
NAME = "form[action='/team/settings']"


@pytest.fixture(autouse=True)
def away(rooms, home):
    """Somebody who is away for 40 days, from the day they began."""
    person = make_person(rooms, home, now=NOW, name="Away Person")
    days = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 4, 10)}
    absences.add_absence(rooms, viewer=home.viewer, person_id=person.person_id, now=NOW, **days)
    return person


def test_the_page_is_found_and_says_what_holds(manager):
    page = manager.get(manager.get("/team").link("Organisation settings"))
    assert page.one("#name").attrs["value"] == "Home"
    assert "Europe/London" in page.main
    assert "Leave counts as long from 28 days on." in page.main
    assert "1 person has leave on record." in page.main
    assert manager.get(page.link("When messages go out")).heading == "Messages"


def test_another_number_shows_whom_it_moves_and_is_then_recorded(manager):
    preview = manager.submit(manager.get(ADDRESS), LEAVE, days="60")
    assert "1 person changes status on that day." in preview.main
    assert "Away Person" in preview.main
    assert "those as known at the end of an earlier day keep 28" in preview.main
    assert "from 28 days on" in manager.get(ADDRESS).main, "a preview writes nothing"
    done = manager.submit(preview, button="confirm")
    assert "Leave counts as long from 60 days on." in done.main
    assert "From 28 to 60 days" in done.main
    assert "Reports as known at the end of an earlier day than 2 Mar 2026 work leave out by 28 days." in done.main


def test_the_number_can_be_gone_back_to(manager):
    preview = manager.submit(manager.get(ADDRESS), LEAVE, days="60")
    again = manager.submit(preview, button="edit")
    assert again.heading == "Organisation settings"
    assert again.one("#days").attrs["value"] == "60"


@pytest.mark.parametrize("typed", ["", "many", "0", "28", "366", "99999"])
def test_a_number_that_cannot_be_is_asked_for_again(manager, typed):
    again = manager.submit(manager.get(ADDRESS), LEAVE, days=typed, status=400)
    assert again.one("#days-error")
    assert again.one("#days").attrs.get("value", "") == typed


def test_whoever_changes_it_second_is_told(manager, make_client):
    theirs = make_client("manager@home.example")
    mine = manager.submit(manager.get(ADDRESS), LEAVE, days="60")
    theirs.submit(theirs.submit(theirs.get(ADDRESS), LEAVE, days="40"), button="confirm")
    refused = manager.submit(mine, button="confirm", status=409)
    assert "Somebody else has changed this to 40 days" in refused.main
    assert refused.one("#days").attrs["value"] == "60"


def test_the_name_is_changed_or_asked_for_again(manager):
    assert "New Home" in manager.submit(manager.get(ADDRESS), NAME, name="New Home").main
    again = manager.submit(manager.get(ADDRESS), NAME, name="  ", status=400)
    assert again.one("#name-error")
    assert "New Home" in manager.get("/team").text


def test_a_tampered_form_is_refused(manager):
    sent = {"days": "60", "seen": "soon", "step": "confirm"}
    assert manager.expect(manager.send(f"{ADDRESS}/long-leave", sent), 400).one("#days-error")
