"""The authors' preview: every item as each role reads it, faults in their place, and a page that follows the files."""

import json
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from tests.serving import READY_WITHIN, STOPS_WITHIN, environment, free_port
from tests.web.inspector import inspect, parse
from training.app import create_app
from training.catalog.desk import Desk
from training.cli import main
from training.config import Config
from training.domain.roles import Role
from training.preview import HOST, create_preview, tell_of_change
from training.web.headers import CONTENT_SECURITY_POLICY


@pytest.fixture
def folder(content, tmp_path):
    """A copy of the small library, to write in."""
    return Path(shutil.copytree(content, tmp_path / "content"))


@pytest.fixture
def preview(folder):
    app = create_preview(Config(content_dir=folder), role=Role.SOCIAL_CARE)
    app.testing = True
    return app


@pytest.fixture
def look(preview):
    """Load a page of the preview, and look it over as any page of the service."""

    def looks(address: str, *, status: int = 200) -> str:
        response = preview.test_client().get(address)
        assert response.status_code == status
        inspect(parse(response.text, address=address, app=preview))
        return response.text

    return looks


def first(folder: Path, kind: str) -> Path:
    return min((folder / kind).glob("*.md"))


def spoil(path: Path) -> None:
    path.write_text(path.read_text().replace("minutes: ", "minutes: 9", 1))


def test_every_item_is_listed_with_its_title_and_shown_as_each_of_its_roles(look, catalog):
    listed = look("/")
    for item in catalog.items():
        address = f"/{item.kind}s/{item.slug}"
        assert f'href="{address}?role=social-care"' in listed
        assert item.title in listed
        for role in item.roles:
            shown = look(f"{address}?role={role}")
            assert f'src="/phone{address}?role={role}"' in shown
            assert f'role={role}" aria-current="page">{role.label}</a>' in shown
            look(f"/phone{address}?role={role}")


def test_the_phone_shows_every_option_with_its_feedback_and_whether_it_is_right(look, catalog):
    for module in catalog.modules.values():
        for role in module.roles:
            shown = look(f"/phone/modules/{module.slug}?role={role}")
            for card in module.cards[role]:
                assert f'id="card-{card.slug}"' in shown
            for option in [option for question in module.questions(role) for option in question.options]:
                assert option.html in shown
                assert option.feedback_html in shown


def test_the_phone_shows_every_scene_with_its_choices_their_marks_and_where_they_lead(look, catalog):
    for scenario in catalog.scenarios.values():
        shown = look(f"/phone/scenarios/{scenario.slug}")
        for scene in scenario.scenes.values():
            assert f'id="scene-{scene.slug}"' in shown
            for choice in scene.choices:
                assert choice.html in shown
                assert choice.feedback_html in shown
                assert choice.target == "back" or f'href="#scene-{choice.target}"' in shown
        assert "A safe ending." in shown


def test_a_role_that_an_item_is_not_for_reads_it_as_its_first(look, catalog):
    item = next(item for item in catalog.items() if set(item.roles) != set(Role))
    stranger = next(role for role in Role if role not in item.roles)
    assert f'?role={item.roles[0]}" aria-current="page"' in look(f"/{item.kind}s/{item.slug}?role={stranger}")
    assert look(f"/{item.kind}s/{item.slug}?role=nobody")


@pytest.mark.usefixtures("time")
def test_hints_stand_beside_the_phone_with_their_lines(look, folder):
    path = first(folder, "modules")
    text = re.sub(r"(?m)^written_on: .*$", "written_on: 2026-01-01", path.read_text())
    text = re.sub(r"(?m)^review_by: .*$", "review_by: 2026-01-02", text)
    path.write_text(text)
    line = text[: text.index("review_by:")].count("\n") + 1
    assert f"<li>Line {line}: the review was due by 2026-01-02" in look(f"/modules/{path.stem}")


def test_faults_stand_in_place_of_the_page_and_the_last_good_version_below(look, folder):
    path = first(folder, "modules")
    good = look(f"/modules/{path.stem}")
    assert "Faults" not in good
    assert "Hints" in good
    spoil(path)
    shown = look(f"/modules/{path.stem}")
    assert "`minutes` cannot be" in shown
    assert shown.index("`minutes` cannot be") < shown.index("The last good version") < shown.index("<iframe")
    assert "Hints" not in shown
    assert "<strong>1 fault</strong>" in look("/")
    look(f"/phone/modules/{path.stem}")


def test_an_item_that_was_never_good_shows_its_faults_alone(folder):
    path = first(folder, "scenarios")
    spoil(path)
    app = create_preview(Config(content_dir=folder), role=Role.SOCIAL_CARE)
    shown = app.test_client().get(f"/scenarios/{path.stem}")
    inspect(parse(shown.text, address=f"/scenarios/{path.stem}", app=app))
    assert "`minutes` cannot be" in shown.text
    assert "<iframe" not in shown.text
    assert app.test_client().get(f"/phone/scenarios/{path.stem}").status_code == 404


def test_what_only_the_whole_folder_tells_stands_beside_its_item(look, folder):
    path = first(folder, "modules")
    path.write_text(path.read_text() + "\n\nLook [there](/modules/nowhere).\n")
    shown = look(f"/modules/{path.stem}")
    assert "`/modules/nowhere` leads nowhere" in shown
    assert "The last good version" not in shown


def test_faults_of_other_files_stand_on_the_list(look, folder):
    (folder / "tracks.yaml").write_text("nobody: {}\n")
    assert "`nobody` is not a role" in look("/")


def test_an_address_that_is_not_there_says_so(look, preview):
    assert "Not in the preview" in look("/resources", status=404)
    assert preview.test_client().get("/modules/nowhere").status_code == 404
    assert preview.test_client().get("/pictures/modules/first.md").status_code == 404


def test_pictures_and_the_glossary_are_shown(look, preview, folder):
    (folder / "glossary.yaml").write_text("dose: {term: dose, meaning: How much is taken.}\n")
    assert "How much is taken." in look("/glossary")
    (folder / "modules" / "chart.svg").write_text("<svg/>")
    assert preview.test_client().get("/pictures/modules/chart.svg", buffered=True).data == b"<svg/>"


def test_a_page_is_told_of_a_change_made_after_it_was_drawn(preview, folder):
    drawn = preview.test_client().get("/").text
    seen = drawn.partition('data-seen="')[2].partition('"')[0]
    changes = preview.test_client().get(f"/changes?seen={seen}")
    told = changes.iter_encoded()
    assert changes.mimetype == "text/event-stream"
    assert next(told) == b": nothing new\n\n"
    spoil(first(folder, "modules"))
    assert list(told) == [b"data: changed\n\n"]


def test_a_change_before_the_page_listened_is_told_at_once(preview):
    assert preview.test_client().get("/changes?seen=older").data == b"data: changed\n\n"


def test_a_page_that_waits_hears_something_now_and_then(folder):
    waits = []
    desk = Desk(folder)
    told = tell_of_change(desk, desk.mark(), pause=waits.append)
    assert [next(told) for _ in range(3)] == [": nothing new\n\n"] * 3
    assert 1 <= sum(waits) / 2 <= 15


def test_a_file_is_read_again_only_when_it_or_a_picture_beside_it_changes(folder, monkeypatch):
    read = []
    monkeypatch.setattr("training.catalog.desk.read_item", _noting(read))
    desk = Desk(folder)
    everything = len(desk.proofs())
    assert len(read) == everything
    spoil(first(folder, "modules"))
    desk.proofs()
    assert read[everything:] == [first(folder, "modules")]
    (folder / "scenarios" / "chart.svg").write_text("<svg/>")
    desk.proofs()
    assert {path.parent.name for path in read[everything + 1 :]} == {"scenarios"}


def _noting(read: list):
    from training.catalog.library import read_item

    def notes(path):
        read.append(path)
        return read_item(path)

    return notes


def test_only_this_machine_is_answered_and_only_our_own_pages_may_frame_ours(preview):
    answer = preview.test_client().get("/")
    learners, ours = CONTENT_SECURITY_POLICY.split("; "), answer.headers["Content-Security-Policy"].split("; ")
    assert set(ours) - set(learners) == {"frame-ancestors 'self'", "frame-src 'self'"}
    assert set(learners) - set(ours) == {"frame-ancestors 'none'"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert HOST == "127.0.0.1"
    assert preview.test_client().get("/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_preview_is_no_part_of_the_application(app):
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert not rules & {"/changes", "/phone/<any(modules,scenarios):folder>/<slug>"}
    assert "preview" not in app.blueprints
    assert create_app is not create_preview


@contextmanager
def previewing(folder: Path):
    """Run the command as an author does, until it says where it is."""
    port = free_port()
    command = [Path(sys.executable).with_name("training"), "content", "preview", "--port", str(port)]
    settings = environment(address="http://127.0.0.1:8000", database_url="sqlite:///nowhere/at/all.sqlite")
    process = subprocess.Popen(
        command, env=settings | {"TRAINING_CONTENT_DIR": str(folder)}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=STOPS_WITHIN)


def test_the_command_serves_without_a_database_and_streams_a_change(folder):
    with previewing(folder) as port:
        address = f"http://127.0.0.1:{port}"
        with urlopen(f"{address}/", timeout=READY_WITHIN) as page:  # noqa: S310 - our own address
            drawn = page.read().decode()
        seen = drawn.partition('data-seen="')[2].partition('"')[0]
        with urlopen(f"{address}/changes?seen={seen}", timeout=READY_WITHIN) as changes:  # noqa: S310 - our own address
            assert changes.readline() == b": nothing new\n"
            spoil(first(folder, "modules"))
            assert b"data: changed\n" in changes.read()


def test_a_port_that_is_taken_is_wrong_usage(folder, monkeypatch):
    monkeypatch.setenv("TRAINING_CONTENT_DIR", str(folder))
    with socket.create_server((HOST, 0)) as listener:
        told = CliRunner().invoke(main, ["content", "preview", "--port", str(listener.getsockname()[1])])
    assert told.exit_code == 2
    assert "give another one with --port" in told.output


def test_learners_never_load_what_is_for_authors_alone(app_assets):
    style, script = app_assets("main.css"), app_assets("main.js")
    assert "app-proof" not in style
    assert "EventSource" not in script
    assert "app-proof" in app_assets("preview.css")
    assert "EventSource" in app_assets("preview.js")


@pytest.fixture
def app_assets(preview):
    dist = Path(preview.static_folder) / "dist"
    names = json.loads((dist / "manifest.json").read_text())
    return lambda name: (dist / names[name]).read_text()
