"""The manager's pages of new versions: seen on the overview, previewed, decided, and decided again."""

import os
import shutil
from pathlib import Path

import pytest

from tests.catalog.sample_content import module_text, write
from tests.conftest import NOW
from tests.factories import learn, let_in, make_person
from tests.web.client import Client
from tests.web.content import EVERY_KIND
from tests.web.inspector import words
from training.services import permissions

ADDRESS = "/team/requirements/versions/every-kind"
TITLE = "Every kind of question"


@pytest.fixture
def folder(content, tmp_path) -> Path:
    """A copy of the small library that a test may change."""
    return Path(shutil.copytree(content, tmp_path / "content"))


def raise_version(folder: Path, version: str, words: str) -> None:
    """Write a new version that matters, some time later."""
    text = module_text(
        EVERY_KIND.replace("## In order\n", f"## In order\n\n{words}\n"),
        title=TITLE,
        roles="[social-care, family-carer]",
        version=f'"{version}"',
        material="true",
    )
    path = write(folder, text, "modules/every-kind.md")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))


@pytest.fixture
def app(make_app, folder):
    return make_app(content_dir=folder)


@pytest.fixture
def home(database, catalog, home):
    """An organisation in which somebody passed the first version, before the second came."""
    passed = make_person(database, home, now=NOW, name="Marta Kowalska", email="worker@home.example")
    let_in(database, home, passed, now=NOW)
    learn(database, passed, catalog=catalog, slug="every-kind", now=NOW)
    return home


@pytest.fixture
def manager(make_client, home, folder, time) -> Client:  # noqa: ARG001 (the first pass comes before the new version)
    manager = make_client("manager@home.example")
    assert "New versions" not in manager.get("/team/requirements").main
    time.move(hours=1)
    raise_version(folder, "1.1", "Ask about sleep too.")
    return manager


def test_a_new_version_is_seen_read_previewed_and_decided(manager):
    overview = manager.get("/team")
    listed = manager.get(overview.link("1 new version of your training waits for your decision").partition("#")[0])
    assert "1 person passed only an older version." in listed.main
    page = manager.get(listed.link(f"{TITLE}, version 1.1"))
    assert "Nothing is decided yet." in page.main
    assert "In order" in page.main
    preview = manager.submit(page, button="numbers")
    assert preview.one("#again_by").attrs["value"] == "31 May 2026"
    (*_, again) = preview.all("table tbody tr")
    assert [words(cell) for cell in again.query("td")] == ["0", "1", "1", "1, the first on 1 Jun 2026", "1"]
    assert "Marta Kowalska" in preview.main
    done = manager.submit(preview, button="confirm", reach="everyone-again")
    assert "Everyone again by 31 May 2026. Decided by manager on 2 Mar 2026." in done.main
    assert "As worked out when it was decided: 1 person is concerned on 2 Mar 2026." in done.main
    listed = manager.get("/team/requirements")
    assert "New versions to decide" not in listed.main
    assert "New versions decided" in listed.main
    assert "waits for your decision" not in manager.get("/team").main
    person = manager.get(manager.get("/team/people?search=Marta").link("Marta Kowalska"))
    assert "everyone passes again, and earlier passes count no later than 31 May 2026" in person.main


def test_it_can_be_decided_again(manager):
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    done = manager.submit(preview, button="confirm", reach="at-next-renewal")
    assert "A new decision takes its place from today" in done.main
    same = manager.submit(manager.submit(done, button="numbers"), button="confirm", reach="at-next-renewal", status=400)
    assert "That is what is decided already." in same.main
    again = manager.submit(same, button="confirm", reach="everyone-again")
    assert "A later decision has taken its place." in again.main
    assert len(again.all(".app-timeline__entry")) == 2


@pytest.mark.parametrize("day", ["", "soon", "2 Mar 2026", "1 Jan 2040"])
def test_a_day_that_cannot_be_is_asked_for_again(manager, day):
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    again = manager.submit(preview, button="confirm", reach="everyone-again", again_by=day, status=400)
    assert again.one("#again_by-error")
    assert again.one("#again_by").attrs.get("value", "") == day
    assert "Give a day below to see the numbers" in again.main


def test_another_day_is_shown_with_its_numbers_before_it_is_taken(manager):
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    again = manager.submit(preview, button="confirm", reach="everyone-again", again_by="1 Jul 2026", status=400)
    assert "You changed the day." in again.main
    assert "the first on 2 Jul 2026" in again.main
    assert "by 1 Jul 2026" in manager.submit(again, button="confirm").main


def test_without_a_choice_it_is_asked_for_one(manager):
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    assert manager.submit(preview, button="confirm", status=400).one("#reach-error")


def test_two_managers_at_once_are_told_of_each_other(manager, make_client, home, database):
    other = make_person(database, home, now=NOW, name="Other Manager", email="other@home.example")
    let_in(database, home, other, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=other.person_id, site_id=None, now=NOW)
    theirs = make_client("other@home.example")
    mine = manager.submit(manager.get(ADDRESS), button="numbers")
    first = theirs.submit(theirs.get(ADDRESS), button="numbers")
    theirs.submit(first, button="confirm", reach="at-next-renewal")
    refused = manager.submit(mine, button="confirm", reach="everyone-again", again_by="31 May 2026", status=409)
    assert "Somebody else has decided about this training" in refused.main
    assert refused.one("#again_by").attrs["value"] == "31 May 2026"
    assert "At next renewal. Decided by Other Manager" in refused.main
    assert "Everyone again by 31 May 2026" in manager.submit(refused, button="confirm").main


def test_a_newer_version_that_came_meanwhile_is_shown_first(manager, folder):
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    raise_version(folder, "1.2", "Ask about food too.")
    refused = manager.submit(preview, button="confirm", reach="at-next-renewal", status=409)
    assert "a newer version has come" in refused.main
    assert "New version 1.2" in refused.main


def test_the_manager_of_a_site_reads_what_is_new_and_decides_nothing(manager, make_client, home, database):
    boss = make_person(database, home, now=NOW, name="Boss", email="boss@home.example")
    let_in(database, home, boss, now=NOW)
    permissions.give(database, viewer=home.viewer, person_id=boss.person_id, site_id=home.site_id, now=NOW)
    browser = make_client("boss@home.example")
    assert "waits for your decision" not in browser.get("/team").main
    browser.get(ADDRESS, status=403)
    browser.expect(browser.send(ADDRESS, {"step": "confirm"}), 403)
    listed = browser.get("/team/requirements")
    assert ADDRESS not in listed.links()
    assert "A manager of the whole organisation decides." in listed.main
    assert browser.get(listed.link(f"{TITLE}, version 1.1")).heading == TITLE
    preview = manager.submit(manager.get(ADDRESS), button="numbers")
    manager.submit(preview, button="confirm", reach="at-next-renewal")
    listed = browser.get("/team/requirements")
    assert "At next renewal. Decided by manager" in listed.main
    assert ADDRESS not in listed.links()
