"""Messages as a manager sees them, and the link by which somebody turns a kind of them off."""

import uuid
from datetime import time

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.web.inspector import words
from training.config import DEVELOPMENT_KEY
from training.db import EVERYWHERE
from training.domain.days import ONE_DAY
from training.domain.mail import Outcome, Result
from training.domain.reminder import Topic
from training.domain.reminder_run import Flood, Limit
from training.models import MessageRow, Organisation, RunApproval, Unsubscribe
from training.services import messages, organisations, permissions, runs, unreached, unsubscribes
from training.services.messages import Claim, Kind

MESSAGES = "/team/messages"


def tried(database, person, outcome: Outcome, *, kind: str = Kind.REMINDER) -> uuid.UUID:
    """Keep a message that was tried, and what became of it."""
    wanted = Claim(
        person_id=person.person_id,
        kind=kind,
        day=NOW.date(),
        key=f"{kind}-{person.person_id}",
        address="worker@home.example",
    )
    message_id = messages.claim(database, person.organisation_id, wanted=wanted, now=NOW)
    assert message_id
    messages.record(database, person.organisation_id, message_id=message_id, outcome=outcome, now=NOW)
    return message_id


def stored(database, table):
    with database.read(EVERYWHERE) as session:
        return list(session.scalars(select(table)))


def test_what_was_refused_is_on_the_overview_and_leads_to_why(manager, rooms, worker):
    assert "could not be delivered" not in manager.get("/team").main
    tried(rooms, worker, Outcome(Result.REFUSED, "The mail server refused the recipient (550)."))
    assert "1 message could not be delivered" in manager.get("/team").main
    page = manager.get(MESSAGES)
    assert "Marta Kowalska" in page.main
    assert "refused the recipient (550)" in page.main
    assert "tried again within minutes" in manager.submit(page, 0).text
    (row,) = stored(rooms, MessageRow)
    assert (row.status, row.tries) == ("later", 0)
    assert "2 Mar 2026, 10:00" in manager.get(MESSAGES).main
    assert "could not be delivered" not in manager.get("/team").main


@pytest.mark.parametrize(
    ("kind", "says"),
    [("digest", "weekly digest"), ("report-0a1b2c", "file ready"), ("report-end-0a1b2c", "regular report ended")],
)
def test_what_a_message_was_about_is_said(manager, rooms, worker, kind, says):
    tried(rooms, worker, Outcome(Result.REFUSED, "No such mailbox."), kind=kind)
    assert f"{says}, 2 Mar 2026" in manager.get(MESSAGES).main


def test_what_may_have_arrived_offers_no_second_try(manager, rooms, worker):
    message_id = tried(rooms, worker, Outcome(Result.LATER, "The connection was lost.", may_have_arrived=True))
    page = manager.get(MESSAGES)
    assert "It may have arrived" in page.main
    assert "Try again" not in page.main
    assert manager.send(f"{MESSAGES}/again", {"message": str(message_id)}).status == 404


def test_a_stopped_run_says_how_many_and_goes_on_once_approved(manager, rooms, worker):
    stopped = Flood(day=NOW.date(), people=240, on_file=300, limit=Limit.MANY_PEOPLE)
    runs.record_stop(rooms, worker.organisation_id, stopped=stopped, now=NOW)
    assert "Reminders to 240 people wait for approval" in manager.get("/team").main
    page = manager.get(MESSAGES)
    assert "would go to 240 people of 300 on file" in page.main
    for wrong in ("241", "", "x", "²", "9" * 30):
        assert manager.send(f"{MESSAGES}/approve", {"people": wrong}).status == 404
    assert "Approved" in manager.submit(page, 0).text
    assert [row.people for row in stored(rooms, RunApproval)] == [240]
    assert "wait for you" not in manager.get(MESSAGES).main


def test_settings_are_kept_and_shown(manager, rooms):
    page = manager.get(MESSAGES)
    wanted = {"switch": "off", "quiet_from": "18:00", "quiet_until": "09:00", "digest_weekday": "5"}
    assert "Saved" in manager.submit(page, values=wanted).text
    with rooms.read(EVERYWHERE) as session:
        row = session.scalars(select(Organisation).where(Organisation.slug == "home")).one()
    kept = (row.reminders_on, row.quiet_from, row.quiet_until, row.digest_weekday)
    assert kept == (False, time(18), time(9), 5)
    chosen = {option.attrs["value"] for option in manager.get(MESSAGES).all("option[selected]")}
    assert chosen == {"off", "18:00", "09:00", "5"}
    assert manager.send(MESSAGES, wanted | {"digest_weekday": "8"}).status == 400
    assert manager.send(MESSAGES, wanted | {"quiet_from": "25:00"}).status == 400


def test_where_messages_are_switched_off_it_is_said_of_files_too(manager):
    page = manager.get(MESSAGES)
    assert "Messages are switched off." not in page.main
    assert "e-mails that say that a file is ready" in page.one("#switch-hint").to_text()
    manager.submit(page, values={"switch": "off"})
    page = manager.get(MESSAGES)
    assert "Messages are switched off." in page.main
    assert "E-mails that say that a file is ready are held back, too" in page.main


@pytest.mark.parametrize("topic", [Topic.WINDOW_NEWS, Topic.DIGESTS])
def test_one_click_turns_a_kind_of_message_off_and_a_visit_alone_does_not(client, rooms, worker, topic):
    token = token_for(worker, topic)
    assert "Stop these messages?" in client.get(f"/unsubscribe/{token}").main
    assert stored(rooms, Unsubscribe) == []
    for _ in range(2):
        sent = client.open("POST", f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
        assert sent.status == 200
    assert [row.topic for row in stored(rooms, Unsubscribe)] == [topic]
    again = client.get(f"/unsubscribe/{token}")
    assert again.heading == "You get these messages no more"
    assert client.submit(again).heading == "Stop these messages?"
    assert stored(rooms, Unsubscribe) == []


def token_for(person, topic) -> str:
    return unsubscribes.make_token(
        DEVELOPMENT_KEY, organisation_id=person.organisation_id, person_id=person.person_id, topic=topic
    )


def test_what_is_required_cannot_be_turned_off_and_no_link_can_be_made_up(client, rooms, worker):
    assert client.open("POST", f"/unsubscribe/{token_for(worker, Topic.REMINDERS)}").status == 404
    token = token_for(worker, Topic.DIGESTS)
    for wrong in (token[:-1], f"{token}x", "x", token.swapcase()):
        assert client.open("POST", f"/unsubscribe/{wrong}").status == 404
    assert stored(rooms, Unsubscribe) == []


def test_who_cannot_be_reached_is_named_with_site_and_reason(manager, rooms, home, worker):
    zoe = make_person(rooms, home, now=NOW, name="Zoë Ahmed")
    make_person(rooms, home, now=NOW, name="Ivy Later", starts_on=NOW.date() + ONE_DAY)
    page = manager.get(MESSAGES)
    assert [words(row) for row in page.all("main details tbody tr")] == ["Zoë Ahmed First site No e-mail address"]
    assert page.link("Zoë Ahmed") == f"/team/people/{zoe.person_id}"
    assert "1 of your people gets no messages." in page.main
    tried(rooms, worker, Outcome(Result.REFUSED, "No such mailbox."))
    page = manager.get(MESSAGES)
    assert "Marta Kowalska First site Their address was refused" in page.main
    assert "2 of your people get no messages." in page.main
    assert "See all" not in page.main


def test_twenty_out_of_reach_are_named_and_the_rest_are_a_page_away(manager, rooms, home, monkeypatch):
    monkeypatch.setattr(unreached, "PEOPLE_A_PAGE", 20)
    for number in range(22):
        make_person(rooms, home, now=NOW, name=f"Person {number:02}")
    page = manager.get(MESSAGES)
    assert ("Person 19" in page.main, "Person 20" in page.main) == (True, False)
    everybody = manager.get(page.link("See all 22"))
    assert everybody.heading == "Who gets no messages"
    assert "Page 1 of 2" in everybody.main
    last = manager.get(everybody.link("Next"))
    assert [words(row.query("a")[0]) for row in last.all("tbody tr")] == ["Person 20", "Person 21"]
    assert manager.get(f"{MESSAGES}/unreached?page=99").main == last.main
    assert manager.get(f"{MESSAGES}/unreached?page=x").main == everybody.main


def test_where_everybody_can_be_reached_it_says_so(manager, worker):  # noqa: ARG001 (who has an address)
    assert "Everybody on file has an e-mail address that works." in manager.get(MESSAGES).main
    assert "Everybody on file has an e-mail address that works." in manager.get(f"{MESSAGES}/unreached").main


def test_the_manager_of_one_site_sees_their_own_people_and_changes_nothing(make_client, database, rooms, home, worker):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example", site_id=second)
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=second, now=NOW)
    message_id = tried(rooms, worker, Outcome(Result.REFUSED, "No such mailbox."))
    browser = make_client("boss@home.example")
    make_person(database, home, now=NOW, name="At the first site")
    make_person(database, home, now=NOW, name="At the second site", site_id=second)
    page = browser.get(MESSAGES)
    assert "Marta" not in page.main
    for address in (MESSAGES, f"{MESSAGES}/unreached"):
        assert "At the second site" in browser.get(address).main
        assert "At the first site" not in browser.get(address).main
    assert not page.all("main form")
    assert browser.send(f"{MESSAGES}/again", {"message": str(message_id)}).status == 404
    assert browser.send(f"{MESSAGES}/approve", {"people": "1"}).status == 403
