"""Inspector packs as managers ask for them, and as somebody without an account opens them."""

import io
import re
import zipfile
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.web.client import Client
from training.domain.permission import PermissionKind
from training.jobs.kinds import KINDS
from training.jobs.long_work import do_orders
from training.jobs.means import Means
from training.services import organisations, permissions

PACKS = "/reports/pack"


@pytest.fixture
def made(manager, rooms, time, worker, catalog):
    """The page of a pack that the manager has asked for and that has been made."""
    learn(rooms, worker, catalog=catalog, now=NOW)
    time.move(minutes=5)
    return make(manager, rooms, time)


def make(browser, rooms, time, **asked):
    """Ask for a pack in a browser, have it made, and open its page."""
    page = browser.submit(browser.get(PACKS), "main form", **{"as_at": "2 Mar 2026", **asked})
    assert "waits for its turn" in page.text
    time.move(seconds=30)
    do_orders(Means(rooms, base_url="http://localhost"), time, lambda: True, kinds=KINDS)
    assert "It is ready" in browser.get(page.address).main, browser.get(page.address).main
    return browser.get(browser.get(PACKS).all(".app-list a")[0].attrs["href"])


def auditor_of(rooms, home, make_client):
    person = make_person(rooms, home, now=NOW, name="Otto", email="otto@home.example")
    leave = {"person_id": person.person_id, "site_id": None, "kind": PermissionKind.AUDITOR, "now": NOW}
    permissions.give(rooms, viewer=home.viewer, **leave)
    let_in(rooms, home, person, now=NOW)
    return make_client("otto@home.example")


def make_link(manager, page, *, days="7"):
    shown = manager.submit(page, "main form[action$=links]", days=days)
    return shown.one("#link").to_text().strip()


def test_the_form_offers_the_last_day_of_the_quarter_before(manager, make_client, time):
    assert manager.get(PACKS).one("#as_at").attrs["value"] == "31 Dec 2025"
    time.move(days=30)
    again = make_client("manager@home.example")
    assert again.get(PACKS).one("#as_at").attrs["value"] == "31 Mar 2026"


def test_a_pack_is_asked_for_made_and_downloaded(manager, made):
    assert made.heading == "Inspector pack as at 2 Mar 2026"
    file = manager.get(made.link("Download the pack"))
    with zipfile.ZipFile(io.BytesIO(file.response.data)) as pack:
        assert "summary.pdf" in pack.namelist()
        note = pack.read("cover-note.txt").decode()
    found = re.findall(r"\b[0-9a-f]{64}\b", made.main)
    assert len(found) == 1
    assert found[0] in note
    assert f"As known at: {made.all('.app-hash')[0].to_text()}" in note


def test_asked_for_again_from_its_own_page_it_has_the_same_manifest(manager, rooms, time, made, home):
    hash_of = re.findall(r"\b[0-9a-f]{64}\b", made.main)
    make_person(rooms, home, now=time(), name="Somebody new")
    time.move(hours=1)
    form = manager.get(made.link("Ask for the same pack again"))
    page = manager.submit(form, "main form")
    time.move(seconds=30)
    do_orders(Means(rooms, base_url="http://localhost"), time, lambda: True, kinds=KINDS)
    assert "It is ready" in manager.get(page.address).main
    again = manager.get(manager.get(PACKS).all(".app-list a")[0].attrs["href"])
    assert again.address != made.address
    assert re.findall(r"\b[0-9a-f]{64}\b", again.main) == hash_of


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"as_at": ""}, "Write the day like this"),
        ({"as_at": "31 Feb 2026"}, "Feb 2026 has no day 31."),
        ({"as_at": "1 Jan 1900"}, "Choose a day from 1950"),
        ({"as_at": "1 Mar 2026", "known_at": "the other day"}, "Write what was known by when"),
        ({"as_at": "1 Mar 2026", "known_at": "2027-01-01T00:00:00+00:00"}, "Nobody knows now"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words_and_kept_as_it_was_typed(manager, asked, why):
    refused = manager.submit(manager.get(PACKS), "main form", status=400, **asked)
    assert why in refused.main
    assert refused.one("#as_at").attrs["value"] == asked["as_at"]


@pytest.mark.parametrize("site", ["no-uuid", "00000000-0000-0000-0000-000000000001"])
def test_a_site_that_is_not_there_is_a_page_not_found(manager, site):
    assert manager.send(PACKS, {"as_at": "1 Mar 2026", "site": site}).status == 404


def test_a_pack_as_known_at_the_end_of_a_day_can_be_asked_for(manager, rooms, time, worker):
    assert worker.name
    time.move(days=3)
    page = make(manager, rooms, time, known_at="3 Mar 2026")
    assert "2026-03-03T23:59:59.999999+00:00" in page.main


def test_a_link_opens_without_an_account_and_tells_how_to_check(manager, make_client, made):
    address = make_link(manager, made)
    stranger = make_client()
    page = stranger.get(address)
    assert page.heading == "Inspector pack as at 2 Mar 2026"
    assert re.findall(r"\b[0-9a-f]{64}\b", page.main) == re.findall(r"\b[0-9a-f]{64}\b", made.main)
    assert "Marta" not in page.text, "names stand in the file alone"
    file = stranger.get(page.link("Download the pack"))
    assert file.response.data == manager.get(made.link("Download the pack")).response.data
    for answer in (page.response, file.response):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Page opened once, pack downloaded once" in manager.get(made.address).main
    log = manager.get("/team/audit-log").main
    assert log.count("pack opened by its link") or log.count("Pack opened by its link")


def test_whoever_asks_for_the_headers_alone_opens_nothing_and_is_told_the_same(manager, make_client, made):
    """Programmes that look whether a link works ask like that; who guesses so is slowed down like anybody."""
    address = make_link(manager, made)
    stranger = make_client()
    for where, kind in ((address, "text/html"), (f"{address}/file", "application/zip")):
        answer = stranger.open("HEAD", where).response
        assert (answer.status_code, answer.mimetype, answer.data) == (200, kind, b"")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Never opened" in manager.get(made.address).main
    assert "Pack opened by its link" not in manager.get("/team/audit-log").one("table").to_text()
    answers = [stranger.open("HEAD", f"/packs/guess-{number}").status for number in range(61)]
    assert (set(answers[:60]), answers[60]) == ({404}, 429)


def test_what_is_ready_leads_to_its_hash_and_its_links(manager, made):
    ready = manager.get(manager.get("/reports/files").link("Inspector pack as at 2 Mar 2026"))
    assert ready.link("Send it by a link, or check its hash") == urlsplit(made.address).path


def test_a_link_is_shown_once(manager, made):
    token = make_link(manager, made).rpartition("/")[2]
    for address in (made.address, PACKS, "/team/audit-log"):
        assert token not in manager.get(address).text


def test_links_that_do_not_work_are_all_one_page(manager, make_client, time, made):
    ended = make_link(manager, made)
    manager.submit(manager.get(made.address), "main form[action$=end]")
    run_out = make_link(manager, made, days="1")
    assert make_client().get(run_out).heading == "Inspector pack as at 2 Mar 2026"
    time.move(days=1)
    stranger = make_client()
    wrong = (ended, run_out, "/packs/never-was", f"{ended}/file", f"{run_out}/file")
    pages = [stranger.get(address, status=404) for address in wrong]
    assert len({page.main for page in pages}) == 1
    assert {page.heading for page in pages} == {"This link does not work"}
    assert {page.response.headers["Referrer-Policy"] for page in pages} == {"no-referrer"}


def test_guessing_links_is_slowed_down(make_client, home):
    assert home
    stranger = make_client()
    answers = [stranger.open("GET", f"/packs/guess-{number}").status for number in range(62)]
    assert answers[:60] == [404] * 60
    assert answers[60:] == [429, 429]


def test_an_auditor_asks_for_packs_and_makes_no_links(rooms, home, make_client, time, worker):
    assert worker.name
    auditor = auditor_of(rooms, home, make_client)
    page = make(auditor, rooms, time)
    assert not page.all("main form")
    assert auditor.send(f"{page.address}/links", {"days": "7"}).status == 403
    assert make_client("manager@home.example").get(page.address).heading == page.heading, "the manager sees it too"


def test_the_manager_of_a_site_sees_no_pack_of_everybody(rooms, home, make_client, made, worker):
    permissions.give(rooms, viewer=home.viewer, person_id=worker.person_id, site_id=home.site_id, now=NOW)
    boss = make_client("worker@home.example")
    assert "None yet" in boss.get(PACKS).main
    boss.get(made.address, status=404)
    second = organisations.add_site(rooms, viewer=home.viewer, name="Second site", now=NOW)
    assert "Second site" not in boss.get(PACKS).text
    assert boss.send(PACKS, {"as_at": "1 Mar 2026", "site": str(second)}).status == 404


def test_a_file_that_is_gone_says_so_and_leads_to_the_same_again(make_client, time, made):
    time.move(days=8)
    manager = make_client("manager@home.example")
    page = manager.get(made.address)
    assert "The file has expired" in page.main
    assert not page.all("main form[action$=links]")
    assert manager.send(f"{made.address}/links", {"days": "7"}).status == 400
    assert page.link("Ask for the same pack again")


def test_what_was_known_when_it_was_asked_for_is_known_to_the_last_digit(manager, rooms, time, home):
    time.now = NOW + timedelta(microseconds=123456)
    make_person(rooms, home, now=time(), name="Just in time")
    page = make(manager, rooms, time)
    assert "2026-03-02T10:00:00.123456+00:00" in page.main


def test_the_page_of_reports_leads_here(manager):
    assert manager.get("/reports").link("Inspector packs") == PACKS


def test_a_learner_sees_none_of_this(learner: Client):
    learner.get(PACKS, status=403)
