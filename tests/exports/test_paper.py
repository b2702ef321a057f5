"""A document is a tagged PDF of what it says, the same on any day, whatever anybody typed."""

import io
from datetime import date

from pypdf import PdfReader

from training.domain.paper import Paper, Section
from training.domain.report import Column, Kind, Row, Table
from training.exports.paper import encode_paper

DAY = date(2026, 3, 1)
COLUMNS = (Column("Name"), Column("On", Kind.DAY), Column("How many", Kind.NUMBER), Column("Percent", Kind.PERCENT))


def paper(*typed):
    rows = [Row((name, DAY, 1234, None)) for name in typed]
    section = Section("What stands", words=("First words.",), points=("A point.",))
    tables = Section("In a table", tables=(Table("t", "Those here", COLUMNS, rows), Table("n", "None", COLUMNS, [])))
    return Paper("A title", "Home", (("As at", "1 Mar 2026"),), (section, tables, Section("Below", level=3)))


def read(body):
    return PdfReader(io.BytesIO(body))


def words_of(body):
    return " ".join(" ".join(page.extract_text() for page in read(body).pages).split())


def test_everything_it_says_is_on_paper():
    words = words_of(encode_paper(paper("Ann"), day=DAY))
    for said in ("A title", "Home", "As at", "What stands", "First words.", "A point.", "In a table", "Those here"):
        assert said in words
    for said in ("Ann", "1 Mar 2026", "1,234", "Nobody is counted", "Nothing to show.", "Below", "Page 1 of 1"):
        assert said in words


def test_it_is_tagged_and_dated_the_day_it_is_about():
    document = read(encode_paper(paper("Ann"), day=DAY))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert document.metadata.creation_date.date() == DAY
    assert document.metadata.title == "A title, Home"


def test_the_same_document_gives_the_same_bytes():
    assert encode_paper(paper("Ann"), day=DAY) == encode_paper(paper("Ann"), day=DAY)


def test_nothing_that_anybody_types_breaks_it():
    typed = ("محمد", "李小龍", "😀", "\x00\ud800", "#set page()", "=1+1", "N" * 255, "a\nb", "")
    words = words_of(encode_paper(paper(*typed), day=DAY))
    assert "#set page()" in words
    assert "Some characters could not be printed" in words
