"""Which addresses a browser may give to be reached by, and what a locked screen shows."""

import json
from datetime import timedelta

import pytest

from training.domain.mail import Outcome, Result
from training.domain.push import (
    ALL_GONE,
    LONGEST,
    Handover,
    PhoneRefused,
    content_of,
    is_public,
    read_endpoint,
    read_keys,
    together,
)

GOOD = (
    "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91b-_x",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
    "https://web.push.apple.com/QGuQyavXutnMvuDnEUZTWpf",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2bx",
    "https://push.example.org:443/x",
)
HERE = ("https://127.0.0.1:8443/x", "https://localhost:1/x", "https://[::1]:8443/x", "https://127.8.9.1/x")
BAD = (
    "",
    "push.example.org/x",
    "http://push.example.org/x",
    "ftp://push.example.org/x",
    "https:///x",
    "https://push/x",
    "https://10.0.0.1/x",
    "https://192.168.1.1/x",
    "https://169.254.169.254/latest/meta-data",
    "https://93.184.216.34/x",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://127.1/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://[fe80::1%25eth0]/x",
    "https://push.example.org:22/x",
    "https://push.example.org:x/x",
    "https://somebody@push.example.org/x",
    "https://push.example.org\\@10.0.0.1/x",
    "https://push.example.org/x#y",
    "https://push.example.org/a b",
    "https://push.example.org/a\r\nHost: x",
    "https://printer.local/x",
    "https://metadata.google.internal/x",
    "https://a.localhost/x",
    "https://push..org/x",
    "https://-push.org/x",
    "https://push.example.org/" + "x" * LONGEST,
    "https://püsh.example.org/x",
)


@pytest.mark.parametrize("address", GOOD)
@pytest.mark.parametrize("may_be_here", [True, False])
def test_push_services_of_the_internet_are_taken(address, may_be_here):
    assert read_endpoint(address, may_be_here=may_be_here) == address


@pytest.mark.parametrize("address", HERE)
def test_this_machine_is_taken_for_trying_it_out_alone(address):
    assert read_endpoint(address, may_be_here=True) == address
    with pytest.raises(PhoneRefused):
        read_endpoint(address, may_be_here=False)


@pytest.mark.parametrize("address", BAD)
@pytest.mark.parametrize("may_be_here", [True, False])
def test_whatever_could_lead_elsewhere_is_refused(address, may_be_here):
    with pytest.raises(PhoneRefused):
        read_endpoint(address, may_be_here=may_be_here)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (looked at, not listened on)
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff0e::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
    ],
)
def test_addresses_of_ones_own_network_are_not_public_however_they_are_wrapped(address):
    assert not is_public(address)


POINT, SECRET = "BA" + "A" * 85, "A" * 22


def test_keys_are_a_point_and_a_secret():
    assert read_keys(p256dh=POINT, auth=SECRET) == (POINT, SECRET)
    assert read_keys(p256dh=f"{POINT}=", auth=f"{SECRET}==") == (POINT, SECRET)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", SECRET),
        (POINT, ""),
        (POINT, "A" * 21),
        (POINT, "A" * 23),
        (POINT[:-1], SECRET),
        ("A" + POINT[1:], SECRET),
        (POINT, "+" * 22),
        ("é" * 87, SECRET),
        ("A", SECRET),
    ],
)
def test_keys_of_another_form_are_refused(p256dh, auth):
    with pytest.raises(PhoneRefused):
        read_keys(p256dh=p256dh, auth=auth)


def test_a_locked_screen_shows_the_same_to_everybody():
    shown = json.loads(content_of(2))
    assert shown == {"title": "Training", "body": "You have training due. Open to see.", "due": 2}
    assert shown | {"due": 7} == json.loads(content_of(7))


SENT, LOST = Outcome(Result.SENT), Outcome(Result.LATER, "Lost.", may_have_arrived=True)
BUSY = Outcome(Result.LATER, "Busy.", wait=timedelta(hours=1))
GONE = Handover(Outcome(Result.LATER, "Gone."), is_gone=True)


@pytest.mark.parametrize(
    ("handovers", "outcome"),
    [
        ([Handover(BUSY), Handover(SENT), Handover(LOST)], SENT),
        ([Handover(BUSY), Handover(LOST), GONE], LOST),
        ([GONE, Handover(BUSY)], BUSY),
        ([GONE, GONE], Outcome(Result.LATER, ALL_GONE)),
        ([], Outcome(Result.LATER, ALL_GONE)),
    ],
)
def test_one_phone_that_took_it_is_enough(handovers, outcome):
    assert together(handovers) == outcome
