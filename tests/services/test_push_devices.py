"""Reminders on phones, through a push service on this machine: one message a day over all ways, none to a stranger."""

import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import NOW
from tests.factories import make_organisation, make_person
from tests.mail.phones import HANGS_UP, Browser, base64url, push_service
from tests.mail.receiving import SENDER, receiving
from tests.services.stored import all_at_once, rows
from training.db import EVERYWHERE
from training.domain.push import PhoneRefused
from training.jobs.mailing import calendar_file
from training.mail.push import PushMailer
from training.mail.rendering import render
from training.mail.smtp import SmtpMailer
from training.mail.vapid import make_key, public_key
from training.models import Account, Employment, MessageRow, PushDevice, Reminder, SignInSession
from training.services import accounts, employments, push_devices, reminders, runs, unreached
from training.services.accounts import Viewer
from training.services.letters import Post
from training.services.messages import BACK_OFF, State
from training.services.organisations import NotFound
from training.services.push_devices import NewDevice

KEY = make_key()
PUSH_KEY = public_key(KEY)
ONE_DAY = timedelta(days=1)
TAKEN = {"title": "Training", "body": "You have training due. Open to see.", "due": 3}


@pytest.fixture
def service():
    with push_service() as service:
        yield service


@pytest.fixture
def mail():
    with receiving() as mail:
        yield mail


@pytest.fixture
def post(mail, service, catalog) -> Post:
    return Post(
        mailer=SmtpMailer(mail.server(), sender=SENDER, tls=mail.trust),
        render=render,
        calendar=calendar_file,
        catalog=catalog,
        base_url="https://training.example.org",
        secret_key="a key that signs links, for tests only",
        push=service.mailer(key=KEY),
    )


@pytest.fixture
def worker(database, home) -> Viewer:
    """One person who has to do three items, and has an e-mail address."""
    return make_person(database, home, now=NOW, email="worker@home.example")


def sign_in_as(database, person) -> str:
    """Return the token of a session of somebody's own."""
    token = uuid.uuid4().hex
    with database.write(EVERYWHERE) as session:
        account = Account(sign_in_name=token, password_hash="", recorded_at=NOW)
        session.add(account)
        session.flush()
        whose = {"organisation_id": person.organisation_id, "person_id": person.person_id, "account_id": account.id}
        hashed = accounts.token_hash(token)
        session.add(SignInSession(token_hash=hashed, started_at=NOW, seen_at=NOW, **whose))
    return token


def turn_on(database, service, person, browser, *, token="", now=NOW, name="Chrome on Android") -> str:
    """Have somebody reminded on a browser, and return the session there."""
    token = token or sign_in_as(database, person)
    device = NewDevice(
        endpoint=service.address_of(browser), p256dh=browser.p256dh, auth=base64url(browser.secret), name=name
    )
    known = {"push_key": PUSH_KEY, "may_be_here": True, "now": now}
    push_devices.add_device(database, viewer=person, device=device, token=token, **known)
    return token


def run(database, post, now=NOW):
    return list(reminders.send_due(database, post=post, clock=lambda: now))


def mailed(mail) -> Counter:
    found = [each for each in mail.inbox.messages if each["Message-ID"].startswith("<reminder-")]
    return Counter(each["To"].addresses[0].addr_spec for each in found)


def states(database) -> Counter:
    return Counter(row.status for row in rows(database, MessageRow, kind="reminder"))


def test_whoever_asked_for_it_is_told_on_the_phone_and_not_by_mail_as_well(database, post, service, mail, worker, home):
    make_person(database, home, now=NOW, email="other@home.example")
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    for _ in range(2):
        run(database, post)
    assert service.messages_to(browser) == [TAKEN]
    assert mailed(mail) == {"other@home.example": 1}
    assert states(database) == {State.SENT: 2}
    assert {row.key for row in rows(database, MessageRow, person_id=worker.person_id)} == {
        f"reminder-{worker.person_id}-{NOW.date()}"
    }
    assert len(rows(database, Reminder, person_id=worker.person_id)) == 3


def test_the_phone_is_told_each_step_on_its_day(database, post, service, worker):
    browser, days = Browser("/phone"), []
    turn_on(database, service, worker, browser)
    for number in range(40):
        before = len(service.posted)
        run(database, post, NOW + number * ONE_DAY)
        days += [number] * (len(service.posted) - before)
    assert days == [0, 23, 30, 37], "the need begins, 7 days before, on the day, a week after"


def test_all_phones_of_a_person_are_told_and_count_as_one_message(database, post, service, worker):
    browsers = [Browser("/phone"), Browser("/laptop")]
    for browser in browsers:
        turn_on(database, service, worker, browser)
    service.answers_with(browsers[0], 503)
    run(database, post)
    assert [len(service.messages_to(browser)) for browser in browsers] == [1, 1]
    assert states(database) == {State.SENT: 1}


def test_somebody_without_an_address_is_reached_on_the_phone_and_no_longer_listed(database, post, service, home):
    worker, browser = make_person(database, home, now=NOW), Browser("/phone")
    listed = {"viewer": home.viewer, "today": NOW.date(), "push_key": PUSH_KEY}
    before = {each.person_id for each in unreached.list_unreached(database, **listed).people}
    turn_on(database, service, worker, browser)
    after = {each.person_id for each in unreached.list_unreached(database, **listed).people}
    assert before - after == {worker.person_id}
    run(database, post)
    assert len(service.messages_to(browser)) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_takes_nothing_more_is_forgotten_and_the_mail_says_it(
    database, post, service, mail, worker, status
):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, status)
    run(database, post)
    assert rows(database, PushDevice) == []
    assert states(database) == {State.LATER: 1}
    run(database, post, NOW + BACK_OFF[0])
    assert mailed(mail) == {"worker@home.example": 1}
    assert (states(database), len(service.posted)) == ({State.SENT: 1}, 1)


def test_somebody_whose_only_phone_is_gone_is_told_again_once_there_is_a_way(database, post, service, home):
    worker, browser = make_person(database, home, now=NOW), Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, 410)
    run(database, post)
    run(database, post, NOW + BACK_OFF[0])
    assert (states(database), rows(database, Reminder)) == ({State.DROPPED: 1}, [])
    turn_on(database, service, worker, Browser("/new"))
    run(database, post, NOW + ONE_DAY)
    assert states(database) == {State.DROPPED: 1, State.SENT: 1}


def test_what_a_phone_did_not_take_at_once_goes_by_mail(database, post, service, mail, worker):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, 500)
    run(database, post)
    run(database, post, NOW + BACK_OFF[0])
    assert mailed(mail) == {"worker@home.example": 1}
    assert (states(database), len(service.posted)) == ({State.SENT: 1}, 1)


def test_without_an_address_the_phone_is_tried_again_with_growing_waits_and_then_given_up(
    database, post, service, home
):
    worker, browser, now, waits = make_person(database, home, now=NOW), Browser("/phone"), NOW, []
    turn_on(database, service, worker, browser)
    service.answers_with(browser, 500)
    for _ in range(6):
        run(database, post, now)
        (row,) = rows(database, MessageRow, kind="reminder")
        waits.append(row.next_try_at - now)
        now = max(row.next_try_at, now)
        while now.hour >= 20 or now.hour < 8:
            now += timedelta(hours=1)
    assert (row.status, row.tries, waits[:5]) == (State.GIVEN_UP, 6, list(BACK_OFF))
    page = runs.messages_page(database, viewer=home.viewer, today=now.date(), now=now)
    (shown,) = [each for each in page.undelivered if each.person_id == worker.person_id]
    assert (shown.state, shown.why) == (State.GIVEN_UP, "The push service is not well (500).")


def test_a_push_service_that_names_a_wait_is_left_alone_for_so_long(database, post, service, home):
    worker, browser = make_person(database, home, now=NOW), Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, 429, Retry_After="1800")
    run(database, post)
    (row,) = rows(database, MessageRow, kind="reminder")
    assert (row.status, row.next_try_at) == (State.LATER, NOW + timedelta(minutes=30))
    service.answers_with(browser, 201)
    run(database, post, NOW + timedelta(minutes=29))
    assert len(service.posted) == 1
    run(database, post, NOW + timedelta(minutes=30))
    assert states(database) == {State.SENT: 1}


def test_a_wait_beyond_a_day_is_a_day(database, post, service, home):
    worker, browser = make_person(database, home, now=NOW), Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, 429, Retry_After="99999999")
    run(database, post)
    (row,) = rows(database, MessageRow, kind="reminder")
    assert row.next_try_at == NOW + ONE_DAY


def test_a_lost_answer_is_unknown_and_said_neither_again_nor_by_mail(database, post, service, mail, worker, home):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    service.answers_with(browser, HANGS_UP)
    for number in range(5):
        run(database, post, NOW + number * ONE_DAY)
    assert (states(database), mailed(mail), len(service.posted)) == ({State.UNKNOWN: 1}, {}, 1)
    page = runs.messages_page(database, viewer=home.viewer, today=NOW.date(), now=NOW)
    assert [each.may_try_again for each in page.undelivered] == [False]


def test_two_runs_at_once_tell_a_phone_once(database, post, service, home):
    browsers = [Browser(f"/{number}") for number in range(5)]
    for browser in browsers:
        turn_on(database, service, make_person(database, home, now=NOW), browser)
    all_at_once(*[lambda: run(database, post)] * 3)
    assert [len(service.messages_to(browser)) for browser in browsers] == [1] * 5


def test_signing_out_on_a_phone_ends_reminders_there_and_nowhere_else(database, post, service, worker):
    here, elsewhere = Browser("/here"), Browser("/elsewhere")
    token = turn_on(database, service, worker, here)
    turn_on(database, service, worker, elsewhere)
    accounts.sign_out(database, token=token, now=NOW)
    assert [row.endpoint for row in rows(database, PushDevice)] == [service.address_of(elsewhere)]
    run(database, post)
    assert (len(service.messages_to(here)), len(service.messages_to(elsewhere))) == (0, 1)


def test_a_session_that_was_ended_from_elsewhere_ends_reminders_too(database, post, service, worker):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    with database.write(EVERYWHERE) as session:
        session.execute(update(SignInSession).values(ended_at=NOW))
    known = {"viewer": worker, "push_key": PUSH_KEY}
    assert push_devices.list_devices(database, **known) == []
    run(database, post)
    assert (service.posted, rows(database, PushDevice)) == ([], [])


def test_a_session_that_ran_out_leaves_reminders_on(database, post, service, worker):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    run(database, post, NOW + accounts.LONGEST)
    assert len(service.messages_to(browser)) == 1


def test_whoever_leaves_is_forgotten_on_the_next_run(database, post, service, worker, home):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    (job,) = rows(database, Employment, person_id=worker.person_id)
    employments.end_job(database, viewer=home.viewer, job_id=job.id, ends_on=NOW.date(), now=NOW)
    run(database, post, NOW + ONE_DAY)
    assert (service.posted, rows(database, PushDevice)) == ([], [])


def test_another_person_who_turns_it_on_in_the_same_browser_takes_it_over(database, post, service, worker, catalog):
    elsewhere = make_organisation(database, catalog=catalog, now=NOW, slug="elsewhere")
    other, browser = make_person(database, elsewhere, now=NOW), Browser("/phone")
    turn_on(database, service, worker, browser)
    turn_on(database, service, other, browser)
    (row,) = rows(database, PushDevice)
    assert (row.organisation_id, row.person_id) == (other.organisation_id, other.person_id)
    run(database, post)
    assert len(service.messages_to(browser)) == 1


def see(database, person, browser, service, *, token, now=NOW, push_key=PUSH_KEY):
    """Let a browser ask whether it reminds somebody."""
    known = {"endpoint": service.address_of(browser), "token": token, "push_key": push_key, "now": now}
    return push_devices.see_device(database, viewer=person, **known)


def test_a_browser_that_is_seen_again_belongs_to_the_session_there(database, service, worker):
    browser = Browser("/phone")
    turn_on(database, service, worker, browser)
    token, later = sign_in_as(database, worker), NOW + timedelta(days=40)
    (row,) = rows(database, PushDevice)
    assert see(database, worker, browser, service, token=token, now=later) == row.id
    (row,) = rows(database, PushDevice)
    assert (row.session_hash, row.seen_at) == (accounts.token_hash(token), later)
    accounts.sign_out(database, token=token, now=later)
    assert rows(database, PushDevice) == []


def test_a_browser_in_another_persons_hand_reminds_nobody_any_more(database, service, worker, home):
    other, browser = make_person(database, home, now=NOW), Browser("/phone")
    turn_on(database, service, worker, browser)
    token = sign_in_as(database, other)
    assert see(database, other, Browser("/unknown"), service, token=token) is None
    assert len(rows(database, PushDevice)) == 1
    assert see(database, other, browser, service, token=token) is None
    assert rows(database, PushDevice) == []


def test_a_browser_that_was_asked_with_another_key_is_asked_again(database, post, service, worker, mail):
    browser = Browser("/phone")
    token = turn_on(database, service, worker, browser)
    run(
        database,
        Post(**{name: getattr(post, name) for name in Post.__slots__} | {"push": PushMailer(make_key(), contact="")}),
    )
    assert (service.posted, mailed(mail)) == ([], {"worker@home.example": 1})
    assert see(database, worker, browser, service, token=token, push_key="another") is None


def test_devices_are_listed_for_their_person_and_removed_by_them_alone(database, service, worker, home):
    other = make_person(database, home, now=NOW)
    turn_on(database, service, worker, Browser("/old"))
    turn_on(database, service, worker, Browser("/new"), now=NOW + ONE_DAY, name="  Firefox\n on   Android" + "x" * 200)
    listed = {"push_key": PUSH_KEY}
    new, old = push_devices.list_devices(database, viewer=worker, **listed)
    assert (old.name, new.name[:18], len(new.name)) == ("Chrome on Android", "Firefox on Android", 80)
    assert push_devices.list_devices(database, viewer=other, **listed) == []
    with pytest.raises(NotFound):
        push_devices.remove_device(database, viewer=other, device_id=old.id)
    push_devices.remove_device(database, viewer=worker, device_id=old.id)
    with pytest.raises(NotFound):
        push_devices.remove_device(database, viewer=worker, device_id=old.id)
    assert [each.id for each in push_devices.list_devices(database, viewer=worker, **listed)] == [new.id]


def test_the_eleventh_device_takes_the_place_of_the_one_not_seen_for_longest(database, service, worker):
    for number in range(12):
        turn_on(database, service, worker, Browser(f"/{number}"), now=NOW + number * ONE_DAY)
    kept = {row.endpoint.rpartition("/")[2] for row in rows(database, PushDevice)}
    assert kept == {str(number) for number in range(2, 12)}


@pytest.mark.parametrize(
    ("endpoint", "may_be_here"),
    [("http://push.example.org/x", True), ("https://10.0.0.1/x", True), ("https://127.0.0.1:8443/x", False)],
)
def test_an_address_that_leads_elsewhere_is_not_kept(database, worker, endpoint, may_be_here):
    browser = Browser("/phone")
    device = NewDevice(endpoint=endpoint, p256dh=browser.p256dh, auth=base64url(browser.secret), name="")
    known = {"token": "x", "push_key": PUSH_KEY, "may_be_here": may_be_here, "now": NOW}
    with pytest.raises(PhoneRefused):
        push_devices.add_device(database, viewer=worker, device=device, **known)
    assert rows(database, PushDevice) == []


def test_a_shared_tablet_reminds_nobody(database, service, worker):
    with pytest.raises(PhoneRefused, match="shared tablet"):
        turn_on(database, service, replace(worker, tablet_id=uuid.uuid4()), Browser("/tablet"))


def test_a_dry_run_counts_phones_as_a_way(database, service, home):
    worker = make_person(database, home, now=NOW, name="Ann Onphone")
    turn_on(database, service, worker, Browser("/phone"))
    (planned,) = reminders.plan(database, now=NOW, push_key=PUSH_KEY)
    assert ([name for name, _ in planned.reminders], planned.unreachable) == (["Ann Onphone"], ())
    (planned,) = reminders.plan(database, now=NOW)
    assert planned.unreachable == ("Ann Onphone",)
