"""A report in every form: each kind of cell looks as its reader expects, and no text breaks a file or runs in one."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from tests import reading
from tests.reading import plain
from training.domain.report import Column, Head, Kind, Report, Row, StatusCell, Table
from training.domain.rule_version import RuleVersion
from training.domain.status import Status
from training.exports import pdf, xlsx
from training.exports.csv import encode_report as encode_csv
from training.exports.formats import FORMATS

HEAD = Head(
    title="Everybody",
    organisation="Hill, Dale & Co.",
    covers="the whole organisation",
    as_at=date(2026, 7, 1),
    rule_version=RuleVersion("0a1b2c3d", date(2026, 1, 5)),
    percent="50.0 %",
    denominator="2 people on file = 2 counted.",
)
COLUMNS = (
    Column("Name"),
    Column("Status", Kind.STATUS),
    Column("In date until", Kind.DAY),
    Column("Seen at", Kind.INSTANT),
    Column("Tries", Kind.NUMBER),
    Column("Percent", Kind.PERCENT),
)
SEEN = datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Europe/London"))
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+44 7700 900123",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    " =1",
    '\u200b=HYPERLINK("x")',
    "＝1",
    'O"Brien, "Pat", Jr.',
    "Ann\r\nSmith",
    "a,b;c\td",
    "<script>alert(1)</script>",
    "</c></row>&amp;",
    "]]>",
    "محمد الأحمد",
    "Ann\u202egnp.exe",
    "Ann 🌻 Bloom",
    "👩🏽‍⚕️",
    "রহিমা বেগম",
    "முருகன்",
    "李伟",
    "W" * 255,
    "100%s {name} {{7*7}} #import $x$ \\u0041 `raw`",
    "NUL\x00bell\x07esc\x1b",
    "\ud800 alone",
    "\ufffe\uffff",
    "_x0041_",
    "0012",
    "1e5",
    "http://example.org/",
    "mailto:a@b",
    "TRUE",
    "#REF!",
    "'quoted",
    "   ",
)


def report(*rows: Row, columns=COLUMNS, **changes) -> Report:
    return Report("everybody", replace(HEAD, **changes), (Table("details", "Details", columns, list(rows)),))


def full(name: str = "Zoë", *, percent: Decimal | None = Decimal("99.9")) -> Row:
    return Row((name, StatusCell(Status.OVERDUE, "Overdue"), date(2027, 1, 13), SEEN, 1234, percent))


def made(form: str, what: Report) -> bytes:
    return b"".join(FORMATS[form].encode(what))


def names(form: str, *typed: str) -> list[str]:
    """Return names as they are read back from a file of one column."""
    data = made(form, report(*(Row((name,)) for name in typed), columns=(Column("Name"),)))
    read = {"csv": reading.read_csv, "xlsx": reading.read_xlsx, "json": reading.read_json, "pdf": reading.read_pdf}
    (table,) = read[form](data).tables.values()
    return [row[0] for row in table[1:]]


def test_a_csv_says_its_head_then_its_rows():
    text = made("csv", report(full(), full("Abdi", percent=None))).decode("utf-8-sig")
    assert text.split("\r\n\r\n")[1].splitlines() == [
        "Name,Status,In date until,Seen at,Tries,Percent",
        "Zoë,Overdue,2027-01-13,2026-07-01T09:30:00+01:00,1234,99.9 %",
        "Abdi,Overdue,2027-01-13,2026-07-01T09:30:00+01:00,1234,Nobody is counted",
    ]
    assert text.startswith('Report,Everybody\r\nOrganisation,"Hill, Dale & Co."\r\n')


def test_json_has_keys_in_words_and_values_of_their_kind():
    found = json.loads(made("json", report(full(), full("Abdi", percent=None))))
    assert found["report"] == "everybody"
    assert found["head"]["as_at"] == "2026-07-01"
    assert found["head"]["rules"] == {"version": "0a1b2c3d", "changed_on": "2026-01-05"}
    assert "made_at" not in found["head"]
    assert found["tables"][0]["rows"][0] == {
        "name": "Zoë",
        "status": "Overdue",
        "in_date_until": "2027-01-13",
        "seen_at": "2026-07-01T09:30:00+01:00",
        "tries": 1234,
        "percent": 99.9,
    }
    assert found["tables"][0]["rows"][1]["percent"] is None


def test_a_workbook_has_real_days_and_numbers_a_frozen_header_and_filters():
    data = made("xlsx", report(full(), full("Abdi", percent=None)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["About", "Details"]
    header, first, second = book.get_sheet_by_name("Details").to_python()
    assert header == [column.name for column in COLUMNS]
    assert first[2:] == [date(2027, 1, 13), datetime(2026, 7, 1, 9, 30), 1234, 0.999]  # noqa: DTZ001 (a workbook has no zones)
    assert second[-1] == "Nobody is counted"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:F3"/>' in sheet
    assert "<cols>" in sheet


def test_a_pdf_is_tagged_landscape_and_its_header_stands_on_every_page():
    reader = PdfReader(io.BytesIO(made("pdf", report(*(full(f"Person {number}") for number in range(200))))))
    root = reader.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert (root["/MarkInfo"]["/Marked"] == True, root["/Lang"]) == (True, "en-GB")  # noqa: E712 (a PDF object)
    assert reader.metadata.title == "Everybody, Hill, Dale & Co."
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert width > height
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, 1):
        text = " ".join(page.extract_text().split())
        assert "In date until" in text
        assert f"Page {number} of {len(reader.pages)}" in text


def test_a_pdf_of_more_rows_than_it_holds_is_refused_before_they_are_all_read(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_ROWS", 10)
    asked = []

    def rows() -> Iterator[Row]:
        for number in range(1_000):
            asked.append(number)
            yield full()

    whole = Report("r", HEAD, (Table("t", "T", COLUMNS, [full()] * 4), Table("u", "U", COLUMNS, rows())))
    with pytest.raises(pdf.TooLongToPrint, match=r"A PDF holds at most 10 rows.*Excel"):
        made("pdf", whole)
    assert len(asked) == 7


def test_only_the_main_table_is_in_a_csv_and_only_the_printed_ones_on_paper():
    tables = tuple(Table(slug, slug.title(), COLUMNS, [full(slug)]) for slug in ("one", "two", "three"))
    whole = Report("r", HEAD, tables, main="two", printed=("one", "three"))
    assert reading.read_csv(made("csv", whole)).tables[""][1][0] == "two"
    assert list(reading.read_pdf(made("pdf", whole)).tables) == ["One", "Three"]
    assert list(reading.read_xlsx(made("xlsx", whole)).tables) == ["One", "Two", "Three"]
    assert list(reading.read_json(made("json", whole)).tables) == ["One", "Two", "Three"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_without_rows_is_sound_in_every_form(form):
    data = made(form, report())
    assert data
    if form == "pdf":
        assert "Nobody and nothing fits." in PdfReader(io.BytesIO(data)).pages[0].extract_text()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_report_gives_the_same_bytes(form):
    assert made(form, report(full(), full("李伟"))) == made(form, report(full(), full("李伟")))


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_hostile_text_stays_one_cell_of_text_in_every_form(form):
    found = names(form, *HOSTILE)
    assert len(found) == len(HOSTILE)
    for typed, read in zip(HOSTILE, found, strict=True):
        assert plain(kept(read)) == plain(kept(typed)), repr(typed)


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "pdf"])
def test_hostile_text_breaks_no_head_or_header_either(form):
    for typed in HOSTILE:
        whole = replace(report(full()), head=replace(HEAD, title=typed, organisation=typed, shows=(typed,)))
        odd = replace(whole, tables=(Table("t", typed, (Column(typed, key="k"),), [Row((typed,))]),))
        assert made(form, odd)


def kept(text: str) -> str:
    """Return text without what some form cannot hold, and without the apostrophe that stops a formula."""
    return "".join(c for c in text.removeprefix("'") if c.isprintable() and c not in "?\ufffe\uffff")


def test_hostile_text_prints_and_no_name_is_lost():
    found = names("pdf", *HOSTILE)
    assert len(found) == len(HOSTILE)
    assert found[0] == plain(HOSTILE[0])
    assert found[HOSTILE.index("李伟")] == "李伟"


def test_nothing_typed_becomes_a_formula_a_link_or_a_number_in_a_workbook():
    data = made("xlsx", report(*(Row((name,)) for name in HOSTILE), columns=(Column("Name"),)))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
        assert not [name for name in parts.namelist() if name.startswith("xl/worksheets/_rels")]
    assert "<f>" not in sheet
    assert "<v>" not in sheet
    assert "<hyperlink" not in sheet


TEXTS = st.lists(st.text(max_size=40), min_size=1, max_size=8)


@given(TEXTS)
def test_any_texts_come_back_from_csv_json_and_a_workbook(typed):
    for form in ("csv", "json", "xlsx"):
        assert len(names(form, *typed, "end")) == len(typed) + 1
    file = made("csv", report(*(Row((each,)) for each in typed), columns=(Column("Name"),))).decode("utf-8-sig")
    for (cell,) in list(csv.reader(io.StringIO(file.split("\r\n\r\n", 1)[1], newline="")))[1:]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@settings(max_examples=25)
@given(TEXTS)
def test_any_texts_can_be_printed(typed):
    assert len(names("pdf", *typed, "end")) == len(typed) + 1


def test_a_table_longer_than_a_sheet_goes_on_in_another(monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS_A_SHEET", 4)
    data = made("xlsx", report(*(full(f"Person {number}") for number in range(7))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["About", "Details", "Details 2", "Details 3"]
    rows = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names[1:]]
    assert [[row[0] for row in sheet[1:]] for sheet in rows] == [
        ["Person 0", "Person 1", "Person 2"],
        ["Person 3", "Person 4", "Person 5"],
        ["Person 6"],
    ]
    assert {sheet[0][0] for sheet in rows} == {"Name"}


def test_sheets_of_one_name_or_of_a_name_that_excel_refuses_are_named_apart():
    titles = ("A/B", "A:B", "a b", "", "x" * 60, "x" * 61, "History")
    whole = Report("r", HEAD, tuple(Table(f"t{n}", title, COLUMNS, [full()]) for n, title in enumerate(titles)))
    found = CalamineWorkbook.from_filelike(io.BytesIO(made("xlsx", whole))).sheet_names[1:]
    assert len({name.lower() for name in found}) == len(titles)
    assert all(0 < len(name) <= 31 for name in found)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_rows_are_asked_for_only_as_a_file_is_read(form):
    asked = []

    def rows() -> Iterator[Row]:
        for number in range(100_000):
            asked.append(number)
            yield full()

    streamed = FORMATS[form].encode(Report("r", HEAD, (Table("t", "T", COLUMNS, rows()),)))
    next(streamed)
    assert asked == []
    while not asked:
        next(streamed)
    assert len(asked) < 2_000


def test_who_made_it_and_when_stand_in_every_form():
    when = datetime(2026, 7, 1, 8, 30, 5, 999, tzinfo=UTC)
    whole = report(full(), made_at=when.astimezone(ZoneInfo("Europe/London")), made_by="Jo =1")
    read = {"csv": reading.read_csv, "xlsx": reading.read_xlsx, "pdf": reading.read_pdf}
    for form, back in read.items():
        assert back(made(form, whole)).head["Made"] == [plain("1 Jul 2026 at 09:30 BST by Jo =1")]
    assert json.loads(made("json", whole))["head"]["made_at"] == "2026-07-01T09:30:05+01:00"


def test_the_encoder_of_a_csv_is_the_one_that_every_form_is_listed_with():
    assert FORMATS["csv"].encode is encode_csv
    assert list(FORMATS) == ["csv", "xlsx", "pdf", "json"]
