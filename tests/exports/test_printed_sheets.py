"""What stands on a printed sheet, and that it keeps to its pages."""

import io
from dataclasses import replace
from functools import cache
from threading import Thread

import pytest
from pypdf import PdfReader

from training.catalog.library import load_catalog
from training.config import shipped
from training.domain.module import SignOff
from training.domain.sheet import DAYS, STANDING, Part, PartKind, Phrase, Piece, Sheet
from training.exports.sheets import encode_sheet

ADDRESS = "https://training.example.org/sheets/one"
SLUGS = ("question-sheet", "medicines-diary")


@cache
def sheet(slug: str) -> Sheet:
    return load_catalog(shipped("content")).sheets[slug]


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(encode_sheet(sheet, address=ADDRESS)))


def words(text: str) -> str:
    """Return a text as one line, without what only holds words together."""
    return " ".join(text.replace("\u2060", "").split())


def everything(sheet: Sheet) -> str:
    return words(" ".join(page.extract_text() for page in read(sheet).pages))


def phrases(sheet: Sheet):
    for part in sheet.parts:
        yield part.note
        for item in part.items:
            yield from (item.phrase, item.hint)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_sheet_is_two_pages_of_a4(slug):
    sides = [595, 842] if slug == "question-sheet" else [842, 595]
    assert [[round(float(side)) for side in page.mediabox[2:]] for page in read(sheet(slug)).pages] == [sides, sides]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_word_of_the_content_is_on_the_paper(slug):
    printed = everything(sheet(slug))
    for text in (sheet(slug).title, *sheet(slug).blanks, *(part.heading for part in sheet(slug).parts)):
        assert text in printed
    for phrase in phrases(sheet(slug)):
        for piece in phrase.pieces:
            assert words(piece.words) in printed
    for number, source in enumerate(sheet(slug).sources, 1):
        assert f"{number} {source.publisher}: {source.title}." in printed


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_says_who_may_change_a_medicine_and_where_the_sheet_is_from(slug):
    for number, page in enumerate(read(sheet(slug)).pages, 1):
        printed = words(page.extract_text())
        assert STANDING in printed
        assert ADDRESS in printed
        assert f"Page {number} of 2" in printed


@pytest.mark.parametrize("slug", SLUGS)
def test_the_document_is_tagged_and_says_its_title_and_language(slug):
    reader = read(sheet(slug))
    root = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a PDF object, not a bool)
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title == sheet(slug).title


def test_the_days_of_the_diary_are_tagged_as_headers():
    reader = read(sheet("medicines-diary"))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    kinds = [thing["/S"] for thing in objects if isinstance(thing, dict) and thing.get("/Type") == "/StructElem"]
    assert kinds.count("/TH") == 1 + len(DAYS)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(sheet("medicines-diary").parts)
    assert all(day in everything(sheet("medicines-diary")) for day in DAYS)


def test_a_source_is_numbered_beside_its_own_claim():
    printed = everything(sheet("medicines-diary"))
    numbers = {source.key: number for number, source in enumerate(sheet("medicines-diary").sources, 1)}
    assert f"stiff muscles and confusion.{numbers['mhra-nms']} A collapse" in printed
    assert f"shallow breathing.{numbers['nhs-diaz-se']} Chest pain" in printed
    assert "Does it help, and how do we know?4,6" in everything(sheet("question-sheet"))


def test_the_sign_off_is_said_and_its_absence_too():
    assert "to be reviewed by 22 Nov 2027. Awaiting clinical sign-off." in everything(sheet("question-sheet"))
    signed = replace(sheet("question-sheet"), clinical_signoff=SignOff("Dr A Name", sheet("question-sheet").written_on))
    assert "Clinical sign-off: Dr A Name, 22 Nov 2026." in everything(signed)


def test_a_sheet_is_made_once_and_is_the_same_on_any_day():
    made = encode_sheet(sheet("question-sheet"), address=ADDRESS)
    assert encode_sheet(replace(sheet("question-sheet")), address=ADDRESS) is made
    encode_sheet.cache_clear()
    again = encode_sheet(sheet("question-sheet"), address=ADDRESS)
    assert again is not made
    assert again == made


def test_changed_words_give_another_document():
    first = encode_sheet(sheet("question-sheet"), address=ADDRESS)
    assert encode_sheet(replace(sheet("question-sheet"), title="Other"), address=ADDRESS) != first
    assert encode_sheet(sheet("question-sheet"), address=ADDRESS + "-two") != first


def test_words_are_text_and_never_markup_and_no_letter_stops_a_sheet():
    hostile = '#panic() *b* _i_ $x$ "q" @ref \U00010900'
    part = Part(PartKind.LIST, hostile, Phrase((Piece(hostile, (1,)),)), ())
    printed = everything(replace(sheet("question-sheet"), title=hostile, parts=(part,)))
    assert printed.count('#panic() *b* _i_ $x$ "q" @ref □') == 3


def test_threads_share_the_compiler():
    encode_sheet.cache_clear()
    made = {}
    threads = [
        Thread(target=lambda slug=slug: made.update({slug: encode_sheet(sheet(slug), address=ADDRESS)}))
        for slug in SLUGS
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {slug: encode_sheet(sheet(slug), address=ADDRESS) for slug in SLUGS}
