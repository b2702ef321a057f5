"""Text goes out compressed, and public pages that have not changed are not sent again."""

import gzip

import brotli
import pytest

from tests.web.conftest import ON_SQLITE

pytestmark = ON_SQLITE
PUBLIC = ("/", "/resources", "/glossary", "/accessibility", "/privacy", "/carers", "/easy-read", "/sheets", "/offline")
OPEN = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "used"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip")]
)
def test_pages_go_out_in_the_best_encoding_that_a_browser_takes(learner, accepted, used):
    plain = learner.browser.get("/glossary")
    sent = learner.browser.get("/glossary", headers={"Accept-Encoding": accepted})
    assert sent.headers["Content-Encoding"] == used
    assert OPEN[used](sent.data) == plain.data
    assert len(sent.data) < len(plain.data) / 2
    assert int(sent.headers["Content-Length"]) == len(sent.data)
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in sent.headers["Vary"]


def test_what_another_site_asks_for_is_not_compressed(learner):
    headers = {"Accept-Encoding": "br", "Sec-Fetch-Site": "cross-site"}
    assert "Content-Encoding" not in learner.browser.get("/home", headers=headers).headers


def test_what_is_short_is_left_as_it_is(client):
    assert "Content-Encoding" not in client.browser.get("/livez", headers={"Accept-Encoding": "br"}).headers


def test_built_files_are_sent_as_they_were_compressed_beforehand(client):
    page = client.get("/")
    (style,) = [one.attrs["href"] for one in page.all("link[rel=stylesheet]")]
    with client.browser.get(style) as answer:
        plain = answer.data
    for name, unpacked in OPEN.items():
        sent = client.browser.get(style, headers={"Accept-Encoding": name})
        assert (sent.headers["Content-Encoding"], unpacked(sent.data)) == (name, plain)
        assert sent.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert sent.headers["Vary"] == "Accept-Encoding", "signing in changes no file"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_that_has_not_changed_is_not_sent_again(client, path):
    first = client.browser.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in first.headers["Vary"]
    again = client.browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    packed = client.browser.get(path, headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "br"})
    assert packed.status_code == 304


def test_a_page_that_tells_somebody_something_is_theirs_alone(client):
    with client.browser.session_transaction() as session:
        session["_flashes"] = [("message", "You are signed out.")]
    told = client.browser.get("/glossary")
    assert b"You are signed out." in told.data
    assert "Set-Cookie" in told.headers
    assert told.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in told.headers


@pytest.mark.parametrize("path", [path for path in PUBLIC if path != "/"])
def test_the_same_page_is_personal_to_whoever_is_signed_in(learner, path):
    sent = learner.browser.get(path)
    assert sent.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in sent.headers


def test_a_page_that_is_gone_from_the_cache_after_signing_in_is_sent_anew(client, home, worker):  # noqa: ARG001
    kept = client.browser.get("/glossary").headers["ETag"]
    client.sign_in("worker@home.example")
    assert client.browser.get("/glossary", headers={"If-None-Match": kept}).status_code == 200
