"""What the real track of each role weighs on the wire, for somebody who pays for every megabyte."""

from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.factories import let_in, make_person
from tests.web.client import FETCH, Client
from tests.web.conftest import ON_SQLITE
from training.domain.roles import Role

pytestmark = ON_SQLITE
CONTENT = Path(__file__).resolve().parents[2] / "content"
MOST = 300 * 1024


@pytest.mark.parametrize("role", Role)
def test_a_whole_track_is_light_enough_to_be_kept(make_app, database, home, role, record_property):
    person = make_person(database, home, now=NOW, name="Ann Lee", role=role, email="ann@home.example")
    let_in(database, home, person, now=NOW)
    browser = Client(make_app(content_dir=CONTENT))
    browser.sign_in("ann@home.example")
    packed = {**FETCH, "Accept-Encoding": "br"}
    kept = browser.browser.get("/offline/me", headers=FETCH).get_json()
    sent = [browser.browser.get("/offline/me", headers=packed)]
    sent += [browser.browser.get(one["address"], headers=packed) for one in kept["items"]]
    assert len(kept["items"]) >= 10
    assert {answer.headers["Content-Encoding"] for answer in sent} == {"br"}
    size = sum(len(answer.data) for answer in sent)
    record_property("weight", f"{role.label}: {size:,} bytes")
    assert size <= MOST
