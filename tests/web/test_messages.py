"""Messages as a manager sees them, and the link by which somebody turns a kind of them off."""

import uuid
from datetime import time

import pytest
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import let_in, make_person
from training.config import DEVELOPMENT_KEY
from training.db import EVERYWHERE
from training.domain.mail import Outcome, Result
from training.domain.reminder import Topic
from training.domain.reminder_run import Flood, Limit
from training.models import MessageRow, Organisation, RunApproval, Unsubscribe
from training.services import messages, organisations, people, runs, unsubscribes
from training.services.messages import Claim, Kind

MESSAGES = "/team/messages"


def tried(database, person, outcome: Outcome) -> uuid.UUID:
    """Keep a reminder that was tried, and what became of it."""
    wanted = Claim(
        person_id=person.person_id,
        kind=Kind.REMINDER,
        day=NOW.date(),
        key=f"reminder-{person.person_id}",
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


def test_the_manager_of_one_site_sees_their_own_people_and_changes_nothing(make_client, database, rooms, home, worker):
    second = organisations.add_site(database, viewer=home.viewer, name="Second site", now=NOW)
    boss = make_person(database, home, now=NOW, name="Priya Raman", email="boss@home.example", site_id=second)
    let_in(database, home, boss, now=NOW)
    people.let_manage(database, viewer=home.viewer, person_id=boss.person_id, site_id=second, now=NOW)
    message_id = tried(rooms, worker, Outcome(Result.REFUSED, "No such mailbox."))
    browser = make_client("boss@home.example")
    page = browser.get(MESSAGES)
    assert "Marta" not in page.main
    assert not page.all("main form")
    assert browser.send(f"{MESSAGES}/again", {"message": str(message_id)}).status == 404
    assert browser.send(f"{MESSAGES}/approve", {"people": "1"}).status == 403
