"""Anybody may open a sheet and print it; page and PDF have the same words, and nothing can be sent."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.web.client import Client
from tests.web.conftest import ON_SQLITE
from tests.web.content import write_content
from tests.web.inspector import words
from training.catalog.library import Catalog, load_catalog
from training.config import shipped
from training.domain.sheet import DAYS, STANDING, PartKind

pytestmark = ON_SQLITE
SLUGS = ("question-sheet", "medicines-diary")


@pytest.fixture(scope="session")
def content() -> Path:
    return shipped("content")


@pytest.fixture(scope="session")
def catalog(content) -> Catalog:
    return load_catalog(content)


def test_a_visitor_finds_the_sheets_from_the_front_page_and_from_the_resources(client):
    for start in ("/", "/resources"):
        assert client.get(start).link("a question sheet and a medicines diary") == "/sheets"
    links = client.get("/sheets").links()
    assert {f"/sheets/{slug}" for slug in SLUGS} | {f"/sheets/{slug}.pdf" for slug in SLUGS} <= set(links)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_page_has_every_word_of_the_sheet_on_as_many_pages_as_the_pdf(client, catalog, slug):
    sheet, page = catalog.sheets[slug], client.get(f"/sheets/{slug}")
    assert page.heading == sheet.title
    assert len(page.all(".app-sheet__page")) == len(sheet.pages) == 2
    for part in sheet.parts:
        assert part.heading in page.main
        for phrase in (part.note, *(phrase for item in part.items for phrase in (item.phrase, item.hint))):
            assert all(" ".join(piece.words.split()) in page.main for piece in phrase.pieces)
    assert [words(line) for line in page.all(".app-sheet__standing")] == [STANDING, STANDING]
    assert "Awaiting clinical sign-off" in page.main
    assert len(page.all(".app-sheet__source-list a")) == len(sheet.sources)


def test_a_page_has_as_much_room_as_the_content_asks_for(client, catalog):
    sheet, page = catalog.sheets["question-sheet"], client.get("/sheets/question-sheet")
    asked = [item.lines for part in sheet.parts for item in part.items if part.kind is PartKind.SPACES]
    assert [len(room.query(".app-sheet__line")) for room in page.all(".app-sheet__room")] == asked
    tables = [part for part in sheet.parts if part.kind is PartKind.TABLE]
    cells = [f"app-sheet__cell--{part.lines}" for part in tables for _ in range(part.rows * len(part.items))]
    assert [cell.attrs["class"].split()[1] for cell in page.all(".app-sheet__cell")] == cells


def test_the_diary_has_a_column_for_each_day_and_a_row_for_each_thing(client, catalog):
    week = client.get("/sheets/medicines-diary").one(".app-sheet__table--week")
    assert [words(head) for head in week.query("thead th")][1:] == list(DAYS)
    assert len(week.query("tbody tr")) == len(catalog.sheets["medicines-diary"].parts[0].items)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_pdf_is_sent_with_the_address_of_this_service_on_it(client, slug):
    response = client.get(f"/sheets/{slug}.pdf").response
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{slug}.pdf"'
    reader = PdfReader(io.BytesIO(response.data))
    assert len(reader.pages) == 2
    assert f"http://127.0.0.1:8000/sheets/{slug}" in reader.pages[0].extract_text()


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_can_be_typed_into_a_sheet_or_sent_from_it(client, slug):
    page = client.get(f"/sheets/{slug}")
    assert [tag for tag in ("form", "input", "textarea", "select") if page.all(f"main {tag}")] == []
    assert client.open("POST", f"/sheets/{slug}").status == 405


@pytest.mark.parametrize("address", ["/sheets/gone", "/sheets/gone.pdf", "/sheets/question-sheet.txt"])
def test_a_sheet_that_is_not_there_is_not_found(client, address):
    client.get(address, status=404)


def test_somebody_signed_in_may_print_too(learner):
    assert learner.get("/sheets/medicines-diary").heading == "Medicines diary for one week"


def test_a_service_without_sheets_says_so(make_app, tmp_path):
    app = make_app(content_dir=write_content(tmp_path))
    assert "There is no sheet here yet." in Client(app).get("/sheets").main
