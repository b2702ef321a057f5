"""Files as they really come: encodings, separators, dates, numbers, headings anywhere; the same table out of each."""

import io
import re
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.files.people_with_faults import FILE, make
from tests.uploads.making import HEADINGS, saved_by_openpyxl, text, workbook
from training.domain.people_rows import FIELDS, read_rows
from training.domain.upload import (
    CellUnreadable,
    HeadingsMissing,
    HeadingTwice,
    NothingBelow,
    day_of,
    fits,
    read_table,
)
from training.uploads.reading import read_upload
from training.uploads.safety import UploadRefused
from training.uploads.spreadsheet import cell_of

TODAY = date(2026, 3, 2)


def read(data: bytes, name: str = "staff.csv"):
    lines = read_upload(data, name=name, fits=lambda some: fits(some, FIELDS))
    return [row.wanted for row in read_rows(read_table(lines, FIELDS), today=TODAY)]


def summary(people):
    return [(one.staff_number, one.name, one.job_title, one.site, one.starts_on) for one in people]


THE_TABLE = [
    ("00123", "Zoë Müller", "Nurse", "North", date(2026, 3, 1)),
    ("7", "Li, Wei", "Carer", "South", date(2026, 2, 1)),
]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_text_is_read_whatever_its_encoding_and_separator(separator, encoding):
    assert summary(read(text(separator).encode(encoding))) == THE_TABLE


@pytest.mark.parametrize(
    "day", ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%b-%Y", "%d.%m.%Y", "%Y-%m-%dT00:00:00", "%d/%m/%Y 00:00"]
)
def test_days_are_read_day_first_or_as_iso(day):
    assert summary(read(text(day=day).encode())) == THE_TABLE


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
def test_lines_may_end_in_any_way(newline):
    assert summary(read(text(newline=newline).encode())) == THE_TABLE


def test_a_line_that_names_the_separator_for_excel_is_no_row():
    lines = read_upload(("sep=;\r\n" + text(";")).encode(), name="a.csv", fits=lambda _lines: True)
    assert [line.number for line in lines] == [2, 3, 4]


@pytest.mark.parametrize(
    "data", [workbook(), saved_by_openpyxl(), saved_by_openpyxl(epoch_1904=True), workbook(constant_memory=True)]
)
def test_workbooks_are_read_whoever_saved_them(data):
    assert summary(read(data, "staff.xlsx")) == THE_TABLE


def test_the_first_sheet_that_fits_is_read():
    rows = (HEADINGS, ("1", "Ann", "Nurse", "North", ""))
    other = workbook(("Notes",), sheets=("About",))
    assert len(read(workbook(*rows, sheets=("People", "More")), "a.xlsx")) == 1
    with pytest.raises(HeadingsMissing):
        read(other, "a.xlsx")


def test_headings_stand_lower_down_between_other_columns_and_empty_rows_do_not_count():
    rows = (
        ("Staff as at 1 March",),
        (),
        ("Colour", " SITE ", "Employee No.", "Position", "Forename", "Surname", ""),
        ("red", "North", 123.0, "Nurse", "Ann ", "\xa0Lee"),
        ("", "", "", "", "", ""),
        ("", " ", "\xa0", "", "", ""),
    )
    (ann,) = read(workbook(*rows), "a.xlsx")
    assert (ann.staff_number, ann.name, ann.site) == ("123", "Ann Lee", "North")


@pytest.mark.parametrize(
    ("value", "cell"),
    [(123.0, "123"), (1.5, "1.5"), (True, "yes"), ("00123", "00123"), (date(2026, 3, 1), date(2026, 3, 1))],
)
def test_a_whole_number_has_no_point(value, cell):
    assert cell_of(value) == cell


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ("00000", "00123"),
        ("0000000;-0000000", "0000123"),
        ("[$-809]0000", "0123"),
        ("00", "123"),
        ("0", "123"),
        ("0000.00", "123"),
        ("#,##0", "123"),
    ],
)
def test_a_number_shown_with_zeros_in_front_keeps_them(number_format, shown):
    for data in numbers_formatted(number_format):
        assert [row.staff_number for row in read(data, "a.xlsx")] == [shown, "45", shown]


def numbers_formatted(number_format):
    """Yield a workbook with the number 123 as it is, a 45 without a format, and 123 as what a formula gave."""
    written, saved = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet()
    style, other = book.add_format({"num_format": number_format}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADINGS)
    for row, value in enumerate((123, 45, 123), start=1):
        sheet.write_row(row, 1, ("Ann", "Nurse", "North"))
        sheet.write_number(row, 4, 46082, other)
        if row == 3:
            sheet.write_formula(row, 0, "=A2", style, value)
        else:
            sheet.write_number(row, 0, value, style if row == 1 else None)
    book.close()
    again = openpyxl.load_workbook(written, data_only=True)
    again.save(saved)
    yield from (written.getvalue(), saved.getvalue())


def test_hidden_sheets_are_passed_over_and_of_several_the_one_with_the_headings_is_read():
    book = openpyxl.Workbook()
    for name, number, state in (("Old", "9", "hidden"), ("Older", "8", "veryHidden"), ("Staff", "7", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(HEADINGS)
        sheet.append((number, "Ann", "Nurse", "North"))
    book["Sheet"].append(("Read me first",))
    (row,) = read(saved(book), "a.xlsx")
    assert row.staff_number == "7"


def test_titles_and_groups_in_merged_cells_above_the_headings_and_empty_columns_beside_them_are_no_rows():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(("Staff list of the North",))
    sheet.merge_cells("A1:E1")
    sheet.append(("Person", "", "Employment"))
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("C2:E2")
    sheet.append((*HEADINGS, "", " "))
    sheet.append(("7", "Ann", "Nurse", "North", date(2026, 3, 1), "", " "))
    sheet.cell(4, 40).number_format = "@"
    sheet.cell(30, 40).value = ""
    (row,) = read(saved(book), "a.xlsx")
    assert (row.staff_number, row.starts_on) == ("7", date(2026, 3, 1))
    (row,) = read("Staff number;Name;Job title;Site;;\r\n7;Zoë;Nurse;North;;\r\n;;;;;\r\n".encode("cp1252"))
    assert (row.staff_number, row.name) == ("7", "Zoë")


def saved(book) -> bytes:
    """Return a workbook as it is saved."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_formulas_are_read_as_the_value_saved_with_them_and_errors_as_nothing(tmp_path):
    path = tmp_path / "formulas.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS[:4])
    sheet.write_formula(1, 0, '="00"&"7"', None, "007")
    sheet.write_formula(1, 1, '=HYPERLINK("x")', None, "Ann")
    sheet.write_formula(1, 2, "=A99", None, "#REF!")
    sheet.write_string(1, 3, "North")
    book.close()
    (row,) = read(path.read_bytes(), "a.xlsx")
    assert (row.staff_number, row.name, row.job_title) == ("007", "Ann", "")


@pytest.mark.parametrize(
    ("headings", "refusal", "words"),
    [
        (("Name", "Site"), HeadingsMissing, "No column is called “Staff number”, “Job title”."),
        (("Staff number", "Payroll no", "Name", "Job title", "Site"), HeadingTwice, "“Staff number” and “Payroll no”"),
    ],
)
def test_headings_that_are_missing_or_there_twice_are_named(headings, refusal, words):
    with pytest.raises(refusal, match=re.escape(words)):
        read(",".join(headings).encode() + b"\n1,2,3,4,5\n")


def test_headings_with_nothing_below_them_are_refused():
    with pytest.raises(NothingBelow):
        read(workbook(HEADINGS), "a.xlsx")
    with pytest.raises(NothingBelow):
        read(",".join(HEADINGS).encode() + b"\r\n,,,,\r\n")


def test_names_may_hold_what_breaks_other_tables():
    names = ['Ó\'Néill, "Zé"', "two\nlines", "=cmd|' /C calc'!A0", "李小龍", "محمد", "🦊", "x" * 255]
    quoted = ('"' + name.replace('"', '""') + '"' for name in names)
    body = "".join(f"{number},{name},Nurse,North\r\n" for number, name in enumerate(quoted))
    found = [one.name for one in read(("Staff number,Name,Job title,Site\r\n" + body).encode())]
    assert found == [name.replace("\n", " ") for name in names]


@pytest.mark.parametrize("text", ["13/13/2026", "46082", "soon", "1/2", "1/1/99999"])
def test_a_day_that_cannot_be_read_says_how_to_write_it(text):
    with pytest.raises(CellUnreadable, match="13/01/2027"):
        day_of(text)


def test_a_day_that_its_month_does_not_have_is_said_to_be_none():
    with pytest.raises(CellUnreadable, match="Feb 2026 has no day 30"):
        day_of("2026-02-30")


def test_the_file_with_faults_is_what_its_script_makes():
    again = read_upload(make(), name=FILE.name, fits=lambda some: fits(some, FIELDS))
    assert read_upload(FILE.read_bytes(), name=FILE.name, fits=lambda some: fits(some, FIELDS)) == again


def refusal_of(data: bytes, name: str) -> str:
    """Return the words with which a file is refused, or none where it is read."""
    try:
        read_table(read_upload(data, name=name, fits=lambda _lines: True), FIELDS)
    except (UploadRefused, HeadingsMissing, HeadingTwice, NothingBelow) as refusal:
        return str(refusal)
    return ""


@given(st.binary(max_size=3000), st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
def test_whatever_is_sent_is_read_or_refused_in_words(data, name):
    assert refusal_of(data, name).endswith(".")


@given(st.text(max_size=2000))
def test_whatever_text_is_sent_is_read_or_refused_in_words(written):
    assert refusal_of(written.encode("utf-8", errors="replace"), "a.csv").endswith(".")
