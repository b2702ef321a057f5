"""Content that changes while the service runs: the last good content stays, and what was begun can be finished."""

import os
import shutil
from pathlib import Path

import pytest

from tests.catalog.sample_content import BODY, module_text, write
from tests.conftest import NOW
from tests.factories import let_in, make_organisation, make_person
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.content import EVERY_KIND, TRACKS
from tests.web.learning import answer, begin
from training.catalog.faults import ContentFaulty
from training.domain.roles import Role

pytestmark = ON_SQLITE


@pytest.fixture
def folder(content, tmp_path) -> Path:
    """A copy of the small library that a test may spoil."""
    return Path(shutil.copytree(content, tmp_path / "content"))


def change(folder: Path, text: str, name: str = "modules/every-kind.md") -> None:
    """Write a file as an editor does, some time later."""
    path = write(folder, text, name)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))


@pytest.fixture
def learner(make_app, database, catalog, folder) -> Client:
    """A worker's browser, signed in to an application that shows the copy."""
    app = make_app(content_dir=folder)
    home = make_organisation(database, catalog=catalog, now=NOW)
    let_in(database, home, make_person(database, home, now=NOW, email="worker@home.example"), now=NOW)
    browser = Client(app)
    browser.sign_in("worker@home.example")
    return browser


def test_new_good_content_shows_at_once(learner, folder):
    change(folder, module_text(EVERY_KIND, title="Every kind anew", version='"1.1"'))
    assert learner.get("/modules/every-kind").heading == "Every kind anew"


def test_new_content_with_a_fault_is_reported_once_and_the_last_good_content_stays(learner, folder, caplog):
    change(folder, module_text(EVERY_KIND, title="Faulty", minutes="800"))
    for _ in range(3):
        assert learner.get("/modules/every-kind").heading == "Every kind of question"
    told = [record.getMessage() for record in caplog.records if "every-kind.md:" in record.getMessage()]
    assert len(told) == 1
    change(folder, module_text(EVERY_KIND, title="Mended"))
    assert learner.get("/modules/every-kind").heading == "Mended"


def test_what_was_begun_before_a_change_is_finished_as_it_was_and_counts(learner, folder, catalog):
    module = catalog.item("every-kind")
    begin(learner, "/modules/every-kind")
    change(folder, module_text(BODY, title="Quite another module", version='"2.0"'))
    for number, card in enumerate(module.cards[Role.SOCIAL_CARE], start=1):
        page = learner.get(f"/modules/every-kind/cards/{number}")
        assert page.heading == card.title
        assert "A newer version came out while you were learning. You can finish this one: it counts." in page.main
        for question in card.questions:
            page = answer(learner, page, question)
    result = learner.submit(learner.get("/modules/every-kind/finish"))
    assert result.heading == "You passed: Every kind of question"
    assert "Version 1.0" in learner.get("/record").main
    assert learner.get("/modules/every-kind").heading == "Quite another module"


def test_what_is_no_longer_offered_stays_in_the_record(learner, folder, catalog):
    module = catalog.item("for-everyone")
    begin(learner, "/modules/for-everyone", role=Role.SOCIAL_CARE)
    for number, card in enumerate(module.cards[Role.SOCIAL_CARE], start=1):
        page = learner.get(f"/modules/for-everyone/cards/{number}")
        for question in card.questions:
            answer(learner, page, question)
    (folder / "modules" / "for-everyone.md").unlink()
    change(folder, TRACKS.replace("[for-everyone]", "[]").replace("for-everyone, ", ""), "tracks.yaml")
    learner.get("/modules/for-everyone", status=404)
    result = learner.submit(learner.get("/modules/for-everyone/finish"))
    assert result.heading == "You passed: For everyone"
    assert "for-everyone" in learner.get("/record").main
    assert learner.get("/home").heading == "Your training"


def test_an_application_does_not_start_with_faulty_content(make_app, folder):
    change(folder, module_text(EVERY_KIND, minutes="800", roles="[doctor]"))
    with pytest.raises(ContentFaulty) as refused:
        make_app(content_dir=folder)
    assert "every-kind.md:" in str(refused.value)


def test_in_production_files_are_not_looked_at_again(make_app, folder):
    app = make_app(content_dir=folder, env="production", base_url="https://training.example.org", secret_key="x" * 40)
    change(folder, module_text(EVERY_KIND, title="Every kind anew"))
    front = Client(app).open("GET", "/", base_url="https://training.example.org")
    assert "Every kind of question" in front.text
