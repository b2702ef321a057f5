"""What stands on slips of paper, whoever they are for."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from training.exports.slips import PrintedSlip, encode_slips, file_name

GOLDEN = Path(__file__).parent.parent / "golden"
DAY = date(2026, 3, 2)
SLIP = PrintedSlip(
    name="Amina O’Connell-Śmigielska",
    organisation="Hillside Supported Living",
    sign_in_name="hillside-k7mx4",
    code="K7MX4-PQR9T",
    address="https://training.example.org/join/4xUq0v2nJp9aZc7Rk1mWt8yBsLd3EfGh",
    short_address="training.example.org/join",
    until="16 Mar 2026",
)


def pages(*slips: PrintedSlip, a_page: int) -> list[str]:
    reader = PdfReader(io.BytesIO(encode_slips(slips, a_page=a_page, day=DAY)))
    return [page.extract_text() for page in reader.pages]


@pytest.mark.parametrize("a_page", [1, 20])
def test_the_words_of_a_slip_are_the_golden_ones(a_page):
    (text,) = pages(SLIP, a_page=a_page)
    assert text + "\n" == (GOLDEN / f"slip-{a_page}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("number", "a_page", "whole"), [(20, 20, 1), (21, 20, 2), (3, 1, 3)])
def test_twenty_stand_on_a_page_or_one(number, a_page, whole):
    slips = [replace(SLIP, name=f"Person {place}.") for place in range(number)]
    found = pages(*slips, a_page=a_page)
    assert len(found) == whole
    assert all(f"Person {place}." in " ".join(found) for place in range(number))


@pytest.mark.parametrize("a_page", [1, 20])
def test_the_document_is_tagged_a4_and_its_squares_have_words(a_page):
    reader = PdfReader(io.BytesIO(encode_slips([SLIP, SLIP], a_page=a_page, day=DAY)))
    root = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (root["/Lang"], reader.metadata.title) == ("en-GB", "Invite slips")
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    told = [thing["/Alt"] for thing in objects if isinstance(thing, dict) and "/Alt" in thing]
    assert told == ["QR code that opens the one-time address of this slip"] * 2


@pytest.mark.parametrize("a_page", [1, 20])
def test_without_a_sign_in_name_the_slip_says_where_it_comes_from(a_page):
    (text,) = pages(replace(SLIP, sign_in_name=""), a_page=a_page)
    assert "hillside-k7mx4" not in text
    assert "the name that you sign in with" in " ".join(text.split())


@pytest.mark.parametrize("name", ["Ірина Їжакевич", "欧阳娜娜", "W" * 255, "محمد عبد الرحمن", "#strong[x] $x$"])
@pytest.mark.parametrize("a_page", [1, 20])
def test_any_name_leaves_everything_else_on_its_page(name, a_page):
    (text,) = pages(replace(SLIP, name=name), a_page=a_page)
    assert "K7MX4-PQR9T" in text
    assert "until 16 Mar 2026" in text


def test_a_letter_that_cannot_be_printed_is_a_box_and_the_slip_says_so():
    (text,) = pages(replace(SLIP, name="Ann \U00010900"), a_page=20)
    assert "Ann □" in text
    assert "Some characters could not be printed." in text


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=255), st.text(max_size=80))
def test_no_name_stops_a_slip(name, organisation):
    assert len(pages(replace(SLIP, name=name, organisation=organisation), a_page=20)) == 1


def test_the_same_slips_give_the_same_bytes_and_a_name_with_the_day():
    assert encode_slips([SLIP], a_page=20, day=DAY) == encode_slips([replace(SLIP)], a_page=20, day=DAY)
    assert file_name(DAY) == "invite-slips-2026-03-02.pdf"
