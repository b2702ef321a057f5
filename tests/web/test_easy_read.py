"""Easy Read pages are open to everybody, and lead to and from the modules that they are about."""

from pathlib import Path

from tests.catalog.sample_content import easy_read_text, write_easy_read
from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.content import write_content
from tests.web.inspector import words

pytestmark = ON_SQLITE


def test_anybody_finds_a_twin_from_the_front_page(client):
    listed = client.get(client.get("/").link("Easy Read"))
    assert listed.heading == "Easy Read"
    assert client.get(listed.link("Every kind of medicine")).heading == "Every kind of medicine"


def test_the_resources_and_the_glossary_lead_to_the_list(client):
    for address, says in (("/resources", "Easy Read pages of our own"), ("/glossary", "Easy Read pages")):
        assert client.get(address).link(says) == "/easy-read"


def test_every_picture_is_described_and_is_sent(client):
    shown = client.get("/easy-read/every-kind")
    pictures = shown.all("main img")
    assert [picture.attrs["alt"] for picture in pictures] == [
        "A person with some tablets",
        "Two people talking",
        "A phone",
    ]
    for picture in pictures:
        sent = client.get(picture.attrs["src"])
        assert sent.response.mimetype == "image/svg+xml"
        assert "</svg>" in sent.text


def test_sentences_stand_beside_their_picture_in_order(client):
    pairs = client.get("/easy-read/every-kind").all(".app-pair")
    assert [[words(line) for line in pair.query("p")] for pair in pairs] == [
        ["A side effect is something bad that a medicine does.", "You can tell someone."],
        ["Do you feel ill?"],
        ["Ring 999 in an emergency."],
    ]


def test_every_part_can_be_listened_to(client):
    shown = client.get("/easy-read/every-kind")
    buttons = shown.all("button[data-module=listen]")
    assert [button.attrs["aria-controls"] for button in buttons] == ["part-your-medicine", "part-get-help"]
    assert [article.attrs["id"] for article in shown.all("main article")] == ["part-your-medicine", "part-get-help"]


def test_a_twin_that_nobody_has_checked_says_so(client):
    said = client.get("/easy-read/every-kind").main
    assert "Not checked by people with a learning disability yet." in said
    assert "Not checked by a doctor, nurse or pharmacist yet." in said
    assert "Awaiting clinical sign-off." in said


def test_a_twin_that_was_checked_says_by_whom(make_app, tmp_path):
    folder = write_content(tmp_path / "content")
    checked = easy_read_text(
        clinical_signoff="{who: Dr A Name, on: 2026-12-01}",
        checked_by_people="{who: The Tuesday group, on: 2026-12-02}",
    )
    write_easy_read(folder, checked, "every-kind")
    said = Client(make_app(content_dir=folder)).get("/easy-read/every-kind").main
    assert "Checked by The Tuesday group, 2 Dec 2026." in said
    assert "Clinical sign-off: Dr A Name, 1 Dec 2026." in said
    assert "Not checked" not in said


def test_a_module_without_a_twin_has_no_page_and_no_link(client, learner):
    client.get("/easy-read/for-everyone", status=404)
    client.get("/easy-read/the-story", status=404)
    assert "Easy Read version" not in learner.get("/modules/for-everyone").main


def test_a_module_leads_to_its_twin_and_back(learner):
    twin = learner.get(learner.get("/modules/every-kind").link("Easy Read version of this module"))
    assert twin.heading == "Every kind of medicine"
    assert twin.link("Every kind of question") == "/modules/every-kind"


def test_no_other_file_is_sent_as_a_picture(client, content: Path):
    assert (content / "easy-read" / "every-kind.md").is_file()
    for name in ("every-kind.md", "..%2fevery-kind.md", "gone.svg", "..%2f..%2ftracks.yaml"):
        client.get(f"/pictures/easy-read/{name}", status=404)


def test_a_library_without_twins_says_so(make_app, tmp_path):
    folder = write_content(tmp_path / "content")
    (folder / "easy-read" / "every-kind.md").unlink()
    assert "There are no Easy Read pages here yet." in Client(make_app(content_dir=folder)).get("/easy-read").main
