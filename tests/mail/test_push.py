"""Messages to phones, through a push service on this machine; the real ones were not tried."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from tests.mail.phones import CONTACT, DRIPS, HANGS_UP, SILENT, Browser, Taken, push_service
from tests.serving import refusing_port
from training.config import Config, SettingRefused
from training.domain.mail import Outcome, Result
from training.domain.push import Handover, Phone, content_of
from training.mail import vapid
from training.mail.push import PushMailer, read_wait
from training.mail.vapid import PushKeyRefused, make_key, public_key

NOW = datetime(2027, 1, 13, 9, 0, tzinfo=UTC)
SENT = Handover(Outcome(Result.SENT))
CONTENT = content_of(3)


@pytest.fixture
def taken():
    with push_service() as taken:
        yield taken


def send(mailer: PushMailer, *phones: Phone) -> list[Handover]:
    with mailer.batch() as batch:
        return [batch.send(phone, CONTENT) for phone in phones]


def outcomes(taken: Taken, *phones: Phone, **changes) -> list[tuple[str, bool, bool]]:
    sent = send(taken.mailer(now=lambda: NOW, **changes), *phones)
    return [(each.outcome.why, each.outcome.may_have_arrived, each.is_gone) for each in sent]


def test_only_the_browser_can_read_what_is_sent_and_it_says_nothing_about_anybody(taken):
    browser, other = Browser("/one"), Browser("/two")
    assert send(taken.mailer(), taken.phone(browser), taken.phone(other)) == [SENT, SENT]
    said = {"title": "Training", "body": "You have training due. Open to see.", "due": 3}
    assert (taken.messages_to(browser), taken.messages_to(other)) == ([said], [said])
    assert all(b"training" not in each.body.lower() for each in taken.posted)
    with pytest.raises(Exception, match="Decryption"):
        other.read(taken.posted[0].body)


def test_the_push_service_learns_who_sends_for_how_long_and_that_one_takes_the_place_of_another(taken):
    key, browser = make_key(), Browser("/one")
    send(taken.mailer(key=key, now=lambda: NOW), taken.phone(browser))
    (posted,) = taken.posted
    assert posted.claims == {
        "aud": f"https://127.0.0.1:{taken.port}",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": CONTACT,
        "key": public_key(key),
    }
    assert posted.headers["Content-Encoding"] == "aes128gcm"
    assert (posted.headers["TTL"], posted.headers["Topic"]) == (str(7 * 24 * 3600), "training-due")


def test_each_answer_is_told_apart(taken):
    wanted = {
        201: ("", False, False),
        404: ("The phone takes no messages any more (404).", False, True),
        410: ("The phone takes no messages any more (410).", False, True),
        500: ("The push service is not well (500).", False, False),
        403: ("The push service does not do what we ask (403).", False, False),
        302: ("The push service does not do what we ask (302).", False, False),
    }
    browsers = {status: Browser(f"/{status}") for status in wanted}
    for status, browser in browsers.items():
        taken.answers_with(browser, status, Location=f"https://127.0.0.1:{taken.port}/elsewhere")
    assert outcomes(taken, *map(taken.phone, browsers.values())) == list(wanted.values())
    assert len(taken.posted) == len(wanted), "nobody is sent on to another address"


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Wed, 13 Jan 2027 10:00:00 GMT", timedelta(hours=1)),
        ("Wed, 13 Jan 2027 08:00:00 GMT", timedelta()),
        ("Wed, 13 Jan 2027 10:00:00", timedelta(hours=1)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("9" * 30, None),
    ],
)
def test_a_server_that_asks_to_be_left_alone_says_for_how_long(header, wait):
    assert read_wait(header, now=NOW) == wait


def test_a_push_service_that_has_enough_is_left_alone_for_the_rest_of_the_batch(taken):
    browser, other = Browser("/one"), Browser("/two")
    taken.answers_with(browser, 429, Retry_After="7200")
    first, second = send(taken.mailer(now=lambda: NOW), taken.phone(browser), taken.phone(other))
    assert first.outcome == Outcome(
        Result.LATER, "The push service takes no more for now (429).", wait=timedelta(hours=2)
    )
    assert second == first
    assert len(taken.posted) == 1


def test_an_answer_that_never_comes_may_mean_that_it_arrived(taken):
    browser = Browser("/one")
    taken.answers_with(browser, SILENT)
    slow = "The push service did not answer in time."
    assert outcomes(taken, taken.phone(browser), timeout=1.0) == [(slow, True, False)]


def test_a_server_that_dawdles_letter_by_letter_is_cut_off(taken):
    browser = Browser("/one")
    taken.answers_with(browser, DRIPS)
    assert outcomes(taken, taken.phone(browser), whole=1.0) == [
        ("The answer of the push service was lost.", True, False)
    ]
    assert taken.was_left.wait(60)


def test_after_three_without_an_answer_the_rest_waits(taken):
    browsers = [Browser(f"/{number}") for number in range(5)]
    for browser in browsers:
        taken.answers_with(browser, HANGS_UP)
    assert len(set(outcomes(taken, *map(taken.phone, browsers)))) == 1
    assert len(taken.posted) == 3


def test_where_nobody_listens_or_the_certificate_is_not_trusted_nothing_has_arrived(taken):
    here = taken.phone(Browser("/one"))
    unreached = [("The push service cannot be reached.", False, False)]
    assert outcomes(taken, here, tls=None) == unreached
    with refusing_port() as port:
        nobody = Phone(id=here.id, endpoint=f"https://127.0.0.1:{port}/x", p256dh=here.p256dh, auth=here.auth)
        assert outcomes(taken, nobody) == unreached
    assert taken.posted == []


def test_a_name_that_leads_into_our_own_network_is_not_connected_to(taken, monkeypatch):
    """A name on the internet may be made to lead anywhere, also after it was looked at."""
    here = taken.phone(Browser("/one"))
    elsewhere = Phone(
        id=here.id, endpoint=f"https://push.example.org:{taken.port}/one", p256dh=here.p256dh, auth=here.auth
    )
    led = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", taken.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: led)
    refused = [("The push service's address is not one of the internet.", False, False)]
    assert outcomes(taken, elsewhere) == refused
    assert outcomes(taken, here, may_be_here=False) == refused
    assert taken.posted == []


def test_where_the_first_address_does_not_answer_the_next_is_tried(taken, monkeypatch):
    browser = Browser("/one")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, taken.port)) for host in ("127.9.9.9", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_arguments, **_more: found if host == "127.0.0.1" else [])
    with monkeypatch.context() as patched:
        patched.setattr(socket, "create_connection", straight)
        assert outcomes(taken, taken.phone(browser)) == [("", False, False)]


def straight(address: tuple[str, int], timeout: float) -> socket.socket:
    """Connect without asking for the address's name, as the asking is played here."""
    made = socket.socket()
    made.settimeout(timeout)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


def test_a_phone_whose_keys_are_none_is_forgotten(taken):
    here = taken.phone(Browser("/one"))
    off_the_curve = Phone(id=here.id, endpoint=here.endpoint, p256dh="BA" + "A" * 85, auth=here.auth)
    assert outcomes(taken, off_the_curve) == [("The phone's keys cannot be used.", False, True)]


def test_a_key_is_made_anew_each_time_and_is_known_by_its_public_half():
    one, other = make_key(), make_key()
    assert one != other
    assert public_key(one) == public_key(one) != public_key(other)
    assert len(public_key(one)) == 87


@pytest.mark.parametrize("key", ["short", "A" * 43, "+" * 43, "", "A" * 44, "é" * 43])
def test_a_key_that_is_none_is_refused_at_the_start(key):
    with pytest.raises(PushKeyRefused):
        public_key(key)
    if key:
        with pytest.raises(SettingRefused, match=r"^TRAINING_VAPID_PRIVATE_KEY is no key"):
            Config.from_env({"TRAINING_VAPID_PRIVATE_KEY": key})


def test_the_key_is_never_printed_with_the_settings():
    key = make_key()
    config = Config.from_env({"TRAINING_VAPID_PRIVATE_KEY": key})
    assert key not in repr(config)
    assert config.push_key == public_key(key)
    assert Config().push_key == ""


@pytest.mark.parametrize(
    ("mail_from", "contact"),
    [
        ("Training <training@example.org>", "mailto:training@example.org"),
        ("training@example.org", "mailto:training@example.org"),
        ("", "https://training.example.net"),
    ],
)
def test_a_push_service_learns_how_to_reach_whoever_runs_this(mail_from, contact):
    assert vapid.contact_of(base_url="https://training.example.net:8443", mail_from=mail_from) == contact
    key = make_key()
    assert vapid.authorisation(key, endpoint="https://push.example/a", contact=contact, now=NOW)
