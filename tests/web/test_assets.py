"""The built assets, how they are served, and the templates that stand on them."""

import gzip
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from flask import Flask, render_template_string
from jinja2 import StrictUndefined
from werkzeug.test import TestResponse

from training.domain.language import Language
from training.domain.looks import Looks
from training.domain.module import Option, Question, QuestionKind
from training.domain.scoring import mark_question
from training.web import assets, languages

ROOT = Path(__file__).resolve().parents[2]
STYLE = "main-0123456789.css"
PALETTE = ROOT / "frontend/scss/_palette.scss"


@pytest.fixture
def static(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    dist.mkdir()
    names = {"main.css": STYLE, "main.js": "main-1.js", "icon-192.png": "icon-192-1.png"}
    names |= {
        "apple-touch-icon.png": "icon-1.png",
        "app.webmanifest": "app-1.webmanifest",
        "offline.js": "offline-1.js",
    }
    (dist / "manifest.json").write_text(json.dumps(names), encoding="utf-8")
    (dist / STYLE).write_bytes(b"p{}")
    (dist / f"{STYLE}.gz").write_bytes(gzip.compress(b"p{}"))
    (tmp_path / "plain.txt").write_text("plain", encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(static: Path) -> Flask:
    app = Flask(
        "training",
        static_folder=static,
        static_url_path="/static",
        template_folder=str(ROOT / "training" / "templates"),
    )
    app.secret_key = "a key for this test alone"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals |= {"csrf_token": lambda: "token", "current_user": None, "looks": Looks()}
    languages.init(app, chosen=lambda: Language.ENGLISH)
    app.jinja_env.globals |= {"shared_tablet": False, "person_key": lambda _viewer: "key"}
    assets.init(app)
    return app


def get(app: Flask, address: str, headers: dict[str, str] | None = None) -> TestResponse:
    return app.test_client().get(address, headers=headers, buffered=True)


@pytest.fixture
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_assets", ROOT / "build_assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_asset_is_linked_by_the_name_that_carries_its_hash(app):
    with app.test_request_context():
        assert assets.asset("main.css") == f"/static/dist/{STYLE}"


def test_an_unknown_asset_is_refused_with_the_names_there_are(app):
    with app.test_request_context(), pytest.raises(assets.AssetUnknown, match=r"'main\.cs'.*main\.css"):
        assets.asset("main.cs")


def test_assets_not_built_yet_are_refused_with_what_to_run(app, static):
    (static / "dist" / "manifest.json").unlink()
    with app.test_request_context(), pytest.raises(assets.AssetsNotBuilt, match=r"python build_assets\.py"):
        assets.asset("main.css")


@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, br", "gzip"), ("identity", None), ("gzip;q=0", None)])
def test_a_built_file_is_sent_gzipped_to_those_who_take_it(app, accepts, encoding):
    response = get(app, f"/static/dist/{STYLE}", {"Accept-Encoding": accepts})
    body = gzip.decompress(response.data) if encoding else response.data
    assert (response.headers.get("Content-Encoding"), body) == (encoding, b"p{}")
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.content_type.startswith("text/css")
    assert response.content_length == len(response.data)


def test_a_built_file_may_be_kept_for_good_and_any_other_may_not(app):
    assert get(app, f"/static/dist/{STYLE}").headers["Cache-Control"] == assets.KEEP
    assert "immutable" not in get(app, "/static/plain.txt").headers["Cache-Control"]
    assert "immutable" not in get(app, "/static/dist/gone.css").headers.get("Cache-Control", "")


def test_a_built_file_that_has_not_changed_is_not_sent_again(app):
    address, takes = f"/static/dist/{STYLE}", {"Accept-Encoding": "gzip"}
    first = get(app, address, takes)
    again = get(app, address, takes | {"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, again.data) == (304, b"")


def test_any_change_of_a_source_changes_the_fingerprint_and_installed_packages_do_not(builder, tmp_path):
    (tmp_path / "main.scss").write_text("p{}", encoding="utf-8")
    before = builder.fingerprint(tmp_path)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "index.js").write_text("1", encoding="utf-8")
    assert builder.fingerprint(tmp_path) == before
    (tmp_path / "main.scss").rename(tmp_path / "other.scss")
    assert builder.fingerprint(tmp_path) != before


def test_built_assets_are_current_until_the_sources_change_or_a_file_is_lost(builder, static):
    dist = static / "dist"
    for name in json.loads((dist / "manifest.json").read_text(encoding="utf-8")).values():
        (dist / name).touch()
    (dist / builder.STAMP).write_text("wanted", encoding="utf-8")
    assert builder.is_current(dist, "wanted")
    assert not builder.is_current(dist, "other")
    (dist / STYLE).unlink()
    assert not builder.is_current(dist, "wanted")


def test_a_written_file_carries_its_hash_and_has_a_gzipped_twin(builder, tmp_path):
    name = builder.write_hashed(tmp_path, "main.css", b"p{}")
    assert re.fullmatch(r"main-[0-9a-f]{10}\.css", name)
    assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == b"p{}"
    assert builder.write_hashed(tmp_path, "main.css", b"a{}") != name


def test_the_lock_file_names_no_registry():
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


PAIRS = [
    (ink, ground, 4.5) for ink in ("ink", "ink-soft", "link", "link-visited") for ground in ("paper", "card", "ground")
]
PAIRS += [(name, f"{name}-soft", 4.5) for name in ("brand", "error", "right", "soon", "plum", "sky")]
PAIRS += [("ink", f"{name}-soft", 4.5) for name in ("brand", "error", "right", "soon", "plum", "sky")]
PAIRS += [
    ("on-brand", "brand", 4.5),
    ("on-brand", "error", 4.5),
    ("on-banner", "banner", 4.5),
    ("on-focus", "focus", 4.5),
]
PAIRS += [("line-strong", "card", 3), ("line-strong", "paper", 3)]


@pytest.mark.parametrize("scheme", ["day", "night"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart(scheme, ink, ground, least):
    _, by_night, by_day, *_ = re.split(r"@mixin night|^:root ", PALETTE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    colours = dict(re.findall(r"--([a-z-]+): (#\w+);", by_day))
    if scheme == "night":
        colours |= dict(re.findall(r"--([a-z-]+): (#\w+);", by_night))
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_page_shows_a_manager_the_team_and_a_visitor_the_way_in(app):
    def drawn(viewer):
        with app.test_request_context("/team/people"):
            return render_template_string(
                "{% extends 'base.html' %}{% block title %}A page{% endblock %}", viewer=viewer
            )

    manager = drawn(SimpleNamespace(name="Amina Yusuf", organisation_name="Oak House", is_manager=True, tablet_id=None))
    visitor = drawn(None)
    assert '<a class="app-nav__link" href="/team" aria-current="true">Team</a>' in manager
    assert "Sign out" in manager
    assert "/team" not in visitor
    assert "Sign in" in visitor
    assert "<title>A page – STOMP Training</title>" in visitor
    assert "Never change or stop a medicine without the prescriber. In an emergency call 999." in visitor
    assert not re.search(r"<style| style=|<script>| on\w+=", manager)


OPTIONS = (
    Option("a", "Wait", "It may be serious.", partner="Later"),
    Option("b", "Ring today", "Yes.", right=True, partner="Now"),
    Option("c", "Write it down", "Yes, always.", right=True, partner="Now"),
)


def ask(app, kind, answer=None):
    question = Question("first-step", kind, "What do you do?", OPTIONS)
    source = (
        "{% from 'components/question_form.html' import question_form %}"
        "{{ question_form(q, q.options, '/', answer, verdict) }}"
    )
    with app.test_request_context():
        return render_template_string(
            source, q=question, answer=answer, verdict=answer and mark_question(question, answer)
        )


def headings(html):
    return re.findall(r'app-feedback__heading"(?: tabindex="-1" data-feedback)?>([^<]+)<', html)


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        (QuestionKind.SINGLE, ("a",), ["Not quite"]),
        (QuestionKind.SEVERAL, ("b", "c"), ["Right", "Right", "Right"]),
        (QuestionKind.SEVERAL, ("a", "b"), ["Not quite", "Not this one", "Right"]),
        (
            QuestionKind.ORDER,
            ("a", "c", "b"),
            [
                "Not quite",
                "Right place",
                "Not in this place: it belongs in place 2",
                "Not in this place: it belongs in place 3",
            ],
        ),
        (QuestionKind.MATCH, ("a=a", "b=c", "c=c"), ["Right", "Right pair", "Right pair", "Right pair"]),
        (QuestionKind.MATCH, ("a=b", "b=b", "c=b"), ["Not quite", "Not this pair", "Right pair", "Right pair"]),
    ],
)
def test_an_answer_is_judged_in_words_option_by_option(app, kind, answer, said):
    html = ask(app, kind, answer)
    assert headings(html) == said
    assert html.count("data-feedback") == 1


def test_an_answer_that_is_right_as_far_as_it_goes_says_that_there_is_more(app):
    assert "there is more to find" in ask(app, QuestionKind.SEVERAL, ("b",))
    assert "there is more to find" not in ask(app, QuestionKind.SEVERAL, ("a", "b"))


def test_an_unanswered_question_gives_nothing_away(app):
    for kind in QuestionKind:
        html = ask(app, kind)
        assert "Yes" not in html
        assert "checked" not in html


def test_two_options_with_the_same_partner_offer_it_once(app):
    html = ask(app, QuestionKind.MATCH)
    assert re.findall(r'name="(answer-\w)"', html) == ["answer-a", "answer-b", "answer-c"]
    assert html.count(">Now</option>") == 3
